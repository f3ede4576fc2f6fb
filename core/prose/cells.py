"""Words as cells of a spreadsheet: none is taken for a formula."""

_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")


def plain_cell(word: str) -> str:
    """`word`, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{word}" if word.startswith(_FORMULA_STARTS) or word.lstrip().startswith(_FORMULA_STARTS) else word
