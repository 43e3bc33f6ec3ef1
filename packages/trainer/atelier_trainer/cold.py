"""The cold token: one trained vector for all items that training never shows.

The paper's cold-start setting (section 5.4, after Li et al. 2023, arXiv:2305.13731) gives id-based models a "cold"
token and leaves open how it is trained. Here it is trained as unknown words are (Kiperwasser and Goldberg 2016,
arXiv:1603.04351, section 4): each time that a training sequence is read, an item with n training events gives way to
the token with probability a / (a + n), a = 0.25. Rare items do so most, in the input and as targets.

At ranking an unseen item has the token's vector, in histories and in the item table. All unseen items then have one
score, and their order is that of their ids.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from .data.sequences import PAD, Windows
from .masks import rows_where

RARITY = 0.25


@dataclass(frozen=True)
class ColdToken:
    """`counts` `(items,)`: training events of each catalogue row. The token's own row comes after the last item's."""

    counts: np.ndarray

    @property
    def row(self) -> int:
        return len(self.counts)

    @property
    def unseen(self) -> np.ndarray:
        """Catalogue rows without a training event."""
        return rows_where(self.counts == 0)

    def dropped_in(self, ids: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Padded ids of training windows, with some of the items replaced by the token."""
        rates = np.concatenate([[0.0], RARITY / (RARITY + self.counts)])
        return np.where((rng.random(ids.shape) < rates[ids]) & (ids != PAD), self.row + 1, ids)

    def known(self, windows: Windows) -> Windows:
        """Histories with every unseen item replaced by the token."""
        items = np.where(self.counts[windows.items] == 0, self.row, windows.items)
        return Windows(items, windows.begins, windows.ends)

    def ranked_table(self, table: Tensor) -> Tensor:
        """The `(items + 1, hidden)` table of a model with the token, as `(items, hidden)` that ranking uses."""
        ranked = table[: self.row].clone()
        ranked[torch.from_numpy(self.unseen).to(table.device)] = table[self.row]
        return ranked

    @torch.no_grad()
    def settle(self, items: nn.Embedding) -> None:
        """Write the token's vector into the unseen items' rows, so that stored weights rank as was measured."""
        items.weight[torch.from_numpy(self.unseen + 1).to(items.weight.device)] = items.weight[self.row + 1].clone()
