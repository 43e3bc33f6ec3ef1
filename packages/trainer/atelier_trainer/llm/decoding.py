"""Generation in batches: left padding, key-value cache, one run of the shared instruction, early stop row by row."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .batching import length_batches, pad, shared_prefix
from .forward import autocast, decoder, head_weight
from .grammar import FreeRow, Grammar, Row
from .prompts import encode_texts, fit

if TYPE_CHECKING:
    from transformers import Cache, PreTrainedModel, PreTrainedTokenizerBase

    from ..params import GenerateParams

# Finished rows are taken out of a batch once they are this share of it: copying the cache costs about one step.
COMPACT_SHARE = 0.25
# A prefix shorter than this is not worth a run of its own.
SHORTEST_PREFIX = 16


@dataclass(frozen=True)
class Generation:
    """`log_probability`: of the tokens that were chosen (forced ones excluded), under the model without any mask."""

    text: str
    log_probability: float
    tokens: int
    finish: str


class Generator:
    """Answers prompts with one model; keeps the cache of the instruction that its prompts begin with.

    Args:
        item_ids: the catalogue, for `constrained` decoding.
        share_prefix: run the tokens that all prompts have in common once (same output, less work).
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        item_ids: Sequence[int],
        params: GenerateParams,
        *,
        seed: int,
        share_prefix: bool = True,
    ):
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.params = params
        self.share_prefix = share_prefix
        self.grammar = Grammar(tokenizer, item_ids) if params.decoding == "constrained" else None
        self.random = torch.Generator(device=model.device).manual_seed(seed)
        self.truncated = 0
        self._prefix: list[int] = []
        self._prefix_cache: Cache | None = None

    @torch.no_grad()
    def generate(
        self, prompts: Sequence[str], progress: Callable[[int, int], None] = lambda done, total: None
    ) -> list[Generation]:
        """Answers in the order of `prompts`; `progress` is told (done, total) after each batch."""
        if not prompts:
            return []
        encoded = self._fitted(encode_texts(self.tokenizer, prompts))
        self._learn_prefix(encoded)
        answers: list[Generation | None] = [None] * len(prompts)
        done = 0
        for numbers in length_batches([len(row) for row in encoded], self.params.batch_size, None):
            for number, answer in zip(numbers, self._batch([encoded[number] for number in numbers]), strict=True):
                answers[number] = answer
            done += len(numbers)
            progress(done, len(prompts))
        return [answer for answer in answers if answer is not None]

    def _fitted(self, encoded: list[list[int]]) -> list[list[int]]:
        """Prompts cut to what the model has positions for, the oldest interactions first."""
        positions = getattr(self.model.config, "max_position_embeddings", None)
        if positions is None:
            return encoded
        room = positions - self.params.max_new_tokens - 32  # 32: an id and tags may exceed the limit on titles
        self.truncated += sum(len(row) > room for row in encoded)
        if max(map(len, encoded)) <= room:
            return encoded
        head = shared_prefix(encoded) if len(encoded) > 1 else min(len(self._prefix), room // 2)
        return [fit(row, min(head, room // 2), room) for row in encoded]

    def _learn_prefix(self, encoded: list[list[int]]) -> None:
        known = len(self._prefix)
        if not self.share_prefix or (
            known and all(row[:known] == self._prefix and len(row) > known for row in encoded)
        ):
            return
        length = shared_prefix(encoded) if len(encoded) > 1 else 0
        self._prefix, self._prefix_cache = [], None
        if length >= SHORTEST_PREFIX:
            self._prefix = encoded[0][:length]
            tokens = torch.tensor([self._prefix], device=self.model.device)
            with autocast(self.model):
                self._prefix_cache = decoder(self.model)(input_ids=tokens, use_cache=True).past_key_values

    def _batch(self, prompts: list[list[int]]) -> list[Generation]:
        rows = [Row(self.grammar) if self.grammar is not None else FreeRow(self.tokenizer) for _ in prompts]
        scores = np.zeros(len(rows))
        device = self.model.device
        inputs = [prompt[len(self._prefix) :] + row.pending for prompt, row in zip(prompts, rows, strict=True)]
        tokens = pad(inputs, self.tokenizer.eos_token_id, torch.long, side="left").to(device)
        real = pad([[1] * len(row) for row in inputs], 0, torch.long, side="left").to(device)
        mask = torch.cat([torch.ones(len(rows), len(self._prefix), dtype=torch.long, device=device), real], dim=1)
        cache = copy.deepcopy(self._prefix_cache)
        if cache is not None:
            cache.batch_repeat_interleave(len(rows))
        live = list(range(len(rows)))
        for row in rows:
            row.pending = []
        while True:
            logits, cache = self._step(tokens, mask, cache)
            choosing = [place for place, number in enumerate(live) if not (rows[number].pending or rows[number].finish)]
            self._choose(logits, choosing, live, rows, scores)
            open_places = [place for place, number in enumerate(live) if rows[number].finish is None]
            if not open_places:
                break
            if len(open_places) <= len(live) * (1 - COMPACT_SHARE):
                kept = torch.tensor(open_places, device=device)
                cache.batch_select_indices(kept)
                mask, live = mask[kept], [live[place] for place in open_places]
            tokens = self._feed([rows[number] for number in live]).to(device)
            mask = torch.cat([mask, torch.ones_like(tokens)], dim=1)
        return [
            Generation(row.text(), float(score), row.tokens, row.finish or "length")
            for row, score in zip(rows, scores, strict=True)
        ]

    def _step(self, tokens: Tensor, mask: Tensor, cache: Cache | None) -> tuple[Tensor, Cache]:
        """Read `tokens (batch, new)`; logits `(batch, vocabulary)` of what follows, in float32."""
        positions = (mask.cumsum(1) - 1).clamp(min=0)[:, -tokens.shape[1] :]
        with autocast(self.model):
            output = decoder(self.model)(
                input_ids=tokens, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
            )
        weight = head_weight(self.model)
        return F.linear(output.last_hidden_state[:, -1].to(weight.dtype), weight).float(), output.past_key_values

    def _choose(
        self, logits: Tensor, choosing: list[int], live: list[int], rows: list[Row | FreeRow], scores: np.ndarray
    ) -> None:
        if not choosing:
            return
        logits = logits[choosing]
        allowed = [rows[live[place]].allowed() for place in choosing]
        masked = logits
        if allowed[0] is not None:
            masked = torch.full_like(logits, -torch.inf)
            for index, tokens in enumerate(allowed):
                at = torch.from_numpy(tokens).to(logits.device)
                masked[index, at] = logits[index, at]
        tokens = sample(masked, self.params, self.random) if self.params.decoding == "sampled" else masked.argmax(1)
        gained = logits.log_softmax(1).gather(1, tokens[:, None])[:, 0].cpu().numpy()
        for place, token, gain in zip(choosing, tokens.tolist(), gained, strict=True):
            rows[live[place]].advance(token, self.params.max_new_tokens)
            scores[live[place]] += gain

    def _feed(self, rows: list[Row | FreeRow]) -> Tensor:
        """The next tokens to read `(batch, new)`: as many as every row has waiting, so that no padding is needed."""
        filler = self.tokenizer.eos_token_id
        count = min(len(row.pending) for row in rows if row.finish is None)
        fed = []
        for row in rows:
            now = row.pending[:count] if row.finish is None else []
            fed.append(now + [filler] * (count - len(now)))
            if row.finish is None:
                row.pending = row.pending[count:]
        return torch.tensor(fed)


def sample(logits: Tensor, params: GenerateParams, random: torch.Generator) -> Tensor:
    """Tokens `(batch,)` by temperature and nucleus sampling (Holtzman et al., 2020; paper, section 5.1)."""
    probabilities = (logits / params.temperature).softmax(1)
    ordered, order = probabilities.sort(dim=1, descending=True)
    # A token stays while the mass before it is below top-p, so the most likely one always does.
    ordered = ordered.masked_fill(ordered.cumsum(1) - ordered >= params.top_p, 0)
    ordered[:, 0].clamp_(min=torch.finfo(ordered.dtype).tiny)
    return order.gather(1, torch.multinomial(ordered, 1, generator=random))[:, 0]
