"""The map that moves, the lines of chosen words, their neighbours, and the list of all: one part of the page."""

from core.comparison.study.shown import ShownStudy
from pages.parts.study import lines, listing, moving_map, pins, story
from pages.shared import guards


@guards.fragment()
def show(shown: ShownStudy) -> None:
    """Draw them; a word that is chosen in one is chosen in all."""
    chosen = pins.choose(shown)
    moving_map.show(shown, chosen)
    if chosen:
        lines.show(shown, chosen)
        story.show(shown, chosen)
    listing.show(shown)
