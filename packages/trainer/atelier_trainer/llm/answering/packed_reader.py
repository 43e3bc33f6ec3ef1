"""Reading tokens of many rows without padding, each row's keys and values at their positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from ..base.attention import Queries
from ..base.lean import LeanLlama, Pass
from .reader import Block, Reader, ancestors

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# Tokens that go through the layers together: more are no faster.
TOKENS_AT_ONCE = 2048
# Positions reserved beyond what a pass needs, for the answer.
ROOM = 64


def reader_of(model: PreTrainedModel) -> Reader | PackedReader:
    """A reader of one row that has read nothing: packed where the model allows it."""
    return PackedReader(LeanLlama(model)) if LeanLlama.fits(model) else Reader(model)


class PackedReader:
    """A batch of rows as `Reader` is one: the same methods, the same states."""

    def __init__(self, model: LeanLlama, rows: int = 1):
        self.model = model
        self.memory = model.memory(rows, 0)
        # All of the memory; rows that were not selected are in it.
        self._room = self.memory
        self.lengths = [0] * rows
        self._before = self.lengths

    def repeated(self, rows: int) -> PackedReader:
        """So many rows that have read what the one row of this reader has."""
        other = PackedReader(self.model, rows)
        other.lengths = self.lengths * rows
        # Without room, so that the first token moves all rows to a memory of their own.
        other.memory = self.memory[..., : self.lengths[0], :].expand(-1, -1, rows, -1, -1, -1)
        return other

    def read(self, blocks: Sequence[Block], starts: Sequence[int | None]) -> Tensor:
        """See `Reader.read`."""
        return self._read(blocks, starts, None)

    def read_trees(self, blocks: Sequence[Block]) -> Tensor:
        """See `Reader.read_trees`."""
        states = self._read(blocks, [0] * len(blocks), ancestors(blocks))
        self.lengths = self._before
        return states

    def width(self, lengths: Sequence[int]) -> int:
        """See `Reader.width`: here rows do not wait for another, and every pass reads all weights."""
        return max(lengths)

    def logits(self, states: Tensor) -> Tensor:
        """See `Reader.logits`."""
        return self.model.head(states)

    def keep(self, kept: Sequence[Sequence[int]]) -> None:
        """See `Reader.keep`: what stands moves together, and what comes next is written over the others."""
        for row, (slots, before) in enumerate(zip(kept, self._before, strict=True)):
            if list(slots) != list(range(len(slots))):
                memory = self.memory[:, :, row]
                memory[..., before : before + len(slots), :] = memory[..., [before + slot for slot in slots], :]
        self.lengths = [before + len(slots) for before, slots in zip(self._before, kept, strict=True)]

    def select(self, rows: Sequence[int]) -> None:
        """See `Reader.select`; `rows` in their order."""
        for place, row in enumerate(rows):
            if place != row:
                self.memory[:, :, place] = self.memory[:, :, row]
        self.memory = self.memory[:, :, : len(rows)]
        self.lengths = [self.lengths[row] for row in rows]

    def close(self) -> None:
        """See `Reader.close`."""
        self.model.take_back(self._room)

    def _read(self, blocks: Sequence[Block], starts: Sequence[int | None], sees: Tensor | None) -> Tensor:
        self._before = self.lengths
        self.lengths = [before + len(block.tokens) for before, block in zip(self._before, blocks, strict=True)]
        self._reserve(max(self.lengths))
        width = max(len(block.tokens) for block in blocks)
        states = torch.zeros(len(blocks), width, self.model.hidden, dtype=self.model.norm.weight.dtype)
        for rows in _together([len(block.tokens) for block in blocks]):
            step, (asked_rows, asked_slots) = self._pass(
                blocks[rows], self._before[rows], starts[rows], None if sees is None else sees[rows]
            )
            states[rows][asked_rows, asked_slots] = self.model.read(step, self.memory[:, :, rows])
        return states

    def _pass(
        self, blocks: Sequence[Block], before: Sequence[int], starts: Sequence[int | None], sees: Tensor | None
    ) -> tuple[Pass, tuple[Tensor, Tensor]]:
        """A pass over some rows' blocks, and row and slot of the tokens that it is asked about."""
        lengths = [len(block.tokens) for block in blocks]
        rows = torch.arange(len(blocks)).repeat_interleave(torch.tensor(lengths))
        slots = torch.cat([torch.arange(length) for length in lengths])
        offsets = torch.tensor(before)
        first = torch.tensor(
            [length if start is None else start for start, length in zip(starts, lengths, strict=True)]
        )
        asked = (slots >= first[rows]).nonzero()[:, 0]
        visible = _visible(offsets, torch.tensor(lengths), sees)
        depths = slots if sees is None else sees.sum(2)[rows, slots] - 1
        last_width = int((torch.tensor(lengths) - first).max())
        last_slots = (first[:, None] + torch.arange(last_width)).clamp(max=max(lengths) - 1)
        last_visible = visible[torch.arange(len(blocks))[:, None], last_slots]
        step = Pass(
            tokens=torch.tensor([token for block in blocks for token in block.tokens]),
            positions=offsets[rows] + depths,
            rows=rows,
            places=offsets[rows] + slots,
            queries=self._queries(rows, slots, visible),
            asked=asked,
            last=self._queries(rows[asked], (slots - first[rows])[asked], last_visible),
        )
        return step, (rows[asked], slots[asked])

    def _queries(self, rows: Tensor, slots: Tensor, visible: Tensor) -> Queries:
        return Queries.of(rows, slots, visible, self.model.heads, self.model.dtype)

    def _reserve(self, positions: int) -> None:
        if positions > self.memory.shape[4]:
            grown = self.model.memory(self.memory.shape[2], positions + ROOM)
            grown[..., : self.memory.shape[4], :] = self.memory
            self.memory = self._room = grown


def _together(lengths: Sequence[int]) -> Iterator[slice]:
    """Neighbouring rows with at most `TOKENS_AT_ONCE` tokens, or one row; none without any tokens."""
    start = 0
    for end in range(1, len(lengths) + 1):
        if end == len(lengths) or sum(lengths[start : end + 1]) > TOKENS_AT_ONCE:
            if any(lengths[start:end]):
                yield slice(start, end)
            start = end


def _visible(before: Tensor, lengths: Tensor, sees: Tensor | None) -> Tensor:
    """What each slot of a block may see, `(rows, width, positions)`: what its row has read and, in the block, what is
    before it or what `sees (rows, width, width)` says. No position is beyond the last token of all rows."""
    width = int(lengths.max())
    slots = torch.arange(width)
    position = torch.arange(int((before + lengths).max()))
    if sees is None:
        return position <= before[:, None, None] + slots[:, None]
    visible = (position < before[:, None, None]).repeat(1, width, 1)
    for row, own in zip(visible, zip(before.tolist(), sees, strict=True), strict=True):
        block = row[:, own[0] : own[0] + width]
        block.copy_(own[1][:, : block.shape[1]])
    return visible
