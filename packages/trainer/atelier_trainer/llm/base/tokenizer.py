"""Atelier's own tokenizer: byte-level BPE with every catalogue id as one token."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

END = "<|endoftext|>"
PAD = "<|pad|>"
TAGS = ("<id>", "</id>", "<title>", "</title>")

_TAG = "</?(?:id|title)>"
# `", "color": "` and the like: with one token for each, a product in a prompt is half as long.
_KEY = r'(?:\{|",\s?)"[a-z_]+":\s?"'
# Digits that stand where an id stands: `"id": "41"`, `<id>258</id>`, and candidates `[6878,3].` before the response.
# No text of a catalogue holds these marks (see plain_text), so that its numbers are never ids.
_ID = r'(?<=<id>|"id": ")\d+(?=</id>|")|(?<=\[|,)\d+(?=(?:,\d+)*\]\.\n### Response:)'
_WORD = rf" ?\p{{L}}+| ?(?:(?!{_TAG})[^\s\p{{L}}\p{{N}}])+|\s+"


def _splitter(digits: str) -> pre_tokenizers.PreTokenizer:
    pattern = Regex(rf"{_TAG}|{_KEY}|{digits}|{_WORD}")
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Split(pattern, "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )


def train_tokenizer(texts: Iterable[str], item_ids: Sequence[int], vocabulary_size: int) -> PreTrainedTokenizerFast:
    """Train on `texts`; ids become the last `len(item_ids)` tokens, in the given order.

    Digits elsewhere (sizes, prices) are single tokens, so that no number in a title is taken for an id. The ids 1 to 9
    share their token with a digit: they are also all that can be told apart by one.

    Args:
        vocabulary_size: tokens before the ids; at least the 256 bytes and the tags.

    Returns:
        A tokenizer that `AutoTokenizer` loads from the folder where it is saved.
    """
    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = _splitter(r"\p{N}")
    trainer = trainers.BpeTrainer(
        vocab_size=max(vocabulary_size - len(TAGS), 300),
        special_tokens=[END, PAD],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    learned.train_from_iterator(texts, trainer)
    state = json.loads(learned.to_str())["model"]
    return _with_tokens(state["vocab"], state["merges"], (*TAGS, *map(str, item_ids)))


def exchange_ids(tokenizer: PreTrainedTokenizerFast, first_id: int, item_ids: Sequence[int]) -> PreTrainedTokenizerFast:
    """A tokenizer of `train_tokenizer` with the ids of another catalogue from token `first_id` on."""
    state = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    words = {token: number for token, number in state["vocab"].items() if number < first_id}
    return _with_tokens(words, state["merges"], list(map(str, item_ids)))


def _with_tokens(
    vocabulary: dict[str, int], merges: Sequence[Sequence[str]], whole: Sequence[str]
) -> PreTrainedTokenizerFast:
    from transformers import PreTrainedTokenizerFast

    for token in whole:
        vocabulary.setdefault(token, len(vocabulary))
    # With ignore_merges a piece that is itself in the vocabulary is one token, which is how ids and tags become whole.
    model = models.BPE(vocabulary, [tuple(pair) for pair in merges], ignore_merges=True)
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = _splitter(rf"{_ID}|\p{{N}}")
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=PAD, bos_token=END)
