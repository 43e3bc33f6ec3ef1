"""Next-token losses that compute logits only for the tokens that count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .batching import pad
from .forward import autocast, head_weight, hidden_states
from .prompts import TokenRows

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


def token_losses(model: PreTrainedModel, batch: Batch) -> Tensor:
    """Negative log-likelihood `(counted tokens,)` of the tokens that count, row by row, natural logarithm."""
    with autocast(model):
        hidden = hidden_states(model, batch.prefix, batch.tokens)[:, :-1][batch.counted]
        logits = F.linear(hidden, head_weight(model))
    return F.cross_entropy(logits.float(), batch.tokens[:, 1:][batch.counted], reduction="none")


def weighted_loss(losses: Tensor, batch: Batch) -> Tensor:
    """Mean of the losses, weighted token by token."""
    weights = batch.weights[:, 1:][batch.counted]
    return (losses * weights).sum() / weights.sum()


def row_means(losses: Tensor, batch: Batch) -> Tensor:
    """Mean loss `(batch,)` of each row over its tokens that count, unweighted; e to it is the row's perplexity."""
    counted = batch.counted
    rows = counted.nonzero()[:, 0]
    total = torch.zeros(len(counted), device=losses.device).index_add(0, rows, losses)
    return total / counted.sum(1)
