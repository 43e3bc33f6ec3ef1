"""Everything that a stage started, found by a mark in its environment.

`torchrun` gives its workers sessions of their own, and data loaders outlive a killed parent: neither a process group
nor the tree of parents reaches all of them. What they inherit does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MARK = "ATELIER_REMOTE_ATTEMPT"
GRACE_S = 2.0
_POLL_S = 0.05


def marked(attempt: str) -> list[int]:
    """Processes that carry this attempt's mark, this one excepted; zombies count as gone."""
    wanted = f"{MARK}={attempt}"
    if not sys.platform.startswith("linux"):
        return _marked_by_ps(wanted)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            # Empty for a zombie, not readable for a process of somebody else.
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if wanted.encode() in environment.split(b"\0"):
            found.append(int(entry.name))
    return found


def _marked_by_ps(wanted: str) -> list[int]:
    listed = subprocess.run(
        ["ps", "-Eww", "-A", "-o", "pid=,stat=,command="], capture_output=True, text=True, check=False
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines() if f" {wanted}" in line]
    return [int(pid) for pid, state, _ in rows if not state.startswith("Z") and int(pid) != os.getpid()]


def send(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def end_all(attempt: str, grace_s: float = GRACE_S) -> None:
    """SIGTERM to all of them, SIGKILL to what is left after `grace_s`; returns when none is there any more."""
    if grace_s > 0:
        send(marked(attempt), signal.SIGTERM)
        until = time.monotonic() + grace_s
        while time.monotonic() < until and marked(attempt):
            time.sleep(_POLL_S)
    # Again and again: one may have started another meanwhile.
    while left := marked(attempt):
        send(left, signal.SIGKILL)
        time.sleep(_POLL_S)
