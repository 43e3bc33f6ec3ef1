"""Training of the sequence models on what each learns from a window of items, stopped on validation NDCG@10."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .checkpoints import NO_CHECKPOINTS, Checkpoints
from .checkpoints.states import Best, Totals
from .cold import ColdToken
from .data.sequences import PAD, Examples, Windows
from .device import has_fast_bfloat16
from .events import EventWriter
from .losses import full_softmax, one_negative
from .models.sequence_model import Lessons, SequenceModel
from .ranking import ItemTable, Ranking, metrics_at, rank

WARM_UP_STEPS = 50


@dataclass(frozen=True)
class Held:
    """Examples to rank: their histories (already cut to the model's length), targets, and items to hide or None.

    Where the model has a `cold` token, the histories hold it in place of unseen items.
    """

    histories: Windows
    targets: np.ndarray
    seen: Windows | None
    cold: ColdToken | None

    @staticmethod
    def of(
        examples: Examples, histories: Windows, max_length: int, mask_seen: bool, cold: ColdToken | None = None
    ) -> Held:
        shown = histories.last(max_length)
        shown = cold.known(shown) if cold else shown
        return Held(shown, examples.targets, histories if mask_seen else None, cold)


class Clock:
    """Seconds spent inside `with clock:`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started

    def state_dict(self) -> dict[str, float]:
        return {"seconds": self.seconds}

    def load_state_dict(self, state: dict[str, float]) -> None:
        self.seconds = state["seconds"]


@dataclass(frozen=True)
class Trained:
    epochs: int
    best_epoch: int
    best_ndcg: float
    targets_per_second: float


def batches(windows: Windows, batch_size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Windows of like length together, in random order, each batch with about equally many targets.

    `batch_size` is the mean number of windows: batches of short windows hold more of them, so that every target weighs
    the same in the mean loss of its batch.
    """
    shuffled = rng.permutation(len(windows))
    order = shuffled[np.argsort(windows.lengths[shuffled], kind="stable")]
    targets = np.cumsum(windows.lengths[order] - 1)
    count = max(1, round(len(windows) / batch_size))
    cuts = np.searchsorted(targets, targets[-1] * np.arange(1, count) / count)
    parts = [part for part in np.split(order, cuts) if len(part)]
    for place in rng.permutation(len(parts)):
        yield parts[place]


def negatives_for(ids: Tensor, sequences: Tensor, item_count: int, generator: torch.Generator) -> Tensor:
    """One uniformly drawn catalogue row for each target, redrawn once if the target's sequence in `ids` holds it."""
    drawn, again = (torch.randint(item_count, sequences.shape, generator=generator).to(ids.device) for _ in range(2))
    return torch.where((drawn[:, None] + 1 == ids[sequences]).any(1), again, drawn)


def loss_of(
    lessons: Lessons, table: Tensor, ids: Tensor, loss: str, dtype: torch.dtype, generator: torch.Generator
) -> Tensor:
    """`ce`, the softmax over the whole catalogue, or `bce`, one sampled negative a target."""
    if loss == "ce":
        return full_softmax(lessons.states, table, lessons.items, dtype)
    return one_negative(
        lessons.states, table, lessons.items, negatives_for(ids, lessons.sequences, len(table), generator)
    )


def score_held(model: SequenceModel, held: Held, fallback: Tensor, device: torch.device) -> Callable[[slice], Tensor]:
    """Scores of a slice of `held`. `fallback` `(items,)` ranks for shoppers whose history holds no item."""
    vectors = model.table() if held.cold is None else held.cold.ranked_table(model.table())
    table = ItemTable(vectors)

    def score(block: slice) -> Tensor:
        windows = held.histories.take(np.arange(block.start, block.stop))
        lengths = torch.from_numpy(windows.lengths)
        ids = torch.from_numpy(windows.padded())
        states = torch.empty(len(ids), vectors.shape[1], device=device)
        # Blocks of like length: the attention of short histories need not pay for the longest.
        for part in lengths.argsort().split(512):
            width = max(1, int(lengths[part].max()))
            states[part.to(device)] = model.last_states(ids[part, :width].to(device), lengths[part].to(device))
        scores = table.scores(states)
        if (empty := lengths == 0).any():
            scores[empty.to(device)] = fallback
        return scores

    return score


def rank_held(
    model: SequenceModel,
    held: Held,
    fallback: Tensor,
    device: torch.device,
    list_length: int = 0,
    on_block: Callable[[int], None] = lambda done: None,
) -> Ranking:
    model.eval()
    with torch.inference_mode():
        score = score_held(model, held, fallback, device)
    return rank(score, held.targets, len(fallback), seen=held.seen, list_length=list_length, on_block=on_block)


def train(
    model: SequenceModel,
    windows: Windows,
    valid: Held,
    fallback: Tensor,
    *,
    loss: str,
    batch_size: int,
    learning_rate: float,
    max_epochs: int,
    patience: int,
    seed: int,
    device: torch.device,
    events: EventWriter,
    cold: ColdToken | None = None,
    checkpoints: Checkpoints = NO_CHECKPOINTS,
) -> Trained:
    """Train in place; on return the model holds the weights of its best epoch on `valid`.

    Args:
        loss: `ce`, the softmax over the whole catalogue, or `bce`, one sampled negative a position.
        fallback: scores `(items,)` for validation histories without an item.
        cold: the token that `model` has in its last row, if it has one.
    """
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    dtype = torch.bfloat16 if has_fast_bfloat16(device) else torch.float32
    model.to(device)
    optimizer = torch.optim.AdamW(model.parameters(), learning_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    warm_up = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / WARM_UP_STEPS))
    best, totals = Best(), Totals(targets=0)
    clock = Clock()
    total = int((windows.lengths - 1).sum()) * max_epochs
    training = checkpoints.training(
        "training",
        steps=max(1, round(len(windows) / batch_size)) * max_epochs,
        rng=rng,
        generator=generator,
        model=model,
        optimizer=optimizer,
        warm_up=warm_up,
        best=best,
        totals=totals,
        clock=clock,
    )
    for epoch in training.passes(1, max_epochs):
        model.train()
        with clock:
            for _, chosen in training.rest(training.draw(lambda: list(batches(windows, batch_size, rng)))):
                padded = windows.take(chosen).padded()
                padded = cold.dropped_in(padded, rng) if cold else padded
                ids = torch.from_numpy(padded).to(device)
                lessons = model.lessons(ids)
                value = loss_of(lessons, model.table(), ids, loss, dtype, generator)
                optimizer.zero_grad(set_to_none=True)
                value.backward()
                optimizer.step()
                warm_up.step()
                # Every item of a window but its first is a target once an epoch, however the model takes its lessons.
                totals.add(value, targets=int((ids[:, 1:] != PAD).sum()))
                events.progress("training", totals["targets"], total, "targets")
        events.metric("loss", float(totals.mean_loss()), training.step, "train")
        measured = metrics_at(rank_held(model, valid, fallback, device).ranks)
        for name in ("ndcg@10", "recall@10"):
            events.metric(name, measured[name], training.step, "valid")
        if measured["ndcg@10"] > best.ndcg:
            best.take(epoch, measured, model)
        elif epoch - best.epoch >= patience:
            events.log(f"stopped after epoch {epoch}: no gain in validation NDCG@10 since epoch {best.epoch}")
            break
    model.load_state_dict(best.weights)
    if cold:
        cold.settle(model.items)
    return Trained(epoch, best.epoch, best.ndcg, totals["targets"] / max(clock.seconds, 1e-9))
