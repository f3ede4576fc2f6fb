"""The rows of a text of vectors as plain rows: a word, and a blank or tab before each value."""

import io
from typing import Any

from core.pretrained.files import VectorFile
from core.pretrained.stream import VectorBytes
from core.pretrained.text_format import RowFormat

_BUFFER = 1 << 20


class TidyLines(io.RawIOBase):
    """What `stream` has before the first row, as it is, then each of its lines as `form` tidies it."""

    def __init__(self, file: VectorFile, stream: VectorBytes, form: RowFormat):
        self._lines = io.BufferedReader(stream, _BUFFER)
        self._form = form
        self._ready = self._lines.read(file.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while len(self._ready) < len(buffer):
            lines = self._lines.readlines(_BUFFER)
            if not lines:
                break
            self._ready += b"".join([self._form.tidy(line).rstrip(b"\n") + b"\n" for line in lines])
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count
