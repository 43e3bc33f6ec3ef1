"""`python -m atelier_trainer.remote SPEC-URL`: one stage, wherever this runs.

Exit codes: those of `run`; 4 where the console wants nothing more of the attempt (nothing is published then), 5 where
another process has it, 143 for SIGTERM.
"""

from __future__ import annotations

import signal
import sys

from ..errors import TrainerError
from .errors import Stopped
from .http import Client
from .spec import remote_spec
from .supervisor import FETCH_PATIENCE_S, Supervisor

STOPPED = 128 + signal.SIGTERM


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m atelier_trainer.remote SPEC-URL", file=sys.stderr)
        return 2

    def stop(*_: object) -> None:
        # Only once: what is being ended must not be interrupted in turn.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    supervisor = None
    try:
        spec = remote_spec(Client(patience_s=FETCH_PATIENCE_S).request("GET", arguments[0]).body)
        supervisor = Supervisor(spec)
        return supervisor.run()
    except Stopped:
        if supervisor is not None:
            supervisor.stop()
        return STOPPED
    except TrainerError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
