"""Stage kinds. A stage is `run(spec, events) -> dict`: the dict is its summary, one flat level of plain values."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..events import EventWriter
    from ..spec import StageSpec

Result = dict[str, "int | float | str | bool | None"]
Stage = Callable[["StageSpec", "EventWriter"], Result]

# Imported when run, so that a stage loads only what it needs (transformers alone takes seconds).
STAGES = {
    "encode-queries": "atelier_trainer.stages.encode_queries:run",
    "base-model": "atelier_trainer.stages.base_model:run",
    "fine-tune": "atelier_trainer.stages.fine_tune:run",
    "generate": "atelier_trainer.stages.generate:run",
    "title-encoder": "atelier_trainer.stages.title_encoder:run",
    "id-encoder": "atelier_trainer.stages.id_encoder:run",
    "retrieve": "atelier_trainer.stages.retrieve:run",
    "rerank": "atelier_trainer.stages.rerank:run",
    "baseline": "atelier_trainer.stages.baseline:run",
}


def load_stage(kind: str) -> Stage:
    """The function that runs stages of `kind`; KeyError for a kind that the trainer does not run."""
    module, function = STAGES[kind].split(":")
    return getattr(import_module(module), function)
