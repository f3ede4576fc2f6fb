"""Large files from the network: streamed, resumed, checked, and whole or absent."""

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import PretrainedError
from core.pretrained.files import PARTIAL_SUFFIX
from core.pretrained.room import check_room
from core.progress import Progress
from core.prose.numbers import readable_seconds, readable_size
from core.system.files import room_for
from core.system.locking import hold_lock

if TYPE_CHECKING:
    import requests

STALL_SECONDS = 15.0
"""Silence after which a connection is given up (and cancelling takes effect, at the latest)."""

ATTEMPTS = 3
"""Attempts without a single new byte before giving up."""

_CHUNK = 1 << 16
_REPORT_SECONDS = 0.2


def download_file(
    progress: Progress,
    urls: Sequence[str],
    path: Path,
    *,
    size: int | None = None,
    checksum: str | None = None,
    check: Callable[[Path], None] | None = None,
    stall: float = STALL_SECONDS,
    pause: float = 1.0,
) -> None:
    """Download one of `urls`, which hold the same, to `path`; nothing to do where `path` is there.

    What has come stays beside `path` as a `.part` file when the connection breaks or the user cancels, and the next
    call asks for the rest only. Two callers download once.

    Args:
        size: bytes that the file must have.
        checksum: "sha256:..." or "md5:..." that it must have.
        check: called with the complete file; raises `PretrainedError` when it is the wrong one.
        stall: seconds without a byte after which the connection is given up.
        pause: seconds before the second attempt, twice as long before the third.

    Raises:
        PretrainedError: no network, no room, or not the right file (which is deleted); says what to do.
        Cancelled: out of `progress`.
    """
    part = path.with_name(path.name + PARTIAL_SUFFIX)
    lock = path.with_name(f".{path.name}.lock")
    waiting = f"Waiting for {path.name}, which is being downloaded already"
    with room_for(path.name, PretrainedError), hold_lock(lock, progress, waiting):
        if path.exists():
            return
        _fetch(progress, urls, path.name, part, size, checksum, stall, pause)
        progress(1.0, f"Checking {path.name}")
        try:
            _check_bytes(progress, part, path.name, size, checksum)
            if check is not None:
                check(part)
        except PretrainedError as error:
            _forget(part)
            raise PretrainedError(f"{error} It was deleted. Try again later, or get {urls[0]} yourself.") from error
        with open(part, "rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
        _forget(part)
    lock.unlink(missing_ok=True)


def _fetch(
    progress: Progress,
    urls: Sequence[str],
    name: str,
    part: Path,
    size: int | None,
    checksum: str | None,
    stall: float,
    pause: float,
) -> None:
    """Make `part` complete, in as many attempts as bring something new."""
    import requests

    failures = 0
    while True:
        before = _size_of(part)
        url = urls[failures % len(urls)]
        try:
            if _fetch_once(progress, url, name, part, size, checksum, stall):
                return
            problem = "the connection was closed early"
            cause: Exception | None = None
        except requests.RequestException as error:
            problem, cause = _reason(error), error
        failures = 0 if _size_of(part) > before else failures + 1
        if failures == ATTEMPTS:
            raise PretrainedError(
                f"{urlsplit(url).hostname} does not answer as it should ({problem}). Check the network and try again: "
                f"the download goes on where it stopped. Or get {urls[0]} yourself and put it into {part.parent}."
            ) from cause
        done = _size_of(part) / size if size else 0.0
        _wait(progress, min(1.0, done), pause * 2 ** max(0, failures - 1), f"Trying again: {problem}")


def _fetch_once(
    progress: Progress, url: str, name: str, part: Path, size: int | None, checksum: str | None, stall: float
) -> bool:
    """Add what is missing to `part`; False when the connection ends before everything has come."""
    import requests
    from urllib3.exceptions import HTTPError

    offset = _size_of(part)
    if offset == size:
        return True
    if size is not None and offset > size:
        part.unlink()
        offset = 0
    headers = {"Accept-Encoding": "identity"}  # a packed file must arrive packed
    if offset:
        headers["Range"] = f"bytes={offset}-"
        if checksum is None:
            headers["If-Range"] = _read_validator(part)  # without a checksum, only the same file may be continued
    with requests.get(url, headers=headers, stream=True, timeout=(stall, stall)) as response:
        total = _total(response)
        if response.status_code == 416 and total == offset:
            return True
        if response.status_code == 416 or (response.status_code == 206 and not _starts_at(response, offset)):
            part.unlink(missing_ok=True)  # not the file that was begun
            return False
        response.raise_for_status()
        if response.status_code != 206:
            offset = 0
        if size is not None and total not in (None, size):
            raise PretrainedError(
                f"{urlsplit(url).hostname} offers {total:,} bytes as {name}, which has {size:,}. It is not the right "
                f"file. Try again later, or get {url} yourself."
            )
        _check_space(part, name, (total or size or 0) - offset)
        if checksum is None:
            _write_validator(part, response)
        total = total if total is not None else size
        report = _speedometer(progress, name, offset, total)
        try:
            with open(part, "r+b" if offset else "wb") as file:
                file.seek(offset)
                # One read of the socket at a time, so that a stall loses nothing that has come.
                while chunk := response.raw.read1(_CHUNK, decode_content=False):
                    file.write(chunk)
                    offset += len(chunk)
                    if total is not None and offset > total:
                        break  # whatever it is, it is not the file
                    report(offset)
        except HTTPError as error:
            raise requests.ConnectionError(error) from error
    return total is None or offset >= total


def _starts_at(response: "requests.Response", offset: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {offset}-")


def _total(response: "requests.Response") -> int | None:
    """Length of the whole file as the server says."""
    whole = response.headers.get("Content-Range", "").rpartition("/")[2]
    if response.status_code == 200:
        whole = response.headers.get("Content-Length", "")
    return int(whole) if whole.isdecimal() else None


def _size_of(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _validator_file(part: Path) -> Path:
    return part.with_name(f".{part.name}.validator")


def _read_validator(part: Path) -> str:
    file = _validator_file(part)
    return file.read_text() if file.exists() else '"none"'


def _write_validator(part: Path, response: "requests.Response") -> None:
    """Remember what names this version of the file; a weak ETag does not."""
    etag = response.headers.get("ETag", "")
    validator = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
    _validator_file(part).write_text(validator or '"none"')


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _validator_file(part).unlink(missing_ok=True)


def _check_space(part: Path, name: str, needed: int) -> None:
    check_room(f"The rest of {name}", needed, part.parent, "set VECTUNE_VECTORS to a folder on another disk")


def _check_bytes(progress: Progress, part: Path, name: str, size: int | None, checksum: str | None) -> None:
    if size is not None and _size_of(part) != size:
        raise PretrainedError(f"{name} arrived with {_size_of(part):,} bytes instead of {size:,}.")
    if checksum is None:
        return
    method, _, expected = checksum.partition(":")
    hasher = hashlib.new(method, usedforsecurity=False)
    with open(part, "rb") as file:
        while block := file.read(1 << 22):
            hasher.update(block)
            progress(1.0, f"Checking {name}")
    if hasher.hexdigest() != expected:
        raise PretrainedError(f"{name} arrived, but is not the file that was published: its {method} checksum differs.")


def _wait(progress: Progress, fraction: float, seconds: float, message: str) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        progress(fraction, message)
        time.sleep(min(0.1, left))


def _reason(error: "requests.RequestException") -> str:
    import requests

    if error.response is not None:
        return f"HTTP {error.response.status_code}"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "nothing came for a while"
    if isinstance(error, requests.ConnectionError):
        return "no connection, or it broke"
    return type(error).__name__


def _speedometer(progress: Progress, name: str, start: int, total: int | None) -> Callable[[int], None]:
    """A function that reports bytes done as progress, with speed and time left, a few times a second."""
    began = last = time.monotonic()

    def report(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _REPORT_SECONDS and done != total:
            return
        last = now
        speed = (done - start) / max(now - began, 1e-6)
        message = f"Downloading {name}: {readable_size(done)}"
        if total:
            message += f" of {readable_size(total)}"
        message += f", {readable_size(round(speed))}/s"
        if total:
            message += f", {readable_seconds((total - done) / max(speed, 1))} left"
        progress(min(1.0, done / total) if total else 0.0, message)

    return report
