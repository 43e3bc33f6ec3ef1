"""Query vectors and their neighbours, against brute force."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import unit

from atelier_trainer.encoders.title import LstmTitleEncoder, train_tokenizer
from atelier_trainer.errors import BadSpec
from atelier_trainer.models.title_lstm import TitleLstm
from atelier_trainer.stages.encode_queries import nearest
from atelier_trainer.tables import read_vectors

QUERIES = ["red shoes", "crimson footwear", "laptop backpack", "red shoes for women", "gold ring", "notebook rucksack"]


def test_neighbours_are_those_of_a_full_sort(monkeypatch):
    monkeypatch.setattr("atelier_trainer.ranking.BLOCK_SCORES", 37 * 10)
    monkeypatch.setattr("atelier_trainer.ranking.BLOCK_ROWS", 1)
    vectors = unit(np.random.default_rng(0).normal(size=(37, 5))).astype(np.float32)
    vectors[11] = vectors[4]  # the same query twice: each is its own nearest, the other comes next
    places, similarities = nearest(torch.from_numpy(vectors), 7)
    scores = vectors @ vectors.T
    for row in range(37):
        others = sorted((other for other in range(37) if other != row), key=lambda other: (-scores[row, other], other))
        assert places[row].tolist() == [row, *others[:6]]
        assert similarities[row] == pytest.approx([1, *scores[row, others[:6]]], abs=1e-6)


def write_queries(tmp_path):
    (tmp_path / "split").mkdir()
    ids = pa.array(range(6), pa.int32())
    pq.write_table(pa.table({"query_id": ids, "query": QUERIES}), tmp_path / "split" / "queries.parquet")
    return {"split": str(tmp_path / "split")}


@pytest.mark.models
def test_similar_queries_are_neighbours_of_one_another(tmp_path, run_stage):
    result, folder = run_stage(
        "encode-queries", {"encoder": "minilm", "model": None, "neighbours": 3}, write_queries(tmp_path)
    )
    assert result == {"queries": 6, "dimensions": 384, "neighbours": 3}
    ids, vectors = read_vectors(folder / "vectors.parquet")
    assert ids.tolist() == list(range(6))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    rows = pq.read_table(folder / "neighbours.parquet").to_pylist()
    second = {row["query_id"]: row["neighbour_id"] for row in rows if row["rank"] == 2}
    assert (second[0], second[3], second[2], second[5]) == (3, 0, 5, 2)


@pytest.mark.models
def test_a_text_has_the_same_vector_alone_and_in_a_batch():
    from atelier_trainer.encoders.minilm import load_minilm

    encoder = load_minilm(torch.device("cpu"))
    together = encoder.encode(QUERIES)
    alone = np.concatenate([encoder.encode([query]) for query in QUERIES])
    assert (together * alone).sum(1).min() > 0.999
    assert encoder.encode([]).shape == (0, 384)


def test_the_trained_title_encoder_encodes_queries(tmp_path, run_stage):
    encoder = LstmTitleEncoder(TitleLstm(80, 8), train_tokenizer(QUERIES, 80), torch.device("cpu"))
    (tmp_path / "titles").mkdir()
    encoder.save(tmp_path / "titles")
    params = {"encoder": "title", "model": None, "neighbours": 2}
    inputs = write_queries(tmp_path)
    with pytest.raises(BadSpec, match="titleEncoder"):
        run_stage("encode-queries", params, inputs)
    result, folder = run_stage("encode-queries", params, inputs | {"titleEncoder": str(tmp_path / "titles")})
    assert result["dimensions"] == 8
    np.testing.assert_allclose(read_vectors(folder / "vectors.parquet")[1], encoder.encode(QUERIES), atol=1e-6)
