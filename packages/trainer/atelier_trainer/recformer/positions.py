"""Which positions of the log are learned from, and the last search before each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..data.sequences import Events, Examples, Windows
from ..errors import BadData
from ..masks import inverse, rows_where
from ..tables import integers, read_table
from .inputs import Histories

POSITIONS_PER_USER = 4
"""Positions learned from in one pass, drawn anew each time. The original takes a sequence's last one; a bidirectional
model reads each position's history apart, so all of them would cost the square of a sequence's length."""


@dataclass(frozen=True)
class Targets:
    """Items to predict (catalogue rows) from their histories; `users` are numbered from 0 without gaps."""

    histories: Histories
    items: np.ndarray
    users: np.ndarray

    def __len__(self) -> int:
        return len(self.items)

    def take(self, chosen: np.ndarray) -> Targets:
        return Targets(self.histories.take(chosen), self.items[chosen], self.users[chosen])

    def draw(self, rng: np.random.Generator, count: int = POSITIONS_PER_USER) -> np.ndarray:
        """At most `count` random targets of each user."""
        order = np.lexsort((rng.random(len(self)), self.users))
        users = self.users[order]
        nth = np.arange(len(order)) - np.searchsorted(users, users)
        return order[nth < count]


class Searches:
    """The log's searches: `at` gives the latest one before a place in a user's events."""

    def __init__(self, users: np.ndarray, orders: np.ndarray, queries: np.ndarray):
        order = np.lexsort((orders, users))
        self._users, self._orders, self._queries = users[order], orders[order], queries[order]

    @staticmethod
    def read(split: Path) -> Searches:
        table = read_table(split / "events.parquet", ["user_id", "ord", "query_id"])
        queries = integers(table, "query_id", null=-1)
        asked = queries >= 0
        return Searches(integers(table, "user_id")[asked], integers(table, "ord")[asked], queries[asked])

    def at(self, users: np.ndarray, orders: np.ndarray) -> np.ndarray:
        """Query ids, -1 where the user had not searched before."""
        if not len(self._users):
            return np.full(len(users), -1)
        span = int(max(self._orders.max(), orders.max(initial=0))) + 2
        place = np.searchsorted(self._users * span + self._orders, users * span + orders) - 1
        found = (place >= 0) & (self._users[np.maximum(place, 0)] == users)
        return np.where(found, self._queries[np.maximum(place, 0)], -1)


def training_targets(log: Events, max_items: int, searches: Searches | None) -> Targets:
    """Every training event that has something before it. Raises BadData where there is none."""
    rows = rows_where(log.train)
    users, orders = log.users[rows], log.orders[rows]
    queries = searches.at(users, orders) if searches else np.full(len(rows), -1)
    histories = Histories(log.before(users, orders).last(max_items), queries)
    kept = rows_where(inverse(histories.empty))
    if not len(kept):
        raise BadData("nothing to learn from: no user has two training events (clicks or purchases)")
    return Targets(histories.take(kept), log.items[rows][kept], np.unique(users[kept], return_inverse=True)[1])


def example_histories(log: Events, examples: Examples, max_items: int, with_query: bool) -> Histories:
    """What stands before each example; `with_query` adds the example's own search."""
    windows: Windows = log.before(examples.users, examples.orders).last(max_items)
    return Histories(windows, examples.queries if with_query else np.full(len(examples), -1))
