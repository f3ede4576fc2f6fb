"""The two linked maps of the Compare page, with search, pins and the neighbours of a pinned word."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Literal

import pandas as pd
import streamlit as st

from core import config as settings
from core.comparison import NeighbourChange, NeighbourChanges, neighbour_changes
from core.figures import FRAME_NOTE, ROLE_COLOURS, Role
from core.pair_layout import SIDES, PairLayout, has_pair_layout
from core.projection import METRICS, Frame, LayoutSettings, Method
from core.samples import add_places
from pages.shared import (
    cached,
    compare_colours,
    compare_sides,
    compare_words,
    moved_brush,
    progress,
    selection,
    session,
)
from pages.shared.compare_sides import Sides
from pages.shared.linked_maps import Drag, MapOptions, Mark, link_maps

_MARKED_NEIGHBOURS = 10
_METHODS: dict[Method, str] = {"umap": "UMAP", "pca": "PCA", "tsne": "t-SNE"}
_FRAMES: dict[Frame, str] = {"joint": "One frame for both", "aligned": "Each its own, then aligned"}
_DRAGS: dict[Drag, str] = {
    "pan": ":material/pan_tool:",
    "select": ":material/select:",
    "lasso": ":material/lasso_select:",
}
_STYLE = """<style>
.st-key-map-left, .st-key-map-right { flex: none; height: clamp(340px, 42vw, 600px); }
@media (max-width: 640px) { .st-key-map-left, .st-key-map-right { height: clamp(240px, 94vw, 68vh); } }
</style>"""
"""Maps about as high as they are wide; one above the other, as on a phone, each fits on the screen."""
_COLUMNS = {side: st.column_config.NumberColumn(format="%.3f") for side in ("Left", "Right")}
_CONFIG = {"scrollZoom": True, "displaylogo": False, "modeBarButtonsToRemove": ["toImage"]}


def show(sides: Sides) -> None:
    """Draw the maps: at once with a quick layout, and again when the one asked for is ready."""
    choices, frame = _ask_settings()
    with st.container():  # in a place of its own: a fragment that moves down the page sends all that it has again
        if choices.method != "pca" and not _lay_out(sides, choices, frame):
            choices = choices.quick
    keep = choices.method != "pca"  # PCA takes no time and needs no room on disk
    layout = cached.pair_layout(sides.key, choices, frame, keep, *sides.trained, sides.sample)
    near = sides.comparison.left_neighbours, sides.comparison.right_neighbours
    layout = add_places(layout, near, sides.covered_on)
    _maps(sides, choices, frame, layout)


def _lay_out(sides: Sides, choices: LayoutSettings, frame: Frame) -> bool:
    """True when the layout asked for is there; else starts it, and draws how far it is."""
    jobs = cached.map_jobs()
    key = f"map {sides.key} {frame} {choices!r}"
    status = jobs.status(key)
    if session.recall(key) or (status is not None and status.state == "done"):
        return True
    if status is None:
        if has_pair_layout(*sides.trained, sides.sample, choices, frame):
            session.remember(key, True)
            return True
        title = f"Laying out {len(sides.sample.words):,} words with {_METHODS[choices.method]}"
        trained, shared, pair = sides.trained, sides.sample, sides.key
        jobs.submit(
            key,
            title,
            lambda report: cached.pair_layout(pair, choices, frame, True, *trained, shared, report),
            watcher=session.visitor(),
        )
    status = progress.follow(jobs, key)
    if status is not None and status.active:
        st.caption(f":material/bolt: A quick layout (PCA), until {_METHODS[choices.method]} is ready.")
    if status is not None and status.state in ("failed", "cancelled"):
        text, button = st.columns([5, 2], vertical_alignment="center")
        if status.state == "failed":
            text.error(status.error or "The layout failed.", icon=":material/error:")
        else:
            text.info(
                f"{_METHODS[choices.method]} was cancelled. This is the quick layout (PCA).", icon=":material/bolt:"
            )
        if button.button(f"Lay out with {_METHODS[choices.method]}", width="stretch"):
            jobs.forget(key)
            st.rerun()
    return status is not None and status.state == "done"


def _ask_settings() -> tuple[LayoutSettings, Frame]:
    with st.expander("Map settings", icon=":material/tune:"):
        first = st.columns(3)
        method = first[0].segmented_control(
            "Method",
            list(_METHODS),
            default="umap",
            required=True,
            format_func=_METHODS.__getitem__,
            key="map-method",
            help="UMAP and t-SNE keep neighbourhoods; PCA keeps the directions in which all words differ most, and "
            "takes no time.",
            persist_state="session",
        )
        dimensions: Literal[2, 3] = first[1].segmented_control(
            "Dimensions",
            [2, 3],
            default=2,
            required=True,
            format_func=lambda each: f"{each}-D",
            key="map-dimensions",
            persist_state="session",
        )
        frame = first[2].selectbox(
            "Frame",
            list(_FRAMES),
            format_func=_FRAMES.__getitem__,
            key="map-frame",
            help="One frame: both models are laid out together, so places can be compared. Each its own: what each "
            "map would be without the other, turned onto it as well as a turn can.",
            persist_state="session",
        )
        second = st.columns(5, vertical_alignment="bottom")
        has_neighbours, is_umap = method != "pca", method == "umap"
        neighbours = second[0].slider(
            "n_neighbors",
            int(settings.MAP_NEIGHBOURS.minimum),
            int(settings.MAP_NEIGHBOURS.maximum),
            int(settings.MAP_NEIGHBOURS.default),
            key="map-neighbours",
            help="How many neighbours shape a word's surroundings (t-SNE: the perplexity). Small: local detail; "
            "large: the whole.",
            disabled=not has_neighbours,
            persist_state="session",
        )
        distance = second[1].slider(
            "min_dist",
            *settings.MAP_MIN_DIST,
            key="map-distance",
            help="How close UMAP may put two words.",
            disabled=not is_umap,
            persist_state="session",
        )
        metric = second[2].selectbox(
            "metric",
            METRICS,
            key="map-metric",
            help="What near means. Cosine looks at directions only, as neighbours do.",
            persist_state="session",
        )
        seed = second[3].number_input(
            "seed",
            0,
            int(settings.SEED.maximum),
            int(settings.SEED.default),
            key="map-seed",
            help="Another seed draws another, equally valid map.",
            disabled=not has_neighbours,
            persist_state="session",
        )
        standardise = second[4].checkbox(
            "Standardise dimensions",
            key="map-standardise",
            help="Bring every dimension to mean 0 and standard deviation 1 first, so that no single one dominates.",
            persist_state="session",
        )
    choices = LayoutSettings(
        method=method,
        dimensions=dimensions,
        n_neighbors=neighbours,
        min_dist=distance,
        metric=metric,
        seed=seed,
        standardise=standardise,
    )
    return choices, frame


@st.fragment
def _maps(sides: Sides, choices: LayoutSettings, frame: Frame, layout: PairLayout) -> None:
    if any(compare_sides.is_left_out(sides, pin) for pin in session.workspace().pins):
        st.rerun()  # with the pinned word among those that are shown
    pins = [word for word in session.workspace().pins if word in sides.index]
    session.put_view_in_url()
    focus = _find_and_pin(sides, pins)
    changes = None
    if focus is not None:
        changes = neighbour_changes(sides.left, sides.right, focus, _MARKED_NEIGHBOURS, shared=sides.shared)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colouring = compare_colours.choose(sides, focus)
        options = _ask_options(choices.dimensions == 3)
        compare_words.choose_selection(sides, focus)
    maps = st.container()
    moved_brush.ask_below_the_maps(sides)
    selected = compare_words.selected_rows(sides)
    with maps:
        compare_words.show_selection(sides, selected)
        compare_colours.show_legend(colouring, options.sized)
        _draw(sides, choices, frame, layout)
    event = link_maps(["left", "right"], _marks(sides, focus, changes), selected, colouring, options)
    if event.clicked is not None and event.clicked < len(sides.shared.words):
        _pin(sides.shared.words[event.clicked])
        st.rerun(scope="fragment")
    if event.selected is not None:
        selection.select(frozenset(word for word, on in zip(sides.shared.words, event.selected, strict=True) if on))
        st.rerun(scope="fragment")
    if event.cleared:
        compare_words.clear_selection()
        _focus(None)
        st.rerun(scope="fragment")
    _explain(sides, layout, colouring.note)
    if focus is not None and changes is not None:
        _show_changes(sides, focus, changes)
    compare_words.show_table(sides, layout, selected)


def _draw(sides: Sides, choices: LayoutSettings, frame: Frame, layout: PairLayout) -> None:
    near = sides.comparison.left_neighbours, sides.comparison.right_neighbours
    counts = sides.left.counts[sides.shared.left_rows], sides.counts
    columns = st.columns(2, gap="small")
    st.html(_STYLE)
    for place, side in enumerate(SIDES):
        figure = cached.map_figure(
            sides.key, choices, frame, side, sides.doses[place], sides.extras,
            layout, sides.shared, counts[place], sides.covered, near[place],
        )  # fmt: skip
        dose = sides.doses[place]
        with columns[place]:
            st.markdown(f"**{sides.names[place]}**" + ("" if dose is None else f" · dose {dose:.3f}"))
        with columns[place].container(key=f"map-{side}", height="stretch"):
            st.plotly_chart(
                figure,
                key=side,
                config=_CONFIG,
                height="stretch",
                alt=f"Map of {len(sides.shared.words):,} words in {sides.names[place]}. The table below has the same.",
            )


def _ask_options(solid: bool) -> MapOptions:
    chosen = st.pills(
        "On the maps",
        ["Linked zoom", "Labels", "Size by count", "Trails"],
        selection_mode="multi",
        default=["Labels", "Size by count"],
        key="map-options",
        help="Linked zoom: both maps show the same part. Labels: the most frequent words, as many as fit; zoom in for "
        "more. Trails: lines on the right map from where the pinned, neighbouring and selected words were on the left.",
        persist_state="session",
    )
    drag: Drag = "pan"
    if not solid:
        drag = st.segmented_control(
            "Drag to",
            list(_DRAGS),
            default="pan",
            required=True,
            format_func=_DRAGS.__getitem__,
            key="map-drag",
            help="Move the map, or select words with a box or a lasso. The other words stay, greyed.",
            persist_state="session",
        )
    times = session.recall("morph", 0)
    if st.button(
        "Morph",
        icon=":material/play_arrow:",
        help="The right map's points travel from where the left map has them.",
    ):
        times += 1
        session.remember("morph", times)
    return MapOptions(
        linked="Linked zoom" in chosen,
        sized="Size by count" in chosen,
        labels="Labels" in chosen,
        trails="Trails" in chosen,
        morph=times,
        drag=drag,
        solid=solid,
    )


def _find_and_pin(sides: Sides, pins: list[str]) -> str | None:
    """The search field and the pinned words; gives the word whose neighbours are shown."""
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    bar.text_input(
        "Find a word",
        key="find-word",
        placeholder="Type a word and press Enter",
        on_change=_pin_typed,
        width=300,
        help="Pins the word: both maps mark it and its neighbours. A click on a point does the same. Keys: / comes "
        "here, arrows go through the neighbours, Enter pins one, Escape clears.",
    )
    missing = session.recall("not-found")
    focus = None
    if pins:
        wanted = session.recall("focus", pins[-1])
        focus = bar.pills(
            "Pinned words",
            pins,
            default=wanted if wanted in pins else None,
            key=f"pins-{session.recall('focus-changes', 0)}",
            width="content",
            help="Choose one to see its neighbours.",
        )
        session.remember("focus", focus)
        if focus is not None:
            bar.button("Unpin", icon=":material/close:", on_click=_unpin, args=(focus,), help="Remove the chosen word.")
    if missing and missing not in sides.index:
        st.warning(_why_missing(sides, missing))
    return focus


def _pin(word: str) -> None:
    session.update(pins=[*(pin for pin in session.workspace().pins if pin != word), word])
    _focus(word)


def _focus(word: str | None) -> None:
    session.remember("focus", word)
    session.remember("focus-changes", session.recall("focus-changes", 0) + 1)


def _pin_typed() -> None:
    typed = session.widget("find-word").strip()
    session.remember("not-found", typed)
    if typed:
        _pin(typed)


def _unpin(word: str) -> None:
    pins = [pin for pin in session.workspace().pins if pin != word]
    session.update(pins=pins)
    _focus(pins[-1] if pins else None)


def _why_missing(sides: Sides, word: str) -> str:
    words = sides.shared.words
    close = get_close_matches(word.lower(), words, n=5, cutoff=0.75)
    advice = f" Did you mean {', '.join(f'“{each}”' for each in close)}?" if close else ""
    only = [name for name, some in zip(sides.names, (sides.shared.only_left, sides.shared.only_right), strict=True)
            if word in some]  # fmt: skip
    if only:
        return f"“{word}” is in {only[0]} only, so it is on neither map.{advice}"
    minimum = max(sides.left.config.min_count, sides.right.config.min_count)
    return f"“{word}” is not on these maps: the text has it fewer than {minimum} times, or spells it otherwise.{advice}"


def _marks(sides: Sides, focus: str | None, changes: NeighbourChanges | None) -> list[Mark]:
    index = sides.index
    marks: list[Mark] = []
    if focus is not None and changes is not None:
        marks.append({"row": index[focus], "role": "pin"})
        marks += [{"row": index[each.word], "role": "kept"} for each in changes.kept]
        marks += [{"row": index[each.word], "role": "gained"} for each in changes.gained]
        marks += [{"row": index[each.word], "role": "lost"} for each in changes.lost]
    others = [pin for pin in session.workspace().pins if pin in index and pin != focus]
    marks += [{"row": index[pin], "role": "pin"} for pin in others]
    return marks


def _explain(sides: Sides, layout: PairLayout, note: str) -> None:
    method = _METHODS[layout.method]
    if layout.frame == "joint":
        how = (
            f"{FRAME_NOTE} {method}; the two spaces were turned onto each other first (residual "
            f"{sides.comparison.residual:.2f}: 0 they coincide, 1 they have nothing in common)."
        )
    else:
        how = (
            f"Each map was laid out on its own ({method}), then the right one was turned, mirrored and scaled onto the "
            f"left (residual {layout.residual:.2f}: 0 they coincide, 1 nothing in common). A word that did not change "
            "may still stand elsewhere. Nearest neighbours are computed from the full vectors, not from the map; "
            "distances between clusters on a map are not evidence."
        )
    if any(dose is not None for dose in sides.doses):
        how += (
            " Places at a dose lie on the line between the places at dose 0 and 1; neighbours are exact at every dose."
        )
    shown = f"{len(sides.shared.words):,} words, one point each."
    if sides.omitted:
        shown += (
            f" Both models share {sides.omitted + len(sides.shared.words):,}: shown are the most frequent of them, a "
            "random sample of the others, and every pinned word."
        )
        if sides.extras:
            shown += f" Amid their nearest words, not laid out themselves: {', '.join(sides.extras)}."
    st.caption(f"{shown} {how} {note}")


def _show_changes(sides: Sides, word: str, changes: NeighbourChanges) -> None:
    st.subheader(f"Neighbours of “{word}”", anchor=False)
    new = " \\* marks words that the pretrained file does not have." if sides.covered.any() else ""
    st.caption(
        f"The {_MARKED_NEIGHBOURS} nearest words in each model, by cosine similarity (1 same direction, 0 unrelated), "
        f"and how often each occurs in the text.{new}"
    )
    columns = st.columns(3, gap="medium")
    groups: list[tuple[Role, str, Sequence[NeighbourChange]]] = [
        ("kept", "Kept: near in both", changes.kept),
        ("gained", f"Gained: near in {sides.names[1]} only", changes.gained),
        ("lost", f"Lost: near in {sides.names[0]} only", changes.lost),
    ]
    for column, (role, heading, found) in zip(columns, groups, strict=True):
        with column:
            st.html(f"<b><span style='color:{ROLE_COLOURS[role]}'>●</span> {heading}</b>")
            if found:
                st.dataframe(_table(found), hide_index=True, column_config=_COLUMNS)
            else:
                st.caption("None.")


def _table(found: Sequence[NeighbourChange]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Word": [f"{each.word} *" if each.new else each.word for each in found],
            "Left": [each.left_similarity for each in found],
            "Right": [each.right_similarity for each in found],
            "Count": [each.right_count for each in found],
        }
    )
