"""`id-encoder`: CORE's item embedding table is the id embedding model (paper, section 4.4)."""

from __future__ import annotations

import numpy as np

from ..errors import BadSpec
from ..events import EventWriter
from ..spec import StageSpec, read_json
from ..tables import read_vectors, write_vectors
from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    folder = spec.input("baseline")
    model = read_json(folder / "config.json").get("model")
    if model != "core":
        raise BadSpec(f"inputs.baseline must be a core model, not {model}")
    ids, vectors = read_vectors(folder / "item_vectors.parquet")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    write_vectors(spec.output / "vectors.parquet", ids, vectors / np.maximum(lengths, 1e-12))
    return {"items": len(ids), "hiddenSize": vectors.shape[1]}
