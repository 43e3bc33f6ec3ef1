"""Positive pairs of the title encoder: the last query of a session and the title of what it led to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..masks import rows_where
from ..tables import integers, read_table, texts
from .sequences import Examples


@dataclass(frozen=True)
class Pairs:
    """`queries` index the distinct query texts, `titles` the distinct title texts: equal texts are one thing."""

    queries: np.ndarray
    titles: np.ndarray
    title_count: int

    def __len__(self) -> int:
        return len(self.queries)

    def matches(self, chosen: np.ndarray) -> np.ndarray:
        """Bool `(chosen, chosen)`: whether title j was ever bought from query i, in any pair."""
        keys = self.queries * self.title_count + self.titles
        asked = self.queries[chosen][:, None] * self.title_count + self.titles[chosen][None, :]
        return np.isin(asked, keys)


def read_queries(split: Path) -> tuple[np.ndarray, list[str]]:
    """Query ids in ascending order and their texts."""
    table = read_table(split / "queries.parquet", ["query_id", "query"])
    ids = integers(table, "query_id")
    order = np.argsort(ids, kind="stable")
    words = texts(table, "query")
    return ids[order], [words[place] or "" for place in order]


def positive_pairs(examples: Examples, query_ids: np.ndarray, title_of_row: np.ndarray) -> Pairs:
    """Pairs of the examples that have a query. `title_of_row` numbers the distinct titles by catalogue row."""
    asked = examples.take(rows_where(examples.queries >= 0))
    return Pairs(np.searchsorted(query_ids, asked.queries), title_of_row[asked.targets], int(title_of_row.max()) + 1)
