"""Grammar and trie as a logits processor of vLLM 0.29 (V1 model runner; docs.vllm.ai, "Custom Logits Processors")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor

from .grammar import as_places

# The key in `SamplingParams.extra_args` under which a request says which answer it is.
ANSWER = "atelier_answer"


class Answering(Protocol):
    """An answer in the making: `followed.Followed` or `followed.Recited`."""

    def allowed(self) -> Any: ...

    def take(self, token: int, log_probability: float = 0.0) -> None: ...


class Guide:
    """Of one request: masks what its answer may not say next. vLLM calls it with all that the request has said.

    A request that was preempted comes back with what it had said under a new guide, which catches up.
    """

    def __init__(self, answer: Answering):
        self.answer = answer
        self._taken = 0

    def __call__(self, said: list[int], logits: Tensor) -> Tensor:
        for token in said[self._taken :]:
            self.answer.take(token)
        self._taken = len(said)
        allowed = self.answer.allowed()
        if allowed is None:
            return logits
        masked = torch.full_like(logits, -torch.inf)
        places = as_places(allowed, logits.device)
        masked[places] = logits[places]
        return masked


def guiding_processor(adapter: type, open_answer: Callable[[int], Answering]) -> type:
    """The class that vLLM makes for its batches, as a subclass of its `AdapterLogitsProcessor`.

    Args:
        open_answer: a new answer for the number that a request carries.
    """

    class GuidingProcessor(adapter):
        def is_argmax_invariant(self) -> bool:
            return False

        def new_req_logits_processor(self, params: Any) -> Guide | None:
            number = (params.extra_args or {}).get(ANSWER)
            return None if number is None else Guide(open_answer(number))

    return GuidingProcessor
