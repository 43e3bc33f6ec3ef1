"""Frozen dataclasses checked at construction, read from camelCase JSON. Unknown names raise and list the valid ones."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import BadSpec


@dataclass(frozen=True)
class Rule:
    says: str
    holds: Callable[[Any], bool]


Count = Annotated[int, Rule("a positive whole number", lambda value: value > 0)]
Natural = Annotated[int, Rule("a whole number of at least 0", lambda value: value >= 0)]
Positive = Annotated[float, Rule("a number above 0", lambda value: value > 0)]
NonNegative = Annotated[float, Rule("a number of at least 0", lambda value: value >= 0)]
Share = Annotated[float, Rule("a number from 0 to 1", lambda value: 0 <= value <= 1)]

_TYPE_NAMES = {int: "a whole number", float: "a number", bool: "true or false", str: "text", types.NoneType: "null"}


def _problem(value: Any, expected: Any) -> str | None:
    """What `value` should have been, or None where it fits `expected`."""
    origin = get_origin(expected)
    if origin is Annotated:
        base, *rules = get_args(expected)
        if _problem(value, base) is None and all(rule.holds(value) for rule in rules):
            return None
        return " and ".join(rule.says for rule in rules)
    if origin is Literal:
        choices = get_args(expected)
        return None if value in choices else "one of " + ", ".join(map(str, choices))
    if origin in (Union, types.UnionType):
        problems = [_problem(value, option) for option in get_args(expected)]
        return None if None in problems else " or ".join(map(str, problems))
    if expected is float:
        return None if isinstance(value, int | float) and not isinstance(value, bool) else _TYPE_NAMES[float]
    if expected is int:
        return None if isinstance(value, int) and not isinstance(value, bool) else _TYPE_NAMES[int]
    return None if isinstance(value, origin or expected) else _TYPE_NAMES.get(expected, str(expected))


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls, include_extras=True)


class Checked:
    """Base of the frozen dataclasses: raises BadSpec for a field of the wrong type or outside its range."""

    def __post_init__(self) -> None:
        for name, expected in _hints(type(self)).items():
            value = getattr(self, name)
            if (problem := _problem(value, expected)) is not None:
                raise BadSpec(f"{camel(name)} must be {problem}, not {value!r}")


def camel(name: str) -> str:
    """`max_length` → `maxLength`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


T = TypeVar("T", bound=Checked)


def from_json(cls: type[T], document: Any, where: str) -> T:
    """Build `cls` from a camelCase JSON object; `where` names the object in errors."""
    if not isinstance(document, Mapping):
        raise BadSpec(f"{where} must be an object")
    known = {camel(field.name): field for field in fields(cls)}
    if unknown := sorted(set(document) - set(known)):
        raise BadSpec(f"{where}: unknown {', '.join(unknown)}; valid names: {', '.join(known)}")
    required = {name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING}
    if missing := sorted(required - set(document)):
        raise BadSpec(f"{where}: missing {', '.join(missing)}")
    try:
        return cls(**{known[name].name: value for name, value in document.items()})
    except BadSpec as error:
        raise BadSpec(f"{where}.{error}") from None
