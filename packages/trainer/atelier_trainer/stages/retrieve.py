"""`retrieve`: the id list and the title list of every parsed generation."""

from __future__ import annotations

import numpy as np

from ..device import pick_device
from ..events import EventWriter
from ..params import RetrieveParams
from ..retrieval import load_retriever
from ..spec import StageSpec
from ..tables import integers, read_table, texts, write_table
from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    params: RetrieveParams = spec.params
    table = read_table(spec.input("parse") / "parsed.parquet", ["example_id", "item_id", "title"])
    retriever = load_retriever(
        spec.input("titleEncoder"), spec.input("idEncoder"), params.list_length, pick_device(spec.device)
    )
    lists = retriever.lists(
        table["item_id"].to_pylist(),
        texts(table, "title"),
        lambda step, done, total: events.progress(step, done, total, "vectors"),
    )
    columns = {"example_id": integers(table, "example_id").astype(np.int32)}
    write_table(spec.output / "lists.parquet", columns | vars(lists))
    without_id, without_title = (int((np.diff(part.offsets) == 0).sum()) for part in (lists.id_list, lists.title_list))
    return {"examples": len(table), "withoutId": without_id, "withoutTitle": without_title}
