"""The documents of a text: how long they are, their labels, a word's frequency over them, and what they repeat."""

import numpy as np
import pandas as pd
import streamlit as st

from core.prose.numbers import count, write_share
from core.text.corpus import Corpus
from core.text.course import FEWEST_FOLLOWED, PER
from core.text.opened import Text
from core.text.spelling import did_you_mean, resolve_word
from pages.shared import messages, session
from pages.shared.appearance import figures
from pages.shared.cached import text_cache

_LISTED = 500


def show(text: Text) -> None:
    """Lengths, labels, a word over the documents, and what they repeat."""
    corpus = text.corpus
    lengths = np.diff(corpus.document_starts)
    if corpus.n_documents > 1:
        said = (
            f"{corpus.n_documents:,} documents of {lengths.min():,} to {lengths.max():,} tokens, half of them longer "
            f"than {np.median(lengths):,.0f}."
        )
        figures.show(
            text_cache.lengths_figure(corpus),
            "document-lengths",
            f"Histogram. {said}",
            table=lambda: pd.DataFrame({"Document": corpus.document_names, "Tokens": lengths}),
        )
        st.caption(said)
        with st.expander("The same as a table"):
            table = {"Document": corpus.document_names[:_LISTED], "Tokens": lengths[:_LISTED]}
            st.dataframe(pd.DataFrame(table), hide_index=True, height=260)
            if corpus.n_documents > _LISTED:
                st.caption(f"The first {_LISTED:,}.")
    else:
        st.caption(
            f"One document of {corpus.n_tokens:,} tokens. Tests on held-out documents need several: see “How it was "
            "read” above."
        )
    _show_labels(corpus)
    _show_years(corpus)
    _follow_word(corpus)
    copies = text.copies
    if copies is None or not copies.documents:
        st.caption("No document says nearly word for word what earlier ones said.")
        return
    st.markdown(
        f"**{copies.documents:,}** documents say nearly word for word what earlier ones said "
        f"({write_share(copies.share)} of tokens)"
    )
    st.dataframe(
        pd.DataFrame(
            [(one, other, 100 * share) for one, other, share in copies.examples],
            columns=["Document", "Said again by", "Shared"],
        ),
        hide_index=True,
        height=min(36 * len(copies.examples) + 38, 260),
        column_config={
            "Shared": st.column_config.NumberColumn(
                format="%.0f %%", help="Of the later document's sequences of five words, how many the earlier one has."
            )
        },
    )


def _show_labels(corpus: Corpus) -> None:
    if not any(corpus.labels):
        return
    lengths = np.diff(corpus.document_starts)
    table = pd.DataFrame({"Label": corpus.labels, "Documents": 1, "Tokens": lengths})
    table["Label"] = table["Label"].fillna("(none)")
    table = table.groupby("Label", sort=False).sum().sort_values(["Documents", "Tokens"], ascending=False).reset_index()
    _tabulate("By label", table, corpus)


def _show_years(corpus: Corpus) -> None:
    choice = session.workspace().text
    found = None if choice is None else text_cache.shown_years(choice, corpus)
    if found is None:
        return
    parts = [(each.name, each.documents, each.tokens) for each in found.parts]
    _tabulate("By year", pd.DataFrame(parts, columns=["Year", "Documents", "Tokens"]), corpus)
    if found.left_out:
        st.caption(f"{count('document', found.left_out)} in none of them: no year was found in the label or name.")


def _tabulate(title: str, table: pd.DataFrame, corpus: Corpus) -> None:
    st.markdown(f"**{title}**")
    st.dataframe(
        table.assign(Share=100 * table["Tokens"] / corpus.n_tokens),
        hide_index=True,
        height=min(36 * len(table) + 38, 330),
        column_config={
            "Documents": st.column_config.NumberColumn(format="localized"),
            "Tokens": st.column_config.NumberColumn(format="localized"),
            "Share": st.column_config.NumberColumn("Share of tokens", format="%.1f %%"),
        },
    )


def _follow_word(corpus: Corpus) -> None:
    if np.count_nonzero(np.diff(corpus.document_starts)) < FEWEST_FOLLOWED:
        return
    st.markdown("**A word over the documents**")
    known = {word: row for row, word in enumerate(corpus.words)}
    first = next((pin for pin in reversed(session.workspace().pins) if pin in known), "")
    typed = st.text_input(
        "Word", first, key="course-word", placeholder="Type a word and press Enter", width=320
    ).strip()
    if not typed:
        st.caption("See how often a word occurs from the first document to the last.")
        return
    word = resolve_word(typed, known)
    if word is None:
        suggestion = did_you_mean(typed, corpus.words[:20_000])
        st.info(messages.plain(f"The text does not have “{typed[:60]}”. {suggestion}"), icon=":material/search_off:")
        return
    found = text_cache.course(corpus, word)
    figures.show(
        text_cache.course_figure(corpus, word),
        "course",
        f"Frequency of “{word}” from the first document to the last, per {PER:,} tokens: {found.rates[0]:.1f} at "
        f"the beginning, {found.rates[-1]:.1f} at the end, at most {found.rates.max():.1f}.",
    )
    st.caption(
        f"“{messages.plain(word)}”, {count('time', found.total)}, per {PER:,} tokens of {found.smoothed_over:,} "
        "neighbouring documents together (fewer at either end), in the order in which the documents came. The band is "
        "the 95 % interval, given how much these documents differ."
    )
