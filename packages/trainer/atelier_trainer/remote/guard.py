"""Outlives the supervisor of a stage, for the case that it is killed: then nothing that it started may go on.

Started in a session of its own, which a kill of the supervisor's process group misses. Its standard input is a pipe
that the supervisor holds: when that ends without a word, the supervisor is gone.
"""

from __future__ import annotations

import subprocess
import sys

from .processes import end_all

DONE = b"done\n"


def start_guard(attempt: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "atelier_trainer.remote.guard", attempt]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def dismiss(guard: subprocess.Popen[bytes]) -> None:
    try:
        guard.communicate(DONE, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        guard.kill()


if __name__ == "__main__":
    if sys.stdin.buffer.read() != DONE:
        end_all(sys.argv[1], grace_s=0)
