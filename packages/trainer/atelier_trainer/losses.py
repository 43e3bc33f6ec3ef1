"""Losses of next-item prediction over `(positions, hidden)` states and an `(items, hidden)` table."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

CHUNK_LOGITS = 1_000_000
"""Logits held at a time. All of them at once (positions by items) would leave the caches, or the memory."""

STREAMED_POSITIONS = 1024
"""Positions of a tile, where the catalogue is too large for chunks that hold all of it."""

FEW = 32
"""Positions of a chunk below which tiles are faster, though they compute the logits twice (measured on a CPU)."""


class _FullSoftmax(torch.autograd.Function):
    """Computes gradients along with the loss, chunk by chunk, so that no logits outlive their chunk."""

    @staticmethod
    def forward(ctx, states: Tensor, table: Tensor, targets: Tensor, dtype: torch.dtype) -> Tensor:  # type: ignore[override]
        gradients = torch.zeros_like(states), torch.zeros_like(table)
        learn = _whole_rows if CHUNK_LOGITS // len(table) >= FEW else _streamed
        loss = learn(states.detach(), table.detach(), targets, dtype, *gradients)
        for gradient in gradients:
            gradient /= len(states)
        # Handed on without a copy: at a million items, one of the table's gradient is a third of all that is held.
        ctx.gradients = gradients
        return loss / len(states)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad: Tensor):  # type: ignore[override]
        if ctx.gradients is None:
            raise RuntimeError("full_softmax can be differentiated once")
        grad_states, grad_table = ctx.gradients
        ctx.gradients = None
        return grad_states.mul_(grad), grad_table.mul_(grad), None, None


def _whole_rows(
    states: Tensor, table: Tensor, targets: Tensor, dtype: torch.dtype, grad_states: Tensor, grad_table: Tensor
) -> Tensor:
    """Adds up the loss and both gradients; a chunk holds some positions' logits over all items."""
    loss = states.new_zeros(())
    states, table = states.to(dtype), table.to(dtype)
    chunk = CHUNK_LOGITS // len(table)
    for start in range(0, len(states), chunk):
        part = slice(start, start + chunk)
        wanted = targets[part, None]
        probabilities = (states[part] @ table.T).softmax(-1)
        own = probabilities.gather(1, wanted)
        loss -= own.float().clamp_min(1e-38).log().sum()
        probabilities.scatter_(1, wanted, own - 1)
        grad_states[part] = probabilities @ table
        grad_table += probabilities.T @ states[part]
    return loss


def _streamed(
    states: Tensor, table: Tensor, targets: Tensor, dtype: torch.dtype, grad_states: Tensor, grad_table: Tensor
) -> Tensor:
    """The same in tiles of positions by items: a first walk over the items takes the logarithm of each position's sum
    of exponentials (merged tile by tile, as in Milakov and Gimelshein 2018, arXiv:1805.02867), a second the gradients.
    """
    loss = states.new_zeros(())
    rows = min(len(states), STREAMED_POSITIONS)
    columns = max(1, CHUNK_LOGITS // rows)
    tiles = [slice(start, start + columns) for start in range(0, len(table), columns)]
    for start in range(0, len(states), rows):
        part = slice(start, start + rows)
        mine, wanted = states[part].to(dtype), targets[part]
        log_sums = torch.full((len(mine),), -torch.inf, device=states.device)
        for tile in tiles:
            log_sums = torch.logaddexp(log_sums, (mine @ table[tile].to(dtype).T).float().logsumexp(-1))
        loss += (log_sums - (mine.float() * table[wanted].to(dtype).float()).sum(-1)).sum()
        for tile in tiles:
            items = table[tile].to(dtype)
            probabilities = (mine @ items.T).float().sub_(log_sums[:, None]).exp_()
            here = ((wanted >= tile.start) & (wanted < tile.stop)).nonzero()[:, 0]
            probabilities[here, wanted[here] - tile.start] -= 1
            probabilities = probabilities.to(dtype)
            grad_states[part] += probabilities @ items
            grad_table[tile] += probabilities.T @ mine
    return loss


def full_softmax(states: Tensor, table: Tensor, targets: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Mean cross-entropy of `targets` `(positions,)` under a softmax over all rows of `table`.

    What it holds beside its inputs and their gradients is bounded by `CHUNK_LOGITS`, whatever the catalogue. Its value
    can be differentiated once. `dtype` is that of the products (bfloat16 where the hardware has it); sums and gradients
    stay in float32.
    """
    return _FullSoftmax.apply(states, table, targets, dtype)


def one_negative(states: Tensor, table: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
    """Binary cross-entropy with one sampled negative a position (Kang and McAuley, 2018, equation 6)."""
    positive = (states * table[targets]).sum(-1)
    negative = (states * table[negatives]).sum(-1)
    return -(F.logsigmoid(positive) + F.logsigmoid(-negative)).mean()
