"""Lists of generated ids and titles against rows worked out by hand."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import table, unit

from atelier_trainer.errors import BadData
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
    lists = retriever.lists([5, 8], ["case", "tote tote"], [None, "case"])
    assert lists.id_list.row(0).tolist() == [5, 3, 8]
    assert lists.id_list.row(1).tolist() == [8, 5, 3]
    assert lists.title_list.row(0).tolist() == [3, 9, 5]
    assert lists.title_list.row(1).tolist() == [8, 5, 9], "equal titles stand in order of closeness to the id"
    assert lists.title_scores.row(1).tolist() == pytest.approx([1, 1, 0.5**0.5], abs=1e-6)
    assert [lists.query_list.row(row).tolist() for row in (0, 1)] == [[], [3, 9, 5]]


def test_equal_titles_stand_in_order_of_closeness_to_the_generated_id(retriever):
    lists = retriever.lists([5, 8, 9, None, 3], ["tote"] * 4 + [None], [None] * 5)
    ordered = [lists.title_list.row(row).tolist() for row in range(5)]
    assert ordered == [[5, 8, 9], [8, 5, 9], [8, 5, 9], [5, 8, 9], []], "without an id, in order of item"
    assert lists.title_scores.row(1).tolist() == pytest.approx([1, 1, 0.5**0.5], abs=1e-6)


def test_what_was_not_generated_gives_empty_lists(retriever):
    lists = retriever.lists([None, 4, 9], ["tote", None, "  "], [None] * 3)
    assert [len(lists.id_list.row(row)) for row in range(3)] == [0, 0, 3]
    assert [len(lists.title_list.row(row)) for row in range(3)] == [3, 0, 0]


def test_no_requests_give_no_lists(retriever):
    lists = retriever.lists([], [], [])
    assert len(lists.id_list) == len(lists.title_list) == len(lists.query_list) == 0


def test_without_id_vectors_id_lists_are_empty_and_the_others_stand(retriever):
    lists = Retriever(retriever.encoder, retriever.titles, None, 3).lists([5, None], ["case", None], [None, "tote"])
    assert [lists.id_list.row(row).tolist() for row in (0, 1)] == [[], []]
    assert lists.title_list.row(0).tolist() == [3, 9, 5]
    assert lists.query_list.row(1).tolist() == [5, 8, 9]


def test_each_distinct_text_is_encoded_once(retriever):
    asked = []

    class Counting(Words):
        def encode(self, texts):
            asked.append(list(texts))
            return super().encode(texts)

    Retriever(Counting(), retriever.titles, retriever.ids, 3).lists([3] * 3, ["tote"] * 3, ["case", "tote", "case"])
    assert asked == [["tote"], ["case", "tote"]]


@pytest.fixture
def folders(tmp_path):
    for folder in ("parse", "titleEncoder", "split"):
        (tmp_path / folder).mkdir()
    parsed = {"example_id": pa.array([7, 2, 4], pa.int32()), "item_id": pa.array([None, 3, 3], pa.int32())}
    pq.write_table(pa.table(parsed | {"title": pa.array(["case", None, None])}), tmp_path / "parse" / "parsed.parquet")
    split = tmp_path / "split"
    table(split / "queries.parquet", ["query_id", "query"], [(0, "tote"), (1, "case")])
    table(split / "examples.parquet", ["example_id", "query_id"], [(2, 0), (3, 1), (4, None), (7, 1)])
    return tmp_path


def stage(folders, **inputs):
    class Spec:
        params = RetrieveParams(list_length=3)
        output = folders
        device = "cpu"

        def input(self, name):
            return folders / name

    Spec.inputs = {"split": folders, "parse": folders, "titleEncoder": folders, **inputs}
    return Spec()


def test_the_stage_writes_one_row_an_example_in_order(folders, retriever, events, monkeypatch):
    monkeypatch.setattr(retrieve, "load_retriever", lambda *_: retriever)
    result = retrieve.run(stage(folders, idEncoder=folders), events)
    assert result == {"examples": 3, "withoutId": 1, "withoutTitle": 2, "withoutQuery": 1}
    names = [f"{kind}_{what}" for kind in ("id", "title", "query") for what in ("list", "scores")]
    rows = read_table(folders / "lists.parquet", ["example_id", *names]).to_pylist()
    assert [(row["example_id"], row["id_list"], row["title_list"], row["query_list"]) for row in rows] == [
        (7, [], [3, 9, 5], [3, 9, 5]),
        (2, [3, 5, 8], [], [5, 8, 9]),
        (4, [3, 5, 8], [], []),
    ]


def test_an_example_of_another_split_is_refused(folders):
    with pytest.raises(BadData, match="do not belong together"):
        retrieve.last_queries(folders / "split", np.array([7, 5]))
