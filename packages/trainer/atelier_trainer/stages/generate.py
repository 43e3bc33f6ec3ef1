"""generate: an answer to every test prompt."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from ..device import pick_device
from ..errors import BadData
from ..llm.catalogue import read_item_ids
from ..llm.decoding import Generator
from ..llm.loading import load_adapted_model
from ..llm.prompts import read_prompts
from ..tables import write_table

if TYPE_CHECKING:
    from ..events import EventWriter
    from ..spec import StageSpec
    from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write `generations.parquet`: one row for each test prompt, in their order."""
    table = read_prompts(spec.input("prompts"), "test")
    if not len(table):
        raise BadData("there are no test prompts to answer")
    model, tokenizer = load_adapted_model(spec.input("baseModel"), spec.input("fineTune"), pick_device(spec.device))
    generator = Generator(model, tokenizer, read_item_ids(spec.input("dataset")), spec.params, seed=spec.seed)
    started = time.perf_counter()
    answers = generator.generate(
        table.prompts, lambda done, total: events.progress("generating", done, total, "prompts")
    )
    seconds = time.perf_counter() - started
    if generator.truncated:
        events.warning(
            f"{generator.truncated} prompts were longer than the model allows; their oldest part is left out"
        )
    write_table(
        spec.output / "generations.parquet",
        {
            "example_id": table.example_ids.astype(np.int32),
            "text": [answer.text for answer in answers],
            "log_probability": np.array([answer.log_probability for answer in answers]),
            "tokens": np.array([answer.tokens for answer in answers], dtype=np.int32),
            "finish": [answer.finish for answer in answers],
        },
    )
    return {
        "prompts": len(answers),
        "promptsPerSecond": round(len(answers) / seconds, 2),
        "unfinished": sum(answer.finish == "length" for answer in answers),
        "meanTokens": float(np.mean([answer.tokens for answer in answers])),
    }
