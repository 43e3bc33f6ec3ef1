"""The host's cache of inputs: each file once, whoever needs it, as long as there is room.

`files/KEY/SHA256` holds what was fetched, complete and checked; KEY is a stage's or a dataset's. A stage gets hard
links, so that what it reads stays while others make room. Files are read-only and carry a modification time of our
own: one that somebody wrote to shows by it, is read again in full, and fetched anew where it is not what its name says.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .download import sha256_of
from .spec import InputFile

CHECKED_AT_NS = 1_000_000_000
ABANDONED_S = 24 * 3600


@dataclass
class Counts:
    """Bytes that came over the network, and that were here already."""

    fetched_bytes: int = 0
    reused_bytes: int = 0


class HostCache:
    """Safe for any number of processes of one user; a lock of the system's, so that a killed one blocks nobody."""

    def __init__(self, root: Path, max_bytes: int):
        self._files = root / "files"
        self._locks = root / "locks"
        self._max_bytes = max_bytes
        self.counts = Counts()
        for folder in (self._files, self._locks):
            folder.mkdir(parents=True, exist_ok=True)

    def place(self, key: str, file: InputFile, target: Path, fetch: Callable[[Path], None]) -> None:
        """Put the file at `target`, fetched into the partial file that `fetch` is given where it is not here yet."""
        kept = self._files / key / file.sha256
        with self._locked(file.sha256[:2]):
            if _is_whole(kept, file):
                self.counts.reused_bytes += file.size_bytes
            else:
                self._make_room(file.size_bytes)
                kept.parent.mkdir(exist_ok=True)
                partial = kept.with_suffix(".part")
                fetch(partial)
                partial.chmod(0o444)
                os.utime(partial, ns=(time.time_ns(), CHECKED_AT_NS))
                partial.replace(kept)
            # The access time is ours to set: what was used last goes last.
            os.utime(kept, ns=(time.time_ns(), CHECKED_AT_NS))
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(kept, target)
            except OSError:
                # A file system without hard links.
                shutil.copyfile(kept, target)

    def _make_room(self, size_bytes: int) -> None:
        with self._locked("room"):
            found = [(path, path.stat()) for path in self._files.glob("*/*") if path.is_file()]
            for path, stat in found:
                if path.suffix == ".part" and time.time() - stat.st_mtime > ABANDONED_S:
                    path.unlink(missing_ok=True)
            whole = sorted((item for item in found if item[0].suffix == ""), key=lambda item: item[1].st_atime_ns)
            total = sum(stat.st_size for _, stat in whole) + size_bytes
            for path, stat in whole:
                if total <= self._max_bytes:
                    return
                path.unlink(missing_ok=True)
                total -= stat.st_size

    @contextlib.contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with held(self._locks / name):
            yield


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the lock of that name; waits for it in small steps, so that a signal is heard meanwhile."""
    with path.open("a") as lock:
        while not try_lock(lock.fileno()):
            threading.Event().wait(0.1)
        yield


def try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_whole(path: Path, file: InputFile) -> bool:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return False
    if stat.st_size == file.size_bytes and stat.st_mtime_ns == CHECKED_AT_NS:
        return True
    if stat.st_size == file.size_bytes and sha256_of(path) == file.sha256:
        return True
    path.unlink()
    return False
