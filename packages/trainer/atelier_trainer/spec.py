"""The documents that start the trainer: the spec of one stage and the spec of a serving process."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .errors import BadData, BadSpec
from .params import EncodeQueriesParams, GenerateParams, read_params
from .validation import Checked, Count, Natural, Positive, from_json


@dataclass(frozen=True, kw_only=True)
class StageSpec(Checked):
    """`spec.json` (packages/core/src/contracts/stage-spec.ts). `params` is the dataclass of `kind`."""

    contract: Literal[1]
    kind: str
    revision: Count
    key: str
    params: Checked
    inputs: dict
    output: Path
    seed: Natural
    device: Literal["auto", "cpu", "cuda"]
    threads: Count
    attempt: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if not re.fullmatch(r"[0-9a-f]{32}", self.key):
            raise BadSpec(f"key must be 32 hex digits, not {self.key!r}")

    def input(self, name: str) -> Path:
        """Folder of an input; BadSpec if the spec does not name it, BadData if the folder is not there."""
        return _input(self.inputs, name)


@dataclass(frozen=True, kw_only=True)
class ServeSpec(Checked):
    """What `serve` is told (docs/contracts.md, live serving)."""

    contract: Literal[1]
    port: Natural
    token: str
    idle_seconds: Positive
    threads: Count
    inputs: dict
    generate: GenerateParams
    encoder: EncodeQueriesParams
    list_length: Count
    ready: Path

    def input(self, name: str) -> Path:
        """Folder of an input, as for a stage."""
        return _input(self.inputs, name)


def _input(inputs: dict, name: str) -> Path:
    if name not in inputs:
        raise BadSpec(f"inputs.{name} is missing")
    if not inputs[name].is_dir():
        raise BadData(f"input {name}: no folder at {inputs[name]}")
    return inputs[name]


def read_json(path: Path) -> Any:
    """A JSON file; BadSpec if it cannot be read or is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSpec(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise BadSpec(f"{path} is not JSON: {error}") from None


def _paths(document: Any, *names: str) -> dict:
    """A shallow copy with the named text fields, and the values of `inputs`, turned into paths."""
    if not isinstance(document, dict):
        raise BadSpec("the spec must be an object")
    inputs = document.get("inputs")
    if not isinstance(inputs, dict) or not all(isinstance(folder, str) for folder in inputs.values()):
        raise BadSpec("inputs must be an object from names to folders")
    converted = document | {"inputs": {name: Path(folder) for name, folder in inputs.items()}}
    for name in names:
        if not isinstance(document.get(name), str):
            raise BadSpec(f"{name} must be text")
        converted[name] = Path(document[name])
    return converted


def stage_spec(document: Any) -> StageSpec:
    """Check a parsed `spec.json`; raises BadSpec that names the field."""
    document = _paths(document, "output")
    params = read_params(document.get("kind"), document.get("params"))
    return from_json(StageSpec, document | {"params": params}, "spec")


def serve_spec(document: Any) -> ServeSpec:
    """Check a parsed serving spec; raises BadSpec that names the field."""
    document = _paths(document, "ready")
    generate = from_json(GenerateParams, document.get("generate"), "generate")
    encoder = from_json(EncodeQueriesParams, document.get("encoder"), "encoder")
    return from_json(ServeSpec, document | {"generate": generate, "encoder": encoder}, "spec")
