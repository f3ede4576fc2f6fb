"""Results shared by every visitor, one expression each, bounded in bytes together.

A result is named by what it is made of: a text and a vectors file stand for their digests, models and words that are
compared for their `key`. No array is ever hashed: Streamlit would take a sample of it. An argument with a leading
underscore is no part of the name; the ones beside it settle what it is.
"""

import inspect
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from functools import wraps
from operator import attrgetter
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from core.comparison.study.shown import ShownStudy
from core.comparison.study.store import StudyOrder
from core.pretrained.vectors import PretrainedVectors
from core.system.limits import BYTES_IN_MEMORY
from core.text.corpus import Corpus
from pages.shared.compared import Judgement, Model, Pair, Sides, Trained, Words
from pages.shared.memory.result_cache import ResultCache

HASHES: dict[type[Any], Callable[[Any], Hashable]] = {
    **dict.fromkeys((Corpus, PretrainedVectors), attrgetter("digest")),
    **dict.fromkeys((StudyOrder, ShownStudy), attrgetter("key")),
    **dict.fromkeys((Model, Trained, Words, Pair, Sides, Judgement), attrgetter("key")),
}
_IDLE_SECONDS = 300.0
"""So long is kept what nobody asks for any more. It can all be made again, most of it from files."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


@st.cache_resource(show_spinner=False)
def kept() -> ResultCache:
    return ResultCache(BYTES_IN_MEMORY.value, _IDLE_SECONDS)


def shared(spinner: str = "") -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Keep what a function gives for everybody; the page says `spinner` while it is made."""

    def decorate(fn: Callable[_P, _T]) -> Callable[_P, _T]:
        signature = inspect.signature(fn)

        @wraps(fn)
        def find(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            given = signature.bind(*args, **kwargs).arguments
            named = (_name_of(value) for parameter, value in given.items() if not parameter.startswith("_"))

            def make() -> _T:
                with st.spinner(spinner) if spinner else nullcontext():
                    return fn(*args, **kwargs)

            return kept().get((fn.__module__, fn.__name__, *named), make)

        return find

    return decorate


def _name_of(value: Any) -> Hashable:
    name = HASHES.get(type(value))
    return value if name is None else name(value)


def forget_content() -> None:
    """Drop every result that is kept in memory; jobs go on."""
    kept().clear()
