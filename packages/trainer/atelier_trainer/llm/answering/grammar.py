"""The output grammar `{<id>ID</id>,<title>TITLE</title>}` over tokens: ids that exist only, then a free title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from ..text.response import CLOSE, MIDDLE, OPEN, ResponseTokens
from .drafts import Drafts
from .ids import Choices
from .trie import Node

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What would end the title early or look like a mark of the format. Braces may stand in a title: no tag is made of them.
_FORBIDDEN = re.compile(r"[<>\r\n]")


class Grammar:
    """What may stand in a title, for one tokenizer.

    Args:
        width: logits of the model; at least the tokenizer's tokens.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, width: int | None = None, device: str = "cpu"):
        self.tokenizer = tokenizer
        self.pieces = ResponseTokens.of(tokenizer)
        texts = tokenizer.batch_decode([[token] for token in range(len(tokenizer))])
        special = set(tokenizer.all_special_ids)
        self.visible = np.array([bool(text.strip()) and text != "\ufffd" for text in texts])
        opening = torch.zeros(max(width or 0, len(texts)), dtype=torch.bool)
        for token, text in enumerate(texts):
            opening[token] = bool(text) and token not in special and not _FORBIDDEN.search(text)
        self.opening = opening.to(device)
        self.inside = self.opening.clone()
        self.inside[self.pieces.close[0]] = True
        self.speaking = self.opening.clone()
        self.speaking[: len(texts)] &= torch.from_numpy(self.visible).to(device)


class Row:
    """One answer in the making. `pending` holds the tokens that the model reads next without a choice."""

    def __init__(self, grammar: Grammar, choices: Choices, drafts: Drafts | None = None):
        self.grammar, self.choices, self.drafts = grammar, choices, drafts
        self.node: Node | None = choices.trie.root
        self.place: int | None = None
        self.title: list[int] = []
        self.pending = list(grammar.pieces.open)
        self.tokens = len(self.pending)
        self.finish: str | None = None
        self._id: list[int] = []
        self._named = False
        self._late = False

    def allowed(self) -> np.ndarray | Tensor:
        """Tokens among which the next is chosen: few of them by number, or a mask `(vocabulary,)`."""
        if self.node is None:
            if self._named:
                return self.grammar.inside
            # A model that says nothing but blanks and lone bytes would never come to an end.
            return self.grammar.speaking if self._late else self.grammar.opening
        tokens = self.choices.trie.children(self.node)
        if self.choices.trie.item(self.node) is None:
            return tokens
        return np.append(tokens, self.grammar.pieces.middle[0])

    def draft(self) -> list[int]:
        """A guess of what is chosen after `pending`."""
        if self.drafts is None or self.finish is not None:
            return []
        if self.node is not None:
            return self.drafts.of_id(self._id, self.choices.trie.rest(self.node), self.choices.items)
        return self.drafts.of_title(self.choices.items[self.place], self.title)

    def advance(self, token: int, max_new_tokens: int) -> None:
        """Take the chosen token. A title that reaches `max_new_tokens` is closed there."""
        pieces, trie = self.grammar.pieces, self.choices.trie
        self.pending = [token]
        if self.node is not None:
            child = trie.child(self.node, token)
            if child is not None:
                self.node = child
                self._id.append(token)
                if not len(trie.children(child)):
                    self._end_id(pieces.middle)
            else:
                self._end_id(pieces.middle[1:])
        elif self._named and token == pieces.close[0]:
            self.pending += pieces.close[1:]
            self.finish = "stop"
        else:
            self.title.append(token)
            self._named = self._named or bool(self.grammar.visible[token])
        self.tokens += len(self.pending)
        self._late = self.tokens >= max_new_tokens
        if self.finish is None and self.node is None and self._named and self._late:
            self.finish = "length"

    def _end_id(self, forced: list[int]) -> None:
        self.place, self.node = self.choices.trie.item(self.node), None
        self.pending += forced

    def text(self) -> str:
        """The whole answer; always of the format, whatever the model is like."""
        title = self.grammar.tokenizer.decode(self.title).strip()
        return f"{OPEN}{self.choices.texts[self.place]}{MIDDLE}{title}{CLOSE}"


def as_places(allowed: np.ndarray | Tensor, device: torch.device) -> Tensor:
    """Allowed tokens as an index into logits: numbers in ascending order, or the mask itself."""
    return allowed if isinstance(allowed, Tensor) else torch.from_numpy(np.sort(allowed)).to(device)
