"""How items are named in answers: id texts of the whole catalogue, or labels of one prompt's candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...data.catalogue import read_titles
from ...errors import BadData
from ...tables import integers, read_table, texts
from ..text.form import has_labels
from ..text.plain_text import plain_text
from ..text.response import encode_text, id_tokens
from .trie import TokenTrie

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Choices:
    """Ids that one answer may name. `items`: the item of each text, None for no item."""

    texts: Sequence[str]
    items: Sequence[int | None]
    trie: TokenTrie


class Ids:
    """The id form of a set of prompts.

    Args:
        item_ids: the catalogue, ascending.
        id_texts: how each item is written, in the same order; None for the form `letter`.
        titles: each item's title, as drafts of what an answer may say; none where they are not known.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        item_ids: Sequence[int],
        id_texts: Sequence[str] | None,
        titles: Sequence[str] = (),
    ):
        self.tokenizer = tokenizer
        self._places = {int(item): place for place, item in enumerate(item_ids)}
        self._titles = titles
        self._catalogue = None
        self._id_texts = id_texts
        if id_texts is not None:
            tokens = id_tokens(tokenizer, list(id_texts))
            self._tokens = tokens
            self._catalogue = Choices(id_texts, [int(item) for item in item_ids], TokenTrie(tokens))
        self._by_count: dict[int, tuple[TokenTrie, list[str], list[list[int]]]] = {}
        self._title_tokens: dict[int, list[int]] = {}

    @property
    def letters(self) -> bool:
        return self._catalogue is None

    def choices(self, candidates: Sequence[int]) -> Choices:
        """What an answer to a prompt with these candidates may name."""
        if self._catalogue is not None:
            return self._catalogue
        trie, labels, _ = self._labels(len(candidates))
        return Choices(labels, [*candidates, None], trie)

    def candidate_tokens(self, candidates: Sequence[int]) -> list[list[int]]:
        """Tokens of each candidate's id; BadData for one that is not in the catalogue."""
        if self._catalogue is None:
            return self._labels(len(candidates))[2][:-1]
        if unknown := [item for item in candidates if item not in self._places]:
            raise BadData(f"candidate {unknown[0]} is not in the catalogue")
        return [self._tokens[self._places[item]] for item in candidates]

    def title_tokens(self, item: int | None) -> list[int]:
        """Tokens of an item's title as answers write it; empty where it is not known."""
        place = self._places.get(item) if item is not None else None
        if place is None or not len(self._titles):
            return []
        if place not in self._title_tokens:
            title = plain_text(self._titles[place])
            self._title_tokens[place] = encode_text(self.tokenizer, title)
        return self._title_tokens[place]

    def _labels(self, count: int) -> tuple[TokenTrie, list[str], list[list[int]]]:
        """Labels of so many candidates, and last the empty id: what is answered for a product that is none of them."""
        if count not in self._by_count:
            labels = [*map(letter, range(count)), ""]
            tokens = id_tokens(self.tokenizer, labels)
            self._by_count[count] = TokenTrie(tokens), labels, tokens
        return self._by_count[count]


def letter(place: int) -> str:
    """Label of the candidate at a place from 0: A to Z, then AA, AB, … as columns of a spreadsheet."""
    text = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def read_ids(tokenizer: PreTrainedTokenizerBase, dataset: Path, prompts: Path | None) -> Ids:
    """How a prompts stage writes ids; without a prompts folder they are the catalogue's numbers."""
    catalogue, titles = read_titles(dataset)
    if prompts is None:
        return Ids(tokenizer, catalogue.ids, [str(item) for item in catalogue.ids], titles)
    if has_labels(prompts):
        return Ids(tokenizer, catalogue.ids, None, titles)
    table = read_table(prompts / "id_texts.parquet", ["item_id", "id_text"])
    named = integers(table, "item_id")
    order = np.argsort(named, kind="stable")
    if not np.array_equal(named[order], catalogue.ids):
        raise BadData("id_texts.parquet does not name the items of this catalogue, each once")
    id_texts = texts(table, "id_text")
    if len(set(id_texts)) != len(id_texts):
        raise BadData("id_texts.parquet: two items have the same id text")
    return Ids(tokenizer, catalogue.ids, [id_texts[place] for place in order], titles)
