"""Which texts, in which order, and how all their models are made."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.comparison.study.store import StudyOrder, StudySource
from core.comparison.study.texts import FEWEST_TEXTS, MOST_TEXTS, shorten_names, study_config
from core.config import MIN_COUNT, SEED
from core.methods import METHODS
from core.models.runs import keep_corpus, rows_folder_of
from core.prose.numbers import count
from core.system.entries import is_here
from core.text.corpus import Corpus
from core.workspace.workspace import NamedText
from pages.shared import guards, inputs, messages, navigation, session
from pages.shared.cached import text_cache

_PICKED = "study-texts"
_USUAL_SEED = 1
_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for: the texts, and what a job is told."""

    texts: tuple[NamedText, ...]
    order: StudyOrder


def choose() -> Asked | None:
    """Draw the form; None, with the next action on the page, while there is nothing to study.

    Raises:
        CorpusError: a text has no word, or is no longer kept.
        PretrainedError: the vectors file cannot be used.
    """
    there = inputs.texts()
    if len(there) < FEWEST_TEXTS:
        have = f"There is one, “{messages.plain(there[0].name)}”. " if there else ""
        st.info(
            f"A study needs two to {MOST_TEXTS} texts. {have}On the Data page a text can be split by label, by year or "
            "into periods, and more texts can be uploaded.",
            icon=":material/info:",
        )
        navigation.offer("data", "Go to the Data page")
        return None
    chosen = _chosen(there)
    st.markdown(_summary(chosen))
    # A label that changed would make it another one, which is closed again.
    with st.expander("Texts and settings", expanded=not session.workspace().study.runs, icon=":material/tune:"):
        _pick(there, chosen)
        _arrange(chosen)
        strategy, changes = _ask_settings()
    if len(chosen) < FEWEST_TEXTS:
        st.info("Choose at least two texts.", icon=":material/arrow_upward:")
        return None
    if METHODS[strategy].needs_vectors and inputs.wait_for_vectors():
        return None
    if METHODS[strategy].needs_vectors and inputs.chosen_file() is None:
        st.info(
            "No vectors are chosen. All models of a study start from the same file of pretrained vectors.",
            icon=":material/info:",
        )
        navigation.offer("data", "Choose vectors")
        return None
    return Asked(chosen, _order(chosen, strategy, changes))


def _summary(chosen: tuple[NamedText, ...]) -> str:
    names = [messages.plain(text.name) for text in chosen]
    shown = ", ".join(names if len(names) <= 4 else [*names[:2], "…", names[-1]])
    return f"**{count('text', len(names))}:** {shown}" if names else "**No text** is chosen."


def _chosen(there: tuple[NamedText, ...]) -> tuple[NamedText, ...]:
    wanted, by_id = session.workspace().study.texts, {text.id: text for text in there}
    found = tuple(by_id[each] for each in wanted or () if each in by_id)
    return found if wanted is not None else _propose(there)


def _propose(there: tuple[NamedText, ...]) -> tuple[NamedText, ...]:
    """The parts of the text that was split last; else all texts."""
    last = next((text for text in reversed(there) if text.choice.part is not None), None)
    parts = [text for text in there if last is not None and text.choice.part is not None
             and text.choice.upload == last.choice.upload]  # fmt: skip
    return tuple((parts if len(parts) >= FEWEST_TEXTS else there)[:MOST_TEXTS])


def _pick(there: tuple[NamedText, ...], chosen: tuple[NamedText, ...]) -> None:
    names = {text.id: text.name for text in there}
    ids = [text.id for text in chosen]
    if session.has_widget(_PICKED) and list(session.widget(_PICKED)) != ids:
        session.set_widget(_PICKED, ids)
    st.multiselect(
        "Texts, in the order of the study",
        list(names),
        default=None if session.has_widget(_PICKED) else ids,
        format_func=names.__getitem__,
        key=_PICKED,
        max_selections=MOST_TEXTS,
        on_change=_keep_picked,
        help="Two to twelve. Each is compared with the one before it, and with the first.",
    )


@guards.callback
def _keep_picked() -> None:
    _keep(tuple(session.widget(_PICKED)))


def _keep(ids: tuple[str, ...]) -> None:
    session.update(study=replace(session.workspace().study, texts=ids))


def _arrange(chosen: tuple[NamedText, ...]) -> None:
    """The texts row by row, each with a way to go before the one on its left or after the one on its right."""
    for begin in range(0, len(chosen), _IN_A_ROW):
        for column, place in zip(st.columns(_IN_A_ROW), range(begin, len(chosen)), strict=False):
            with column.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                _draw_move(chosen, place, place - 1, "arrow_back", "Earlier")
                _draw_move(chosen, place, place + 1, "arrow_forward", "Later")
                st.markdown(f"{place + 1:d}. {messages.plain(chosen[place].name)}", width="content")
                tokens = _count_tokens(chosen[place])
                if tokens:
                    st.caption(f"{tokens:,} tokens", width="content")


def _count_tokens(text: NamedText) -> int:
    """0 where it has to be read again first."""
    with messages.kept_back():
        return text_cache.text_size(text.choice).tokens
    return 0


def _draw_move(chosen: tuple[NamedText, ...], place: int, to: int, icon: str, label: str) -> None:
    """An arrow; what is written on it is heard and not seen (style.css)."""
    ids = tuple(text.id for text in chosen)
    st.button(
        messages.plain(f"Move {chosen[place].name} {label.lower()}"),
        icon=f":material/{icon}:",
        key=f"study-move-{label.lower()}-{place}",
        type="tertiary",
        help=label,
        disabled=not 0 <= to < len(ids),
        on_click=_keep_moved,
        args=(ids, place, to),
    )


@guards.callback
def _keep_moved(ids: tuple[str, ...], place: int, to: int) -> None:
    moved = list(ids)
    moved.insert(to, moved.pop(place))
    _keep(tuple(moved))
    session.set_widget(_PICKED, moved)


def _ask_settings() -> tuple[str, dict[str, Any]]:
    """The strategy of all models, and what is not usual about them."""
    usable = [name for name, method in METHODS.items() if method.from_text]
    kept = session.workspace().study.strategy
    way, rarest, seed = st.columns([3, 1, 1])
    strategy = way.selectbox(
        "How all models are made",
        usable,
        index=usable.index(kept if kept in usable else usable[0]),
        format_func=lambda name: METHODS[name].name,
        help="One way and one set of settings for all texts: else words would differ by how their models were made.",
    )
    least = rarest.number_input(
        "Minimum count",
        int(MIN_COUNT.minimum),
        int(MIN_COUNT.maximum),
        None,
        key="study-min-count",
        placeholder="automatic",
        help="Rarer words are in no model. Automatic is what fits the smallest of the texts.",
        persist_state="session",
    )
    number = seed.number_input(
        "Seed",
        int(SEED.minimum),
        int(SEED.maximum),
        None if session.has_widget("study-seed") else _USUAL_SEED,
        key="study-seed",
        persist_state="session",
    )
    if strategy != kept:
        session.update(study=replace(session.workspace().study, strategy=strategy))
    return strategy, {
        "seed": _USUAL_SEED if number is None else int(number),
        **({} if least is None else {"min_count": int(least)}),
    }


def _order(chosen: tuple[NamedText, ...], strategy: str, changes: dict[str, Any]) -> StudyOrder:
    """What a job is told; kept in the session, since finding it out takes all texts and the vectors of their words."""
    workspace = session.workspace()
    path = workspace.vectors if METHODS[strategy].needs_vectors else None
    changed = path.stat().st_mtime_ns if path is not None and is_here(path) else 0
    named = tuple((text.name, text.choice.key) for text in chosen)
    key = named, strategy, tuple(sorted(changes.items())), path, workspace.member, changed
    known = session.recall("study-order")
    if known is not None and known[0] == key:
        order: StudyOrder = known[1]
        return order
    sources: list[StudySource] = []
    corpora: list[Corpus] = []
    sized = dict(changes)
    names = dict(zip([text.id for text in chosen], shorten_names([text.name for text in chosen]), strict=True))
    for text in chosen:
        read = inputs.read_text(text)
        vectors = inputs.current_vectors(read) if path is not None else None
        if vectors is not None:
            sized["vector_size"] = vectors.vector_size
        rows = None if vectors is None else rows_folder_of(vectors, read.corpus)
        sources.append(StudySource(names[text.id], keep_corpus(read.corpus), rows))
        corpora.append(read.corpus)
    order = StudyOrder(tuple(sources), study_config(strategy, corpora, **sized))
    session.remember("study-order", (key, order))
    return order
