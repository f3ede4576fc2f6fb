"""Records as JSON: frozen dataclasses, written as they are and read back as they were.

The one module that turns records into JSON and back. What is read is checked against the types of its fields: the
error names the place, as in "Expected `str`, got `null` - at `$.inputs.corpus.digest`".
"""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import numpy as np

from core.system.entries import relocate
from core.system.files import read_json, to_json, write_text

VERSION = "version"
"""Key of a file that says which version of its record wrote it."""


class Record:
    """What is kept as JSON, in a file of its own; the base of a frozen dataclass.

    A field more, with a default, needs no new version. Keys that a record does not know are passed over; an option
    that it does not know is refused (`UnknownOption`): what it stands for would be passed over in silence.

    Attributes:
        version: of the record's JSON; raise it when what is written means something else, and teach `upgrade`.
    """

    __slots__ = ()
    version: ClassVar[int] = 1

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """JSON values as this version writes them, from those of an earlier `version`; 0 is before there was one."""
        return values


class UnknownOption(ValueError):
    """Settings have an option of this name, which only another version knows."""

    def __init__(self, option: str) -> None:
        super().__init__(f"there is no option {option}")
        self.option = option


_Record = TypeVar("_Record")


def write_record(path: Path, record: Record, *, indent: int | None = 1) -> None:
    """Write `record` to `path` whole or not at all; nan becomes the JavaScript token NaN.

    `indent`: None for one line, where there are very many numbers.
    """
    write_text(path, encode_record(record, indent=indent))


def encode_record(record: Record, *, indent: int | None = 1) -> str:
    """What `write_record` writes."""
    return to_json({VERSION: record.version, **as_values(record)}, indent=indent)


def read_record(path: Path, kind: type[_Record]) -> _Record:
    """The record that `write_record`, of this version or an earlier one, wrote to `path`.

    Raises:
        OSError: it is not there.
        ValueError: it was damaged, or written by a later version.
        UserError: out of settings that check themselves.
    """
    return from_values(read_json(path), kind)


def as_values(record: Any) -> dict[str, Any]:
    """`record`, a dataclass, as JSON values: numbers, text, lists, dicts; without its version."""
    values: dict[str, Any] = msgspec.to_builtins(record, enc_hook=_write_other)
    return values


def from_values(values: Any, kind: type[_Record]) -> _Record:
    """The record of JSON values; raises as `read_record`."""
    if issubclass(kind, Record):
        values = _upgraded(values, kind)
    return msgspec.convert(_settled(values, kind), kind, dec_hook=_read_other)


def _upgraded(values: Any, kind: type[Record]) -> Any:
    version = values.get(VERSION, 0) if isinstance(values, dict) else 0
    if not isinstance(version, int) or version > kind.version:
        raise ValueError(f"it is of version {version}, and this Vectune reads versions up to {kind.version}")
    try:
        return values if version == kind.version else kind.upgrade(values, version)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"it is not what version {version} wrote ({error})") from error


def _settled(values: Any, hint: Any) -> Any:
    """`values` with every part that is settings made by the constructor of those.

    Settings are the classes that check themselves (`__post_init__`). What they are made from stays as it was written,
    a 1 no 1.0 (an id may be the digest of it), and what they say of a bad value comes out.
    """
    if not _has_settings(hint):
        return values
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(values, dict):
            return values
        hints = _hints_of(hint)
        if hasattr(hint, "__post_init__"):
            return _make(hint, values)
        return {name: _settled(value, hints[name]) if name in hints else value for name, value in values.items()}
    part = next(part for part in get_args(hint) if _has_settings(part))  # of a union, a mapping or a tuple
    if get_origin(hint) in (Union, UnionType):
        return _settled(values, part)
    if isinstance(values, list):
        return [_settled(value, part) for value in values]
    if isinstance(values, dict):
        return {name: _settled(value, part) for name, value in values.items()}
    return values


def _make(kind: Any, values: Mapping[str, Any]) -> Any:
    unknown = sorted(values.keys() - {field.name for field in fields(kind)})
    if unknown:
        raise UnknownOption(unknown[0])
    try:
        made = kind(**values)
    except TypeError as error:  # a missing option, or one that cannot be compared
        raise ValueError(str(error)) from error
    msgspec.convert(values, kind)  # a type that the constructor did not look at
    return made


@cache
def _has_settings(hint: Hashable) -> bool:
    if is_dataclass(hint):
        return hasattr(hint, "__post_init__") or any(map(_has_settings, _hints_of(hint).values()))
    return any(map(_has_settings, get_args(hint)))


@cache
def _hints_of(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _write_other(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def _read_other(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return relocate(Path(value))
    raise ValueError(f"Expected `{kind.__name__}`, got `{type(value).__name__}`")
