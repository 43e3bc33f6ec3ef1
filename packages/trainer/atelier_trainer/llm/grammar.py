"""The output grammar `{<id>ID</id>,<title>TITLE</title>}` over tokens: ids of the catalogue only, then a free title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..errors import BadData
from .response import CLOSE, MIDDLE, OPEN, ResponseTokens, id_tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What would end the title early or look like a mark of the format.
_FORBIDDEN = re.compile(r"[<>{}\r\n]")


@dataclass
class Node:
    """A place in the trie of id tokens; `item` where an id may end."""

    children: dict[int, Node] = field(default_factory=dict)
    item: int | None = None
    allowed: np.ndarray | None = None


class Grammar:
    """What may follow what, for one tokenizer and catalogue. Ids may be one token or several.

    Args:
        item_ids: the catalogue; no other id can be generated.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, item_ids: Sequence[int]):
        if not len(item_ids):
            raise BadData("the catalogue is empty: there is no id to generate")
        self.tokenizer = tokenizer
        self.pieces = ResponseTokens.of(tokenizer)
        self.root = Node()
        for item, tokens in zip(item_ids, id_tokens(tokenizer, [str(item) for item in item_ids]), strict=True):
            node = self.root
            for token in tokens:
                node = node.children.setdefault(token, Node())
            node.item = int(item)
        texts = tokenizer.batch_decode([[token] for token in range(len(tokenizer))])
        special = set(tokenizer.all_special_ids)
        plain = [token not in special and not _FORBIDDEN.search(text) for token, text in enumerate(texts)]
        self.visible = np.array([bool(text.strip()) and text != "\ufffd" for text in texts])
        self.opening = np.flatnonzero(np.array(plain) & np.array([len(text) > 0 for text in texts]))
        self.inside = np.append(self.opening, self.pieces.close[0])

    def start(self) -> Row:
        return Row(self)


class Row:
    """One answer in the making. `pending` holds the tokens that the model reads next without a choice."""

    def __init__(self, grammar: Grammar):
        self.grammar = grammar
        self.node: Node | None = grammar.root
        self.item: int | None = None
        self.title: list[int] = []
        self.pending = list(grammar.pieces.open)
        self.tokens = len(self.pending)
        self.finish: str | None = None
        self._named = False

    def allowed(self) -> np.ndarray:
        """Tokens among which the next is chosen."""
        if self.node is None:
            return self.grammar.inside if self._named else self.grammar.opening
        if self.node.allowed is None:
            ends = [] if self.node.item is None else [self.grammar.pieces.middle[0]]
            self.node.allowed = np.array([*self.node.children, *ends])
        return self.node.allowed

    def advance(self, token: int, max_new_tokens: int) -> None:
        """Take the chosen token. A title that reaches `max_new_tokens` is closed there."""
        pieces = self.grammar.pieces
        self.pending = [token]
        if self.node is not None:
            child = self.node.children.get(token)
            if child is not None:
                self.node = child
                if not child.children:
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
        if self.finish is None and self.node is None and self._named and self.tokens >= max_new_tokens:
            self.finish = "length"

    def _end_id(self, forced: list[int]) -> None:
        self.item, self.node = self.node.item, None
        self.pending += forced

    def text(self) -> str:
        """The whole answer; always of the format, whatever the model is like."""
        title = self.grammar.tokenizer.decode(self.title).strip()
        return f"{OPEN}{self.item}{MIDDLE}{title}{CLOSE}"


class FreeRow:
    """One answer without a grammar: what the model says, to its end token."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase):
        self.tokenizer = tokenizer
        self.pending: list[int] = []
        self.said: list[int] = []
        self.finish: str | None = None

    @property
    def tokens(self) -> int:
        return len(self.said)

    def allowed(self) -> None:
        return None

    def advance(self, token: int, max_new_tokens: int) -> None:
        if token == self.tokenizer.eos_token_id:
            self.finish = "stop"
            return
        self.said.append(token)
        self.pending = [token]
        if len(self.said) >= max_new_tokens:
            self.finish = "length"

    def text(self) -> str:
        return self.tokenizer.decode(self.said)
