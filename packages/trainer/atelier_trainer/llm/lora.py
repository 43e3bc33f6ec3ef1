"""LoRA (Hu et al., 2021) on all linear layers, by architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


def linear_layers(model: PreTrainedModel) -> list[str]:
    """Names, without their place in the stack, of all linear layers under the output head: `query_key_value`, …"""
    head = model.get_output_embeddings()
    names = {
        name.rsplit(".", 1)[-1]
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module is not head
    }
    return sorted(names)


def add_lora(model: PreTrainedModel, *, rank: int, alpha: int, dropout: float) -> PeftModel:
    """The model with trainable adapters; all its own weights are frozen."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,
        lora_dropout=dropout,
        target_modules=linear_layers(model),
        bias="none",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, config)
