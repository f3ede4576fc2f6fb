"""What Project Gutenberg writes around its books: a header above, its licence below."""

import re

_START = re.compile(
    r"^\s{0,9}(?:\*{3}\s{0,9}START OF (?:THE|THIS) PROJECT GUTENBERG E-?(?:BOOK|TEXT)[^\n]{0,300}"
    r"(?:\n[^\n]{1,300}\*{3})?|\*END\*?\s{0,9}THE SMALL PRINT[^\n]{0,300})$",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^\s{0,9}(?:\*{3}\s{0,9}END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:The )?Project Gutenberg)",
    re.MULTILINE | re.IGNORECASE,
)
_WITHIN = 60_000


def book_in(text: str) -> str:
    """The book in a text of Project Gutenberg; all of `text` where it is none of these."""
    if "gutenberg" not in text[:_WITHIN].lower():
        return text
    start = _START.search(text, 0, _WITHIN)
    if start is None:
        return text
    end = _END.search(text, start.end())
    return text[start.end() : end.start() if end else len(text)].strip("\n")
