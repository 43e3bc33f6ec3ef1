"""Item sequences out of the split stage: clicks and purchases in order, searches left out.

Models see rows of the catalogue shifted by one, so that 0 is padding. Padding stands on the right: a causal model never
looks at it, and needs no mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import BadData
from ..masks import checked, inverse, rows_where
from ..tables import booleans, integers, read_table, texts
from .catalogue import Catalogue

PAD = 0


@dataclass(frozen=True)
class Windows:
    """Stretches `items[begins[i]:ends[i]]` of the flat item column."""

    items: np.ndarray
    begins: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.begins)

    @property
    def lengths(self) -> np.ndarray:
        return self.ends - self.begins

    def take(self, chosen: np.ndarray) -> Windows:
        return Windows(self.items, self.begins[chosen], self.ends[chosen])

    def last(self, length: int) -> Windows:
        """Each window cut to its last `length` items."""
        return Windows(self.items, np.maximum(self.begins, self.ends - length), self.ends)

    def padded(self) -> np.ndarray:
        """`(windows, longest)` ids, a catalogue row plus one each, `PAD` on the right."""
        width = int(self.lengths.max(initial=1))
        places = self.begins[:, None] + np.arange(width)
        inside = places < self.ends[:, None]
        return np.where(inside, self.items[np.where(inside, places, 0)] + 1, PAD)


@dataclass(frozen=True)
class Events:
    """Clicks and purchases of all users, sorted by user and order. `items` are catalogue rows."""

    users: np.ndarray
    orders: np.ndarray
    items: np.ndarray
    train: np.ndarray

    def __post_init__(self) -> None:
        checked(self.train)

    def before(self, users: np.ndarray, orders: np.ndarray) -> Windows:
        """Each user's events before the given order."""
        span = int(max(self.orders.max(initial=0), orders.max(initial=0))) + 2
        keys = self.users * span + self.orders
        ends = np.searchsorted(keys, users * span + orders)
        return Windows(self.items, np.searchsorted(keys, users * span), ends)

    def without(self, users: np.ndarray, orders: np.ndarray) -> Events:
        """The same events; those of `users` (ascending, distinct) from `orders` on are no longer training events."""
        if not len(users):
            return self
        place = np.minimum(np.searchsorted(users, self.users), len(users) - 1)
        late = (users[place] == self.users) & (self.orders >= orders[place])
        return Events(self.users, self.orders, self.items, self.train & inverse(late))


@dataclass(frozen=True)
class Examples:
    """Purchases to predict. `targets` are catalogue rows; ids are the split stage's."""

    ids: np.ndarray
    users: np.ndarray
    targets: np.ndarray
    orders: np.ndarray
    queries: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, chosen: np.ndarray) -> Examples:
        parts = (self.ids, self.users, self.targets, self.orders, self.queries)
        return Examples(*(part[chosen] for part in parts))


def read_events(split: Path, catalogue: Catalogue) -> Events:
    table = read_table(split / "events.parquet", ["user_id", "ord", "action", "item_id", "train"])
    items = integers(table, "item_id", null=-1)
    users, orders = integers(table, "user_id"), integers(table, "ord")
    train = booleans(table, "train")
    kept = rows_where(items >= 0)
    kept = kept[np.lexsort((orders[kept], users[kept]))]
    return Events(users[kept], orders[kept], catalogue.rows(items[kept], "events.parquet"), train[kept])


def read_examples(split: Path, catalogue: Catalogue) -> dict[str, Examples]:
    """Examples by split: `train`, `valid`, `test`. `queries` is -1 where there was no search."""
    names = ["example_id", "user_id", "split", "target_item", "target_ord", "query_id"]
    table = read_table(split / "examples.parquet", names)
    examples = Examples(
        integers(table, "example_id"),
        integers(table, "user_id"),
        catalogue.rows(integers(table, "target_item"), "examples.parquet"),
        integers(table, "target_ord"),
        integers(table, "query_id", null=-1),
    )
    which = np.array(texts(table, "split"), dtype=object)
    return {name: examples.take(rows_where(which == name)) for name in ("train", "valid", "test")}


def training_windows(events: Events, max_length: int) -> Windows:
    """The users' training events as windows of at most `max_length + 1` items: inputs and, one further on, targets.

    A window teaches to predict every item but its first from those before it, so every training example's target is
    learned. A longer history is cut from its end into windows that overlap by one item: each item is a target once.
    Raises BadData where no user has two training events.
    """
    items, users = events.items[events.train], events.users[events.train]
    starts = rows_where(np.diff(users, prepend=-1) != 0)
    ends = np.append(starts[1:], len(users))
    windows_each = -(-(ends - starts - 1) // max_length)
    if not windows_each.sum():
        raise BadData("nothing to learn from: no user has two training events (clicks or purchases)")
    nth = np.arange(windows_each.sum()) - np.repeat(np.cumsum(windows_each) - windows_each, windows_each)
    window_ends = np.repeat(ends, windows_each) - nth * max_length
    return Windows(items, np.maximum(np.repeat(starts, windows_each), window_ends - max_length - 1), window_ends)


def validation_examples(events: Events, examples: dict[str, Examples], seed: int) -> tuple[Events, Examples, bool]:
    """What to stop on: the validation examples or, where a log has none, a seeded 5 % of the training users.

    Of such a user the last training purchase is held out, and its events from there on leave training. Returns the
    events to train on, the examples, and whether they were borrowed from training. Raises BadData where training has
    no purchase to give either: the best epoch would be any.
    """
    if len(examples["valid"]):
        return events, examples["valid"], False
    train = examples["train"]
    if not len(train):
        # Where there is nothing to learn from either, that is the reason.
        training_windows(events, 1)
        raise BadData(
            "nothing to stop on: there is neither a validation example nor a training purchase with an event before it"
        )
    order = np.lexsort((train.orders, train.users))
    last = order[np.append(np.diff(train.users[order]) != 0, True)]
    count = round(0.05 * len(last)) or 1
    chosen = np.sort(np.random.default_rng(seed).permutation(len(last))[:count])
    held = train.take(last[chosen])
    return events.without(held.users, held.orders), held, True
