"""Prompts as tokens, with the instruction that all of them share taken out once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import BadData, BadSpec
from ..tables import integers, read_table, texts
from .batching import shared_prefix
from .response import ResponseTokens, id_tokens, parse_response

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

COLUMNS = ["example_id", "split", "prompt", "response", "target_at"]


@dataclass(frozen=True)
class PromptTable:
    """Rows of `prompts.parquet` of one split."""

    example_ids: np.ndarray
    prompts: list[str]
    responses: list[str]
    target_at: np.ndarray

    def __len__(self) -> int:
        return len(self.prompts)

    def take(self, rows: np.ndarray) -> PromptTable:
        return PromptTable(
            self.example_ids[rows],
            [self.prompts[row] for row in rows],
            [self.responses[row] for row in rows],
            self.target_at[rows],
        )


def read_prompts(folder: Path, split: str) -> PromptTable:
    """Prompts of `split`: `train`, `valid` or `test`."""
    table = read_table(folder / "prompts.parquet", COLUMNS)
    rows = np.flatnonzero(np.asarray(texts(table, "split")) == split)
    table = table.take(rows)
    return PromptTable(
        integers(table, "example_id"), texts(table, "prompt"), texts(table, "response"), integers(table, "target_at", 0)
    )


@dataclass(frozen=True)
class TokenRow:
    """One prompt after the shared prefix.

    `weights`: how much the prediction of each token counts, 0 = not at all. `answer`: where the response begins.
    """

    tokens: list[int]
    weights: np.ndarray
    answer: int = 0


@dataclass(frozen=True)
class TokenRows:
    prefix: list[int]
    rows: list[TokenRow]
    truncated: int

    @property
    def lengths(self) -> list[int]:
        return [len(row.tokens) for row in self.rows]

    def whole(self) -> TokenRows:
        """The same rows, each with the prefix in front of it again."""
        head = np.zeros(len(self.prefix), dtype=np.float32)
        rows = [
            TokenRow(self.prefix + row.tokens, np.concatenate([head, row.weights]), len(head) + row.answer)
            for row in self.rows
        ]
        return TokenRows([], rows, self.truncated)

    def tokens(self) -> int:
        """Tokens of one pass over the rows, as the model would read them without the shared prefix."""
        return sum(self.lengths) + len(self.prefix) * len(self.rows)


def encode_texts(tokenizer: PreTrainedTokenizerBase, prompts: Sequence[str]) -> list[list[int]]:
    return tokenizer(list(prompts), add_special_tokens=False)["input_ids"] if prompts else []


def fit(prompt: list[int], head: int, room: int) -> list[int]:
    """The prompt cut to `room` tokens: its first `head` tokens stay, and its end; what goes is the oldest part."""
    if len(prompt) <= room:
        return prompt
    if room <= head:
        raise BadSpec(f"maxTokens leaves {room} tokens for a prompt whose instruction alone has {head}")
    return prompt[:head] + prompt[len(prompt) - (room - head) :]


def encode_training(
    tokenizer: PreTrainedTokenizerBase,
    table: PromptTable,
    *,
    max_tokens: int,
    id_weight: float = 1.0,
    id_weight_absent: float = 1.0,
    prompt_weight: float = 0.0,
) -> TokenRows:
    """Prompts and responses as training rows of at most `max_tokens` tokens.

    Args:
        id_weight: weight of the id's tokens where the prompt shows it, as a candidate or in the history; where it shows
            the id's family alone, of the family's tokens.
        id_weight_absent: weight of the id's other tokens.
        prompt_weight: weight of the prompt's own tokens; 0 trains the response alone.
    """
    if not len(table):
        raise BadData("there are no prompts of this split to train on")
    pieces = ResponseTokens.of(tokenizer)
    parsed = [parse_response(response) for response in table.responses]
    items = id_tokens(tokenizer, [item for item, _ in parsed])
    titles = encode_texts(tokenizer, [title for _, title in parsed])
    prompts = encode_texts(tokenizer, table.prompts)
    head = shared_prefix(prompts)
    rows, truncated = [], 0
    shown = _shown_tokens(tokenizer, table, parsed, items)
    for prompt, item, title, copied in zip(prompts, items, titles, shown, strict=True):
        response, start, stop = pieces.join(item, title)
        kept = fit(prompt, head, max_tokens - len(response))
        truncated += len(kept) < len(prompt)
        weights = np.full(len(kept) + len(response), prompt_weight, dtype=np.float32)
        weights[len(kept) :] = 1
        weights[len(kept) + start : len(kept) + stop] = id_weight_absent
        weights[len(kept) + start : len(kept) + start + copied] = id_weight
        rows.append(TokenRow((kept + response)[head:], weights[head:], len(kept) - head))
    return TokenRows(prompts[0][:head], rows, truncated)


def _shown_tokens(
    tokenizer: PreTrainedTokenizerBase, table: PromptTable, parsed: list[tuple[str, str]], items: list[list[int]]
) -> list[int]:
    """How many of each id's first tokens can be copied out of its prompt: all of them, those of its family, or none."""
    # Candidates' letters stand for themselves; numbers that happen to equal an id count as shown, too.
    stems = [f"{item.rpartition('-')[0]}-" if "-" in item else "" for item, _ in parsed]
    stem_tokens = iter(id_tokens(tokenizer, [stem for stem in stems if stem]) if any(stems) else [])
    shown = []
    for prompt, (item, _), tokens, stem, target_at in zip(
        table.prompts, parsed, items, stems, table.target_at, strict=True
    ):
        of_stem = next(stem_tokens) if stem else []
        if target_at > 0 or (item and _stands_in(prompt, item)):
            shown.append(len(tokens))
        elif stem and _stands_in(prompt, stem) and tokens[: len(of_stem)] == of_stem:
            shown.append(len(of_stem))
        else:
            shown.append(0)
    return shown


def _stands_in(prompt: str, beginning: str) -> bool:
    """Whether an id that is, or as a family begins with, `beginning` stands in the prompt."""
    closed = "" if beginning.endswith("-") else r"(?![\w-])"
    return re.search(rf"(?<![\w-]){re.escape(beginning)}{closed}", prompt) is not None
