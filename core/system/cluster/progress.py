"""How far work is that a worker does: a file of the cache folder, which every server finds by the work's name.

Where machines share no folder, the worker tells all servers through the scheduler, and each writes its own file.
"""

import re
import time
from contextlib import suppress
from typing import Any

from core.system.cluster.fitness import FOLDER, STORE_FILE
from core.system.files import cache_folder, digest_of
from core.system.jobs.progress_file import ProgressFile

PROGRESS_TOPIC = "vectune-progress"
_OLD_SECONDS = 24 * 3600.0
_NAME = re.compile(r"[0-9a-f]{32}\.json")


class SharedProgressFile(ProgressFile):
    """One file for all servers that want the work, so none of them stops it by a mark: the executor ends it."""

    def __call__(self, fraction: float, message: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        super().__call__(fraction, message)

    def ask_to_stop(self) -> None:
        """Nobody stops by it."""


def shared_progress(key: str) -> SharedProgressFile:
    """Of the job of this key, whoever asks and whoever does it."""
    return SharedProgressFile(cache_folder(FOLDER, f"{digest_of(key)}.json"))


def describe_progress(file: ProgressFile) -> dict[str, Any]:
    """What a worker tells servers: how far the work is."""
    fraction, message = file.read()
    return {"name": file.path.name, "fraction": fraction, "message": message}


def describe_end(file: ProgressFile) -> dict[str, Any]:
    """What a worker tells servers: the work is no longer done there."""
    return {"name": file.path.name, "ended": True}


def write_told_progress(told: dict[str, Any]) -> None:
    """On a server: what a worker told."""
    if not _NAME.fullmatch(str(told.get("name"))):
        return
    file = SharedProgressFile(cache_folder(FOLDER, str(told["name"])))
    if told.get("ended"):
        file.remove()
    else:
        file(float(told["fraction"]), str(told["message"]))


def clean_old_progress() -> None:
    """Delete what killed servers left: of a job nobody has heard for a day."""
    for path in cache_folder(FOLDER).glob("*.json"):
        with suppress(OSError):
            if path.name != STORE_FILE and time.time() - path.stat().st_mtime > _OLD_SECONDS:
                path.unlink()
