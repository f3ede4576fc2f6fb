"""Texts that no tokeniser is made for, as hypothesis draws them; and characters that nobody sees."""

import unicodedata

from hypothesis import strategies as st


def _characters(ranges: str) -> frozenset[str]:
    found: set[str] = set()
    for each in ranges.split():
        first, _, last = each.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


_IGNORABLE = _characters(
    "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFF8 "
    "1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"  # Default_Ignorable_Code_Point, Unicode 17
)
_DRAWN = _characters("0600-0605 06DD 070F 0890-0891 08E2 110BD 110CD")  # Prepended_Concatenation_Mark
_CONTROLLING = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf")}
HIDDEN = (_CONTROLLING | _IGNORABLE | _characters("2800 13430-1343F")) - _DRAWN
"""Characters that nobody sees, white space among them."""
UNSEEN = sorted(character for character in HIDDEN if not character.isspace())

# fmt: off
PIECES = [
    "can't", "Mr.", "U.S.", '"', "'", "''", "``", "(", ")", "[", "a", "The", "he", ".", "..", "...", ",", ":", ";",
    "?", "!", " ", " ", " ", " ", "\n", "\t", "  ", "\n\n", "-", "--", "1", "1,0", "3.5", "$", "%", "&", "@", "*",
    "“", "”", "’", "‘", "«", "»", "„", "–", "—", "…", "\xa0", "\u2028", "\x1c", "\x85", "cannot", "gonna", "wanna",
    "'s", "n't", "'ll", "'tis", "d'ye", "more'n", "é", "İ", "ſ", "²", "_", "<", ">", "{", "}", "/", "#", "I.", "word",
]
# fmt: on
_PARTS = st.sampled_from(
    [*"a1-'’.,:/\"([)]!?%é–ſ“Ж\u00ad", "The", "Mr", "Inc", "n't", "'s", "'ll", "well-known", "1,0", "U.S."]
)
MESSY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
UNSEEN_RUNS = st.text(st.sampled_from(UNSEEN[:200]) | st.sampled_from(UNSEEN), min_size=1, max_size=4)
HALF_SEEN = st.lists(st.sampled_from(PIECES) | UNSEEN_RUNS, max_size=25).map("".join)
ANY_TEXT = st.one_of(MESSY, HALF_SEEN, st.lists(_PARTS, max_size=6).map("".join), st.text(max_size=80))


def is_seen(text: str) -> bool:
    """Whether anything of `text` can be seen."""
    return not HIDDEN.issuperset(text)
