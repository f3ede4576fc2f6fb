"""Files that are known to be something else than vectors, told from their first bytes; pickles above all."""

from core.errors import PretrainedError
from core.system.magic import NAMES, Format, format_of

_ZIPPED_DOCUMENTS = (".docx", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods", ".epub")
_PICK = "Pick a GloVe, word2vec or fastText .vec file."
_UNPACK = "Unpack it, or pack it as .gz or .zip."
_ADVICE: dict[Format, str] = {
    "fasttext": "Take it out of its archive.",
    "hdf5": "Save the vectors as text: a word and its numbers on each line.",
    "utf-16": "Save it as UTF-8 and try again.",
    **dict.fromkeys(("zstd", "7z", "rar"), _UNPACK),
    "tar": "Unpack it and pick a file of vectors from it.",
    "git-lfs": "Fetch the file itself with `git lfs pull`.",
}


def refuse_foreign(head: bytes, name: str) -> None:
    """Raise `PretrainedError` for what is known to be something else."""
    if not head:
        raise PretrainedError(f"{name} is empty. Download or copy it again.")
    found = format_of(head)
    if found == "pickle":
        raise PretrainedError(pickled(name, "a Python pickle (as gensim's .model and .kv files are)"))
    if found == "zip" and name.lower().endswith(_ZIPPED_DOCUMENTS):
        raise PretrainedError(f"{name} is a document, not vectors. {_PICK}")
    if found == "zip":
        raise PretrainedError(f"{name} is an archive inside an archive. Unpack the outer one.")
    if found in ("numpy", "parquet"):
        raise PretrainedError(f"{name} is {NAMES[found]} in an archive, without words that belong to it. Unpack it.")
    if found in ("gzip", "bzip2", "xz"):
        raise PretrainedError(f"{name} is packed twice. Unpack it once.")
    if found:
        raise PretrainedError(f"{name} is {NAMES[found]}. {_ADVICE.get(found, _PICK)}")
    if head[:512].lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise PretrainedError(f"{name} is a web page, probably of a download that failed. Download the file again.")


def _load(name: str) -> str:
    """The line of Python that loads a file of this name with gensim."""
    if name.lower().endswith(".model"):
        return f"Word2Vec.load({name!r}).wv"
    return f"KeyedVectors.load({name!r})"


def pickled(name: str, what: str) -> str:
    """Why a file of pickled objects is refused, and what to do."""
    return (
        f"{name} is {what}; opening one can run any code that was hidden in it, so it is refused. If you trust it, "
        "turn it into a file that opens, in Python: from gensim.models import KeyedVectors, Word2Vec; "
        f"{_load(name)}.save_word2vec_format('vectors.txt')"
    )
