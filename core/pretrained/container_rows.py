"""Rows of files that are no rows of text."""

from collections.abc import Iterator

from core.pretrained.containers.contents import Contents
from core.pretrained.containers.opening import read_blocks
from core.pretrained.files import VectorFile
from core.pretrained.stream import VectorBytes
from core.pretrained.tally import MALFORMED, Rows, Tally, Wanted, find_usable
from core.pretrained.word_forms import word_forms


def read_container(
    file: VectorFile, contents: Contents, stream: VectorBytes, wanted: Wanted, tally: Tally
) -> Iterator[Rows]:
    """As `rows.read_rows`. The bytes of the file, and of the words beside it, pass first: the digest is theirs."""
    buffer = bytearray(1 << 20)
    while stream.readinto(buffer):
        pass
    if file.words_beside is not None:
        with open(file.words_beside, "rb") as beside:
            while part := beside.read(1 << 20):
                stream.add(part)
    seen: set[bytes] = set()
    for block in read_blocks(file.path, file.inside, file.name, contents):
        tally.rows += len(block.words) + block.malformed
        if block.malformed:
            tally.reasons[MALFORMED] += block.malformed
        words = word_forms(block.words, "", tally)
        kept = find_usable(words, block.vectors, wanted, seen, tally)
        yield [words[row] for row in kept], block.vectors[kept]
