"""Two processes train as one does, leave together, and none outlives the process that the executor knows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import read_events, spec_of
from prompt_log import BASE, FINE_TUNE, GENERATE, write_prompts

from atelier_trainer.checkpoints.files import named
from atelier_trainer.leaving import EXIT_LEFT

PACKAGE = Path(__file__).parents[1]
LIMIT_S = 180
TWO = {"processes": 2}


def start(folder: Path, stage: tuple[str, dict, dict[str, str]], **more) -> subprocess.Popen:
    spec = spec_of(*stage, folder) | {"attempt": folder.name} | more
    (folder / "spec.json").write_text(json.dumps(spec))
    command = [sys.executable, "-m", "atelier_trainer", "run", str(folder / "spec.json")]
    environment = os.environ | {"PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1"}
    with (folder / "stderr.log").open("w") as errors:
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )


def finished(folder: Path, stage: tuple[str, dict, dict[str, str]], **more) -> Path:
    code = start(folder, stage, **more).wait(LIMIT_S)
    assert code == 0, (folder / "stderr.log").read_text()
    return folder


def after_step(folder: Path, process: subprocess.Popen, step: int, how: signal.Signals) -> int:
    """Send a signal to the process's group, as the executor does, once a checkpoint of `step` is there."""
    until = time.monotonic() + LIMIT_S
    while not any(int(path.name) >= step for path in named(folder / "checkpoints")):
        assert process.poll() is None and time.monotonic() < until, (folder / "stderr.log").read_text()
        time.sleep(0.005)
    os.killpg(process.pid, how)
    return process.wait(60)


def ranks_of(folder: Path) -> list[int]:
    """Processes that still work on an attempt, in whatever session."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, state, words in rows if str(folder / "spec.json") in words and not state.startswith("Z")]


def losses(folder: Path) -> list[tuple[str, int, float]]:
    metrics = [event["payload"] for event in read_events(folder) if event["type"] == "metric"]
    return [(metric["split"], metric["step"], metric["value"]) for metric in metrics if metric["name"] == "loss"]


def check_same_curve(one: Path, two: Path) -> None:
    expected, found = losses(one), losses(two)
    assert [point[:2] for point in found] == [point[:2] for point in expected] and len(found) >= 4
    assert [point[2] for point in found] == pytest.approx([point[2] for point in expected], abs=1e-4)


def test_two_processes_pretrain_as_one_through_a_kill_and_a_stop(tmp_path):
    inputs = write_prompts(tmp_path / "log")
    stage = ("base-model", BASE | {"epochs": 5}, inputs)
    often = TWO | {"checkpointSeconds": 1e-6, "rowsAtOnce": 3}
    one = finished(tmp_path / "one", stage)

    killed = tmp_path / "killed"
    assert after_step(killed, start(killed, stage, **often), 3, signal.SIGKILL) == -signal.SIGKILL
    until = time.monotonic() + 10
    while ranks_of(killed) and time.monotonic() < until:
        time.sleep(0.05)
    assert not ranks_of(killed), "ranks outlive the process that started them"

    asked = tmp_path / "asked"
    left = after_step(asked, start(asked, stage, **often, resume=[str(killed / "checkpoints")]), 8, signal.SIGTERM)
    assert left == EXIT_LEFT and not ranks_of(asked)

    folders = [str(folder / "checkpoints") for folder in (asked, killed)]
    two = finished(tmp_path / "two", stage, **often, resume=folders)
    says = [event["payload"]["message"] for event in read_events(two) if event["type"] == "log"]
    assert any(line.startswith("resumed at step") and line.endswith("from attempt asked") for line in says)
    check_same_curve(one, two)
    paths = [
        [file["path"] for file in json.loads((folder / "receipt.json").read_text())["outputs"]] for folder in (one, two)
    ]
    assert paths[0] == paths[1]


def test_two_processes_fine_tune_as_one_and_answer_alike(tmp_path, run_stage):
    inputs = write_prompts(tmp_path / "log")
    base = finished(tmp_path / "base", ("base-model", BASE | {"epochs": 3}, inputs))
    inputs |= {"baseModel": str(base)}
    # Each process draws dropout masks of its own, so that only without dropout the numbers are one process's.
    params = FINE_TUNE | {"loraDropout": 0, "epochs": 2, "hardEpochs": 4, "packing": True, "frozenShare": 0.5}
    one = finished(tmp_path / "one", ("fine-tune", params, inputs))
    two = finished(tmp_path / "two", ("fine-tune", params, inputs), **TWO, rowsAtOnce=3)
    check_same_curve(one, two)
    texts = []
    for tuned in (one, two):
        _, output = run_stage("generate", GENERATE, inputs | {"fineTune": str(tuned)})
        texts.append(pq.read_table(output / "generations.parquet")["text"].to_pylist())
    assert texts[0] == texts[1] and len(texts[0]) == 6


def test_what_all_processes_find_wrong_is_said_once_and_ends_with_its_code(tmp_path):
    inputs = write_prompts(tmp_path / "log")
    (tmp_path / "log" / "prompts" / "prompts.parquet").unlink()
    process = start(tmp_path / "out", ("base-model", BASE, inputs), **TWO)
    assert process.wait(LIMIT_S) == 3
    errors = [event["payload"] for event in read_events(tmp_path / "out") if event["payload"].get("level") == "error"]
    assert len(errors) == 1 and "prompts.parquet is missing" in errors[0]["message"]
