"""Nested state as JSON and tensors: all that `state_dict` gives, in files that hold no code."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor


def pack(value: Any, tensors: dict[str, Tensor], name: str = "state") -> Any:
    """`value` as JSON, with its tensors and arrays put into `tensors` under names that the JSON refers to.

    Objects are wrapped and written as pairs: the keys of an optimiser's state are numbers, which JSON would make text.

    Raises:
        TypeError: something that is neither JSON nor a tensor, with the place where it was found.
    """
    if isinstance(value, Tensor | np.ndarray):
        kind = "tensor" if isinstance(value, Tensor) else "array"
        tensor = value.detach().cpu() if isinstance(value, Tensor) else torch.from_numpy(value)
        # A copy: safetensors refuses tensors that share memory, as tied weights do.
        tensors[name] = tensor.clone(memory_format=torch.contiguous_format)
        return {kind: name}
    if isinstance(value, dict):
        return {"pairs": [[key, pack(item, tensors, f"{name}.{key}")] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        packed = [pack(item, tensors, f"{name}.{place}") for place, item in enumerate(value)]
        return packed if isinstance(value, list) else {"tuple": packed}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{name} is a {type(value).__name__}, which a checkpoint cannot hold")


def unpack(value: Any, tensors: dict[str, Tensor]) -> Any:
    """What `pack` was given. Raises KeyError where a tensor is missing."""
    if isinstance(value, list):
        return [unpack(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    [(kind, content)] = value.items()
    match kind:
        case "pairs":
            return {key: unpack(item, tensors) for key, item in content}
        case "tuple":
            return tuple(unpack(item, tensors) for item in content)
        case "tensor":
            return tensors[content]
        case "array":
            return tensors[content].numpy()
    raise KeyError(kind)
