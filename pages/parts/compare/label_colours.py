"""Colours by label: a word has the colour of the label whose documents have more of it than chance gives them."""

import numpy as np
import streamlit as st

from core.maps.colouring import Colouring, colour_by_kind
from core.prose.colours import KIND_COLOURS
from core.prose.numbers import count, write_share
from core.text.corpus import Corpus
from core.text.keywords import KEY_LEVEL, LEAST_DOCUMENTS
from pages.shared import cached
from pages.shared.compared import Sides

_NOTE = (
    "A word has the colour of the label that it is most typical of, of those shown: by the log odds of that label's "
    "documents against all others with a label (informative Dirichlet prior, Monroe et al. 2008). It is grey where "
    "labels dealt out to the documents at random do as well, or fewer than {least} documents of the label have it; "
    "about {share} of the coloured words may be so by chance."
)


def can_tell(corpus: Corpus) -> bool:
    """Whether two labels have documents enough to be told apart."""
    return len(_large(corpus)) > 1


def find(sides: Sides, corpus: Corpus) -> Colouring:
    """Colours by label; asks which ones to show where there are more than colours."""
    large = _large(corpus)
    shown = large if len(large) <= len(KIND_COLOURS) else _ask(corpus, large)
    place = {label: number for number, label in enumerate(cached.label_words(corpus).groups)}
    groups = tuple(place[label] for label in shown)
    kinds = cached.leaning(corpus, sides.words, groups)
    codes = np.full(len(place) + 1, -1)
    codes[list(groups)] = np.arange(len(groups))
    where = f" in {sides.texts[1]}, right" if sides.has_two_texts else ""
    return colour_by_kind(
        f"Typical of documents{where} with label",
        codes[kinds],
        shown,
        _NOTE.format(least=LEAST_DOCUMENTS, share=write_share(KEY_LEVEL, 0)),
        missing="of none" if len(shown) == len(large) else "of none of these",
    )


def _large(corpus: Corpus) -> tuple[str, ...]:
    return tuple(label for label, documents in cached.labels(corpus).items() if documents >= LEAST_DOCUMENTS)


def _ask(corpus: Corpus, large: tuple[str, ...]) -> tuple[str, ...]:
    """The labels to show, of many; at first those with most words of their own."""
    found, documents = cached.label_words(corpus), cached.labels(corpus)
    typical = {label: len(found.cells_of(group)) for group, label in enumerate(found.groups[: len(large)])}
    most = len(KIND_COLOURS)
    first = sorted(large, key=lambda label: -typical[label])[:most]
    chosen = st.multiselect(
        "Labels to show",
        large,
        default=first,
        max_selections=most,
        format_func=lambda label: f"{label} · {count('document', documents[label])}",
        key=f"labels-shown-{corpus.digest[:8]}",
        width=420,
        help=f"Type to find one. As many as there are colours that any eye can tell apart: {most} at a time.",
        persist_state="session",
    )
    return tuple(chosen)
