"""The trainer as the worker starts it: a process, a spec, exit codes, events and a receipt."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import cycles, read_events, spec_of, write_log

from atelier_trainer.__main__ import main

PACKAGE = Path(__file__).parents[1]
POPULARITY = {"model": "popularity", "maskSeen": False, "listLength": 3}


def trainer(*arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-m", "atelier_trainer", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_stage_ends_with_its_result_and_then_its_receipt(tmp_path):
    inputs = write_log(tmp_path, cycles(), ["bag"] * 6)
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(spec_of("baseline", POPULARITY, inputs, tmp_path / "out")))
    done = trainer("run", str(spec))
    assert done.returncode == 0, done.stderr
    receipt = json.loads((tmp_path / "out" / "receipt.json").read_text())
    last = read_events(tmp_path / "out")[-1]
    assert (last["type"], last["payload"]) == ("result", receipt["result"])
    assert [output["path"] for output in receipt["outputs"]] == ["ranks.parquet", "valid_ranks.parquet"]
    assert done.stdout == (tmp_path / "out" / "events.ndjson").read_text()


def bad_params(spec, _):
    spec["params"] = POPULARITY | {"listLength": 0}


def unnamed_input(spec, _):
    del spec["inputs"]["split"]


def missing_file(_, root):
    (root / "split" / "examples.parquet").unlink()


def not_parquet(_, root):
    (root / "dataset" / "items.parquet").write_text("item_id\n1\n")


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        (bad_params, 2, "listLength must be a positive whole number, not 0"),
        (unnamed_input, 2, "inputs.split is missing"),
        (missing_file, 3, "examples.parquet is missing"),
        (not_parquet, 3, "items.parquet is not readable Parquet"),
    ],
)
def test_a_hopeless_stage_says_why_and_leaves_no_receipt(tmp_path, spoil, code, says):
    inputs = write_log(tmp_path, cycles(), ["bag"] * 6)
    spec = spec_of("baseline", POPULARITY, inputs, tmp_path / "out")
    spoil(spec, tmp_path)
    path = tmp_path / "out" / "spec.json"
    path.write_text(json.dumps(spec))
    assert main(["run", str(path)]) == code
    last = read_events(tmp_path / "out")[-1]
    assert (last["type"], last["payload"]["level"]) == ("log", "error")
    assert says in last["payload"]["message"]
    assert not (tmp_path / "out" / "receipt.json").exists()


def test_check_prints_one_json_document(tmp_path):
    done = trainer("check")
    document = json.loads(done.stdout)
    assert document["ok"] is True
    assert document["versions"]["torch"] and document["devices"][0]["name"] == "cpu"
    assert isinstance(document["bfloat16"]["cpu"], bool)
