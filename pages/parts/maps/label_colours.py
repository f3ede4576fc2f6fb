"""Colours by label: a word has the colour of the label whose documents have more of it than chance gives them."""

import numpy as np

from core.maps.colouring import MOST_KINDS, Colouring, colour_by_kind
from core.prose.numbers import write_share
from core.text.corpus import Corpus
from core.text.keywords import KEY_LEVEL, LEAST_DOCUMENTS
from pages.shared.cached import map_cache, text_cache
from pages.shared.compared import Sides

_NOTE = (
    "A word has the colour of the label that it is most typical of: by the log odds of that label's documents against "
    "all others with a label (informative Dirichlet prior, Monroe et al. 2008). It is grey where labels dealt out to "
    "the documents at random do as well, or fewer than {least} documents of the label have it; about {share} of the "
    "coloured words may be so by chance."
)


def can_tell(corpus: Corpus) -> bool:
    """Whether two labels have documents enough to be told apart."""
    return len(_large(corpus)) > 1


def find(sides: Sides, corpus: Corpus) -> Colouring:
    """Colours by label, those with most words of their own first."""
    large, found = _large(corpus), text_cache.label_words(corpus)
    place = {label: number for number, label in enumerate(found.groups)}
    shown = sorted(large, key=lambda label: -len(found.cells_of(place[label])))[:MOST_KINDS]
    groups = tuple(place[label] for label in shown)
    kinds = map_cache.leaning(corpus, sides.words, groups)
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
    return tuple(label for label, documents in text_cache.labels(corpus).items() if documents >= LEAST_DOCUMENTS)
