"""What a word kept, gained and lost: among the words of both models, or in the whole pretrained vocabulary."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.neighbourhood import NeighbourChange, NeighbourChanges, changes_in_file, neighbour_changes
from core.prose.colours import ROLE_COLOURS, Role
from pages.shared import index_panel, messages, vectors_file
from pages.shared.compared import Sides
from pages.shared.vectors_file import Source

_LEAST, _USUAL, _MOST = 5, 10, 100
_BOTH, _WHOLE = "Words of both models", "Whole vectors file"
_ROW, _HEAD, _SHOWN = 35, 38, 10


def show(sides: Sides, word: str) -> None:
    """Choose where to look and how far, then three columns."""
    st.subheader(f"Neighbours of “{messages.plain(word)}”", anchor=False)
    source = vectors_file.find(sides)
    scope_box, slider_box = st.columns([3, 2], vertical_alignment="bottom")
    scope = _BOTH
    if source is not None:
        scope = scope_box.segmented_control(
            "Neighbours among",
            [_BOTH, _WHOLE],
            default=_BOTH,
            required=True,
            key="neighbour-scope",
            help=f"The text's own words, or all words of {messages.plain(source.file.name)}, most of which your text "
            "does not have.",
            persist_state="session",
        )
    most = min(_MOST, len(sides.comparison.words) - 1)
    topn = most
    if most > _LEAST:
        topn = slider_box.slider(
            "How many neighbours", _LEAST, most, min(_USUAL, most), key=f"topn-{most}", persist_state="session"
        )
    if scope == _WHOLE and source is not None:
        _show_whole(sides, word, topn, source)
        return
    row = sides.index[word]
    found = neighbour_changes(sides.comparison, sides.left, sides.right, row, topn)
    if not any(found):
        st.info(
            f"“{messages.plain(word)}” has an all-zero vector in one of the models, so it has no neighbours there.",
            icon=":material/info:",
        )
        return
    marks = " \\* marks words that the pretrained vectors do not have." if sides.covered.any() else ""
    _show_columns(
        found, sides.names, f"The {topn:d} nearest of the {len(sides.comparison.words):,} words of both.{marks}"
    )


def _show_whole(sides: Sides, word: str, topn: int, source: Source) -> None:
    file, index = source.file, source.whole
    if index is None:
        st.info(
            f"The whole vocabulary of {messages.plain(file.name)} needs an index, which is built once.",
            icon=":material/bolt:",
        )
        index_panel.offer(file)
        return
    places = []
    for name, embedding in zip(sides.names, (sides.left, sides.right), strict=True):
        about = embedding.sources.pretrained
        if about is not None and about.digest == index.digest:
            places.append((name, np.asarray(embedding.vectors[embedding.words.index(word)])))
    (own,) = index.rows_for([word]).tolist()
    if len(places) == 1 and own >= 0:
        places.insert(0, (file.name, np.asarray(index.vectors[own])))
    places = [(name, vector) for name, vector in places if vector.any()]
    if len(places) < 2:
        st.info(
            f"“{messages.plain(word)}” is not in {messages.plain(file.name)}, and only one of these models lives in "
            "its space. Choose two models that start from it.",
            icon=":material/info:",
        )
        return
    (before, first), (after, second) = places
    counts = dict(zip(sides.right.words, sides.right.counts.tolist(), strict=True))
    found = changes_in_file(index, word, first, second, topn, counts)
    among = f"all {index.vocabulary:,} words of {messages.plain(file.name)}"
    note = f"The {topn:d} nearest of {among}, which stay where the file has them."
    _show_columns(found, (before, after), note)


def _show_columns(found: NeighbourChanges, names: tuple[str, str], note: str) -> None:
    groups: list[tuple[Role, str, Sequence[NeighbourChange]]] = [
        ("kept", "Kept", found.kept),
        ("gained", "Gained", found.gained),
        ("lost", "Lost", found.lost),
    ]
    longest = max(len(each) for _, _, each in groups)
    height = _HEAD + _ROW * min(longest, _SHOWN)
    for column, (role, heading, neighbours) in zip(st.columns(3, gap="small"), groups, strict=True):
        with column:
            st.html(f"<b><span style='color:{ROLE_COLOURS[role]}'>●</span> {escape(heading)} {len(neighbours)}</b>")
            if neighbours:
                st.dataframe(
                    _table(neighbours),
                    hide_index=True,
                    height=min(height, _HEAD + _ROW * len(neighbours)),
                    column_config=_columns(names),
                )
            else:
                st.caption("None.")
    st.caption(f"{note} Left is {messages.plain(names[0])}, right is {messages.plain(names[1])}.")


def _columns(names: tuple[str, str]) -> dict[str, Any]:
    """Together as wide as a third of a page of 1280 pixels."""
    left, right = (messages.plain(name) for name in names)
    number, similarity = st.column_config.NumberColumn, "Cosine similarity in"
    return {
        "Word": st.column_config.TextColumn(width=100),
        "Left": number(format="%.3f", width=52, help=f"{similarity} {left}: 1 same direction, 0 unrelated."),
        "Right": number(format="%.3f", width=52, help=f"{similarity} {right}: 1 same direction, 0 unrelated."),
        "# L": number(width=50, help=f"Place among all neighbours in {left}; 1 is the nearest."),
        "# R": number(width=50, help=f"Place among all neighbours in {right}; 1 is the nearest."),
        "Count": number(width=54, help="How often the text has it."),
    }


def _table(found: Sequence[NeighbourChange]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Word": [f"{each.word} *" if each.new else each.word for each in found],
            "Left": [each.left_similarity for each in found],
            "Right": [each.right_similarity for each in found],
            "# L": [each.left_rank for each in found],
            "# R": [each.right_rank for each in found],
            "Count": [each.right_count for each in found],
        }
    )
