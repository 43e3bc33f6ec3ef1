"""Tiny logs in the layout of the dataset and split stages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from atelier_trainer.events import EventWriter
from atelier_trainer.stages import load_stage

FIXTURES = Path(__file__).parents[2] / "core" / "test" / "fixtures" / "contracts"
KEY = "0123456789abcdef" * 2

Event = tuple[str, int | str]
"""`("click", item)`, `("purchase", item)` or `("search", query)`."""


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture
def events(tmp_path: Path) -> EventWriter:
    return EventWriter(tmp_path / "events.ndjson")


def fixture(name: str):
    return json.loads((FIXTURES / f"{name}.json").read_text())


def read_events(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "events.ndjson").read_text().splitlines()]


def write_log(root: Path, users: list[list[Event]], titles: list[str], first_id: int = 1) -> dict[str, str]:
    """Write `dataset` and `split` folders, split leave-one-out, and return them as a spec's inputs."""
    queries: dict[str, int] = {}
    log: list[tuple] = []
    examples: list[tuple] = []
    for user, history in enumerate(users, start=1):
        bought = [order for order, (action, _) in enumerate(history) if action == "purchase"]
        held = {order: name for order, name in zip(reversed(bought), ("test", "valid"), strict=False)}
        held = held if len(bought) >= 3 else dict(list(held.items())[:1]) if len(bought) == 2 else {}
        query = None
        for order, (action, what) in enumerate(history):
            searched = queries.setdefault(what, len(queries)) if isinstance(what, str) else None
            query = searched if searched is not None else query
            item = what if isinstance(what, int) else None
            log.append((user, order, action, item, searched, order < min(held, default=len(history))))
            if action == "purchase" and order:
                examples.append((len(examples), user, held.get(order, "train"), item, order, query))
                query = None
    for folder in ("dataset", "split"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    ids = pa.array(range(first_id, first_id + len(titles)), pa.int32())
    pq.write_table(pa.table({"item_id": ids, "title": titles}), root / "dataset" / "items.parquet")
    table(root / "split" / "events.parquet", ["user_id", "ord", "action", "item_id", "query_id", "train"], log)
    names = ["example_id", "user_id", "split", "target_item", "target_ord", "query_id"]
    table(root / "split" / "examples.parquet", names, examples)
    table(root / "split" / "queries.parquet", ["query_id", "query"], [(place, text) for text, place in queries.items()])
    return {name: str(root / name) for name in ("dataset", "split")}


def table(path: Path, names: list[str], rows: list[tuple]) -> None:
    kinds = {
        "action": pa.string(),
        "split": pa.string(),
        "query": pa.string(),
        "title": pa.string(),
        "train": pa.bool_(),
    }
    columns = zip(*rows, strict=True) if rows else [[] for _ in names]
    arrays = {name: pa.array(column, kinds.get(name, pa.int32())) for name, column in zip(names, columns, strict=True)}
    pq.write_table(pa.table(arrays), path)


def spec_of(kind: str, params: dict, inputs: dict[str, str], output: Path) -> dict:
    """The JSON of a stage spec, with the output folder made."""
    output.mkdir(parents=True, exist_ok=True)
    common = {"contract": 1, "revision": 1, "key": KEY, "seed": 1, "device": "cpu", "threads": 1, "attempt": "a1"}
    return common | {"kind": kind, "params": params, "inputs": inputs, "output": str(output)}


@pytest.fixture
def run_stage(tmp_path: Path) -> Callable[..., tuple[dict, Path]]:
    """Run a stage in this process: `(result, output folder)`."""

    def run(kind: str, params: dict, inputs: dict[str, str]) -> tuple[dict, Path]:
        from atelier_trainer.spec import stage_spec

        output = tmp_path / kind
        spec = stage_spec(spec_of(kind, params, inputs, output))
        return load_stage(kind)(spec, EventWriter(output / "events.ndjson")), output

    return run


def cycles(users: int = 24, items: int = 6) -> list[list[Event]]:
    """Shoppers who buy 1, 2, … items, 1, … in a circle, 4 to 8 purchases each: what comes next is certain."""
    return [[("purchase", 1 + (user + step) % items) for step in range(4 + user % 5)] for user in range(users)]


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
