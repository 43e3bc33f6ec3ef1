"""One remote stage from its spec to its receipt."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import TrainerError
from ..events import EventWriter
from .cache import HostCache, try_lock
from .checkpoint_copies import FOLDER as CHECKPOINTS
from .checkpoint_copies import CheckpointCopies
from .download import download
from .errors import Fenced, Taken
from .guard import dismiss, start_guard
from .http import Client
from .mailbox import MailUploader
from .processes import MARK, end_all
from .publisher import CONTROL, EventChunks, Publisher
from .spec import InputFile, Outputs, RemoteSpec
from .upload import Uploader, Uploads

FETCH_PATIENCE_S = 15 * 60
PUBLISH_PATIENCE_S = 24 * 3600
STOP_PATIENCE_S = 2.0
"""What a cluster leaves between SIGTERM and SIGKILL is about 3 s."""
MOST_LOG_BYTES = 1 << 20


@dataclass
class State:
    """What a heartbeat tells of the stage."""

    phase: str = "fetching"
    started: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def enter(self, phase: str) -> None:
        now = time.monotonic()
        self.seconds[self.phase] = round(now - self.started, 3)
        self.phase, self.started = phase, now


class Supervisor:
    """Fetches, runs and publishes. The stage is a process of its own, so that heartbeats go on whatever it does."""

    def __init__(self, spec: RemoteSpec):
        self._spec = spec
        self._run = secrets.token_hex(8)
        self._stopping = threading.Event()
        self._client = Client(patience_s=PUBLISH_PATIENCE_S, cancelled=self._stopping)
        self._fetching = Client(patience_s=FETCH_PATIENCE_S, cancelled=self._stopping)
        root = spec.cache.root()
        self._cache = HostCache(root, spec.cache.max_bytes)
        self._work = root / "work" / spec.attempt
        self._output = self._work / "output"
        self._uploader: Uploads = (
            Uploader(self._client, spec.outputs)
            if isinstance(spec.outputs, Outputs)
            else MailUploader(self._client, spec.outputs.orders)
        )
        self._chunks = EventChunks(self._output / "events.ndjson", self._uploader)
        self._copies = CheckpointCopies(self._output / CHECKPOINTS, self._uploader)
        self._state = State()
        self._publisher = Publisher(
            self._uploader,
            self._chunks,
            run=self._run,
            heartbeat_seconds=spec.heartbeat_seconds,
            facts=self._facts,
        )

    def run(self) -> int:
        """The exit code of the stage, once all of it is published; raises Fenced, Taken or Stopped."""
        remove_abandoned(self._work.parent)
        self._work.mkdir(parents=True, exist_ok=True)
        with (self._work / ".lock").open("a") as lock:
            if not try_lock(lock.fileno()):
                raise Taken(f"attempt {self._spec.attempt} is at work on this host already")
            self._publisher.claim()
            self._publisher.start()
            try:
                return self._supervise()
            finally:
                self._publisher.abandon()
                self._copies.stop()
                shutil.rmtree(self._work, ignore_errors=True)

    def _supervise(self) -> int:
        self._output.mkdir(exist_ok=True)
        try:
            inputs = self._fetch()
        except TrainerError as error:
            if isinstance(error, Fenced | Taken):
                raise
            # The stage has not begun and says nothing itself.
            events = EventWriter(self._output / "events.ndjson", sys.stdout)
            events.log(f"Its inputs could not be fetched: {error}", level="error")
            events.close()
            return self._end({"exitCode": error.exit_code, "signal": None})
        self._state.enter("running")
        code = self._stage(inputs)
        self._state.enter("publishing")
        if code == 0:
            self._publish_outputs()
            return 0
        how = {"exitCode": code, "signal": None} if code > 0 else {"exitCode": None, "signal": _name(-code)}
        return self._end(how)

    def _fetch(self) -> dict[str, str]:
        folders = {}
        for name, given in self._spec.inputs.items():
            folder = self._work / "inputs" / name
            folder.mkdir(parents=True, exist_ok=True)
            for file in given.files:
                self._place(given.key, file, folder / file.path)
            folders[name] = str(folder)
        return folders

    def _earlier(self) -> list[str]:
        """Folders of checkpoints that earlier attempts left. One that cannot be had is no reason to fail."""
        folders = []
        for given in self._spec.resume:
            folder = self._work / "earlier" / given.key / CHECKPOINTS
            try:
                for file in given.files:
                    self._place(given.key, file, folder / file.path)
            except (Fenced, Taken):
                raise
            except TrainerError as error:
                print(f"A checkpoint of attempt {given.key} cannot be had: {error}", file=sys.stderr)
                continue
            folders.append(str(folder))
        return folders

    def _place(self, key: str, file: InputFile, target: Path) -> None:
        def count(received: int) -> None:
            self._cache.counts.fetched_bytes += received
            if self._publisher.fenced.is_set():
                raise self._publisher.reason or Fenced("the attempt has ended")

        target.unlink(missing_ok=True)
        self._cache.place(key, file, target, lambda partial: download(self._fetching, file, partial, count))

    def _stage(self, inputs: dict[str, str]) -> int:
        """Run the stage; its exit code, negative for a signal."""
        path = self._output / "spec.json"
        told = {"inputs": inputs, "output": str(self._output), "resume": self._earlier()}
        spec = self._spec.stage | told
        path.write_text(json.dumps(spec), encoding="utf-8")
        attempt = self._spec.attempt
        threads = str(spec.get("threads", 1))
        environment = _inherited() | {
            MARK: attempt,
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "PYTHONUNBUFFERED": "1",
        }
        guard = start_guard(attempt)
        try:
            with (self._output / "stderr.log").open("ab") as log:
                command = [sys.executable, "-m", "atelier_trainer", "run", str(path)]
                child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stderr=log, env=environment, start_new_session=True
                )
            self._copies.start()
            while child.poll() is None:
                if self._publisher.fenced.wait(0.1):
                    raise self._publisher.reason or Fenced("the attempt has ended")
            return child.returncode
        finally:
            self._copies.stop()
            # Also what a stage left behind that ended well.
            end_all(attempt, grace_s=0 if self._publisher.fenced.is_set() else STOP_PATIENCE_S)
            dismiss(guard)

    def _publish_outputs(self) -> None:
        receipt = self._output / "receipt.json"
        for output in json.loads(receipt.read_text(encoding="utf-8"))["outputs"]:
            self._uploader.put_file(output["path"], self._output / output["path"])
            if self._publisher.fenced.is_set():
                break
        self._publisher.finish()
        self._state.enter("done")
        # Beside the receipt, for whoever asks what the way cost.
        self._uploader.put_text(f"{CONTROL}/transfer.json", json.dumps(self._facts()))
        self._uploader.put_file("receipt.json", receipt)

    def _end(self, how: dict[str, Any]) -> int:
        log = self._output / "stderr.log"
        self._publisher.finish()
        if log.exists() and log.stat().st_size > 0:
            with log.open("rb") as file:
                file.seek(max(0, log.stat().st_size - MOST_LOG_BYTES))
                text = file.read().decode("utf-8", "replace")
            sys.stderr.write(text)
            self._uploader.put_text(f"{CONTROL}/stderr.log", text)
        self._uploader.put_text(f"{CONTROL}/ended.json", json.dumps(how))
        code = how["exitCode"]
        return 128 + getattr(signal, how["signal"]) if code is None else code

    def stop(self) -> None:
        """Let go of every transfer; what is on its way is not waited for."""
        self._stopping.set()

    def _facts(self) -> dict[str, Any]:
        counts = self._cache.counts
        return {
            "phase": self._state.phase,
            "host": socket.gethostname(),
            "fetchedBytes": counts.fetched_bytes,
            "reusedBytes": counts.reused_bytes,
            "publishedBytes": self._uploader.published_bytes,
            "seconds": dict(self._state.seconds),
        }


def _inherited() -> dict[str, str]:
    """What a cluster tells its jobs is not the stage's business: the way to the cluster and its token are among it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIGKILL"


def remove_abandoned(work: Path) -> None:
    """Folders of attempts whose supervisor was killed: nobody holds their lock."""
    for lock in work.glob("*/.lock"):
        with lock.open("a") as file:
            if try_lock(file.fileno()):
                shutil.rmtree(lock.parent, ignore_errors=True)
