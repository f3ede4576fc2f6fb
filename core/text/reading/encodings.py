"""Bytes become text: the encoding is found, or a clear error says why there is none. Never mojibake in silence.

UTF-8 is certain when every byte fits it, UTF-16 when it has a byte order mark or its zero bytes give it away. The rest
is a guess (core.text.reading.code_pages), which is shown as a guess.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from core.errors import CorpusError
from core.text.reading.code_pages import guess_code_pages
from core.text.reading.seven_bit import CHINESE_ESCAPES, find_seven_bit
from core.text.reading.spoilt import decode_mixed

ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "iso8859-15", "mac-roman", "cp437", "cp850"),
    *("cp1250", "iso8859-2", "cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic", "kz1048"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("gb18030", "big5", "cp932", "euc-jp", "euc-kr", "iso-2022-jp", "iso-2022-kr", "hz", "utf-7"),
)
"""Encodings a user may be offered to choose from; any text encoding that Python knows is accepted."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000
_PIECE = 1 << 16
_GAP = re.compile("[ \n]")
_OF_TERMINALS = re.compile(r"\x1b\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]")
"""Colours and movements of the cursor, as programs write them for a terminal."""
_MANY_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
_TWICE_DECODED = re.compile("â€[™œ\x9d“”˜¦]|Ã[©¨¡³±¶¼¤ª«§¢\xad]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read.

    Attributes:
        text: in Unicode normal form C, lines ended by "\\n" only, without lone surrogates.
        encoding: a name that `decode` takes.
        guessed: another encoding might have been meant.
        note: what the user should know, e.g. that some bytes could not be read; "" if all is well.
    """

    text: str
    encoding: str
    guessed: bool = False
    note: str = ""

    @property
    def sample(self) -> str:
        """The text around its first character outside ASCII: where a wrong encoding shows; "" if there is none."""
        found = re.search(r"[^\x00-\x7f]", self.text)
        return " ".join(self.text[max(0, found.start() - 30) : found.start() + 30].split()) if found else ""


def decode(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Text of `data`; `name` is the file's, for messages; `encoding` overrules detection.

    Raises:
        CorpusError: the bytes are no text, or not in `encoding`, or there is no such encoding.
    """
    if encoding is not None:
        return Decoded(_canonical(_decode_as(data, name, encoding)), encoding)
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _with_note(_decode_as(data, name, marked), marked, name)
    if seven_bit := find_seven_bit(data):
        return Decoded(_canonical(_decode_as(data, name, seven_bit)), seven_bit, guessed=True)
    if b"\x1b" in data and any(escape in data for escape in CHINESE_ESCAPES) and data.isascii():
        raise CorpusError(f"“{name}” is in ISO-2022-CN, which cannot be read. Save it again as UTF-8.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        wide = _wide_encoding(data)
        if wide:
            return Decoded(_canonical(_decode_as(data, name, wide)), wide, guessed=True)
    if _is_binary(data):
        raise CorpusError(
            f"“{name}” is not text: it holds binary data. Upload the text itself, or a format that Vectune reads "
            "(.txt, .md, .csv, .tsv, .json, .jsonl, .xlsx, .xls, .ods, .html, .xml, .docx, .pdf, .eml, .zip, .gz)."
        )
    if text is not None:
        return _with_note(text, "utf-8", name)
    if mixed := decode_mixed(data, name):
        return Decoded(_canonical(mixed[0]), "utf-8", guessed=True, note=mixed[1])
    return _damaged_utf8(data, name) or _guess(data, name)


def check_encoding(encoding: str) -> None:
    """Raise `CorpusError` unless there is a text encoding of that name."""
    try:
        b"test".decode(encoding)
    except LookupError as error:
        raise CorpusError(
            f"There is no text encoding called “{encoding}”. Choose one of: {', '.join(ENCODINGS)}."
        ) from error
    except UnicodeError:  # there is one, in which these bytes are nothing
        pass


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise CorpusError(
            f"“{name}” cannot be read as “{encoding}”: there is no text encoding of that name. "
            f"Choose one of: {', '.join(ENCODINGS)}."
        ) from error
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise CorpusError(
            f"“{name}” is not valid {encoding}: byte {at:,} (line {data.count(10, 0, at) + 1:,}) does not fit. "
            "Choose another encoding, or save the file again as UTF-8."
        ) from error
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:
        raise CorpusError(
            f"“{name}” read as {encoding} has half a character (a lone surrogate) at character {surrogate.start():,}. "
            "Choose another encoding, or save the file again as UTF-8."
        )
    return text


def _canonical(text: str) -> str:
    """One way to write each text: line ends as newlines, characters composed (macOS decomposes "é" into two)."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b[" in text:
        text = _OF_TERMINALS.sub("", text)
    return text if text.isascii() else _composed(text)


def _composed(text: str) -> str:
    """`text` in NFC: piece by piece, since nearly every piece is quickly seen to be so, a long text hardly ever.

    Many accents on one letter take as long as the square of their number: at most 30 in a row stay (the stream-safe
    form of UAX #15).
    """
    if _MANY_MARKS.search(text):
        text = _MANY_MARKS.sub(r"\1", text)
    if all(unicodedata.is_normalized("NFC", piece) for piece in _pieces(text)):
        return text
    return "".join(unicodedata.normalize("NFC", piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """`text` cut before spaces and newlines, with which nothing before them can be composed."""
    start = 0
    while start < len(text):
        gap = _GAP.search(text, start + _PIECE)
        end = gap.start() if gap else len(text)
        yield text[start:end]
        start = end


def _with_note(text: str, encoding: str, name: str) -> Decoded:
    note = ""
    if len(_TWICE_DECODED.findall(text, 0, _SAMPLE)) > 2:
        note = (
            f"“{name}” was spoilt before it came here: UTF-8 read as Windows-1252 (“â€™” for “’”, “Ã©” for “é”). "
            "It was used as it is; save it again from its source if you can."
        )
    elif "\ufffd" in text:
        note = (
            f"“{name}” holds {text.count(chr(0xFFFD)):,} replacement characters (�): letters that were lost before it "
            "came here. It was used as it is; save it again from its source if you can."
        )
    return Decoded(_canonical(text), encoding, note=note)


def _wide_encoding(data: bytes) -> str | None:
    """The UTF-16 or UTF-32 encoding without a mark that `data` is in, told by where its zero bytes stand."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    if len(data) % 2 or b"\0" not in sample:
        return None
    candidates = (
        ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be") if len(data) % 4 == 0 else ("utf-16-le", "utf-16-be")
    )
    without = sample.replace(b"\0", b"")
    if not re.search(rb"[\x01-\x08\x0e-\x1f\x80-\xff]", without) and len(without) > 0.55 * len(sample):
        return None  # 8-bit text with a few zero bytes in it: in UTF-16 half the bytes of plain ASCII are zero
    best, best_share = None, 0.05
    for encoding in candidates:
        text = sample.decode(encoding, "ignore" if len(sample) < len(data) else "replace")
        plain = sum(map(text.count, (" ", "\n", "e", "a", "。", "，", "о", "и")))
        controls = len(re.findall("[\0-\x08\x0e-\x1f\ufffd]", text))
        if text and controls <= 0.01 * len(text) and plain / len(text) > best_share:
            best, best_share = encoding, plain / len(text)
    return best


def _is_binary(data: bytes) -> bool:
    """Whether there is a zero byte or more than a few control characters: no 8-bit text has these."""
    sample = data[:_SAMPLE]
    controls = len(re.findall(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]", sample))
    return b"\0" in data or controls > 0.01 * len(sample) + 1


def _damaged_utf8(data: bytes, name: str) -> Decoded | None:
    """UTF-8 with a few broken bytes, as a cut or a careless join leaves it; None if it was never UTF-8.

    Read as a code page, all of its letters outside ASCII would turn to rubbish for the sake of those few.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", data))
    if whole < 3 or broken > 0.05 * whole + 1:
        return None
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    note = (
        f"“{name}” is UTF-8 but for {broken:,} broken characters (the first on line {line:,}); � stands for each. "
        "Save it again from its source if you can."
    )
    return Decoded(_canonical(text), "utf-8", guessed=True, note=note)


def _guess(data: bytes, name: str) -> Decoded:
    """Text in an old code page."""
    for encoding in guess_code_pages(data):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):  # the sample fitted, the rest does not
            continue
        return Decoded(_canonical(text), encoding, guessed=True)
    raise CorpusError(
        f"The encoding of “{name}” cannot be told. Choose it by hand, or save the file again as UTF-8. "
        "(If it is not a text at all, upload the text itself.)"
    )
