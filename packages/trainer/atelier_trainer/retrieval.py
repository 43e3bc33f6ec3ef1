"""From what was generated to ranked lists: exact nearest items by id vectors and by title vectors (section 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from .encoders import Progress, TextEncoder
from .masks import rows_where
from .ranking import ItemTable, best_items, block_rows
from .tables import Ragged, read_vectors

_NO_SCORES = np.empty(0, np.float32)
# Cosines that agree to so many decimals are equal: what differs further on is the rounding of encoders.
_TIE_DECIMALS = 5


@dataclass(frozen=True)
class VectorIndex:
    """Unit vectors of items, in ascending order of item id."""

    ids: np.ndarray
    vectors: torch.Tensor

    @staticmethod
    def read(path: Path, device: torch.device) -> VectorIndex:
        ids, vectors = read_vectors(path)
        order = np.argsort(ids, kind="stable")
        return VectorIndex(ids[order], torch.from_numpy(vectors[order]).to(device))

    @cached_property
    def table(self) -> ItemTable:
        return ItemTable(self.vectors)

    def rows(self, item_ids: np.ndarray) -> np.ndarray:
        """Row of each item id, -1 for those that are not here."""
        places = np.minimum(np.searchsorted(self.ids, item_ids), len(self.ids) - 1)
        return np.where(self.ids[places] == item_ids, places, -1)

    @torch.inference_mode()
    def nearest(
        self, queries: torch.Tensor, length: int, on_block: Callable[[int], None] = lambda done: None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Ids and cosines `(queries, length)` of the nearest items, best first, equal ones by id."""
        length = min(length, len(self.ids))
        ids = np.empty((len(queries), length), np.int32)
        scores = np.empty((len(queries), length), np.float32)
        step = block_rows(len(self.ids))
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            best, items = best_items(self.table.scores(queries[block]), length)
            ids[block], scores[block] = self.ids[items.cpu().numpy()], best.cpu().numpy()
            on_block(min(block.stop, len(queries)))
        return ids, scores


@dataclass(frozen=True)
class Lists:
    """One row a request; an empty list where there was no id, no title or no query."""

    id_list: Ragged
    id_scores: Ragged
    title_list: Ragged
    title_scores: Ragged
    query_list: Ragged
    query_scores: Ragged


class Retriever:
    """Ranks items for generated ids and titles: as the stage does for all examples, and `serve` for one request."""

    def __init__(self, encoder: TextEncoder, titles: VectorIndex, ids: VectorIndex | None, list_length: int):
        self.encoder, self.titles, self.ids, self.list_length = encoder, titles, ids, list_length

    def lists(
        self,
        item_ids: Sequence[int | None],
        titles: Sequence[str | None],
        queries: Sequence[str | None],
        progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    ) -> Lists:
        """Lists of requests; ids that are not in the catalogue and blank titles and queries give empty ones.

        Titles that are equally close to the generated one stand in the order of their ids' closeness to the generated
        id: variants of a product often share their title (the paper does not say how it orders them).

        Without id vectors (zero-shot: ids carry nothing over) all id lists are empty.
        """
        rows = np.full(len(item_ids), -1)
        if self.ids is None:
            nothing = np.zeros(len(item_ids), np.int64)
            by_id = Ragged.from_lengths(nothing, np.empty(0, np.int32)), Ragged.from_lengths(nothing, _NO_SCORES)
        else:
            rows = self.ids.rows(np.array([-1 if item is None else item for item in item_ids], np.int64))
            by_id = self._spread(
                self.ids, self.ids.vectors, rows, lambda done, total: progress("id lists", done, total)
            )
        by_title = self._by_text(titles, lambda done, total: progress("title lists", done, total))
        if self.ids is not None:
            by_title = _by_closeness_of_ids(*by_title, self.ids, rows)
        by_query = self._by_text(queries, lambda done, total: progress("query lists", done, total))
        return Lists(*by_id, *by_title, *by_query)

    def _by_text(self, texts: Sequence[str | None], progress: Progress) -> tuple[Ragged, Ragged]:
        """Items whose titles are closest to texts, each distinct text encoded once."""
        wanted = sorted({text for text in texts if text and text.strip()})
        place = {text: index for index, text in enumerate(wanted)}
        vectors = torch.from_numpy(self.encoder.encode(wanted)) if wanted else self.titles.vectors[:0]
        asked = np.array([place.get(text, -1) if text else -1 for text in texts], np.int64)
        return self._spread(self.titles, vectors.to(self.titles.vectors.device), asked, progress)

    def _spread(
        self, index: VectorIndex, vectors: torch.Tensor, rows: np.ndarray, progress: Progress
    ) -> tuple[Ragged, Ragged]:
        """Nearest items of `vectors[rows]`, each distinct row searched once; rows below 0 get empty lists."""
        distinct, place = np.unique(rows[rows >= 0], return_inverse=True)
        queries = vectors[torch.from_numpy(distinct).to(vectors.device)]
        ids, scores = index.nearest(queries, self.list_length, lambda done: progress(done, len(distinct)))
        lengths = np.where(rows >= 0, ids.shape[1], 0)
        return (
            Ragged.from_lengths(lengths, ids[place].reshape(-1)),
            Ragged.from_lengths(lengths, scores[place].reshape(-1)),
        )


@torch.inference_mode()
def _by_closeness_of_ids(items: Ragged, scores: Ragged, index: VectorIndex, rows: np.ndarray) -> tuple[Ragged, Ragged]:
    """Lists with their equal scores in order of cosine to the vectors `rows` of `index`; rows below 0 stay."""
    lengths = np.diff(items.offsets)
    chosen = rows_where((lengths > 0) & (rows >= 0))
    if not len(chosen):
        return items, scores
    # Every list that is not empty has the same length.
    length = int(lengths[chosen[0]])
    values, kept = items.values.copy(), scores.values.copy()
    step = block_rows(len(index.ids))
    for start in range(0, len(chosen), step):
        block = chosen[start : start + step]
        places = items.offsets[block][:, None] + np.arange(length)
        listed, of_titles = items.values[places], scores.values[places]
        known = index.rows(listed)
        own = index.vectors[torch.from_numpy(rows[block]).to(index.vectors.device)]
        of_ids = np.take_along_axis(index.table.scores(own).cpu().numpy(), np.maximum(known, 0), 1)
        of_ids[known < 0] = -np.inf
        order = np.lexsort((-of_ids, -of_titles.round(_TIE_DECIMALS)), axis=1)
        values[places] = np.take_along_axis(listed, order, 1)
        kept[places] = np.take_along_axis(of_titles, order, 1)
    return Ragged(items.offsets, values), Ragged(scores.offsets, kept)


def load_retriever(title_encoder: Path, id_encoder: Path | None, list_length: int, device: torch.device) -> Retriever:
    """The retriever of two finished stages' folders; zero-shot has no id encoder."""
    from .encoders.title import load_title_encoder

    return Retriever(
        load_title_encoder(title_encoder, device),
        VectorIndex.read(title_encoder / "vectors.parquet", device),
        None if id_encoder is None else VectorIndex.read(id_encoder / "vectors.parquet", device),
        list_length,
    )
