"""encode-queries: a vector for each distinct query, and its nearest queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from ..device import pick_device
from ..encoders import load_query_encoder
from ..errors import BadData
from ..ranking import ItemTable, best_items, block_rows
from ..tables import integers, read_table, texts, write_table, write_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..events import EventWriter
    from ..params import EncodeQueriesParams
    from ..spec import StageSpec
    from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write `vectors.parquet` and `neighbours.parquet` of all queries of the split."""
    table = read_table(spec.input("split") / "queries.parquet", ["query_id", "query"])
    query_ids = integers(table, "query_id")
    if len(np.unique(query_ids)) != len(query_ids):
        raise BadData("queries.parquet: a query_id stands twice")
    order = np.argsort(query_ids, kind="stable")
    query_ids = query_ids[order]
    queries = texts(table, "query")
    device = pick_device(spec.device)
    params: EncodeQueriesParams = spec.params
    trained = spec.input("titleEncoder") if params.encoder == "title" else None
    encoder = load_query_encoder(params.encoder, params.model, trained, device, params.resolved)
    vectors = encoder.encode(
        [queries[place] or "" for place in order],
        progress=lambda done, total: events.progress("encoding", done, total, "queries"),
    )
    write_vectors(spec.output / "vectors.parquet", query_ids, vectors)
    count = min(params.neighbours, len(query_ids))
    places, similarities = nearest(
        torch.from_numpy(vectors).to(device),
        count,
        lambda done: events.progress("neighbours", done, len(query_ids), "queries"),
    )
    write_table(
        spec.output / "neighbours.parquet",
        {
            "query_id": np.repeat(query_ids, count).astype(np.int32),
            "rank": np.tile(np.arange(1, count + 1, dtype=np.int32), len(query_ids)),
            "neighbour_id": query_ids[places.reshape(-1)].astype(np.int32),
            "similarity": similarities.reshape(-1),
        },
    )
    return {"queries": len(query_ids), "dimensions": vectors.shape[1], "neighbours": count}


@torch.inference_mode()
def nearest(
    vectors: torch.Tensor, count: int, progress: Callable[[int], None] = lambda done: None
) -> tuple[np.ndarray, np.ndarray]:
    """Exact nearest rows and cosines `(rows, count)` of unit vectors, best first; each row is its own nearest.

    A row stands first even where another has the same vector; other ties are in row order.
    """
    rows = len(vectors)
    places = np.empty((rows, count), np.int64)
    similarities = np.empty((rows, count), np.float32)
    step = max(1, block_rows(max(rows, 1)))
    table = ItemTable(vectors)
    for start in range(0, rows, step):
        stop = min(start + step, rows)
        scores = table.scores(vectors[start:stop])
        own = torch.arange(start, stop, device=scores.device)
        scores[own - start, own] = torch.inf
        best, items = best_items(scores, count)
        best[:, 0] = 1.0
        places[start:stop], similarities[start:stop] = items.cpu().numpy(), best.cpu().numpy()
        progress(stop)
    return places, similarities
