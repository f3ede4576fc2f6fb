"""Records come back as they were written, and what was damaged, edited or written by others is named."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest

from core.config import TrainConfig
from core.errors import TrainingError
from core.system.files import read_json, write_json
from core.system.typed_json import (
    Record,
    UnknownOption,
    as_values,
    encode_record,
    from_values,
    read_record,
    write_record,
)


class Interval(NamedTuple):
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    where: Path | None = None


@dataclass(frozen=True, slots=True)
class Whole(Record):
    number: float
    state: Literal["on", "off"]
    parts: tuple[Part, ...] = ()
    pair: tuple[int, str] = (0, "")
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    configs: Mapping[str, TrainConfig] = field(default_factory=dict)
    runs: tuple[tuple[TrainConfig, ...], ...] = ()
    config: TrainConfig | None = None


@dataclass(frozen=True, slots=True)
class Later(Record):
    """Was a bare list before it had a version, and then called `names` what is called `words`."""

    version = 2
    words: tuple[str, ...]

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        return {"words": values if version == 0 else values["names"]}


WHOLE = Whole(
    0.1 + 0.2,
    "on",
    (Part("odd \udcff name", Path("/a/b")), Part("\u2028")),
    (1, "x"),
    {"a": Interval(-0.0, 1e-320)},
    {"c": TrainConfig(strategy="tuned", alpha=1, dose=0)},
    ((TrainConfig(strategy="counts"),), ()),
    TrainConfig(strategy="classic", sample=1e-5),
)


def test_what_was_written_comes_back_to_the_last_bit(tmp_path):
    write_record(tmp_path / "record.json", WHOLE)
    read = read_record(tmp_path / "record.json", Whole)
    assert repr(read) == repr(WHOLE)  # not only equal: ids are digests of a config's repr, and 1 is no 1.0 there
    assert type(read.parts) is type(read.runs[0]) is tuple
    assert (tmp_path / "record.json").read_text("utf-8") == encode_record(WHOLE)


def test_no_number_and_numbers_of_numpy(tmp_path):
    numbers = Whole(
        np.float32(0.25), "off", pair=(np.int64(3), "x"), intervals={"n": Interval(np.float64(2), math.nan)}
    )
    write_record(tmp_path / "record.json", numbers)
    read = read_record(tmp_path / "record.json", Whole)
    assert (read.number, read.pair, read.intervals["n"].low) == (0.25, (3, "x"), 2.0)
    assert math.isnan(read.intervals["n"].high)
    assert type(read.number) is float
    with pytest.raises(TypeError, match="ndarray cannot be kept"):
        as_values(Whole(np.zeros(3), "on"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"number": "1"}, r"Expected `float`, got `str` - at `\$\.number`"),
        ({"number": None}, "number"),
        ({"state": "broken"}, "state"),
        ({"parts": [{"where": "/"}]}, r"missing required field `name` - at `\$\.parts\[0\]`"),
        ({"parts": [{"name": "x", "where": 3}]}, "where"),
        ({"parts": "x"}, "parts"),
        ({"pair": [1]}, "pair"),
        ({"config": 5}, "config"),
        ({"configs": []}, "configs"),
        ({"config": {"strategy": "tuned", "window": "5"}}, "'<='"),
        ({"config": {"strategy": "tuned", "as_published": 3}}, "as_published"),
        ({"config": {}}, "strategy"),
        ({"version": 9}, "it is of version 9, and this Vectune reads versions up to 1"),
        ({"version": "x"}, "version x"),
    ],
)
def test_what_is_not_of_its_type_is_named(change, says):
    with pytest.raises(ValueError, match=says):
        from_values({**as_values(WHOLE), **change}, Whole)


@pytest.mark.parametrize("values", [None, 3, "x", [], {}])
def test_what_is_no_record_at_all(values):
    with pytest.raises(ValueError, match=r"Expected|missing"):
        from_values(values, Whole)


def test_settings_refuse_what_they_do_not_know_in_their_own_words_and_others_pass_it_over():
    values = as_values(WHOLE)
    assert from_values({**values, "more": 1, "parts": [{"name": "x", "more": 2}]}, Whole).parts == (Part("x"),)
    for place in (
        {"config": {"strategy": "tuned", "lookahead": 3}},
        {"runs": [[{"strategy": "tuned", "lookahead": 3}]]},
    ):
        with pytest.raises(UnknownOption, match="lookahead"):
            from_values({**values, **place}, Whole)
    with pytest.raises(TrainingError, match="strategy is 'magic'; it must be one of"):
        from_values({**values, "configs": {"a": {"strategy": "magic"}}}, Whole)
    with pytest.raises(TrainingError, match="window is 0; it must lie between 1 and 50"):
        from_values({**values, "config": {"strategy": "tuned", "window": 0}}, Whole)


def test_earlier_versions_are_read_and_the_new_one_is_written(tmp_path):
    path = tmp_path / "record.json"
    for earlier in (["a", "b"], {"version": 1, "names": ["a", "b"]}, {"version": 2, "words": ["a", "b"]}):
        write_json(path, earlier)
        assert read_record(path, Later) == Later(("a", "b"))
    write_record(path, Later(("a", "b")))
    assert read_json(path) == {"version": 2, "words": ["a", "b"]}
