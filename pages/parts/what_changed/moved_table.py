"""The table of all shared words: brushed, filtered, sorted, by pages; what can be done with a row; download."""

import re
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.table import NEAR, WIDE, MovedTable, RowOrder, between, filter_words, sort_rows, write_moved_csv
from core.prose.colours import OTHER
from core.prose.numbers import count
from pages.shared import change_brush, downloads, messages, navigation, presses, selection, session, word_links
from pages.shared.compared import Sides
from pages.shared.selection import Brush

_PAGE = 100
_NAMED = 8
_FULL = 11
"""As many rows fill the table's height."""
_MOST_PINS = 10
_ORDERS: dict[RowOrder, str] = {
    "moved": "Farthest above noise",
    "stable": "Most stable",
    "change": "Largest change",
    "overlap": "Fewest neighbours kept",
    "count": "Most frequent",
}
_GREY = f"color: {OTHER}"


def brush(sides: Sides, table: MovedTable, histogram: Any) -> Brush | None:
    """Draw the histogram; the range that the user has brushed, None for all."""
    brushed = change_brush.ask("moved-histogram", sides, table, histogram)
    if brushed is None:
        st.caption("Drag across the bars to choose words by their change: here, and on the maps.")
        return None
    chosen = int(between(table, brushed.low, brushed.high).sum())
    with st.container(horizontal=True, vertical_alignment="center"):
        words = "word" if chosen == 1 else "words"
        st.caption(
            f"{chosen:,} {words} {messages.plain(brushed.text)}: listed below, and selected on the maps.",
            width="content",
        )
        if chosen and presses.button("See the maps", icon=":material/scatter_plot:"):
            navigation.go("maps")
        st.button("Clear", icon=":material/close:", on_click=selection.clear, help="Or double-click the chart.")
    return brushed


def show(sides: Sides, table: MovedTable, brushed: Brush | None) -> None:
    """Filters, one page of rows, and what to do with them."""
    st.header("Words of both models", anchor=False)
    if sides.omitted:
        st.caption(
            f"Both models share {sides.omitted + len(table.words):,} words: here are the most frequent of them, a "
            "sample of the others, and those that you searched for."
        )
    orders = [order for order in _ORDERS if table.movers is not None or order not in ("moved", "stable")]
    order_box, filter_box = st.columns([2, 5], vertical_alignment="bottom")
    order = order_box.selectbox(
        "Order",
        orders,
        format_func=_ORDERS.__getitem__,
        key=f"moved-order-{len(orders)}",
        persist_state="session",
    )
    wanted = filter_box.text_input(
        "Only these words",
        key=word_links.FILTER_KEY,
        placeholder="Paste a list, or leave empty for all",
        help="Separated by spaces, commas or semicolons; any number of them.",
        persist_state="session",
    )
    with_function_words = _choose_kinds(table)
    rows = _filter(sides, table, sort_rows(table, order), wanted, brushed, with_function_words)
    if not len(rows):
        st.info("No word is left. Clear the list, or double-click the histogram.", icon=":material/filter_alt_off:")
        return
    space = st.container()
    pages = -(-len(rows) // _PAGE)
    page = st.pagination(pages, key=f"moved-page-{pages}") if pages > 1 else 1
    with space:
        chosen = _draw(sides, table, rows[(page - 1) * _PAGE : page * _PAGE])
        _act(sides, table, rows, chosen)


def _choose_kinds(table: MovedTable) -> bool:
    """Whether to list numbers and the like, too."""
    hidden = int((~table.candidates.content & ~table.new).sum())
    return bool(hidden) and st.toggle(
        f"Also list {hidden:,} numbers, single letters and function words",
        key="moved-all-kinds",
        help="“1961”, “j.”, “'s”, “the”: they are not judged. Words that you paste are always listed.",
        persist_state="session",
    )


def _filter(
    sides: Sides,
    table: MovedTable,
    rows: np.ndarray,
    wanted: str,
    brushed: Brush | None,
    with_function_words: bool,
) -> np.ndarray:
    asked = bool(wanted.strip())
    ranked = table.ranked(with_function_words=with_function_words or asked)
    if asked:
        found = filter_words(wanted, sides.index)
        rows = rows[np.isin(rows, found.rows)]
        new = [table.words[row] for row in found.rows[table.new[found.rows]].tolist()]
        if new:
            more = f" and {len(new) - _NAMED:,} more" if len(new) > _NAMED else ""
            st.caption(
                messages.plain(f"Among the new words, which have a list of their own: {', '.join(new[:_NAMED])}{more}.")
            )
        if found.missing:
            named = ", ".join(f"“{word[:40]}”" for word in found.missing[:_NAMED])
            more = f" and {len(found.missing) - _NAMED:,} more" if len(found.missing) > _NAMED else ""
            st.warning(
                messages.plain(
                    f"{len(found.rows):,} of the {count('word', len(found.rows) + len(found.missing))} of the list are "
                    f"words of both models. Not among them: {named}{more}."
                ),
                icon=":material/filter_alt:",
            )
    rows = rows[ranked[rows]]
    return rows if brushed is None else rows[between(table, brushed.low, brushed.high)[rows]]


def _draw(sides: Sides, table: MovedTable, rows: np.ndarray) -> int | None:
    """One page of the table; the chosen row of the whole."""
    movers = table.movers
    columns: dict[str, Any] = {"Word": [table.words[row] for row in rows.tolist()]}
    if movers is not None:
        verdicts = np.select(
            [table.moved[rows], table.shown[rows], ~table.candidates.content[rows]],
            ["moved", "could be noise", "not judged"],
            "too rare",
        )
        columns |= {"Verdict": verdicts, "Above noise": movers.above[rows], "Moved from": movers.threshold[rows]}
    columns |= {
        "Change": table.change[rows],
        f"Overlap {NEAR}": table.overlap[rows],
        f"Weighted {NEAR}": table.weighted[rows],
        f"Overlap {WIDE}": table.wide_overlap[rows],
        f"Weighted {WIDE}": table.wide_weighted[rows],
    }
    if sides.has_two_texts:
        columns |= {"Count L": table.left_counts[rows], "Count R": table.right_counts[rows]}
    else:
        columns["Count"] = table.counts[rows]
    frame = pd.DataFrame(columns)
    event: Any = st.dataframe(
        frame if movers is None else frame.style.apply(lambda _: _greys(frame, table.moved[rows]), axis=None),
        hide_index=True,
        height="content" if len(rows) <= _FULL else 420,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key="moved-table",
        column_config=_column_config(sides),
    )
    picked = [place for place in event["selection"]["rows"] if place < len(rows)]
    return int(rows[picked[0]]) if picked else None


def _greys(frame: pd.DataFrame, moved: np.ndarray) -> pd.DataFrame:
    styles = np.where(moved[:, None], "", _GREY)
    return pd.DataFrame(np.repeat(styles, frame.shape[1], axis=1), frame.index, frame.columns)


def _column_config(sides: Sides) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    share = "Its {} nearest words in each model: the share that both lists have, of all that are on either (Jaccard)."
    weighted = "The same, the nearest counting most."
    return {
        "Word": st.column_config.TextColumn(width="medium"),
        "Verdict": st.column_config.TextColumn(
            help="Moved: farther than noise moves it, and too far to be one of the few that get there by chance."
        ),
        "Above noise": number(format="%.1f", help="Standard deviations above what noise does to this word."),
        "Moved from": number(format="%.3f", help="From this change on the word would be called moved."),
        "Change": number(
            format="%.3f",
            help="1 − cosine after aligning the models: 0 unmoved, 1 unrelated. Once the noise is measured, the mean "
            "over retrainings.",
        ),
        f"Overlap {NEAR}": number(format="%.2f", help=share.format(NEAR)),
        f"Weighted {NEAR}": number(format="%.2f", help=weighted),
        f"Overlap {WIDE}": number(format="%.2f", help=share.format(WIDE)),
        f"Weighted {WIDE}": number(format="%.2f", help=weighted),
        "Count": number(help="How often the text has it."),
        "Count L": number(help=f"How often {messages.plain(sides.texts[0])} has it."),
        "Count R": number(help=f"How often {messages.plain(sides.texts[1])} has it."),
    }


def _act(sides: Sides, table: MovedTable, rows: np.ndarray, chosen: int | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if chosen is None:
            st.caption("Tick a row to look at its word.", width="content")
        else:
            word_links.offer_word(table.words[chosen], "moved-word")
        words = [table.words[row] for row in rows[:_MOST_PINS].tolist()]
        if presses.button(
            f"Pin the first {len(words)} on the maps" if len(words) > 1 else "Pin it on the maps",
            about=" ".join(words),
            icon=":material/push_pin:",
        ):
            selection.select(frozenset(table.words[row] for row in rows.tolist()))
            session.pin(*reversed(words))
            navigation.go("maps")
        downloads.offer(
            f"Download {count('word', len(rows))} as CSV",
            lambda: write_moved_csv(table, rows, two_texts=sides.has_two_texts),
            f"{_file_name(sides.names)}.csv",
            "text/csv",
            "moved-file",
        )


def _file_name(names: tuple[str, str]) -> str:
    return re.sub(r"[^\w]+", "-", f"what-moved-{names[0]}-{names[1]}").strip("-").lower()
