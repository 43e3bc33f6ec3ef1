"""Base models and adapters from stage folders."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ...device import has_fast_bfloat16
from ...errors import BadData, BadSpec
from .links import linked_folder

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

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
        quantization: `none`, or `nf4` to hold the weights in four bits (CUDA only).

    Raises:
        BadSpec: `nf4` where CUDA or bitsandbytes is missing.
        BadData: the files are missing or transformers cannot read them.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    four_bits = nf4(device) if quantization == "nf4" else {}
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
    # Quantised weights are on their device already, and must not be moved.
    return (model if four_bits else model.to(device)).eval(), tokenizer


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
            model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(source, local_files_only=True))
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise BadData(f"cannot read the base model at {source}: {error}") from error
    stored = ", ".join(sorted(dtypes))
    return Description(type(model).__name__, model.num_parameters(), len(tokenizer), stored)


def nf4(device: torch.device) -> dict[str, object]:
    """Arguments of `from_pretrained` for QLoRA's four-bit weights (Dettmers et al., 2023): NF4, doubly quantised,
    multiplied in bfloat16 where the hardware has it.

    Raises:
        BadSpec: names what is missing.
    """
    missing = [] if device.type == "cuda" else ["a CUDA device (this stage runs on the CPU)"]
    if find_spec("bitsandbytes") is None:
        missing.append("the pip package bitsandbytes (requirements-cuda.txt)")
    if missing:
        raise BadSpec(f"quantization nf4 needs {' and '.join(missing)}; set fineTune.quantization to none without them")
    from transformers import BitsAndBytesConfig

    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16 if has_fast_bfloat16(device) else torch.float32,
    )
    return {"quantization_config": config, "device_map": {"": device.index or 0}}


def load_adapted_model(
    base: Path, fine_tune: Path, device: torch.device
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The base model with the adapter of a fine-tune stage merged into its weights, for inference."""
    from peft import PeftModel

    model, tokenizer = load_base_model(base, device, training=False)
    try:
        adapted = PeftModel.from_pretrained(model, fine_tune / "adapter")
    except (OSError, ValueError, RuntimeError) as error:
        raise BadData(f"cannot load the adapter at {fine_tune / 'adapter'}: {error}") from error
    return adapted.merge_and_unload().eval(), tokenizer
