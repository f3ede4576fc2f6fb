"""Uploads kept on disk as they came, and the corpus that they become under chosen options."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.corpus import Corpus, CorpusOptions, build_corpus
from core.documents import Reading, ReadOptions, read_documents
from core.errors import CorpusError
from core.progress import Progress, silent
from core.storage import cache_folder, digest_of, new_folder, read_json, write_json
from core.uploads import Upload


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What a user brought: how it was read, and the corpus it became."""

    reading: Reading
    corpus: Corpus


def keep_uploads(uploads: Sequence[Upload]) -> str:
    """Put `uploads` into the cache folder as they came, so that other options read them anew; gives their digest."""
    digest = digest_of(*(part for upload in uploads for part in (upload.name, upload.data)))
    folder = cache_folder("uploads", digest)
    if not folder.exists():
        with new_folder(folder) as new:
            write_json(new / "names.json", [upload.name for upload in uploads])
            for number, upload in enumerate(uploads):
                (new / f"{number}.bin").write_bytes(upload.data)
    return digest


def load_uploads(digest: str) -> tuple[Upload, ...]:
    """What `keep_uploads` kept.

    Raises:
        CorpusError: it is no longer there.
    """
    folder = cache_folder("uploads", digest)
    if not folder.is_dir():
        raise CorpusError("The uploaded text is no longer in the cache folder. Upload it again.")
    names = read_json(folder / "names.json")
    return tuple(Upload(name, (folder / f"{number}.bin").read_bytes()) for number, name in enumerate(names))


def open_text(
    uploads: Sequence[Upload],
    reading: ReadOptions = ReadOptions(),
    tokenising: CorpusOptions = CorpusOptions(),
    progress: Progress = silent,
) -> Text:
    """Read and tokenise `uploads`.

    Raises:
        CorpusError: there is no word in them, or none could be read.
        Cancelled: out of `progress`.
    """
    read = read_documents(uploads, reading, progress=lambda share, message: progress(share / 2, message))
    name = uploads[0].name if len(uploads) == 1 else f"{uploads[0].name} and {len(uploads) - 1} more"
    corpus = build_corpus(
        read.documents, tokenising, name=name, progress=lambda share, message: progress(0.5 + share / 2, message)
    )
    return Text(read, corpus)
