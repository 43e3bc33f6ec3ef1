"""What a model that was trained elsewhere is, whatever its folder is called: the checksums of its files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

# As in packages/data/src/models/model-files.ts, which computes the same identity when a run is launched.
SUFFIXES = (".safetensors", ".gguf", ".json", ".model", ".txt", ".jinja")


def model_files(folder: Path) -> list[dict[str, Any]]:
    """The files of a model folder that can matter, by name, each with size and checksum."""
    files = []
    for file in sorted(folder.iterdir(), key=lambda path: path.name.encode()):
        if file.suffix in SUFFIXES and file.name[0] != "." and file.is_file():
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            files.append({"path": file.name, "sizeBytes": file.stat().st_size, "sha256": digest})
    return files


def identity(files: list[dict[str, Any]]) -> str:
    """`sha256:` and 32 hex digits that stand for these files."""
    lines = "".join(f"{file['sha256']} {file['path']}\n" for file in files)
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()[:32]
