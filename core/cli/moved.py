"""`moved`: which words moved between two models by more than noise, with the retrainings that tell it."""

import argparse
import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.cli.printing import LineProgress, print_notes, print_result
from core.cli.sides import KeptSide, ModelFolder, keep_sides, open_sides
from core.comparison.candidates import find_candidates
from core.comparison.kept_noise import find_measured, load_noise
from core.comparison.moved_sentence import describe_moved
from core.comparison.movers import NOISE_TEXTS, NoiseKind
from core.comparison.neighbourhood import Neighbourhoods, neighbour_words
from core.comparison.new_words import order_new_words
from core.comparison.noise import judge_words, measure_movers
from core.comparison.noise_plan import (
    FEWEST_DOCUMENTS,
    NoisePlan,
    asked_kinds,
    estimate_noise_seconds,
    plan_noise,
    usual_kinds,
)
from core.comparison.pair import compare
from core.errors import ComparisonError
from core.progress import Progress, portion
from core.prose.cells import one_line
from core.prose.numbers import count, readable_seconds
from core.text.languages import language_of
from core.text.resampling import DEALT_TOKENS, FEWEST_DEALT, FEWEST_OF_EACH

_NAMES: Mapping[str, str] = {"placebo": "shuffled"}
"""What a kind of noise is called here, where it is called otherwise."""
_BLOCKS = (
    f"the two texts have fewer than {FEWEST_DEALT} documents together, or one of them fewer than {FEWEST_OF_EACH}, so "
    f"stretches of {DEALT_TOKENS} words were dealt out: that tells whether these two texts differ, not whether other "
    "documents like them would. Texts in more documents tell that"
)
_LISTED, _NEIGHBOURS = 20, 10
_READ, _COMPARED = 0.05, 0.1  # shares of the work


def run_moved(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.top is not None and options.top < 1:
        raise ComparisonError(f"--top is {options.top}; it must be 1 or more. Leave it out to have all that moved.")
    progress = LineProgress("moved")
    sides = open_sides(options.left, options.right)
    kept = keep_sides(sides, portion(progress, 0, _READ))
    plan, wanted = choose_noise(sides, kept, options.noise)
    left, right = (side.embedding for side in sides)
    comparison = compare(left, right, _NEIGHBOURS, progress=portion(progress, _READ, _COMPARED))
    plan = _measure(plan, wanted, kept, portion(progress, _COMPARED, 1))
    candidates = find_candidates(comparison.shared, left, right, [language_of(each.corpus) for each in kept])
    found = {kind: judge_words(plan, (kind,), comparison, left, right, candidates.judged) for kind in wanted}
    unit = load_noise(plan, (), "permutation").unit if "permutation" in wanted else ""
    (decisive,) = usual_kinds(wanted)
    movers = found[decisive]
    if unit == "blocks":
        print_notes([_BLOCKS])
    near = Neighbourhoods(comparison, left, right, movers)
    rows = movers.most_moved[: options.top].tolist()
    result = {
        "left": sides[0].name,
        "right": sides[1].name,
        "noise": _name_noise(decisive),
        "sentence": describe_moved(found, (sides[0].name, sides[1].name), unit),
        "judged": int(movers.judged.sum()),
        "moved": [_describe_word(near, row) for row in rows],
        "new_words": [comparison.words[row] for row in order_new_words(comparison, left, right, candidates).tolist()],
    }
    if options.json:
        print_result(result, True)
    else:
        _print_words(result, decisive, options.top or _LISTED, int(movers.moved.sum()))


def choose_noise(
    sides: Sequence[ModelFolder], kept: Sequence[KeptSide], wanted: str
) -> tuple[NoisePlan, tuple[NoiseKind, ...]]:
    """Which kinds of noise apply to these two, and which of them to measure.

    Raises:
        ComparisonError: that noise cannot be measured of these two, or none can; says what can be done.
    """
    documents = min(each.corpus.n_documents for each in kept)
    plan = plan_noise(kept[0].noise, kept[1].noise, documents)
    if wanted == "auto":
        if not plan.kinds:
            raise ComparisonError(
                f"There is no noise to hold the change between {sides[0].name} and {sides[1].name} against: nothing "
                f"about them is random, and fewer than {FEWEST_DOCUMENTS} documents cannot be drawn anew. "
                "See the change itself with the compare command."
            )
        return plan, asked_kinds(plan)
    kind = next((each for each in plan.kinds if _name_noise(each) == wanted), None)
    if kind is None:
        others = " or ".join(map(_name_noise, plan.kinds))
        raise ComparisonError(
            f"--noise {wanted} cannot be measured of these two: {_why_not(wanted, kept, documents)}. "
            + (f"Use --noise {others}, or leave it out." if others else "See the change itself with compare.")
        )
    return plan, (kind,)


def _why_not(wanted: str, kept: Sequence[KeptSide], documents: int) -> str:
    if wanted == "permutation":
        texts = {each.corpus.digest: each.corpus.name for each in kept}
        if len(texts) == 1:
            return f"it deals the documents of two texts out anew, and both models are of “{kept[0].corpus.name}”"
        return "one of them is the vectors file itself, which documents change nothing about"
    if wanted == "seed":
        return "another seed gives both models the same vectors"
    if wanted == "documents":
        few = documents < FEWEST_DOCUMENTS
        return f"a text has {count('document', documents)}" if few else "neither is made from the text"
    return "only models that start from the same pretrained vectors can be trained on shuffled words to tell it"


def _measure(plan: NoisePlan, kinds: Sequence[NoiseKind], kept: Sequence[KeptSide], progress: Progress) -> NoisePlan:
    """Make the retrainings that are missing; the plan that was measured."""
    known = find_measured(plan, kinds)
    if known is not None:
        return known
    seconds = estimate_noise_seconds(plan, kept[0].corpus, kept[1].corpus, kinds)
    number = sum(plan.retrainings(kind) for kind in kinds)
    most = "at most " if "permutation" in kinds else ""
    took = f"{most}{count('retraining', number)}, about {readable_seconds(seconds)}"
    print_notes([f"{took}; they are kept, so the next call is fast"])
    measure_movers(progress, plan, kinds)
    return plan


def _name_noise(kind: NoiseKind) -> str:
    return _NAMES.get(kind, kind)


def _describe_word(near: Neighbourhoods, row: int) -> dict[str, Any]:
    shared, found = near.comparison.shared, neighbour_words(near, row, _NEIGHBOURS)
    assert near.movers is not None
    change = float(near.movers.change[row])
    return {
        "word": shared.words[row],
        "change": change if math.isfinite(change) else None,
        "count_left": int(near.left.counts[shared.left_rows[row]]),
        "count_right": int(near.right.counts[shared.right_rows[row]]),
        "gained": list(found.gained),
        "lost": list(found.lost),
    }


def _print_words(result: dict[str, Any], noise: NoiseKind, listed: int, moved: int) -> None:
    print(result["sentence"])
    shown = result["moved"][:listed]
    if shown:
        left, right = result["left"], result["right"]
        print(f"\n{count('word', moved)} moved further than {NOISE_TEXTS[noise]} would move them:")
        print(f"{'word':20} {'change':>6} {'count left':>10} {'right':>7}   gained in {right} | lost from {left}")
    for each in shown:
        change = "–" if each["change"] is None else f"{each['change']:.2f}"
        near = " | ".join(", ".join(each[side][:4]) or "–" for side in ("gained", "lost"))
        counts = f"{each['count_left']:10,} {each['count_right']:7,}"
        print(f"{one_line(each['word']):20} {change:>6} {counts}   {one_line(near)}")
    if moved > len(shown):
        print(f"and {moved - len(shown):,} more: --top {moved} or --json has them all")
    new = result["new_words"]
    if new:
        named = ", ".join(new[:10]) + (f" and {len(new) - 10:,} more" if len(new) > 10 else "")
        print(f"\n{count('new word', len(new))}, which the pretrained file lacks: {one_line(named)}")
