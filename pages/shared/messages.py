"""The one place that turns a UserError into something on the page, and users' words into Markdown."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import UserError
from core.pretrained.files import vectors_folder
from core.system.files import cache_folder
from pages.shared.frame import run_ends


@contextmanager
def shown() -> Iterator[None]:
    """Show a `UserError` raised in the block and stop the page there; bugs pass through."""
    with shown_here() as failed:
        yield
    if failed:
        run_ends.end_page()


@contextmanager
def shown_here() -> Iterator[list[UserError]]:
    """Show a `UserError` raised in the block and go on after it; the list holds it then. Bugs pass through."""
    failed: list[UserError] = []
    try:
        yield failed
    except UserError as error:
        failed.append(error)
        st.error(plain(sentence(error)), icon=":material/error:")


@contextmanager
def kept_back() -> Iterator[list[UserError]]:
    """Let the list hold a `UserError` raised in the block, to be shown later. Bugs pass through."""
    failed: list[UserError] = []
    try:
        yield failed
    except UserError as error:
        failed.append(error)


def sentence(error: UserError) -> str:
    """What `error` says to a visitor: the command line names paths, but nobody need know this server's folders."""
    return hide_folders(str(error))


def hide_folders(text: str) -> str:
    """`text` without paths in the folders of this server: they are called what a visitor knows them as."""
    if os.sep not in text:
        return text
    for folder, name in ((vectors_folder(), "the vectors folder of this server"), (cache_folder(), _STORAGE)):
        for path in {str(folder), str(folder.absolute())}:
            if os.sep in path and path in text:  # a bare name tells nothing, and may be a word
                text = re.sub(re.escape(path) + r"(?:/[\w.-]*[\w-])*(?![\w-])", name, text)
    return text


_STORAGE = "this server's storage"


_MARKS = re.compile(r"[\\`*_{}\[\]<>#$~|!]|:(?!\s)")
_LINE_ENDS = re.compile(r"^\s+|\s*[\n\r\v\f\x85\u2028\u2029]\s*|\t| {2,}")
_MARKS_AT_START = re.compile(r"^([-+=]|\d+(?=[.)](\s|$)))")
_JOINER = "\N{WORD JOINER}"
_FOUND_LATER = re.compile(
    r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)|(?<=:)(?=[\w+/-]+:)|(?<=[-<>~])(?=[-=>])",
    re.IGNORECASE,
)
"""Where addresses, icons and arrows are told by what they look like once the marks are read: no mark stops that, an
invisible letter between their parts does."""


def plain(text: str) -> str:
    """`text` for Markdown that shows it as it is: words of a user's file may hold marks, colours or formulas.

    But for folders of this server: what failed in the background says where.
    """
    line = _LINE_ENDS.sub(" ", _FOUND_LATER.sub(_JOINER, hide_folders(text)))
    return _MARKS_AT_START.sub(_mark_start, _MARKS.sub(r"\\\g<0>", line))


def _mark_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
