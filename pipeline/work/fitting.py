"""Whether a value is what a type says, looked at down to the items of collections; of dataclasses the class alone, as
their fields are looked at when they are made (`fields_fit`)."""

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Check = Callable[[Any], bool]


def fits(value: object, hint: Any) -> bool:
    """Whether a value is of a type, as precisely as the type is told."""
    return _check_of(hint)(value)


def fields_fit(made: object) -> bool:
    """Whether the fields of a dataclass's instance are of the types that the class says."""
    kind: Any = type(made)
    return all(check(getattr(made, name)) for name, check in _checks_of_fields(kind))


def dataclasses_in(hint: Any) -> frozenset[type]:
    """The dataclasses that a type names, and those that their fields name."""
    found: set[type] = set()
    _collect(hint, found)
    return frozenset(found)


def _collect(hint: Any, found: set[type]) -> None:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if hint not in found:
            found.add(hint)
            for one in _field_hints(hint).values():
                _collect(one, found)
        return
    for one in () if get_origin(hint) is Literal else get_args(hint):
        _collect(one, found)


def _field_hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in dataclasses.fields(kind)}


@cache
def _check_of(hint: Any) -> Check:
    """How values of a type are told."""
    if hint is Any or isinstance(hint, TypeVar):
        return lambda value: True
    if hint is None or hint is type(None):
        return lambda value: value is None
    origin = get_origin(hint)
    if origin is None:
        return _check_of_class(hint)
    if origin is Literal:
        allowed = get_args(hint)
        return lambda value: type(value) in (str, int, bool, type(None)) and value in allowed
    if origin in (Union, types.UnionType):
        return _any_of(get_args(hint))
    return _check_of_collection(origin, get_args(hint))


def _any_of(hints: tuple[Any, ...]) -> Check:
    checks = tuple(_check_of(one) for one in hints)
    plain = frozenset(hints) & {str, int, float, bool, type(None)}  # most cells are one of these

    def check(value: Any) -> bool:
        return type(value) in plain or any(fitting(value) for fitting in checks)

    return check


def _check_of_class(kind: Any) -> Check:
    if kind in (int, str, bytes, bool):
        return lambda value: type(value) is kind  # True is no number
    if kind is float:
        return lambda value: type(value) in (int, float) or isinstance(value, float)
    if dataclasses.is_dataclass(kind):
        return lambda value: type(value) is kind
    return lambda value: isinstance(value, kind)


@cache
def _checks_of_fields(kind: type) -> tuple[tuple[str, Check], ...]:
    return tuple((name, _check_of(hint)) for name, hint in _field_hints(kind).items())


def _check_of_collection(origin: Any, arguments: tuple[Any, ...]) -> Check:
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return _check_of_places(tuple(_check_of(one) for one in arguments))
    if issubclass(origin, Mapping):
        key, item = (_check_of(one) for one in arguments)
        return lambda value: isinstance(value, origin) and all(map(key, value)) and all(map(item, value.values()))
    if issubclass(origin, (tuple, Sequence, AbstractSet)):
        each = _check_of(arguments[0])
        return lambda value: isinstance(value, origin) and not isinstance(value, str) and all(map(each, value))
    return lambda value: isinstance(value, origin)  # an array, of which more is not told here


def _check_of_places(checks: tuple[Check, ...]) -> Check:
    def check(value: Any) -> bool:
        return (
            type(value) is tuple
            and len(value) == len(checks)
            and all(fitting(one) for fitting, one in zip(checks, value, strict=True))
        )

    return check
