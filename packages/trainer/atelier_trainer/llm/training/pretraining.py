"""Pre-training of a scratch model: prompts with their responses, and the catalogue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...checkpoints import NO_CHECKPOINTS, Checkpoints
from ..base.forward import decoder
from ..base.scratch import MAX_POSITIONS, ItemTable, Rivals, pretraining_loss
from ..text.batching import length_batches
from ..text.prompts import TokenRow, TokenRows
from ..text.response import encode_all
from .loss import Batch, shared, weight_of
from .optimiser import Trainer

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import FalconForCausalLM, PreTrainedTokenizerBase

    from ...events import EventWriter
    from ...params import BaseModelParams

# Catalogue text read in an epoch, as a share of the prompts' tokens: enough to tie ids to titles.
CATALOGUE_SHARE = 0.3
# Words of prompts that an epoch predicts at most. Where there are more, a share of them is drawn anew for each epoch:
# most are copies, and their softmax over the vocabulary would be a third of the work. Ids and responses always count.
MOST_WORDS = 500_000
# Catalogue documents are short, so that a batch takes more of them.
DOCUMENTS_PER_PROMPT = 4


def document_rows(tokenizer: PreTrainedTokenizerBase, documents: list[str]) -> TokenRows:
    rows = []
    for tokens in encode_all(tokenizer, documents):
        tokens = [*tokens, tokenizer.eos_token_id][:MAX_POSITIONS]
        rows.append(TokenRow(tokens, np.ones(len(tokens), dtype=np.float32)))
    return TokenRows([], rows, 0)


def pretrain(
    model: FalconForCausalLM,
    items: ItemTable,
    prompts: TokenRows,
    documents: TokenRows,
    params: BaseModelParams,
    seed: int,
    events: EventWriter,
    checkpoints: Checkpoints = NO_CHECKPOINTS,
    rows_at_once: int | None = None,
) -> Trainer:
    """Next-token training on prompts with their responses and on a fresh share of the catalogue each epoch."""
    rng = np.random.default_rng(seed)
    first_id = len(items.words)
    epochs = [
        _epoch(_thinned(prompts, first_id, rng), documents, params.batch_size, rng)
        for _ in range(math.ceil(params.epochs))
    ]
    last = params.epochs - math.floor(params.epochs)
    if last:
        epochs[-1] = epochs[-1][: max(1, round(len(epochs[-1]) * last))]
    layers = decoder(model)
    trainer = Trainer(
        [*layers.h.parameters(), *layers.ln_f.parameters(), *items.parameters()],
        learning_rate=params.learning_rate,
        steps=sum(map(len, epochs)),
        events=events,
    )
    training = checkpoints.training("training", steps=trainer.total, rng=rng, trainer=trainer)
    lessons = _Lessons(model, items, rows_at_once)
    model.train()
    for number in training.passes(1, len(epochs)):
        trainer.run(f"epoch {number}", training, epochs[number - 1], lessons)
    model.eval()
    return trainer


@dataclass(frozen=True)
class _Part:
    """Rows `numbers` of a batch, and the ids that compete in the whole of it."""

    rows: TokenRows
    numbers: np.ndarray
    rivals: Rivals


@dataclass(frozen=True)
class _Lessons:
    model: FalconForCausalLM
    items: ItemTable
    rows_at_once: int | None

    def tokens(self, batch: tuple[TokenRows, np.ndarray]) -> int:
        rows, numbers = batch
        return sum(len(rows.rows[number].tokens) for number in numbers)

    def parts(self, batch: tuple[TokenRows, np.ndarray]) -> list[_Part]:
        rows, numbers = batch
        rivals = Rivals.draw(Batch.of(rows, numbers, self.model.device), self.items)
        return [_Part(rows, part, rivals) for part in shared(numbers, self.rows_at_once)]

    def weight(self, part: _Part) -> float:
        return weight_of(part.rows, part.numbers)

    def loss(self, part: _Part) -> Tensor:
        batch = Batch.of(part.rows, part.numbers, self.model.device)
        return pretraining_loss(self.model, self.items, batch, part.rivals)


def _thinned(prompts: TokenRows, first_id: int, rng: np.random.Generator) -> TokenRows:
    """The prompts with `MOST_WORDS` of their words counted, each so much more that the loss expected is the same."""
    words = [np.array(row.tokens[: row.answer]) < first_id for row in prompts.rows]
    share = min(1.0, MOST_WORDS / max(1, sum(int(asked.sum()) for asked in words)))
    if share == 1:
        return prompts
    rows = []
    for row, asked in zip(prompts.rows, words, strict=True):
        factors = np.ones(len(row.tokens), dtype=np.float32)
        factors[: row.answer][asked] = np.where(rng.random(asked.sum()) < share, 1 / share, 0)
        rows.append(TokenRow(row.tokens, row.weights * factors, row.answer))
    return TokenRows(prompts.prefix, rows, prompts.truncated)


def _epoch(
    prompts: TokenRows, documents: TokenRows, batch_size: int, rng: np.random.Generator
) -> list[tuple[TokenRows, np.ndarray]]:
    picked = rng.permutation(len(documents.rows))
    lengths = np.array(documents.lengths)[picked]
    picked = picked[np.cumsum(lengths) <= CATALOGUE_SHARE * sum(prompts.lengths)]
    batches = [(prompts, rows) for rows in length_batches(prompts.lengths, batch_size, rng)]
    if len(picked):
        groups = length_batches([documents.lengths[row] for row in picked], batch_size * DOCUMENTS_PER_PROMPT, rng)
        batches += [(documents, picked[rows]) for rows in groups]
    order = rng.permutation(len(batches))
    return [batches[place] for place in order]
