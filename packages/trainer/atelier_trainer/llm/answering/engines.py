"""Which engine answers: vLLM on a GPU where it is installed, transformers anywhere."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ...check import version_of
from ...device import pick_device
from ...errors import BadSpec
from ..base.forward import head_weight
from ..base.loading import load_adapted_model
from .decoding import TransformersGenerator
from .generator import Generator
from .ids import read_ids
from .vllm_generator import VllmGenerator, dtype_name

if TYPE_CHECKING:
    from ...params import GenerateParams
    from ...spec import StageSpec

# The newest version that takes the PyTorch pinned in requirements.txt; requirements-vllm.txt names the same.
VLLM = "0.29.0"


def vllm_problem(params: GenerateParams, device: str) -> str | None:
    """Why vLLM cannot answer here; None where it can. `device`: as the spec names it."""
    if pick_device(device).type != "cuda":
        return "it needs a CUDA device"
    installed = version_of("vllm")
    if installed is None:
        return "the package vllm is not installed (requirements-vllm.txt)"
    if installed != VLLM:
        return f"vllm {installed} is installed, and its logits processors are written for {VLLM} here"
    if params.weights == "nf4":
        return "answers by weights in four bits come from transformers"
    return None


def chosen_engine(params: GenerateParams, device: str) -> str:
    """`vllm` or `transformers`. Raises BadSpec where vLLM is asked for and cannot answer."""
    if params.engine == "transformers":
        return "transformers"
    problem = vllm_problem(params, device)
    if params.engine == "vllm" and problem is not None:
        raise BadSpec(f"generate.engine is vllm, but {problem}; set generate.engine to auto or transformers")
    return "vllm" if problem is None else "transformers"


@contextmanager
def open_generator(spec: StageSpec) -> Iterator[Generator]:
    """What answers in a generate stage."""
    params, device = spec.params, pick_device(spec.device)
    model, tokenizer = load_adapted_model(spec.input("baseModel"), spec.input("fineTune"), device, params.weights)
    ids = read_ids(tokenizer, spec.input("dataset"), spec.input("prompts"))
    if chosen_engine(params, spec.device) == "transformers":
        yield TransformersGenerator(model, tokenizer, ids, params, seed=spec.seed)
        return
    # vLLM reads models from folders, and merges no adapter into what it has read.
    folder = Path(tempfile.mkdtemp(prefix="atelier-merged-"))
    try:
        model.save_pretrained(folder)
        known = {"config": model.config, "vocabulary": head_weight(model).shape[0], "dtype": dtype_name(model.dtype)}
        del model
        if device.type == "cuda":
            torch.cuda.empty_cache()
        yield VllmGenerator(
            folder, **known, tokenizer=tokenizer, ids=ids, params=params, seed=spec.seed, device=device.type
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
