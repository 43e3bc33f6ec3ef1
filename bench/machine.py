"""What every results file says of where and when it was measured."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"


def machine(threads: int) -> dict:
    model = platform.processor()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return {"cpu": model, "cores": os.cpu_count(), "threads": threads, "system": platform.platform()}


def write_results(name: str, threads: int, packages: list[str], document: dict) -> None:
    """Write `results/<name>.json` and print it."""
    head = {"benchmark": name, "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(threads)}
    head |= {"versions": {package: version(package) for package in packages}}
    text = json.dumps(head | document, indent=1) + "\n"
    (RESULTS / f"{name}.json").write_text(text)
    print(text)
