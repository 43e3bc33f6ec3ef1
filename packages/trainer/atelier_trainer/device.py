"""Where tensors live and how fast they may be."""

from __future__ import annotations

import ctypes
import os
import random
import sys
from contextlib import suppress
from typing import Any

import numpy as np
import torch

from .errors import BadSpec

try:
    import resource
except ImportError:  # Windows has none.
    resource = None


def pick_device(name: str) -> torch.device:
    """`auto` takes CUDA where there is any. Raises BadSpec when `cuda` is asked for and absent."""
    if name == "cuda" and not torch.cuda.is_available():
        raise BadSpec("device is cuda, but this machine has no usable CUDA device; use auto or cpu")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def use_threads(threads: int) -> None:
    torch.set_num_threads(threads)


def seed_everything(seed: int) -> None:
    """Seed torch, NumPy's legacy state (libraries use it) and random."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    torch.manual_seed(seed)


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the hardware multiplies bfloat16 itself; emulated on a CPU it is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return _cpu_supports("_is_avx512_bf16_supported") or _cpu_supports("_is_amx_tile_supported")


def _cpu_supports(probe: str) -> bool:
    check = getattr(torch.cpu, probe, None)
    return bool(check and check())


def release_freed_memory() -> None:
    """Give the system back what the C library holds of freed tensors; does nothing where the library is not glibc.

    Batches differ in shape, and glibc keeps the gaps that they leave: without this, a process stays as large as its
    widest batch made it. Costs milliseconds, so once in several batches is enough.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


M_MMAP_THRESHOLD = -3
LARGE_TENSOR_BYTES = 2 << 20


def keep_no_freed_memory() -> None:
    """Have the C library take large tensors from the system and give them back when they are freed; glibc alone.

    Otherwise it carves them from a heap whose gaps it keeps: a fine-tune then holds up to half as much again as its
    tensors need, and several times as much with gradient checkpointing, which frees a layer between two that stay.
    Costs about an eighth of the processor time of a small fine-tune on a CPU; generating gains little by it
    (`bench/README.md`).
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_TENSOR_BYTES)


def peak_memory_gb(device: torch.device) -> float | None:
    """The most that this process has held so far in 10⁹ bytes: of CUDA's memory on a GPU, else of the machine's. None
    where the system does not say."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e9
    if resource is None:
        return None
    # Kilobytes, but on macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def describe() -> dict[str, Any]:
    """What `check` prints of the hardware."""
    devices = [{"name": "cpu", "threads": torch.get_num_threads(), "cores": os.cpu_count()}]
    for index in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(index)
        devices.append({"name": f"cuda:{index}", "model": properties.name, "memoryBytes": properties.total_memory})
    bfloat16 = {name: has_fast_bfloat16(torch.device(name)) for name in ("cpu",)}
    if torch.cuda.is_available():
        bfloat16["cuda"] = has_fast_bfloat16(torch.device("cuda"))
    return {"devices": devices, "threads": torch.get_num_threads(), "bfloat16": bfloat16}
