"""The maps in words, for whoever cannot see them or does not want to: always there, and never behind a switch."""

import math
from html import escape

import streamlit as st

from core.maps.in_words import RegionFacts, summarise_maps
from pages.shared import side_choice
from pages.shared.cached import map_cache
from pages.shared.compared import Sides

_CELL = "padding:.3rem .9rem .3rem 0;vertical-align:top;text-align:left"
_LINE = "border-top:1px solid color-mix(in srgb, currentColor 16%, transparent)"


def summary(sides: Sides) -> str:
    """A sentence or two on what both maps show."""
    return summarise_maps(_facts(sides), sides.comparison.topn)


def show(sides: Sides) -> None:
    """A table of the regions: who is in them, and how much of them both maps have in common."""
    facts = _facts(sides)
    heads = ("Region", "Words", "Most frequent", f"Neighbours kept, of {sides.comparison.topn:d}")
    head = "".join(f"<th scope='col' style='{_CELL};font-weight:600'>{escape(each)}</th>" for each in heads)
    lines = "".join(_line(each) for each in facts)
    st.header("The maps in words", anchor=False)
    st.html(
        f"<p style='margin:0 0 .5rem'>{escape(summarise_maps(facts, sides.comparison.topn))}</p>"
        f"<div style='overflow-x:auto' tabindex='0' role='group' aria-label='Regions of both maps'>"
        f"<table style='border-collapse:collapse;width:100%;font-size:.92rem'><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def _facts(sides: Sides) -> tuple[RegionFacts, ...]:
    regions = map_cache.regions(sides.trained, *side_choice.corpus_folders(sides))
    return map_cache.region_facts(sides, regions)


def _line(facts: RegionFacts) -> str:
    kept = "–" if math.isnan(facts.kept) else f"{facts.kept:.1f}"
    frequent = ", ".join(f"<bdi>{escape(word)}</bdi>" for word in facts.frequent)
    return (
        f"<tr style='{_LINE}'><th scope='row' style='{_CELL};font-weight:400'>{escape(facts.name)}</th>"
        f"<td style='{_CELL}'>{facts.words:,}</td><td style='{_CELL}'>{frequent}</td>"
        f"<td style='{_CELL}'>{escape(kept)}</td></tr>"
    )
