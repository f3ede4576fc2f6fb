"""Whether there is room on a disk for a vectors file, or what is made of it."""

import shutil
from pathlib import Path

from core.errors import PretrainedError
from core.prose.numbers import readable_size


def check_room(what: str, needed: int, folder: Path, advice: str) -> None:
    """Raise `PretrainedError` unless `needed` bytes are free on the disk of `folder`, which exists."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise PretrainedError(
            f"{what} needs {readable_size(needed)}, and {readable_size(free)} are free on that disk. "
            f"Free some space, or {advice}."
        )
