"""What is in the text at a glance: its size, files with problems, what to know before training on it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.config import usual_min_count
from core.models.estimates import estimate_bytes
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.prose.numbers import count, readable_seconds, readable_size
from core.text.hints import find_hints, find_likelier_column
from core.text.opened import Text
from core.text.reading.uploads import Problem
from core.workspace.asked_runs import configs_of
from core.workspace.recommendation import say_line_ends
from pages.parts.data import text_panel, vectors_panel
from pages.shared import messages, presses
from pages.shared.cached import text_cache
from pages.shared.steps import training

_FEW = 2


def summarise(text: Text) -> None:
    """How it was read, four numbers, and what is wrong with single files."""
    corpus, reading = text.corpus, text.reading
    how = "guessed" if reading.guessed else "chosen"
    unit = "row" if reading.tables and reading.unit == "line" else reading.unit
    encodings = sorted(set(reading.encodings.values()))
    read_as = f" · read as {messages.plain(', '.join(encodings))}" if encodings else ""
    st.caption(f"One document per {messages.plain(unit)} ({how}){_say_columns(text)}{read_as}")
    least = usual_min_count(corpus.n_tokens)
    vocabulary = corpus.vocabulary_size(least)
    numbers = [
        ("Documents", f"{corpus.n_documents:,}", None),
        ("Sentences", f"{corpus.n_sentences:,}", None),
        ("Tokens", f"{corpus.n_tokens:,}", explain("token")),
        ("Vocabulary", f"{len(corpus.words):,}", f"Different words; {vocabulary:,} occur at least {least:d} times."),
    ]
    boxes = st.container(key="text-numbers").columns(4)
    for box, (name, value, help_text) in zip(boxes, numbers, strict=True):
        box.metric(name, value, help=help_text)
    _list_problems(reading.problems)


def _say_columns(text: Text) -> str:
    """Which columns of its tables the text and its labels are; nothing where they differ from table to table."""
    tables = text.reading.tables.values()
    said = ""
    for what, columns in (
        ("text", {table.text_column for table in tables}),
        ("labels", {table.label_column for table in tables} if any(text.corpus.labels) else set()),
    ):
        if len(columns) == 1 and (column := columns.pop()) is not None:
            said += f" · {what} from column “{messages.plain(column)}”"
    return said


def _list_problems(problems: Sequence[Problem]) -> None:
    left_out = [problem for problem in problems if not problem.used]
    remarks = [problem for problem in problems if problem.used]
    for found, title, icon in (
        (left_out, "left out", ":material/warning:"),
        (remarks, "read, with a remark", ":material/info:"),
    ):
        if len(found) <= _FEW:
            for problem in found:
                show = st.warning if found is left_out else st.info
                show(f"{'Left out: ' if found is left_out else ''}{messages.plain(problem.sentence)}", icon=icon)
        else:
            files = len({problem.file for problem in found})
            named = f"{files:,} files were {title}" if files > 1 else f"1 file was {title}"
            with st.expander(named, icon=icon, expanded=found is left_out or files == 1):
                st.dataframe(
                    pd.DataFrame(
                        [(each.file, each.message) for each in found],
                        columns=["File", "What is wrong" if found is left_out else "What was done"],
                    ),
                    hide_index=True,
                    height=220,
                )


def advise(text: Text, vectors: PretrainedVectors | None) -> None:
    """What to know before training, and the change that would raise coverage, with a button that makes it."""
    corpus = text.corpus
    covered = None if vectors is None else float(text_cache.word_fates(corpus, vectors, 1).token_coverage)
    found = None if vectors is None else vectors_panel.recommendation(text)
    likelier = find_likelier_column(text)
    if likelier is not None and _offer(likelier[1], "apply-column"):
        with messages.shown_here():
            text_panel.adopt_column(likelier[0])
            st.rerun()
    for hint in find_hints(text, covered, None if found is None else found.then):
        show = st.warning if hint.level == "warning" else st.info
        more = f" See {hint.place} below." if hint.place else ""
        show(f"{hint.text}{more}", icon=f":material/{hint.level}:")
    if found is not None and _offer(found.sentence, "apply-recommendation"):
        with messages.shown_here():
            text_panel.adopt_tokenising(found.options)
            st.rerun()
    words = () if vectors is None else vectors_panel.line_ends(text)
    if words and _offer(say_line_ends(words), "apply-line-ends"):
        with messages.shown_here():
            text_panel.adopt_line_ends(words)
            st.rerun()


def _offer(sentence: str, key: str) -> bool:
    """Draw a recommendation; whether its button was pressed."""
    said, button = st.columns([4, 1], vertical_alignment="center")
    said.info(messages.plain(sentence), icon=":material/lightbulb:")
    return presses.button("Do that", place=button, about=sentence, icon=":material/check:", key=key)


def estimate(text: Text, vectors: PretrainedVectors | None) -> None:
    """How long the usual models take, as busy as the server is now, and how much memory."""
    size = None if vectors is None else vectors.vector_size
    configs = configs_of(None, {}, text.corpus, size)
    memory = max(estimate_bytes(text.corpus, config) for config in configs)
    seconds = training.expect_end(text.corpus, vectors, configs)
    usual = count("model", len(configs)) if len(configs) > 1 else "model"
    st.caption(
        f"Making the usual {usual} will take about {readable_seconds(seconds)} and up to "
        f"{readable_size(int(float(f'{memory:.1e}')))} of memory."  # an estimate: two digits of it
    )
