"""The one palette: every colour that the program draws with, by what it means.

The colours are safe for any colour vision: seven of Okabe and Ito's (2008) for kinds, of which any two differ by 15
or more in CIELAB under simulated protanopia, deuteranopia and tritanopia (the yellow, which vanishes on white, is a
brown here), and viridis for amounts without its ends, which vanish on black or on white. Those of single things read
on a light and on a dark page alike, and none of them stands for two things. Only those of the page itself belong to one
background.
"""

from typing import Literal

KIND_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c6d31")
"""Of kinds that have no order."""
MORE_KIND_COLOURS = (
    *("#600cfc", "#fc18d8", "#78b400", "#fc0060", "#6c3cb4"),
    *("#a83c3c", "#3c6c0c", "#a80078", "#fc0018"),
)
"""Of the eighth kind and those after it: each as far as could be from all before it, for an eye that sees every colour
(36 in CIELAB at least), among those that stand out 2.5 : 1 on a light and on a dark page."""
COVERED, NEW = "#8067c8", "#e0359a"
"""Of words that the pretrained file has, and of those it has not."""
SERIES = "#4a7a99"
"""Of what a figure shows where it shows one thing only."""
OTHER = "#8b93a1"
"""Of all that is not singled out: words without a value, models not chosen, lines."""
FAINT = "rgba(139,147,161,.22)"
"""`OTHER`, of grid lines."""
CLEAR = "rgba(0,0,0,0)"
"""Of what lets the page show through."""
SCALE = ("#472f7d", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#dde318")
"""Of amounts, low to high; what lies between two is mixed."""

Role = Literal["pin", "kept", "lost", "gained", "borderline"]
ROLE_COLOURS: dict[Role, str] = {
    "pin": "#c2255c",
    "kept": "#5f6b7a",
    "lost": "#d9480f",
    "gained": "#087f5b",
    "borderline": OTHER,
}
"""Of the rings round a pinned word and its neighbours, on both maps and in the lists."""

MOVED, NOISE = "#e8590c", "#3e7f8c"
"""Of words that moved more than noise, and of the noise."""
NOISE_AREA = "rgba(62,127,140,.16)"
"""`NOISE`, of areas that lines run through."""
CHOSEN, PLACEBO = "#4c6ef5", "#e8890c"
"""Of the model that is judged, and of the one that learned from shuffled words."""

PAPER, INK, EDGE = "#ffffff", "#1c2130", "#d9dce6"
"""Of a light page: its background, its text, its lines. The app's own theme says the same."""
INK_BY_SCHEME = {"light": (INK, "#555b6e"), "dark": ("#e8eaf2", "#b3b8c9")}
"""Text and lesser text of a page that is light or dark, as the app's themes have them."""
