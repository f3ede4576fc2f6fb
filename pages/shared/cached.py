"""The one place with cache decorators: results shared by every visitor, keyed by digests, one expression each.

Arguments with a leading underscore are not part of the key; the digests beside them name the same content.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.comparison import Comparison, compare
from core.corpus import CorpusOptions
from core.documents import ReadOptions
from core.embedding import Embedding
from core.figures import draw_pair
from core.jobs import Jobs, ProcessExecutor, thread_executor
from core.pretrained import PretrainedVectors, open_pretrained
from core.projection import LayoutSettings, warm_up
from core.runs import load_run
from core.scorecard import Scorecard
from core.scorecard_figures import draw_forest
from core.scoring import load_score
from core.texts import Text, load_uploads, open_text


@st.cache_resource(show_spinner=False)
def training_jobs() -> Jobs:
    return Jobs(ProcessExecutor(workers=1))


@st.cache_resource(show_spinner=False)
def map_jobs() -> Jobs:
    return Jobs(thread_executor())


@st.cache_resource(show_spinner=False)
def warm_maps() -> None:
    map_jobs().submit("warm-up", "Preparing the maps", lambda _: warm_up(), watcher="server")


@st.cache_resource(show_spinner="Reading the text …", max_entries=8)
def text(upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> Text:
    return open_text(load_uploads(upload), reading, tokenising)


@st.cache_resource(show_spinner="Reading the vectors file …", max_entries=8)
def pretrained(path: Path, member: str | None, changed: int, corpus: str, _words: Sequence[str]) -> PretrainedVectors:
    return open_pretrained(path, _words, member=member)


@st.cache_resource(show_spinner=False, max_entries=32)
def run(identity: str) -> Embedding:
    return load_run(identity)


@st.cache_resource(show_spinner=False, max_entries=32)
def scorecard(identity: str, names: tuple[tuple[str, str], ...]) -> Scorecard:
    return load_score(identity, dict(names))


@st.cache_resource(show_spinner=False, max_entries=32)
def forest(identity: str, names: tuple[str, ...], _card: Scorecard) -> Any:
    return draw_forest(_card)


@st.cache_resource(show_spinner="Comparing the neighbours of every word …", max_entries=16)
def comparison(left: str, right: str, _left: Embedding, _right: Embedding) -> Comparison:
    return compare(_left, _right)


@st.cache_resource(show_spinner=False, max_entries=32)
def map_figures(
    left: str, right: str, settings: LayoutSettings, _left: Embedding, _right: Embedding, _comparison: Comparison
) -> tuple[Any, Any]:
    return draw_pair(_left, _right, _comparison, settings)
