"""The one place with caches: results shared by every visitor, one expression each, bounded in bytes together.

A result is named by what it is made of: a text and a vectors file stand for their digests, models and words that are
compared for their `key`. No array is ever hashed: Streamlit would take a sample of it. An argument with a leading
underscore is no part of the name; the ones beside it settle what it is.
"""

import inspect
import sys
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from concurrent.futures import wait
from contextlib import nullcontext, suppress
from functools import wraps
from operator import attrgetter
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import streamlit as st

from core.comparison.axes import AxisPlaces
from core.comparison.candidates import Candidates, find_candidates
from core.comparison.figures import draw_axes, draw_histogram, draw_scatter
from core.comparison.groups import MoverGroup, group_movers
from core.comparison.movers import Movers
from core.comparison.neighbourhood import Neighbourhoods, describe_faults
from core.comparison.new_words import order_new_words
from core.comparison.noise import judge_words, tell_moved
from core.comparison.pair import Comparison, changes, match_words
from core.comparison.study.figures import draw_trajectories
from core.comparison.study.neighbours import TextNeighbours, tell_neighbours
from core.comparison.study.ranking import Ranking, rank_words
from core.comparison.study.shown import ShownStudy
from core.comparison.study.steps import Since, StudyStep, find_steps
from core.comparison.study.store import KeptStudy, StudyOrder, open_study
from core.comparison.study.table import StudyTable, make_study_table
from core.comparison.study.texts import StudyText, check_texts
from core.comparison.table import MovedTable, make_table
from core.errors import UserError
from core.geometry.neighbours import Neighbours, nearest_neighbours
from core.maps.figures import draw_side
from core.maps.pair_layout import SIDES, PairLayout, lay_out_pair
from core.maps.pair_store import LayoutOrder, NeighboursOrder, PairOrder, find_neighbours
from core.maps.payload import StudyFrames
from core.maps.regions import WordRegions, find_word_regions
from core.maps.study_frames import colour_by_change, draw_study_map, pack_frames
from core.maps.warming import prepare_maps, prepare_pages
from core.maps.word_sample import add_neighbours, sample_words, turn_words
from core.models.dose import at_dose
from core.models.embedding import Embedding
from core.models.runs import load_inputs, load_run
from core.pretrained.files import VectorFile, list_vector_files
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.score.figures import draw_bands, draw_dose_curve, draw_forest
from core.score.scorecard import Scorecard
from core.score.store import load_score
from core.system.cluster.address import find_scheduler
from core.system.cluster.boards import make_board
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ProcessExecutor, ThreadExecutor
from core.system.jobs.outcomes import KeptProblems
from core.system.jobs.warm_executor import WarmExecutor
from core.system.limits import BYTES_IN_MEMORY, check_limits
from core.system.memory import settle_allocator
from core.system.watching import serve_metrics, set_up_logs
from core.text.collocates import Collocates, find_collocates
from core.text.concordance import Concordance, Search, search_text
from core.text.corpus import Corpus
from core.text.course import Course, follow_word
from core.text.fates import WordFates, find_fates
from core.text.figures import draw_course, draw_coverage, draw_lengths, draw_rank_frequency
from core.text.keywords import KeyWords, count_labels, find_key_words, lean_to_label, weigh_by_label
from core.text.languages import language_of
from core.text.opened import Text
from core.text.originals import Passage
from core.text.proposed_parts import Proposal, propose_shown_years
from core.text.reading.allowances import explain_end
from core.text.reading.documents import Document
from core.workspace.door import Door
from core.workspace.erasure import finish_erasures
from core.workspace.passages import TokenPlace, find_passages, read_passages
from core.workspace.recommendation import Recommendation, recommend
from core.workspace.texts import (
    TextChoice,
    TextSize,
    estimate_reading_seconds,
    keep_text,
    kept_text,
    measure_text,
    prepare_reading,
)
from core.workspace.vectors import folder_state
from pages.shared.compared import Judgement, Model, Pair, Sides, Trained, Words
from pages.shared.memory.result_cache import ResultCache
from pages.shared.memory.tidying import keep_tidy

HASHES: dict[type[Any], Callable[[Any], Hashable]] = {
    **dict.fromkeys((Corpus, PretrainedVectors), attrgetter("digest")),
    **dict.fromkeys((StudyOrder, ShownStudy), attrgetter("key")),
    **dict.fromkeys((Model, Trained, Words, Pair, Sides, Judgement), attrgetter("key")),
}
_END_WITHIN = 10.0  # seconds
NEIGHBOUR_DEPTH = 100
"""So many neighbours of each word are found, so that a user may go from 5 to 100 without waiting."""
_LETTERS_AT_ONCE = 200_000
"""Documents of no more are searched for their tokens while the page waits: a tenth of a second's work."""
_SWITCH_SECONDS = 0.001
"""So long a page may compute before another page's thread gets its turn, of which it needs dozens: 5 ms is usual."""
_IDLE_SECONDS = 300.0
"""So long is kept what nobody asks for any more. It can all be made again, most of it from files."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


@st.cache_resource(show_spinner=False)
def training_jobs() -> Jobs:
    scheduler = find_scheduler()
    if scheduler is not None:
        return make_board(scheduler, "training", problems=KeptProblems())
    return Jobs(ProcessExecutor(), workers=2, problems=KeptProblems())


@st.cache_resource(show_spinner=False)
def reading_jobs() -> Jobs:
    return Jobs(ProcessExecutor(), workers=2)


@st.cache_resource(show_spinner=False)
def text_jobs() -> Jobs:
    return Jobs(_text_reader(), workers=2, most_of_one=1)  # who brings two forged files holds up but one of two


@st.cache_resource(show_spinner=False)
def _text_reader() -> WarmExecutor:
    return WarmExecutor(prepare_reading, most_bytes=400_000_000, explain=explain_end, most_answer=1_000_000)


@st.cache_resource(show_spinner=False)
def download_jobs() -> Jobs:
    return Jobs(ProcessExecutor(), workers=2)


@st.cache_resource(show_spinner=False)
def map_jobs() -> Jobs:
    scheduler = find_scheduler()
    return Jobs(_map_maker(), workers=2) if scheduler is None else make_board(scheduler, "maps", prepare_maps)


@st.cache_resource(show_spinner=False)
def _map_maker() -> WarmExecutor:
    return WarmExecutor(prepare_maps)


def boards() -> Mapping[str, Jobs]:
    """Every board by the kind of its work."""
    return {
        "training": training_jobs(),
        "texts": text_jobs(),
        "reading": reading_jobs(),
        "download": download_jobs(),
        "maps": map_jobs(),
    }


def leave_jobs(watcher: str, about: Collection[str] | None = None) -> None:
    """End the jobs that nobody but `watcher` wants, and wait until they write nothing any more.

    `about`: only those whose order has one of these digests in it; None for all.
    """
    wait([future for board in boards().values() for future in board.leave(watcher, about)], _END_WITHIN)


@st.cache_resource(show_spinner=False)
def watch_server() -> None:
    """Logs, metrics where they are wanted, memory given back, what a killed server left: once for each server."""
    set_up_logs()
    check_limits()
    serve_metrics(boards())
    settle_allocator()
    sys.setswitchinterval(_SWITCH_SECONDS)
    keep_tidy(_results())
    with suppress(UserError):  # a storage that cannot be read or written says so on every page
        finish_erasures()


@st.cache_resource(show_spinner=False)
def admin_door() -> Door:
    return Door()


@st.cache_resource(show_spinner=False)
def warm_maps() -> None:
    _text_reader().start()
    if find_scheduler() is None:  # a worker of a cluster has the child for maps
        _map_maker().start()
    ThreadExecutor().submit(prepare_pages)


@st.cache_resource(show_spinner=False)
def _results() -> ResultCache:
    return ResultCache(BYTES_IN_MEMORY.value, _IDLE_SECONDS)


def _shared(spinner: str = "") -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Keep what a function gives for everybody; the page says `spinner` while it is made."""

    def decorate(fn: Callable[_P, _T]) -> Callable[_P, _T]:
        signature = inspect.signature(fn)

        @wraps(fn)
        def find(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            given = signature.bind(*args, **kwargs).arguments
            named = (_name_of(value) for parameter, value in given.items() if not parameter.startswith("_"))

            def make() -> _T:
                with st.spinner(spinner) if spinner else nullcontext():
                    return fn(*args, **kwargs)

            return _results().get((fn.__name__, *named), make)

        return find

    return decorate


def _name_of(value: Any) -> Hashable:
    name = HASHES.get(type(value))
    return value if name is None else name(value)


@_shared("Reading the text …")
def text(choice: TextChoice) -> Text:
    return kept_text(choice, _read_apart)


@_shared()
def text_size(choice: TextChoice) -> TextSize:
    return measure_text(choice)


def _read_apart(choice: TextChoice) -> None:
    """Have a child read a text that is no longer kept; whoever asks for the same waits for the same."""
    jobs = text_jobs()
    jobs.submit(
        choice.key,
        "Reading the text",
        keep_text,
        choice,
        watcher=choice.key,
        kind="reading",
        seconds=estimate_reading_seconds(choice.upload),
    )
    jobs.result(choice.key)


@_shared("Reading the vectors file …")
def pretrained(path: Path, member: str | None, changed: int, indexed: bool, corpus: Corpus) -> PretrainedVectors:
    return open_pretrained(path, corpus.words, member=member)


@_shared("Trying other ways of cutting words …")
def recommendation(
    path: Path, member: str | None, changed: int, corpus: Corpus, _documents: Sequence[Document]
) -> Recommendation | None:
    return recommend(_documents, corpus.options, path, member)


@_shared()
def word_fates(corpus: Corpus, vectors: PretrainedVectors | None, min_count: int) -> WordFates:
    return find_fates(corpus, frozenset(() if vectors is None else vectors.words), min_count)


@_shared()
def rank_frequency_figure(corpus: Corpus, min_count: int) -> Any:
    return draw_rank_frequency(corpus, min_count)


@_shared()
def lengths_figure(corpus: Corpus) -> Any:
    return draw_lengths(np.diff(corpus.document_starts))


@_shared()
def shown_years(choice: TextChoice, _corpus: Corpus) -> Proposal | None:
    return propose_shown_years(_corpus)  # names tell the years, which are no part of a corpus's digest


@_shared()
def course(corpus: Corpus, word: str) -> Course:
    return follow_word(corpus, word)


@_shared()
def course_figure(corpus: Corpus, word: str) -> Any:
    return draw_course(corpus, course(corpus, word))


@_shared()
def coverage_figure(corpus: Corpus, vectors: PretrainedVectors) -> Any:
    return draw_coverage(word_fates(corpus, vectors, 1))


def vector_files(folder: Path) -> tuple[VectorFile, ...]:
    return _vector_files(folder, folder_state(folder))


@_shared()
def _vector_files(folder: Path, state: str) -> tuple[VectorFile, ...]:
    return list_vector_files(folder)


def forget_content() -> None:
    """Drop every result that is kept in memory; jobs go on."""
    _results().clear()


@_shared()
def run(identity: str) -> Embedding:
    return load_run(identity)


@_shared()
def trained(left: str, right: str, most: int) -> Trained:
    """The same words in the same order, whichever model is on the left."""
    models = run(left), run(right)
    if left > right:
        turned = trained(right, left, most)
        return Trained((left, right), *models, turn_words(turned.whole), turn_words(turned.sample), most)
    whole = match_words(*models)
    return Trained((left, right), *models, whole, sample_words(whole, most), most)


@_shared()
def row_of(words: Words) -> dict[str, int]:
    return {word: row for row, word in enumerate(words.shared.words)}


@_shared()
def row_in_whole(trained: Trained) -> dict[str, int]:
    return {word: row for row, word in enumerate(trained.whole.words)}


@_shared()
def scorecard(identity: str, names: tuple[tuple[str, str], ...]) -> Scorecard:
    return load_score(identity, dict(names))


@_shared()
def forest(identity: str, names: tuple[str, ...], _card: Scorecard) -> Any:
    return draw_forest(_card)


@_shared()
def band_forest(identity: str, names: tuple[str, ...], _card: Scorecard) -> Any:
    return draw_bands(_card)


@_shared()
def with_dose(identity: str, dose: float | None) -> Embedding:
    return at_dose(run(identity), dose)


def neighbours(trained: Trained, model: Model) -> Neighbours:
    """From the disk, where a job has found them; those of few words take no longer than asking for one."""
    return _neighbours(trained.order, model, trained)


@_shared("Finding the neighbours of every word …")
def _neighbours(order: PairOrder, model: Model, _trained: Trained) -> Neighbours:
    found = find_neighbours(neighbours_order(_trained, model))
    if found is not None:
        return found
    sample = _trained.sample
    rows = sample.left_rows if model.run == _trained.runs[0] else sample.right_rows
    return nearest_neighbours(model.embedding.vectors[rows], NEIGHBOUR_DEPTH)


def neighbours_order(trained: Trained, model: Model) -> NeighboursOrder:
    return NeighboursOrder(trained.order, model.run, model.dose, NEIGHBOUR_DEPTH)


@_shared()
def comparison(pair: Pair) -> Comparison:
    sides = zip(pair.models, pair.vectors, strict=True)
    left, right = (add_neighbours(neighbours(pair.trained, model), vectors) for model, vectors in sides)
    return Comparison(pair.shared, 10, left, right, *changed(pair))


@_shared()
def first_comparison(pair: Pair) -> Comparison:
    """What is known of two models before neighbours are: no word has any."""
    shape = len(pair.shared.words), 1
    none = Neighbours(np.full(shape, -1, np.int32), np.full(shape, np.nan, np.float32))
    return Comparison(pair.shared, 1, none, none, *changed(pair))


def changed(pair: Pair) -> tuple[np.ndarray, float]:
    """Change has no direction: it is the same, whichever model is on the left."""
    one, other = sorted(pair.models, key=attrgetter("run"))
    return _changed(pair.trained.order, pair.words.extras, one, other, pair)


@_shared()
def _changed(
    order: PairOrder, extras: tuple[str, ...], one: Model, other: Model, _pair: Pair
) -> tuple[np.ndarray, float]:
    return changes(*_pair.vectors)


def quick_layout(trained: Trained, order: LayoutOrder) -> PairLayout:
    """Left and right as in the order's pair."""
    return _quick_layout(order, trained)


@_shared()
def _quick_layout(order: LayoutOrder, _trained: Trained) -> PairLayout:
    models, sample = (_trained.left, _trained.right), _trained.sample
    if _trained.is_turned:
        models, sample = models[::-1], turn_words(sample)
    return lay_out_pair(*models, sample, order.settings, order.frame, keep=False)


def map_figure(sides: Sides, place: int, order: LayoutOrder, layout: PairLayout, regions: WordRegions) -> Any:
    """The map of the left (0) or right (1) model, laid out by `order`: the same figure, whichever side it is on."""
    named = order, sides.words.extras, sides.models[place], sides.has_neighbours
    return _map_figure(*named, place, sides, layout, regions)


@_shared()
def _map_figure(
    order: LayoutOrder,
    extras: tuple[str, ...],
    model: Model,
    has_neighbours: bool,
    _place: int,
    _sides: Sides,
    _layout: PairLayout,
    _regions: WordRegions,
) -> Any:
    near = (_sides.comparison.left_neighbours, _sides.comparison.right_neighbours)[_place]
    names, counts = _regions.extend(near).payload, _sides.counts_on[_place]
    words, covered = _sides.shared.words, _sides.covered
    return draw_side(_layout, SIDES[_place], model.dose, words, counts, covered, near, names)


def regions(trained: Trained, left: Path, right: Path) -> WordRegions:
    """`left`, `right`: folders of the texts of the two models."""
    one, other = sorted((left, right))
    return _regions(trained.order, one, other, trained)


@_shared()
def _regions(order: PairOrder, one: Path, other: Path, _trained: Trained) -> WordRegions:
    languages = [language(corpus(folder)) for folder in (one, other)]
    models, sample = (_trained.left, _trained.right), _trained.sample
    if _trained.is_turned:
        models, sample = models[::-1], turn_words(sample)
    return find_word_regions(*models, sample, languages)


@_shared("Finding what labels have more of …")
def label_words(corpus: Corpus) -> KeyWords:
    return weigh_by_label(corpus)


@_shared("Finding key words …")
def key_words(left: Corpus, right: Corpus) -> KeyWords:
    return find_key_words(left, right)


@_shared()
def collocates(corpus: Corpus, word: str) -> Collocates:
    return find_collocates(corpus, word)


@_shared()
def labels(corpus: Corpus) -> dict[str, int]:
    return count_labels(corpus)


@_shared()
def leaning(corpus: Corpus, words: Words, shown: tuple[int, ...]) -> np.ndarray:
    place = {word: row for row, word in enumerate(corpus.words)}
    return lean_to_label(label_words(corpus), [place.get(word, -1) for word in words.shared.words], shown)


@_shared()
def dose_curve(run: str, dose: float, _curve: Sequence[tuple[float, float]], _automatic: float) -> Any:
    return draw_dose_curve(_curve, _automatic, dose)


@_shared()
def axes_figure(
    pair: Pair,
    names: tuple[str, str],
    ends: tuple[tuple[str, str], tuple[str, str]],
    words: tuple[str, ...],
    colours: tuple[str, ...],
    _places: AxisPlaces,
) -> Any:
    return draw_axes(words, _places, names, ends, colours)


@_shared()
def corpus(folder: Path) -> Corpus:
    return load_inputs(folder, None)[0]


@_shared()
def concordance(corpus: Corpus, search: Search) -> Concordance:
    return search_text(corpus, search)


@_shared("Reading the sentences as they were written …")
def passages(choice: TextChoice, folder: Path, places: tuple[TokenPlace, ...]) -> tuple[Passage | None, ...]:
    """Of documents that are kept as read at once, of others by a child that reads the uploads again."""
    kept = text(choice).reading.documents[:-1]  # the last one may be cut
    numbers = {number for number, _, _ in places}
    if max(numbers) < len(kept) and sum(len(kept[number].text) for number in numbers) <= _LETTERS_AT_ONCE:
        return find_passages(corpus(folder), kept, places)
    jobs, name = text_jobs(), f"passages {choice.key} {folder.name} {places!r}"
    jobs.submit(
        name,
        "Reading the sentences as they were written",
        read_passages,
        choice,
        folder,
        places,
        watcher=name,
        kind="passages",
        seconds=estimate_reading_seconds(choice.upload),
    )
    try:
        found: tuple[Passage | None, ...] = jobs.result(name)
    finally:
        jobs.forget(name)  # a board keeps no sentence of anybody's
    return found


@_shared()
def faults(model: Model) -> tuple[str, ...]:
    return describe_faults(model.embedding)


@_shared()
def movers(judgement: Judgement) -> Movers:
    sides = judgement.sides
    judgeable = candidates(judgement).judged
    return judge_words(judgement.plan, judgement.kinds, sides.comparison, sides.left, sides.right, judgeable)


@_shared()
def moved_sentence(judgement: Judgement, names: tuple[str, str]) -> str:
    sides, judgeable = judgement.sides, candidates(judgement).judged
    return tell_moved(judgement.plan, sides.comparison, sides.left, sides.right, names, judgeable)


@_shared()
def language(corpus: Corpus) -> str | None:
    return language_of(corpus)


def candidates(judgement: Judgement) -> Candidates:
    plan = judgement.plan
    return _candidates(judgement.sides.words, plan.left.corpus_folder, plan.right.corpus_folder)


@_shared()
def _candidates(words: Words, left: Path, right: Path) -> Candidates:
    languages = [language(corpus(folder)) for folder in (left, right)]
    return find_candidates(words.shared, words.trained.left, words.trained.right, languages)


@_shared()
def moved_table(judgement: Judgement) -> MovedTable:
    sides, found = judgement.sides, movers(judgement) if judgement.kinds else None
    return make_table(sides.comparison, sides.left, sides.right, candidates(judgement), found)


@_shared()
def new_words(judgement: Judgement) -> np.ndarray:
    sides = judgement.sides
    return order_new_words(sides.comparison, sides.left, sides.right, candidates(judgement))


@_shared()
def moved_scatter(judgement: Judgement) -> Any:
    return draw_scatter(moved_table(judgement))


@_shared()
def moved_histogram(judgement: Judgement, height: int) -> Any:
    return draw_histogram(moved_table(judgement), height)


@_shared()
def mover_groups(judgement: Judgement, least_seen: int, most: int) -> tuple[MoverGroup, ...]:
    sides, found = judgement.sides, movers(judgement)
    near = Neighbourhoods(sides.comparison, sides.left, sides.right, found, least_seen)
    return group_movers(near, found.most_moved[:most].tolist(), named=candidates(judgement).content)


@_shared()
def study_notes(order: StudyOrder) -> tuple[str, ...]:
    texts = [StudyText(text.name, corpus(text.corpus_folder)) for text in order.texts]
    return check_texts(texts, order.config.min_count)


@_shared("Opening the study …")
def kept_study(order: StudyOrder) -> KeptStudy:
    return open_study(order)


@_shared()
def study_steps(order: StudyOrder, since: Since, lacking: tuple[int, ...]) -> tuple[StudyStep, ...]:
    return find_steps(kept_study(order).study, since)


@_shared()
def study_ranking(shown: ShownStudy, since: Since = "previous") -> Ranking:
    found = shown.kept.trajectories
    if since == "first":
        return rank_words(shown.study, found.from_first, shown.from_first)
    return rank_words(shown.study, found.from_previous, shown.steps)


@_shared()
def study_table(shown: ShownStudy) -> StudyTable:
    return make_study_table(shown.study, shown.kept.trajectories, shown.steps, study_ranking(shown))


@_shared()
def study_neighbours(shown: ShownStudy, word: str) -> tuple[TextNeighbours, ...]:
    return tell_neighbours(shown.study, shown.steps, shown.row_of[word])


@_shared()
def study_figure(shown: ShownStudy, _places: np.ndarray) -> Any:
    return draw_study_map(shown.order.identity, shown.study, _places)


@_shared()
def study_frames(shown: ShownStudy, _places: np.ndarray) -> tuple[StudyFrames, tuple[str, str]]:
    colouring = colour_by_change(shown.study, shown.kept.trajectories, _places.shape[1])
    identity = f"{shown.order.identity} {' '.join(shown.order.names)}"
    return pack_frames(identity, shown.study, shown.kept.near, _places, colouring), (
        colouring.labels[0],
        colouring.labels[1],
    )


@_shared()
def trajectories_figure(shown: ShownStudy, words: tuple[str, ...], since: Since) -> Any:
    rows = [shown.row_of[word] for word in words]
    names, found = shown.order.names, shown.kept.trajectories
    steps = shown.from_first if since == "first" else shown.steps
    return draw_trajectories(names, words, rows, found, steps, study_ranking(shown, since), since)
