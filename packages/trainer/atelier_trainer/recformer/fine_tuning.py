"""Two-stage fine-tuning (section 2.4, algorithm 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.sequences import Windows
from ..device import has_fast_bfloat16
from ..events import EventWriter
from ..losses import full_softmax
from ..ranking import metrics_at
from ..training import Clock
from .encoding import Encoder
from .inputs import Histories, batches_by_length
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
    ):
        self.encoder, self.targets, self.stopping, self.events = encoder, targets, stopping, events
        self.batch_size, self.learning_rate, self.temperature = batch_size, learning_rate, temperature
        self._rng = np.random.default_rng(seed)
        self._dtype = torch.bfloat16 if has_fast_bfloat16(encoder.device) else torch.float32
        self._clock = Clock()
        self._learned = 0
        self._epochs = 0
        self._best_ndcg, self._best_epoch = -1.0, 0
        self._best_weights: dict[str, Tensor] = {}

    def run(self, max_epochs: int, patience: int, refine_epochs: int) -> FineTuned:
        items, best_items = torch.empty(0), torch.empty(0)
        optimiser = self._optimiser()
        for _ in range(max_epochs):
            items = self._encode_items()
            if self._epoch(items, optimiser, max_epochs):
                best_items = items
            elif self._epochs - self._best_epoch >= patience:
                self.events.log(f"stopped after epoch {self._epochs}: no gain since epoch {self._best_epoch}")
                break
        first_stage = self._best_epoch
        self._load_best()
        optimiser = self._optimiser()
        for done in range(refine_epochs):
            if not self._epoch(best_items, optimiser, refine_epochs) and done + 1 >= patience:
                break
        self._load_best()
        rate = self._learned / max(self._clock.seconds, 1e-9)
        refined = self._best_epoch > first_stage
        return FineTuned(best_items, self._epochs, self._best_epoch, refined, self._best_ndcg, rate)

    def _encode_items(self) -> Tensor:
        return self.encoder.encode_items(lambda done, total: self.events.progress("items", done, total, "items"))

    def _optimiser(self) -> Optimiser:
        return Optimiser(self.encoder.model.parameters(), self.learning_rate)

    def _load_best(self) -> None:
        self.encoder.model.load_state_dict(self._best_weights)

    def _epoch(self, items: Tensor, optimiser: Optimiser, planned: int) -> bool:
        """One pass and its validation; whether it was the best so far."""
        self._epochs += 1
        losses = []
        drawn = self.targets.take(self.targets.draw(self._rng))
        lengths = self.encoder.builder.lengths(drawn.histories)
        table = items.clone()
        self.encoder.model.train()
        done = 0
        with self._clock:
            for chosen in batches_by_length(lengths, self.batch_size, self._rng):
                batch = drawn.take(chosen)
                states = self.encoder.vectors(batch.histories) / self.temperature
                wanted = torch.from_numpy(batch.items).to(states.device)
                loss = full_softmax(states, table, wanted, self._dtype)
                optimiser.step(loss)
                losses.append(loss.detach())
                done += len(batch)
                self.events.progress("fine-tuning", done, len(drawn), f"sequences of epoch {self._epochs}")
        self._learned += done
        self.events.metric("loss", float(torch.stack(losses).mean()), self._epochs, "train")
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
        if measured["ndcg@10"] <= self._best_ndcg:
            return False
        self._best_ndcg, self._best_epoch = measured["ndcg@10"], self._epochs
        self._best_weights = {name: value.detach().clone() for name, value in self.encoder.model.state_dict().items()}
        return True
