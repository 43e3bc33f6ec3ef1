"""An answer that somebody else's loop makes token by token: what it may say next, and what it was in the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from .free_answer import FreeRow
from .generator import Generation
from .grammar import Row


class Followed:
    """A row whose forced tokens come through the same loop as those that are chosen.

    Args:
        end: the token that ends an answer, and all that may come after one.
    """

    def __init__(self, row: Row | FreeRow, max_new_tokens: int, end: int):
        self.row, self.max_new_tokens, self.end = row, max_new_tokens, end
        self.score = 0.0
        # What a row must say before anything is chosen stands in the prompt.
        self._forced: list[int] = []

    def allowed(self) -> np.ndarray | Tensor | None:
        """Tokens among which the next is chosen, by number or as a mask `(vocabulary,)`; None for all."""
        if self.row.finish is not None:
            return np.array([self.end])
        return np.array(self._forced[:1]) if self._forced else self.row.allowed()

    def take(self, token: int, log_probability: float = 0.0) -> None:
        """The token that was said; after the end nothing counts."""
        if self.row.finish is not None:
            return
        if self._forced:
            self._forced.pop(0)
            return
        self.row.advance(token, self.max_new_tokens)
        self._forced = self.row.pending[1:]
        self.score += log_probability

    def generation(self, likelihoods: list[float]) -> Generation:
        return Generation(self.row.text(), self.score, self.row.tokens, self.row.finish or "length", likelihoods)


class Recited:
    """Tokens that are given, whose probabilities are all that is asked for."""

    def __init__(self, tokens: Sequence[int]):
        self._left = list(tokens)

    def allowed(self) -> np.ndarray:
        return np.array(self._left[:1])

    def take(self, token: int, log_probability: float = 0.0) -> None:
        self._left.pop(0)
