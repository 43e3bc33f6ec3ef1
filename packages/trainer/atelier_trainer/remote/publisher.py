"""What is published while a stage runs: its events in numbered chunks, and a heartbeat.

The heartbeat and the receipt are what the worker believes; whatever a cluster says of its jobs is a hint beside them.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import TrainerError
from .errors import Fenced, Taken
from .upload import Uploads

CONTROL = ".remote"
"""Folder, in the attempt's, of what is no output: chunks, heartbeat, and how it ended."""
MOST_CHUNK_BYTES = 4 << 20
LEAST_INTERVAL_S, MOST_INTERVAL_S = 1.0, 15.0


class EventChunks:
    """Cuts a growing `events.ndjson` into chunks of whole lines. One that was cut stays as it is until it is there."""

    def __init__(self, path: Path, uploader: Uploads):
        self._path = path
        self._uploader = uploader
        self._offset = 0
        self._number = 0
        self._cut: bytes | None = None

    def publish(self) -> bool:
        """Publish one chunk, if there is anything new; whether there was."""
        if self._cut is None:
            self._cut = self._next()
        if not self._cut:
            self._cut = None
            return False
        name = f"{CONTROL}/events/{self._number + 1:08d}.ndjson"
        self._uploader.put_text(name, self._cut.decode("utf-8"))
        self._offset += len(self._cut)
        self._number += 1
        self._cut = None
        return True

    def publish_all(self) -> None:
        while self.publish():
            pass

    def _next(self) -> bytes:
        if not self._path.exists():
            return b""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            data = file.read(MOST_CHUNK_BYTES)
            if b"\n" not in data:
                # One line longer than a chunk; it is taken once it is whole.
                data += file.read()
        return data[: data.rfind(b"\n") + 1]


class Publisher:
    """A thread that publishes until told to stop. `fenced` is set when nothing more is wanted of this attempt.

    Args:
        facts: what a heartbeat says besides its number, asked for at each
    """

    def __init__(
        self,
        uploader: Uploads,
        chunks: EventChunks,
        *,
        run: str,
        heartbeat_seconds: float,
        facts: Callable[[], dict[str, Any]],
    ):
        self._uploader = uploader
        self._chunks = chunks
        self._run = run
        self._heartbeat_seconds = heartbeat_seconds
        self._facts = facts
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="publisher", daemon=True)
        self._beats = 0
        self.fenced = threading.Event()
        self.reason: Fenced | Taken | None = None

    def claim(self) -> None:
        """Take the attempt for this process; raises Taken where another one has it."""
        self._uploader.put_text(f"{CONTROL}/claim.json", json.dumps({"run": self._run}))

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Publish what is left of the events; raises Fenced where nobody wants it."""
        self._stopping.set()
        self._thread.join()
        if self.reason is not None:
            raise self.reason
        self._chunks.publish_all()

    def abandon(self) -> None:
        """Stop without another word."""
        self._stopping.set()

    def _loop(self) -> None:
        started = time.monotonic()
        beaten = -self._heartbeat_seconds
        while True:
            try:
                if time.monotonic() - started - beaten >= self._heartbeat_seconds:
                    beaten = time.monotonic() - started
                    self._beat()
                self._chunks.publish()
            except (Fenced, Taken) as error:
                self.reason = error
                self.fenced.set()
                return
            except TrainerError:
                # Not to be reached, or not answered as it should: the stage goes on, and its events wait in their file.
                pass
            # A long training is no more urgent for being long: fewer and larger chunks.
            interval = min(max((time.monotonic() - started) / 60, LEAST_INTERVAL_S), MOST_INTERVAL_S)
            if self._stopping.wait(min(interval, self._heartbeat_seconds)):
                return

    def _beat(self) -> None:
        self._beats += 1
        beat = {"beat": self._beats, "run": self._run, **self._facts()}
        self._uploader.beat(f"{CONTROL}/heartbeat.json", json.dumps(beat))
