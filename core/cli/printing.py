"""What the commands say: results on stdout, progress on stderr."""

import sys
import time
from collections.abc import Iterable
from typing import Any

from core.prose.cells import one_line
from core.prose.numbers import write_share
from core.system.files import to_json


def print_result(result: dict[str, Any], as_json: bool) -> None:
    """On stdout: one line of JSON, or a line for each key, and for each of its "notes"."""
    if as_json:
        print(to_json(result, sys.stdout.encoding or "utf-8"))
        return
    for key, value in result.items():
        for each in value if key == "notes" else ():
            print(f"note: {one_line(each)}")
        if key != "notes":
            print(one_line(f"{key}: {value}"))


def print_notes(notes: Iterable[str]) -> None:
    """On stderr, beside a result that is about something else."""
    for note in notes:
        print(f"note: {one_line(note)}", file=sys.stderr)


class LineProgress:
    """Progress on stderr: a line a second at most."""

    def __init__(self, title: str = "") -> None:
        self._title = title
        self._last = time.monotonic()

    def __call__(self, fraction: float, message: str) -> None:
        if time.monotonic() - self._last > 1:
            self._last = time.monotonic()
            print(f"{self._title} {write_share(fraction, 0)} {message}".strip(), file=sys.stderr)
