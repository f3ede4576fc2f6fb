"""Reading documents in a confined child of its own, for programs that have none already.

What is certainly cheap is read at once, in this process: mostly that takes less than starting a child.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for_futures
from contextlib import contextmanager
from secrets import token_hex
from typing import TypeVar

from core.progress import Progress, silent
from core.system.files import cache_folder
from core.system.jobs.progress_file import ProgressFile
from core.system.jobs.warm_executor import WarmExecutor
from core.system.magic import format_of
from core.text.reading.allowances import explain_end
from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.uploads import LIMITS, Limits, Upload

_CHEAP_BYTES = 300_000
_LOOK_EVERY = 0.2  # seconds
_T = TypeVar("_T")


def load_readers() -> None:
    """Import what reads files, for a child that waits for some."""
    import charset_normalizer  # noqa: F401
    import pandas as pd  # noqa: F401
    from lxml import etree  # noqa: F401


def read_apart(
    uploads: Sequence[Upload],
    options: ReadOptions = ReadOptions(),
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Reading:
    """`read_documents`, in a confined child unless that is certainly cheap.

    Raises:
        CorpusError: as `read_documents`, and for a file that took more time or memory than it may, or ended the child.
        Cancelled: out of `progress`.
    """
    if _is_cheap(uploads):
        return read_documents(uploads, options, limits, progress)
    with _followed(progress) as (report, follow), _child() as child:
        return follow(child.submit(read_documents, uploads, options, limits, report))


def call_apart(fn: Callable[[Sequence[Upload]], _T], uploads: Sequence[Upload]) -> _T:
    """`fn(uploads)`, both picklable, in a confined child unless that is certainly cheap."""
    if _is_cheap(uploads):
        return fn(uploads)
    with _child() as child:
        return child.submit(fn, uploads).result()


@contextmanager
def _child() -> Iterator[WarmExecutor]:
    child = WarmExecutor(_nothing, explain=explain_end)
    try:
        yield child
    finally:
        child.shutdown()


def _nothing() -> None:
    """What a child for one call has to prepare."""


@contextmanager
def _followed(progress: Progress) -> Iterator[tuple[ProgressFile, Callable[[Future[_T]], _T]]]:
    """A `Progress` for a child, and what waits for its result while `progress` is told."""
    report = ProgressFile(cache_folder("progress", f"{token_hex(16)}.json"))

    def follow(future: Future[_T]) -> _T:
        try:
            while not wait_for_futures([future], _LOOK_EVERY).done:
                progress(*report.read())
        except BaseException:
            future.cancel()
            wait_for_futures([future])
            raise
        return future.result()

    try:
        yield report, follow
    finally:
        report.remove()


def _is_cheap(uploads: Sequence[Upload]) -> bool:
    """A little text, a table or page among it: the worst that could be made takes two seconds and some megabytes."""
    return sum(len(upload.data) for upload in uploads) <= _CHEAP_BYTES and all(
        format_of(upload.data[:512]) is None and upload.extension != ".pdf" for upload in uploads
    )
