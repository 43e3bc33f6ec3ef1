"""Every baseline on logs with hardly anything in them: refused with the reason, or run with what was worked out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import Event, cycles, read_events, write_log

from atelier_trainer.data.sequences import Events
from atelier_trainer.errors import BadData
from atelier_trainer.masks import checked, inverse, rows_where

COMMON = {"batchSize": 8, "learningRate": 0.02, "maxEpochs": 15, "patience": 15, "maskSeen": False, "listLength": 20}
IDS = COMMON | {"hiddenSize": 8, "dropout": 0.0, "maxLength": 8, "coldToken": False}
RECFORMER = COMMON | {
    "model": "recformer",
    "textEncoder": "scratch",
    "vocabularySize": 120,
    "hiddenSize": 8,
    "layers": 1,
    "heads": 2,
    "dropout": 0.0,
    "maxLength": 6,
    "maxAttributeTokens": 8,
    "maxTokens": 48,
    "pretrainEpochs": 1,
    "maxEpochs": 6,
    "refineEpochs": 1,
    "maskShare": 0.15,
    "maskWeight": 0.1,
    "temperature": 0.05,
}
METHODS = {
    "popularity": {"model": "popularity", "maskSeen": False, "listLength": 20},
    "gru4rec": IDS | {"model": "gru4rec", "embeddingSize": 8, "layers": 1, "loss": "ce"},
    "sasrec": IDS | {"model": "sasrec", "layers": 1, "heads": 2, "loss": "ce"},
    "sasrec bce": IDS | {"model": "sasrec", "layers": 1, "heads": 2, "loss": "bce"},
    "bert4rec": IDS | {"model": "bert4rec", "layers": 1, "heads": 2, "maskShare": 0.3},
    "nextitnet": IDS | {"model": "nextitnet", "blocks": 1, "kernelSize": 3, "dilations": [1, 2], "loss": "ce"},
    "core": IDS | {"model": "core", "encoder": "trm", "layers": 1, "heads": 2, "temperature": 0.07, "itemDropout": 0.0},
    "recformer": RECFORMER | {"query": False},
    "recformer-query": RECFORMER | {"query": True},
}
TRAINED = [name for name in METHODS if name != "popularity"]


def bought(*items: int) -> list[Event]:
    return [("purchase", item) for item in items]


def clicked(*items: int) -> list[Event]:
    return [("click", item) for item in items]


@dataclass(frozen=True)
class Case:
    """`refused`: the reason for methods that learn; `popularity`: for popularity. `warned`: what a run warns of.
    `ranks` are those of every method, `popularity_ranks` popularity's; `alike`: every shopper is ranked the same."""

    users: list[list[Event]]
    items: int
    refused: str | None = None
    popularity: str | None = None
    warned: str | None = None
    ranks: list[int] | None = None
    popularity_ranks: list[int] | None = None
    alike: bool = False
    mask_seen: bool = False
    trains: bool = True


CASES = {
    # The one training event of each shopper teaches popularity and nothing of what follows what.
    "one training event each": Case(
        [bought(1, 2)] * 5, 12, refused="nothing to learn from: no user has two", ranks=[2] * 5
    ),
    "nothing in training": Case(
        cycles(6), 6, refused="nothing to learn from", popularity="nothing to learn from: no event", trains=False
    ),
    "no test example": Case(
        [bought(1)] * 50, 5, refused="no test example", popularity="no test example: no user has two purchases"
    ),
    "no validation example": Case(
        [[*clicked(1, 2), *bought(3, 4)], [*clicked(5, 6), *bought(7, 8)], [*clicked(1, 6), *bought(3, 8)]],
        12,
        warned="no validation examples: stopping on 1 purchases taken out of training",
    ),
    "nothing to stop on": Case([bought(1, 2)] * 3 + [clicked(1, 2, 3)] * 3, 12, refused="nothing to stop on"),
    "one user": Case([bought(1, 2, 1, 2, 1, 2)], 12),
    "one item": Case([bought(1, 1, 1, 1)] * 4, 1, ranks=[1] * 4),
    "a catalogue not larger than K": Case(cycles(12, 7), 7),
    "all interactions equal": Case([bought(3, 3, 3, 3)] * 8, 12, popularity_ranks=[1] * 8, alike=True),
    "users who bought everything": Case(
        [bought(*range(1, 13), 1)] * 4,
        12,
        mask_seen=True,
        ranks=[1] * 4,
        warned="4 of 4 test shoppers have seen all but 10 items or fewer",
    ),
    "users with one event beside others": Case([*cycles(12), *[bought(2)] * 20], 6),
}


def write_case(case: Case, root: Path) -> dict[str, str]:
    # A search for Recformer with queries, where it makes no more examples and changes no history.
    users = [[*user[:-1], ("search", "tote"), user[-1]] if len(user) > 1 else user for user in case.users]
    inputs = write_log(root, users, [f"bag {item}" for item in range(1, case.items + 1)])
    items = root / "dataset" / "items.parquet"
    table = pq.read_table(items)
    pq.write_table(table.append_column("attributes", [["{}"] * len(table)]), items)
    if not case.trains:
        events = root / "split" / "events.parquet"
        table = pq.read_table(events)
        none = pa.array([False] * len(table))
        pq.write_table(table.set_column(table.column_names.index("train"), "train", none), events)
    return inputs


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", CASES)
def test_a_log_with_hardly_anything_is_refused_or_gives_what_was_worked_out(name, method, tmp_path, run_stage):
    case = CASES[name]
    params = METHODS[method] | {"maskSeen": case.mask_seen}
    inputs = write_case(case, tmp_path)
    refused = case.popularity if method == "popularity" else case.refused
    if refused is not None:
        with pytest.raises(BadData, match=refused):
            run_stage("baseline", params, inputs)
        return
    result, output = run_stage("baseline", params, inputs)
    table = pq.read_table(output / "ranks.parquet")
    ranks = table["rank"].to_numpy()
    examples = pq.read_table(Path(inputs["split"]) / "examples.parquet").to_pylist()
    tested = [row for row in examples if row["split"] == "test"]
    assert table["example_id"].to_pylist() == [row["example_id"] for row in tested]
    assert ((ranks >= 1) & (ranks <= case.items)).all()
    for row, rank, items, scores in zip(
        tested, ranks, table["items"].to_pylist(), table["scores"].to_pylist(), strict=True
    ):
        assert np.isfinite(scores).all() and len(set(items)) == len(items)
        assert items[rank - 1] == row["target_item"]
    known = case.popularity_ranks if method == "popularity" and case.popularity_ranks else case.ranks
    assert known is None or ranks.tolist() == known
    assert not case.alike or len(set(ranks)) == 1
    warnings = [event["payload"]["message"] for event in read_events(output) if event["type"] == "warning"]
    expects = case.warned is not None and (method != "popularity" or case.mask_seen)
    assert any(case.warned in message for message in warnings) if expects else not [w for w in warnings if "seen" in w]
    assert all(np.isfinite(value) for value in result.values() if isinstance(value, float))
    json.dumps(result, allow_nan=False)


def log_of(train: list[bool]) -> Events:
    count = len(train)
    return Events(np.zeros(count, int), np.arange(count), np.arange(count), np.array(train))


def test_holding_nobody_out_leaves_training_as_it_is():
    events = log_of([True, True, False])
    none = np.array([], int)
    assert events.without(none, none).train.tolist() == [True, True, False]
    assert events.without(none, none).train.dtype == bool


@pytest.mark.parametrize("wrong", [np.array([1, 0]), np.array([-1, -2]), False, [True, False], torch.tensor([1, 0])])
def test_what_is_not_boolean_is_no_mask(wrong):
    for takes in (checked, inverse):
        with pytest.raises(TypeError, match="array of booleans"):
            takes(wrong)


def test_masks_select_and_invert():
    assert rows_where(np.array([True, False, True])).tolist() == [0, 2]
    assert inverse(torch.tensor([True, False])).tolist() == [False, True]
    with pytest.raises(TypeError, match="int64"):
        Events(np.array([1]), np.array([1]), np.array([1]), np.array([1]))


def test_a_train_column_of_numbers_is_refused_by_name(tmp_path, run_stage):
    inputs = write_log(tmp_path, cycles(), ["bag"] * 6)
    path = Path(inputs["split"]) / "events.parquet"
    table = pq.read_table(path)
    numbers = pa.array([int(train) for train in table["train"].to_pylist()], pa.int32())
    pq.write_table(table.set_column(table.column_names.index("train"), "train", numbers), path)
    with pytest.raises(BadData, match="column train holds int32, not booleans"):
        run_stage("baseline", METHODS["popularity"], inputs)
