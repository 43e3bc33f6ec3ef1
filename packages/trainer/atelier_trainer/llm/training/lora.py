"""LoRA (Hu et al., 2021) on all linear layers, by architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...errors import BadSpec
from ..base.forward import decoder

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

POOL_SIZE = 2**23


def stack(model: PreTrainedModel) -> tuple[str, nn.ModuleList]:
    """The stack of layers and its name in the decoder: `layers`, in Falcon `h`; BadSpec where there is none."""
    lists = ((name, child) for name, child in decoder(model).named_children() if isinstance(child, nn.ModuleList))
    found = next(lists, None)
    if found is None:
        raise BadSpec(f"{type(model).__name__} keeps its layers where nobody looks for them: take another model")
    return found


def frozen_layers(model: PreTrainedModel, frozen_share: float) -> int:
    """Number of layers, from the lowest, that get no adapter."""
    return round(len(stack(model)[1]) * frozen_share)


def linear_layers(model: PreTrainedModel) -> list[str]:
    """Names, without their place in the stack, of all linear layers under the output head: `query_key_value`, …"""
    head = model.get_output_embeddings()
    names = {
        name.rsplit(".", 1)[-1]
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module is not head
    }
    return sorted(names)


def add_lora(model: PreTrainedModel, *, rank: int, alpha: int, dropout: float, frozen_share: float = 0.0) -> PeftModel:
    """The model with trainable adapters, in float32; all its own weights are frozen.

    Args:
        frozen_share: share of the layers, from the lowest, without an adapter. Nothing under the lowest adapter needs
            a gradient, so autograd keeps nothing of those layers and never goes back through them.

    Raises:
        BadSpec: no layer is left to adapt.
    """
    from peft import LoraConfig, get_peft_model
    from peft.tuners.lora import LoraLayer

    name, layers = stack(model)
    lowest = frozen_layers(model, frozen_share)
    if lowest >= len(layers):
        raise BadSpec(f"frozenShare {frozen_share} leaves none of the {len(layers)} layers to train")
    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,
        lora_dropout=dropout,
        target_modules=linear_layers(model),
        layers_to_transform=list(range(lowest, len(layers))) if lowest else None,
        layers_pattern=[name] if lowest else None,
        bias="none",
        task_type="CAUSAL_LM",
    )
    adapted = get_peft_model(model, config)
    if dropout and model.device.type == "cpu":
        pool = DropoutPool(dropout)
        for module in adapted.modules():
            if isinstance(module, LoraLayer):
                module.lora_dropout["default"] = PooledDropout(pool)
    return adapted


class DropoutPool:
    """Random masks drawn once, from which every dropout takes a stretch at a random place.

    Drawing a mask for the input of every adapted layer was a sixth of a training step on a CPU.
    """

    def __init__(self, probability: float):
        self.probability = probability
        self.masks = torch.rand(POOL_SIZE).ge_(probability).div_(1 - probability)

    def mask(self, like: Tensor) -> Tensor:
        """Zeros with the given probability, elsewhere what keeps the mean; of the shape and type of `like`."""
        start = int(torch.randint(POOL_SIZE - like.numel() + 1, ()))
        return self.masks[start : start + like.numel()].view(like.shape).to(like.dtype)


class PooledDropout(nn.Module):
    """Dropout with masks out of a pool."""

    def __init__(self, pool: DropoutPool):
        super().__init__()
        self.pool = pool

    def forward(self, inputs: Tensor) -> Tensor:
        if not self.training:
            return inputs
        if inputs.numel() > POOL_SIZE:
            return F.dropout(inputs, self.pool.probability)
        return inputs * self.pool.mask(inputs)
