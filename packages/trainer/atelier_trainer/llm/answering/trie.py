"""Token sequences as a trie, kept as one sorted table: a million ids need megabytes, not a million objects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import BadData

# Marks the end of a row; below every token, so that a sequence stands before those that go on from it.
_END = -1

Node = tuple[int, int, int]
"""Rows `first` to `last` (exclusive) of the table, which agree in their first `depth` tokens."""


class TokenTrie:
    """What sequences there are, walked token by token from `root`.

    Args:
        sequences: token sequences; `item` gives back their places in this order.
    """

    def __init__(self, sequences: Sequence[Sequence[int]]):
        if not len(sequences):
            raise BadData("there is no id to generate: the catalogue is empty")
        table = np.full((len(sequences), max(map(len, sequences)) + 1), _END, np.int32)
        for place, tokens in enumerate(sequences):
            table[place, : len(tokens)] = tokens
        self._places = np.lexsort(table.T[::-1])
        self._table = table[self._places]
        self.root: Node = (0, len(table), 0)
        self._children: dict[Node, np.ndarray] = {}

    def children(self, node: Node) -> np.ndarray:
        """Tokens that go on from here, ascending."""
        if node not in self._children:
            first, last, depth = node
            tokens = np.unique(self._table[first:last, depth])
            self._children[node] = tokens[tokens != _END].astype(np.int64)
        return self._children[node]

    def child(self, node: Node, token: int) -> Node | None:
        first, last, depth = node
        column = self._table[first:last, depth]
        start, stop = np.searchsorted(column, token, "left"), np.searchsorted(column, token, "right")
        return (first + int(start), first + int(stop), depth + 1) if start < stop else None

    def find(self, tokens: Sequence[int]) -> Node | None:
        """The node that `tokens` lead to, or None."""
        node: Node | None = self.root
        for token in tokens:
            node = self.child(node, token) if node is not None else None
        return node

    def item(self, node: Node) -> int | None:
        """Place of the sequence that may end here."""
        first, _, depth = node
        return int(self._places[first]) if self._table[first, depth] == _END else None

    def rest(self, node: Node) -> tuple[list[int], int] | None:
        """What must follow and the sequence's place, where only one sequence leads on from here."""
        first, last, depth = node
        if last - first != 1:
            return None
        row = self._table[first, depth:]
        return row[row != _END].tolist(), int(self._places[first])
