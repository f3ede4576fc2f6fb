"""A report on two models: one HTML file that opens offline, with both maps, and everything needed to check it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from core.comparison.movers import LEAST_COUNT, NOISE_TEXTS, Movers
from core.comparison.pair import Comparison, neighbour_changes
from core.maps.figures import FRAME_NOTE, maps_page
from core.models.embedding import Embedding, result_digest
from core.prose.citations import works_behind
from core.prose.colours import COVERED, NEW
from core.prose.numbers import write_share
from core.score.bootstrap import Estimate
from core.score.scorecard import Scorecard
from core.score.verdict import LIST_TITLES, judge

LISTED_WORDS, LISTED_NEIGHBOURS = 40, 8

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""What the page may do: run its own script, draw. It cannot ask the network for anything."""

_STYLE = """<style>
.report { max-width: 60rem; } .report h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
.report table { border-collapse: collapse; font-size: .9rem; display: block; overflow-x: auto; }
.report th, .report td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #d9dce6;
  vertical-align: top; }
.report td { overflow-wrap: break-word; max-width: 24rem; } .report code { overflow-wrap: anywhere; }
.report td.n { text-align: right; font-variant-numeric: tabular-nums; }
.report code { font-size: .85em; } .lead { font-size: 1.1rem; max-width: 60rem; }
@media print { .report table { display: table; } }
</style>"""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What the report is about: two models, what to call them, how they compare, and what is known about noise."""

    names: tuple[str, str]
    left: Embedding
    right: Embedding
    comparison: Comparison
    movers: Movers | None = None


def write_report(
    pair: Pair, figures: tuple[Any, Any], card: Scorecard | None = None, *, date: str = "", pins: Sequence[str] = ()
) -> str:
    """The page's HTML.

    Args:
        pair: the two models.
        figures: their maps, from `core.maps.figures.draw_pair`.
        card: the scorecard of the models, if one was made.
        date: of today, as it is to be read.
        pins: words that the user had pinned; listed first.
    """
    page = maps_page(pair.names, figures, FRAME_NOTE)
    sections = [
        _words_section(pair, pins),
        _scorecard_section(card),
        _making_section(pair),
        _citing_section(pair, card is not None, date),
    ]
    page = _insert(
        page, "<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">{_STYLE}'
    )
    page = _insert(page, "</h1>", f'</h1><p class="lead">{_lead(pair, card)}</p>{_legend(pair)}')
    head, end, tail = page.rpartition("</body>")
    return f'{head}<div class="report">{"".join(sections)}</div>{end}{tail}'


def _insert(page: str, mark: str, replacement: str) -> str:
    before, found, after = page.partition(mark)
    if not found:
        raise ValueError(f"the page of maps has no {mark}")
    return before + replacement + after


def _lead(pair: Pair, card: Scorecard | None) -> str:
    if card is not None:
        return escape(judge(card).headline)
    overlap = float(np.nanmean(pair.comparison.overlap))
    return (
        f"{len(pair.comparison.words):,} words in two models of “{escape(str(pair.right.sources['corpus']['name']))}”. "
        f"On average a word shares {write_share(overlap, 0)} of its {pair.comparison.topn} nearest neighbours with "
        "itself in the other model. Whether one of them is better, only a scorecard can tell; none was made."
    )


def _legend(pair: Pair) -> str:
    entries = ""
    if pair.left.covered.any() or pair.right.covered.any():
        dots = ((COVERED, "in the pretrained file"), (NEW, "not in it"))
        entries = "".join(f'<span style="color:{colour}">●</span> {text} &nbsp; ' for colour, text in dots)
    return f"<p><small>{entries}Larger points occur more often. Hover a word, or click it to ring it.</small></p>"


def _words_section(pair: Pair, pins: Sequence[str]) -> str:
    comparison, movers = pair.comparison, pair.movers
    counts = pair.right.counts[comparison.shared.right_rows]
    known = {word: row for row, word in enumerate(comparison.words)}
    pinned = [known[word] for word in dict.fromkeys(pins) if word in known]
    order, introduction = _by_change(comparison, counts) if movers is None else _by_noise(movers)
    rows = [*pinned, *(row for row in order if row not in set(pinned))][: LISTED_WORDS + len(pinned)]
    columns = [
        ("Count", [f"{count:,}" for count in counts.tolist()]),
        ("Overlap", [_number(value) for value in comparison.overlap.tolist()]),
        ("Change", [_number(value) for value in (comparison if movers is None else movers).change.tolist()]),
    ]
    if movers is not None:
        columns.append(("Noise", [_number(value) for value in movers.floor.tolist()]))
        columns.append(("Above noise", [_above(movers, row) for row in range(len(comparison.words))]))
    body = []
    for row in rows:
        word = comparison.words[row]
        found = neighbour_changes(pair.left, pair.right, word, comparison.topn, shared=comparison.shared)
        lost, gained = (
            ", ".join(escape(each.word) for each in side[:LISTED_NEIGHBOURS]) for side in (found.lost, found.gained)
        )
        name = f"<b>{escape(word)}</b>{' (pinned)' if row in pinned else ''}"
        body.append((name, *(values[row] for _, values in columns), lost, gained))
    near = (f"Near in {escape(name)} only" for name in pair.names)
    head = ("Word", *(title for title, _ in columns), *near)
    return (
        f"<h2>Words that moved</h2><p>{introduction} Overlap: share of the {comparison.topn} nearest neighbours that "
        "the two lists have in common (Jaccard, 1 the same). Change: 1 − cosine after the two spaces were laid over "
        f"each other (0 unmoved, 1 unrelated; residual of the alignment {comparison.residual:.3f}).</p>"
        f"{_table(head, body, numbers=range(1, len(columns) + 1))}"
    )


def _by_change(comparison: Comparison, counts: np.ndarray) -> tuple[list[int], str]:
    """Rows that kept the fewest neighbours first, and what that is worth."""
    overlap, change = comparison.overlap, comparison.change
    least = LEAST_COUNT if (counts >= LEAST_COUNT).sum() >= LISTED_WORDS else 1
    eligible = np.flatnonzero((counts >= least) & np.isfinite(change) & np.isfinite(overlap))
    return eligible[np.lexsort((-change[eligible], overlap[eligible]))].tolist(), (
        f"Of the words that occur at least {least} time{'s' * (least > 1)}, those that kept the fewest of their "
        "nearest neighbours. Training again with another seed moves words too, and that noise was not measured: a "
        "single word’s change is a hint, not a finding."
    )


def _by_noise(movers: Movers) -> tuple[list[int], str]:
    """Rows that moved more than noise, farthest first, and how that was found out."""
    judged, moved = int(movers.judged.sum()), int(movers.moved.sum())
    noise = " and ".join(
        f"{NOISE_TEXTS[kind]} ({runs} comparison{'s' * (runs > 1)})"
        for kind, runs in zip(movers.kinds, movers.runs, strict=True)
    )
    listed = f"; the {LISTED_WORDS} farthest above it are listed" if moved > LISTED_WORDS else ""
    return movers.most_moved.tolist(), (
        f"{moved:,} of {judged:,} words that occur at least {LEAST_COUNT} times moved more than noise{listed}. Noise "
        f"is how far models move words that ought to be the same: {noise}. Moved: beyond the 95 % bound of the noise "
        f"of words of like count, with at most {write_share(movers.level, 0)} of the words called moved expected to be "
        "noise (Benjamini & Hochberg 1995). Above noise: in standard deviations of the noise."
    )


def _above(movers: Movers, row: int) -> str:
    return _number(float(movers.above[row]), 1) if movers.judged[row] else "not judged"


def _scorecard_section(card: Scorecard | None) -> str:
    if card is None:
        return "<h2>Scorecard</h2><p>No scorecard was made of these models.</p>"
    verdict = judge(card)
    lists = [name for name in LIST_TITLES if any(name in model.pairs for model in card.models)]
    head = ("Model", "Cloze", "95 % interval", "Gain", "95 % interval", *(LIST_TITLES[name] for name in lists))
    body = []
    for model in card.models:
        scores = [model.pairs[name].correlation if name in model.pairs else math.nan for name in lists]
        gain = ("reference", "") if model.name == card.reference else _points(model.delta, signed=True)
        body.append((escape(model.name), *_points(model.cloze), *gain, *(_number(score, 3) for score in scores)))
    return (
        f"<h2>Scorecard</h2><p><b>{escape(verdict.headline)}</b></p>{_list(verdict.caveats)}"
        f"{_table(head, body, numbers=range(1, len(head)))}"
        f"<p>{card.positions:,} questions from {card.documents:,} held-out {escape(card.unit)}s. Chance is 50 %.</p>"
        f"<h3>What to do next</h3>{_list(verdict.advice)}<h3>Method</h3>{_list(verdict.method)}"
    )


def _points(estimate: Estimate, *, signed: bool = False) -> tuple[str, str]:
    sign = "+" if signed else ""
    return f"{100 * estimate.value:{sign}.1f} %", f"{100 * estimate.low:{sign}.1f} to {100 * estimate.high:{sign}.1f}"


def _making_section(pair: Pair) -> str:
    sides = (pair.left, pair.right)
    settings = [side.config.as_dict() for side in sides]
    rows = [(key, *(escape(str(each[key])) for each in settings)) for key in settings[0]]
    rows += [
        ("kept dose", *(_dose(side) for side in sides)),
        ("words", *(f"{len(side.words):,}" for side in sides)),
        ("of them in the pretrained file", *(f"{int(side.covered.sum()):,}" for side in sides)),
        ("text", *(_source(side.sources["corpus"]) for side in sides)),
        ("how it was cut into tokens", *(_options(side.sources["corpus"].get("options")) for side in sides)),
        ("pretrained vectors", *(_source(side.sources["pretrained"]) for side in sides)),
        ("digest of the result", *(f"<code>{result_digest(side)}</code>" for side in sides)),
        ("versions", *(_options(side.sources["versions"]) for side in sides)),
    ]
    head = ("", escape(pair.names[0]), escape(pair.names[1]))
    return (
        "<h2>How they were made</h2><p>A digest names a content to the last bit: the same text, the same vectors and "
        f"the same settings give the same result.</p>{_table(head, rows)}"
    )


def _dose(side: Embedding) -> str:
    dose = side.details.get("dose")
    return "" if dose is None else f"{dose:.3f}"


def _source(source: Mapping[str, Any] | None) -> str:
    return "none" if source is None else f"{escape(str(source['name']))}<br><code>{escape(source['digest'])}</code>"


def _options(options: Mapping[str, Any] | None) -> str:
    return "" if not options else escape(", ".join(f"{key} {value}" for key, value in options.items()))


def _citing_section(pair: Pair, scored: bool, date: str) -> str:
    sides = (pair.left, pair.right)
    pretrained = any(side.sources["pretrained"] is not None for side in sides)
    works = works_behind([side.config.strategy for side in sides], pretrained=pretrained, scored=scored)
    version = escape(str(pair.right.sources["versions"].get("vectune", "")))
    cited = [f'{escape(work.text)} <a href="{escape(work.url)}">{escape(work.url)}</a>' for work in works]
    made = f" Report made on {escape(date)}." if date else ""
    return (
        f"<h2>How to cite</h2><p>Vectune {version}: comparing word vectors fine-tuned on one’s own text.{made} "
        f"Please cite the works that these models rest on:</p><ul>{''.join(f'<li>{each}</li>' for each in cited)}</ul>"
    )


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"


def _list(sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(each)}</li>" for each in sentences)
    return f"<ul>{items}</ul>" if items else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Cells are HTML already; the columns `numbers` are set flush right."""
    flush = set(numbers)
    body = "".join(
        "<tr>" + "".join(f"<td{' class=n' if i in flush else ''}>{cell}</td>" for i, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{''.join(f'<th>{cell}</th>' for cell in head)}</tr>{body}</table>"
