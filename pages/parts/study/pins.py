"""Which words are followed: those that are pinned in this workspace, as far as all texts have them."""

import streamlit as st

from core.comparison.study.figures import MOST_LINES
from core.comparison.study.shown import ShownStudy
from core.prose.colours import KIND_COLOURS
from core.prose.numbers import count
from core.text.spelling import did_you_mean, resolve_word
from pages.shared import guards, messages, session
from pages.shared.cached import study_cache

_FIND = "study-find"
_PROPOSED = 3
STORY = "study-story"
"""Where the session keeps whose neighbours were asked for."""


def choose(shown: ShownStudy) -> tuple[str, ...]:
    """Draw the search field and the pinned words; gives those that are followed, the last one pinned last."""
    session.remember("study-words", shown.row_of)
    pinned = [word for word in session.workspace().pins if word in shown.row_of]
    chosen = pinned[-MOST_LINES:]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text_input(
            "Follow a word",
            key=_FIND,
            placeholder="Follow a word: type it and press Enter",
            icon=":material/search:",
            on_change=_pin_typed,
            width=320,
            label_visibility="collapsed",
        )
        for word in chosen:
            st.button(
                messages.plain(word),
                key=f"study-unpin-{word}",
                icon=":material/close:",
                on_click=_unpin,
                args=(word,),
                help="Follow it no longer.",
            )
        if not chosen:
            _propose(shown)
    missing = session.recall("study-missing")
    with st.container():
        if missing and missing not in shown.row_of:
            st.warning(messages.plain(_why_missing(shown, missing)), icon=":material/search_off:")
        if len(pinned) > len(chosen):
            st.caption(f"Of {len(pinned):,} pinned words the last {MOST_LINES:d} are followed.")
    return tuple(chosen)


def colour_of(place: int) -> str:
    """Of the followed word at that place, on the map and in the lines."""
    return KIND_COLOURS[place]


def pin(*words: str) -> None:
    """Follow these words too; the last one's neighbours are shown."""
    session.remember("study-missing", None)
    session.remember(STORY, None)
    session.pin(*words)


def _propose(shown: ShownStudy) -> None:
    table = study_cache.study_table(shown)
    top = [shown.study.words[row] for row in table.rows[:_PROPOSED].tolist()]
    if top:
        words = ", ".join(messages.plain(word) for word in top)
        st.button(f"Follow {words}", icon=":material/add:", on_click=_pin_all, args=(tuple(top),), key="study-propose")


@guards.callback
def _pin_all(words: tuple[str, ...]) -> None:
    pin(*words)


@guards.callback
def _pin_typed() -> None:
    typed = session.widget(_FIND).strip()
    session.set_widget(_FIND, "")
    known = session.recall("study-words", {})
    found = resolve_word(typed, known)
    if found:
        pin(found)
    else:
        session.remember("study-missing", typed)


@guards.callback
def _unpin(word: str) -> None:
    session.update(pins=tuple(each for each in session.workspace().pins if each != word))


def _why_missing(shown: ShownStudy, word: str) -> str:
    models = zip(shown.order.names, shown.study.models, strict=True)
    lacking = [name for name, model in models if word not in model.words]
    where = ", ".join(f"“{name}”" for name in lacking[:3]) + (" …" if len(lacking) > 3 else "")
    least = shown.order.config.min_count
    times = f"fewer than {count('time', least)}" if least > 1 else "not at all"
    advice = did_you_mean(word, shown.study.words, 5)
    return f"“{word}” cannot be followed: {where} has it {times}. {advice}".rstrip()
