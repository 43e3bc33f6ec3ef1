"""The receipt: written last and by rename, so that it is there exactly when all outputs are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

NOT_OUTPUTS = {"spec.json", "events.ndjson", "receipt.json"}
CHECKPOINTS = "checkpoints"


def is_output(path: Path) -> bool:
    """Whether a file, relative to an attempt's folder, was made by the stage: logs and process files belong to the
    executor, and checkpoints to the attempt that comes next."""
    if path.parts[0] == CHECKPOINTS:
        return False
    return path.name not in NOT_OUTPUTS and path.suffix not in {".log", ".tmp", ".pid"} and path.name[0] != "."


def stored_file(path: Path, folder: Path) -> dict[str, Any]:
    """What a receipt says of one file in `folder` (packages/core/src/contracts/stored-file.ts)."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "sizeBytes": path.stat().st_size, "sha256": digest}


def write_json(path: Path, document: Any) -> None:
    """Write JSON so that a reader sees the whole file or none of it."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    temporary.replace(path)


def write_receipt(
    folder: Path,
    *,
    key: str,
    attempt: str,
    duration_ms: float,
    result: dict[str, Any],
    environment: dict[str, Any] | None = None,
) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and is_output(path.relative_to(folder)))
    outputs = [stored_file(path, folder) for path in files]
    receipt = {"contract": 1, "key": key, "attempt": attempt, "outputs": outputs}
    if environment is not None:
        receipt["environment"] = environment
    write_json(folder / "receipt.json", receipt | {"durationMs": duration_ms, "result": result})
