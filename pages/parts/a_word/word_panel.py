"""A word's page: search, neighbours left and right, sentences, and questions about several words."""

import streamlit as st

from core.comparison.neighbourhood import neighbour_words
from core.comparison.sensitivity import write_smallest_change
from core.comparison.table import MovedTable
from core.prose.numbers import count
from pages.parts.a_word import collocates, context, neighbours, questions, search
from pages.shared import guards, messages, navigation, near, noise_panel, presses, word_links
from pages.shared.cached import change_cache
from pages.shared.compared import Sides

_NEAREST_GAINS = 25
"""Of so many nearest neighbours, the gained ones are offered beside the word's own sentences."""


@guards.fragment()
def show(sides: Sides) -> None:
    """Everything about one word."""
    with messages.shown_here():
        word = search.choose(sides)
        if word is None:
            return
        _say_verdict(sides, word)
        neighbours.show(sides, word)
        context.show(sides, word, neighbour_words(near.find(sides), sides.index[word], _NEAREST_GAINS))
        collocates.show(sides, word)
        questions.show(sides, word)


def _say_verdict(sides: Sides, word: str) -> None:
    row = sides.index[word]
    table = change_cache.moved_table(noise_panel.current(sides))
    parts = [f"**{messages.plain(word)}** · {_count(sides, row)} "]
    if table.new[row]:
        parts.append("new: the vectors file lacks it, so it cannot have moved from there")
    else:
        parts += [f"change {table.change[row]:.3f}", _tell(table, row)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" · ".join(parts), width="content")
        label = "See it in “What changed”"
        if presses.button(
            label,
            about=word,
            type="tertiary",
            icon=":material/table_rows:",
            on_click=word_links.open_moved,
            args=(word,),
        ):
            navigation.go("what_changed")
    if table.movers is not None and table.shown[row] and not table.moved[row]:
        st.caption(write_smallest_change(table.movers, table.counts, row))


def _tell(table: MovedTable, row: int) -> str:
    if not table.candidates.content[row]:
        return "not judged, as numbers, single letters and function words are"
    if table.movers is None:
        return "not yet told from noise: see “What changed”"
    if table.moved[row]:
        return ":orange-badge[moved: more than noise]"
    return ":gray-badge[could be noise]" if table.shown[row] else "too rare to tell from noise"


def _count(sides: Sides, row: int) -> str:
    left, right = (int(counts[row]) for counts in sides.counts_on)
    if not sides.has_two_texts:
        return f"seen {count('time', right)}"
    names = [messages.plain(text) for text in sides.texts]
    return f"seen {count('time', left)} in {names[0]}, {count('time', right)} in {names[1]}"
