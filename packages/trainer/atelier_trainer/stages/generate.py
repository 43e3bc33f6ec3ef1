"""generate: an answer to every test prompt and to some validation prompts, and the candidates' likelihoods."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from ..errors import BadData
from ..llm.answering.engines import chosen_engine, open_generator
from ..llm.answering.generator import Generation
from ..llm.answering.requests import Request, read_requests
from ..llm.base.loading import trained_with
from ..tables import Ragged, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from ..events import EventWriter
    from ..spec import StageSpec
    from . import Result

WEIGHTS = {
    "full": "unquantised weights, the adapter merged into them",
    "nf4": "weights in four bits, the adapter beside them",
}
TRAINED = {"none": "unquantised weights", "nf4": "weights in four bits"}


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write `generations.parquet`: test prompts in their order, then `validPrompts` validation prompts in the order of
    a hash of their example id; and `likelihoods.parquet` of the same rows where that is asked for."""
    example_ids, requests = read_requests(spec.input("prompts"), "test")
    if not requests:
        raise BadData("there are no test prompts to answer")
    valid_ids, valid_requests = read_requests(spec.input("prompts"), "valid", spec.params.valid_prompts)
    example_ids, requests = np.concatenate([example_ids, valid_ids]), requests + valid_requests
    weights, trained = spec.params.weights, trained_with(spec.input("fineTune"))
    events.log(f"answers by {WEIGHTS[weights]}" + (f"; trained with {TRAINED[trained]}" if trained else ""))
    if chosen_engine(spec.params, spec.device) == "vllm":
        events.log("answers come from vLLM")
    with open_generator(spec) as generator:
        started = time.perf_counter()
        answers = generator.generate(
            requests, lambda done, total: events.progress("generating", done, total, "prompts")
        )
        seconds = time.perf_counter() - started
    if generator.truncated:
        events.warning(
            f"{generator.truncated} prompts were longer than the model allows; their oldest part is left out"
        )
    write_table(
        spec.output / "generations.parquet",
        {
            "example_id": example_ids.astype(np.int32),
            "text": [answer.text for answer in answers],
            "log_probability": np.array([answer.log_probability for answer in answers]),
            "tokens": np.array([answer.tokens for answer in answers], dtype=np.int32),
            "finish": [answer.finish for answer in answers],
        },
    )
    if spec.params.likelihood:
        _write_likelihoods(spec.output / "likelihoods.parquet", example_ids, requests, answers)
    return {
        "weights": weights,
        "trainedWith": trained,
        "prompts": len(answers),
        "validPrompts": len(valid_requests),
        "promptsPerSecond": round(len(answers) / seconds, 2),
        "passes": generator.passes,
        "unfinished": sum(answer.finish == "length" for answer in answers),
        "meanTokens": float(np.mean([answer.tokens for answer in answers])),
    }


def _write_likelihoods(path: Path, example_ids: np.ndarray, requests: list[Request], answers: list[Generation]) -> None:
    lengths = np.array([len(request.candidates) for request in requests])
    items = np.array([item for request in requests for item in request.candidates], np.int32)
    values = np.array([value for answer in answers for value in answer.likelihoods], np.float64)
    write_table(
        path,
        {
            "example_id": example_ids.astype(np.int32),
            "items": Ragged.from_lengths(lengths, items),
            "log_probabilities": Ragged.from_lengths(lengths, values),
        },
    )
