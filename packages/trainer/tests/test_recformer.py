"""What Recformer reads, worked out by hand on tiny sequences, and the pieces of its model and losses."""

import json

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from atelier_trainer.data.sequences import Windows
from atelier_trainer.recformer.inputs import Histories, InputBuilder, Inputs, batches_by_length
from atelier_trainer.recformer.model import Recformer, Shape
from atelier_trainer.recformer.positions import Searches, Targets
from atelier_trainer.recformer.pretraining import contrast, mask_values
from atelier_trainer.recformer.text import KEY, VALUE, TextStore, Vocabulary, flatten

CLS, PAD = 2, 0
SHAPE = Shape(vocabulary=40, hidden=16, layers=2, heads=2, inner=32, max_tokens=12, max_items=4, dropout=0.0)


def store(*texts: list[tuple[int, int]]) -> TextStore:
    """Texts as `(token, type)` pairs."""
    flat = [pair for text in texts for pair in text]
    tokens, types = (np.array([pair[place] for pair in flat], np.int64) for place in (0, 1))
    return TextStore(np.cumsum([0, *map(len, texts)]), tokens, types)


def builder(max_tokens: int = 12) -> InputBuilder:
    """Item 0 is `title: 11 12`, item 1 `title: 13`, the only query `query: 21`; keys are tokens 10 and 20."""
    items = store([(10, KEY), (11, VALUE), (12, VALUE)], [(10, KEY), (13, VALUE)])
    queries = store([(20, KEY), (21, VALUE)])
    return InputBuilder(store([(CLS, 0)]), queries, items, max_tokens, PAD)


def histories(*rows: list[int], queries: list[int]) -> Histories:
    ends = np.cumsum([len(row) for row in rows])
    lengths = np.array([len(row) for row in rows])
    flat = np.array([item for row in rows for item in row], np.int64)
    return Histories(Windows(flat, ends - lengths, ends), np.array(queries))


def test_the_newest_item_stands_first_behind_cls_and_query():
    inputs = builder().build(histories([0, 1], [1], queries=[0, -1]))
    assert inputs.tokens.tolist() == [[2, 20, 21, 10, 13, 10, 11, 12], [2, 10, 13, 0, 0, 0, 0, 0]]
    assert inputs.types.tolist() == [[0, 1, 2, 1, 2, 1, 2, 2], [0, 1, 2, 0, 0, 0, 0, 0]]
    assert inputs.positions.tolist() == [[0, 0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 0, 0, 0, 0, 0]]
    assert inputs.real.sum(1).tolist() == [8, 3]


def test_a_long_sequence_loses_its_oldest_words():
    made = builder(max_tokens=6)
    several = histories([0, 1], [], queries=[0, -1])
    assert made.build(several).tokens.tolist() == [[2, 20, 21, 10, 13, 10], [2, 0, 0, 0, 0, 0]]
    assert made.lengths(several).tolist() == [6, 1]


def test_lengths_are_those_of_what_is_built():
    several = histories([0, 1, 1], [1], [], queries=[-1, 0, 0])
    assert builder().lengths(several).tolist() == builder().build(several).real.sum(1).tolist()


def test_an_item_is_its_title_and_what_its_attributes_add():
    assert flatten("Red Tote", json.dumps({"brand": "Acme", "color": "", "category": "red, tote"})) == [
        ("title", "Red Tote"),
        ("brand", "Acme"),
    ]
    assert flatten("", None) == [("title", "")]


def test_keys_and_values_are_told_apart_and_long_values_cut():
    words = [("title", "red leather tote"), ("brand", "acme")]
    vocabulary = Vocabulary.learn([words] * 2, 200)
    texts = vocabulary.tokenise([words, [("title", "")], words], max_attribute_tokens=2)
    decoded = [vocabulary.tokenizer.id_to_token(token).strip("▁") for token in texts.tokens[: texts.offsets[1]]]
    assert decoded == ["title", "red", "leather", "brand", "acme"]
    assert texts.types.tolist() == [1, 2, 2, 1, 2, 1, 1, 2, 2, 1, 2]
    first, place = texts.distinct()
    assert first.tolist() == [0, 1] and place.tolist() == [0, 1, 0]


def test_a_saved_vocabulary_reads_as_it_did(tmp_path):
    vocabulary = Vocabulary.learn([[("title", "red tote"), ("brand", "acme")]] * 3, 200)
    vocabulary.tokenizer.save(str(tmp_path / "tokenizer.json"))
    again = Vocabulary(Tokenizer.from_file(str(tmp_path / "tokenizer.json")))
    assert (len(again), again.cls, again.mask) == (len(vocabulary), vocabulary.cls, vocabulary.mask)
    things = [[("title", "a red acme")]]
    assert again.tokenise(things, 9).tokens.tolist() == vocabulary.tokenise(things, 9).tokens.tolist()


def test_a_token_is_the_normalised_sum_of_four_embeddings():
    model = Recformer(SHAPE).eval()
    inputs = builder().build(histories([0, 1], queries=[0]))
    place = 6  # word 11 of the older item
    summed = model.tokens.weight[11] + model.token_positions.weight[6] + model.types.weight[2]
    summed = summed + model.item_positions.weight[2]
    torch.testing.assert_close(model.embed(inputs)[0, place], F.layer_norm(summed, (16,), eps=1e-12))


def test_padding_changes_no_vector_and_the_short_way_is_the_long_one():
    model = Recformer(SHAPE).eval()
    several = histories([0, 1], [1], [0, 0, 1], queries=[-1, 0, -1])
    with torch.inference_mode():
        together = model(builder().build(several))
        alone = torch.cat([model(builder().build(several.take(np.array([row])))) for row in range(3)])
        states = model.states(builder().build(several))[:, 0]
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(together, F.normalize(states, dim=1), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("part", ["positions", "types"])
def test_item_positions_and_token_types_reach_the_vector(part):
    model = Recformer(SHAPE).eval()
    inputs = builder().build(histories([0, 1], queries=[0]))
    changed = {name: getattr(inputs, name).clone() for name in ("tokens", "types", "positions", "real")}
    changed[part][0, -1] = 1
    assert (model(inputs) - model(Inputs(**changed))).abs().max() > 1e-4


def test_the_plain_and_the_fused_attention_agree(monkeypatch):
    model = Recformer(SHAPE).eval()
    inputs = builder().build(histories([0, 1], [1], queries=[0, -1]))
    plain = model.states(inputs)[inputs.real]
    monkeypatch.setattr("atelier_trainer.recformer.model.PLAIN_WEIGHTS", 0)
    torch.testing.assert_close(plain, model.states(inputs)[inputs.real], atol=1e-5, rtol=1e-4)


def test_only_values_are_masked():
    vocabulary = Vocabulary.learn([[("title", "red tote")]] * 2, 200)
    plain = builder(max_tokens=2000).build(histories([0, 1] * 300, queries=[0]))
    masked, chosen = mask_values(plain, 1.0, vocabulary, torch.Generator().manual_seed(0))
    assert torch.equal(chosen, plain.types == VALUE)
    assert torch.equal(masked.tokens[~chosen], plain.tokens[~chosen])
    shares = (masked.tokens[chosen] == vocabulary.mask).float().mean()
    kept = (masked.tokens[chosen] == plain.tokens[chosen]).float().mean()
    assert 0.75 < shares < 0.86 and 0.07 < kept < 0.2
    _, fewer = mask_values(plain, 0.15, vocabulary, torch.Generator().manual_seed(0))
    assert 0.1 < fewer.sum() / chosen.sum() < 0.2


def test_the_same_item_in_another_row_is_no_negative():
    vectors = F.normalize(torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), dim=1)
    loss = contrast(vectors, vectors[[0, 1, 0]], torch.tensor([5, 6, 5]), temperature=0.5)
    half = 2 * 0.5**0.5
    rows = [
        np.log(np.exp(2) + 1) - 2,  # item 5 against item 6; row 2 holds 5 as well
        np.log(np.exp(2) + 2) - 2,
        np.log(2 * np.exp(half)) - half,
    ]
    assert loss.item() == pytest.approx(np.mean(rows), rel=1e-5)


def test_the_last_search_before_a_position_is_the_users_own():
    searches = Searches(np.array([7, 3, 7]), np.array([4, 0, 1]), np.array([2, 0, 1]))
    asked = searches.at(np.array([7, 7, 7, 3, 5, 7]), np.array([5, 4, 1, 9, 9, 2]))
    assert asked.tolist() == [2, 1, -1, 0, -1, 1]


def test_each_pass_draws_other_positions_of_every_user():
    users = np.repeat([0, 1, 2], [10, 2, 5])
    targets = Targets(histories(*[[0]] * 17, queries=[-1] * 17), np.arange(17), users)
    rng = np.random.default_rng(0)
    first, second = targets.draw(rng, 4), targets.draw(rng, 4)
    assert np.bincount(users[first]).tolist() == [4, 2, 4] and len(set(first)) == 10
    assert set(first) != set(second)


def test_batches_hold_every_sequence_once_and_of_like_length():
    lengths = np.random.default_rng(0).integers(5, 300, 200)
    parts = list(batches_by_length(lengths, 20, np.random.default_rng(1)))
    assert sorted(np.concatenate(parts).tolist()) == list(range(200))
    assert max(np.ptp(lengths[part]) for part in parts) < 60
