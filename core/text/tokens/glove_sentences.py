"""What a chunk of text, between white space, says of the sentences around it."""

import regex

from core.text.tokens.readings import END, END_IF_NOT_LOWER, END_IF_STARTS, NOT_LOWER, STARTS

_TITLES = ["mr", "mrs", "ms", "dr", "prof", "st", "sen", "rep", "gov", "gen", "lt", "col", "sgt", "capt", "rev"]
_OTHERS = "jr sr inc corp co ltd bros dept vs etc jan feb aug sept oct nov dec"
ABBREVIATIONS = (*_TITLES, *_OTHERS.split())
"""In lower case, without the full stop that belongs to them."""
_NAMES_FOLLOW = tuple(f"{title}." for title in _TITLES)
_STOPS, _CLOSING = ".!?…。｡！？؟।॥", "\"'”’»」』)]}）"
_OPENING = "\"'“‘«„([{「『（"
_STARTER_WORDS = """
A After All Also Although An And Another As At Because Before Both But By During Each Even For From He Her Here His How
However I If In It Its Last Many Meanwhile Most My No Not Now Of On One Once Only Or Other Our She Since So Some Such
That The Their Then There These They This Those Though Today Two Under Until We What When Where Which While Who Why With
Yes Yesterday You Your It's He's She's That's There's I'm We're They're Don't
"""
_STARTERS = frozenset(_STARTER_WORDS.split())
_AFTER_STARTER = ",.;:!?"  # a word which begins sentences may end with these and still be that word


def flags_of(chunk: str, short: regex.Match[str] | None = None) -> int:
    """Flags of `chunk`, whose last token is the abbreviation `short`, if it is one."""
    flags = beginning_flags(chunk if chunk[0].isalpha() else chunk.lstrip(_OPENING))
    open_end = chunk.rstrip(_CLOSING) if chunk[-1] in _CLOSING else chunk
    if not open_end or open_end[-1] not in _STOPS:
        return flags
    stops = open_end[len(open_end.rstrip(_STOPS)) :]
    if short and stops == "." and short.end() == len(open_end):
        return flags if short.group().lower() in _NAMES_FOLLOW else flags | END_IF_STARTS
    if stops.startswith("..") or (len(open_end) < len(chunk) and stops[-1] in "!?"):
        return flags | END_IF_NOT_LOWER
    return flags | END


def beginning_flags(bare: str) -> int:
    """Flags about the sentence that may begin with a chunk, without what may stand before its first word."""
    if bare[:1].islower():
        return 0
    return NOT_LOWER | STARTS if bare.rstrip(_AFTER_STARTER) in _STARTERS else NOT_LOWER
