"""One sentence that says how many words moved, held against each noise that was measured."""

from collections.abc import Mapping

from core.comparison.movers import LEAST_COUNT, Movers, NoiseKind
from core.prose.numbers import count, write_share
from core.text.resampling import DEALT_TOKENS

_FURTHER: dict[NoiseKind, str] = {
    "permutation": "dealing the same {units} out anew made them differ",
    "seed": "retraining alone moves them",
    "documents": "another sample of your documents would",
    "placebo": "your words in random order would",
}
"""In the order in which they are told: what words exceed most easily first. Deals, of two texts, come before all."""


def describe_moved(found: Mapping[NoiseKind, Movers], names: tuple[str, str], unit: str = "documents") -> str:
    """How many of the judged words moved, as a plain sentence to be quoted.

    Of two texts that were dealt out anew: how many words differ between the two. Else: how many moved further than by
    the first kind of noise. Then, of those, how many moved further than by each of the others, and how many of the
    words named may be chance.

    Args:
        found: for each kind of noise that was measured, the words held against it alone.
        names: of the left and the right model.
        unit: what was dealt out, "documents" or "blocks".

    Raises:
        ValueError: no noise was measured.
    """
    kinds = [kind for kind in _FURTHER if kind in found]
    if not kinds:
        raise ValueError("no noise was measured, so nothing is known of what moved")
    first, *others = kinds
    judged, moved = found[first].judged, found[first].moved
    left, right = (f"“{name}”" for name in names)
    if not judged.any():
        return (
            f"No word is judged between {left} and {right}: none that both have, that carries meaning of its own and "
            f"that has a known start occurs {LEAST_COUNT} times or more in each text."
        )
    total, number = int(judged.sum()), int(moved.sum())
    start = f"{number:,} of {total:,}" if number else f"None of {total:,}"
    subject = f"{start} judged {'word' if total == 1 else 'words'}"
    # With several kinds: of all that exceed one, which may be a few more than those named of them here.
    whom = "all that moved further than each" if others else "those named"
    chance = [f"expected by chance: at most {write_share(found[first].level, 0)} of {whom}"] if number else []
    if first == "permutation":
        verb = "differ" if number > 1 else "differs"
        units = "documents" if unit == "documents" else f"stretches of {DEALT_TOKENS} words"
        sentence = f"{subject} {verb} between {left} and {right} by more than {_FURTHER[first].format(units=units)}"
        chance = [f"in {count('deal', found[first].runs[0])}", *chance]
    else:
        sentence = f"{subject} moved from {left} to {right} further than {_FURTHER[first]}"
        sentence += "" if first == "seed" else " move them"
    if number and others:
        more = [f"{int((found[kind].moved & moved).sum()):,} further than {_FURTHER[kind]}" for kind in others]
        sentence += "; of those, " + "; ".join(more)
    return sentence + (f" ({'; '.join(chance)})." if chance else ".")
