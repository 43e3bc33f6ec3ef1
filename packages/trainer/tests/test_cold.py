"""The cold token on literal counts, and through the stage of every model."""

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from conftest import write_log
from safetensors.torch import load_file
from test_id_models import BERT4REC, GRU4REC, NEXTITNET
from test_sequence_models import CORE, SASREC

from atelier_trainer.cold import ColdToken
from atelier_trainer.data.sequences import Windows
from atelier_trainer.tables import read_vectors

COUNTS = np.array([1.0, 0.0, 3.0, 0.0])


def test_rare_items_give_way_to_the_token_most_and_padding_never():
    ids = np.tile([1, 3, 0], (20_000, 1))
    read = ColdToken(COUNTS).dropped_in(ids, np.random.default_rng(0))
    shares = (read == 5).mean(0)
    assert shares.tolist() == pytest.approx([0.25 / 1.25, 0.25 / 3.25, 0], abs=0.01)
    assert ((read == 5) | (read == ids)).all()


def test_histories_hold_the_token_in_place_of_unseen_items():
    windows = Windows(np.array([0, 1, 2, 3]), np.array([0, 2]), np.array([2, 4]))
    assert ColdToken(COUNTS).known(windows).padded().tolist() == [[1, 5], [3, 5]]


def test_every_unseen_item_ranks_with_the_token_s_vector():
    table = torch.arange(10.0).view(5, 2)
    assert ColdToken(COUNTS).ranked_table(table).tolist() == [[0, 1], [8, 9], [4, 5], [8, 9]]


@pytest.mark.parametrize(
    "params", [GRU4REC, SASREC, BERT4REC, NEXTITNET, CORE], ids=lambda params: str(params["model"])
)
def test_unseen_items_have_one_score_and_stand_in_the_order_of_their_ids(tmp_path, run_stage, params):
    # Items 1 to 5 are bought in a circle; 6 to 8 are only bought last, so training never shows them.
    users = [
        [*(("purchase", 1 + (user + step) % 5) for step in range(6)), ("purchase", 6 + user % 3)] for user in range(24)
    ]
    inputs = write_log(tmp_path, users, ["bag"] * 8)
    _, output = run_stage("baseline", params | {"coldToken": True, "maxEpochs": 3, "listLength": 8}, inputs)
    ranks = pq.read_table(output / "ranks.parquet")
    for row in ranks.to_pylist():
        unseen = {item: score for item, score in zip(row["items"], row["scores"], strict=True) if item > 5}
        assert list(unseen) == [6, 7, 8] and len(set(unseen.values())) == 1
    weights = load_file(output / "model.safetensors")["items.weight"]
    assert (weights[6:9] == weights[9]).all() and not (weights[1:6] == weights[9]).all(1).any()
    if params["model"] == "core":
        ids, vectors = read_vectors(output / "item_vectors.parquet")
        assert ids.tolist() == list(range(1, 9)) and (vectors[5:] == vectors[5]).all()


def test_the_token_is_trained_and_changes_where_unseen_items_rank(tmp_path, run_stage):
    # After one of items 1 to 5 comes a new item: one bought once (9 to 56) while training, an unseen one at test.
    users = [
        [("purchase", item) for item in (1 + user % 5, 9 + user, 1 + user % 4, 33 + user, 1 + user % 3, 6 + user % 3)]
        for user in range(24)
    ]
    inputs = write_log(tmp_path, users, ["bag"] * 56)
    mean = {}
    for token in (True, False):
        _, output = run_stage("baseline", SASREC | {"coldToken": token, "maxEpochs": 20, "dropout": 0.1}, inputs)
        mean[token] = pq.read_table(output / "ranks.parquet")["rank"].to_numpy().mean()
    # Untrained vectors are negatives of every target; the token is often the target itself.
    assert mean[True] < mean[False] / 2
