"""Keys as the texts of GloVe's Twitter vectors have them.

After the script that its makers published (https://nlp.stanford.edu/projects/glove/preprocess-twitter.rb): names of
people are <user>, addresses <url>, numbers <number>, faces <smile>, <sadface>, <neutralface>, <lolface> and <heart>;
#MeToo is <hashtag> me too, BIG is big <allcaps>, soooo is so <elong>, !!! is ! <repeat>. Emoji are words of their own.
"""

import regex

from core.text.tokens.readings import DOCUMENT_MARK, LINE_MARK

_ADDRESS = regex.compile(r"(?i)(?:https?://|www\.)\S+")
_USER = regex.compile(r"(?<![\p{L}\p{N}_.])@\w+")
_TAG = regex.compile(r"(?<![\p{L}\p{N}_&])#(\p{L}\w*|\w*\p{L}\w*)")
_EYES, _NOSE = "[8:=;]", "['`\\-]?"
_FACES = (
    (regex.compile(rf"{_EYES}{_NOSE}[)dD]+(?!\w)|[(d]+{_NOSE}{_EYES}(?!\w)"), "<smile>"),
    (regex.compile(rf"{_EYES}{_NOSE}[pP]+(?!\w)"), "<lolface>"),
    (regex.compile(rf"{_EYES}{_NOSE}\(+|\)+{_NOSE}{_EYES}"), "<sadface>"),
    (regex.compile(rf"{_EYES}{_NOSE}[/|lL*](?!\w)"), "<neutralface>"),
    (regex.compile("<3+"), "<heart>"),
)
_NUMBER = regex.compile(r"[-+]?[.\d]*\d[:,.\d]*(?![\p{L}_])")
_ELONGATED = regex.compile(r"(\p{L}*?)(\p{L})\2{2,}")
_REPEATED = regex.compile(r"([!?.])\1+")
_HUMPS = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?")
_PARTS = regex.compile(r"<[a-z]+>|\p{Emoji_Presentation}|\p{Extended_Pictographic}|[\p{L}\p{M}\p{N}_'’]+|[!?.]")
_WORTH_A_LOOK = regex.compile(
    r"[@#<:;=8)(\d]|(?i:www\.|http)|(\p{L})\1\1|([!?.])\2|\p{Lu}{2}|\p{Extended_Pictographic}"
)


def social_tokens(key: str, punctuation: bool) -> list[str] | None:
    """What `key` reads as; None where nothing in it is written in that way."""
    if key in (LINE_MARK, DOCUMENT_MARK) or not _WORTH_A_LOOK.search(key):
        return None
    text = _ADDRESS.sub(" <url> ", key)
    text = _USER.sub(" <user> ", text)
    for face, name in _FACES:
        text = face.sub(f" {name} ", text)
    text = _TAG.sub(lambda tag: f" <hashtag> {_body(tag.group(1))} ", text)
    text = _NUMBER.sub(" <number> ", text) if _NUMBER.fullmatch(key.strip(".,;:!?()\"'")) else text
    text = _REPEATED.sub(r" \1 <repeat> ", text)
    text = _EMOJI.sub(lambda sign: f" {sign.group()} ", text)
    text = " ".join(map(_word, text.split()))
    if text == key and not _EMOJI.search(key):
        return None
    found = [part for part in _PARTS.findall(text) if punctuation or part not in ("!", "?", ".")]
    return [part.strip("'’") or part for part in found]


def _body(tag: str) -> str:
    if tag.isupper():
        return f"{tag.lower()} <allcaps>"
    return " ".join(_HUMPS.split(tag))


def _word(word: str) -> str:
    if word.startswith("<"):
        return word
    whole = word.strip(".,;:!?()\"'")
    if len(whole) > 1 and whole.isalpha() and whole.isupper():
        word = word.replace(whole, f"{whole.lower()} <allcaps>")
    stretched = _ELONGATED.search(word)
    if stretched:
        word = f"{_ELONGATED.sub(lambda run: run.group(1) + run.group(2), word)} <elong>"
    return word
