"""Two-stage fine-tuning (section 2.4, algorithm 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..checkpoints import NO_CHECKPOINTS, Checkpoints, Training
from ..checkpoints.states import Best, Totals
from ..data.sequences import Windows
from ..device import has_fast_bfloat16
from ..events import EventWriter
from ..losses import full_softmax
from ..ranking import metrics_at
from ..training import Clock
from .drawing import batches_a_pass, draw_pass
from .encoding import Encoder
from .inputs import Histories
from .optimising import Optimiser
from .positions import Targets


@dataclass(frozen=True)
class Stopping:
    """Examples whose NDCG@10 decides which weights are kept. `fallback` ranks for empty histories."""

    histories: Histories
    targets: np.ndarray
    seen: Windows | None
    fallback: Tensor


@dataclass(frozen=True)
class FineTuned:
    """`items` `(items, hidden)` are the vectors of the best epoch: the second stage's model belongs to them."""

    items: Tensor
    epochs: int
    best_epoch: int
    refined: bool
    best_ndcg: float
    targets_per_second: float


class FineTuner:
    """Learns to find the next item among all items, whose vectors stand still within an epoch.

    The first stage encodes all items anew before each epoch, until validation stops it. The second takes the best
    model and its items back, and trains on with the items as they are.
    """

    def __init__(
        self,
        encoder: Encoder,
        targets: Targets,
        stopping: Stopping,
        *,
        batch_size: int,
        learning_rate: float,
        temperature: float,
        seed: int,
        events: EventWriter,
        checkpoints: Checkpoints = NO_CHECKPOINTS,
    ):
        self.encoder, self.targets, self.stopping, self.events = encoder, targets, stopping, events
        self.batch_size, self.learning_rate, self.temperature = batch_size, learning_rate, temperature
        self._rng = np.random.default_rng(seed)
        self._dtype = torch.bfloat16 if has_fast_bfloat16(encoder.device) else torch.float32
        self._clock = Clock()
        self._totals = Totals(learned=0)
        # Epochs of both stages together.
        self._epochs = 0
        self._first_stage = self._tuned_epochs = 0
        self._best = Best()
        self._items, self._best_items = torch.empty(0), torch.empty(0)
        self._checkpoints = checkpoints

    def run(self, max_epochs: int, patience: int, refine_epochs: int) -> FineTuned:
        if not self._checkpoints.is_past("fine-tuning"):
            self._tune(max_epochs, patience)
            self._first_stage, self._tuned_epochs = self._best.epoch, self._epochs
            self._load_best()
        self._refine(refine_epochs, patience)
        self._load_best()
        rate = self._totals["learned"] / max(self._clock.seconds, 1e-9)
        refined = self._best.epoch > self._first_stage
        return FineTuned(self._best_items, self._epochs, self._best.epoch, refined, self._best.ndcg, rate)

    def _tune(self, most: int, patience: int) -> None:
        optimiser = self._optimiser()
        training = self._training("fine-tuning", most, optimiser)
        for epoch in training.passes(1, most):
            if not training.is_within_pass:
                self._items = self._encode_items()
            self._epochs = epoch
            if self._epoch(training, self._items, optimiser):
                self._best_items = self._items
            elif epoch - self._best.epoch >= patience:
                self.events.log(f"stopped after epoch {epoch}: no gain since epoch {self._best.epoch}")
                break

    def _refine(self, most: int, patience: int) -> None:
        optimiser = self._optimiser()
        training = self._training("refining", most, optimiser)
        for done in training.passes(1, most):
            self._epochs = self._tuned_epochs + done
            if not self._epoch(training, self._best_items, optimiser) and done >= patience:
                break

    def _training(self, phase: str, passes: int, optimiser: Optimiser) -> Training:
        steps = passes * batches_a_pass(self.targets, self.batch_size)
        return self._checkpoints.training(
            phase, steps=steps, rng=self._rng, optimiser=optimiser, totals=self._totals, clock=self._clock, tuner=self
        )

    def state_dict(self) -> dict[str, Any]:
        """What it keeps beside the parts that a loop names; the model's weights are the optimiser's."""
        counts = {name: getattr(self, name) for name in ("_epochs", "_first_stage", "_tuned_epochs")}
        return {"counts": counts} | {
            "best": self._best.state_dict(),
            "items": self._items,
            "best_items": self._best_items,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, count in state["counts"].items():
            setattr(self, name, count)
        self._best.load_state_dict(state["best"])
        self._items, self._best_items = (state[name].to(self.encoder.device) for name in ("items", "best_items"))

    def _encode_items(self) -> Tensor:
        return self.encoder.encode_items(lambda done, total: self.events.progress("items", done, total, "items"))

    def _optimiser(self) -> Optimiser:
        return Optimiser(self.encoder.model.parameters(), self.learning_rate)

    def _load_best(self) -> None:
        self.encoder.model.load_state_dict(self._best.weights)

    def _epoch(self, training: Training, items: Tensor, optimiser: Optimiser) -> bool:
        """One pass and its validation; whether it was the best so far."""
        drawn, batches = training.draw(
            lambda: draw_pass(self.targets, self.encoder.builder, self.batch_size, self._rng)
        )
        table = items.clone()
        self.encoder.model.train()
        with self._clock:
            for done, chosen in training.rest(batches):
                batch = drawn.take(chosen)
                states = self.encoder.vectors(batch.histories) / self.temperature
                wanted = torch.from_numpy(batch.items).to(states.device)
                loss = full_softmax(states, table, wanted, self._dtype)
                optimiser.step(loss)
                self._totals.add(loss, learned=len(batch))
                self.events.progress("fine-tuning", done, len(batches), f"batches of epoch {self._epochs}")
        self.events.metric("loss", float(self._totals.mean_loss()), self._epochs, "train")
        return self._validate(items)

    def _validate(self, items: Tensor) -> bool:
        held = self.stopping
        ranking = self.encoder.rank(
            held.histories,
            held.targets,
            items,
            temperature=self.temperature,
            fallback=held.fallback,
            seen=held.seen,
        )
        measured = metrics_at(ranking.ranks)
        for name in ("ndcg@10", "recall@10"):
            self.events.metric(name, measured[name], self._epochs, "valid")
        if measured["ndcg@10"] <= self._best.ndcg:
            return False
        self._best.take(self._epochs, measured, self.encoder.model)
        return True
