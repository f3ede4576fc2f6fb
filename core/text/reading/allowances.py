"""What reading a file may take of time and memory in a confined child, and what to say when it takes more.

A file is given what its size explains, many times over, and `Limits.file_seconds` and `Limits.memory_bytes` besides. So
a large file that somebody really has is read, and one of a few kilobytes cannot keep a child busy for longer than that.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import CorpusError
from core.system.confinement import Allowance, Exceeded, allow, is_confined, spent_seconds
from core.text.reading.uploads import MEGABYTE, Limits, Upload

_SECONDS, _PDF_SECONDS = 2.0, 10.0
"""For each megabyte: texts, tables and pages take 0.02 to 0.3 s here, a PDF 1 to 5."""
_BYTES = 60
"""For each byte: a table of short cells takes most."""
_FILES_AT_ONCE = 3
"""So many files may use up all of `Limits.file_seconds` before the whole reading is given up."""
_SECONDS_EACH = 0.05
_TEXT = "the whole text"
ENDED_FOR_TIME = tuple(-int(getattr(signal, name, 0)) for name in ("SIGXCPU", "SIGPROF", "SIGALRM"))
"""Exit codes of a process that a limit of time has ended."""
_REMEDY = "Leave it out, or open it in the program it was made with, save its text as .txt or .csv, and upload that."


class Allowances:
    """What is left of the processor time for one reading, and which files took most of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = float(_FILES_AT_ONCE * limits.file_seconds)
        self._slow: list[str] = []

    @contextmanager
    def hold(self, file: Upload, again: bool = False) -> Iterator[None]:
        """Hold the reading of `file` to what its size explains, where this process is confined.

        `again`: it goes on with a file whose size has been counted.

        Raises:
            CorpusError: it took more.
        """
        if not is_confined():
            yield
            return
        by_size = seconds_by_size(file)
        self._left += 0.0 if again else by_size + _SECONDS_EACH
        seconds = max(_SECONDS_EACH, min(self._limits.file_seconds + by_size, self._left))
        memory = self._limits.memory_bytes + _BYTES * len(file.data)
        began = spent_seconds()
        try:
            with allow(file.name, Allowance(seconds, memory)):
                yield
        except Exceeded as exceeded:
            self._slow.append(file.name)
            told = too_slow(file.name) if exceeded.what == "time" else too_much_memory(file.name)
            raise CorpusError(told) from exceeded
        finally:
            self._left -= spent_seconds() - began

    def check(self) -> None:
        """Raise `CorpusError` once files have taken all the time that there is for them."""
        if self._left < _SECONDS_EACH and self._slow:
            named = ", ".join(f"“{name}”" for name in dict.fromkeys(self._slow))
            raise CorpusError(
                f"These files take far longer to read than files of their size do, above all {named}. Leave these "
                "out, or save their text as .txt or .csv and upload that."
            )


def seconds_by_size(file: Upload) -> float:
    """Processor time that the size of `file` explains."""
    is_pdf = file.extension == ".pdf" or file.data.startswith(b"%PDF-")
    return (_PDF_SECONDS if is_pdf else _SECONDS) * len(file.data) / MEGABYTE


@contextmanager
def hold_text(characters: int, limits: Limits) -> Iterator[None]:
    """Hold what is done with a text of so many characters to what that explains, where this process is confined.

    Raises:
        CorpusError: it took more.
    """
    seconds = _FILES_AT_ONCE * limits.file_seconds + 4 * _SECONDS * characters / MEGABYTE
    try:
        with allow(_TEXT, Allowance(seconds, 2 * limits.memory_bytes + _BYTES * characters)):
            yield
    except Exceeded as exceeded:
        raise CorpusError(_about_text(exceeded.what == "time")) from exceeded


def explain_end(name: str, exit_code: int) -> CorpusError:
    """What to say when the child that read file `name` was ended, or died of it."""
    is_time = exit_code in ENDED_FOR_TIME
    if name == _TEXT:
        return CorpusError(_about_text(is_time))
    if is_time:
        return CorpusError(too_slow(name))
    return CorpusError(
        f"“{name}” ended the process that read it: it is damaged, or needs far more memory than a file of its size "
        f"does. {_REMEDY}"
    )


def too_slow(name: str) -> str:
    """What to say about a file that takes longer to read than it may."""
    return f"“{name}” takes far longer to read than a file of its size does: it is damaged or forged. {_REMEDY}"


def too_much_memory(name: str) -> str:
    """What to say about a file that needs more memory than it may take."""
    return f"“{name}” needs far more memory than a file of its size does: it is damaged or forged. {_REMEDY}"


def _about_text(is_time: bool) -> str:
    what = "time" if is_time else "memory"
    return f"Cutting this text into words takes far more {what} than a text of its size does. Upload a part of it."
