"""Words of a vectors file in the form in which words meet, and without what it writes around them."""

from core.pretrained.tally import Tally, is_utf8
from core.pretrained.text_format import plain_word
from core.prose.letters import compose, is_composed


def word_form(word: bytes, spelling: str = "") -> bytes:
    """How `word` of a file is looked up; one that is not UTF-8 stays as it is."""
    if spelling:
        word = plain_word(word, spelling)
    if word.isascii() or not is_utf8(word):
        return word
    return compose(word.decode("utf-8")).encode("utf-8")


def word_forms(words: list[bytes], spelling: str, tally: Tally) -> list[bytes]:
    """`words` as they are looked up; `tally` is told where one is not as it was."""
    together = b"\n".join(words)
    if not spelling and _as_they_are(together):
        return words
    found = [word_form(word, spelling) for word in words]
    if found != words:
        tally.respelled = True
    return found


def _as_they_are(together: bytes) -> bool:
    if together.isascii():
        return True
    try:
        return is_composed(together.decode("utf-8"))
    except UnicodeDecodeError:
        return False
