"""The demo: a text, and pretrained vectors that are there without a network too.

The text is gensim's own `lee_background.cor`, 300 news documents. The vectors are GloVe 6B of 50 dimensions where the
vectors folder has them, which the set-up fetches. On a machine without, they are counted from the excerpt of English
Wikipedia that ships with gensim: small, but real, and good enough to show what fine-tuning does. On the covered pairs
of WordSim-353 their similarities reach a Spearman correlation of about 0.55, where skip-gram trained on the same text
reaches 0.37.
"""

import bz2
from pathlib import Path

from core.errors import PretrainedError
from core.pretrained.catalogue import GLOVE_PACKAGE
from core.pretrained.files import vectors_folder
from core.pretrained.vectors import write_glove
from core.progress import Progress, silent
from core.system.files import cache_folder
from core.text.corpus import build_corpus
from core.text.reading.documents import Document, ReadOptions
from core.text.reading.uploads import Upload

BUILD_SECONDS = 10.0
"""What building the demo's vectors takes on one core."""
DEMO_NAME = "News"
"""What the demo's text is called in a workspace."""
DEMO_FILE = "lee_background.cor"
DEMO_READING = ReadOptions(unit="line")
VECTORS_NAME = "demo-wikipedia.100d.txt"
_ARTICLES = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
_WINDOW, _MIN_COUNT, _VECTOR_SIZE, _SEED = 8, 5, 100, 1


def demo_uploads() -> tuple[Upload, ...]:
    """The demo's text, one document a line."""
    return (Upload(DEMO_FILE, _test_data(DEMO_FILE).read_bytes()),)


def counted_vectors() -> Path:
    """Where the counted vectors are once they are built: a headerless GloVe text file in the cache folder."""
    return cache_folder("demo", VECTORS_NAME)


def demo_vectors() -> Path:
    """The vectors of a new demo: real GloVe where it is there, else the counted ones, which may not be built yet."""
    real = (vectors_folder() / name for name in (GLOVE_PACKAGE.file_name, "glove.6B.50d.txt"))
    return next((path for path in real if path.exists()), counted_vectors())


def build_demo_vectors(progress: Progress = silent) -> Path:
    """Build the counted vectors, if they are not there yet, in about ten seconds.

    Co-occurrence within 8 words, PPMI with context smoothing 0.75 (Levy, Goldberg & Dagan 2015), truncated SVD to 100
    dimensions weighted by the square root of the singular values.

    Raises:
        PretrainedError: gensim was installed without its test data.
        Cancelled: out of `progress`.
    """
    from core.models.cooccurrence import count_cooccurrences, find_positive_pmi, reduce_by_svd
    from core.models.training_inputs import cut_passages

    path = counted_vectors()
    if path.exists():
        return path
    progress(0.0, "Reading Wikipedia articles")
    corpus = build_corpus(_articles(progress), name="Wikipedia excerpt")
    passages = cut_passages(corpus, _MIN_COUNT)
    progress(0.4, "Counting which words meet")
    information = find_positive_pmi(count_cooccurrences(passages, _WINDOW))
    progress(0.6, "Reducing to 100 dimensions")
    vectors = reduce_by_svd(information, _VECTOR_SIZE, _SEED)
    progress(0.9, "Writing the vectors file")
    write_glove(path, passages.words[: len(vectors)], vectors)
    progress(1.0, "done")
    return path


def _articles(progress: Progress) -> list[Document]:
    from gensim.corpora.wikicorpus import extract_pages, filter_wiki

    with bz2.open(_test_data(_ARTICLES), "rb") as dump:
        pages = list(extract_pages(dump, filter_namespaces=("0",)))
    documents = []
    for number, (title, markup, _) in enumerate(pages):
        progress(0.1 + 0.3 * number / len(pages), "Reading Wikipedia articles")
        documents.append(Document(title, filter_wiki(markup)))
    return documents


def _test_data(name: str) -> Path:
    from gensim.test.utils import datapath

    path = Path(datapath(name))
    if not path.exists():
        raise PretrainedError(f"gensim was installed without {name}, which the demo needs. Reinstall gensim from PyPI.")
    return path
