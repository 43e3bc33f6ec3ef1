"""Documents are checked against the JSON Schemas in `schemas/`, which `npm run schemas` writes from the zod schemas of
packages/core, and become frozen dataclasses. The schemas alone know names, kinds and ranges."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from .errors import BadSpec

SCHEMAS = Path(__file__).parent / "schemas"

Schema = dict[str, Any]


@cache
def schema_of(name: str) -> Schema:
    """The JSON Schema in `schemas/<name>.json`."""
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def _multiple(_validator: Any, rule: Schema, document: Any, _schema: Schema) -> Iterator[ValidationError]:
    """The keyword `multiple` (packages/core/src/contracts/multiple.ts): JSON Schema cannot compare two fields."""
    if any(document.get(name) != value for name, value in rule.get("when", {}).items()):
        return
    value, of = document.get(rule["field"]), document.get(rule["of"])
    times = rule.get("times", 1)
    if isinstance(value, int) and isinstance(of, int) and of > 0 and value % (of * times):
        unit = f"{'' if times == 1 else f'{times} times '}{rule['of']} ({of * times})"
        yield ValidationError(f"a multiple of {unit}", path=[rule["field"]], instance=value)


def _is_number(_checker: Any, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_integer(_checker: Any, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# Stricter than JSON Schema: 2.0 is no whole number, for Python would not take it for one, and nothing is infinite.
_Validator = extend(
    Draft202012Validator,
    {"multiple": _multiple},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many({"number": _is_number, "integer": _is_integer}),
)

_KINDS = {"string": "text", "boolean": "true or false", "null": "null", "object": "an object", "array": "a list"}


def wanted(schema: Schema) -> str:
    """What a schema asks for, in words: `a number from 0 to 1`."""
    if "description" in schema:
        return schema["description"]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(map(wanted, schema["anyOf"]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(wanted(schema | {"type": one}) for one in kind)
    if kind == "array":
        return f"a list of at least {schema.get('minItems', 0)} values, each {wanted(schema['items'])}"
    if kind not in ("integer", "number"):
        return _KINDS.get(kind, str(kind))
    number = "whole number" if kind == "integer" else "number"
    low, high = schema.get("minimum"), schema.get("maximum")
    # Zod bounds every whole number by what JavaScript can hold exactly: no bound that a person needs to hear of.
    high = None if high == 2**53 - 1 else high
    if high is not None and low is not None:
        return f"a {number} from {low} to {high}"
    if "exclusiveMinimum" in schema:
        above = schema["exclusiveMinimum"]
        return "a positive whole number" if (kind, above) == ("integer", 0) else f"a {number} above {above}"
    return f"a {number}" if low is None else f"a {number} of at least {low}"


def checked(schema: Schema, document: Any, where: str) -> dict[str, Any]:
    """The document, with the schema's defaults where it leaves something out.

    Args:
        where: names the document in errors.

    Raises:
        BadSpec: names each field, what it wanted and what it was; of an unknown name, the valid ones.
    """
    if not isinstance(document, Mapping):
        raise BadSpec(f"{where} must be an object")
    schema = _case(schema, document, where)
    if problems := [_problem(error, where) for error in _Validator(schema).iter_errors(document)]:
        raise BadSpec("; ".join(dict.fromkeys(problems)))
    return {name: field["default"] for name, field in schema["properties"].items() if "default" in field} | document


def _problem(error: ValidationError, where: str) -> str:
    field = where + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    match error.validator:
        case "additionalProperties":
            known = error.schema["properties"]
            unknown = sorted(set(error.instance) - set(known))
            return f"{field}: unknown {', '.join(unknown)}; valid names: {', '.join(known)}"
        case "required":
            missing = sorted(set(error.schema["required"]) - set(error.instance))
            return f"{field}: missing {', '.join(missing)}"
        case "multiple":
            return f"{field} must be {error.message}, not {error.instance!r}"
    return f"{field} must be {wanted(error.schema)}, not {error.instance!r}"


def _case(schema: Schema, document: Mapping[str, Any], where: str) -> Schema:
    """Of a schema with a case for each model, the one that the document names."""
    if "oneOf" not in schema:
        return schema
    cases = {case["properties"]["model"]["const"]: case for case in schema["oneOf"]}
    model = document.get("model")
    if not isinstance(model, str) or model not in cases:
        raise BadSpec(f"{where}.model must be one of {', '.join(cases)}, not {model!r}")
    return cases[model]


def camel(name: str) -> str:
    """`max_length` → `maxLength`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


T = TypeVar("T")


def from_values(cls: type[T], values: Mapping[str, Any]) -> T:
    """A frozen dataclass of checked camelCase values; what may be absent and is, is None."""
    return cls(**{field.name: values.get(camel(field.name)) for field in fields(cls)})
