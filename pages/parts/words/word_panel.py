"""A word's page: search, neighbours left and right, sentences, and questions about several words."""

import streamlit as st

from core.comparison.neighbourhood import neighbour_words
from core.prose.numbers import count
from pages.parts.words import context, neighbours, questions, search
from pages.shared import cached, guards, messages, near, noise_panel
from pages.shared.compared import Sides

TABS = ("A word", "What moved")
TABS_KEY = "words-tab"
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
        questions.show(sides, word)


def warn_of_faults(sides: Sides) -> None:
    """Name vectors that are all zeros or equal: what they say is not what it seems."""
    for model, name in zip(sides.models, sides.names, strict=True):
        for fault in cached.faults(model):
            st.warning(f"{messages.plain(name)}: {messages.plain(fault)}", icon=":material/warning:")


def _say_verdict(sides: Sides, word: str) -> None:
    row = sides.index[word]
    movers = noise_panel.known_movers(sides)
    change = (sides.comparison if movers is None else movers).change[row]
    parts = [f"**{messages.plain(word)}** · {_count(sides, row)} · change {change:.3f}"]
    if movers is None:
        parts.append("not yet told from noise: see “What moved”")
    elif movers.moved[row]:
        parts.append(":orange-badge[moved: more than noise]")
    elif movers.judged[row]:
        parts.append(":gray-badge[could be noise]")
    else:
        parts.append("too rare to tell from noise")
    st.markdown(" · ".join(parts))


def _count(sides: Sides, row: int) -> str:
    left, right = (int(counts[row]) for counts in sides.counts_on)
    if not sides.has_two_texts:
        return f"seen {count('time', right)}"
    names = [messages.plain(text) for text in sides.texts]
    return f"seen {count('time', left)} in {names[0]}, {count('time', right)} in {names[1]}"
