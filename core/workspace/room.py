"""What a workspace keeps on this server, in bytes, and whether there is room for more."""

import threading
import time
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from core.errors import LimitError
from core.prose.numbers import readable_size
from core.system.files import cache_folder
from core.system.limits import BYTES_ON_SERVER, BYTES_PER_WORKSPACE
from core.workspace.references import references
from core.workspace.uses import References
from core.workspace.vectors import upload_folder
from core.workspace.workspace import Workspace

_KEPT = ("uploads", "opened", "texts", "rows", "runs", "scores", "pairs", "uploaded-vectors")
_LOOK_SECONDS = 60.0


def measure_workspace(identity: str, workspace: Workspace) -> int:
    """Bytes that are kept for a workspace; what others refer to as well counts for each of them."""
    return measure(references(workspace)) + measure_path(upload_folder(identity))


def measure(found: References) -> int:
    """Bytes of what is referred to in the cache folder; vectors files in their own folder are everybody's."""
    return sum(
        measure_path(path)
        for each in fields(References)
        if each.name != "vectors"
        for name in getattr(found, each.name)
        for path in (cache_folder(each.name, name), cache_folder(each.name, f"{name}.json"))
    )


def measure_path(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 where it is gone."""
    try:
        return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
    except OSError:
        return 0  # being deleted


class _Total:
    """Bytes that all workspaces keep, looked up once a minute: that takes a look at every file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: tuple[Path, float, int] | None = None

    def __call__(self) -> int:
        root = cache_folder()
        with self._lock:
            now = time.monotonic()
            if self._found is None or self._found[0] != root or now - self._found[1] > _LOOK_SECONDS:
                self._found = root, now, _measure_folders(root / name for name in _KEPT)
            return self._found[2]


def _measure_folders(folders: Iterable[Path]) -> int:
    return sum(map(measure_path, folders))


measure_server = _Total()


def check_kept(identity: str, workspace: Workspace, more: int) -> None:
    """Whether a workspace may keep `more` bytes.

    Raises:
        LimitError: it, or all together, would keep more than they may.
    """
    most, mine = BYTES_PER_WORKSPACE.value, measure_workspace(identity, workspace)
    if mine + more > most:
        raise LimitError(
            f"You keep {readable_size(mine)} on this server, and {readable_size(more)} more would be above "
            f"{readable_size(most)}, the most for one workspace. Make room on the Storage page, where texts, vectors "
            "files and removed models can be deleted, then try again. Whoever runs this server can raise "
            f"{BYTES_PER_WORKSPACE.variable}."
        )
    most, every = BYTES_ON_SERVER.value, measure_server()
    if every + more > most:
        raise LimitError(
            f"{readable_size(every)} are kept on this server, and {readable_size(more)} more would be above "
            f"{readable_size(most)}, the most for all workspaces together. Nothing of yours is lost. Whoever runs it "
            f"can clear what nobody uses on its admin page, or raise {BYTES_ON_SERVER.variable}."
        )
