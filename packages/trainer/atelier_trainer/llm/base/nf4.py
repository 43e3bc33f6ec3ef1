"""QLoRA's four-bit weights (Dettmers et al., 2023): NF4, doubly quantised, multiplied in bfloat16 where that is fast.

transformers hands over to bitsandbytes what is exactly `nn.Linear`. Falcon's layers are a subclass of it, so that a
Falcon would stay as it is under a warning that speaks of something else; the quantiser registered here makes them plain
first. What was quantised is counted, and nothing quantised is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from bitsandbytes.nn import Linear4bit
from torch import nn
from transformers import BitsAndBytesConfig
from transformers.models.falcon.modeling_falcon import FalconLinear
from transformers.quantizers.auto import register_quantizer
from transformers.quantizers.quantizer_bnb_4bit import Bnb4BitHfQuantizer

from ...device import has_fast_bfloat16
from ...errors import BadSpec
from .forward import decoder

if TYPE_CHECKING:
    from transformers import PreTrainedModel

METHOD = "atelier-nf4"
# Subclasses of nn.Linear that multiply and add like it, by other calls.
PLAIN = (FalconLinear,)


class Nf4Config(BitsAndBytesConfig):
    """NF4 by `Nf4Quantizer`."""

    def __init__(self, compute: torch.dtype):
        super().__init__(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=compute,
        )
        self.quant_method = METHOD


@register_quantizer(METHOD)
class Nf4Quantizer(Bnb4BitHfQuantizer):
    """bitsandbytes' quantiser of transformers, for layers that are linear by any name."""

    def _process_model_before_weight_loading(
        self, model: PreTrainedModel, device_map: object, **options: object
    ) -> None:
        for name, layer in list(model.named_modules()):
            if type(layer) in PLAIN:
                plain = nn.Linear(
                    layer.in_features, layer.out_features, layer.bias is not None, "meta", layer.weight.dtype
                )
                model.set_submodule(name, plain)
        super()._process_model_before_weight_loading(model, device_map, **options)

    def _process_model_after_weight_loading(self, model: PreTrainedModel, **options: object) -> PreTrainedModel:
        model = super()._process_model_after_weight_loading(model, **options)
        for layer in _four_bit_layers(model):
            # On some processors bitsandbytes lays weights out anew, for good and without gradients, once a layer is
            # evaluated: training would then go on after the first validation with nothing flowing through it.
            layer.support_avx512bf16_for_cpu = False
        return model


def nf4_arguments(device: torch.device) -> dict[str, object]:
    """Arguments of `from_pretrained` for four-bit weights on a device."""
    compute = torch.bfloat16 if has_fast_bfloat16(device) else torch.float32
    place = "cpu" if device.type == "cpu" else device.index or 0
    return {"quantization_config": Nf4Config(compute), "device_map": {"": place}}


@dataclass(frozen=True)
class FourBits:
    """Linear layers under the output head: those in four bits with the bytes that they take, and the others."""

    layers: int
    bytes: int
    others: int


def count_four_bits(model: PreTrainedModel) -> FourBits:
    """What of a model is in four bits.

    Raises:
        BadSpec: nothing is.
    """
    layers = _four_bit_layers(model)
    linear = [module for module in decoder(model).modules() if isinstance(module, nn.Linear)]
    if not layers:
        raise BadSpec(
            f"quantization nf4 found nothing to quantise in {type(model).__name__}: its {len(linear)} linear layers "
            "are of kinds that bitsandbytes does not know; set fineTune.quantization to none"
        )
    return FourBits(len(layers), sum(map(_stored_bytes, layers)), len(linear) - len(layers))


def _four_bit_layers(model: nn.Module) -> list[Linear4bit]:
    return [module for module in model.modules() if isinstance(module, Linear4bit)]


def _stored_bytes(layer: Linear4bit) -> int:
    """Of the weight and what it takes to read it: a scale for 64 weights, itself in 8 bits."""
    state = layer.weight.quant_state
    parts = [layer.weight, state.absmax, state.code]
    if state.nested:
        parts += [state.offset, state.state2.absmax, state.state2.code]
    return sum(part.numel() * part.element_size() for part in parts)
