"""One text becomes several: by label, by a piece of the file names, by years, or as documents are picked."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.opened import Text
from core.text.part import LabelSource
from core.text.proposed_parts import (
    Proposal,
    ProposedPart,
    check_parts,
    find_named,
    largest_parts,
    propose_by_label,
    propose_by_periods,
    propose_picked,
    read_periods,
    write_periods,
)
from core.text.reading.name_labels import LABEL, check_pattern, guess_pattern
from core.text.reading.text_names import shorten
from core.text.reading.years import years_of
from core.workspace.named_texts import add_parts, join_names
from core.workspace.room import check_kept
from core.workspace.texts import TextChoice
from core.workspace.workspace import NamedText
from pages.shared import messages, presses, session
from pages.shared.cached import text_cache

_MOST_PARTS, _TICKED, _LOOKED_AT, _LISTED = 40, 12, 2_000, 500
_TOKEN_BYTES = 8
"""Of a token of a kept text, with its share of words and documents."""
_BY_LABEL, _BY_NAME, _BY_YEAR, _BY_HAND = "Label", "File name", "Years", "Picked documents"


def show(text: Text, named: NamedText) -> None:
    """Draw it for the text in use, where it has several documents."""
    if text.corpus.n_documents < 2:
        return
    box = st.expander(
        "Split it into several texts",
        icon=":material/call_split:",
        key=f"split-open-{len(session.workspace().texts)}",
        on_change="rerun",
    )
    if not box.open:  # what documents are told by is looked at when somebody asks
        return
    with box:
        ways = _ways(text)
        usual = _usual_way(text, ways)
        way = st.segmented_control(
            "Documents go together by", ways, default=usual, required=True, key=f"split-{named.id}"
        )
        with messages.shown_here():
            found = _propose(text, named, way or usual)
            if found is not None:
                _choose(named, *found)


def _ways(text: Text) -> list[str]:
    labelled = bool(text.reading.tables) or any(text.corpus.labels)
    return [*([_BY_LABEL] if labelled else []), *([] if text.reading.tables else [_BY_NAME]), _BY_YEAR, _BY_HAND]


def _usual_way(text: Text, ways: Sequence[str]) -> str:
    """The first that finds anything, by the beginning of the text."""
    names, labels = text.corpus.document_names[:_LOOKED_AT], text.corpus.labels[:_LOOKED_AT]
    same = len(set(labels)) < 2  # as those of a part are that was told by its label
    if text.reading.tables if same else any(labels):
        return _BY_LABEL
    if _BY_NAME in ways and guess_pattern(names):
        return _BY_NAME
    years = years_of(zip(names, labels, strict=True))
    return _BY_YEAR if len(set(years[years > 0].tolist())) > 1 else _BY_HAND


def _propose(text: Text, named: NamedText, way: str) -> tuple[TextChoice, Proposal] | None:
    """The text that is split, read with the labels that tell its parts, and these; None while something is missing.

    Raises:
        CorpusError: it cannot be split so.
    """
    if way == _BY_HAND:
        return named.choice, propose_picked(text.corpus, picked) if (picked := _pick(text.corpus)) else _nothing()
    choice = named.choice
    if way == _BY_NAME:
        by = LabelSource(column=choice.reading.label_column, pattern=_ask_pattern(text.corpus, named))
        choice = choice.relabelled(by)
    elif text.reading.tables:
        column = _ask_column(text, named, way)
        if column is None and way == _BY_LABEL:
            return None
        choice = choice.relabelled(LabelSource(column=column, pattern=choice.reading.label_pattern))
    corpus = text.corpus if choice == named.choice else replace(text_cache.text(choice).corpus, name=named.name)
    if way == _BY_NAME and not any(corpus.labels):
        raise CorpusError(
            f"No name fits “{choice.reading.label_pattern}”. Put {LABEL} where the label is, and * for anything else."
        )
    if way != _BY_YEAR:
        return choice, propose_by_label(corpus)
    written = st.text_input(
        "A new part begins in",
        write_periods(corpus),
        key=f"split-years-{corpus.digest}",
        help="Years, such as 1850, 1900; or the parts themselves, such as 1790-1899, 1900-2018. The year of a document "
        "is the first number of four digits in its label, or else in its name.",
    )
    return choice, propose_by_periods(corpus, read_periods(written, corpus))


def _nothing() -> Proposal:
    return Proposal((), 0)


def _ask_pattern(corpus: Corpus, named: NamedText) -> str:
    guessed = named.choice.reading.label_pattern or guess_pattern(corpus.document_names) or f"{LABEL}-*"
    written = st.text_input(
        "Where the label is in a file's name",
        guessed,
        key=f"split-pattern-{named.id}",
        help=f"{LABEL} stands for the label, * for anything: {LABEL}-* takes “poe” of poe-1841.txt, {LABEL}/* the "
        "folder.",
    ).strip()
    check_pattern(written)
    st.caption(messages.plain(f"Names are like “{corpus.document_names[0]}”."))
    return written


def _ask_column(text: Text, named: NamedText, way: str) -> str | None:
    table = next(iter(text.reading.tables.values()))
    offered: list[str | None] = [column for column in table.columns if column != table.text_column]
    before = named.choice.reading.label_column or table.label_column
    if named.choice.part is not None and len(set(text.corpus.labels)) < 2:  # the label that told this part
        before = None
    if way == _BY_YEAR:
        dated = [column for column in offered if column and any(part in column.lower() for part in ("year", "date"))]
        before = dated[0] if dated else None
    chosen: str | None = st.selectbox(
        "Column with the dates" if way == _BY_YEAR else "Column",
        [None, *offered],
        index=offered.index(before) + 1 if before in offered else 0,
        format_func=lambda each: "Choose a column" if each is None else str(each),
        key=f"split-column-{way}-{named.id}",
    )
    return named.choice.reading.label_column if chosen is None and way == _BY_YEAR else chosen


def _pick(corpus: Corpus) -> Sequence[str]:
    """Names of the documents that were ticked, in this search or in others before it."""
    names, about = corpus.document_names, f"split-picked-{corpus.digest}"
    query = st.text_input(
        "Find documents",
        key=f"{about}-query",
        placeholder="Part of a name; * stands for anything",
        icon=":material/search:",
    ).strip()
    found = find_named(names, query).tolist()
    picked, times = session.recall(about, (frozenset[int](), 0))
    rows = found[:_LISTED]
    ticked = _tick(corpus, rows, picked, f"{about}-{query}-{times}")
    picked = picked.difference(rows) | ticked
    session.remember(about, (picked, times))
    _say_picked(len(found), len(picked), len(ticked))
    buttons = st.container(horizontal=True)
    every = f"Tick all {len(found):,} found" if query else f"Tick all {len(found):,}"
    for label, usable, wanted in (
        (every, len(picked.union(found)) > len(picked), picked.union(found)),
        ("Untick all", bool(picked), frozenset[int]()),
    ):
        if presses.button(label, place=buttons, about=query, disabled=not usable, key=f"{about}-{label.split()[0]}"):
            session.remember(about, (wanted, times + 1))
            st.rerun()
    return [names[place] for place in sorted(picked)]


def _tick(corpus: Corpus, rows: Sequence[int], picked: frozenset[int], key: str) -> frozenset[int]:
    """Draw these documents, the ones in `picked` ticked at first; gives those that are ticked now."""
    first = session.recall(key)
    if first is None:  # what a table begins with must stay while it is shown
        first = [row for row, place in enumerate(rows) if place in picked]
        session.remember(key, first)
    lengths = np.diff(corpus.document_starts)
    answer = st.dataframe(
        pd.DataFrame({"Document": [corpus.document_names[place] for place in rows], "Tokens": lengths[rows]}),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": first}},
        key=key,
        placeholder="",
        height=300,
        column_config={"Tokens": st.column_config.NumberColumn(format="localized")},
    )
    return frozenset(rows[row] for row in answer["selection"]["rows"] if row < len(rows))


def _say_picked(found: int, picked: int, listed: int) -> None:
    said = [f"{count('document', picked)} ticked"] if picked else []
    if picked > listed:
        said.append(f"{picked - listed:,} of them not in this list")
    if found > _LISTED:
        said.append(f"the first {_LISTED:,} of {found:,} are listed, search for others")
    advice = "Tick documents: they become one text, all others a second one." if not picked else ""
    st.caption(" ".join([*([f"{'; '.join(said).capitalize()}."] if said else []), advice]).strip())


def _choose(named: NamedText, whole: TextChoice, proposal: Proposal) -> None:
    """The parts as a table in which names and ticks can be changed, and the button that makes them texts.

    Raises:
        CorpusError: those that are ticked cannot be texts.
    """
    if not proposal.parts:
        return
    parts, ticked = proposal.parts, largest_parts(proposal.parts, _TICKED)
    table = pd.DataFrame(
        {
            "Take": [place in ticked for place in range(len(parts))],
            "Name": _name_parts(named, whole, parts),
            "Documents": [each.documents for each in parts],
            "Tokens": [each.tokens for each in parts],
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=["Documents", "Tokens"],
        key=f"split-parts-{whole.key}-{hash(parts)}",
        height=min(35 * len(parts) + 38, 330),
        column_config={
            "Take": st.column_config.CheckboxColumn(width="small"),
            "Name": st.column_config.TextColumn(width="medium", help="Double-click to change it."),
            "Documents": st.column_config.NumberColumn(format="localized"),
            "Tokens": st.column_config.NumberColumn(format="localized"),
        },
    )
    _remark(proposal, len(ticked))
    rows = [place for place, take in enumerate(edited["Take"]) if take]
    check_parts([parts[place] for place in rows], _MOST_PARTS)
    label = "Make 1 text" if len(rows) == 1 else f"Make {len(rows)} texts"
    if presses.button(label, about=whole.key, type="primary", icon=":material/call_split:", key="split-now"):
        _split(whole, [(str(edited["Name"][place]), parts[place]) for place in rows])


def _name_parts(named: NamedText, whole: TextChoice, parts: Sequence[ProposedPart]) -> list[str]:
    names = [join_names(named.name, each.name) for each in parts]
    if parts[-1].part.others:
        names = [shorten(f"{named.name} picked"), shorten(f"{named.name} others")]
    return names


def _remark(proposal: Proposal, ticked: int) -> None:
    empty = [each.name for each in proposal.parts if not each.documents]
    if empty:
        listed = ", ".join(f"“{name}”" for name in empty[:3]) + (" …" if len(empty) > 3 else "")
        st.caption(messages.plain(f"No document is in {listed}: no text comes of it."))
    if len(proposal.parts) - len(empty) > ticked:
        st.caption(f"There are {len(proposal.parts):,} parts; the {ticked} with the most tokens are ticked.")
    if proposal.left_out:
        st.caption(f"{count('document', proposal.left_out)} in none of these parts: no label or year was found there.")


def _split(whole: TextChoice, parts: Sequence[tuple[str, ProposedPart]]) -> None:
    check_kept(session.visitor(), session.workspace(), _TOKEN_BYTES * sum(part.tokens for _, part in parts))
    session.put(add_parts(session.workspace(), whole, [(name, each.part) for name, each in parts]))
    st.rerun()
