"""What training and ranking need of a model of item sequences."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..data.sequences import PAD


class Lessons(NamedTuple):
    """What a batch teaches: `states` `(targets, hidden)` should score the catalogue rows `items` `(targets,)` highest.

    `sequences` `(targets,)` says which row of the batch a target stands in.
    """

    states: Tensor
    items: Tensor
    sequences: Tensor


class SequenceModel(nn.Module):
    """A causal model: `forward` takes ids `(batch, length)`, a catalogue row plus one each with `PAD` on the right, to
    states `(batch, length, hidden)`, and the state at a position says what comes after it.

    A model that learns otherwise overrides `lessons` and `last_states`. An item's score is the product of a state with
    its row of `table`. Row 0 of `items` is padding.
    """

    items: nn.Embedding

    def table(self) -> Tensor:
        """Item vectors `(items, hidden)`."""
        return self.items.weight[1:]

    def lessons(self, ids: Tensor) -> Lessons:
        """Of windows `(batch, length + 1)`: every item but a window's first, from those before it, in one pass."""
        following = ids[:, 1:]
        learned = following != PAD
        return Lessons(self(ids[:, :-1])[learned], following[learned] - 1, learned.nonzero()[:, 0])

    @torch.inference_mode()
    def last_states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """States `(batch, hidden)` that score what follows each history `(batch, length)`."""
        return self(ids)[torch.arange(len(ids), device=ids.device), lengths.clamp_min(1) - 1]
