"""Text of presentations (.pptx): what slides say, in their order, and what speakers noted below them."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from core.prose.numbers import count
from core.text.reading.formats.office import Parts, check_office
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import IF_WRONG, LIMITS, Limits, Upload, parsing

_OF_EVERY_SLIDE = frozenset({"dt", "ftr", "hdr", "sldNum"})
"""Places for dates, feet, heads and numbers."""


def text_of_pptx(upload: Upload, limits: Limits = LIMITS, as_is: bool = False) -> tuple[str, list[str]]:
    """Text of a presentation, slides parted by blank lines, and notes on what was left out.

    Hidden slides, and numbers, dates and feet of slides are left out, unless `as_is`.

    Raises `CorpusError` for a file that is damaged or forged.
    """
    check_office(upload, limits)
    with parsing(upload.name, "a presentation", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        parts = Parts(archive)
        main = (parts.find("officeDocument") or ["ppt/presentation.xml"])[0]
        pieces: list[str] = []
        hidden = 0
        for name in _slides(parts, main):
            slide = parts.read(name)
            if slide.get("show") in ("0", "false") and not as_is:
                hidden += 1
                continue
            pages = [slide, *(parts.read(note) for note in parts.find("notesSlide", name))]
            pieces += [text for page in pages for text in _paragraphs(page, as_is)]
    notes = [f"“{upload.name}” has {count('hidden slide', hidden)}, left out. {IF_WRONG}"] if hidden else []
    return "\n\n".join(pieces), notes


def _slides(parts: Parts, main: str) -> list[str]:
    """The parts of the slides in the order in which they are shown."""
    root = parts.read(main)
    if root is None:
        raise ValueError("it does not say what its slides are")
    targets = parts.targets(main)
    ids = [value for each in root.iter("{*}sldId") for key, value in each.attrib.items() if key.endswith("}id")]
    return list(dict.fromkeys(targets[each] for each in ids if each in targets))  # thousands of times only if forged


def _paragraphs(page: Any, as_is: bool) -> Iterator[str]:
    """The paragraphs of the shapes and tables of a slide."""
    skipped = set()
    if not as_is:
        for shape in page.iter("{*}sp"):
            place = shape.find(".//{*}nvPr/{*}ph")
            if place is not None and place.get("type") in _OF_EVERY_SLIDE:
                skipped |= set(shape.iter("{*}p"))
    for paragraph in page.iter("{*}p"):
        if paragraph in skipped or not paragraph.tag.endswith("/main}p"):
            continue
        said = "".join(
            "\n" if each.tag.endswith("}br") else each.text or "" for each in paragraph.iter("{*}t", "{*}br")
        )
        if re.search(r"\w", said):
            yield said.strip()
