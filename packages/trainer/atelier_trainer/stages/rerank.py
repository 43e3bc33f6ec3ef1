"""rerank: a linear model over pools of items, fitted on validation examples (`ours-plus`, beyond the paper)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import BadData
from ..receipt import write_json
from ..reranking import Pools, fit_reranker
from ..spec import read_json
from ..tables import integers, ragged, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from ..events import EventWriter
    from ..spec import StageSpec
    from . import Result

# Below this there are hardly more examples than weights.
FEW = 30


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write `reranker.json`: the features with their deviations and weights, and how the penalty was chosen."""
    names, pools = read_pools(spec.input("pools"))
    model = fit_reranker(pools)
    if model is None:
        raise BadData(f"no pool of the {len(pools.targets)} examples holds its ground truth: nothing to be fitted on")
    if model.fitted_on < FEW:
        events.warning(
            f"The re-ranker was fitted on {model.fitted_on} validation examples whose pool holds the ground truth: "
            "too few for its weights to mean much",
            "few-reranker-examples",
        )
    features = [
        {"name": name, "weight": float(weight), "deviation": float(deviation)}
        for name, weight, deviation in zip(names, model.weights, model.deviations, strict=True)
    ]
    write_json(
        spec.output / "reranker.json",
        {
            "contract": 1,
            "examples": len(pools.targets),
            "fittedOn": model.fitted_on,
            "penalty": model.penalty,
            "crossValidation": [{"penalty": penalty, "loss": float(loss)} for penalty, loss in model.cross_validation],
            "features": features,
        },
    )
    return {"examples": len(pools.targets), "fittedOn": model.fitted_on, "penalty": model.penalty}


def read_pools(folder: Path) -> tuple[list[str], Pools]:
    """Names of the features, and the pools of a pools stage; BadData where they do not fit each other."""
    names = read_json(folder / "features.json")["names"]
    table = read_table(folder / "pools.parquet", ["target", "items", "features"])
    lengths = np.diff(ragged(table, "items").offsets)
    features = ragged(table, "features")
    if not np.array_equal(np.diff(features.offsets), lengths * len(names)):
        raise BadData(f"pools.parquet does not hold {len(names)} features for each item of a pool")
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    places = integers(table, "target")
    targets = np.where(places < 0, -1, starts[:-1] + places)
    return names, Pools(features.values.astype(np.float64).reshape(-1, len(names)), starts, targets)
