"""Vectors of items and sequences, and rankings by their cosine (section 2.2.2)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from ..data.sequences import Windows
from ..device import has_fast_bfloat16
from ..ranking import ItemTable, Ranking, rank
from .inputs import Histories, InputBuilder
from .model import Recformer

if TYPE_CHECKING:
    from .longformer import LongformerRecformer

TOKENS_AT_A_TIME = 16_384

Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    pass


class Encoder:
    """A model and what it reads."""

    def __init__(self, model: Recformer | LongformerRecformer, builder: InputBuilder, device: torch.device):
        self.model, self.builder, self.device = model.to(device), builder, device

    def autocast(self) -> contextlib.AbstractContextManager:
        """bfloat16 where the hardware multiplies it."""
        fast = has_fast_bfloat16(self.device)
        return torch.autocast(self.device.type, torch.bfloat16) if fast else contextlib.nullcontext()

    def vectors(self, histories: Histories) -> Tensor:
        """`(histories, hidden)` of one batch, with gradients where they are on."""
        with self.autocast():
            return self.model(self.builder.build(histories).to(self.device))

    @torch.inference_mode()
    def encode(self, histories: Histories, progress: Progress = _silent) -> Tensor:
        """`(histories, hidden)` unit vectors, computed in batches of like length; histories that read alike, once."""
        self.model.eval()
        first, place = self.builder.distinct(histories)
        histories = histories.take(first)
        vectors = torch.empty(len(histories), self.model.shape.hidden, device=self.device)
        lengths = self.builder.lengths(histories)
        order = np.argsort(-lengths, kind="stable")
        start = 0
        while start < len(order):
            stop = start + max(1, TOKENS_AT_A_TIME // int(lengths[order[start]]))
            chosen = order[start:stop]
            vectors[torch.from_numpy(chosen).to(self.device)] = self.vectors(histories.take(chosen))
            start = min(stop, len(order))
            progress(start, len(order))
        return vectors[torch.from_numpy(place).to(self.device)]

    def encode_items(self, progress: Progress = _silent) -> Tensor:
        """`(items, hidden)`: every item of the catalogue on its own. Items with the same text share one vector."""
        vectors = self.encode(Histories.of_items(self.builder.distinct_items), progress)
        return vectors[torch.from_numpy(self.builder.distinct_of_item).to(self.device)]

    def rank(
        self,
        histories: Histories,
        targets: np.ndarray,
        items: Tensor,
        *,
        temperature: float,
        fallback: Tensor | None,
        seen: Windows | None = None,
        list_length: int = 0,
        progress: Progress = _silent,
    ) -> Ranking:
        """Rank all items by cosine over `temperature`.

        Args:
            items: `(items, hidden)` unit vectors.
            fallback: scores `(items,)` for histories without anything in them; None to encode [CLS] alone.
            seen: items to leave out of each ranking, or None.
        """
        vectors = self.encode(histories, progress)
        empty = torch.from_numpy(histories.empty).to(self.device)
        table = ItemTable(items)

        def score(block: slice) -> Tensor:
            scores = table.scores(vectors[block]) / temperature
            if fallback is not None and (bare := empty[block]).any():
                scores[bare] = fallback
            return scores

        return rank(score, targets, len(items), seen=seen, list_length=list_length)
