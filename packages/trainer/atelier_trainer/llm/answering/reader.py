"""Reading tokens with a shared key-value cache in which every row keeps only what it really said."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ...masks import inverse
from ..base.forward import autocast, decoder, head_weight
from ..text.batching import pad

if TYPE_CHECKING:
    from transformers import Cache, PreTrainedModel

# What a pass costs besides its tokens, in tokens a row (SmolLM2 on a CPU: a pass of 6 tokens a row takes twice as long
# as one of 1).
PASS_TOKENS = 6


@dataclass
class Block:
    """Tokens that one row reads in one pass. `parents`: the token that each follows, -1 for what was read before.

    A chain where every token follows the one before it; else a tree, whose branches do not see one another.
    """

    tokens: list[int]
    parents: list[int]
    children: dict[tuple[int, int], int] = field(default_factory=dict)
    """`(slot, token)` to the slot where that token was read after the one in `slot`."""

    def __post_init__(self) -> None:
        for slot, (token, parent) in enumerate(zip(self.tokens, self.parents, strict=True)):
            self.children[parent, token] = slot

    @staticmethod
    def chain(tokens: Sequence[int]) -> Block:
        return Block(list(tokens), list(range(-1, len(tokens) - 1)))

    def depths(self) -> list[int]:
        depths: list[int] = []
        for parent in self.parents:
            depths.append(0 if parent < 0 else depths[parent] + 1)
        return depths


def ancestors(blocks: Sequence[Block]) -> Tensor:
    """Whether a slot's token is, or comes before, another's: `(rows, slots, slots)`."""
    sees = torch.eye(max(len(block.tokens) for block in blocks), dtype=torch.bool).repeat(len(blocks), 1, 1)
    for row, block in enumerate(blocks):
        for slot, parent in enumerate(block.parents):
            if parent >= 0:
                sees[row, slot] |= sees[row, parent]
    return sees


class Reader:
    """A batch of rows, all of which have read the same prefix.

    Blocks are padded on the right and rejected guesses stay in the cache: the mask hides both, so no row waits for
    another and nothing is cut out of a cache. Positions count what is not hidden.
    """

    def __init__(self, model: PreTrainedModel, rows: int = 1):
        self.model = model
        self.cache: Cache | None = None
        self.mask = torch.ones(rows, 0, dtype=torch.long, device=model.device)
        self._width = 0

    def repeated(self, rows: int) -> Reader:
        """So many rows that have read what the one row of this reader has."""
        other = Reader(self.model, rows)
        other.cache = copy.deepcopy(self.cache)
        if other.cache is not None:
            other.cache.batch_repeat_interleave(rows)
        other.mask = self.mask.repeat(rows, 1)
        return other

    def read(self, blocks: Sequence[Block], starts: Sequence[int | None]) -> Tensor:
        """States `(rows, longest block, hidden)` after each token of chains; all of it counts as read.

        Args:
            starts: the slot from which on each row's states are wanted, None for none; others may be left out (zeros).
        """
        real = pad([[1] * len(block.tokens) for block in blocks], 0, torch.long).to(self.mask.device)
        positions = self.mask.sum(1, keepdim=True) + (real.cumsum(1) - 1).clamp(min=0)
        self.mask = torch.cat([self.mask, real], dim=1)
        return self._forward(blocks, self.mask, positions)

    def read_trees(self, blocks: Sequence[Block]) -> Tensor:
        """As `read`, for trees; none of it counts as read until `keep` says so."""
        device, width = self.mask.device, max(len(block.tokens) for block in blocks)
        sees = ancestors(blocks)
        before = self.mask.bool()[:, None, :].expand(-1, width, -1)
        visible = torch.cat([before, sees.to(device)], dim=2)[:, None]
        hidden = torch.finfo(self.model.dtype).min
        mask = torch.zeros(visible.shape, dtype=self.model.dtype, device=device).masked_fill_(inverse(visible), hidden)
        depths = pad([block.depths() for block in blocks], 0, torch.long).to(device)
        positions = self.mask.sum(1, keepdim=True) + depths
        self.mask = torch.cat([self.mask, torch.zeros(len(blocks), width, dtype=torch.long, device=device)], dim=1)
        return self._forward(blocks, mask, positions)

    def width(self, lengths: Sequence[int]) -> int:
        """How many tokens a row to read in the next pass, when rows have so many at hand."""
        return best_width(lengths)

    def logits(self, states: Tensor) -> Tensor:
        """Logits `(..., vocabulary)` of `states (..., hidden)`."""
        weight = head_weight(self.model)
        return F.linear(states.to(weight.dtype), weight)

    def keep(self, kept: Sequence[Sequence[int]]) -> None:
        """Which slots of the last block each row really said; the others are hidden from now on."""
        real = torch.zeros(len(kept), self._width, dtype=torch.long)
        for row, slots in enumerate(kept):
            real[row, list(slots)] = 1
        self.mask[:, -self._width :] = real.to(self.mask.device)

    def select(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        chosen = torch.tensor(rows, device=self.mask.device)
        self.cache.batch_select_indices(chosen)
        self.mask = self.mask[chosen]

    def close(self) -> None:
        """Read no more; another reader of the model may take the room."""

    def _forward(self, blocks: Sequence[Block], mask: Tensor, positions: Tensor) -> Tensor:
        tokens = pad([block.tokens for block in blocks], 0, torch.long).to(self.mask.device)
        self._width = tokens.shape[1]
        with autocast(self.model):
            output = decoder(self.model)(
                input_ids=tokens,
                attention_mask=mask,
                position_ids=positions,
                past_key_values=self.cache,
                use_cache=True,
            )
        self.cache = output.past_key_values
        return output.last_hidden_state


def best_width(lengths: Sequence[int]) -> int:
    """The tokens a row that are the most for their cost, when rows are padded to them."""
    ordered = np.sort(np.asarray(lengths))
    # Tokens read at each width that some row has, by all rows.
    before = np.concatenate([[0], np.cumsum(ordered)[:-1]])
    read = before + ordered * np.arange(len(ordered), 0, -1)
    return int(ordered[np.argmax(read / (PASS_TOKENS + ordered))])
