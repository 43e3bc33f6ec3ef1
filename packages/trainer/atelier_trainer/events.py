"""Events of a stage: one JSON object a line, in `events.ndjson` and on stdout (docs/contracts.md)."""

from __future__ import annotations

import json
import math
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

PROGRESS_INTERVAL_S = 0.5


class EventWriter:
    """Numbers events from 1 without gaps. Every line is flushed: a reader sees it at once, a crash loses none."""

    def __init__(self, path: Path, echo: TextIO | None = None):
        self._file = path.open("w", encoding="utf-8", buffering=1)
        self._echo = echo
        self._seq = 0
        self._last_progress: tuple[str, float] = ("", -math.inf)
        self.curves: list[dict[str, Any]] = []

    def write(self, type: str, payload: dict[str, Any]) -> None:
        self._seq += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {"seq": self._seq, "at": at, "type": type, "payload": payload}
        line = json.dumps(event, ensure_ascii=False, allow_nan=False) + "\n"
        self._file.write(line)
        if self._echo is not None:
            try:
                self._echo.write(line)
                self._echo.flush()
            except OSError:
                # The worker that read our stdout died; the stage goes on and the file keeps the record.
                self._echo = None

    def progress(self, step: str, done: float, total: float, unit: str) -> None:
        """At most one event every half second for a step; its first and last always pass."""
        last_step, last_at = self._last_progress
        now = time.monotonic()
        if step == last_step and done < total and now - last_at < PROGRESS_INTERVAL_S:
            return
        self._last_progress = (step, now)
        self.write("progress", {"step": step, "done": done, "total": total, "unit": unit})

    def metric(self, name: str, value: float, step: int, split: str | None = None) -> None:
        """One point of a curve. JSON has no NaN, so a value that is not finite becomes a warning."""
        if not math.isfinite(value):
            self.warning(f"{name} is {value} at step {step}")
            return
        payload: dict[str, Any] = {"name": name, "value": float(value), "step": step}
        if split is not None:
            payload["split"] = split
        self.curves.append(payload)
        self.write("metric", payload)

    def replay(self, curves: list[dict[str, Any]]) -> None:
        """Points that an earlier attempt had measured up to where this one goes on: its curves are whole then."""
        for payload in curves[len(self.curves) :]:
            self.curves.append(payload)
            self.write("metric", payload)

    def log(self, message: str, level: str = "info") -> None:
        self.write("log", {"level": level, "message": message})

    def warning(self, message: str, code: str | None = None) -> None:
        """What a reader of the figures has to know; `code` names its kind for programs."""
        self.write("warning", {"message": message} if code is None else {"message": message, "code": code})

    def result(self, payload: dict[str, Any]) -> None:
        self.write("result", payload)

    def close(self) -> None:
        self._file.close()


def open_events(folder: Path) -> EventWriter:
    """The writer of a stage attempt: `events.ndjson` in `folder`, echoed on stdout."""
    return EventWriter(folder / "events.ndjson", sys.stdout)
