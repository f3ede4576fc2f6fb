"""Both embeddings on two axes given by words or simple sums of words, with an arrow for each word."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.axes import AxesExample, AxisPlaces, find_example, place_on_axes
from core.comparison.formulas import MOST_TERMS, Term, expand_lists, look_up, name_ends, parse_formula, write_formula
from core.comparison.movers import NOISE_TEXTS
from core.prose.colours import KIND_COLOURS, OTHER
from core.prose.numbers import count
from core.text.spelling import resolve_word
from pages.shared import guards, messages, navigation, noise_panel, selection, session, side_choice
from pages.shared.appearance import figures
from pages.shared.cached import change_cache, map_cache, pair_cache
from pages.shared.compared import Judgement, Sides

_MOST_TYPED, _MOST_SELECTED = 120, 40
"""Arrows between more words than that hide each other."""


@guards.fragment()
def show(sides: Sides) -> None:
    """Ask for two axes and draw the pinned and selected words on them."""
    st.caption(
        "Measure words along directions that mean something: a word, a sum such as “king - man”, or lists such as “he, "
        "him, man - she, her, woman”. Each model's axis is made of its own vectors; a word's place is its cosine with "
        "the axis. Arrows run from the left model, hollow, to the right one; colours are those of the maps' regions."
    )
    across, up, words = st.columns([2, 2, 3])
    first = across.text_input("Across", key="axis-across", placeholder="king - man", persist_state="session")
    second = up.text_input("Up", key="axis-up", placeholder="good - bad", persist_state="session")
    typed = words.text_input(
        "Words",
        key="axis-words",
        placeholder="The pinned and selected words, unless others are typed here",
        persist_state="session",
    )
    if not first.strip() or not second.strip():
        st.info("Write both axes to see the words between them.", icon=":material/north_east:")
        example = find_example(sides.index)
        if example is not None and not first.strip() and not second.strip():
            st.button("Show me an example", icon=":material/lightbulb:", on_click=_take, args=(example,))
        return
    wanted = _words(sides, typed)
    chosen = wanted[: _MOST_TYPED if typed.strip() else _MOST_SELECTED]
    with messages.shown_here():
        terms = parse_formula(expand_lists(first), sides.index), parse_formula(expand_lists(second), sides.index)
        if typed.strip():
            look_up(typed.replace(",", " ").split()[:MOST_TERMS], sides.index, "both models")
        if not chosen:
            st.info("Pin or select words on the maps, or type some above.", icon=":material/push_pin:")
            return
        rows = [sides.index[word] for word in chosen]
        places = place_on_axes(*sides.vectors, sides.index, *terms, rows)
        noise = noise_panel.current(sides)
        spread = _spread(noise, terms)
        if spread is not None:
            places = replace(places, spread=spread[rows])
        axes = write_formula(terms[0]), write_formula(terms[1])
        ends = name_ends(terms[0]), name_ends(terms[1])
        figure = pair_cache.axes_figure(
            sides, sides.names, ends, chosen, _colours(sides, chosen), noise.kinds if spread is not None else (), places
        )
        table = {
            "Word": chosen,
            f"{axes[0]}, left": places.left[:, 0],
            f"{axes[0]}, right": places.right[:, 0],
            f"{axes[1]}, left": places.left[:, 1],
            f"{axes[1]}, right": places.right[:, 1],
        }
        figures.show(
            figure,
            "axes",
            f"{count('word', len(chosen))} by “{axes[0]}” and “{axes[1]}” in {sides.names[0]} and {sides.names[1]}",
            table=lambda: pd.DataFrame(table),
            config={"scrollZoom": True, "displaylogo": False, "modeBarButtonsToRemove": ["toImage"]},
        )
        if len(wanted) > len(chosen):
            which = "The first words" if typed.strip() else "The pinned words and the most frequent selected ones"
            st.caption(f"{which}: {len(chosen)} of {len(wanted):,}.")
        _tell_noise(noise, places)
        if places.spread is not None:
            table["Farther than noise"] = places.beyond
        with st.expander("The same as a table"):
            st.dataframe(table, hide_index=True)


@guards.callback
def _take(example: AxesExample) -> None:
    """Fill in what the example says; words that are pinned or selected are placed rather than its own."""
    session.set_widget("axis-across", example.across)
    session.set_widget("axis-up", example.up)
    if not session.workspace().pins and not selection.selected():
        session.set_widget("axis-words", " ".join(example.words))


def _spread(noise: Judgement, terms: tuple[tuple[Term, ...], tuple[Term, ...]]) -> np.ndarray | None:
    """Of all words that are compared, on both axes; None where the noise was not measured."""
    return change_cache.axis_noise(noise, terms) if noise.kinds else None


def _tell_noise(noise: Judgement, places: AxisPlaces) -> None:
    """What the ellipses are, or why there are none."""
    if places.spread is not None:
        texts = " and ".join(NOISE_TEXTS[kind] for kind in noise.kinds)
        far = int(places.beyond.sum())
        st.caption(
            f"{far:,} of {count('arrow', len(places.left))} {'ends' if far == 1 else 'end'} outside the ellipse in "
            f"which 95 of 100 would end by noise alone ({texts}), of a word with its count; the others are faint."
        )
    elif noise.kinds:
        st.caption("The models that the noise was measured with are no longer kept, so it cannot be drawn here.")
    elif noise.plan.kinds:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("How far noise alone takes words was not measured for these two.", width="content")
            navigation.link("what_changed", "Measure it")


def _colours(sides: Sides, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Of each word that of its region, as on the maps."""
    regions = map_cache.regions(sides.trained, *side_choice.corpus_folders(sides))
    labels = regions.extend(sides.comparison.left_neighbours).labels
    rows = [int(labels[sides.index[word]]) for word in chosen]
    return tuple(OTHER if row < 0 else KIND_COLOURS[row] for row in rows)


def _words(sides: Sides, typed: str) -> tuple[str, ...]:
    wanted = typed.replace(",", " ").split() or [
        *session.workspace().pins,
        *sorted(selection.selected(), key=lambda word: sides.index.get(word, 0)),
    ]
    known = [resolve_word(word, sides.index) for word in wanted]
    return tuple(dict.fromkeys(word for word in known if word is not None))
