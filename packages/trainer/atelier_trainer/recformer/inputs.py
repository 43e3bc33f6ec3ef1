"""What the model reads: [CLS], the query where there is one, then the items, newest first (section 2.1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.sequences import Windows
from .text import CONTROL, TextStore


@dataclass(frozen=True)
class Inputs:
    """Padded on the right, each `(batch, length)`: tokens, token types, item positions and which places are real.

    The newest item has position 1; [CLS] and the query, which belong to no item, have 0.
    """

    tokens: Tensor
    types: Tensor
    positions: Tensor
    real: Tensor

    def to(self, device: torch.device) -> Inputs:
        return Inputs(*(part.to(device) for part in (self.tokens, self.types, self.positions, self.real)))


@dataclass(frozen=True)
class Histories:
    """Sequences to encode: windows of catalogue rows, oldest first, and a row of the query texts each, or -1."""

    items: Windows
    queries: np.ndarray

    def __len__(self) -> int:
        return len(self.items)

    def take(self, chosen: np.ndarray) -> Histories:
        return Histories(self.items.take(chosen), self.queries[chosen])

    @property
    def empty(self) -> np.ndarray:
        """Bool: neither an item nor a query."""
        return (self.items.lengths == 0) & (self.queries < 0)

    @staticmethod
    def of_items(rows: np.ndarray) -> Histories:
        """Each item on its own: the input of item representations."""
        begins = np.arange(len(rows))
        return Histories(Windows(rows, begins, begins + 1), np.full(len(rows), -1))


class InputBuilder:
    """Puts tokenised texts together.

    Args:
        control: [CLS] alone; queries: the query texts; items: the catalogue's, by row.
        max_tokens: of a whole sequence; the oldest words are cut.
    """

    def __init__(self, control: TextStore, queries: TextStore, items: TextStore, max_tokens: int, pad: int):
        self._texts = TextStore.join([control, queries, items])
        self._lengths = self._texts.lengths
        self._first_item = 1 + len(queries.lengths)
        self._max_tokens, self._pad = max_tokens, pad
        self.distinct_items, self.distinct_of_item = items.distinct()
        _, self._distinct_of_query = queries.distinct()

    def lengths(self, histories: Histories) -> np.ndarray:
        """Tokens of each sequence, as built."""
        items, queries = histories.items, histories.queries
        words = np.concatenate([[0], np.cumsum(self._lengths[self._first_item + items.items])])
        asked = np.where(queries >= 0, self._lengths[1 + np.maximum(queries, 0)] if self._first_item > 1 else 0, 0)
        return np.minimum(1 + asked + words[items.ends] - words[items.begins], self._max_tokens)

    def distinct(self, histories: Histories) -> tuple[np.ndarray, np.ndarray]:
        """The first of each set of histories that read alike, and for every history the place of its own among them."""
        texts = self.distinct_of_item[histories.items.items]
        places: dict[tuple[int, bytes], int] = {}
        first, place = [], np.empty(len(histories), np.int64)
        stretches = zip(histories.items.begins, histories.items.ends, histories.queries, strict=True)
        for number, (begin, end, query) in enumerate(stretches):
            asked = int(self._distinct_of_query[query]) if query >= 0 else -1
            place[number] = places.setdefault((asked, texts[begin:end].tobytes()), len(places))
            if len(places) > len(first):
                first.append(number)
        return np.array(first, np.int64), place

    def build(self, histories: Histories) -> Inputs:
        texts, positions, starts = self._pieces(histories)
        sizes = self._lengths[texts]
        ends = np.cumsum(sizes)
        place = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
        source = np.repeat(self._texts.offsets[texts], sizes) + place
        sequence_of = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(texts))))
        begins = (ends - sizes)[starts]
        column = np.repeat(ends - sizes - begins[sequence_of], sizes) + place
        row = np.repeat(sequence_of, sizes)
        kept = column < self._max_tokens
        row, column, source = row[kept], column[kept], source[kept]
        shape = (len(starts), int(column.max()) + 1)
        tokens, types = np.full(shape, self._pad, np.int64), np.full(shape, CONTROL, np.int64)
        item_positions, real = np.zeros(shape, np.int64), np.zeros(shape, bool)
        tokens[row, column], types[row, column] = self._texts.tokens[source], self._texts.types[source]
        item_positions[row, column], real[row, column] = np.repeat(positions, sizes)[kept], True
        return Inputs(*map(torch.from_numpy, (tokens, types, item_positions, real)))

    def _pieces(self, histories: Histories) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Texts of all sequences in reading order, their item positions, and where each sequence begins."""
        items, queries = histories.items, histories.queries
        asked = queries >= 0
        heads = 1 + asked
        sizes = heads + items.lengths
        starts = np.cumsum(sizes) - sizes
        texts, positions = np.zeros(sizes.sum(), np.int64), np.zeros(sizes.sum(), np.int64)
        texts[starts[asked] + 1] = 1 + queries[asked]
        sequence = np.repeat(np.arange(len(items)), items.lengths)
        nth = np.arange(len(sequence)) - np.repeat(np.cumsum(items.lengths) - items.lengths, items.lengths)
        targets = starts[sequence] + heads[sequence] + nth
        texts[targets] = self._first_item + items.items[items.ends[sequence] - 1 - nth]
        positions[targets] = 1 + nth
        return texts, positions, starts


def batches_by_length(lengths: np.ndarray, batch_size: int, rng: np.random.Generator | None) -> Iterator[np.ndarray]:
    """Sequences of like length together; batches in random order where `rng` is given."""
    shuffled = np.arange(len(lengths)) if rng is None else rng.permutation(len(lengths))
    order = shuffled[np.argsort(lengths[shuffled], kind="stable")]
    parts = np.array_split(order, max(1, round(len(order) / batch_size)))
    for place in range(len(parts)) if rng is None else rng.permutation(len(parts)):
        yield parts[place]
