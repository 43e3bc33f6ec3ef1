"""The re-ranker's fit: against slopes worked out by hand, and against the fit in TypeScript that it replaced."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import read_events

from atelier_trainer.errors import BadData
from atelier_trainer.reranking import Pools, fit_reranker

# Pools and the models that the fit in TypeScript (until stage evaluate, revision 6) made of them.
REFERENCE = json.loads((Path(__file__).parent / "reranker_reference.json").read_text())


def pools_of(examples: list[tuple[list[list[float]], int]]) -> Pools:
    starts = np.cumsum([0, *(len(rows) for rows, _ in examples)])
    targets = [start + target if target >= 0 else -1 for start, (_, target) in zip(starts, examples, strict=False)]
    return Pools(np.array([row for rows, _ in examples for row in rows], float), starts, np.array(targets))


def test_the_weights_are_those_at_which_the_likelihoods_slope_is_the_penaltys():
    # Pools of {1, 0}, the 1 right in 3 of 4: over their deviation of 1/2 they differ by 2 w. Without a penalty the
    # share of the 1 is sigmoid(2w) = 3/4; the penalty λ w is the slope that is left: 2 (3/4 - sigmoid(2w)).
    model = fit_reranker(pools_of([([[1], [0]], 0)] * 3 + [([[1], [0]], 1)]))
    [weight] = model.weights
    assert model.deviations.tolist() == [0.5]
    assert 2 * (0.75 - 1 / (1 + np.exp(-2 * weight))) == pytest.approx(model.penalty * weight, abs=1e-8)
    assert model.fitted_on == 4


def test_what_tells_the_truth_gets_weight_noise_and_constants_get_little_or_none():
    rng = np.random.default_rng(5)
    examples = []
    for _ in range(300):
        target = int(rng.integers(6))
        telling = rng.random(6) + 0.6 * (np.arange(6) == target)
        examples.append((np.stack([telling, rng.random(6), np.full(6, 7.0)], axis=1).tolist(), target))
    model = fit_reranker(pools_of(examples))
    telling, idle, constant = model.weights
    assert telling > 1
    assert abs(idle) < 0.3
    assert constant == pytest.approx(0, abs=1e-12)
    losses = dict(model.cross_validation)
    assert list(losses) == [1, 0.1, 0.01, 0.001, 0.0001]
    # Below the loss of a guess among six.
    assert losses[model.penalty] == min(losses.values()) < np.log(6) * 0.8


def test_two_features_that_say_the_same_share_their_weight():
    rows = [[1.0, 1.0], [0.0, 0.0]]
    one, other = fit_reranker(pools_of([(rows, int(index % 4 == 0)) for index in range(20)])).weights
    assert one > 0
    assert one == pytest.approx(other, abs=1e-8)


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: f"{len(case['pools'])} pools")
def test_it_is_the_model_that_the_fit_in_typescript_made(case):
    model = fit_reranker(pools_of([(pool["rows"], pool["target"]) for pool in case["pools"]]))
    expected = case["fit"]
    assert (model.penalty, model.fitted_on) == (expected["penalty"], expected["fittedOn"])
    np.testing.assert_allclose(model.weights, expected["weights"], atol=1e-9)
    np.testing.assert_allclose(model.deviations, expected["deviations"], rtol=1e-12)
    losses = [(one["penalty"], one["loss"]) for one in expected["crossValidation"]]
    np.testing.assert_allclose(model.cross_validation, losses, rtol=1e-9)


def write_pools(root: Path, targets: list[int]) -> dict[str, str]:
    folder = root / "pools"
    folder.mkdir()
    (folder / "features.json").write_text(json.dumps({"contract": 1, "names": ["told", "idle"]}))
    rows = [
        {"example_id": place, "target": target, "items": [4, 9], "features": [1.0, 0.5 * (place % 2), 0.0, 0.5]}
        for place, target in enumerate(targets)
    ]
    columns = {"example_id": pa.int32(), "target": pa.int32(), "items": pa.list_(pa.int32())}
    schema = pa.schema(columns | {"features": pa.list_(pa.float64())})
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "pools.parquet")
    return {"pools": str(folder)}


def test_the_stage_writes_features_with_their_weights_and_says_when_they_mean_little(run_stage, tmp_path):
    result, output = run_stage("rerank", {}, write_pools(tmp_path, [0, 0, 0, -1, 0, 1]))
    stored = json.loads((output / "reranker.json").read_text())
    assert result == {"examples": 6, "fittedOn": 5, "penalty": stored["penalty"]}
    assert (stored["examples"], stored["fittedOn"]) == (6, 5)
    assert [feature["name"] for feature in stored["features"]] == ["told", "idle"]
    assert stored["features"][0]["weight"] > 0
    [warning] = [event["payload"] for event in read_events(output) if event["type"] == "warning"]
    assert warning["code"] == "few-reranker-examples"
    assert "fitted on 5 validation examples" in warning["message"]


def test_pools_without_any_ground_truth_are_refused(run_stage, tmp_path):
    with pytest.raises(BadData, match="no pool of the 2 examples holds its ground truth"):
        run_stage("rerank", {}, write_pools(tmp_path, [-1, -1]))
