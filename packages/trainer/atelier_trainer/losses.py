"""Losses of next-item prediction over `(positions, hidden)` states and an `(items, hidden)` table."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

CHUNK_LOGITS = 1_000_000
"""Logits held at a time. All of them at once (positions by items) would leave the caches, or the memory."""


class _FullSoftmax(torch.autograd.Function):
    """Computes gradients along with the loss, chunk by chunk, so that no logits outlive their chunk."""

    @staticmethod
    def forward(ctx, states: Tensor, table: Tensor, targets: Tensor, dtype: torch.dtype) -> Tensor:  # type: ignore[override]
        states_low, table_low = states.to(dtype), table.to(dtype)
        grad_states = torch.empty_like(states)
        grad_table = torch.zeros_like(table)
        loss = states.new_zeros(())
        chunk = max(16, CHUNK_LOGITS // len(table))
        for start in range(0, len(states), chunk):
            part = slice(start, start + chunk)
            wanted = targets[part, None]
            probabilities = (states_low[part] @ table_low.T).softmax(-1)
            own = probabilities.gather(1, wanted)
            loss -= own.float().clamp_min(1e-38).log().sum()
            probabilities.scatter_(1, wanted, own - 1)
            grad_states[part] = probabilities @ table_low
            grad_table += probabilities.T @ states_low[part]
        ctx.save_for_backward(grad_states, grad_table)
        return loss / len(states)

    @staticmethod
    def backward(ctx, grad: Tensor):  # type: ignore[override]
        grad_states, grad_table = ctx.saved_tensors
        scale = grad / len(grad_states)
        return grad_states * scale, grad_table * scale, None, None


def full_softmax(states: Tensor, table: Tensor, targets: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Mean cross-entropy of `targets` `(positions,)` under a softmax over all rows of `table`.

    `dtype` is that of the products (bfloat16 where the hardware has it); sums and gradients stay in float32.
    """
    return _FullSoftmax.apply(states, table, targets, dtype)


def one_negative(states: Tensor, table: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
    """Binary cross-entropy with one sampled negative a position (Kang and McAuley, 2018, equation 6)."""
    positive = (states * table[targets]).sum(-1)
    negative = (states * table[negatives]).sum(-1)
    return -(F.logsigmoid(positive) + F.logsigmoid(-negative)).mean()
