"""What answers prompts: the protocol that every way of generating keeps to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .requests import Request

if TYPE_CHECKING:
    from ...params import GenerateParams


@dataclass(frozen=True)
class Generation:
    """One answer.

    `log_probability`: of the tokens that were chosen (forced ones excluded), under the model without any mask.
    `likelihoods`: log-likelihood of each candidate's id, where that was asked for.
    """

    text: str
    log_probability: float
    tokens: int
    finish: str
    likelihoods: list[float]


class Generator(Protocol):
    """Answers prompts with one model, by the grammar of `grammar.Row` where answers are constrained.

    `truncated`: prompts so far that were longer than the model reads. `passes`: runs of the model so far.
    """

    params: GenerateParams
    truncated: int
    passes: int

    def generate(self, requests: Sequence[Request], progress: Callable[[int, int], None] = ...) -> list[Generation]:
        """Answers in the order of `requests`; `progress` is told (done, total) now and then."""
