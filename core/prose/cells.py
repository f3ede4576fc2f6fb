"""Words of somebody's file where they could do harm: no formula in a spreadsheet, no command to a terminal."""

import re

_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")


def plain_cell(word: str) -> str:
    """`word`, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{word}" if word.startswith(_FORMULA_STARTS) or word.lstrip().startswith(_FORMULA_STARTS) else word


def unguarded_cell(cell: str) -> str:
    """The word of which `plain_cell` made `cell`."""
    return cell[1:] if cell[:1] == "'" and plain_cell(cell[1:]) == cell else cell


def one_line(text: str) -> str:
    """`text` in one line, without the control characters of somebody's file, which a terminal would obey."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda each: ascii(each[0])[1:-1], " ".join(text.split()))
