"""The trained title encoder: tokenizer, batching, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_model, save_model
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from ..errors import BadData
from ..models.title_lstm import TitleLstm
from ..receipt import write_json
from ..spec import read_json
from . import Progress, TextEncoder, load_pretrained, no_progress
from .batches import distinct

PAD, UNKNOWN = "[PAD]", "[UNK]"
MAX_TOKENS = 48
PRETRAINED = ("minilm", "clip")
WEIGHTS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "config.json"


def train_tokenizer(texts: Iterable[str], vocabulary_size: int) -> Tokenizer:
    """A lower-casing tokenizer by byte pair encoding; token 0 is padding, token 1 what it does not know.

    The same texts give the same vocabulary in every process. `WordPieceTrainer` does not: it numbers its `##` pieces in
    the order of a hash map, which breaks ties between merges differently each time. Here the start of a word is marked
    instead, so that all first pieces are single characters, which are sorted.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size, special_tokens=[PAD, UNKNOWN], show_progress=False, min_frequency=2
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def tokenise(tokenizer: Tokenizer, texts: Sequence[str]) -> list[np.ndarray]:
    """Token ids of each text, at most `MAX_TOKENS`; a text without any becomes one unknown token."""
    # A title that reads "[PAD]" is words like any other.
    tokenizer.encode_special_tokens = True
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [np.array(encoding.ids[:MAX_TOKENS] or [1], np.int64) for encoding in encodings]


def padded(rows: Sequence[np.ndarray]) -> torch.Tensor:
    """Token rows as one `(rows, longest)` tensor, 0 on the right."""
    return torch.nn.utils.rnn.pad_sequence([torch.from_numpy(row) for row in rows], batch_first=True)


class LstmTitleEncoder:
    """Encodes texts with a `TitleLstm` in batches of like length."""

    def __init__(self, model: TitleLstm, tokenizer: Tokenizer, device: torch.device):
        self.model = model.to(device)
        self.tokenizer = tokenizer
        self.device = device

    def encode(self, texts: Sequence[str], progress: Progress = no_progress) -> np.ndarray:
        return self.encode_tokens(tokenise(self.tokenizer, texts), progress=progress)

    @torch.inference_mode()
    def encode_tokens(
        self, rows: Sequence[np.ndarray], batch_size: int = 256, progress: Progress = no_progress
    ) -> np.ndarray:
        """`(rows, hidden)` unit vectors of tokenised texts; rows that are equal are encoded once."""
        self.model.eval()
        found, place = distinct([row.tolist() for row in rows])
        rows = [np.array(row, np.int64) for row in found]
        vectors = np.empty((len(rows), self.model.out.out_features), np.float32)
        order = np.argsort([len(row) for row in rows], kind="stable")
        for start in range(0, len(rows), batch_size):
            chosen = order[start : start + batch_size]
            vectors[chosen] = self.model(padded([rows[place] for place in chosen]).to(self.device)).cpu().numpy()
            progress(start + len(chosen), len(rows))
        return vectors[place]

    def save(self, folder: Path) -> None:
        save_model(self.model, str(folder / WEIGHTS))
        self.tokenizer.save(str(folder / TOKENIZER))
        shape = {"vocabularySize": self.model.tokens.num_embeddings, "hiddenSize": self.model.out.out_features}
        write_json(folder / CONFIG, {"encoder": "lstm"} | shape)


def load_title_encoder(folder: Path, device: torch.device | None = None) -> TextEncoder:
    """The encoder of a finished title-encoder stage; raises BadData where the folder holds none."""
    device = device or torch.device("cpu")
    config = read_json(folder / CONFIG)
    if config.get("encoder") in PRETRAINED:
        return load_pretrained(config["encoder"], config.get("model"), device)
    if config.get("encoder") != "lstm":
        raise BadData(f"{folder / 'config.json'} is not of a title encoder")
    model = TitleLstm(config["vocabularySize"], config["hiddenSize"])
    load_model(model, str(folder / WEIGHTS))
    return LstmTitleEncoder(model, Tokenizer.from_file(str(folder / TOKENIZER)), device)
