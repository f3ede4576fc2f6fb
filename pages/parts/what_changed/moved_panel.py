"""Moved words: every shared word with its change, held against noise; groups with the reason; the stablest words."""

import numpy as np
import streamlit as st

from core.comparison.making import describe_differences
from core.comparison.movers import LEAST_COUNT
from core.comparison.table import MovedTable
from core.methods import METHODS
from core.prose.numbers import count
from core.workspace.asked_runs import find_start
from pages.parts.what_changed import moved_table
from pages.shared import guards, messages, navigation, near, noise_panel, presses, runs, session, word_links
from pages.shared.appearance import figures
from pages.shared.cached import change_cache
from pages.shared.compared import Judgement, Sides

_GROUPED, _GROUPS, _STABLE = 300, 12, 12
_HISTOGRAM = 370  # pixels


@guards.fragment()
def show(sides: Sides) -> None:
    """Noise, pictures, groups, table."""
    with messages.shown_here():
        judgement = noise_panel.find(sides)
        table = change_cache.moved_table(judgement)
        _say_differences(sides)
        if table.movers is not None:
            _summarise(table)
        left, right = st.columns([3, 2], gap="large")
        with left:
            figures.show(
                change_cache.moved_scatter(judgement),
                "moved-scatter",
                f"Change of {len(table.words):,} words against how often they occur. The table below has the same.",
                config={"displaylogo": False, "scrollZoom": True, "modeBarButtonsToRemove": ["toImage"]},
            )
            if table.movers is not None:
                st.caption(_explain_scatter(table))
        with right:
            histogram = change_cache.moved_histogram(judgement, _HISTOGRAM)
            brushed = moved_table.brush(sides, table, histogram)
        if table.movers is not None:
            _show_groups(judgement, table)
        moved_table.show(sides, table, brushed)


def _explain_scatter(table: MovedTable) -> str:
    rare = int((np.isfinite(table.change) & table.candidates.judged & ~table.shown).sum())
    left_out = f" Left out: {count('word', rare)} seen fewer than {LEAST_COUNT} times." if rare else ""
    return (
        "Each word has a noise of its own, so each change is shown by the change from which on that word would be "
        f"called moved: at the line. Of the words above it about 1 in 20 at most is expected to be chance.{left_out}"
    )


def _say_differences(sides: Sides) -> None:
    differences = describe_differences(sides.left, sides.right)
    if differences:
        st.info(
            f"These two models were made in different ways ({messages.plain('; '.join(differences))}), and that alone "
            "moves words. To find the words that your text uses differently, compare models that start from the same "
            f"vectors, such as {METHODS['pretrained'].name} and {METHODS['tied'].name}.",
            icon=":material/info:",
        )
        _offer_start(sides)


def _offer_start(sides: Sides) -> None:
    """A button that compares the fine-tuned one of the two with the vectors it started from, if these are there."""
    finished = {run.id: run for run in runs.finished()}
    for identity in reversed(sides.runs):
        start = find_start(finished[identity], finished.values()) if identity in finished else None
        if start is not None:
            names = runs.names(list(finished.values()))
            label = f"Compare {names[start.id]} and {names[identity]}"
            if presses.button(
                messages.plain(label), icon=":material/compare_arrows:", key="compare-with-start", about=identity
            ):
                session.update(left=start.id, right=identity)
                st.rerun()
            return


def _summarise(table: MovedTable) -> None:
    movers = table.movers
    assert movers is not None
    judged, moved = int(table.shown.sum()), int(table.moved.sum())
    if not judged:
        st.warning(
            f"No word that both models have can be judged: none that carries meaning of its own occurs {LEAST_COUNT} "
            "times or more. Bring more text.",
            icon=":material/warning:",
        )
        return
    if not moved:
        st.info(
            "By this question no word moved: a list of the most changed words would be a list of noise. More text "
            "tells more.",
            icon=":material/info:",
        )
    else:
        st.caption(f"{moved:,} of {count('judged word', judged)} marked as moved below.")


def _show_groups(judgement: Judgement, table: MovedTable) -> None:
    movers = table.movers
    assert movers is not None
    groups, stable = st.columns([3, 2], gap="large")
    with groups:
        st.header("Words that changed together", anchor=False)
        groups_found = change_cache.mover_groups(judgement, near.least_seen(), _GROUPED)
        found = [group for group in groups_found if len(group.rows) > 1]
        if not table.moved.any():
            st.caption("No word moved.")
        elif not found:
            st.caption("No two words that moved lost and gained the same neighbours.")
        for group in found[:_GROUPS]:
            words = ", ".join(group.words[:8]) + (f" … {len(group.words) - 8} more" if len(group.words) > 8 else "")
            st.markdown(
                f"**{messages.plain(words)}**  \nlost *{messages.plain(', '.join(group.lost) or 'none')}*; "
                f"gained *{messages.plain(', '.join(group.gained) or 'none')}*"
            )
        if len(found) > _GROUPS:
            st.caption(f"And {len(found) - _GROUPS:,} smaller groups.")
    with stable:
        st.header("Most stable words", anchor=False)
        stable_rows = [row for row in movers.most_stable.tolist() if table.shown[row]][:_STABLE]
        also_moved = table.moved[stable_rows].any()
        st.caption(
            "They changed least beside what noise does to them"
            + (", though some or all of them moved more than noise, too." if also_moved else ".")
        )
        with st.container(horizontal=True):
            for row in stable_rows:
                word = table.words[row]
                if presses.button(
                    messages.plain(word), key=f"stable-{word}", on_click=word_links.open_word, args=(word,)
                ):
                    navigation.go("a_word")
