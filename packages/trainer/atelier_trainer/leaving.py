"""A graceful stop: SIGTERM asks the process to leave, which it does between two steps, with an exit code of its own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

EXIT_LEFT = 75
"""`EX_TEMPFAIL` of sysexits.h: nothing failed, and trying again goes on from here."""


OUTSIDE = "left outside a training step"


class Left(SystemExit):
    """Raised where the process leaves. No `Exception`, so that no library takes it for an error and goes on."""

    def __init__(self, says: str):
        super().__init__(EXIT_LEFT)
        self.says = says

    def __str__(self) -> str:
        return self.says


class Leaving:
    """Whether the process was asked to leave. Outside a training loop it does so at once: nothing is half done there
    that another attempt could use."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_held = False

    @staticmethod
    @cache
    def of_process() -> Leaving:
        """The one that SIGTERM asks."""
        return Leaving()

    def on_sigterm(self) -> None:
        """Take SIGTERM for the question. Signals can be handled in the main thread alone."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: self.ask())

    def ask(self) -> None:
        self.is_asked = True
        if not self._is_held:
            self.now(OUTSIDE)

    def now(self, says: str) -> None:
        raise Left(says)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within this block the process leaves only where `now` is called."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
        if self.is_asked:
            self.now(OUTSIDE)
