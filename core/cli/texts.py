"""The text that a command is given, read and cut as its options say."""

import argparse
import sys
from typing import Any

from core.cli.printing import LineProgress
from core.text.corpus import Corpus
from core.text.opened import open_text
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import read_files


def open_named_text(options: argparse.Namespace) -> Corpus:
    """The corpus of the files that are named with --text; what is to be known of them goes to stderr."""
    text = open_text(read_files(options.text), ReadOptions(**reading_of(options)), progress=LineProgress("text"))
    for problem in text.reading.problems:
        print(f"note: {problem.file}: {problem.message}", file=sys.stderr)
    how = "as chosen" if options.encoding else "a guess (--encoding overrules it)"
    for name, sample in text.reading.samples.items():
        print(f"note: {name} was read as {text.reading.encodings[name]}, {how}: “{sample}”", file=sys.stderr)
    return text.corpus


def reading_of(options: argparse.Namespace) -> dict[str, Any]:
    """What `ReadOptions` is to be made with."""
    chosen = {"encoding": options.encoding, "text_column": options.column}
    return {"unit": options.documents or "auto", **{key: value for key, value in chosen.items() if value is not None}}
