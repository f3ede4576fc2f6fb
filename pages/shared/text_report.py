"""What is in the text: its size at a glance, files with problems, and a look at the documents."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.config import MIN_COUNT
from core.texts import Text
from core.uploads import Problem

_PREVIEW_DOCUMENTS, _PREVIEW_LETTERS = 5, 220
_FEW = 2


def summarise(text: Text) -> None:
    """Name, how it was read, four numbers, and what is wrong with single files."""
    corpus, reading = text.corpus, text.reading
    how = "guessed" if reading.guessed else "chosen"
    unit = "row" if reading.tables and reading.unit == "line" else reading.unit
    encodings = sorted(set(reading.encodings.values()))
    read_as = f" · read as {', '.join(encodings)}" if encodings else ""
    st.caption(f"**{corpus.name}** · one document per {unit} ({how}){read_as}")
    vocabulary = corpus.vocabulary_size(int(MIN_COUNT.default))
    numbers = [
        ("Documents", corpus.n_documents, None),
        ("Sentences", corpus.n_sentences, None),
        ("Tokens", corpus.n_tokens, "A token is one occurrence of a word."),
        ("Vocabulary", len(corpus.words), f"Different words; {vocabulary:,} of them occur at least twice."),
    ]
    for box, (name, value, help_text) in zip(st.columns(4), numbers, strict=True):
        box.metric(name, f"{value:,}", help=help_text)
    _list_problems(reading.problems)


def _list_problems(problems: Sequence[Problem]) -> None:
    left_out = [problem for problem in problems if not problem.used]
    remarks = [problem for problem in problems if problem.used]
    for found, title, icon in (
        (left_out, "left out", ":material/warning:"),
        (remarks, "read, with a remark", ":material/info:"),
    ):
        if len(found) <= _FEW:
            for problem in found:
                st.warning(f"{'Left out: ' if found is left_out else ''}{_named(problem)}", icon=icon)
        else:
            files = len({problem.file for problem in found})
            with st.expander(f"{files:,} files were {title}", icon=icon, expanded=found is left_out):
                st.dataframe(
                    pd.DataFrame([(each.file, each.message) for each in found], columns=["File", "What is wrong"]),
                    hide_index=True,
                    height=220,
                )


def _named(problem: Problem) -> str:
    name = f"“{problem.file}”"
    return problem.message if name in problem.message else f"{name}: {problem.message}"


def explore(text: Text) -> None:
    """The most frequent words and a preview."""
    words, preview = st.tabs(["20 most frequent words", "Preview"])
    with words:
        st.dataframe(_frequent(text), hide_index=True, height=248)
    with preview:
        for document in text.reading.documents[:_PREVIEW_DOCUMENTS]:
            shortened = document.text[:_PREVIEW_LETTERS] + ("…" if len(document.text) > _PREVIEW_LETTERS else "")
            st.text(f"{document.name}\n{shortened}")


def _frequent(text: Text) -> pd.DataFrame:
    corpus = text.corpus
    counts = corpus.counts[:20]
    return pd.DataFrame(
        {"Word": corpus.words[:20], "Count": counts, "Share of tokens": counts / corpus.n_tokens}
    ).style.format({"Share of tokens": "{:.1%}", "Count": "{:,}"})
