"""The remote spec: the stage's own spec with addresses in place of folders."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BadSpec
from ..validation import checked, from_values, schema_of

_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ -]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_PIECE_BYTES = 8 << 20
_CACHE_BYTES = 200_000_000_000


@dataclass(frozen=True, kw_only=True)
class InputFile:
    """One file to fetch; `sha256` in hex."""

    path: str
    size_bytes: int
    sha256: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Input:
    """The files of one input. `key` is the stage's or the dataset's: what the host's cache keeps them under. Of
    checkpoints to go on from, it is the attempt's that left them."""

    key: str
    files: tuple[InputFile, ...]


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Where files go, in pieces of `piece_bytes`: `url` holds `{path}`."""

    url: str
    piece_bytes: int


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """Where the addresses of what may be written are found, of a store that is a bucket."""

    orders: str


@dataclass(frozen=True, kw_only=True)
class CacheSettings:
    """Where the host keeps inputs, and how many bytes of them; without a folder, where caches of this user go."""

    folder: str | None
    max_bytes: int

    def root(self) -> Path:
        """The folder in use: the one named, else `ATELIER_HOST_CACHE`, else a folder of this user."""
        named = self.folder or os.environ.get("ATELIER_HOST_CACHE")
        if named:
            return Path(named).expanduser()
        base = os.environ.get("XDG_CACHE_HOME")
        return (Path(base) if base else Path.home() / ".cache") / "atelier-host"


@dataclass(frozen=True, kw_only=True)
class RemoteSpec:
    """What the process behind SPEC-URL is told (packages/core/src/contracts/remote-spec.ts)."""

    stage: dict[str, Any]
    inputs: dict[str, Input]
    resume: tuple[Input, ...]
    outputs: Outputs | Inbox
    heartbeat_seconds: float
    cache: CacheSettings

    @property
    def attempt(self) -> str:
        return self.stage["attempt"]


def remote_spec(text: bytes) -> RemoteSpec:
    """Check a fetched spec; BadSpec names the field. The stage's own fields are checked by `run`."""
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise BadSpec(f"the remote spec is not JSON: {error}") from None
    document = checked(schema_of("remote-spec"), parsed, "remote spec")
    attempt = document["stage"].get("attempt")
    # It becomes the name of a folder.
    if not isinstance(attempt, str) or not _ID.fullmatch(attempt):
        raise BadSpec("remote spec.stage.attempt must be an id")
    outputs, cache = document["outputs"], document["cache"]
    return RemoteSpec(
        stage=document["stage"],
        inputs={name: _input(name, given) for name, given in document["inputs"].items()},
        resume=tuple(_files(given) for given in document["resume"]),
        outputs=(
            from_values(Inbox, outputs)
            if "orders" in outputs
            else from_values(Outputs, {"pieceBytes": _PIECE_BYTES} | outputs)
        ),
        heartbeat_seconds=document["heartbeatSeconds"],
        cache=from_values(CacheSettings, {"maxBytes": _CACHE_BYTES} | cache),
    )


def _input(name: str, given: dict[str, Any]) -> Input:
    if not _NAME.fullmatch(name):
        raise BadSpec(f"remote spec.inputs: {name!r} is no name of an input")
    return _files(given)


def _files(given: dict[str, Any]) -> Input:
    for file in given["files"]:
        # One that could leave its folder, or hide in it.
        if not all(_SEGMENT.fullmatch(segment) for segment in file["path"].split("/")):
            raise BadSpec(f"{file['path']!r} is no file name within an artifact")
    return Input(key=given["key"], files=tuple(from_values(InputFile, file) for file in given["files"]))
