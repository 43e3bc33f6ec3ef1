"""AdamW with warm-up and cosine decay, and the loop around it that both training stages share."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from ...checkpoints import Training
from ...device import peak_memory_gb, release_freed_memory
from ...events import EventWriter
from ...ranks import Ranks

WARM_UP_SHARE = 0.06
CLIP_NORM = 1.0
METRIC_EVERY = 10
COUNTS = ("step", "seconds", "tokens", "_losses", "_window_tokens", "_window_seconds")


Batch = TypeVar("Batch")
Part = TypeVar("Part")


class Lessons(Protocol[Batch, Part]):
    """What is learned from a batch."""

    def tokens(self, batch: Batch) -> int:
        """How many the batch makes the model read."""

    def parts(self, batch: Batch) -> list[Part]:
        """This process's share of the batch, in parts that are read one after the other."""

    def weight(self, part: Part) -> float:
        """Weight of the part's loss in that of the batch."""

    def loss(self, part: Part) -> Tensor:
        """Mean loss of the part."""


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
        self.ranks = Ranks.of_process()
        self.ranks.check_alike(self.parameters)
        self.total = steps
        self.step = 0
        self.seconds = 0.0
        self.tokens = 0
        self._losses: list[float] = []
        self._window_tokens = 0
        self._window_seconds = 0.0

    def run(self, name: str, training: Training, batches: Sequence[Batch], lessons: Lessons[Batch, Any]) -> None:
        """One optimiser step for each batch that is left of the pass whose batches are given."""
        for done, batch in training.rest(batches):
            started = time.perf_counter()
            loss = self._learn(lessons, lessons.parts(batch))
            torch.nn.utils.clip_grad_norm_(self.parameters, CLIP_NORM)
            self.optimiser.step()
            self.schedule.step()
            self.optimiser.zero_grad(set_to_none=True)
            self.step += 1
            self._losses.append(loss)
            self._count(lessons.tokens(batch), time.perf_counter() - started)
            if self.step % METRIC_EVERY == 0 or done == len(batches):
                self._report()
                release_freed_memory()
            self.events.progress(name, done, len(batches), "batches")

    def _learn(self, lessons: Lessons[Any, Part], parts: list[Part]) -> float:
        """Gradients of the whole batch's mean loss, whoever read it in whatever parts; the loss itself."""
        if self.ranks.is_alone and len(parts) == 1:
            loss = lessons.loss(parts[0])
            loss.backward()
            return loss.item()
        weights = [lessons.weight(part) for part in parts]
        whole = float(self.ranks.total(np.array([sum(weights)]))[0])
        value = 0.0
        for part, weight in zip(parts, weights, strict=True):
            if weight > 0:
                loss = lessons.loss(part) * (weight / whole)
                loss.backward()
                value += loss.item()
        return self.ranks.sum_gradients(self.parameters, value)

    def state_dict(self) -> dict[str, Any]:
        """The trained weights among it."""
        return {
            "weights": [parameter.data for parameter in self.parameters],
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "counts": {name: getattr(self, name) for name in COUNTS},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for parameter, weight in zip(self.parameters, state["weights"], strict=True):
            parameter.data.copy_(weight)
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        for name in COUNTS:
            setattr(self, name, state["counts"][name])

    def _count(self, tokens: int, seconds: float) -> None:
        self.tokens += tokens
        self.seconds += seconds
        self._window_tokens += tokens
        self._window_seconds += seconds

    def _report(self) -> None:
        self.events.metric("loss", sum(self._losses) / len(self._losses), self.step, "train")
        self.events.metric("tokens_per_second", self._window_tokens / self._window_seconds, self.step)
        if (memory := peak_memory_gb(self.parameters[0].device)) is not None:
            self.events.metric("memory_gb", memory, self.step)
        self._losses, self._window_tokens, self._window_seconds = [], 0, 0.0

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds if self.seconds else 0.0
