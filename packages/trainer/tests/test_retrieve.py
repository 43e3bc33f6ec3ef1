"""Lists of generated ids and titles against rows worked out by hand."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import unit

from atelier_trainer.params import RetrieveParams
from atelier_trainer.retrieval import Retriever, VectorIndex
from atelier_trainer.stages import retrieve
from atelier_trainer.tables import read_table

IDS = np.array([3, 5, 8, 9])
BY_ID = unit(np.array([[1, 0], [1, 0.1], [0, 1], [-1, 0]], np.float32))
BY_TITLE = unit(np.array([[0, 1], [1, 0], [1, 0], [1, 1]], np.float32))


class Words:
    """A title encoder of two words, so that vectors are known."""

    def encode(self, texts):
        return unit(np.array([[text.count("tote"), text.count("case")] for text in texts], np.float32))


@pytest.fixture
def retriever():
    return Retriever(
        Words(), VectorIndex(IDS, torch.from_numpy(BY_TITLE)), VectorIndex(IDS, torch.from_numpy(BY_ID)), list_length=3
    )


def test_the_id_list_starts_with_the_generated_item_and_the_title_list_with_the_nearest_title(retriever):
    lists = retriever.lists([5, 8], ["case", "tote tote"])
    assert lists.id_list.row(0).tolist() == [5, 3, 8]
    assert lists.id_list.row(1).tolist() == [8, 5, 3]
    assert lists.title_list.row(0).tolist() == [3, 9, 5]
    assert lists.title_list.row(1).tolist() == [5, 8, 9], "equal titles stand in order of id"
    assert lists.title_scores.row(1).tolist() == pytest.approx([1, 1, 0.5**0.5], abs=1e-6)


def test_what_was_not_generated_gives_empty_lists(retriever):
    lists = retriever.lists([None, 4, 9], ["tote", None, "  "])
    assert [len(lists.id_list.row(row)) for row in range(3)] == [0, 0, 3]
    assert [len(lists.title_list.row(row)) for row in range(3)] == [3, 0, 0]


def test_no_requests_give_no_lists(retriever):
    lists = retriever.lists([], [])
    assert len(lists.id_list) == len(lists.title_list) == 0


def test_the_stage_writes_one_row_an_example_in_order(tmp_path, retriever, events, monkeypatch):
    monkeypatch.setattr(retrieve, "load_retriever", lambda *_: retriever)
    for folder in ("parse", "titleEncoder", "idEncoder"):
        (tmp_path / folder).mkdir()
    parsed = {"example_id": pa.array([7, 2], pa.int32()), "item_id": pa.array([None, 3], pa.int32())}
    pq.write_table(pa.table(parsed | {"title": pa.array(["case", None])}), tmp_path / "parse" / "parsed.parquet")

    class Spec:
        params = RetrieveParams(list_length=3)
        output = tmp_path
        device = "cpu"

        def input(self, name):
            return tmp_path / name

    assert retrieve.run(Spec(), events) == {"examples": 2, "withoutId": 1, "withoutTitle": 1}
    names = ["example_id", "id_list", "id_scores", "title_list", "title_scores"]
    rows = read_table(tmp_path / "lists.parquet", names).to_pylist()
    assert [(row["example_id"], row["id_list"], row["title_list"]) for row in rows] == [
        (7, [], [3, 9, 5]),
        (2, [3, 5, 8], []),
    ]
