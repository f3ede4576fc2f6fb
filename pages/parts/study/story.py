"""A word's neighbours from text to text: who is near, who came, who went."""

from html import escape

import streamlit as st

from core.comparison.study.neighbours import TextNeighbours
from core.comparison.study.shown import ShownStudy
from core.prose.colours import EDGE, OTHER, ROLE_COLOURS
from core.prose.numbers import count
from pages.parts.study import pins
from pages.shared import messages, session
from pages.shared.cached import study_cache

_TOPN = 10
_GAINED = f"color-mix(in srgb, {ROLE_COLOURS['gained']} 72%, currentColor)"
_LOST = f"color-mix(in srgb, {ROLE_COLOURS['lost']} 85%, currentColor)"
"""On a dark page a little lighter, on a light one a little darker."""
_TABLE = "border-collapse:collapse;width:100%;min-width:42rem;font-size:.92rem"
_CELL = "padding:.35rem .8rem .35rem 0;vertical-align:top"


def show(shown: ShownStudy, chosen: tuple[str, ...]) -> None:
    """The table of one of the followed words, the last one if nothing else is said."""
    word = chosen[-1]
    st.header("Neighbours, text by text", anchor=False)
    if len(chosen) > 1:
        wanted = session.recall(pins.STORY)
        asked = st.segmented_control(
            "Word",
            [messages.plain(each) for each in chosen],
            default=messages.plain(wanted if wanted in chosen else word),
            required=True,
            key=f"study-story-{'-'.join(chosen)}",
            label_visibility="collapsed",
        )
        word = next(each for each in chosen if messages.plain(each) == asked)
        if word != (wanted or chosen[-1]):
            session.remember(pins.STORY, word)
    row = shown.row_of[word]
    told = study_cache.study_neighbours(shown, word)
    lines = "".join(_line(shown, row, place, each) for place, each in enumerate(told))
    names = {"Text": "left", "Seen": "right", "Change": "right"}
    names |= dict.fromkeys((f"The {_TOPN:d} nearest to “{word}”", "No longer near"), "left")
    head = "".join(
        f"<th style='{_CELL};text-align:{escape(side)};font-weight:500;color:{OTHER}'>{escape(name)}</th>"
        for name, side in names.items()
    )
    st.html(
        f"<div style='overflow-x:auto'><table style='{_TABLE}'>"
        f"<thead><tr style='border-bottom:1px solid {EDGE}'>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
    margin = "by more than noise" if shown.has_noise else "clearly"
    st.caption(
        "Among the words of each text that carry a meaning of their own and that it has five times or more. Bold: came "
        f"nearer since the text before, {margin}. No longer near: was among the nearest before, and went away so. What "
        f"merely crossed the end of a list is not marked. \\* The other text "
        f"has the word fewer than {count('time', shown.order.config.min_count)}."
    )


def _line(shown: ShownStudy, row: int, place: int, told: TextNeighbours) -> str:
    seen = int(shown.study.counts[place, row])
    change = "" if not place else f"{float(shown.kept.trajectories.from_previous[place - 1, row]):.2f}"
    near = ", ".join(_near(word, told) for word, _ in told.nearest) or escape("none")
    lost = ", ".join(_lost(word, told) for word in (*told.lost, *told.gone))
    return (
        f"<tr style='border-bottom:1px solid {EDGE}40'><td style='{_CELL};font-weight:600'>{escape(told.text)}</td>"
        f"<td style='{_CELL};text-align:right'>{seen:,}</td><td style='{_CELL};text-align:right'>{escape(change)}</td>"
        f"<td style='{_CELL}'>{near}</td><td style='{_CELL}'>{lost}</td></tr>"
    )


def _near(word: str, told: TextNeighbours) -> str:
    if word in told.gained or word in told.new:
        star = " *" if word in told.new else ""
        return f"<b style='color:{_GAINED}'><bdi>{escape(word)}</bdi>{star}</b>"
    return f"<bdi>{escape(word)}</bdi>"


def _lost(word: str, told: TextNeighbours) -> str:
    star = " *" if word in told.gone else ""
    return f"<span style='color:{_LOST}'><bdi>{escape(word)}</bdi>{star}</span>"
