"""Progress that crosses processes: a child writes how far it is into a file, and stops once that is marked."""

import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import Cancelled, StorageError
from core.system.files import cache_folder, digest_of, storing
from core.system.typed_json import Record, read_record, write_record
from core.system.unfinished import PROGRESS, make_claimed

_REPORT_EVERY = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class _Report(Record):
    fraction: float
    message: str


class ProgressFile:
    """A `Progress` that crosses processes: writes to a file, and raises `Cancelled` once the file is marked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = 0.0

    def __call__(self, fraction: float, message: str) -> None:
        now = time.monotonic()
        if now - self._last < _REPORT_EVERY and fraction < 1:
            return
        self._last = now
        if self._stop.exists():
            raise Cancelled
        with suppress(StorageError):  # the work may still have room where its report has none
            write_record(self.path, _Report(fraction, message))

    @property
    def _stop(self) -> Path:
        return self.path.with_suffix(".stop")

    def read(self) -> tuple[float, str]:
        """Share done and message, (0, "") before the first report."""
        try:
            report = read_record(self.path, _Report)
        except FileNotFoundError:
            return 0.0, ""
        return report.fraction, report.message

    def ask_to_stop(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._stop.touch()

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._stop.unlink(missing_ok=True)


def new_progress_file(key: str) -> ProgressFile:
    """One for the job of this key, in this server's own folder, which is claimed while it lives."""
    return ProgressFile(_claim_folder(cache_folder(PROGRESS)) / f"{digest_of(key)}-{time.monotonic_ns()}.json")


@cache
def _claim_folder(parent: Path) -> Path:
    with storing():
        parent.mkdir(parents=True, exist_ok=True)
        folder, _ = make_claimed(lambda: Path(tempfile.mkdtemp(prefix="", dir=parent)))
    return folder
