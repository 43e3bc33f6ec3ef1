"""Choosing tokens: the most likely one, or one of the nucleus by a given random number."""

from __future__ import annotations

import torch
from torch import Tensor

# The nucleus rarely holds more tokens than this; where it does, the whole vocabulary is sorted.
_HEAD = 256


def sample(logits: Tensor, temperature: float, top_p: float, drawn: Tensor) -> Tensor:
    """Tokens `(rows,)` by temperature and nucleus sampling (Holtzman et al., 2020; paper, section 5.1).

    Args:
        logits: `(rows, vocabulary)`.
        drawn: a uniform random number for each row, `(rows,)`; the same one chooses the same token.
    """
    probabilities = (logits / temperature).softmax(1)
    ordered, order = probabilities.topk(min(_HEAD, probabilities.shape[1]), dim=1)
    if (ordered.sum(1) < top_p).any():
        ordered, order = probabilities.sort(dim=1, descending=True)
    # A token stays while the mass before it is below top-p, so the most likely one always does.
    before = ordered.cumsum(1) - ordered
    ordered = ordered.masked_fill(before >= top_p, 0)
    ordered[:, 0].clamp_(min=torch.finfo(ordered.dtype).tiny)
    reached = ordered.cumsum(1)
    wanted = drawn.to(reached.dtype)[:, None] * reached[:, -1:]
    place = (reached <= wanted).sum(1, keepdim=True).clamp(max=reached.shape[1] - 1)
    # A number just below 1 may round to the whole mass and step past the nucleus.
    last = (ordered > 0).sum(1, keepdim=True) - 1
    return order.gather(1, torch.minimum(place, last))[:, 0]
