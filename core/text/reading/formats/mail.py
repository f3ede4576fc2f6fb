"""Letters of electronic mail: what was written in them, their headers apart, what was attached named."""

import email
import email.header
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.encodings import decode
from core.text.reading.formats.html import text_of_html
from core.text.reading.formats.spans import leave_out
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import Upload, parsing

HEADERS = ("subject", "from", "to", "date")
_BETWEEN = re.compile(rb"(?:\A|\r?\n)From [^\r\n]{3,200}\d{4}[^\r\n]{0,40}\r?\n(?=[A-Za-z][A-Za-z0-9-]*:)")
_DEEPEST = 20
_QUOTED = re.compile(r"^>+[ \t]*[^\s>]", re.MULTILINE)
_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [^\n]{1,80}\n)*", re.MULTILINE)
_SIGNATURE = re.compile(r"^-----BEGIN PGP (SIGNATURE|PUBLIC KEY BLOCK|MESSAGE)-----$", re.MULTILINE)
_FILE_IN_TEXT = re.compile(r"^begin [0-7]{3,4} [^\n]{1,200}\n(?:[ -`]{1,62}\n)*+end[ \t]*$", re.MULTILINE)
"""A file as uuencode writes it."""
_FORWARDED = re.compile(
    r"^[>\s]{0,9}-{2,20} ?(?:Original Message|Forwarded message|Original-Nachricht|Urspr\u00fcngliche Nachricht|"
    r"Weitergeleitete Nachricht|Message d'origine|Mensaje original|Messaggio originale) ?-{2,20}[ \t]*\n"
    r"(?:[> \t]{0,9}\*?[A-Z][\w \t-]{1,20}\*?:[^\n]*\n)*",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(slots=True)
class Letter:
    """A message.

    Attributes:
        text: what was written, quoted letters too.
        headers: those of `HEADERS`, decoded; "" where it has none.
        attachments: names of what was not read.
        quoted: lines of `text` that are quoted from other letters.
    """

    text: str
    headers: dict[str, str] = field(default_factory=dict)
    attachments: list[str] = field(default_factory=list)
    quoted: int = 0


def read_mail(upload: Upload) -> list[Letter]:
    """The letters of a message (.eml) or a mailbox (.mbox) that hold text.

    Raises `CorpusError` if there is none, or the file is damaged.
    """
    letters = []
    with parsing(upload.name, "mail", SAVE_AGAIN):
        for data in _cut(upload.data):
            letter = _read(email.message_from_bytes(data, policy=email.policy.compat32))
            if re.search(r"\w", letter.text):
                letters.append(letter)
    if not letters:
        raise CorpusError(f"“{upload.name}” is mail without a word in it. Upload a letter with text.")
    return letters


def note_on_mail(name: str, letters: list[Letter]) -> str:
    """What was left out of them."""
    attached = [each for letter in letters for each in letter.attachments]
    said = f"“{name}” was read as mail: {count('letter', len(letters))}, without headers (subject, from, to, date)."
    if quoted := sum(letter.quoted for letter in letters):
        said += f" {count('line', quoted)} {'is' if quoted == 1 else 'are'} quoted from other letters (“> …”)"
        said += " and counted again: delete them if each letter should count once."
    if attached:
        shown = ", ".join(attached[:3]) + (" …" if len(attached) > 3 else "")
        said += f" {count('attachment', len(attached))} left out ({shown}): upload what is text by itself."
    return said


def _cut(data: bytes) -> Iterator[bytes]:
    data = data.removeprefix(b"\xef\xbb\xbf")
    starts = [found.span() for found in _BETWEEN.finditer(data)] if re.match(rb"\s*From ", data) else []
    if not starts:
        if counted := re.match(rb"\s*\d{1,12}\s*\n(?=[A-Za-z-]+:)", data):  # Apple's .emlx: a size, and a list below
            data = data[counted.end() :]
            end = data.rfind(b"<?xml version")
            data = data[:end] if end >= 0 and b"<plist" in data[end:] else data
        yield data
        return
    for (_, begin), (end, _) in zip(starts, [*starts[1:], (len(data), 0)], strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", data[begin:end])


def _read(message: Message) -> Letter:
    letter = Letter("", {name: _header(message, name) for name in HEADERS})
    letter.text = "\n\n".join(part for part in map(str.strip, _texts(message, letter, 0)) if part)
    letter.quoted = len(_QUOTED.findall(letter.text))
    return letter


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))
    with suppress(LookupError, ValueError):  # spelt in a way that there is none; it stays as it is
        value = str(email.header.make_header(email.header.decode_header(value)))
    return " ".join(value.split()).encode("utf-8", "replace").decode()


def _texts(message: Message, letter: Letter, depth: int) -> Iterator[str]:
    """The texts of a message and of its parts; of alternatives the plain one, else the first that says something."""
    kind = message.get_content_type()
    if depth > _DEEPEST:
        return
    if message.is_multipart():
        parts = [part for part in message.get_payload() if isinstance(part, Message)]
        if kind == "multipart/alternative":
            parts.sort(key=lambda part: part.get_content_type() != "text/plain")
            for part in parts:
                texts = [text for text in _texts(part, letter, depth + 1) if text.strip()]
                if texts:
                    yield from texts
                    return
            return
        if kind == "multipart/report" or kind == "multipart/signed":
            parts = parts[:1]
        for part in parts:
            yield from _texts(part, letter, depth + 1)
        return
    named = message.get_filename()
    is_attached = message.get_content_disposition() == "attachment" or (named and kind != "text/plain")
    if is_attached or not kind.startswith("text/") or kind in ("text/calendar", "text/css", "text/vcard"):
        if named or is_attached:
            letter.attachments.append(_file_name(named) or kind)
        return
    yield _body(message, kind)


def _file_name(name: str | None) -> str:
    if not name:
        return ""
    try:
        return " ".join(str(email.header.make_header(email.header.decode_header(name))).split())
    except (LookupError, ValueError):
        return name


def _body(part: Message, kind: str) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if not data.strip():
        return ""
    charset = part.get_content_charset()
    text = ""
    for encoding in (charset, None):
        try:
            text = decode(data, "its text", encoding).text
            break
        except CorpusError:
            continue
    else:
        text = data.decode("latin-1")
    if kind == "text/html":
        return text_of_html(text, "its page")
    if str(part.get_param("format", "")).lower() == "flowed":
        joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
        text = re.sub(r"(?m)^ ", "", re.sub(r"(?<!^--)(?<!\n--)(?<=[^\n ]) \n(?![>\n])", joint, text))
    return _without_wrapping(text)


def _without_wrapping(text: str) -> str:
    """`text` without what programs put around it: signatures of PGP, files in letters, headers of forwarded ones."""
    if "-----BEGIN PGP" in text:
        text = leave_out(_SIGNED.sub("", text), _SIGNATURE, lambda found: f"-----END PGP {found[1]}-----")
    if "\nbegin " in text:
        text = _FILE_IN_TEXT.sub("", text)
    return _FORWARDED.sub("\n", text)
