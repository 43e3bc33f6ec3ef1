"""What a stage runs with, as far as its result can depend on it: device, processor, libraries, and the code itself."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

from .check import PACKAGES, version_of
from .params import GenerateParams

PACKAGE = Path(__file__).parent
# What computes where it is there: four bits, and answers on a GPU.
OPTIONAL = ("bitsandbytes", "vllm")


def environment(device: str, threads: int, params: object = None) -> dict[str, Any]:
    """The receipt's `environment` (packages/core/src/contracts/environment.ts).

    Args:
        device: as the spec names it: `auto`, `cpu` or `cuda`
        threads: those that torch may use
        params: the stage's
    """
    import torch

    on_gpu = device != "cpu" and torch.cuda.is_available()
    versions = {package: version_of(package) for package in (*PACKAGES, *OPTIONAL)}
    return {
        "device": "cuda" if on_gpu else "cpu",
        "processor": torch.cuda.get_device_name() if on_gpu else processor(),
        "threads": threads,
        "versions": {"python": platform.python_version()} | {name: v for name, v in versions.items() if v},
        "code": code_hash(PACKAGE),
        "commit": commit_of(PACKAGE),
    } | _engine(params, device)


def _engine(params: object, device: str) -> dict[str, str]:
    """What made a generate stage's answers."""
    if not isinstance(params, GenerateParams):
        return {}
    from .llm.answering.engines import chosen_engine

    return {"engine": chosen_engine(params, device)}


def processor() -> str:
    """The processor's name as its maker gives it, where the system shows it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def code_hash(package: Path) -> str:
    """12 hex digits of SHA-256 over the names and contents of a package's modules."""
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(package).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def commit_of(folder: Path) -> str | None:
    """The commit of the checkout that a folder lies in; None without git."""
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run([git, "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
