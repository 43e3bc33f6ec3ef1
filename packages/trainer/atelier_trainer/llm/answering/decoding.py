"""Generation on transformers, in batches: one run of the shared instruction, guesses verified in one pass, early stop
row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from ..base.forward import head_weight
from ..base.limits import longest_row
from ..text.batching import length_batches, shared_prefix
from ..text.response import ResponseTokens, encode_all
from .drafts import Drafts
from .fitting import fit_all
from .free_answer import FreeRow
from .generator import Generation
from .grammar import Grammar, Row, as_places
from .ids import Ids
from .likelihood import CandidateTree, candidate_likelihoods
from .packed_reader import PackedReader, reader_of
from .reader import Block, Reader
from .requests import Request
from .sampling import sample

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from ...params import GenerateParams

# Finished rows are taken out of a batch once they are this share of it: copying the cache costs about one step.
COMPACT_SHARE = 0.25
# A prefix shorter than this is not worth a run of its own.
SHORTEST_PREFIX = 16
# Up to so many positions get their logits at once; of more, only those that a verification reaches.
LOGITS_AT_ONCE = 512


@dataclass
class _Answer:
    """A row of a batch: the answer in the making, its request's number and its score so far."""

    row: Row | FreeRow
    random: np.random.Generator
    score: float = 0.0


class TransformersGenerator:
    """A `Generator` that reads with a loaded model; keeps the cache of the instruction that its prompts begin with.

    Args:
        ids: what `constrained` answers may name, and what drafts are made of.
        share_prefix: run the tokens that all prompts have in common once (same output, less work).
        draft: guess ids and titles and verify them in one pass (same output, fewer passes).
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        ids: Ids,
        params: GenerateParams,
        *,
        seed: int,
        share_prefix: bool = True,
        draft: bool = True,
    ):
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.ids = ids
        self.params = params
        self.seed = seed
        self.share_prefix = share_prefix
        self.draft = draft
        self.pieces = ResponseTokens.of(tokenizer)
        constrained = params.decoding == "constrained"
        self.grammar = Grammar(tokenizer, head_weight(model).shape[0], model.device) if constrained else None
        self.truncated = 0
        self.passes = 0
        self._recent: list[int] = []
        self._prefix: list[int] = []
        self._fresh = reader_of(model)
        # One row that has read the prefix.
        self._begun = self._fresh

    @torch.no_grad()
    def generate(
        self, requests: Sequence[Request], progress: Callable[[int, int], None] = lambda done, total: None
    ) -> list[Generation]:
        """Answers in the order of `requests`; `progress` is told (done, total) after each batch."""
        if not requests:
            return []
        encoded = self._fitted(encode_all(self.tokenizer, [request.prompt for request in requests]))
        self._learn_prefix(encoded)
        answers: list[Generation | None] = [None] * len(requests)
        done = 0
        for numbers in length_batches([len(row) for row in encoded], self.params.batch_size, None):
            made = self._batch(
                [encoded[number] for number in numbers], [requests[number] for number in numbers], numbers
            )
            for number, answer in zip(numbers, made, strict=True):
                answers[number] = answer
            done += len(numbers)
            progress(done, len(requests))
        return [answer for answer in answers if answer is not None]

    def _fitted(self, encoded: list[list[int]]) -> list[list[int]]:
        fitted, cut = fit_all(encoded, longest_row(self.model.config), self.params.max_new_tokens, len(self._prefix))
        self.truncated += cut
        return fitted

    def _learn_prefix(self, encoded: list[list[int]]) -> None:
        # One prompt alone (live serving) shares what it has in common with the one before it.
        rows = encoded if len(encoded) > 1 else [self._recent, *encoded]
        self._recent = encoded[-1]
        known = len(self._prefix)
        if not self.share_prefix or (
            known and all(row[:known] == self._prefix and len(row) > known for row in encoded)
        ):
            return
        length = shared_prefix(rows)
        self._prefix, self._begun = [], self._fresh
        if length >= SHORTEST_PREFIX:
            self._prefix = encoded[0][:length]
            self._begun = self._fresh.repeated(1)
            self._begun.read([Block.chain(self._prefix)], [None])

    def _start(self, prompt: list[int], request: Request, number: int) -> _Answer:
        choices = self.ids.choices(request.candidates)
        ending = [] if self.grammar is not None else self.pieces.close[:-1]
        known = self.ids.candidate_tokens(request.candidates) if self.draft else []
        drafts = Drafts(self.ids, self.pieces, known, ending) if self.draft else None
        if self.grammar is not None:
            row: Row | FreeRow = Row(self.grammar, choices, drafts)
        else:
            row = FreeRow(self.tokenizer, choices, drafts)
        row.pending = prompt[len(self._prefix) :] + row.pending
        return _Answer(row, np.random.default_rng([self.seed, number]))

    def _batch(self, prompts: list[list[int]], requests: list[Request], numbers: np.ndarray) -> list[Generation]:
        answers = [
            self._start(prompt, request, int(number))
            for prompt, request, number in zip(prompts, requests, numbers, strict=True)
        ]
        reader = self._begun.repeated(len(answers))
        likelihoods: list[list[float]] = [[] for _ in answers]
        live = answers
        if self.params.likelihood:
            likelihoods = self._with_likelihoods(reader, answers, requests)
        while live := self._still_open(reader, live):
            self._step(reader, live)
        reader.close()
        return [
            Generation(answer.row.text(), answer.score, answer.row.tokens, answer.row.finish or "length", of_candidates)
            for answer, of_candidates in zip(answers, likelihoods, strict=True)
        ]

    def _with_likelihoods(
        self, reader: Reader | PackedReader, answers: list[_Answer], requests: list[Request]
    ) -> list[list[float]]:
        """Read the prompts, then all candidates' ids in one pass: their likelihoods, and the ids if they are chosen."""
        blocks = [Block.chain(answer.row.pending) for answer in answers]
        self.passes += 1
        last = [len(block.tokens) - 1 for block in blocks]
        states = reader.read(blocks, last)[range(len(blocks)), last][:, None]
        # An answer without a grammar has still to open the id.
        lead = [] if self.grammar is not None else self.pieces.open
        trees = [
            CandidateTree.of(
                self.ids.candidate_tokens(request.candidates),
                self.ids.choices(request.candidates).trie,
                lead,
                self.pieces,
            )
            for request in requests
        ]
        for answer in answers:
            answer.row.pending = []
        if any(tree.block.tokens for tree in trees):
            self.passes += 1
            states = torch.cat([states, reader.read_trees([tree.block for tree in trees])], dim=1)
            kept = self._verify(
                reader, states[:, 1:], [tree.block for tree in trees], answers, [-1] * len(trees), states[:, 0]
            )
            reader.keep(kept)
        else:
            nothing = [Block([], []) for _ in answers]
            self._verify(reader, states[:, 1:], nothing, answers, [-1] * len(trees), states[:, 0])
        return candidate_likelihoods(trees, states, head_weight(self.model))

    def _still_open(self, reader: Reader | PackedReader, live: list[_Answer]) -> list[_Answer]:
        """Rows to go on with. Finished ones leave the batch, not one by one."""
        places = [place for place, answer in enumerate(live) if answer.row.finish is None]
        if not places or len(places) > len(live) * (1 - COMPACT_SHARE):
            return live if places else []
        reader.select(places)
        return [live[place] for place in places]

    def _step(self, reader: Reader | PackedReader, live: list[_Answer]) -> None:
        """One pass: what each row must read and its guess, as much of it as pays; then what follows."""
        tokens = [[] if answer.row.finish else answer.row.pending + answer.row.draft() for answer in live]
        width = reader.width([len(row) for row in tokens])
        blocks = [Block.chain(row[:width]) for row in tokens]
        starts = []
        for answer in live:
            due = len(answer.row.pending)
            starts.append(due - 1 if due <= width and not answer.row.finish else None)
            answer.row.pending = answer.row.pending[width:]
        self.passes += 1
        states = reader.read(blocks, starts)
        reader.keep(self._verify(reader, states, blocks, live, starts))

    def _verify(
        self,
        reader: Reader | PackedReader,
        states: Tensor,
        blocks: list[Block],
        live: list[_Answer],
        starts: list[int | None],
        before: Tensor | None = None,
    ) -> list[list[int]]:
        """Choose tokens after each row's start slot for as long as the choice was guessed.

        Args:
            states: `(rows, slots, hidden)`.
            starts: slot of the last token that was no guess; -1 where that is `before`, None where nothing is chosen.
            before: states `(rows, hidden)` ahead of the block.

        Returns:
            The slots of each row that stand.
        """
        kept = [
            list(range(len(block.tokens) if start is None else start + 1))
            for block, start in zip(blocks, starts, strict=True)
        ]
        at = {row: start for row, start in enumerate(starts) if start is not None}
        known = None
        reachable = [(row, slot) for row, start in at.items() for slot in range(start, len(blocks[row].tokens))]
        if before is None and 0 < len(reachable) <= LOGITS_AT_ONCE:
            numbers = {place: number for number, place in enumerate(reachable)}
            known = reader.logits(states[tuple(zip(*reachable, strict=True))])
        while at:
            rows, slots = list(at), list(at.values())
            if known is not None:
                logits = known[[numbers[place] for place in at.items()]].float()
            else:
                reached = states[rows, slots] if min(slots) >= 0 else before[rows]
                logits = reader.logits(reached).float()
            self._choose(logits, [live[row] for row in rows])
            after = {}
            for row, slot in at.items():
                answer = live[row].row
                while answer.pending and (slot, answer.pending[0]) in blocks[row].children:
                    slot = blocks[row].children[slot, answer.pending.pop(0)]
                    kept[row].append(slot)
                if not answer.pending and answer.finish is None:
                    after[row] = slot
            at = after
        return kept

    def _choose(self, logits: Tensor, answers: list[_Answer]) -> None:
        """Each row's next token, by `logits (rows, vocabulary)`."""
        if self.params.decoding == "sampled":
            drawn = torch.tensor([answer.random.random() for answer in answers], device=logits.device)
            tokens = sample(logits, self.params.temperature, self.params.top_p, drawn)
        else:
            tokens = logits.argmax(1)
        if self.grammar is not None:
            chosen = tokens.tolist()
            rows = zip(logits, answers, chosen, strict=True)
            tokens = tokens.new_tensor([_best_allowed(row, answer.row.allowed(), best) for row, answer, best in rows])
        gained = logits.gather(1, tokens[:, None])[:, 0] - logits.logsumexp(1)
        for answer, token, gain in zip(answers, tokens.tolist(), gained.tolist(), strict=True):
            answer.row.advance(token, self.params.max_new_tokens)
            answer.score += gain


def _best_allowed(logits: Tensor, allowed: np.ndarray | Tensor, best: int) -> int:
    """The first of the most likely tokens that are allowed, of `logits (vocabulary,)`; `best`: of all tokens."""
    if isinstance(allowed, Tensor):
        return best if allowed[best] else int(torch.where(allowed, logits, -torch.inf).argmax())
    some = as_places(allowed, logits.device)
    return int(some[logits[some].argmax()])
