"""The right half of the Data page: which pretrained vectors, and how much of the text they cover."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.config import MIN_COUNT
from core.demo import build_demo_vectors, demo_vectors
from core.pretrained import PretrainedVectors, coverage
from core.storage import cache_folder
from core.texts import Text
from core.uploads import readable_size
from core.vector_files import VectorFile, describe_file, list_vector_files, vectors_folder
from pages.shared import cached, progress, session

_DEMO_JOB = "demo vectors"
_NONE = "none"
_GLOVE = "https://nlp.stanford.edu/projects/glove/"


def choose(text: Text | None) -> None:
    """Pick the vectors and see what they are."""
    status = progress.follow(cached.training_jobs(), _DEMO_JOB)
    if status is not None and status.state in ("failed", "cancelled"):
        st.warning(status.error or "Building the demo's vectors was cancelled.")
        st.button("Build them again", on_click=_build_demo)
    _select()
    _upload()
    file = _chosen_file()
    if file is None:
        return
    if file.problem:
        st.error(file.problem)
        return
    if file.path == demo_vectors():
        st.info(
            "These are small vectors counted from an excerpt of English Wikipedia (about 490,000 words), made so that "
            f"the demo works without a network. For real work take [GloVe]({_GLOVE}), which has read billions.",
            icon=":material/info:",
        )
    if text is None:
        _describe_file(file, None)
        return
    vectors = current(text)
    assert vectors is not None
    _describe_file(file, vectors)
    _describe_coverage(text, vectors)


def is_ready() -> bool:
    """False only while the chosen vectors are still being built."""
    chosen = session.workspace().vectors
    return chosen != str(demo_vectors()) or demo_vectors().exists()


def current(text: Text) -> PretrainedVectors | None:
    """The rows of the chosen file that `text` needs; None when no file is chosen or it is not there yet.

    Raises:
        PretrainedError: the file cannot be used.
    """
    workspace = session.workspace()
    if workspace.vectors is None or not is_ready():
        return None
    path = Path(workspace.vectors)
    if not path.exists():
        return None
    corpus = text.corpus
    changed = path.stat().st_mtime_ns
    return cached.pretrained(path, workspace.member, changed, corpus.digest, corpus.words)


def demo_choice() -> dict[str, Any]:
    """Start building the demo's vectors where needed; gives the workspace's fields that choose them."""
    if not demo_vectors().exists():
        _build_demo()
    return {"vectors": str(demo_vectors()), "member": None}


def _build_demo() -> None:
    jobs = cached.training_jobs()
    jobs.forget(_DEMO_JOB)
    jobs.submit(_DEMO_JOB, "Building the demo's vectors", build_demo_vectors, watcher=session.visitor())


def _options() -> dict[str, tuple[str, str | None]]:
    """Label -> (path, member) of every usable set of vectors, and of the chosen one."""
    files = [file for file in list_vector_files(vectors_folder()) if not file.problem]
    options = {_file_label(file): (str(file.path), file.member) for file in files}
    if demo_vectors().exists():
        options["Demo vectors (Wikipedia excerpt, 100 dimensions)"] = (str(demo_vectors()), None)
    workspace = session.workspace()
    if workspace.vectors and (workspace.vectors, workspace.member) not in options.values() and is_ready():
        options[Path(workspace.vectors).name] = (workspace.vectors, workspace.member)
    return options


def _file_label(file: VectorFile) -> str:
    return f"{file.name} ({readable_size(file.size)}, {file.vector_size} dimensions)"


def _select() -> None:
    workspace = session.workspace()
    options = _options()
    labels = [_NONE, *options]
    chosen = (workspace.vectors, workspace.member)
    index = next((place for place, label in enumerate(labels) if options.get(label) == chosen), 0)
    label = st.selectbox(
        "Vectors file",
        labels,
        index=index,
        format_func=lambda each: "No file: train from scratch only" if each == _NONE else each,
        help=f"Files in {vectors_folder()}. Set VECTUNE_VECTORS to use another folder.",
        disabled=not is_ready(),
    )
    if is_ready():
        path, member = options.get(label, (None, None))
        if (path, member) != chosen:
            session.update(vectors=path, member=member)
            st.rerun()
    unusable = [file for file in list_vector_files(vectors_folder()) if file.problem and file.path.suffix != ".md"]
    for file in unusable:
        st.caption(f":material/warning: {file.problem}")
    if not options:
        st.caption(
            f"There are no vectors in `{vectors_folder()}` yet. Put a [GloVe]({_GLOVE}) file there, "
            "or upload one below."
        )


def _upload() -> None:
    file = st.file_uploader(
        "Or upload a vectors file",
        key="vectors-file",
        help="GloVe text: a word and its values on each line. Files over 500 MB belong in the vectors folder.",
    )
    if file is None or session.recall("taken-vectors") == file.file_id:
        return
    folder = cache_folder("uploaded-vectors", session.visitor())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(file.name).name
    path.write_bytes(file.getbuffer())
    session.remember("taken-vectors", file.file_id)
    found = describe_file(path)[0]
    session.update(vectors=str(path), member=found.member)
    st.rerun()


def _chosen_file() -> VectorFile | None:
    workspace = session.workspace()
    if workspace.vectors is None or not is_ready():
        return None
    path = Path(workspace.vectors)
    if not path.exists():
        st.warning(f"{path.name} is no longer there. Choose another file.")
        return None
    return next(file for file in describe_file(path) if workspace.member in (None, file.member))


def _describe_file(file: VectorFile, vectors: PretrainedVectors | None) -> None:
    vocabulary = vectors.vocabulary if vectors else file.vocabulary
    facts = f"**{file.name}** · {file.kind} · {readable_size(file.size)}"
    st.caption(facts)
    boxes = st.columns(2)
    boxes[0].metric("Words in the file", f"{vocabulary:,}" if vectors else f"about {vocabulary:,}")
    boxes[1].metric("vector_size", file.vector_size, help="Values per word vector; models that start from it share it.")
    if vectors and (vectors.skipped_rows or vectors.duplicates):
        st.warning(
            f"{vectors.skipped_rows:,} rows were skipped because they could not be read as a word and "
            f"{file.vector_size} numbers; {vectors.duplicates:,} repeated words were ignored (the first one counts)."
        )


def _describe_coverage(text: Text, vectors: PretrainedVectors) -> None:
    found = coverage(text.corpus.words, text.corpus.counts, vectors)
    boxes = st.columns(2)
    boxes[0].metric("Coverage by word", f"{found.types:.1%}", help="Share of your different words that the file has.")
    boxes[1].metric(
        "Coverage by token", f"{found.tokens:.1%}", help="The same, each word counted as often as it occurs."
    )
    if found.types == 0:
        st.warning(
            "The file has none of this text's words: another language or script, or another way of cutting words. "
            "Fine-tuning has nothing to start from; you can still train from scratch."
        )
        return
    missing = found.missing[:20]
    counts = dict(zip(text.corpus.words, text.corpus.counts.tolist(), strict=True))
    with st.expander(f"Most frequent words that the file does not have ({len(found.missing):,} in all)"):
        st.dataframe(
            pd.DataFrame({"Word": missing, "Count": [counts[word] for word in missing]}), hide_index=True, height=248
        )
    rare = sum(1 for word in found.missing if counts[word] < MIN_COUNT.default)
    st.caption(f"{rare:,} of them occur only once and are left out of training by default.")
