"""The unpacked bytes of a vectors file, which count, check and report themselves as they are read."""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

import xxhash

from core.errors import PretrainedError
from core.pretrained.files import VectorFile
from core.pretrained.unpacking import named_errors, open_unpacked
from core.progress import Progress, silent
from core.system.files import digest_of

_LONGEST_LINE = 1 << 20


class VectorBytes(io.RawIOBase):
    """The unpacked bytes of a `VectorFile`, which count, check and report themselves as they are read.

    Reading raises `PretrainedError` where the file cannot be read or unpacked, or is one endless line.
    """

    def __init__(self, file: VectorFile, stream: IO[bytes], progress: Progress):
        self._file, self._stream, self._progress = file, stream, progress
        self._packed = getattr(stream, "fileobj", None) if file.inside is None else None
        self._size = file.unpacked if self._packed is None else file.size
        self._content = xxhash.xxh3_128()
        self._count = 0
        self._line_start = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with named_errors(self._file.name):
            count: int = self._stream.readinto(buffer) or 0  # type: ignore[attr-defined]
        block = memoryview(buffer)[:count]
        self._content.update(block)
        self._count += count
        if self._file.kind != "word2vec-binary" and self._file.contents is None:
            self._refuse_endless_line(buffer, count)
        done = self._count if self._packed is None else self._packed.tell()
        self._progress(min(1.0, done / max(1, self._size)), f"Reading {self._file.name}")
        return count

    def _refuse_endless_line(self, buffer: Any, count: int) -> None:
        """A reader of lines holds each one whole: without a limit, a small archive could fill the memory."""
        for tail in (8192, count):  # nearly always the short one is enough
            first = max(0, count - tail)
            newline = bytes(buffer[first:count]).rfind(b"\n")
            if newline >= 0:
                self._line_start = self._count - count + first + newline
                return
        if self._count - self._line_start > _LONGEST_LINE:
            raise PretrainedError(
                f"{self._file.name} has a line of more than {_LONGEST_LINE >> 20} MB, which no vector is. "
                "The file is damaged: download it again."
            )

    def add(self, content: bytes) -> None:
        """Let the digest be of this, too: of what belongs to the file and lies beside it."""
        self._content.update(content)
        self._count += len(content)

    def digest(self, *readings: str) -> str:
        """Names the content that was read (all of it, at the end), however the file is called, placed or packed.

        `readings`: how it is not read as it is written; none for most files.

        XXH3 of every byte. It costs a tenth of a CRC-32, which would cost a third of looking at every row. It does not
        guard against somebody who forges a file on purpose.
        """
        return digest_of("vectors", str(self._count), self._content.hexdigest(), *readings)


@contextmanager
def open_bytes(file: VectorFile, progress: Progress = silent) -> Iterator[VectorBytes]:
    """The unpacked bytes of `file`, from the first.

    Raises:
        PretrainedError: here or at any read, when the file cannot be read or unpacked.
    """
    with ExitStack() as stack:
        with named_errors(file.name):
            stream = stack.enter_context(open_unpacked(file.path, file.inside))
        yield VectorBytes(file, stream, progress)
