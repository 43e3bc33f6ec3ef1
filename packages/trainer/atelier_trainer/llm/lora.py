"""LoRA (Hu et al., 2021) on all linear layers, by architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from ..errors import BadSpec
from .forward import decoder

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


def stack(model: PreTrainedModel) -> tuple[str, nn.ModuleList]:
    """The stack of layers and its name in the decoder: `layers`, in Falcon `h`."""
    return next((name, child) for name, child in decoder(model).named_children() if isinstance(child, nn.ModuleList))


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

    name, layers = stack(model)
    lowest = round(len(layers) * frozen_share)
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
    return get_peft_model(model, config)
