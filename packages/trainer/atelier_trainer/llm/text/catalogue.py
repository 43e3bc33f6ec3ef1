"""The catalogue as text: what pre-training reads of it, and of what id vectors are made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import BadData
from ...tables import integers, read_table, texts
from .plain_text import plain_text
from .response import CLOSE, MIDDLE, OPEN


def read_item_ids(dataset: Path) -> np.ndarray:
    """Ids of the catalogue, ascending."""
    return np.sort(integers(read_table(dataset / "items.parquet", ["item_id"]), "item_id"))


@dataclass(frozen=True)
class Product:
    item_id: int
    title: str
    attributes: dict[str, str]

    def content(self) -> str:
        """Its words alone."""
        return " ".join([self.title, *(value for value in self.attributes.values() if value)])

    def document(self) -> str:
        """As a prompt shows it, then as a response names it: so each product is once told and once copied."""
        fields = {"id": str(self.item_id), "title": self.title, **self.attributes}
        shown = ", ".join(f'"{key}": "{value}"' for key, value in fields.items())
        return f"{{{shown}}} {OPEN}{self.item_id}{MIDDLE}{self.title}{CLOSE}"


def read_products(dataset: Path, keys: Sequence[str]) -> list[Product]:
    """The catalogue by ascending id, with the attributes `keys` of those that have them."""
    table = read_table(dataset / "items.parquet", ["item_id", "title", "attributes"])
    items, titles = integers(table, "item_id"), texts(table, "title")
    attributes = _attributes(texts(table, "attributes"))
    if not len(items):
        raise BadData(f"{dataset / 'items.parquet'} holds no items")
    return [
        Product(
            int(items[row]),
            plain_text(titles[row] or ""),
            {key: plain_text(str(attributes[row][key])) for key in keys if attributes[row].get(key) is not None},
        )
        for row in np.argsort(items)
    ]


def _attributes(rows: Sequence[str | None]) -> list[dict]:
    return [json.loads(text) if text else {} for text in rows]
