"""The text in detail: every word and its fate, coverage and frequencies, documents and what they repeat."""

import pandas as pd
import streamlit as st

from core.config import MIN_COUNT, usual_min_count
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import write_share
from core.text.corpus import Corpus
from core.text.fates import Fate, Group, WordFates
from core.text.languages import language_of, stop_words
from core.text.opened import Text
from pages.parts.data import documents
from pages.shared import messages, session
from pages.shared.appearance import figures
from pages.shared.cached import text_cache

_FATES: dict[Fate, str] = {"tuned": "fine-tuned", "new": "new: learnt from your text", "rare": "left out: too rare"}
_FATES_WITHOUT: dict[Fate, str] = {**_FATES, "new": "learnt from your text"}
_GROUPS: dict[Group, str] = {"all": "All", "missing": "Not in the file", "covered": "In the file", "rare": "Too rare"}
_LISTED = 500
_PREVIEW_DOCUMENTS, _PREVIEW_LETTERS = 10, 400


def show(text: Text, vectors: PretrainedVectors | None) -> None:
    """Tabs, one for each way of looking at the text."""
    st.header("The text in detail", anchor=False)
    names = ["Words", "Frequencies", "Documents", "Preview"]
    if vectors is not None:
        names.insert(1, "Coverage")
    tabs = dict(zip(names, st.tabs(names), strict=True))
    with tabs["Words"]:
        fates = text_cache.word_fates(text.corpus, vectors, _ask_min_count(text.corpus))
        _list_words(fates, vectors is not None)
    if vectors is not None:
        with tabs["Coverage"]:
            _show_coverage(text, vectors, fates)
    with tabs["Frequencies"]:
        figures.show(
            text_cache.rank_frequency_figure(text.corpus, fates.min_count),
            "rank-frequency",
            f"How often each of {len(text.corpus.words):,} words occurs, by rank: from {text.corpus.counts[0]:,} "
            f"times, “{text.corpus.words[0]}”, down to {text.corpus.counts[-1]:,}. The table under Words has the same.",
        )
        once = len(text.corpus.words) - text.corpus.vocabulary_size(2)
        st.caption(
            f"{once:,} of {len(text.corpus.words):,} words occur only once. In running text the line is about straight."
        )
    with tabs["Documents"]:
        documents.show(text)
    with tabs["Preview"]:
        _preview(text)


def _show_coverage(text: Text, vectors: PretrainedVectors, fates: WordFates) -> None:
    bands = fates.bands()
    table = pd.DataFrame(bands, columns=["Times seen", "Words", "In the file"])
    figures.show(
        text_cache.coverage_figure(text.corpus, vectors),
        "coverage-bands",
        "Words that the vectors file has, by how often they occur: "
        + ", ".join(f"{label} times {covered:,} of {words:,}" for label, words, covered in bands),
        table=lambda: table,
    )
    st.caption("Frequent words matter most: they carry the text. Names and slips are mostly rare.")
    with st.expander("The same as a table"):
        st.dataframe(table, hide_index=True)


def _ask_min_count(corpus: Corpus) -> int:
    usual = usual_min_count(corpus.n_tokens)
    saved = session.workspace().settings.values.get("min_count", usual)
    column, _ = st.columns([1, 3])
    with column:
        return int(
            st.number_input(
                "min_count",
                int(MIN_COUNT.minimum),
                int(MIN_COUNT.maximum),
                int(saved),
                key=f"report-min-count-{usual}",
                help="Words that occur more rarely are left out of training. Here you see what it does; it is set on "
                "the Train page.",
            )
        )


def _list_words(fates: WordFates, has_vectors: bool) -> None:
    corpus, names = fates.corpus, _FATES if has_vectors else _FATES_WITHOUT
    st.markdown(_sum_up(fates, has_vectors))
    search, which, hide = st.columns([2, 3, 2], vertical_alignment="bottom")
    query = search.text_input("Find words", key="find-words", placeholder="part of a word", icon=":material/search:")
    group: Group = "all"
    if has_vectors:
        group = (
            which.segmented_control(
                "Show",
                list(_GROUPS),
                format_func=_GROUPS.__getitem__,
                default="missing",
                required=True,
                key="word-group",
            )
            or "all"
        )
    hidden = frozenset[str]()
    if hide.toggle("Hide stop words", key="hide-stop-words", help="In this list only; training needs them."):
        hidden = stop_words(language_of(corpus))
    rows = fates.find(query, group, hidden, _LISTED)
    if not rows:
        st.caption("No word fits." if query or group != "missing" else "The file has every word of the text.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Word": [corpus.words[row] for row in rows],
                "Count": corpus.counts[rows],
                "Share of tokens": 100 * corpus.counts[rows] / corpus.n_tokens,
                "What happens to it": [names[fates.fate_of(row)] for row in rows],
            }
        ),
        hide_index=True,
        height=min(36 * len(rows) + 38, 360),
        column_config={
            "Count": st.column_config.NumberColumn(format="localized"),
            "Share of tokens": st.column_config.NumberColumn(format="%.2g %%"),
        },
    )
    if len(rows) == _LISTED:
        st.caption(f"The {_LISTED} most frequent are listed; search for the others.")


def _sum_up(fates: WordFates, has_vectors: bool) -> str:
    total = fates.corpus.n_tokens
    parts = [f"**{fates.vocabulary_size:,}** of {len(fates.corpus.words):,} words occur often enough to be trained"]
    if has_vectors:
        parts.append(f"**{len(fates.rows('tuned')):,}** start from the file's vectors")
        parts.append(
            f"**{len(fates.rows('new')):,}** are new to it ({write_share(fates.tokens('new') / total)} of tokens)"
        )
    parts.append(
        f"**{len(fates.rows('rare')):,}** are left out ({write_share(fates.tokens('rare') / total)} of tokens)"
    )
    return " · ".join(parts)


def _preview(text: Text) -> None:
    for document in text.reading.documents[:_PREVIEW_DOCUMENTS]:
        label = f" · {document.label}" if document.label else ""
        shortened = document.text[:_PREVIEW_LETTERS] + ("…" if len(document.text) > _PREVIEW_LETTERS else "")
        st.caption(messages.plain(f"{document.name}{label}"))
        st.text(shortened)
