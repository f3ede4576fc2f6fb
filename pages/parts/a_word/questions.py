"""Questions about several words: how alike two are in every model, analogies, the odd one out."""

from collections import ChainMap
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from core.comparison.analogies import Scored, find_odd_one, parse_words, solve_formula
from core.comparison.formulas import parse_formula
from core.comparison.neighbourhood import similarity_in
from core.models.embedding import Embedding
from core.text.spelling import resolve_word
from pages.shared import messages, runs
from pages.shared.cached import model_cache
from pages.shared.compared import Sides

Ask = Callable[[Embedding, dict[str, int]], Sequence[Scored]]


def show(sides: Sides, word: str) -> None:
    """Three kinds of question; only the open one is worked out."""
    st.header("Several words", anchor=False)
    pair, formula, odd = st.tabs(
        ["Two words in every model", "Analogy", "Odd one out"], key="word-questions", on_change="rerun"
    )
    if pair.open:
        with pair:
            _ask_pair(sides, word)
    if formula.open:
        with formula:
            _ask_formula(sides)
    if odd.open:
        with odd:
            _ask_odd(sides)


def _ask_pair(sides: Sides, word: str) -> None:
    first_box, second_box = st.columns(2)
    first = first_box.text_input("First word", value=word, key=f"pair-first-{word}").strip()
    second = second_box.text_input("Second word", key="pair-second", persist_state="session").strip()
    if not second or not first:
        st.caption("Type a second word to see how similar the two are in every model of this text.")
        return
    finished = runs.finished()
    names = runs.names(finished)
    rows: list[tuple[str, float | None, str]] = []
    for run in finished:
        if run.corpus_folder == sides.corpus_folder:
            rows.append((names[run.id], *_measure(model_cache.run(run.id), first, second)))
    st.dataframe(
        pd.DataFrame(rows, columns=["Model", "Similarity", "Remark"]),
        hide_index=True,
        placeholder="–",
        column_config={
            "Similarity": st.column_config.NumberColumn(
                format="%.3f", width="small", help="Cosine: 1 same direction, 0 unrelated. Compare ranks, not values."
            )
        },
    )


def _measure(embedding: Embedding, first: str, second: str) -> tuple[float | None, str]:
    index = dict.fromkeys(embedding.words)
    found = [resolve_word(word, index) for word in (first, second)]
    missing = [word for word, form in zip((first, second), found, strict=True) if form is None]
    if missing:
        rare = f"below min_count {embedding.config.min_count}, or not in the text"
        return None, f"{' and '.join(f'“{word[:40]}”' for word in missing)}: {rare}"
    similarity = similarity_in(embedding, str(found[0]), str(found[1]))
    return similarity, "" if similarity is not None else "all-zero vector"


def _ask_formula(sides: Sides) -> None:
    text = st.text_input(
        "Formula",
        key="formula",
        placeholder="king - man + woman",
        help="Words with + and − between them. The nearest words to the sum are shown, the formula's own left out.",
        persist_state="session",
    )
    if not text.strip():
        st.caption("“man is to king as woman is to …” is written king - man + woman.")
        return
    with messages.shown_here():
        either = ChainMap(*({word: row for row, word in enumerate(model.words)} for model in (sides.left, sides.right)))
        terms = parse_formula(text, either, "either model")
        _answer(sides, lambda model, index: solve_formula(terms, model.vectors, index, model.words), "Similarity")


def _ask_odd(sides: Sides) -> None:
    text = st.text_input(
        "Words", key="odd-words", placeholder="cat, dog, horse, bank", help="Three to twenty.", persist_state="session"
    )
    if not text.strip():
        st.caption("List three or more words: the one that fits the others least comes first.")
        return
    with messages.shown_here():
        words = parse_words(text)
        _answer(sides, lambda model, index: find_odd_one(words, model.vectors, index), "Similarity to the others")


def _answer(sides: Sides, ask: Ask, heading: str) -> None:
    for column, name, model in zip(st.columns(2, gap="large"), sides.names, (sides.left, sides.right), strict=True):
        with column:
            st.markdown(f"**{messages.plain(name)}**")
            with messages.shown_here():
                found = ask(model, {each: row for row, each in enumerate(model.words)})
                st.dataframe(
                    pd.DataFrame(found, columns=["Word", heading]),
                    hide_index=True,
                    column_config={heading: st.column_config.NumberColumn(format="%.3f")},
                )
