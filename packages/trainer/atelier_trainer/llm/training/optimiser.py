"""AdamW with warm-up and cosine decay, and the loop around it that both training stages share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

from ...device import release_freed_memory
from ...events import EventWriter

T = TypeVar("T")

WARM_UP_SHARE = 0.06
CLIP_NORM = 1.0
METRIC_EVERY = 10


class Trainer:
    """Optimises parameters over a known number of steps and reports loss and speed.

    Args:
        parameters: what is trained; matrices decay by `weight_decay`, vectors do not.
        steps: steps in all, over which the learning rate rises for 6 % and falls along a cosine to a tenth.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        *,
        learning_rate: float,
        steps: int,
        events: EventWriter,
        weight_decay: float = 0.01,
    ):
        self.parameters = [parameter for parameter in parameters if parameter.requires_grad]
        groups = [
            {"params": [p for p in self.parameters if p.ndim >= 2], "weight_decay": weight_decay},
            {"params": [p for p in self.parameters if p.ndim < 2], "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.98), fused=True)
        warm = max(1, round(steps * WARM_UP_SHARE))

        def scale(step: int) -> float:
            if step < warm:
                return (step + 1) / warm
            return 0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, (step - warm) / max(1, steps - warm))))

        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, scale)
        self.events = events
        self.total = steps
        self.step = 0
        self.seconds = 0.0
        self.tokens = 0
        self._losses: list[float] = []
        self._window_tokens = 0
        self._window_seconds = 0.0

    def run(self, name: str, batches: Sequence[T], tokens: Callable[[T], int], loss: Callable[[T], Tensor]) -> None:
        """One optimiser step for each batch; `tokens` counts what a batch makes the model read."""
        for done, batch in enumerate(batches, 1):
            started = time.perf_counter()
            value = loss(batch)
            value.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters, CLIP_NORM)
            self.optimiser.step()
            self.schedule.step()
            self.optimiser.zero_grad(set_to_none=True)
            self.step += 1
            self._losses.append(value.item())
            self._count(tokens(batch), time.perf_counter() - started)
            if self.step % METRIC_EVERY == 0 or done == len(batches):
                self._report()
                release_freed_memory()
            self.events.progress(name, done, len(batches), "batches")

    def _count(self, tokens: int, seconds: float) -> None:
        self.tokens += tokens
        self.seconds += seconds
        self._window_tokens += tokens
        self._window_seconds += seconds

    def _report(self) -> None:
        self.events.metric("loss", sum(self._losses) / len(self._losses), self.step, "train")
        self.events.metric("tokens_per_second", self._window_tokens / self._window_seconds, self.step)
        self._losses, self._window_tokens, self._window_seconds = [], 0, 0.0

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds if self.seconds else 0.0
