"""Base models and adapters from stage folders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ...device import has_fast_bfloat16
from ...errors import BadData, BadSpec
from .links import linked_folder

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

# Written by fine-tune beside its adapter.
TRAINED_WITH = "training.json"
# From this size on weights are held in bfloat16 where the hardware multiplies it; smaller models keep float32.
LARGE_MODEL_BYTES = 200_000_000


def model_folder(folder: Path) -> Path:
    """Where the files of a base-model stage are: its own folder, or the one that its link stands for."""
    return linked_folder(folder)


def load_base_model(
    folder: Path, device: torch.device, *, training: bool, quantization: str = "none"
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Model and tokenizer of a base-model stage, in evaluation mode, on `device`.

    Args:
        training: choose what is fast with a backward pass.
        quantization: `none`, or `nf4` to hold the weights of linear layers in four bits.

    Raises:
        BadSpec: `nf4` of a model in which it finds nothing to quantise.
        BadData: the files are missing or transformers cannot read them.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    four_bits = _four_bits(device) if quantization == "nf4" else {}
    logging.disable_progress_bar()
    source = model_folder(folder)
    size = sum(file.stat().st_size for file in source.glob("*.safetensors"))
    dtype = torch.bfloat16 if size >= LARGE_MODEL_BYTES and has_fast_bfloat16(device) else torch.float32
    # torch's fused attention has a slow backward pass on CPUs: the plain one trains a small model twice as fast.
    attention = "eager" if training and device.type == "cpu" else "sdpa"
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(
            source,
            dtype=dtype,
            attn_implementation=attention,
            use_safetensors=True,
            local_files_only=True,
            **four_bits,
        )
    except (OSError, ValueError, KeyError) as error:
        raise BadData(f"cannot load the base model at {source}: {error}") from error
    if not four_bits:
        return model.to(device).eval(), tokenizer
    from .nf4 import count_four_bits

    # Quantised weights are on their device already, and must not be moved.
    count_four_bits(model)
    return model.eval(), tokenizer


def _four_bits(device: torch.device) -> dict[str, object]:
    try:
        from .nf4 import nf4_arguments
    except ImportError as error:
        raise BadSpec(
            f"quantization nf4 needs the pip package bitsandbytes (requirements.txt), which is not usable here: {error}"
        ) from error
    return nf4_arguments(device)


def refuse_quantised(config: PretrainedConfig) -> None:
    """Raises BadSpec for weights that somebody has quantised: adapters are trained on plain ones."""
    if getattr(config, "quantization_config", None) is not None:
        raise BadSpec(
            "the base model's weights are quantised already; give the plain ones, which fineTune.quantization nf4 "
            "holds in four bits"
        )


@dataclass(frozen=True)
class Description:
    architecture: str
    parameters: int
    vocabulary: int
    # As the weights are stored.
    dtype: str


def described_base_model(folder: Path) -> Description:
    """What a base-model stage says of its model, without reading a weight: the shapes come from the configuration, and
    of the weights only the headers are read, which shows files that are cut off.

    Raises:
        BadData: transformers knows no such model, or a file is not what it should be.
        BadSpec: its weights are quantised, or its layers are of a kind that cannot answer here.
    """
    from safetensors import SafetensorError, safe_open
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    source = model_folder(folder)
    dtypes: set[str] = set()
    try:
        for file in sorted(source.glob("*.safetensors")):
            with safe_open(file, framework="pt") as weights:
                dtypes |= {weights.get_slice(name).get_dtype() for name in weights.keys()}  # noqa: SIM118
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
        with torch.device("meta"):
            config = AutoConfig.from_pretrained(source, local_files_only=True)
            refuse_quantised(config)
            model = AutoModelForCausalLM.from_config(config)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise BadData(f"cannot read the base model at {source}: {error}") from error
    if model._is_stateful:
        raise BadSpec(
            f"{type(model).__name__} keeps a running state where answering needs keys and values: take another model"
        )
    stored = ", ".join(sorted(dtypes))
    return Description(type(model).__name__, model.num_parameters(), len(tokenizer), stored)


def load_adapted_model(
    base: Path, fine_tune: Path, device: torch.device, weights: str = "full"
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The base model with the adapter of a fine-tune stage, for inference.

    Args:
        weights: `full`: as they are stored, the adapter merged into them. `nf4`: in four bits, the adapter beside them,
            since merged it would be rounded to four bits too.
    """
    from peft import PeftModel

    quantization = "nf4" if weights == "nf4" else "none"
    model, tokenizer = load_base_model(base, device, training=False, quantization=quantization)
    try:
        adapted = PeftModel.from_pretrained(model, fine_tune / "adapter")
    except (OSError, ValueError, RuntimeError) as error:
        raise BadData(f"cannot load the adapter at {fine_tune / 'adapter'}: {error}") from error
    answering = adapted.merge_and_unload() if weights == "full" else adapted.get_base_model()
    return answering.eval(), tokenizer


def trained_with(fine_tune: Path) -> str | None:
    """The quantisation under which an adapter was trained; None where its stage is older than that being said."""
    record = fine_tune / TRAINED_WITH
    return json.loads(record.read_text(encoding="utf-8"))["quantization"] if record.is_file() else None
