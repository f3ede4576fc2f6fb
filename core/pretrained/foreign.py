"""Files that are known to be something else than vectors, told from their first bytes; pickles above all."""

import re

from core.errors import PretrainedError

_OLD_PICKLE = re.compile(
    rb"\(d?p\d|\(lp\d|c(?:__builtin__|builtins|copy_reg|copyreg|collections|numpy[\w.]*|gensim[\w.]*)\r?\n"
)
_ZIPPED_DOCUMENTS = (".docx", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods", ".epub")
_UTF16 = "a text in UTF-16. Save it as UTF-8 and try again."
_UNPACK = "Unpack it, or pack it as .gz or .zip."
_FOREIGN = (
    (b"\xba\x16\x4f\x2f", "a fastText .bin model. Use the .vec file that comes with it."),
    (b"\x89HDF\r\n", "an HDF5 file. Save the vectors as text: a word and its numbers on each line."),
    (b"\xff\xfe", _UTF16),
    (b"\xfe\xff", _UTF16),
    (b"BZh", f"packed with bzip2. {_UNPACK}"),
    (b"\xfd7zXZ", f"packed with xz. {_UNPACK}"),
    (b"(\xb5/\xfd", f"packed with zstd. {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", f"packed with 7-Zip. {_UNPACK}"),
    (b"Rar!", f"packed with RAR. {_UNPACK}"),
    (b"\x1f\x8b", "packed twice. Unpack it once."),
    (b"PK\x03\x04", "an archive inside an archive. Unpack the outer one."),
    (b"%PDF", "a PDF. Pick a GloVe, word2vec or fastText .vec file."),
    (b"version https://git-lfs", "only a Git LFS pointer. Fetch the file itself with `git lfs pull`."),
)


def refuse_foreign(head: bytes, name: str) -> None:
    """Raise `PretrainedError` for what is known to be something else."""
    if not head:
        raise PretrainedError(f"{name} is empty. Download or copy it again.")
    if (head[0] == 0x80 and head[1:2] in (b"\2", b"\3", b"\4", b"\5")) or _OLD_PICKLE.match(head):
        raise PretrainedError(pickled(name, "a Python pickle (as gensim's .model and .kv files are)"))
    if head.startswith(b"\x93NUMPY"):
        raise PretrainedError(pickled(name, "a numpy file, which may hold pickled objects and has no words"))
    if head.startswith(b"PK\x03\x04") and name.lower().endswith(_ZIPPED_DOCUMENTS):
        raise PretrainedError(f"{name} is a document, not vectors. Pick a GloVe, word2vec or fastText .vec file.")
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise PretrainedError(f"{name} is {what}")
    if head[257:262] == b"ustar":
        raise PretrainedError(f"{name} is a tar archive. Unpack it and pick a file of vectors from it.")
    if head[:512].lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise PretrainedError(f"{name} is a web page, probably of a download that failed. Download the file again.")


def pickled(name: str, what: str) -> str:
    """Why a file of pickled objects is refused, and what to do."""
    return (
        f"{name} is {what}; opening one can run any code that was hidden in it, so it is refused. Where it was made, "
        "save the vectors as text instead: model.wv.save_word2vec_format('vectors.txt')."
    )
