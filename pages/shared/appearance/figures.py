"""Figures, each with what is drawn as a picture and as a table: the one way in which the pages show them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.export.figure_numbers import tabulate_figure, write_csv
from pages.shared import downloads

_QUIET = {"displayModeBar": False}
_offer_picture = st.components.v2.component(
    "vectune_picture", js=(Path(__file__).parent / "picture.js").read_text(encoding="utf-8")
)


def show(
    figure: Any,
    key: str,
    alt: str,
    *,
    table: Callable[[], pd.DataFrame] | None = None,
    config: Mapping[str, Any] = _QUIET,
    in_popover: bool = False,
    **options: Any,
) -> Any:
    """Draw a Plotly figure, and below it the menu with which it is kept. Gives what Streamlit's chart gives.

    Args:
        figure: two-dimensional, as `core` draws them.
        key: of the chart; its files have this name.
        alt: what the figure shows, in words.
        table: the numbers behind it; where there is none, the numbers that are drawn.
        config: Plotly's.
        in_popover: it is in one already, which cannot have another.
        options: of `st.plotly_chart`.
    """
    with st.container(key=f"figure-{key}", gap="xxsmall"):
        event = st.plotly_chart(figure, key=key, config=dict(config), alt=alt, **options)
        make = table or (lambda: tabulate_figure(figure))
        if in_popover:
            _offer_files((f"figure-{key}",), key, make, ())
        else:
            offer((f"figure-{key}",), key, make)
    return event


def offer(
    keys: Sequence[str], name: str, table: Callable[[], pd.DataFrame], *, titles: Sequence[str] = (), place: Any = st
) -> None:
    """A small menu: the charts inside the elements with these keys as one picture, and their numbers as a table.

    Args:
        keys: the charts, from left to right.
        name: of the files.
        table: makes the table, when it is asked for.
        titles: above each chart of the picture.
        place: where the menu is.
    """
    with place.popover("Save", icon=":material/download:", type="tertiary", width="content", key=f"save-{name}"):
        _offer_files(keys, name, table, titles)


def _offer_files(keys: Sequence[str], name: str, table: Callable[[], pd.DataFrame], titles: Sequence[str]) -> None:
    _offer_picture(
        key=f"picture-{name}",
        data={"keys": list(keys), "name": name, "titles": list(titles or [""] * len(keys))},
        height="content",
    )
    downloads.offer("Table (CSV)", lambda: write_csv(table()), f"{name}.csv", "text/csv", f"table-{name}")
