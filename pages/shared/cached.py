"""The one place with cache decorators: results shared by every visitor, keyed by digests, one expression each.

Arguments with a leading underscore are not part of the key; the digests beside them name the same content.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.comparison.axes import AxisPlaces
from core.comparison.figures import draw_axes, draw_histogram, draw_scatter
from core.comparison.groups import MoverGroup, group_movers
from core.comparison.movers import Movers, NoiseKind
from core.comparison.neighbourhood import describe_faults
from core.comparison.noise import NoisePlan, judge_words
from core.comparison.pair import Comparison, SharedWords, changes, match_words
from core.comparison.table import MovedTable, make_table
from core.geometry.clusters import Clusters, find_clusters
from core.geometry.neighbours import Neighbours, nearest_neighbours
from core.maps.colouring import commonest_labels
from core.maps.figures import draw_side
from core.maps.layout import Frame, LayoutSettings
from core.maps.pair_layout import PairLayout, Side, lay_out_pair
from core.maps.warming import prepare_maps
from core.maps.word_sample import add_neighbours, sample_words
from core.models.dose import at_dose
from core.models.embedding import Embedding
from core.models.runs import load_inputs, load_run
from core.pretrained.files import VectorFile, list_vector_files
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, silent
from core.score.figures import draw_dose_curve, draw_forest
from core.score.scorecard import Scorecard
from core.score.store import load_score
from core.system.executors import ProcessExecutor, ThreadExecutor
from core.system.jobs import Jobs
from core.text.concordance import Concordance, OccurrenceOrder, find_occurrences
from core.text.corpus import Corpus, CorpusOptions, load_corpus
from core.text.fates import WordFates, find_fates
from core.text.figures import draw_coverage, draw_lengths, draw_rank_frequency
from core.text.opened import Text
from core.text.reading.documents import Document, ReadOptions
from core.workspace.recommendation import Recommendation, recommend
from core.workspace.texts import kept_text
from core.workspace.vectors import folder_state

Doses = tuple[float | None, float | None]
Vectors = tuple[np.ndarray, np.ndarray]
NEIGHBOUR_DEPTH = 100
"""So many neighbours of each word are found, so that a user may go from 5 to 100 without waiting."""


@st.cache_resource(show_spinner=False)
def training_jobs() -> Jobs:
    return Jobs(ProcessExecutor(workers=1))


@st.cache_resource(show_spinner=False)
def reading_jobs() -> Jobs:
    return Jobs(ProcessExecutor(workers=2))


@st.cache_resource(show_spinner=False)
def download_jobs() -> Jobs:
    return Jobs(ProcessExecutor(workers=2))


@st.cache_resource(show_spinner=False)
def map_jobs() -> Jobs:
    return Jobs(ThreadExecutor())


@st.cache_resource(show_spinner=False)
def warm_maps() -> None:
    map_jobs().submit("warm-up", "Preparing the maps", prepare_maps, watcher="server")


@st.cache_resource(show_spinner="Reading the text …", max_entries=8)
def text(upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> Text:
    return kept_text(upload, reading, tokenising)


@st.cache_resource(show_spinner="Reading the vectors file …", max_entries=8)
def pretrained(
    path: Path, member: str | None, changed: int, indexed: bool, corpus: str, _words: Sequence[str]
) -> PretrainedVectors:
    return open_pretrained(path, _words, member=member)


@st.cache_resource(show_spinner="Trying other ways of cutting words …", max_entries=64)
def recommendation(
    path: Path, member: str | None, changed: int, corpus: str, options: CorpusOptions, _documents: Sequence[Document]
) -> Recommendation | None:
    return recommend(_documents, options, path, member)


def word_fates(corpus: Corpus, vectors: PretrainedVectors | None, min_count: int) -> WordFates:
    known = () if vectors is None else vectors.words
    return _word_fates(corpus.digest, None if vectors is None else vectors.digest, min_count, corpus, known)


@st.cache_resource(show_spinner=False, max_entries=16)
def _word_fates(corpus: str, vectors: str | None, min_count: int, _corpus: Corpus, _known: Sequence[str]) -> WordFates:
    return find_fates(_corpus, frozenset(_known), min_count)


@st.cache_resource(show_spinner=False, max_entries=32)
def rank_frequency_figure(corpus: str, min_count: int, _corpus: Corpus) -> Any:
    return draw_rank_frequency(_corpus, min_count)


@st.cache_resource(show_spinner=False, max_entries=32)
def lengths_figure(corpus: str, _corpus: Corpus) -> Any:
    return draw_lengths(np.diff(_corpus.document_starts))


@st.cache_resource(show_spinner=False, max_entries=32)
def coverage_figure(corpus: str, vectors: str, _fates: WordFates) -> Any:
    return draw_coverage(_fates)


def vector_files(folder: Path) -> tuple[VectorFile, ...]:
    return _vector_files(folder, folder_state(folder))


@st.cache_resource(show_spinner=False, max_entries=64)
def _vector_files(folder: Path, state: str) -> tuple[VectorFile, ...]:
    return list_vector_files(folder)


def forget_content() -> None:
    """Drop every result that is kept in memory; jobs go on."""
    lasting = ("training_jobs", "reading_jobs", "download_jobs", "map_jobs", "warm_maps")
    for name, value in list(globals().items()):
        if isinstance(value, type(run)) and name not in lasting:
            value.clear()


@st.cache_resource(show_spinner=False, max_entries=32)
def run(identity: str) -> Embedding:
    return load_run(identity)


@st.cache_resource(show_spinner=False, max_entries=16)
def shared_words(left: str, right: str, _left: Embedding, _right: Embedding) -> SharedWords:
    return match_words(_left, _right)


@st.cache_resource(show_spinner=False, max_entries=8)
def sampled_words(pair: tuple[str, str], most: int, _shared: SharedWords) -> SharedWords:
    return sample_words(_shared, most)


@st.cache_resource(show_spinner=False, max_entries=8)
def row_of(pair: tuple[str, str], extras: tuple[str, ...], _shared: SharedWords) -> dict[str, int]:
    return {word: row for row, word in enumerate(_shared.words)}


@st.cache_resource(show_spinner=False, max_entries=32)
def scorecard(identity: str, names: tuple[tuple[str, str], ...]) -> Scorecard:
    return load_score(identity, dict(names))


@st.cache_resource(show_spinner=False, max_entries=32)
def forest(identity: str, names: tuple[str, ...], _card: Scorecard) -> Any:
    return draw_forest(_card)


@st.cache_resource(show_spinner=False, max_entries=8)
def with_dose(run: str, dose: float | None, _embedding: Embedding) -> Embedding:
    return at_dose(_embedding, dose)


@st.cache_resource(show_spinner="Finding the neighbours of every word …", max_entries=16)
def neighbours(
    pair: tuple[str, str], run: str, dose: float | None, _vectors: np.ndarray, _progress: Progress = silent
) -> Neighbours:
    return nearest_neighbours(_vectors, NEIGHBOUR_DEPTH, _progress)


@st.cache_resource(show_spinner=False, max_entries=16)
def comparison(
    pair: tuple[str, str],
    doses: Doses,
    extras: tuple[str, ...],
    _shared: SharedWords,
    _vectors: Vectors,
    _near: tuple[Neighbours, Neighbours],
) -> Comparison:
    near = add_neighbours(_near[0], _vectors[0]), add_neighbours(_near[1], _vectors[1])
    return Comparison(_shared, 10, *near, *changes(*_vectors))


@st.cache_resource(show_spinner=False, max_entries=8)
def pair_layout(
    pair: tuple[str, str],
    settings: LayoutSettings,
    frame: Frame,
    keep: bool,
    _left: Embedding,
    _right: Embedding,
    _shared: SharedWords,
    _progress: Progress = silent,
) -> PairLayout:
    return lay_out_pair(_left, _right, _shared, settings, frame, keep=keep, progress=_progress)


@st.cache_resource(show_spinner=False, max_entries=24)
def map_figure(
    pair: tuple[str, str],
    settings: LayoutSettings,
    frame: Frame,
    side: Side,
    dose: float | None,
    extras: tuple[str, ...],
    _layout: PairLayout,
    _shared: SharedWords,
    _counts: np.ndarray,
    _covered: np.ndarray,
    _near: Neighbours,
) -> Any:
    return draw_side(_layout, side, dose, _shared.words, _counts, _covered, _near)


@st.cache_resource(show_spinner=False, max_entries=8)
def clusters(
    pair: tuple[str, str], extras: tuple[str, ...], _shared: SharedWords, _vectors: Vectors, _counts: np.ndarray
) -> Clusters:
    return find_clusters(_shared.words, *_vectors, _counts)


@st.cache_resource(show_spinner=False, max_entries=8)
def document_labels(
    corpus: Path, pair: tuple[str, str], extras: tuple[str, ...], _shared: SharedWords
) -> tuple[np.ndarray, tuple[str, ...]]:
    return commonest_labels(load_corpus(corpus), _shared.words)


@st.cache_resource(show_spinner=False, max_entries=16)
def dose_curve(run: str, dose: float, _curve: Sequence[tuple[float, float]], _automatic: float) -> Any:
    return draw_dose_curve(_curve, _automatic, dose)


@st.cache_resource(show_spinner=False, max_entries=16)
def axes_figure(
    pair: tuple[str, str],
    doses: Doses,
    axes: tuple[str, str],
    words: tuple[str, ...],
    _places: AxisPlaces,
    _names: tuple[str, str],
) -> Any:
    return draw_axes(words, _places, _names, axes)


@st.cache_resource(show_spinner=False, max_entries=8)
def corpus(folder: Path) -> Corpus:
    return load_inputs(folder, None)[0]


@st.cache_resource(show_spinner=False, max_entries=64)
def occurrences(corpus: str, word: str, order: OccurrenceOrder, _corpus: Corpus) -> Concordance:
    return find_occurrences(_corpus, word, order)


@st.cache_resource(show_spinner=False, max_entries=64)
def faults(run: str, dose: float | None, _embedding: Embedding) -> tuple[str, ...]:
    return describe_faults(_embedding)


@st.cache_resource(show_spinner=False, max_entries=32)
def movers(
    plan: str,
    kinds: tuple[NoiseKind, ...],
    extras: tuple[str, ...],
    _plan: NoisePlan,
    _comparison: Comparison,
    _left: Embedding,
    _right: Embedding,
) -> Movers:
    return judge_words(_plan, kinds, _comparison, _left, _right)


@st.cache_resource(show_spinner=False, max_entries=32)
def moved_table(
    plan: str,
    kinds: tuple[NoiseKind, ...],
    extras: tuple[str, ...],
    _comparison: Comparison,
    _left: Embedding,
    _right: Embedding,
    _movers: Movers | None,
) -> MovedTable:
    return make_table(_comparison, _left, _right, _movers)


@st.cache_resource(show_spinner=False, max_entries=32)
def moved_scatter(plan: str, kinds: tuple[NoiseKind, ...], extras: tuple[str, ...], _table: MovedTable) -> Any:
    return draw_scatter(_table)


@st.cache_resource(show_spinner=False, max_entries=32)
def moved_histogram(
    plan: str, kinds: tuple[NoiseKind, ...], extras: tuple[str, ...], height: int, _table: MovedTable
) -> Any:
    return draw_histogram(_table, height)


@st.cache_resource(show_spinner=False, max_entries=32)
def mover_groups(
    plan: str, kinds: tuple[NoiseKind, ...], extras: tuple[str, ...], _comparison: Comparison, _rows: Sequence[int]
) -> tuple[MoverGroup, ...]:
    return group_movers(_comparison, _rows)
