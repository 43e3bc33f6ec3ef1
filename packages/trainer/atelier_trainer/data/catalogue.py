"""The catalogue of a dataset: everything that a ranking ranks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import BadData
from ..tables import integers, read_table, texts


@dataclass(frozen=True)
class Catalogue:
    """Item ids in ascending order. A *row* is an item's place in it, from 0: rows tie-break as ids do."""

    ids: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, item_ids: np.ndarray, where: str) -> np.ndarray:
        """Rows of item ids; BadData names an id that is not in the catalogue."""
        rows = np.minimum(np.searchsorted(self.ids, item_ids), len(self.ids) - 1)
        if (unknown := self.ids[rows] != item_ids).any():
            raise BadData(f"{where}: item {item_ids[unknown][0]} is not in items.parquet ({unknown.sum()} such rows)")
        return rows


def read_catalogue(dataset: Path) -> Catalogue:
    """Raises BadData for an empty catalogue or an id that stands twice."""
    return _catalogue(integers(read_table(dataset / "items.parquet", ["item_id"]), "item_id"))


def read_titles(dataset: Path) -> tuple[Catalogue, list[str]]:
    """The catalogue and each row's title (empty text where there is none)."""
    table = read_table(dataset / "items.parquet", ["item_id", "title"])
    ids = integers(table, "item_id")
    titles = texts(table, "title")
    return _catalogue(ids), [titles[place] or "" for place in np.argsort(ids, kind="stable")]


def _catalogue(ids: np.ndarray) -> Catalogue:
    if not len(ids):
        raise BadData("items.parquet is empty: there is nothing to rank")
    ids = np.sort(ids)
    if (twice := ids[1:] == ids[:-1]).any():
        raise BadData(f"items.parquet: item {ids[1:][twice][0]} stands twice")
    return Catalogue(ids)
