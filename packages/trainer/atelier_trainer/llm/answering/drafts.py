"""Guesses of what an answer says next, read and verified in one pass of the model.

Speculative decoding (Leviathan et al., 2023) with the catalogue in the place of a small model: a candidate's id, then
the title of the item that was named. A wrong guess costs time and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..text.response import ResponseTokens
from .ids import Ids

# After a word that the guess did not foresee: this many tokens from where the title has the last word said.
REALIGNED = 5


class Drafts:
    """Guesses for one prompt.

    Args:
        candidates: token sequences of the ids that the prompt offers, in its order.
        ending: tokens that follow a title, short of the one that ends the answer: nothing is read after that.
    """

    def __init__(
        self, ids: Ids, pieces: ResponseTokens, candidates: Sequence[Sequence[int]], ending: Sequence[int] = ()
    ):
        self.ids, self.pieces, self.candidates, self.ending = ids, pieces, candidates, ending

    def of_id(
        self, said: Sequence[int], certain: tuple[list[int], int] | None, items: Sequence[int | None]
    ) -> list[int]:
        """What follows the first tokens of an id: the rest of the only id that begins so, or of the first candidate
        that does. `certain`: the only one's rest and its place in `items`."""
        if certain is not None:
            rest, place = certain
            return [*rest, *self.pieces.middle, *self.of_title(items[place], [])]
        if not len(said):
            return []  # which candidate is what the model is there to say
        starts = (tokens for tokens in self.candidates if list(tokens[: len(said)]) == list(said))
        first = next(starts, None)
        return [] if first is None else list(first[len(said) :])

    def of_title(self, item: int | None, said: Sequence[int]) -> list[int]:
        """What follows the first tokens of an item's title."""
        words = self.ids.title_tokens(item)
        if not words:
            return []
        title = [*words, *self.ending]
        if title[: len(said)] == list(said):
            return title[len(said) :]
        for length in (3, 2, 1):
            for at in range(len(title) - length, -1, -1):
                if title[at : at + length] == list(said[-length:]):
                    return title[at + length : at + length + REALIGNED]
        return []
