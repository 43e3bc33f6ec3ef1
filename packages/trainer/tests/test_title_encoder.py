"""Hard negatives by hand, and queries that must find their titles."""

import numpy as np
import pytest
import torch
from conftest import write_log

from atelier_trainer.data.pairs import Pairs
from atelier_trainer.encoders.title import load_title_encoder, train_tokenizer
from atelier_trainer.errors import BadData
from atelier_trainer.models.title_lstm import triplet_loss
from atelier_trainer.tables import read_vectors

PARAMS = {"encoder": "lstm", "model": None, "vocabularySize": 200, "hiddenSize": 32, "epochs": 25, "batchSize": 8}
PARAMS |= {"learningRate": 0.01, "margin": 0.2}
COLOURS = ["red", "blue", "green", "black", "white", "pink"]
TITLES = [f"{colour} leather {kind}" for colour in COLOURS for kind in ("tote bag", "travel suitcase")]


def angles(*degrees: float) -> torch.Tensor:
    radians = torch.deg2rad(torch.tensor(degrees))
    return torch.stack([radians.cos(), radians.sin()], 1)


def cosine(degrees: float) -> float:
    return float(np.cos(np.deg2rad(degrees)))


def test_the_hardest_non_matches_of_the_batch_are_the_negatives():
    queries, titles = angles(0, 90, 200), angles(10, 60, 215)
    match = torch.eye(3, dtype=torch.bool)
    match[0, 1] = True  # title 1 was bought from query 0 as well: no negative there
    sides = [
        0.5 - cosine(10) + cosine(145),  # query 0: titles 0 and 1 match, 2 is left
        0.5 - cosine(30) + cosine(80),  # query 1: title 0 is closer than 2
        0.5 - cosine(15) + cosine(140),  # query 2: title 1 is closer than 0
        0.5 - cosine(10) + cosine(80),  # title 0: query 1 is closer than 2
        0.5 - cosine(30) + cosine(140),  # title 1: query 0 matches, 2 is left
        0.5 - cosine(15) + cosine(125),  # title 2: query 1 is closer than 0
    ]
    expected = sum(max(0.0, side) for side in sides) / 3
    assert triplet_loss(queries, titles, match, 0.5, hard=True).item() == pytest.approx(expected, abs=1e-5)


def test_while_warming_up_every_non_match_counts():
    queries, titles = angles(0, 90), angles(10, 60)
    by_query = [0.5 - cosine(10) + cosine(60), 0.5 - cosine(30) + cosine(80)]
    by_title = [0.5 - cosine(10) + cosine(80), 0.5 - cosine(30) + cosine(60)]
    expected = (sum(max(0, side) for side in by_query) + sum(max(0, side) for side in by_title)) / 2
    loss = triplet_loss(queries, titles, torch.eye(2, dtype=torch.bool), 0.5, hard=False)
    assert loss.item() == pytest.approx(expected, abs=1e-5)


def test_a_batch_in_which_everything_matches_gives_no_loss_and_no_gradient():
    for hard in (True, False):
        queries = angles(0, 90).requires_grad_()
        loss = triplet_loss(queries, angles(10, 60), torch.ones(2, 2, dtype=torch.bool), 0.5, hard=hard)
        loss.backward()
        assert loss.item() == 0 and not queries.grad.any()


def test_a_match_seen_in_another_pair_counts_as_a_match():
    pairs = Pairs(queries=np.array([0, 1, 0]), titles=np.array([5, 6, 6]), title_count=7)
    assert pairs.matches(np.array([0, 1])).tolist() == [[True, True], [False, True]]


def shoppers() -> list[list]:
    users = []
    for place, title in enumerate(TITLES * 3):
        item = 1 + place % len(TITLES)
        colour, _, kind = title.split(" ", 2)
        other = 1 + (item + 5) % len(TITLES)
        users.append([("search", f"{colour} {kind}"), ("purchase", item), ("purchase", other)])
    return users


def test_the_same_texts_give_the_same_vocabulary():
    # Made so that most merges tie: whatever order a trainer meets them in then shows in the vocabulary.
    words = [a + b + c for a in "bcdfgh" for b in "aeiou" for c in ("lm", "nt", "rk", "st")]
    texts = [f"{left} {right}" for left, right in zip(words, reversed(words), strict=True)]
    vocabularies = [train_tokenizer(texts, 300).get_vocab() for _ in range(4)]
    assert vocabularies.count(vocabularies[0]) == 4


def test_queries_find_the_titles_bought_from_them(tmp_path, run_stage):
    result, folder = run_stage("title-encoder", PARAMS, write_log(tmp_path, shoppers(), TITLES))
    ids, vectors = read_vectors(folder / "vectors.parquet")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    encoder = load_title_encoder(folder)
    np.testing.assert_allclose(encoder.encode(TITLES), vectors, atol=1e-5)
    asked = encoder.encode([f"{title.split()[0]} {title.split(' ', 2)[2]}" for title in TITLES])
    assert ids[(asked @ vectors.T).argmax(1)].tolist() == list(range(1, len(TITLES) + 1))
    assert result["pairs"] == 36


def test_a_text_is_encoded_alike_alone_and_among_others(tmp_path, run_stage):
    _, folder = run_stage("title-encoder", PARAMS | {"epochs": 1}, write_log(tmp_path, shoppers(), TITLES))
    encoder = load_title_encoder(folder)
    texts = ["red tote", "", "a much longer title of a blue leather travel suitcase for the summer"]
    together = encoder.encode(texts)
    np.testing.assert_allclose(together, np.concatenate([encoder.encode([text]) for text in texts]), atol=1e-5)
    assert np.isfinite(together).all()


def test_a_log_without_queries_is_refused_with_a_way_out(tmp_path, run_stage):
    inputs = write_log(tmp_path, [[("purchase", 1), ("purchase", 2), ("purchase", 1)]] * 3, ["one", "two"])
    with pytest.raises(BadData, match="minilm"):
        run_stage("title-encoder", PARAMS, inputs)


def test_without_validation_queries_a_collapsed_epoch_is_never_kept(tmp_path, run_stage, monkeypatch):
    monkeypatch.setattr("atelier_trainer.stages.title_encoder.COLLAPSED", -1.0)  # every hard epoch counts as collapsed
    result, folder = run_stage("title-encoder", PARAMS | {"epochs": 5}, write_log(tmp_path, shoppers(), TITLES))
    assert result["bestEpoch"] == 2, "the last epoch of the warm-up"
    assert "hard negatives" in (folder / "events.ndjson").read_text()


def test_an_encoder_of_another_dataset_is_applied_without_training(tmp_path, run_stage):
    _, trained = run_stage("title-encoder", PARAMS | {"epochs": 2}, write_log(tmp_path / "one", shoppers(), TITLES))
    source = trained.rename(tmp_path / "trained")
    others = ["yellow canvas rucksack", "red leather tote bag", "yellow canvas rucksack"]
    inputs = write_log(tmp_path / "two", [[("search", "bag"), ("purchase", 1)]], others) | {"source": str(source)}
    result, folder = run_stage("title-encoder", PARAMS, inputs)
    assert result["titles"] == 3
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        assert (folder / name).read_bytes() == (source / name).read_bytes()
    ids, vectors = read_vectors(folder / "vectors.parquet")
    assert ids.tolist() == [1, 2, 3]
    np.testing.assert_allclose(vectors, load_title_encoder(source).encode(others), atol=1e-5)


def test_a_pretrained_encoder_of_another_dataset_is_no_source(tmp_path, run_stage):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "config.json").write_text('{"encoder": "gru"}')
    inputs = write_log(tmp_path, shoppers(), TITLES) | {"source": str(tmp_path / "source")}
    with pytest.raises(BadData, match="not of a title encoder"):
        run_stage("title-encoder", PARAMS, inputs)
