"""A report on two models: one HTML file that opens offline, with both maps, and everything needed to check it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from core.comparison.candidates import Candidates
from core.comparison.movers import LEAST_COUNT, NOISE_TEXTS, Movers
from core.comparison.neighbourhood import DEFAULT_MARGIN, Neighbourhoods, neighbour_words
from core.comparison.new_words import NewWord, describe_new_words, name_what_placed, order_new_words
from core.comparison.noise_plan import NoisePlan
from core.comparison.pair import Comparison
from core.comparison.sensitivity import write_smallest_change
from core.comparison.table import shared_counts
from core.export.dose_curve import HEIGHT, MARGIN, WIDTH, draw_dose_curve_of
from core.export.method_text import InputFacts, describe_method
from core.export.provenance import find_works, list_files, tabulate_provenance
from core.export.quotations import Quotation
from core.maps.page import FRAME_NOTE, describe_maps, page_templates
from core.maps.regions import read_names
from core.models.embedding import Embedding
from core.prose.citations import name_other_files
from core.prose.colours import KIND_COLOURS
from core.prose.numbers import count, write_share
from core.score.bootstrap import Estimate
from core.score.scorecard import Scorecard
from core.score.verdict import Verdict, judge
from core.score.word_pairs import LIST_TITLES
from core.text.quotes import Quote
from core.text.split import write_units

LISTED_WORDS, LISTED_NEIGHBOURS = 40, 8

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""What the page may do: run its own script, draw. It cannot ask the network for anything."""


@dataclass(frozen=True, slots=True, eq=False)
class ReportedPair:
    """What the report is about: two models, and all that is known about them.

    Attributes:
        names: what to call them.
        left, right: the models.
        comparison: of both.
        movers: which words moved more than noise; None where that was not measured.
        candidates: which words can have moved; None takes all for such.
        sentence: what moved, in one sentence; "" where noise was not measured.
        noise: how the noise was measured.
        unit: what was dealt out where that was documents dealt anew, "documents" or "blocks".
        inputs: how much each was made from, where that is known.
        quotations: of pinned words and new ones, what the texts say with each: one of each text.
    """

    names: tuple[str, str]
    left: Embedding
    right: Embedding
    comparison: Comparison
    movers: Movers | None = None
    candidates: Candidates | None = None
    sentence: str = ""
    noise: NoisePlan | None = None
    unit: str = "documents"
    inputs: tuple[InputFacts | None, InputFacts | None] = (None, None)
    quotations: Mapping[str, Sequence[Quotation]] = field(default_factory=dict)

    @property
    def models(self) -> tuple[Embedding, Embedding]:
        return self.left, self.right

    @property
    def texts(self) -> tuple[str, ...]:
        """What the text is called, or the two of them."""
        sources = [model.sources.corpus for model in self.models]
        return tuple(source.name for source in (sources if self.has_two_texts else sources[:1]))

    @property
    def has_two_texts(self) -> bool:
        left, right = (model.sources.corpus for model in self.models)
        return left.digest != right.digest

    @property
    def judged(self) -> np.ndarray:
        """bool (words,): words that can have moved."""
        known = self.candidates
        return np.ones(len(self.comparison.words), bool) if known is None else known.judged


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
    shared = len(pair.comparison.words)
    method = describe_method(pair.names, pair.models, pair.inputs, shared, pair.movers, pair.noise, pair.unit)
    curves = [draw_dose_curve_of(name, model) for name, model in zip(pair.names, pair.models, strict=True)]
    return (
        page_templates("core.export")
        .get_template("core.export/report.html")
        .render(
            describe_maps(pair.names, figures, FRAME_NOTE),
            policy=_POLICY,
            lead=_lead(pair, card),
            legend=_legend(figures[0]),
            words=_words(pair, pins),
            new_words=_new_words(pair),
            explained=_explain_pins(pair, pins),
            texts=pair.texts,
            scores=None if card is None else _scores(card),
            unscored=_say_unscored(pair, card),
            curves=[curve for curve in curves if curve is not None],
            size=(WIDTH, HEIGHT, MARGIN),
            method=method,
            making=tabulate_provenance(pair.models),
            version=pair.right.sources.versions.get("vectune", ""),
            date=date,
            works=find_works(pair.models, card is not None),
            other_files=name_other_files(list_files(pair.models)),
        )
    )


def _lead(pair: ReportedPair, card: Scorecard | None) -> str:
    """The answer of the scorecard where it is about these two; else what moved; else how alike they are."""
    if card is not None and {card.chosen, card.reference} == set(pair.names):
        return judge(card).headline
    if pair.sentence:
        return pair.sentence
    overlap = float(np.nanmean(pair.comparison.overlap))
    texts = " and ".join(f"“{text}”" for text in pair.texts)
    return (
        f"{len(pair.comparison.words):,} words in two models of {texts}. "
        f"On average a word shares {write_share(overlap, 0)} of its {pair.comparison.topn} nearest neighbours with "
        "itself in the other model. Whether one of them is better, only a scorecard can tell"
        + ("; none was made." if card is None else ".")
    )


def _legend(figure: Any) -> list[tuple[str, str]]:
    """Colours of a map and what they mean: regions of words that are near each other in both models."""
    named = read_names(figure.data[0])
    return [] if named is None else list(zip(KIND_COLOURS, named.names, strict=False))


class _Word(NamedTuple):
    row: int
    word: str
    pinned: bool
    explained: bool
    numbers: Sequence[str]
    lost: str
    gained: str


class _Words(NamedTuple):
    sentence: str
    introduction: str
    margin: str
    topn: int
    residual: str
    columns: list[str]
    rows: Sequence[_Word]


def _words(pair: ReportedPair, pins: Sequence[str]) -> _Words:
    comparison, movers = pair.comparison, pair.movers
    pinned = _pinned_rows(pair, pins)
    order, introduction = _by_change(pair) if movers is None else _by_noise(movers, pair.judged)
    chosen = [*pinned, *(row for row in order if row not in set(pinned))][: LISTED_WORDS + len(pinned)]
    columns = {
        **{title: [f"{count:,}" for count in counts.tolist()] for title, counts in _counts(pair).items()},
        "Overlap": [_number(value) for value in comparison.overlap.tolist()],
        "Change": [_number(value) for value in (comparison if movers is None else movers).change.tolist()],
    }
    if movers is not None:
        columns["Noise"] = [_number(value) for value in movers.floor.tolist()]
        columns["Above noise"] = [_above(movers, row) for row in range(len(comparison.words))]
    near, rows = _neighbourhoods(pair), []
    for row in chosen:
        word = comparison.words[row]
        found = neighbour_words(near, row, comparison.topn)
        lost, gained = (", ".join(side[:LISTED_NEIGHBOURS]) for side in (found.lost, found.gained))
        numbers = [values[row] for values in columns.values()]
        explained = row in pinned and word in pair.quotations
        rows.append(_Word(row, word, row in pinned, explained, numbers, lost, gained))
    residual = f"{comparison.residual:.3f}"
    margin = f"{DEFAULT_MARGIN} or more" if movers is None else "more than noise"
    return _Words(pair.sentence, introduction, margin, comparison.topn, residual, list(columns), rows)


def _neighbourhoods(pair: ReportedPair) -> Neighbourhoods:
    return Neighbourhoods(pair.comparison, pair.left, pair.right, pair.movers)


def _pinned_rows(pair: ReportedPair, pins: Sequence[str]) -> list[int]:
    known = {word: row for row, word in enumerate(pair.comparison.words)}
    return [known[word] for word in dict.fromkeys(pins) if word in known]


def _counts(pair: ReportedPair) -> dict[str, np.ndarray]:
    """How often the text has each shared word, by title; of two texts each."""
    shared = pair.comparison.shared
    left, right = pair.left.counts[shared.left_rows], pair.right.counts[shared.right_rows]
    return {"Count, left": left, "Count, right": right} if pair.has_two_texts else {"Count": right}


def _by_change(pair: ReportedPair) -> tuple[list[int], str]:
    """Rows that kept the fewest neighbours first, and what that is worth."""
    overlap, change = pair.comparison.overlap, pair.comparison.change
    counts = shared_counts(pair.comparison, pair.left, pair.right)
    able = pair.judged & np.isfinite(change) & np.isfinite(overlap)
    least = LEAST_COUNT if (able & (counts >= LEAST_COUNT)).sum() >= LISTED_WORDS else 1
    eligible = np.flatnonzero(able & (counts >= least))
    chance = "Training again with another seed moves words too"
    if pair.has_two_texts:
        chance = "The same documents dealt out to two texts at random would move words too"
    return eligible[np.lexsort((-change[eligible], overlap[eligible]))].tolist(), (
        f"Of the words that occur at least {count('time', least)}, those that kept the fewest of their "
        f"nearest neighbours. {chance}, and that noise was not measured: a single word’s change is a hint, "
        "not a finding."
    )


def _by_noise(movers: Movers, able: np.ndarray) -> tuple[list[int], str]:
    """Rows that moved more than noise, farthest first, of words that can; and how that was found out."""
    judged, moved = int((movers.judged & able).sum()), int((movers.moved & able).sum())
    noise = " and ".join(
        f"{NOISE_TEXTS[kind]} ({count('comparison', runs)})"
        for kind, runs in zip(movers.kinds, movers.runs, strict=True)
    )
    listed = f"; the {LISTED_WORDS} farthest above it are listed" if moved > LISTED_WORDS else ""
    return [row for row in movers.most_moved.tolist() if able[row]], (
        f"{moved:,} of {judged:,} words that occur at least {LEAST_COUNT} times moved more than noise{listed}. Noise "
        f"is how far models move words that ought to be the same: {noise}. Moved: too far for the word's own noise, "
        "which words of like count help to tell; of the words called moved, at most "
        f"{write_share(movers.level, 0)} are expected to be noise (Storey 2002). Above "
        "noise: in standard deviations of the noise."
    )


def _above(movers: Movers, row: int) -> str:
    return _number(float(movers.above[row]), 1) if movers.judged[row] else "not judged"


class _NewWords(NamedTuple):
    total: int
    placed: str
    columns: list[str]
    rows: Sequence[tuple[NewWord, Sequence[str], Quote | None]]


def _new_words(pair: ReportedPair) -> _NewWords | None:
    """Words that the vectors file lacks, most frequent first, with the nearest known words on both sides."""
    if pair.candidates is None:
        return None
    given = pair.comparison, pair.left, pair.right, pair.candidates
    rows = order_new_words(*given)
    if not len(rows):
        return None
    columns, listed = _counts(pair), []
    for each in describe_new_words(*given, rows[:LISTED_WORDS].tolist()):
        quotes = [quote for said in pair.quotations.get(each.word, ()) for quote in said.quotes]
        numbers = [f"{counts[each.row]:,}" for counts in columns.values()]
        listed.append((each, numbers, quotes[-1] if quotes else None))
    return _NewWords(len(rows), name_what_placed(pair.left, pair.right), list(columns), listed)


class _Explained(NamedTuple):
    row: int
    word: str
    verdict: str
    kept: str
    lost: str
    gained: str
    borderline: str
    texts: Sequence[tuple[str, Quotation]]


def _explain_pins(pair: ReportedPair, pins: Sequence[str]) -> list[_Explained]:
    """Each pinned word with the sentences that are there for it."""
    near, found = _neighbourhoods(pair), []
    for row in _pinned_rows(pair, pins):
        word = pair.comparison.words[row]
        if word not in pair.quotations:
            continue
        groups = [", ".join(side) or "none" for side in neighbour_words(near, row, pair.comparison.topn)]
        kept, gained, lost, borderline = groups
        texts = list(zip(pair.texts, pair.quotations[word], strict=False))
        found.append(_Explained(row, word, _verdict(pair, row), kept, lost, gained, borderline, texts))
    return found


def _verdict(pair: ReportedPair, row: int) -> str:
    change = float((pair.comparison if pair.movers is None else pair.movers).change[row])
    if pair.candidates is not None and pair.candidates.new[row]:
        return "the vectors file lacks it, so it cannot have moved from there"
    said = f"change {_number(change)}"
    if pair.movers is None:
        return f"{said}, not yet told from noise"
    if pair.movers.moved[row]:
        return f"{said}: moved more than noise"
    if not pair.movers.judged[row]:
        return f"{said}, not judged"
    counts = shared_counts(pair.comparison, pair.left, pair.right)
    return f"{said}, which could be noise. {write_smallest_change(pair.movers, counts, row)}"


def _say_unscored(pair: ReportedPair, card: Scorecard | None) -> str:
    """What to know about the scorecard that is there, or why there is none."""
    if card is None:
        why = " It is made of models of one text, and these are of two." if pair.has_two_texts else ""
        return f"No scorecard was made of these models.{why}"
    scored = {model.name for model in card.models}
    lacking = [f"“{name}”" for name in pair.names if name not in scored]
    return f"It was made without {' and '.join(lacking)}." if lacking else ""


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


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"
