"""What is written in a text file: a page, a table, subtitles ... by what it looks like, and by its name."""

import re
from typing import Literal

from core.text.reading.endings import is_called
from core.text.reading.formats import annotated, latex, markdown, subtitles, wiki, xml_text
from core.text.reading.tables.bibliographies import tagging_of
from core.text.reading.tables.bibtex import is_bibtex
from core.text.reading.tables.json_tables import ASSIGNED, loads_loosely
from core.text.reading.tables.xml_documents import has_many

# fmt: off
TextKind = Literal[
    "plain", "html", "xml", "csv", "tsv", "jsonl", "json", "subtitles", "latex", "wiki", "wiki export", "markdown",
    "annotated", "org", "rst", "bibtex", "references",
]
# fmt: on

_BY_NAME: tuple[TextKind, ...] = ("html", "xml", "jsonl", "tsv", "json", "csv", "org", "rst")
"""What is told by a file's name, where the text itself says nothing else."""


def text_kind_of(name: str, text: str) -> TextKind:
    """What is written in a text; its first characters decide before the extension does."""
    start = text[:2000].lstrip().lower()
    named = next((kind for kind in _BY_NAME if is_called(name, kind)), None)
    if start.startswith(("<!doctype html", "<html")):
        return "html"
    if wiki.is_export(text[:2000]):
        return "wiki export"
    if subtitles.is_marked_up(text[:2000]):
        return "subtitles"
    if start.startswith("<?xml"):
        return "html" if xml_text.is_page(text) else "xml"
    if re.match(r'\{\s*"', start) and _has_json_lines(text, 1 if named == "jsonl" else 2):
        return "jsonl"
    if re.match(r'[\[{]\s*(?:["{\[]|[\]}])', start) and named is None and _is_json(text):
        return "json"
    if named is None and ASSIGNED.match(text[:2000]) and _is_json(text):
        return "json"
    if is_bibtex(text, is_called(name, "bibtex")):
        return "bibtex"
    if tagging_of(text, name):
        return "references"
    if named is not None:
        return named
    if annotated.is_annotated(text):
        return "annotated"
    if re.match(r"<!doctype \w+ |<(tei|teicorpus|rss|feed|corpus|text|doc|body|fictionbook)\b[^<>]*>", start):
        return "xml"
    if start.startswith("<") and has_many(text):
        return "xml"
    if subtitles.is_subtitles(text):
        return "subtitles"
    if is_called(name, "latex") or latex.is_latex(text):
        return "latex"
    if is_called(name, "wiki") or wiki.is_wiki(text):
        return "wiki"
    return "markdown" if is_called(name, "markdown") or markdown.has_front_matter(text) else "plain"


def _is_json(text: str) -> bool:
    try:
        loads_loosely(text)
    except (ValueError, RecursionError):
        return False
    return True


def _has_json_lines(text: str, fewest: int) -> bool:
    lines = [line.strip() for line in text[:20_000].split("\n")]
    lines = [line for line in lines if line]
    if len(text) > 20_000 and len(lines) > 1:
        del lines[-1]
    whole = sum(line.startswith("{") and line.endswith("}") for line in lines)
    return whole >= fewest and whole >= 0.8 * len(lines)
