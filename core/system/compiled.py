"""Whether compiled code lies ready on the disk: a marker beside it, made once it is all there."""

import os
import platform
import sys
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from core.system.files import cache_folder, digest_of


def marker(name: str, packages: Sequence[str], sources: Sequence[Path]) -> Path:
    """The file whose existence says that `name` was compiled from this code, for this machine.

    Args:
        packages: installed packages that have a part in it.
        sources: files of the modules that are compiled, or say what is.
    """
    states = [source.stat() for source in sources]
    about = (
        [(package, _version(package)) for package in packages],
        [(state.st_mtime_ns, state.st_size) for state in states],
        sys.version,
        platform.machine(),
    )
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_folder("numba"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{digest_of(repr(about))}"


@cache
def _version(package: str) -> str:
    return metadata.version(package)
