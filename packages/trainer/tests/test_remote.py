"""`python -m atelier_trainer.remote` against a real server in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import KEY, cycles, fixture, spec_of, write_log

from atelier_trainer.__main__ import main as run_locally
from atelier_trainer.remote.processes import MARK, end_all, marked

PACKAGE = Path(__file__).parents[1]
POPULARITY = {"model": "popularity", "maskSeen": False, "listLength": 3}
ATTEMPT = "0a8f-attempt"


class Place:
    """A server, what it holds, and a host with a cache of its own."""

    def __init__(self, root: Path, port: int):
        self.served = root / "served"
        self.cache = root / "host-cache"
        self.url = f"http://127.0.0.1:{port}"

    def spec(self, params: dict, inputs: dict[str, str], **more: object) -> str:
        """Serve the inputs and a remote spec that names them; the spec's address."""
        stage = spec_of("baseline", params, {}, self.served) | {"attempt": ATTEMPT}
        del stage["inputs"], stage["output"]
        document = {
            "contract": 1,
            "stage": stage,
            "inputs": {name: self.input(name, Path(folder)) for name, folder in inputs.items()},
            "outputs": {"url": f"{self.url}/out/{{path}}?signature=s", "pieceBytes": 700},
            "heartbeatSeconds": 0.2,
            "cache": {"folder": str(self.cache)},
            **more,
        }
        (self.served / "spec.json").write_text(json.dumps(document))
        return f"{self.url}/spec.json"

    def input(self, name: str, folder: Path) -> dict:
        files = []
        for path in sorted(folder.iterdir()):
            data = path.read_bytes()
            (self.served / name).mkdir(exist_ok=True)
            (self.served / name / path.name).write_bytes(data)
            facts = {"path": path.name, "sizeBytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            files.append(facts | {"url": f"{self.url}/{name}/{path.name}?signature=s"})
        return {"key": f"{name}-key", "files": files}

    def faults(self, *faults: str) -> None:
        (self.served / ".faults").write_text(json.dumps(faults))

    def requests(self) -> list[dict]:
        log = self.served / ".requests"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def start(self, url: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "atelier_trainer.remote", url],
            env=os.environ | {"PYTHONPATH": str(PACKAGE)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, url: str) -> tuple[int, str, str]:
        started = self.start(url)
        out, err = started.communicate(timeout=120)
        return started.returncode, out, err

    @property
    def out(self) -> Path:
        return self.served / "out"

    def events(self) -> str:
        return "".join(path.read_text() for path in sorted((self.out / ".remote" / "events").iterdir()))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "served").mkdir()
    script = Path(__file__).parent / "artifact_server.py"
    server = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "served")], stdout=subprocess.PIPE, text=True
    )
    yield Place(tmp_path, int(server.stdout.readline()))
    server.kill()
    server.wait()


@pytest.fixture
def log(tmp_path: Path) -> dict[str, str]:
    return write_log(tmp_path / "log", cycles(), ["bag"] * 6)


def until(what: str, holds, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def test_a_remote_stage_leaves_what_a_local_one_does_and_fetches_nothing_twice(place, log, tmp_path):
    local = spec_of("baseline", POPULARITY, log, tmp_path / "local")
    (tmp_path / "local.json").write_text(json.dumps(local))
    assert run_locally(["run", str(tmp_path / "local.json")]) == 0

    url = place.spec(POPULARITY, log)
    code, out, err = place.run(url)
    assert code == 0, err
    assert out == place.events()
    ours, theirs = (json.loads((folder / "receipt.json").read_text()) for folder in (place.out, tmp_path / "local"))
    assert ours["outputs"] == theirs["outputs"]
    assert (ours["attempt"], ours["key"]) == (ATTEMPT, KEY)
    for output in ours["outputs"]:
        assert hashlib.sha256((place.out / output["path"]).read_bytes()).hexdigest() == output["sha256"]
    last = [request["path"] for request in place.requests() if request["method"] == "PUT"][-1]
    assert last.startswith("/out/receipt.json")

    (place.served / ".requests").unlink()
    shutil.rmtree(place.out)
    assert place.run(url)[0] == 0
    fetched = [request["path"] for request in place.requests() if request["method"] == "GET"]
    assert fetched == ["/spec.json"]
    transfer = json.loads((place.out / ".remote" / "transfer.json").read_text())
    sizes = sum(file.stat().st_size for name in log for file in Path(log[name]).iterdir())
    assert (transfer["fetchedBytes"], transfer["reusedBytes"]) == (0, sizes)
    # Nothing of an attempt stays on the host but the cache.
    assert list((place.cache / "work").iterdir()) == []


def test_resets_lost_answers_and_half_files_lose_and_double_nothing(place, log):
    url = place.spec(POPULARITY, log)
    faults = ["reset", "none", "deaf", "half", "reset", "busy", "half", "none", "deaf", "reset", "deaf", "half"]
    place.faults(*faults)
    code, out, err = place.run(url)
    assert code == 0, err
    assert json.loads((place.served / ".faults").read_text()) == []
    assert place.events() == out
    seqs = [json.loads(line)["seq"] for line in place.events().splitlines()]
    assert seqs == list(range(1, len(seqs) + 1))
    # What had arrived was not asked for again.
    assert any(request.get("start", 0) > 0 for request in place.requests() if request["method"] == "GET")
    for output in json.loads((place.out / "receipt.json").read_text())["outputs"]:
        assert hashlib.sha256((place.out / output["path"]).read_bytes()).hexdigest() == output["sha256"]


def long_params() -> dict:
    """A training that would go on for hours."""
    params = next(spec["params"] for spec in fixture("specs-valid") if spec["params"].get("model") == "sasrec")
    return params | {"maxEpochs": 1_000_000, "patience": 1_000_000}


def test_a_fenced_attempt_ends_at_once_and_publishes_nothing_more(place, log):
    started = place.start(place.spec(long_params(), log))
    until("the stage trains", lambda: (place.out / ".remote" / "events" / "00000001.ndjson").exists())
    place.faults("gone")
    _, err = started.communicate(timeout=20)
    assert started.returncode == 4
    assert "410" in err
    puts = [request for request in place.requests() if request["method"] == "PUT"]
    refused = [request["status"] == 410 for request in puts].index(True)
    assert all(request["status"] == 410 for request in puts[refused:]) and len(puts) - refused == 1
    assert not (place.out / "receipt.json").exists() and not (place.out / ".remote" / "ended.json").exists()
    assert marked(ATTEMPT) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_supervisor_ends_the_stage(place, log, number):
    started = place.start(place.spec(long_params(), log))
    until("the stage trains", lambda: (place.out / ".remote" / "events" / "00000001.ndjson").exists())
    assert len(marked(ATTEMPT)) >= 1
    started.send_signal(number)
    started.communicate(timeout=20)
    until("nothing of it runs", lambda: marked(ATTEMPT) == [], 5)
    assert not (place.out / "receipt.json").exists()


def test_a_stop_reaches_processes_with_sessions_of_their_own():
    # As torchrun starts its workers; and one that does not listen to SIGTERM.
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    script = f"""
import subprocess, sys
subprocess.Popen(["sleep", "600"], start_new_session=True)
subprocess.Popen([sys.executable, "-c", {deaf!r}], start_new_session=True).wait()
"""
    environment = os.environ | {MARK: "torchrun-like"}
    with subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE) as started:
        started.stdout.readline()
        assert len(marked("torchrun-like")) == 3
        end_all("torchrun-like", grace_s=0.3)
    assert marked("torchrun-like") == []


def test_a_stage_that_fails_says_how_it_ended(place, log):
    (Path(log["split"]) / "examples.parquet").unlink()
    code, _, _ = place.run(place.spec(POPULARITY, log))
    assert code == 3
    assert json.loads((place.out / ".remote" / "ended.json").read_text()) == {"exitCode": 3, "signal": None}
    assert "examples.parquet is missing" in json.loads(place.events().splitlines()[-1])["payload"]["message"]
    assert not (place.out / "receipt.json").exists()


def test_an_input_with_another_checksum_is_not_used(place, log):
    url = place.spec(POPULARITY, log)
    path = place.served / "dataset" / "items.parquet"
    path.write_bytes(bytes(reversed(path.read_bytes())))
    code, _, _ = place.run(url)
    assert code == 1
    said = json.loads(place.events())["payload"]["message"]
    assert "items.parquet arrived 3 times with another checksum" in said
    assert json.loads((place.out / ".remote" / "ended.json").read_text())["exitCode"] == 1


def test_a_second_process_on_one_attempt_leaves_it_to_the_first(place, log):
    url = place.spec(POPULARITY, log)
    claim = place.out / ".remote" / "claim.json"
    claim.parent.mkdir(parents=True)
    claim.write_text('{"run": "of another host"}')
    code, out, err = place.run(url)
    assert (code, out) == (5, "")
    assert "it is there already" in err
    assert [path.name for path in (place.out / ".remote").iterdir() if path.name[0] != "."] == ["claim.json"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", ".hidden", "a//b", "a\\b"])
def test_a_spec_that_would_write_elsewhere_is_refused(place, log, path):
    url = place.spec(POPULARITY, log)
    document = json.loads((place.served / "spec.json").read_text())
    document["inputs"]["split"]["files"][0]["path"] = path
    (place.served / "spec.json").write_text(json.dumps(document))
    code, _, err = place.run(url)
    assert code == 2
    assert "no file name within an artifact" in err
