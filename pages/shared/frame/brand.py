"""What stands left of the menu: the product's name, and below it the name of the text in use."""

import unicodedata
from base64 import b64encode
from html import escape

import streamlit as st

from core.prose.colours import INK_BY_SCHEME

_MOST_COLUMNS = 24
_LETTER = 6.7
"""Pixels of a letter of the text's name; most are narrower."""
_NAME_WIDTH, _HEIGHT = 84, 32
(_INK, _LESSER), (_INK_ON_DARK, _LESSER_ON_DARK) = INK_BY_SCHEME["light"], INK_BY_SCHEME["dark"]
_STYLE = (
    f"text{{font-family:'Source Sans','Segoe UI',system-ui,sans-serif;fill:{_INK}}}"
    f".small{{font-size:12px;fill:{_LESSER}}}"
    f"@media(prefers-color-scheme:dark){{text{{fill:{_INK_ON_DARK}}}.small{{fill:{_LESSER_ON_DARK}}}}}"
)
"""A picture takes the scheme of the page that it is on, which is Streamlit's theme, not the system's."""


def show(text: str | None) -> None:
    """Draw it. `text`: the name of the text in use."""
    st.logo(_draw(text), size="large")


def _draw(text: str | None) -> str:
    """An SVG as a picture's address: as one, whatever a name holds is neither run nor fetched."""
    name = "" if text is None else shorten(text)
    width = max(_NAME_WIDTH, int(_LETTER * count_columns(name)) + 2)
    places = (13, 28) if name else (22, 0)
    below = f"<text class='small' x='1' y='{places[1]}'>\u2068{escape(name)}\u2069</text>" if name else ""
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{_HEIGHT}' viewBox='0 0 {width} {_HEIGHT}'>"
        f"<style>{_STYLE}</style>"
        f"<text x='1' y='{places[0]}' font-size='17' font-weight='700'>Vectune</text>{below}</svg>"
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def shorten(name: str) -> str:
    """As much of a name as there is room for, without what no picture can hold."""
    shown = "".join(each for each in " ".join(name.split()) if unicodedata.category(each) not in ("Cc", "Cf", "Cs"))
    if count_columns(shown) <= _MOST_COLUMNS:
        return shown
    while count_columns(shown) > _MOST_COLUMNS - 1:
        shown = shown[:-1]
    return f"{shown.rstrip()}…"


def count_columns(text: str) -> int:
    """How wide it is, in letters: Chinese ones and the like are two wide, marks on letters take no room."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )
