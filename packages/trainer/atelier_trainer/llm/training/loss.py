"""Next-token losses that compute logits only for the tokens that count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ...ranks import Ranks
from ..base.forward import autocast, decoder, head_weight, hidden_states
from ..text.batching import pad
from ..text.prompts import TokenRows
from .frozen import FrozenStates
from .packing import Layout, Packing

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Batch:
    """Right-padded rows after the shared prefix: `tokens` and `weights`, both `(batch, length)`."""

    prefix: Tensor
    tokens: Tensor
    weights: Tensor

    @staticmethod
    def of(rows: TokenRows, numbers: np.ndarray, device: torch.device) -> Batch:
        chosen = [rows.rows[number] for number in numbers]
        return Batch(
            torch.tensor(rows.prefix, dtype=torch.long, device=device),
            pad([row.tokens for row in chosen], 0, torch.long).to(device),
            pad([row.weights for row in chosen], 0, torch.float32).to(device),
        )

    @property
    def counted(self) -> Tensor:
        """Mask `(batch, length - 1)` of the positions whose next token counts."""
        return self.weights[:, 1:] > 0

    def counted_states(self, model: PreTrainedModel) -> Tensor:
        return hidden_states(model, self.prefix, self.tokens)[:, :-1][self.counted]

    @property
    def targets(self) -> Targets:
        counted = self.counted
        return Targets(
            self.tokens[:, 1:][counted], self.weights[:, 1:][counted], counted.nonzero()[:, 0], len(self.tokens)
        )


@dataclass(frozen=True)
class PackedBatch:
    """The same rows without padding, as one row: the shared prefix, then one after the other."""

    packing: Packing
    layout: Layout
    tokens: Tensor
    weights: Tensor
    numbers: np.ndarray
    frozen: FrozenStates | None

    @staticmethod
    def of(
        packing: Packing,
        rows: TokenRows,
        numbers: np.ndarray,
        device: torch.device,
        frozen: FrozenStates | None = None,
    ) -> PackedBatch:
        chosen = [rows.rows[number] for number in numbers]
        tokens = np.concatenate([rows.prefix, *(row.tokens for row in chosen)]).astype(np.int64)
        # A row's first token has nothing of its own before it: as in padded rows, nothing is predicted there.
        weights = [np.concatenate([np.zeros(1), row.weights[1:]]) for row in chosen]
        weights = np.concatenate([np.zeros(len(rows.prefix)), *weights]).astype(np.float32)
        layout = Layout(len(rows.prefix), tuple(len(row.tokens) for row in chosen))
        return PackedBatch(
            packing,
            layout,
            torch.from_numpy(tokens).to(device),
            torch.from_numpy(weights).to(device),
            numbers,
            frozen,
        )

    def keep_frozen(self) -> None:
        """Have the states under the lowest adapter kept, as reading the batch would."""
        self.packing.layout = self.layout
        self.frozen.keep(self.numbers, self.tokens, self.layout.positions(self.tokens.device))

    def counted_states(self, model: PreTrainedModel) -> Tensor:
        self.packing.layout = self.layout
        positions = self.layout.positions(self.tokens.device)
        if self.frozen is not None:
            states = self.frozen.upper(self.numbers, self.tokens, positions)
        else:
            read = decoder(model)(input_ids=self.tokens[None], position_ids=positions, use_cache=False)
            states = read.last_hidden_state
        return states[0][self._counted - 1]

    @property
    def _counted(self) -> Tensor:
        return self.weights.nonzero()[:, 0]

    @property
    def targets(self) -> Targets:
        counted = self._counted
        lengths = torch.tensor([self.layout.prefix, *self.layout.lengths], device=counted.device)
        rows = torch.repeat_interleave(torch.arange(len(lengths), device=counted.device) - 1, lengths)
        return Targets(self.tokens[counted], self.weights[counted], rows[counted], len(self.layout.lengths))


@dataclass(frozen=True)
class Targets:
    """Tokens that count, row by row: each one's weight and the row of the batch that it belongs to."""

    tokens: Tensor
    weights: Tensor
    rows: Tensor
    size: int


@dataclass(frozen=True)
class Reading:
    """How a model reads rows: packed where it was prepared for that, otherwise padded. `frozen` needs `packing`."""

    packing: Packing | None = None
    frozen: FrozenStates | None = None


PADDED = Reading()


def read_batch(
    rows: TokenRows, numbers: np.ndarray, device: torch.device, how: Reading = PADDED
) -> Batch | PackedBatch:
    """Rows `numbers` as the model is to read them."""
    if how.packing is None:
        return Batch.of(rows, numbers, device)
    frozen = how.frozen if how.frozen is not None and how.frozen.rows is rows else None
    return PackedBatch.of(how.packing, rows, numbers, device, frozen)


def token_losses(model: PreTrainedModel, batch: Batch | PackedBatch) -> Tensor:
    """Negative log-likelihood `(counted tokens,)` of the tokens that count, row by row, natural logarithm."""
    with autocast(model):
        logits = F.linear(batch.counted_states(model), head_weight(model))
    return F.cross_entropy(logits.float(), batch.targets.tokens, reduction="none")


def weighted_loss(losses: Tensor, batch: Batch | PackedBatch) -> Tensor:
    """Mean of the losses, weighted token by token."""
    weights = batch.targets.weights
    return (losses * weights).sum() / weights.sum()


def weight_of(rows: TokenRows, numbers: np.ndarray) -> float:
    """Sum of the weights that `weighted_loss` divides by, for some of the rows."""
    return float(sum(rows.rows[number].weights[1:].sum(dtype=np.float64) for number in numbers))


def shared(numbers: np.ndarray, rows_at_once: int | None) -> list[np.ndarray]:
    """Rows of a batch that this process reads, at most so many at a time; alone and without a limit, all of it."""
    mine = Ranks.of_process().share(numbers)
    size = rows_at_once or max(1, len(mine))
    return [mine[start : start + size] for start in range(0, len(mine), size)]


def row_means(losses: Tensor, batch: Batch | PackedBatch) -> Tensor:
    """Mean loss `(batch,)` of each row over its tokens that count, unweighted; e to it is the row's perplexity."""
    targets = batch.targets
    total = torch.zeros(targets.size, device=losses.device).index_add(0, targets.rows, losses)
    return total / torch.bincount(targets.rows, minlength=targets.size)
