"""A checkpoint's folder: tensors, state and a receipt, there as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file

from ..receipt import CHECKPOINTS, stored_file, write_json
from .tree import pack, unpack

TENSORS, STATE, RECEIPT = "tensors.safetensors", "state.json", "receipt.json"
KEPT = 2


@dataclass(frozen=True)
class Identity:
    """Whose checkpoint it is. Another key is another stage; other code may mean something else by the same state."""

    key: str
    revision: int
    code: str


@dataclass(frozen=True)
class Found:
    """A checkpoint that is whole: the part of the stage that it was written in, its step, and the state."""

    folder: Path
    phase: str
    step: int
    state: dict[str, Any]


def write(output: Path, identity: Identity, attempt: str, *, phase: str, step: int, state: dict[str, Any]) -> Path:
    """Write `checkpoints/<step>/` in an attempt's folder and keep the newest two.

    The folder gets its name when its receipt, the last file, is in it: whoever sees the name sees a whole checkpoint.
    """
    parent = output / CHECKPOINTS
    folder = parent / f"{step:09d}"
    temporary = parent / f".{folder.name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    tensors: dict = {}
    document = pack(state, tensors)
    save_file(tensors, temporary / TENSORS)
    # A diverged loss is NaN, which only Python's own reader has to understand here.
    (temporary / STATE).write_text(json.dumps(document), encoding="utf-8")
    outputs = [stored_file(temporary / name, temporary) for name in (STATE, TENSORS)]
    about = {"contract": 1, "attempt": attempt, **asdict(identity), "phase": phase, "step": step}
    write_json(temporary / RECEIPT, about | {"outputs": outputs})
    shutil.rmtree(folder, ignore_errors=True)
    temporary.replace(folder)
    for older in named(parent)[:-KEPT]:
        shutil.rmtree(older, ignore_errors=True)
    return folder


def named(parent: Path) -> list[Path]:
    """Checkpoints in a folder of them, by step; what is still being written is none."""
    try:
        return sorted(path for path in parent.iterdir() if path.name.isdigit() and path.is_dir())
    except OSError:
        return []


class Unusable(Exception):
    """A checkpoint that cannot be gone on from; the message says why."""


def read(folder: Path, identity: Identity) -> Found:
    """A checkpoint with every byte compared with its receipt. Raises Unusable for one that is damaged or another's."""
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        theirs = Identity(receipt["key"], receipt["revision"], receipt["code"])
        if theirs != identity:
            raise Unusable(f"it is of {_difference(theirs, identity)}")
        for listed in receipt["outputs"]:
            with (folder / listed["path"]).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != listed["sha256"]:
                    raise Unusable(f"{listed['path']} is not what was written")
        document = json.loads((folder / STATE).read_text(encoding="utf-8"))
        state = unpack(document, load_file(folder / TENSORS))
        return Found(folder, str(receipt["phase"]), int(receipt["step"]), state)
    except Unusable:
        raise
    except Exception as error:
        # Whatever is in the folder, the stage can begin anew.
        raise Unusable(f"it cannot be read: {error or type(error).__name__}") from None


def _difference(theirs: Identity, ours: Identity) -> str:
    if theirs.key != ours.key:
        return f"another stage, {theirs.key}"
    if theirs.revision != ours.revision:
        return f"revision {theirs.revision} of the stage, not {ours.revision}"
    return f"other code of the trainer, {theirs.code}, not {ours.code}"


def newest_whole(parents: list[Path], identity: Identity, say: Any) -> Found | None:
    """The checkpoint that got furthest of all in `parents`; each that is passed over is told to `say`."""
    folders = [folder for parent in parents for folder in named(parent)]
    for folder in sorted(folders, key=lambda path: path.name, reverse=True):
        try:
            return read(folder, identity)
        except Unusable as error:
            say(f"checkpoint {folder.name} of attempt {folder.parents[1].name} is passed over: {error}")
    return None
