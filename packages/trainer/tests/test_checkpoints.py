"""A stage that is killed and taken up again writes what it would have written undisturbed, to the last bit."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import cycles, read_events, spec_of, write_log
from prompt_log import BASE, FINE_TUNE, write_prompts
from safetensors.torch import load, save

from atelier_trainer.__main__ import main
from atelier_trainer.checkpoints.files import Identity, named, newest_whole, write
from atelier_trainer.checkpoints.tree import pack, unpack
from atelier_trainer.leaving import EXIT_LEFT

PACKAGE = Path(__file__).parents[1]
ALWAYS = {"checkpointSeconds": 1e-6}
SETTINGS = {"hiddenSize": 16, "dropout": 0.2, "maxLength": 6, "batchSize": 4, "learningRate": 0.01, "maxEpochs": 8}
SETTINGS |= {"patience": 3, "maskSeen": False, "listLength": 3}
KNOWS_IDS = SETTINGS | {"coldToken": True}
LAYERS = {"layers": 1, "heads": 2}
BASELINES = {
    "gru4rec": KNOWS_IDS | {"embeddingSize": 8, "layers": 1, "loss": "bce"},
    "sasrec": KNOWS_IDS | LAYERS | {"loss": "bce"},
    "bert4rec": KNOWS_IDS | LAYERS | {"maskShare": 0.4},
    "nextitnet": KNOWS_IDS | {"blocks": 1, "kernelSize": 3, "dilations": [1, 2], "loss": "ce"},
    "core": KNOWS_IDS | LAYERS | {"encoder": "trm", "temperature": 0.1, "itemDropout": 0.2},
    "recformer": SETTINGS
    | LAYERS
    | {"query": False, "textEncoder": "scratch", "vocabularySize": 300, "maxAttributeTokens": 8, "maxTokens": 64}
    | {"pretrainEpochs": 2, "maskShare": 0.15, "maskWeight": 0.1, "temperature": 0.1, "refineEpochs": 3}
    | {"maxEpochs": 4, "batchSize": 12},
}
TITLE = {"encoder": "lstm", "model": None, "vocabularySize": 120, "hiddenSize": 8, "epochs": 6, "batchSize": 6}
TITLE |= {"learningRate": 0.01, "margin": 0.2}
TITLES = [f"title {item}" for item in range(1, 7)]
SHOPPERS = [
    [("search", f"query {user % 3}"), ("purchase", 1 + user % 6), ("search", f"query {user % 2}"), ("purchase", 3)] * 2
    for user in range(16)
]
TUNED = FINE_TUNE | {"epochs": 2, "hardEpochs": 4, "hardShare": 0.5}
STAGES = {name: ("baseline", {"model": name} | params) for name, params in BASELINES.items()}
STAGES |= {
    "title-encoder": ("title-encoder", TITLE),
    "base-model": ("base-model", BASE | {"epochs": 2.5}),
    "fine-tune": ("fine-tune", TUNED),
    "fine-tune, packed over frozen layers": ("fine-tune", TUNED | {"packing": True, "frozenShare": 0.5}),
}


SPAWN = multiprocessing.get_context("forkserver")
# Imported once; each attempt is a process forked from there, which spares it five seconds.
SPAWN.set_forkserver_preload(["torch", "transformers", "peft", "atelier_trainer.stages.fine_tune"])


def run_spec(path: str) -> None:
    sys.exit(main(["run", path]))


class Attempt:
    """An attempt of a stage, in a process that can be killed."""

    def __init__(self, folder: Path, stage: tuple[str, dict, dict[str, str]], resume: Sequence[Path] = (), **more):
        self.folder = folder
        spec = spec_of(*stage, folder) | {"attempt": folder.name} | more
        (folder / "spec.json").write_text(json.dumps(spec | {"resume": [str(path) for path in resume]}))

    def start(self) -> BaseProcess:
        process = SPAWN.Process(target=run_spec, args=(str(self.folder / "spec.json"),))
        process.start()
        return process

    def run(self) -> Attempt:
        process = self.start()
        process.join(120)
        assert process.exitcode == 0, self.says
        return self

    def run_until(self, step: float, how: signal.Signals = signal.SIGKILL) -> tuple[int, int | None]:
        """Send a signal once a checkpoint of at least `step` is there: the last step seen, and the exit code."""
        process, seen = self.start(), 0
        until = time.monotonic() + 120
        while process.is_alive():
            assert time.monotonic() < until, "the stage takes too long"
            seen = max([seen, *(int(path.name) for path in named(self.checkpoints))])
            if seen >= step:
                os.kill(process.pid, how)
                process.join(60)
            time.sleep(0.001)
        return seen, process.exitcode

    def run_until_it_trains_and(self, how: signal.Signals) -> int | None:
        process = self.start()
        events, until = self.folder / "events.ndjson", time.monotonic() + 60
        while not (events.exists() and '"step": "training"' in events.read_text()):
            assert process.is_alive() and time.monotonic() < until
            time.sleep(0.001)
        os.kill(process.pid, how)
        process.join(60)
        return process.exitcode

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def receipt(self) -> dict:
        return json.loads((self.folder / "receipt.json").read_text())

    @property
    def result(self) -> dict:
        return {name: value for name, value in self.receipt["result"].items() if not name.endswith("PerSecond")}

    @property
    def curves(self) -> list[dict]:
        metrics = [event["payload"] for event in read_events(self.folder) if event["type"] == "metric"]
        return [metric for metric in metrics if metric["name"] not in ("tokens_per_second", "memory_gb")]

    @property
    def says(self) -> list[str]:
        return [event["payload"]["message"] for event in read_events(self.folder) if event["type"] == "log"]


@pytest.fixture(scope="module")
def base_model(tmp_path_factory) -> dict[str, str]:
    """Prompts and a base model trained on them."""
    root = tmp_path_factory.mktemp("base")
    inputs = write_prompts(root / "log")
    Attempt(root / "base", ("base-model", BASE, inputs)).run()
    return inputs | {"baseModel": str(root / "base")}


def stage_of(name: str, root: Path, base_model: dict[str, str]) -> tuple[str, dict, dict[str, str]]:
    kind, params = STAGES[name]
    if kind in ("base-model", "fine-tune"):
        return kind, params, base_model
    inputs = write_log(root, SHOPPERS if kind == "title-encoder" else cycles(), TITLES)
    if name == "recformer":
        path = root / "dataset" / "items.parquet"
        pq.write_table(pq.read_table(path).append_column("attributes", pa.array(["{}"] * len(TITLES))), path)
    return kind, params, inputs


@pytest.mark.parametrize("name", STAGES)
def test_killed_at_a_random_step_and_resumed_a_stage_writes_the_same_bytes(name, tmp_path, base_model):
    stage = stage_of(name, tmp_path / "inputs", base_model)
    whole = Attempt(tmp_path / "whole", stage, **ALWAYS)
    total, code = whole.run_until(math.inf)
    assert code == 0 and not whole.checkpoints.exists()
    # Wherever it is killed: within a pass, in validation, while it writes a checkpoint.
    at = random.SystemRandom().randint(1, round(total * 0.8))
    print(f"{name}: killed at step {at} of {total}")
    killed = Attempt(tmp_path / "killed", stage, **ALWAYS)
    _, code = killed.run_until(at)
    assert code == -signal.SIGKILL, killed.says
    again = Attempt(tmp_path / "again", stage, resume=[killed.checkpoints]).run()
    assert any(re.match(r"resumed at step \d+ of \d+ .* from attempt killed$", line) for line in again.says), again.says
    assert again.receipt["outputs"] == whole.receipt["outputs"]
    assert again.result == whole.result
    assert again.curves == whole.curves


def test_asked_to_leave_it_finishes_a_step_and_says_so_by_its_exit_code(tmp_path, base_model):
    stage = stage_of("core", tmp_path / "inputs", base_model)
    whole = Attempt(tmp_path / "whole", stage).run()
    # Its interval is never over: a checkpoint is there because it leaves. Asked in validation, it leaves without one.
    for number in range(10):
        asked = Attempt(tmp_path / f"asked {number}", stage)
        assert asked.run_until_it_trains_and(signal.SIGTERM) == EXIT_LEFT
        assert not (asked.folder / "receipt.json").exists()
        if left := re.match(r"left after step (\d+) of 48 \(training\)$", asked.says[-1]):
            break
        assert asked.says[-1] == "left outside a training step" and not asked.checkpoints.exists()
    assert [int(path.name) for path in named(asked.checkpoints)] == [int(left[1])]
    again = Attempt(tmp_path / "again", stage, resume=[asked.checkpoints]).run()
    assert again.receipt["outputs"] == whole.receipt["outputs"]


def test_a_stage_that_does_not_train_leaves_at_once(tmp_path, base_model):
    spec = Attempt(tmp_path / "out", ("retrieve", {"listLength": 3}, {}))
    environment = os.environ | {"PYTHONPATH": str(PACKAGE)}
    leaving = "import os, signal, time, sys; from atelier_trainer import stages, __main__ as trainer\n"
    leaving += "trainer.load_stage = lambda kind: lambda *_: (os.kill(os.getpid(), signal.SIGTERM), time.sleep(60))\n"
    leaving += "sys.exit(trainer.main(sys.argv[1:]))"
    command = [sys.executable, "-c", leaving, "run", str(spec.folder / "spec.json")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == EXIT_LEFT, done.stderr


OURS = Identity("k" * 32, 1, "c0de")


def checkpoint(folder: Path, step: int, of: Identity = OURS) -> Path:
    return write(folder, of, folder.name, phase="training", step=step, state={"step": step, "x": torch.arange(step)})


def cut_tensors(folder: Path) -> None:
    path = folder / "tensors.safetensors"
    path.write_bytes(path.read_bytes()[:-1])


def change_state(folder: Path) -> None:
    path = folder / "state.json"
    path.write_text(path.read_text().replace("3", "4"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (cut_tensors, "tensors.safetensors is not what was written"),
        (change_state, "state.json is not what was written"),
        (lambda folder: (folder / "state.json").unlink(), "it cannot be read"),
        (lambda folder: (folder / "receipt.json").unlink(), "it cannot be read"),
        (lambda folder: (folder / "receipt.json").write_text("[]"), "it cannot be read"),
        (lambda folder: checkpoint(folder.parents[1], 3, replace(OURS, key="0" * 32)), "it is of another stage"),
        (
            lambda folder: checkpoint(folder.parents[1], 3, replace(OURS, revision=2)),
            "it is of revision 2",
        ),
        (lambda folder: checkpoint(folder.parents[1], 3, replace(OURS, code="0ther")), "it is of other code"),
    ],
)
def test_a_damaged_or_foreign_checkpoint_is_passed_over_for_the_one_before(tmp_path, spoil, says):
    checkpoint(tmp_path / "first", 2)
    spoil(checkpoint(tmp_path / "second", 3))
    lines: list[str] = []
    found = newest_whole([tmp_path / name / "checkpoints" for name in ("second", "first", "gone")], OURS, lines.append)
    assert found.step == 2 and found.state["x"].tolist() == [0, 1]
    assert len(lines) == 1 and lines[0].startswith(f"checkpoint 000000003 of attempt second is passed over: {says}")


def test_the_newest_two_are_kept_and_what_is_being_written_is_none(tmp_path):
    for step in (1, 2, 3):
        checkpoint(tmp_path / "out", step)
    parent = tmp_path / "out" / "checkpoints"
    (parent / ".000000009.tmp").mkdir()
    assert [path.name for path in named(parent)] == ["000000002", "000000003"]


def test_state_comes_back_as_it_was():
    tied = torch.randn(3, 2)
    state = {
        "optimiser": {"state": {0: {"step": torch.tensor(4.0)}}, "betas": (0.9, 0.98)},
        "tied": [tied, tied.T],
        "half": torch.ones(2, dtype=torch.bfloat16),
        "nothing": torch.empty(0),
        "array": np.arange(3.0),
        "random": random.getstate(),
        "generator": np.random.default_rng(1).bit_generator.state,
        "none": None,
    }
    tensors: dict = {}
    back = unpack(json.loads(json.dumps(pack(state, tensors))), load(save(tensors)))
    assert back["optimiser"]["state"][0]["step"] == 4 and back["optimiser"]["betas"] == (0.9, 0.98)
    assert torch.equal(back["tied"][1], tied.T) and back["half"].dtype == torch.bfloat16
    assert back["nothing"].shape == (0,) and np.array_equal(back["array"], state["array"])
    assert back["random"] == state["random"] and back["generator"] == state["generator"] and back["none"] is None


def test_what_a_checkpoint_cannot_hold_is_named():
    with pytest.raises(TypeError, match=r"state\.parts\.model is a object"):
        pack({"parts": {"model": object()}}, {})
