"""A concordance: a word, a phrase or a pattern in the text, in both beside each other where there are two."""

from typing import Any

import pandas as pd
import streamlit as st

from core.maps.pair_layout import SIDES
from core.prose.numbers import count
from core.text.collocates import REACH
from core.text.concordance import PAGE, Concordance, OccurrenceOrder, Search, count_forms
from core.text.corpus import Corpus
from core.text.queries import find_folded, say_folded
from pages.parts.a_word import context, lines
from pages.shared import guards, messages, word_links
from pages.shared.cached import text_cache
from pages.shared.compared import Sides

_ORDERS: dict[OccurrenceOrder, str] = {**context.ORDERS, "word": "By what was found"}
_FORMS, _ROWS = 12, 12
_MEASURES = (
    "In brackets: the 95 % interval for documents like these (a ratio over documents, Cochran 1977). Unevenness: "
    "deviation of proportions (Gries 2008, normed), 0 as the documents' lengths have it, 1 all in the shortest one; "
    "what is rare is uneven by nature."
)


@guards.fragment()
def show(sides: Sides) -> None:
    """What to look for, and what either text has of it."""
    with messages.shown_here():
        search = _ask(sides)
        if search is None:
            st.info(
                "Type a word, a phrase (the united states), or a pattern: natio* is nation, national, nations …; wom?n "
                "is woman and women; the * of has any word in the middle.",
                icon=":material/manage_search:",
            )
            return
        texts = lines.written_texts(sides)
        both = [text_cache.concordance(text_cache.corpus(written.folder), search) for written in texts]
        if not sides.has_two_texts:
            _show_side(texts[1], both[1], "text", PAGE)
            return
        columns = st.columns(2, gap="large")
        for column, side, name, written, found in zip(columns, SIDES, sides.texts, texts, both, strict=True):
            with column:
                st.markdown(f"**{messages.plain(name)}** · {side}")
                _show_side(written, found, side, context.PAGE_OF_TWO)


def _ask(sides: Sides) -> Search | None:
    """None while nothing is asked for."""
    sought_box, near_box, label_box = st.columns([3, 2, 2])
    sought = sought_box.text_input(
        "Find in the text",
        key=word_links.SOUGHT_KEY,
        placeholder="natio*, the * of, united states",
        help="\\* stands for any letters or none, ? for one, \\* between blanks for any word. The words of a phrase "
        "follow each other within a sentence.",
        persist_state="session",
    )
    near = near_box.text_input(
        "Near",
        key=word_links.NEAR_KEY,
        placeholder="anything",
        help=f"Only where this stands within {REACH} words before or after it, in the same document.",
        persist_state="session",
    )
    corpora = [text_cache.corpus(written.folder) for written in lines.written_texts(sides)]
    labels = list(dict.fromkeys(label for corpus in corpora for label in text_cache.labels(corpus)))
    label = ""
    if labels:
        label = label_box.selectbox(
            "Label",
            ["", *labels],
            format_func=lambda each: each or "All documents",
            key=word_links.LABEL_KEY,
            persist_state="session",
        )
    order = st.segmented_control(
        "Sort",
        list(_ORDERS),
        default="document",
        required=True,
        format_func=_ORDERS.__getitem__,
        key="concordance-order",
        help="Alphabetically, by the next words on that side: phrases that recur stand together.",
        persist_state="session",
    )
    return Search(sought.strip(), True, near.strip(), label or None, order) if sought.strip() else None


def _show_side(written: lines.Written, found: Concordance, place: str, size: int) -> None:
    corpus = text_cache.corpus(written.folder)
    if not found.hits.n_documents:
        st.caption("This text has no document with this label.")
        return
    folded = find_folded(f"{found.search.sought} {found.search.near}", corpus.options)
    if folded:
        st.caption(messages.plain(say_folded(folded)))
    if not found.total:
        where = "these documents" if found.search.label is not None else "this text"
        st.caption(f"Not found in the {count('token', found.hits.n_tokens)} of {where}.")
        return
    st.markdown(_tell(found), help=_MEASURES)
    lines.show(written, found, f"concordance-{place}", size)
    _show_forms(corpus, found)
    if len(found.by_label) > 1:
        with st.expander("By label", icon=":material/label:"):
            st.dataframe(
                _table(found),
                hide_index=True,
                height="content" if len(found.by_label) < _ROWS else 420,
                column_config=_columns(),
            )


def _tell(found: Concordance) -> str:
    hits, (low, high) = found.hits, found.interval
    parts = [
        f"**{count('time', hits.total)}**",
        f"{hits.per_million:,.0f} in a million tokens ({low:,.0f} to {high:,.0f})",
        f"in {hits.documents:,} of {count('document', hits.n_documents)}",
    ]
    if found.deviation is not None:
        parts.append(f"unevenness {found.deviation:.2f}")
    return " · ".join(parts)


def _show_forms(corpus: Corpus, found: Concordance) -> None:
    """Which words a pattern found."""
    forms = count_forms(corpus, found)
    if len(forms) < 2:
        return
    told = ", ".join(f"{form} ({times:,})" for form, times in forms[:_FORMS])
    more = f" and {len(forms) - _FORMS:,} more" if len(forms) > _FORMS else ""
    st.caption(messages.plain(f"{told}{more}"))


def _table(found: Concordance) -> pd.DataFrame:
    rows = [(label, hits.total, hits.per_million, hits.documents, hits.n_documents) for label, hits in found.by_label]
    return pd.DataFrame(rows, columns=["Label", "Found", "In a million", "In documents", "Of"])


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "Found": number(format="localized"),
        "In a million": number(format="%.0f", help="Tokens of this label's documents."),
        "In documents": number(format="localized"),
        "Of": number(format="localized", help="So many documents have the label."),
    }
