"""A report on two models: one HTML file that opens offline, with both maps, and everything needed to check it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from core.comparison.movers import LEAST_COUNT, NOISE_TEXTS, Movers
from core.comparison.neighbourhood import Neighbourhoods, neighbour_words
from core.comparison.pair import Comparison
from core.maps.page import FRAME_NOTE, describe_maps, page_templates
from core.methods import Citation
from core.models.description import TextSource, VectorsSource
from core.models.embedding import Embedding, result_digest
from core.prose.citations import works_behind
from core.prose.colours import COVERED, NEW
from core.prose.numbers import count, write_share
from core.score.bootstrap import Estimate
from core.score.scorecard import Scorecard
from core.score.verdict import Verdict, judge
from core.score.word_pairs import LIST_TITLES
from core.text.split import write_units

LISTED_WORDS, LISTED_NEIGHBOURS = 40, 8

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""What the page may do: run its own script, draw. It cannot ask the network for anything."""


@dataclass(frozen=True, slots=True, eq=False)
class ReportedPair:
    """What the report is about: two models, what to call them, how they compare, and what is known about noise."""

    names: tuple[str, str]
    left: Embedding
    right: Embedding
    comparison: Comparison
    movers: Movers | None = None


def write_report(
    pair: ReportedPair,
    figures: tuple[Any, Any],
    card: Scorecard | None = None,
    *,
    date: str = "",
    pins: Sequence[str] = (),
) -> str:
    """The page's HTML.

    Args:
        pair: the two models.
        figures: their maps, from `core.maps.figures.draw_pair`.
        card: the scorecard of the models, if one was made.
        date: today's, as people read it.
        pins: words that the user had pinned; listed first.
    """
    return (
        page_templates("core.export")
        .get_template("core.export/report.html")
        .render(
            describe_maps(pair.names, figures, FRAME_NOTE),
            policy=_POLICY,
            lead=_lead(pair, card),
            legend=_legend(pair),
            words=_words(pair, pins),
            scores=None if card is None else _scores(card),
            making=_making(pair),
            version=pair.right.sources.versions.get("vectune", ""),
            date=date,
            works=_works(pair, card is not None),
        )
    )


def _lead(pair: ReportedPair, card: Scorecard | None) -> str:
    if card is not None:
        return judge(card).headline
    overlap = float(np.nanmean(pair.comparison.overlap))
    return (
        f"{len(pair.comparison.words):,} words in two models of “{pair.right.sources.corpus.name}”. "
        f"On average a word shares {write_share(overlap, 0)} of its {pair.comparison.topn} nearest neighbours with "
        "itself in the other model. Whether one of them is better, only a scorecard can tell; none was made."
    )


def _legend(pair: ReportedPair) -> list[tuple[str, str]]:
    """Colours and what they mean."""
    if pair.left.covered.any() or pair.right.covered.any():
        return [(COVERED, "in the pretrained file"), (NEW, "not in it")]
    return []


class _Word(NamedTuple):
    word: str
    pinned: bool
    numbers: Sequence[str]
    lost: str
    gained: str


class _Words(NamedTuple):
    introduction: str
    topn: int
    residual: str
    columns: list[str]
    rows: Sequence[_Word]


def _words(pair: ReportedPair, pins: Sequence[str]) -> _Words:
    comparison, movers = pair.comparison, pair.movers
    counts = pair.right.counts[comparison.shared.right_rows]
    known = {word: row for row, word in enumerate(comparison.words)}
    pinned = [known[word] for word in dict.fromkeys(pins) if word in known]
    order, introduction = _by_change(comparison, counts) if movers is None else _by_noise(movers)
    chosen = [*pinned, *(row for row in order if row not in set(pinned))][: LISTED_WORDS + len(pinned)]
    columns = {
        "Count": [f"{count:,}" for count in counts.tolist()],
        "Overlap": [_number(value) for value in comparison.overlap.tolist()],
        "Change": [_number(value) for value in (comparison if movers is None else movers).change.tolist()],
    }
    if movers is not None:
        columns["Noise"] = [_number(value) for value in movers.floor.tolist()]
        columns["Above noise"] = [_above(movers, row) for row in range(len(comparison.words))]
    near, rows = Neighbourhoods(comparison, pair.left, pair.right, movers), []
    for row in chosen:
        word = comparison.words[row]
        found = neighbour_words(near, row, comparison.topn)
        lost, gained = (", ".join(side[:LISTED_NEIGHBOURS]) for side in (found.lost, found.gained))
        rows.append(_Word(word, row in pinned, [values[row] for values in columns.values()], lost, gained))
    return _Words(introduction, comparison.topn, f"{comparison.residual:.3f}", list(columns), rows)


def _by_change(comparison: Comparison, counts: np.ndarray) -> tuple[list[int], str]:
    """Rows that kept the fewest neighbours first, and what that is worth."""
    overlap, change = comparison.overlap, comparison.change
    least = LEAST_COUNT if (counts >= LEAST_COUNT).sum() >= LISTED_WORDS else 1
    eligible = np.flatnonzero((counts >= least) & np.isfinite(change) & np.isfinite(overlap))
    return eligible[np.lexsort((-change[eligible], overlap[eligible]))].tolist(), (
        f"Of the words that occur at least {count('time', least)}, those that kept the fewest of their "
        "nearest neighbours. Training again with another seed moves words too, and that noise was not measured: a "
        "single word’s change is a hint, not a finding."
    )


def _by_noise(movers: Movers) -> tuple[list[int], str]:
    """Rows that moved more than noise, farthest first, and how that was found out."""
    judged, moved = int(movers.judged.sum()), int(movers.moved.sum())
    noise = " and ".join(
        f"{NOISE_TEXTS[kind]} ({count('comparison', runs)})"
        for kind, runs in zip(movers.kinds, movers.runs, strict=True)
    )
    listed = f"; the {LISTED_WORDS} farthest above it are listed" if moved > LISTED_WORDS else ""
    return movers.most_moved.tolist(), (
        f"{moved:,} of {judged:,} words that occur at least {LEAST_COUNT} times moved more than noise{listed}. Noise "
        f"is how far models move words that ought to be the same: {noise}. Moved: too far for the word's own noise, "
        "which words of like count help to tell; of the words called moved, at most "
        f"{write_share(movers.level, 0)} are expected to be noise (Benjamini & Hochberg 1995). Above "
        "noise: in standard deviations of the noise."
    )


def _above(movers: Movers, row: int) -> str:
    return _number(float(movers.above[row]), 1) if movers.judged[row] else "not judged"


class _Scores(NamedTuple):
    verdict: Verdict
    lists: list[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    questions: str
    held_out: str


def _scores(card: Scorecard) -> _Scores:
    lists = [name for name in LIST_TITLES if any(name in model.pairs for model in card.models)]
    rows = []
    for model in card.models:
        scores = [model.pairs[name].correlation if name in model.pairs else math.nan for name in lists]
        gain = ("reference", "") if model.name == card.reference else _points(model.delta, signed=True)
        rows.append((model.name, (*_points(model.cloze), *gain, *(_number(score, 3) for score in scores))))
    titles = [LIST_TITLES[name] for name in lists]
    return _Scores(judge(card), titles, rows, count("question", card.positions), write_units(card.unit, card.documents))


def _points(estimate: Estimate, *, signed: bool = False) -> tuple[str, str]:
    sign = "+" if signed else ""
    return f"{100 * estimate.value:{sign}.1f} %", f"{100 * estimate.low:{sign}.1f} to {100 * estimate.high:{sign}.1f}"


class _Cell(NamedTuple):
    text: str
    digest: str = ""


def _making(pair: ReportedPair) -> list[tuple[str, Sequence[_Cell]]]:
    """What a reader needs to make both models again: what it is called, and a cell for each side."""
    sides = (pair.left, pair.right)
    settings = [side.config.as_dict() for side in sides]
    rows: list[tuple[str, Sequence[_Cell]]] = [
        (key, [_Cell(str(each[key])) for each in settings]) for key in settings[0]
    ]
    rows += [
        ("kept dose", [_dose(side) for side in sides]),
        ("words", [_Cell(f"{len(side.words):,}") for side in sides]),
        ("of them in the pretrained file", [_Cell(f"{int(side.covered.sum()):,}") for side in sides]),
        ("text", [_source(side.sources.corpus) for side in sides]),
        ("how it was cut into tokens", [_options(asdict(side.sources.corpus.options)) for side in sides]),
        ("pretrained vectors", [_source(side.sources.pretrained) for side in sides]),
        ("digest of the result", [_Cell("", result_digest(side)) for side in sides]),
        ("versions", [_options(side.sources.versions) for side in sides]),
    ]
    return rows


def _dose(side: Embedding) -> _Cell:
    return _Cell("" if side.dose is None else f"{side.dose:.3f}")


def _source(source: TextSource | VectorsSource | None) -> _Cell:
    return _Cell("none") if source is None else _Cell(source.name, source.digest)


def _options(options: Mapping[str, Any]) -> _Cell:
    return _Cell(", ".join(f"{key} {value}" for key, value in options.items()))


def _works(pair: ReportedPair, scored: bool) -> tuple[Citation, ...]:
    sides = (pair.left, pair.right)
    pretrained = any(side.sources.pretrained is not None for side in sides)
    configs = [side.config for side in sides]
    engines = [config.trained_by for config in configs]
    return works_behind([config.strategy for config in configs], engines, pretrained=pretrained, scored=scored)


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"
