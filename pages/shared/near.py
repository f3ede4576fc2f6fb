"""Which neighbours a word kept, gained and lost, as every page says it: by the same noise, and seen equally often."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.neighbourhood import (
    DEFAULT_MARGIN,
    LEAST_SEEN,
    NeighbourChange,
    NeighbourChanges,
    Neighbourhoods,
)
from core.prose.colours import OTHER, ROLE_COLOURS, Role
from core.prose.numbers import count
from pages.shared import messages, noise_panel, session
from pages.shared.compared import Sides

_OFTEN = (1, 2, 3, 5, 10, 20, 50, 100)
_KEPT = "least-seen"
_ROW, _HEAD, _SHOWN = 35, 38, 10
_GREY = f"color: {OTHER}"


def find(sides: Sides) -> Neighbourhoods:
    """The two models with what says which neighbours count; nothing is measured for it."""
    movers = noise_panel.known_movers(sides)
    return Neighbourhoods(sides.comparison, sides.left, sides.right, movers, least_seen())


def least_seen() -> int:
    """How often the text must have a neighbour that is called gained or lost."""
    return int(session.recall(_KEPT, LEAST_SEEN))


def choose_least_seen() -> None:
    """Ask for it, for all pages of this session."""
    asked = st.selectbox(
        "Gained or lost: seen at least",
        _OFTEN,
        index=_OFTEN.index(least_seen()),
        format_func=lambda times: count("time", times),
        help="A neighbour that the text has more rarely is listed in grey: too little is known of it.",
    )
    session.remember(_KEPT, asked)


def show_columns(sides: Sides, found: NeighbourChanges, names: tuple[str, str], note: str, *, brief: bool) -> None:
    """Three lists: kept, gained, lost, with what crossed the end of a list by chance in grey; `brief` without ranks."""
    came = [each for each in found.borderline if each.entered]
    went = [each for each in found.borderline if not each.entered]
    groups: list[tuple[Role, str, Sequence[NeighbourChange], Sequence[NeighbourChange]]] = [
        ("kept", "Kept", found.kept, ()),
        ("gained", "Gained", found.gained, came),
        ("lost", "Lost", found.lost, went),
    ]
    longest = max(len(sure) + len(unsure) for _, _, sure, unsure in groups)
    height = _HEAD + _ROW * min(longest, _SHOWN)
    for column, (role, heading, sure, unsure) in zip(st.columns(3, gap="small"), groups, strict=True):
        with column:
            borderline = f" <span style='{_GREY}'>and {len(unsure)} borderline</span>" if unsure else ""
            st.html(
                f"<b><span style='color:{ROLE_COLOURS[role]}'>●</span> {escape(heading)} {len(sure)}</b>{borderline}"
            )
            if sure or unsure:
                st.dataframe(
                    _table(sides, sure, unsure, brief),
                    hide_index=True,
                    height=min(height, _HEAD + _ROW * (len(sure) + len(unsure))),
                    column_config=_columns(sides, names),
                )
            else:
                st.caption("None.")
    st.caption(f"{note} Left is {messages.plain(names[0])}, right is {messages.plain(names[1])}. {_explain(sides)}")


def _explain(sides: Sides) -> str:
    margin = "by more than noise" if noise_panel.known_movers(sides) else f"by {DEFAULT_MARGIN} or more"
    text = "the text of that side" if sides.has_two_texts else "the text"
    return (
        f"Gained: its similarity rose {margin}. Lost: it fell {margin}. Grey: it crossed the end of a list without "
        f"that, or {text} has it fewer than {count('time', least_seen())}."
    )


def _columns(sides: Sides, names: tuple[str, str]) -> dict[str, Any]:
    """Together as wide as a third of a page of 1280 pixels: with two counts every column is narrower."""
    word, similarity_width, rank = (80, 50, 46) if sides.has_two_texts else (100, 52, 50)
    one = "1 same direction, 0 unrelated."
    left, right = (messages.plain(name) for name in names)
    texts = [messages.plain(text) for text in sides.texts]
    number, similarity = st.column_config.NumberColumn, "Cosine similarity in"
    return {
        "Word": st.column_config.TextColumn(width=word),
        "Left": number(format="%.3f", width=similarity_width, help=f"{similarity} {left}: {one}"),
        "Right": number(format="%.3f", width=similarity_width, help=f"{similarity} {right}: {one}"),
        "# L": number(width=rank, help=f"Place among all neighbours in {left}; 1 is the nearest."),
        "# R": number(width=rank, help=f"Place among all neighbours in {right}; 1 is the nearest."),
        "Count": number(width=54, help="How often the text has it."),
        "n L": number(width=46, help=f"How often {texts[0]} has it."),
        "n R": number(width=46, help=f"How often {texts[1]} has it."),
    }


def _table(sides: Sides, sure: Sequence[NeighbourChange], unsure: Sequence[NeighbourChange], brief: bool) -> Any:
    found = [*sure, *unsure]
    columns: dict[str, Any] = {
        "Word": [f"{each.word} *" if each.new else each.word for each in found],
        "Left": [each.left_similarity for each in found],
        "Right": [each.right_similarity for each in found],
    }
    if not brief:
        columns |= {"# L": [each.left_rank for each in found], "# R": [each.right_rank for each in found]}
    if sides.has_two_texts:
        columns |= {"n L": [each.left_count for each in found], "n R": [each.right_count for each in found]}
    else:
        columns["Count"] = [each.right_count for each in found]
    frame = pd.DataFrame(columns)
    if not unsure:
        return frame
    styles = np.where(np.arange(len(found))[:, None] < len(sure), "", _GREY)
    greys = pd.DataFrame(np.repeat(styles, frame.shape[1], axis=1), frame.index, frame.columns)
    return frame.style.apply(lambda _: greys, axis=None)
