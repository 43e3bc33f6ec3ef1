"""Checkpoints on their way out: a host may go away for good, and the next attempt begins on another."""

from __future__ import annotations

import threading
from pathlib import Path

from ..errors import TrainerError
from .upload import Uploads

FOLDER = "checkpoints"
RECEIPT = "receipt.json"
EVERY_S = 2.0


class CheckpointCopies:
    """A thread that publishes the newest checkpoint of a stage, its receipt last; apart, so that heartbeats go on."""

    def __init__(self, folder: Path, uploader: Uploads):
        self._folder = folder
        self._uploader = uploader
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="checkpoints", daemon=True)
        self._done = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No further one is begun."""
        self._stopping.set()

    def _loop(self) -> None:
        while not self._stopping.wait(EVERY_S):
            try:
                self._publish_newest()
            except (TrainerError, OSError):
                # Another has taken its place meanwhile, or nobody answers: the next round sees.
                continue

    def _publish_newest(self) -> None:
        if not self._folder.is_dir():
            return
        # A folder has its name once it is whole.
        newest = max((path.name for path in self._folder.iterdir() if path.name.isdigit()), default="")
        if newest <= self._done:
            return
        files = sorted((self._folder / newest).iterdir(), key=lambda path: path.name == RECEIPT)
        for file in files:
            self._uploader.put_file(f"{FOLDER}/{newest}/{file.name}", file)
        self._done = newest
