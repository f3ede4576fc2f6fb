"""What the maps' colours show."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.geometry.clusters import NAMING_NOTE
from core.geometry.directions import normalise
from core.maps.colouring import Colouring, colour_by_amount, colour_by_kind
from core.maps.regions import WordRegions
from core.prose.colours import COVERED, NEW
from pages.parts.maps import label_colours
from pages.shared import noise_panel, session
from pages.shared.cached import text_cache
from pages.shared.compared import Sides


def choose(sides: Sides, regions: WordRegions, focus: str | None) -> Colouring:
    """Ask what to colour by, of what there is for these two models; at first by `regions`, those of the words."""
    offered = _offer(sides, regions, focus)
    kept = session.workspace().colour
    chosen = st.selectbox(
        "Colour by",
        list(offered),
        index=list(offered).index(kept) if kept in offered else 0,
        key="colour-by",
        width=250,
        format_func=lambda name: f"Colour: {name}",
        label_visibility="collapsed",
        persist_state="session",
    )
    if kept or chosen != next(iter(offered)):
        session.update(colour=chosen)
        session.put_view_in_url()
    return offered.get(chosen, next(iter(offered.values())))()


def _offer(sides: Sides, regions: WordRegions, focus: str | None) -> dict[str, Callable[[], Colouring]]:
    """What colours can show, by name."""
    offered: dict[str, Callable[[], Colouring]] = {}
    offered["Region"] = lambda: colour_by_kind(
        "Words near each other in both models",
        regions.labels,
        regions.names,
        NAMING_NOTE,
        regions=True,
    )
    if sides.covered.any() and not sides.covered.all():
        offered["In the pretrained file"] = lambda: colour_by_kind(
            "Whether the pretrained vectors have the word",
            1 - sides.covered.astype(int),
            ["they do", "they do not"],
            colours=(COVERED, NEW),
        )
    offered["Count"] = lambda: colour_by_amount(
        "Count in the right model's text, logarithmic", sides.counts.astype(float), logarithmic=True, form=",.0f"
    )
    movers = noise_panel.known_movers(sides)
    change = sides.comparison.change if movers is None else movers.change
    offered["Change"] = lambda: colour_by_amount(
        "Change from left to right: 0 unmoved, 1 unrelated",
        change,
        "1 - cosine of a word's two vectors after the spaces were turned onto each other (orthogonal Procrustes).",
    )
    if sides.has_neighbours:
        offered["Neighbour overlap"] = lambda: colour_by_amount(
            "Overlap of the two lists of 10 nearest neighbours: 0 none in common, 1 the same (Jaccard)",
            sides.comparison.overlap,
        )
    if movers is not None:
        above = movers.above
        offered["Change above noise"] = lambda: colour_by_amount(
            "Change above noise, in standard deviations of what retraining does to words of like count", above
        )
    corpus = text_cache.corpus(sides.corpus_folder)
    if label_colours.can_tell(corpus):
        offered["Label of its documents"] = lambda: label_colours.find(sides, corpus)
    if focus is not None:
        for side, name in enumerate(sides.names):
            offered[f"Similarity to the pinned word, {('left', 'right')[side]}"] = lambda side=side, name=name: (
                colour_by_amount(  # type: ignore[misc]
                    f"Similarity to “{focus}” in {name}", _similarities(sides, side, focus)
                )
            )
    return offered


def _similarities(sides: Sides, side: int, word: str) -> np.ndarray:
    unit = normalise(sides.vectors[side])
    return np.asarray(unit @ unit[sides.index[word]])
