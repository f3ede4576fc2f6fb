"""One text becomes several: by label, by a piece of the file names, by years, or as documents are picked."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.opened import Text
from core.text.proposed_parts import (
    Proposal,
    ProposedPart,
    check_parts,
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
from pages.shared import cached, messages, session

_MOST_PARTS, _TICKED, _PICKABLE = 40, 12, 2_000
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
        if named.choice.part is not None:
            st.caption("This is a part of a text. Use the whole text to split that otherwise.")
            return
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
    names, labels = text.corpus.document_names[:_PICKABLE], text.corpus.labels[:_PICKABLE]
    if any(labels) or text.reading.tables:
        return _BY_LABEL
    if _BY_NAME in ways and guess_pattern(names):
        return _BY_NAME
    years = years_of(zip(names, labels, strict=True))
    return _BY_YEAR if len(set(years[years > 0].tolist())) > 1 else _BY_HAND


def _propose(text: Text, named: NamedText, way: str) -> tuple[TextChoice, Proposal] | None:
    """How the whole is read, and the parts; None while something is missing.

    Raises:
        CorpusError: it cannot be split so.
    """
    if way == _BY_HAND:
        return named.choice, propose_picked(text.corpus, picked) if (picked := _pick(text.corpus)) else _nothing()
    choice = named.choice
    if way == _BY_NAME:
        choice = replace(choice, reading=replace(choice.reading, label_pattern=_ask_pattern(text.corpus, named)))
    elif text.reading.tables:
        column = _ask_column(text, named, way)
        if column is None and way == _BY_LABEL:
            return None
        choice = replace(choice, reading=replace(choice.reading, label_column=column))
    corpus = text.corpus if choice == named.choice else replace(cached.text(choice).corpus, name=named.name)
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
    """Names of the documents that were ticked."""
    if corpus.n_documents > _PICKABLE:
        raise CorpusError(
            f"“{corpus.name}” has {corpus.n_documents:,} documents; up to {_PICKABLE:,} can be picked from. Split it "
            "by label or years, or make a document of each file under “How it was read”."
        )
    lengths = [end - start for start, end in zip(corpus.document_starts, corpus.document_starts[1:], strict=False)]
    table = pd.DataFrame({"Document": corpus.document_names, "Tokens": lengths})
    answer = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"split-picked-{corpus.digest}",
        placeholder="",
        height=300,
        column_config={"Tokens": st.column_config.NumberColumn(format="localized")},
    )
    rows = [row for row in answer["selection"]["rows"] if row < corpus.n_documents]
    if not rows:
        st.caption("Tick documents: they become one text, all others a second one.")
    return [corpus.document_names[row] for row in sorted(rows)]


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
    if st.button(label, type="primary", icon=":material/call_split:", key="split-now"):
        _split(whole, [(str(edited["Name"][place]), parts[place]) for place in rows])


def _name_parts(named: NamedText, whole: TextChoice, parts: Sequence[ProposedPart]) -> list[str]:
    names = [join_names(named.name, each.name) for each in parts]
    if len(parts) == 2 and whole == named.choice and parts[1].part.documents and parts[0].part.documents:
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
