"""How far work is that a worker does: a file of the store, which every server finds by the work's name."""

import time
from contextlib import suppress

from core.system.cluster.fitness import FOLDER, STORE_FILE
from core.system.files import cache_folder, digest_of
from core.system.jobs.progress_file import ProgressFile

_OLD_SECONDS = 24 * 3600.0


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


def clean_old_progress() -> None:
    """Delete what killed servers left: of a job nobody has heard for a day."""
    for path in cache_folder(FOLDER).glob("*.json"):
        with suppress(OSError):
            if path.name != STORE_FILE and time.time() - path.stat().st_mtime > _OLD_SECONDS:
                path.unlink()
