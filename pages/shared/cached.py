"""The one place with cache decorators: results shared by every visitor, keyed by digests, one expression each.

Arguments with a leading underscore are not part of the key; the digests beside them name the same content.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.comparison import Comparison, compare
from core.concordance import Concordance, Order, find_occurrences
from core.corpus import Corpus, CorpusOptions
from core.documents import ReadOptions
from core.embedding import Embedding
from core.figures import draw_pair
from core.jobs import Jobs, ProcessExecutor, thread_executor
from core.moved_figures import draw_histogram, draw_scatter
from core.moved_table import MovedTable, make_table, shared_counts
from core.mover_groups import MoverGroup, group_movers
from core.movers import Movers, NoiseKind, find_movers
from core.noise import NoisePlan, load_noise
from core.pretrained import PretrainedVectors, open_pretrained
from core.projection import LayoutSettings, warm_up
from core.runs import load_inputs, load_run
from core.texts import Text, kept_text
from core.vector_choice import folder_state
from core.vector_files import VectorFile, list_vector_files
from core.word_view import describe_faults


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
    return Jobs(thread_executor())


@st.cache_resource(show_spinner=False)
def warm_maps() -> None:
    map_jobs().submit("warm-up", "Preparing the maps", lambda _: warm_up(), watcher="server")


@st.cache_resource(show_spinner="Reading the text …", max_entries=8)
def text(upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> Text:
    return kept_text(upload, reading, tokenising)


@st.cache_resource(show_spinner="Reading the vectors file …", max_entries=8)
def pretrained(
    path: Path, member: str | None, changed: int, indexed: bool, corpus: str, _words: Sequence[str]
) -> PretrainedVectors:
    return open_pretrained(path, _words, member=member)


def vector_files(folder: Path) -> tuple[VectorFile, ...]:
    return _vector_files(folder, folder_state(folder))


@st.cache_resource(show_spinner=False, max_entries=64)
def _vector_files(folder: Path, state: str) -> tuple[VectorFile, ...]:
    return list_vector_files(folder)


@st.cache_resource(show_spinner=False, max_entries=32)
def run(identity: str) -> Embedding:
    return load_run(identity)


@st.cache_resource(show_spinner="Comparing the neighbours of every word …", max_entries=16)
def comparison(left: str, right: str, _left: Embedding, _right: Embedding) -> Comparison:
    return compare(_left, _right)


@st.cache_resource(show_spinner=False, max_entries=32)
def map_figures(
    left: str, right: str, settings: LayoutSettings, _left: Embedding, _right: Embedding, _comparison: Comparison
) -> tuple[Any, Any]:
    return draw_pair(_left, _right, _comparison, settings)


@st.cache_resource(show_spinner=False, max_entries=8)
def corpus(folder: Path) -> Corpus:
    return load_inputs(folder, None)[0]


@st.cache_resource(show_spinner=False, max_entries=64)
def occurrences(corpus: str, word: str, order: Order, _corpus: Corpus) -> Concordance:
    return find_occurrences(_corpus, word, order)


@st.cache_resource(show_spinner=False, max_entries=64)
def faults(run: str, dose: float | None, _embedding: Embedding) -> tuple[str, ...]:
    return describe_faults(_embedding)


@st.cache_resource(show_spinner=False, max_entries=32)
def movers(
    plan: str,
    kinds: tuple[NoiseKind, ...],
    _plan: NoisePlan,
    _comparison: Comparison,
    _left: Embedding,
    _right: Embedding,
) -> Movers:
    found = load_noise(_plan, _comparison.words)
    return find_movers(
        found.change, shared_counts(_comparison, _left, _right), {kind: found.noise[kind] for kind in kinds}
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def moved_table(
    plan: str,
    kinds: tuple[NoiseKind, ...],
    _comparison: Comparison,
    _left: Embedding,
    _right: Embedding,
    _movers: Movers | None,
) -> MovedTable:
    return make_table(_comparison, _left, _right, _movers)


@st.cache_resource(show_spinner=False, max_entries=32)
def moved_figures(plan: str, kinds: tuple[NoiseKind, ...], _table: MovedTable) -> tuple[Any, Any]:
    return draw_scatter(_table), draw_histogram(_table)


@st.cache_resource(show_spinner=False, max_entries=32)
def mover_groups(
    plan: str, kinds: tuple[NoiseKind, ...], _comparison: Comparison, _rows: Sequence[int]
) -> tuple[MoverGroup, ...]:
    return group_movers(_comparison, _rows)
