"""The rows of a vectors file, parsed and checked: all of them, or only those of wanted words."""

from collections.abc import Iterator

from core.pretrained.binary_rows import read_binary
from core.pretrained.container_rows import read_container
from core.pretrained.files import VectorFile
from core.pretrained.stream import VectorBytes
from core.pretrained.tally import TOO_LARGE, Rows, Tally, Wanted
from core.pretrained.text_rows import read_text


def read_rows(
    file: VectorFile, stream: VectorBytes, wanted: Wanted, tally: Tally, *, compiled: bool | None = None
) -> Iterator[Rows]:
    """Batches of the rows of `file` whose words are `wanted` (None: of all), each word once, in the file's order.

    The first usable row of a word counts. Rows of other words are counted, not looked at. Reads `stream` to its end.
    `compiled` forces the compiled reader of text or numpy's, which give the same; by default the compiled one
    is used where it saves time.
    """
    if file.contents is not None:
        return read_container(file, file.contents, stream, wanted, tally)
    if file.kind == "word2vec-binary":
        return read_binary(file, stream, wanted, tally)
    return read_text(file, stream, wanted, tally, compiled=compiled)


def digest_reading(file: VectorFile, stream: VectorBytes, tally: Tally) -> str:
    """Names the content of a file whose rows were all passed, and how it was read where that is not as it is written.

    So what an earlier version, which read such a file otherwise, made of it has another name.
    """
    readings = []
    if tally.respelled:
        readings.append("forms 1")
    if file.spelling:
        readings.append(file.spelling)
    if file.rows is not None and file.rows.left_out is not None:
        readings.append(f"without number {file.rows.left_out}")
    if tally.reasons[TOO_LARGE]:
        readings.append("without large values")
    return stream.digest(*readings)
