"""The remote spec: the stage's own spec with addresses in place of folders."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..errors import BadSpec
from ..validation import Checked, Count, Natural, Positive, from_json

_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ -]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def check_path(path: str) -> str:
    """The relative path of an artifact's file; BadSpec for one that could leave its folder or hide in it."""
    if not all(_SEGMENT.fullmatch(segment) for segment in path.split("/")):
        raise BadSpec(f"{path!r} is no file name within an artifact")
    return path


@dataclass(frozen=True, kw_only=True)
class InputFile(Checked):
    """One file to fetch; `sha256` in hex."""

    path: str
    size_bytes: Natural
    sha256: str
    url: str

    def __post_init__(self) -> None:
        super().__post_init__()
        check_path(self.path)
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise BadSpec(f"sha256 of {self.path} must be 64 hex digits")


@dataclass(frozen=True, kw_only=True)
class Input:
    """The files of one input. `key` is the stage's or the dataset's: what the host's cache keeps them under."""

    key: str
    files: tuple[InputFile, ...]


@dataclass(frozen=True, kw_only=True)
class Outputs(Checked):
    """Where files go: `url` holds `{path}`. `pieces`: PUT in pieces, which resume; `post`: a form, signed `fields`."""

    how: Literal["pieces", "post"]
    url: str
    piece_bytes: Count = 8 << 20
    fields: dict = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CacheSettings(Checked):
    """Where the host keeps inputs, and how many bytes of them; without a folder, where caches of this user go."""

    folder: str | None = None
    max_bytes: Count = 200_000_000_000

    def root(self) -> Path:
        """The folder in use: the one named, else `ATELIER_HOST_CACHE`, else a folder of this user."""
        named = self.folder or os.environ.get("ATELIER_HOST_CACHE")
        if named:
            return Path(named).expanduser()
        base = os.environ.get("XDG_CACHE_HOME")
        return (Path(base) if base else Path.home() / ".cache") / "atelier-host"


@dataclass(frozen=True, kw_only=True)
class RemoteSpec:
    """What the process behind SPEC-URL is told."""

    stage: dict[str, Any]
    inputs: dict[str, Input]
    outputs: Outputs
    control: str | None
    heartbeat_seconds: float
    cache: CacheSettings

    @property
    def attempt(self) -> str:
        return self.stage["attempt"]


@dataclass(frozen=True, kw_only=True)
class _Document(Checked):
    contract: Literal[1]
    stage: dict
    inputs: dict
    outputs: dict
    control: str | None = None
    heartbeat_seconds: Positive = 5.0
    cache: dict = field(default_factory=dict)


def remote_spec(text: bytes) -> RemoteSpec:
    """Check a fetched spec; BadSpec names the field. The stage's own fields are checked by `run`."""
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise BadSpec(f"the remote spec is not JSON: {error}") from None
    document = from_json(_Document, parsed, "remote spec")
    attempt = document.stage.get("attempt")
    if not isinstance(attempt, str) or not re.fullmatch(r"[A-Za-z0-9-]{1,64}", attempt):
        raise BadSpec("remote spec: stage.attempt must be an id")
    return RemoteSpec(
        stage=document.stage,
        inputs={name: _input(name, given) for name, given in document.inputs.items()},
        outputs=from_json(Outputs, document.outputs, "outputs"),
        control=document.control,
        heartbeat_seconds=document.heartbeat_seconds,
        cache=from_json(CacheSettings, document.cache, "cache"),
    )


def _input(name: str, given: Any) -> Input:
    if not _NAME.fullmatch(name) or not isinstance(given, dict) or set(given) != {"key", "files"}:
        raise BadSpec(f"inputs.{name} must be an object with key and files")
    if not isinstance(given["key"], str) or not re.fullmatch(r"[A-Za-z0-9-]{1,64}", given["key"]):
        raise BadSpec(f"inputs.{name}.key must be an id")
    files = tuple(from_json(InputFile, file, f"inputs.{name}.files") for file in given["files"])
    return Input(key=given["key"], files=files)
