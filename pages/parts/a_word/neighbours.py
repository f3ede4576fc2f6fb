"""What a word kept, gained and lost: among the words of both models, or in the whole pretrained vocabulary."""

import numpy as np
import streamlit as st

from core.comparison.neighbourhood import changes_in_file, neighbour_changes
from pages.shared import index_panel, messages, near, noise_panel, vectors_file
from pages.shared.compared import Sides
from pages.shared.vectors_file import Source

_LEAST, _USUAL, _MOST = 5, 10, 100
_BOTH, _WHOLE = "Words of both models", "Whole vectors file"


def show(sides: Sides, word: str) -> None:
    """Choose where to look and how far, then three columns."""
    st.header(f"Neighbours of “{messages.plain(word)}”", anchor=False)
    source = vectors_file.find(sides)
    scope_box, slider_box, often_box = st.columns([4, 3, 2], vertical_alignment="bottom")
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
    with often_box:
        near.choose_least_seen()
    if scope == _WHOLE and source is not None:
        _show_whole(sides, word, topn, source)
        return
    row = sides.index[word]
    found = neighbour_changes(near.find(sides), row, topn)
    if not any(found):
        st.info(
            f"“{messages.plain(word)}” has an all-zero vector in one of the models, so it has no neighbours there.",
            icon=":material/info:",
        )
        return
    marks = " \\* marks words that the pretrained vectors do not have." if sides.covered.any() else ""
    note = f"The {topn:d} nearest of the {len(sides.comparison.words):,} words of both.{marks}"
    near.show_columns(sides, found, sides.names, note, brief=False)


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
    movers = noise_panel.known_movers(sides)
    noise = np.nan if movers is None else float(movers.floor[sides.index[word]])
    found = changes_in_file(index, word, first, second, topn, counts, noise)
    among = f"all {index.vocabulary:,} words of {messages.plain(file.name)}"
    note = f"The {topn:d} nearest of {among}, which stay where the file has them."
    near.show_columns(sides, found, (before, after), note, brief=False)
