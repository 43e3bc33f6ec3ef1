"""Items and queries as flattened key-value text (section 2.1.1), and as tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from ..encoders.title import PAD, UNKNOWN, train_tokenizer
from ..errors import BadData
from ..tables import read_table, texts

Attributes = list[tuple[str, str]]
"""Keys and values of one thing, in order."""

CLS, MASK = "[CLS]", "[MASK]"
# What RoBERTa's tokenizers, and so Longformer's, call the same.
ROBERTA = {PAD: "<pad>", UNKNOWN: "<unk>", CLS: "<s>", MASK: "<mask>"}
CONTROL, KEY, VALUE = 0, 1, 2
"""Token types; CONTROL is that of [CLS] and of padding."""


def read_attributes(dataset: Path, item_ids: np.ndarray) -> list[Attributes]:
    """Title and attributes of each item, in the order of the ascending `item_ids`."""
    table = read_table(dataset / "items.parquet", ["item_id", "title", "attributes"])
    order = np.argsort(table["item_id"].to_numpy(), kind="stable")
    if len(order) != len(item_ids):
        raise BadData(f"items.parquet holds {len(order)} items, the catalogue {len(item_ids)}")
    titles, documents = texts(table, "title"), texts(table, "attributes")
    return [flatten(titles[row] or "", documents[row]) for row in order]


def flatten(title: str, attributes: str | None) -> Attributes:
    """The title, then the attributes of a JSON object; without empty ones and those that only repeat the title."""
    named = json.loads(attributes) if attributes else {}
    kept = [(key, str(value)) for key, value in named.items() if value and _words(str(value)) != _words(title)]
    return [("title", title), *kept]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@dataclass(frozen=True)
class TextStore:
    """Tokenised texts, one behind the other: text i holds `tokens[offsets[i]:offsets[i + 1]]`, and so their `types`."""

    offsets: np.ndarray
    tokens: np.ndarray
    types: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.offsets)

    def distinct(self) -> tuple[np.ndarray, np.ndarray]:
        """The first of each set of equal texts, and for every text the place of its own in that list."""
        places: dict[tuple[bytes, bytes], int] = {}
        # What is a key and what a value is read too: equal words alone do not make texts equal.
        parts = zip(np.split(self.tokens, self.offsets[1:-1]), np.split(self.types, self.offsets[1:-1]), strict=True)
        place_of = np.array(
            [places.setdefault((words.tobytes(), kinds.tobytes()), len(places)) for words, kinds in parts]
        )
        return np.unique(place_of, return_index=True)[1], place_of

    @staticmethod
    def join(stores: Sequence[TextStore]) -> TextStore:
        lengths = np.concatenate([store.lengths for store in stores])
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        tokens, types = (np.concatenate([getattr(store, name) for store in stores]) for name in ("tokens", "types"))
        return TextStore(offsets, tokens, types)


class Vocabulary:
    """A tokenizer with the four tokens that Recformer needs besides words."""

    def __init__(self, tokenizer: Tokenizer):
        tokenizer.no_padding()
        # A value that reads "[MASK]" is five pieces like any other word.
        tokenizer.encode_special_tokens = True
        tokenizer.no_truncation()
        self.tokenizer = tokenizer
        self.pad, self.unknown, self.cls, self.mask = (self._special(name) for name in (PAD, UNKNOWN, CLS, MASK))

    def __len__(self) -> int:
        return self.tokenizer.get_vocab_size()

    def _special(self, name: str) -> int:
        known = [self.tokenizer.token_to_id(each) for each in (name, ROBERTA[name])]
        token = next((each for each in known if each is not None), None)
        if token is None:
            raise BadData(f"the tokenizer has no token {name} or {ROBERTA[name]}")
        return token

    @staticmethod
    def learn(things: Iterable[Attributes], size: int) -> Vocabulary:
        """An own vocabulary of about `size` tokens; the same texts give the same one in every process."""
        tokenizer = train_tokenizer((text for thing in things for pair in thing for text in pair), size)
        tokenizer.add_special_tokens([CLS, MASK])
        return Vocabulary(tokenizer)

    def tokenise(self, things: Sequence[Attributes], max_attribute_tokens: int) -> TextStore:
        """Keys and values as tokens. A value is cut after `max_attribute_tokens`."""
        flat = [text for thing in things for pair in thing for text in pair]
        encoded = {text: None for text in flat}
        for text, encoding in zip(
            encoded, self.tokenizer.encode_batch(list(encoded), add_special_tokens=False), strict=True
        ):
            encoded[text] = encoding.ids
        tokens: list[int] = []
        types: list[int] = []
        offsets = [0]
        for thing in things:
            for key, value in thing:
                keys, values = encoded[key], encoded[value][:max_attribute_tokens]
                tokens += [*keys, *values]
                types += [KEY] * len(keys) + [VALUE] * len(values)
            offsets.append(len(tokens))
        return TextStore(np.array(offsets), np.array(tokens, np.int64), np.array(types, np.int64))

    def control(self) -> TextStore:
        """The text that is [CLS] alone."""
        return TextStore(np.array([0, 1]), np.array([self.cls]), np.array([CONTROL]))
