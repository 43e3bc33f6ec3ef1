"""The documents that start the trainer: the spec of one stage and the spec of a serving process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from .errors import BadData, BadSpec
from .params import EncodeQueriesParams, GenerateParams, read_params
from .validation import checked, from_values, schema_of


@dataclass(frozen=True, kw_only=True)
class StageSpec:
    """`spec.json` (packages/core/src/contracts/stage-spec.ts). `params` is the dataclass of `kind`."""

    contract: int
    kind: str
    revision: int
    key: str
    params: Any
    inputs: dict[str, Path]
    output: Path
    seed: int
    device: str
    threads: int
    attempt: str
    checkpoint_seconds: float
    # Folders of checkpoints that earlier attempts of this stage left.
    resume: list[str]
    # How many train together, and how many rows each reads at a time (None: its whole share of a batch).
    processes: int
    rows_at_once: int | None

    def input(self, name: str) -> Path:
        """Folder of an input; BadSpec if the spec does not name it, BadData if the folder is not there."""
        return _input(self.inputs, name)


@dataclass(frozen=True, kw_only=True)
class ServeSpec:
    """What `serve` is told (packages/core/src/contracts/serve-spec.ts)."""

    contract: int
    port: int
    token: str
    idle_seconds: float
    threads: int
    inputs: dict[str, Path]
    generate: GenerateParams
    encoder: EncodeQueriesParams
    list_length: int
    ready: Path

    def input(self, name: str) -> Path:
        """Folder of an input, as for a stage."""
        return _input(self.inputs, name)


def _input(inputs: dict[str, Path], name: str) -> Path:
    if name not in inputs:
        raise BadSpec(f"inputs.{name} is missing")
    if not inputs[name].is_dir():
        raise BadData(f"input {name}: no folder at {inputs[name]}")
    return inputs[name]


def read_json(path: Path) -> Any:
    """A JSON file; BadSpec if it cannot be read or is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except OSError as error:
        raise BadSpec(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise BadSpec(f"{path} is not JSON: {error}") from None


def _no_number(text: str) -> NoReturn:
    """JSON has no NaN and no infinity, though Python reads them."""
    raise ValueError(f"{text} is no number")


def stage_spec(document: Any) -> StageSpec:
    """Check a parsed `spec.json`; raises BadSpec that names the field."""
    values = checked(schema_of("stage-spec"), document, "spec")
    params = read_params(values["kind"], values["params"])
    return from_values(StageSpec, values | {"params": params} | _paths(values, "output"))


def serve_spec(document: Any) -> ServeSpec:
    """Check a parsed serving spec; raises BadSpec that names the field."""
    values = checked(schema_of("serve-spec"), document, "spec")
    parts = {
        "generate": from_values(GenerateParams, values["generate"]),
        "encoder": from_values(EncodeQueriesParams, values["encoder"]),
    }
    return from_values(ServeSpec, values | parts | _paths(values, "ready"))


def _paths(values: dict[str, Any], name: str) -> dict[str, Any]:
    """The named field and the values of `inputs` as paths."""
    inputs = {named: Path(folder) for named, folder in values["inputs"].items()}
    return {name: Path(values[name]), "inputs": inputs}
