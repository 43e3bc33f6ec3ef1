"""`retrieve`: the id list, the title list and the query list of every parsed generation."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..device import pick_device
from ..errors import BadData
from ..events import EventWriter
from ..params import RetrieveParams
from ..retrieval import load_retriever
from ..spec import StageSpec
from ..tables import integers, read_table, texts, write_table
from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write `lists.parquet`: one row for each row of `parsed.parquet`, in its order."""
    params: RetrieveParams = spec.params
    table = read_table(spec.input("parse") / "parsed.parquet", ["example_id", "item_id", "title"])
    example_ids = integers(table, "example_id")
    retriever = load_retriever(
        spec.input("titleEncoder"),
        spec.input("idEncoder") if "idEncoder" in spec.inputs else None,
        params.list_length,
        pick_device(spec.device),
    )
    lists = retriever.lists(
        table["item_id"].to_pylist(),
        texts(table, "title"),
        last_queries(spec.input("split"), example_ids),
        lambda step, done, total: events.progress(step, done, total, "vectors"),
    )
    write_table(spec.output / "lists.parquet", {"example_id": example_ids.astype(np.int32)} | vars(lists))
    empty = {name: int((np.diff(vars(lists)[f"{name}_list"].offsets) == 0).sum()) for name in ("id", "title", "query")}
    return {
        "examples": len(table),
        "withoutId": empty["id"],
        "withoutTitle": empty["title"],
        "withoutQuery": empty["query"],
    }


def last_queries(split: Path, example_ids: np.ndarray) -> list[str | None]:
    """Text of each example's last query, None where it has none; BadData for an example or query that is not there."""
    queries = read_table(split / "queries.parquet", ["query_id", "query"])
    by_id = dict(zip(queries["query_id"].to_pylist(), texts(queries, "query"), strict=True))
    examples = read_table(split / "examples.parquet", ["example_id", "query_id"])
    asked = dict(zip(examples["example_id"].to_pylist(), examples["query_id"].to_pylist(), strict=True))
    try:
        of_examples = [asked[int(example)] for example in example_ids]
        return [None if query is None else by_id[query] for query in of_examples]
    except KeyError as error:
        raise BadData(f"parsed.parquet and the split do not belong together: no example or query {error}") from None
