"""Loss and perplexity of responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch

from ...device import release_freed_memory
from ...ranks import Ranks
from ..text.batching import length_batches
from ..text.prompts import TokenRows
from .loss import PADDED, Reading, read_batch, row_means, token_losses

if TYPE_CHECKING:
    from transformers import PreTrainedModel


# Batches between two returns of freed memory.
BATCHES_A_RELEASE = 10


@torch.no_grad()
def response_losses(
    model: PreTrainedModel,
    rows: TokenRows,
    batch_size: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
    how: Reading = PADDED,
) -> np.ndarray:
    """Mean negative log-likelihood `(rows,)` of each row's counted tokens; e to it is the perplexity."""
    training = model.training
    model.eval()
    losses = np.zeros(len(rows.rows))
    done = 0
    # Batches are the same however many processes take turns with them.
    ranks = Ranks.of_process()
    for number, numbers in enumerate(length_batches(rows.lengths, batch_size, None)):
        done += len(numbers)
        if number % ranks.size != ranks.rank:
            continue
        batch = read_batch(rows, numbers, model.device, how)
        losses[numbers] = row_means(token_losses(model, batch), batch).cpu().numpy()
        progress(done, len(losses))
        if number % BATCHES_A_RELEASE == 0:
            release_freed_memory()
    progress(done, len(losses))
    model.train(training)
    return ranks.total(losses)


def mean_loss(model: PreTrainedModel, rows: TokenRows, batch_size: int, how: Reading = PADDED) -> float:
    return float(response_losses(model, rows, batch_size, how=how).mean())
