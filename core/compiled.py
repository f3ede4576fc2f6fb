"""Whether compiled code lies ready on the disk: a marker beside it, made once it is all there."""

import os
import platform
import sys
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from core.storage import cache_folder, digest_of


def marker(name: str, packages: Sequence[str], modules: Sequence[str]) -> Path:
    """The file whose existence says that `name` was compiled from this code, for this machine.

    Args:
        packages: installed packages that have a part in it.
        modules: modules of core that are compiled, or say what is.
    """
    sources = [(Path(__file__).parent / f"{module}.py").stat() for module in modules]
    about = (
        [(package, _version(package)) for package in packages],
        [(source.st_mtime_ns, source.st_size) for source in sources],
        sys.version,
        platform.machine(),
    )
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_folder("numba"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{digest_of(repr(about))}"


@cache
def _version(package: str) -> str:
    return metadata.version(package)
