"""What one pass of training reads: positions drawn anew, in batches of like length."""

from __future__ import annotations

import numpy as np

from .inputs import InputBuilder, batches_by_length
from .positions import POSITIONS_PER_USER, Targets


def draw_pass(
    targets: Targets, builder: InputBuilder, batch_size: int, rng: np.random.Generator
) -> tuple[Targets, list[np.ndarray]]:
    """The positions of a pass, and the rows of them that make each batch."""
    drawn = targets.take(targets.draw(rng))
    return drawn, list(batches_by_length(builder.lengths(drawn.histories), batch_size, rng))


def batches_a_pass(targets: Targets, batch_size: int) -> int:
    drawn = int(np.minimum(np.bincount(targets.users), POSITIONS_PER_USER).sum())
    return max(1, round(drawn / batch_size))
