"""The response format `{<id>258</id>,<title>…</title>}` (paper, Figure 3) and its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import BadData

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

OPEN = "{<id>"
MIDDLE = "</id>,<title>"
CLOSE = "</title>}"


def encode_text(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Tokens of a text that is data: what reads like a special token (`[INST]`) is spelled out."""
    return encode_all(tokenizer, [text])[0]


def encode_all(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[list[int]]:
    return tokenizer(list(texts), add_special_tokens=False, split_special_tokens=True)["input_ids"] if texts else []


def parse_response(text: str) -> tuple[str, str]:
    """Id and title of a training response, as text; BadData where it is not of the format."""
    if text.startswith(OPEN) and text.endswith(CLOSE) and MIDDLE in text:
        item, title = text[len(OPEN) : -len(CLOSE)].split(MIDDLE, 1)
        return item, title
    raise BadData(f"response is not of the form {OPEN}id{MIDDLE}title{CLOSE}: {text[:80]!r}")


@dataclass(frozen=True)
class ResponseTokens:
    """The fixed pieces of a response as tokens.

    Pieces are tokenized one by one, in training and in decoding alike: then the decoder's grammar meets the very
    tokens that were trained, whatever a tokenizer would have merged across a border such as `)</`.
    """

    open: list[int]
    middle: list[int]
    close: list[int]
    end: int

    @staticmethod
    def of(tokenizer: PreTrainedTokenizerBase) -> ResponseTokens:
        pieces = [encode_text(tokenizer, piece) for piece in (OPEN, MIDDLE, CLOSE)]
        if tokenizer.eos_token_id is None:
            raise BadData("the base model's tokenizer has no end-of-text token")
        return ResponseTokens(*pieces, tokenizer.eos_token_id)

    def join(self, item: list[int], title: list[int]) -> tuple[list[int], int, int]:
        """A whole response with its end token, and where the id's tokens start and stop in it."""
        start, stop = len(self.open), len(self.open) + len(item)
        return [*self.open, *item, *self.middle, *title, *self.close, self.end], start, stop


def id_tokens(tokenizer: PreTrainedTokenizerBase, ids: list[str]) -> list[list[int]]:
    """Tokens of item ids as they stand after `<id>` in a response.

    Tokenized in their place, since tokenizers look at what stands around: Atelier's own makes one token of an id, and
    SentencePiece ones would put a space before a text that stands alone.
    """
    opening = encode_text(tokenizer, OPEN)
    around = len(encode_text(tokenizer, OPEN + MIDDLE)) - len(opening)
    encoded = encode_all(tokenizer, [f"{OPEN}{item}{MIDDLE}" for item in ids])
    found = []
    for item, tokens in zip(ids, encoded, strict=True):
        inside = tokens[len(opening) : len(tokens) - around]
        if tokens[: len(opening)] != opening or tokenizer.decode(inside).strip() != item:
            inside = encode_text(tokenizer, item)
        found.append(inside)
    return found
