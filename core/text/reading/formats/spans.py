"""Stretches of a text between an opening and a closing mark, left out in time that grows as the text does."""

import re
from collections.abc import Callable


def leave_out(
    text: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], str], put: str = "", flags: int = 0
) -> str:
    """`text` with `put` for each stretch from `opening` to what `closing` says ends it, in capitals or not.

    What is never closed stays. A pattern with .*? between the two would look through all that follows each time.
    """
    pieces: list[str] = []
    kept = at = 0
    missing: set[str] = set()
    while found := opening.search(text, at):
        end = closing(found)
        stop = None if end in missing else re.compile(end, re.IGNORECASE | flags).search(text, found.end())
        if stop is None:
            missing.add(end)
            at = found.end()
            continue
        pieces += [text[kept : found.start()], put]
        kept = at = stop.end()
    return "".join([*pieces, text[kept:]]) if pieces else text
