"""The generate stage: which prompts it answers, in which order, and the likelihoods beside the answers."""

from itertools import pairwise

import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import read_events
from prompt_log import BASE, FINE_TUNE, GENERATE, write_prompts

from atelier_trainer.llm.answering.requests import read_requests


@pytest.fixture
def stages(tmp_path, run_stage):
    inputs = write_prompts(tmp_path, items=12, train=6, test=5)
    base = run_stage("base-model", BASE, inputs | {"split": inputs["prompts"]})[1]
    tuned = run_stage("fine-tune", FINE_TUNE | {"hardEpochs": 1}, inputs | {"baseModel": str(base)})[1]
    return inputs | {"baseModel": str(base), "fineTune": str(tuned)}


def test_test_prompts_come_first_then_as_many_validation_prompts_as_asked_for(tmp_path, stages, run_stage):
    rows = pq.read_table(tmp_path / "prompts" / "prompts.parquet").to_pylist()
    result, folder = run_stage("generate", GENERATE | {"validPrompts": 3, "likelihood": True}, stages)
    generations = pq.read_table(folder / "generations.parquet").to_pylist()
    answered = [row["example_id"] for row in generations]
    assert answered[:5] == [row["example_id"] for row in rows if row["split"] == "test"]
    valid = [row["example_id"] for row in rows if row["split"] == "valid"]
    assert len(set(answered[5:])) == 3 and set(answered[5:]) < set(valid)
    assert (result["prompts"], result["validPrompts"]) == (8, 3)
    likelihoods = pq.read_table(folder / "likelihoods.parquet").to_pylist()
    candidates = {row["example_id"]: row["candidates"] for row in rows}
    assert [row["example_id"] for row in likelihoods] == answered
    assert all(row["items"] == candidates[row["example_id"]] for row in likelihoods)
    for row in likelihoods:
        assert max(row["log_probabilities"]) < 0 and np.exp(row["log_probabilities"]).sum() <= 1 + 1e-6
    progress = [event["payload"] for event in read_events(folder) if event["type"] == "progress"]
    assert (progress[-1]["done"], progress[-1]["total"], progress[-1]["unit"]) == (8, 8, "prompts")


def test_without_likelihoods_none_are_written(stages, run_stage):
    _, folder = run_stage("generate", GENERATE, stages)
    assert not (folder / "likelihoods.parquet").exists()
    assert len(pq.read_table(folder / "generations.parquet")) == 5


def test_a_larger_sample_of_validation_prompts_keeps_the_smaller_one(tmp_path):
    write_prompts(tmp_path)
    samples = [read_requests(tmp_path / "prompts", "valid", limit)[0].tolist() for limit in range(6)]
    assert [len(sample) for sample in samples] == [0, 1, 2, 3, 4, 4]
    assert all(larger[: len(smaller)] == smaller for smaller, larger in pairwise(samples))
