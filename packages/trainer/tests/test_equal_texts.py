"""Equal texts have equal vectors to the last bit, whatever a batch does to the rounding of its rows.

Real processors round by a row's place in a batch here and not there; these models do so on any.
"""

import numpy as np
import pytest
import torch
from torch import nn

from atelier_trainer.data.sequences import Windows
from atelier_trainer.encoders.batches import encode_in_batches
from atelier_trainer.encoders.title import LstmTitleEncoder, train_tokenizer
from atelier_trainer.models.title_lstm import TitleLstm
from atelier_trainer.recformer.encoding import Encoder
from atelier_trainer.recformer.inputs import Histories, InputBuilder
from atelier_trainer.recformer.model import Recformer, Shape
from atelier_trainer.recformer.text import Vocabulary
from atelier_trainer.retrieval import Retriever, VectorIndex

TEXTS = ["red bag", "a", "red bag", "a long blue dress", "Red  Bag", "a long blue dress"]


class RoundedByPlace(nn.Module):
    """A model whose outputs differ in the last digits with a row's place in its batch."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(self.model, name)

    def forward(self, *inputs):
        vectors = self.model(*inputs)
        return vectors * (1 + 1e-5 * torch.arange(len(vectors))[:, None])


def title_encoder() -> LstmTitleEncoder:
    tokenizer = train_tokenizer(TEXTS * 3, 60)
    return LstmTitleEncoder(RoundedByPlace(TitleLstm(tokenizer.get_vocab_size(), 8)), tokenizer, torch.device("cpu"))


def alike(vectors: np.ndarray) -> None:
    assert (vectors[0] == vectors[2]).all() and (vectors[0] == vectors[4]).all() and (vectors[3] == vectors[5]).all()
    assert not (vectors[0] == vectors[1]).all()


def test_of_the_trained_title_encoder():
    alike(title_encoder().encode(TEXTS))


def test_of_pretrained_encoders():
    class Words:
        def __call__(self, texts, **options):
            return {"input_ids": [[ord(letter) for letter in text.lower().replace(" ", "")] for text in texts]}

        def pad(self, rows, return_tensors):
            parts = [torch.tensor(row) for row in rows["input_ids"]]
            padded = nn.utils.rnn.pad_sequence(parts, batch_first=True)

            class Batch(dict):
                def to(self, device):
                    return self

            return Batch(input_ids=padded, attention_mask=(padded > 0).long())

    def model(input_ids, attention_mask):
        counts = torch.stack([(input_ids == letter).sum(1) for letter in map(ord, "abdeglnor")], dim=1).float()
        return counts + 1e-4 * torch.rand(counts.shape)

    model.device = torch.device("cpu")
    alike(
        encode_in_batches(
            model, Words(), lambda output, mask: output, TEXTS, size=9, max_tokens=9, progress=lambda done, total: None
        )
    )


def test_of_recformer_items_and_histories():
    items = [[("title", text)] for text in TEXTS]
    vocabulary = Vocabulary.learn(items * 3, 80)
    texts = vocabulary.tokenise(items, 8)
    shape = Shape(
        vocabulary=len(vocabulary), hidden=8, layers=1, heads=2, inner=16, max_tokens=32, max_items=4, dropout=0.0
    )
    builder = InputBuilder(vocabulary.control(), texts, texts, 32, vocabulary.pad)
    encoder = Encoder(RoundedByPlace(Recformer(shape)), builder, torch.device("cpu"))
    alike(encoder.encode_items().numpy())
    # Items 0, 2 and 4 read alike, and so do histories of them, with queries that read alike.
    bought = np.array([0, 3, 2, 5, 4, 3, 0, 1])
    begins = np.array([0, 6, 2, 0, 4, 2])
    histories = Histories(Windows(bought, begins, begins + 2), np.array([0, 1, 2, -1, 4, -1]))
    vectors = encoder.encode(histories).numpy()
    assert (vectors[0] == vectors[2]).all() and (vectors[0] == vectors[4]).all() and (vectors[3] == vectors[5]).all()
    assert not (vectors[0] == vectors[1]).all() and not (vectors[0] == vectors[3]).all()


def test_texts_of_equal_words_that_are_keys_here_and_values_there_are_not_equal():
    vocabulary = Vocabulary.learn([[("bag", "red")], [("red", "bag")]] * 3, 40)
    store = vocabulary.tokenise([[("bag", "red")], [("bag red", "")], [("bag", "red")]], 8)
    words = [row.tolist() for row in np.split(store.tokens, store.offsets[1:-1])]
    assert words[0] == words[1]
    assert store.distinct()[1].tolist() == [0, 1, 0]


@pytest.mark.parametrize("titles", [["red bag", "Red Bag"], ["red bag"]])
def test_of_generated_titles_in_retrieval_and_live(titles):
    encoder = title_encoder()
    vectors = torch.from_numpy(encoder.encode(TEXTS))
    ids = np.arange(10, 16)
    by_id = VectorIndex(ids, torch.nn.functional.normalize(torch.ones(6, 3), dim=1))
    lists = Retriever(encoder, VectorIndex(ids, vectors), by_id, 6).lists(
        [12] * len(titles), titles, [None] * len(titles)
    )
    for place in range(len(titles)):
        # Equal titles, and ids that are equally close: their order is that of the ids.
        listed = lists.title_list.row(place).tolist()
        assert [item for item in listed if item in (10, 12, 14)] == [10, 12, 14]
        assert [item for item in listed if item in (13, 15)] == [13, 15]
        assert lists.id_list.row(place).tolist() == ids.tolist()
