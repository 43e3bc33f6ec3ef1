"""Answers without a grammar: what the model says, to its closing brace or end token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..text.response import CLOSE, ResponseTokens
from .drafts import Drafts
from .ids import Choices

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# Tokens that may hold the last piece of a response, however they are cut.
_TAIL = 12


class FreeRow:
    """One answer in the making; see `grammar.Row`."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        choices: Choices | None = None,
        drafts: Drafts | None = None,
    ):
        self.tokenizer, self.choices, self.drafts = tokenizer, choices, drafts
        self.pieces = ResponseTokens.of(tokenizer)
        self.pending: list[int] = []
        self.said: list[int] = []
        self.finish: str | None = None

    @property
    def tokens(self) -> int:
        return len(self.said)

    def allowed(self) -> None:
        return None

    def draft(self) -> list[int]:
        """A guess of what is said after `pending`."""
        if self.drafts is None or self.choices is None:
            return []
        opening, middle = self.pieces.open, self.pieces.middle
        if self.said[: len(opening)] != opening[: len(self.said)]:
            return []
        if len(self.said) < len(opening):
            return opening[len(self.said) :]
        inside = self.said[len(opening) :]
        ends = next((at for at in range(1, len(inside)) if inside[at] == middle[0]), len(inside))
        node = self.choices.trie.find(inside[:ends])
        if node is None:
            return []
        if ends == len(inside):
            return self.drafts.of_id(inside, self.choices.trie.rest(node), self.choices.items)
        place, after = self.choices.trie.item(node), inside[ends:]
        if place is None or after[: len(middle)] != middle[: len(after)]:
            return []
        if len(after) < len(middle):
            return middle[len(after) :] + self.drafts.of_title(self.choices.items[place], [])
        return self.drafts.of_title(self.choices.items[place], after[len(middle) :])

    def advance(self, token: int, max_new_tokens: int) -> None:
        """Take the chosen token."""
        if token == self.tokenizer.eos_token_id:
            self.finish = "stop"
            return
        self.said.append(token)
        self.pending = [token]
        if self.said[-1] == self.pieces.close[-1] and self.tokenizer.decode(self.said[-_TAIL:]).endswith(CLOSE):
            self.finish = "stop"
        elif len(self.said) >= max_new_tokens:
            self.finish = "length"

    def text(self) -> str:
        return self.tokenizer.decode(self.said)
