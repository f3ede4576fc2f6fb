"""What the files that Vectune reads are called: the endings of each format, the one table of them."""

import os
import re
from collections.abc import Mapping


def _set(*endings: str) -> frozenset[str]:
    return frozenset(f".{ending}" for ending in endings)


ENDINGS: Mapping[str, frozenset[str]] = {
    "plain": _set("txt", "text", "cor", "asc", "log"),
    "markdown": _set("md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"),
    "html": _set("html", "htm", "xhtml"),
    "xml": _set("xml", "tei", "rss", "atom", "fb2", "sgm", "sgml"),
    "jsonl": _set("jsonl", "ndjson"),
    "json": _set("json"),
    "notebook": _set("ipynb"),
    "csv": _set("csv"),
    "tsv": _set("tsv", "tab"),
    "org": _set("org"),
    "rst": _set("rst"),
    "latex": _set("tex", "ltx", "latex", "rnw"),
    "bibtex": _set("bib", "bibtex"),
    "references": _set("ris", "nbib", "enw", "ciw"),
    "wiki": _set("wiki", "mediawiki"),
    "subtitles": _set("srt", "vtt", "sub", "sbv", "ass", "ssa", "smi", "sami", "ttml", "dfxp", "lrc"),
    "speech": _set("cha", "textgrid"),
    "annotated": _set("conllu", "conll", "vrt"),
    "mail": _set("eml", "mbox", "mbx", "emlx", "mht", "mhtml"),
    "spreadsheet": _set("xlsx", "xlsm", "xls", "xlt", "ods"),
    "docx": _set("docx", "docm"),
    "odt": _set("odt"),
    "pptx": _set("pptx", "pptm", "ppsx"),
    "epub": _set("epub"),
    "pdf": _set("pdf"),
    "packed": _set("gz", "bz2", "xz"),
    "packed tar": _set("tgz", "tbz", "tbz2", "txz"),
    "archive": _set("zip", "tar"),
    "rtf": _set("rtf"),
    "refused": _set("doc"),
}
"""By format. What bytes are their own marks tell first; a name decides where they do not."""

_ALL = sorted(ending[1:] for endings in ENDINGS.values() for ending in endings)
_AT_END = re.compile(rf"(?:\.(?:{'|'.join(_ALL)}))+$", re.IGNORECASE)


def is_called(name: str, *formats: str) -> bool:
    """Whether a file's name ends as those of one of `formats` do."""
    ending = os.path.splitext(name)[1].lower()
    return any(ending in ENDINGS[each] for each in formats)


def without_endings(name: str) -> str:
    """`name` without what says its format, as often as it does: "sotu" of "sotu.txt.gz"."""
    return _AT_END.sub("", name)
