"""Prompts as tokens, with the instruction that all of them share taken out once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import BadData, BadSpec
from ...masks import rows_where
from ...tables import integers, read_table, texts
from .batching import shared_prefix
from .response import ResponseTokens, encode_all, id_tokens, parse_response

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

COLUMNS = ["example_id", "split", "prompt", "response", "target_at", "shown"]


@dataclass(frozen=True)
class PromptTable:
    """Rows of `prompts.parquet` of one split. `shown`: how much of the answer's id a prompt shows: `id`, `family` (that
    part of it) or `none`."""

    example_ids: np.ndarray
    prompts: list[str]
    responses: list[str]
    target_at: np.ndarray
    shown: list[str]

    def __len__(self) -> int:
        return len(self.prompts)

    def take(self, rows: np.ndarray) -> PromptTable:
        return PromptTable(
            self.example_ids[rows],
            [self.prompts[row] for row in rows],
            [self.responses[row] for row in rows],
            self.target_at[rows],
            [self.shown[row] for row in rows],
        )


def read_prompts(folder: Path, split: str) -> PromptTable:
    """Prompts of `split`: `train`, `valid` or `test`."""
    table = read_table(folder / "prompts.parquet", COLUMNS)
    rows = rows_where(np.array(texts(table, "split"), dtype=object) == split)
    table = table.take(rows)
    return PromptTable(
        integers(table, "example_id"),
        texts(table, "prompt"),
        texts(table, "response"),
        integers(table, "target_at", 0),
        texts(table, "shown"),
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
    id_weight_shown: float | None = None,
    prompt_weight: float = 0.0,
) -> TokenRows:
    """Prompts and responses as training rows of at most `max_tokens` tokens.

    Args:
        id_weight: weight of the id's tokens where the target is among the candidates.
        id_weight_absent: the same where it is not.
        id_weight_shown: in the latter case, weight of the tokens that can be copied out of the prompt all the same: the
            id, or those of its family where the prompt shows the family alone. None: as the others.
        prompt_weight: weight of the prompt's own tokens; 0 trains the response alone.
    """
    if not len(table):
        raise BadData("nothing to learn from: prompts.parquet holds no prompt of this split")
    pieces = ResponseTokens.of(tokenizer)
    parsed = [parse_response(response) for response in table.responses]
    items = id_tokens(tokenizer, [item for item, _ in parsed])
    titles = encode_all(tokenizer, [title for _, title in parsed])
    prompts = encode_all(tokenizer, table.prompts)
    head = shared_prefix(prompts)
    if id_weight_shown is None:
        id_weight_shown, shown = id_weight_absent, [0] * len(table)
    else:
        shown = _shown_tokens(tokenizer, table.shown, parsed, items)
    rows, truncated = [], 0
    for prompt, item, title, target_at, copied in zip(prompts, items, titles, table.target_at, shown, strict=True):
        response, start, stop = pieces.join(item, title)
        kept = fit(prompt, head, max_tokens - len(response))
        truncated += len(kept) < len(prompt)
        weights = np.full(len(kept) + len(response), prompt_weight, dtype=np.float32)
        weights[len(kept) :] = 1
        if target_at > 0:
            weights[len(kept) + start : len(kept) + stop] = id_weight
        else:
            weights[len(kept) + start : len(kept) + stop] = id_weight_absent
            weights[len(kept) + start : len(kept) + start + copied] = id_weight_shown
        rows.append(TokenRow((kept + response)[head:], weights[head:], len(kept) - head))
    return TokenRows(prompts[0][:head], rows, truncated)


def _shown_tokens(
    tokenizer: PreTrainedTokenizerBase, shown: list[str], answers: list[tuple[str, str]], ids: list[list[int]]
) -> list[int]:
    """How many of each id's first tokens stand in its prompt as an id: all of them, those of its family, or none."""
    families = [
        f"{item.rpartition('-')[0]}-" if part == "family" else ""
        for part, (item, _) in zip(shown, answers, strict=True)
    ]
    counts = []
    for part, tokens, of_family in zip(shown, ids, id_tokens(tokenizer, families), strict=True):
        if part == "id":
            counts.append(len(tokens))
        else:
            is_begun = part == "family" and tokens[: len(of_family)] == of_family
            counts.append(len(of_family) if is_begun else 0)
    return counts
