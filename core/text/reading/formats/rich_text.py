"""Text of Rich Text files (.rtf), as a word processor shows it: groups of commands and text, in old code pages."""

import codecs
import re
from typing import NamedTuple

from core.text.reading.formats.office import say_left_out
from core.text.reading.uploads import LIMITS, Limits, Upload

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SILENT = _set(
    "colortbl stylesheet info pict listtable listoverridetable rsidtbl generator themedata colorschememapping "
    "datastore latentstyles xmlnstbl fldinst objdata nonshppict shprslt listtext pntext pntxta pntxtb sp xe tc "
    "template revtbl filetbl object footnotesep ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn atnid atnauthor atndate "
    "atnref bkmkstart bkmkend mmathPict"
)
"""Groups of which nothing is shown."""
_SHOWN_ALL_THE_SAME = _set("shpinst")
"""Groups that older programs skip (their command has an asterisk before it), and that hold text."""
_APART = {"footnote": "note", "annotation": "comment"}
_APART |= dict.fromkeys(_set("header headerl headerr headerf"), "header")
_APART |= dict.fromkeys(_set("footer footerl footerr footerf"), "footer")
_STANDS_FOR = {
    "line": "\n",
    "softline": "\n",
    "tab": "\t",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
}
_STANDS_FOR |= {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"}
_STANDS_FOR |= dict.fromkeys(_set("par sect page cell row nestcell nestrow shptxt column"), "\n\n")
_SIGNS = {"~": "\N{NO-BREAK SPACE}", "_": "-", "\n": "\n\n", "\r": "\n\n", "{": "{", "}": "}", "\\": "\\"}
_PAGES = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}
_CHARSETS = {77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254"}
_CHARSETS |= {163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}
"""Code pages of fonts, by the number that Windows has for them."""


def text_of_rtf(upload: Upload, limits: Limits = LIMITS, as_is: bool = False) -> tuple[str, list[str]]:
    """The text, and notes on what was left out; paragraphs and cells of tables parted by blank lines.

    Footnotes follow the whole text; where `as_is`, comments and page headers and footers come last.
    """
    reader = _Reader(upload.data)
    said = {where: re.sub(r"\n{3,}", "\n\n", _whole("".join(pieces))) for where, pieces in reader.pieces.items()}
    comments = [text.strip() for text in said["comment"].split("\0") if text.strip()]
    edges = {
        kind: sorted({text.strip() for text in said[kind].split("\0") if re.search(r"[^\W\d_]", text)})
        for kind in ("header", "footer")
    }
    pieces = [said["text"], *said["note"].split("\0")]
    if as_is:
        pieces += [*comments, *edges["header"], *edges["footer"]]
    text = "\n\n".join(filter(None, map(str.strip, pieces)))
    return text, [] if as_is else say_left_out(upload.name, comments, edges)


def _whole(text: str) -> str:
    """`text` with one character for each pair of surrogates, which is how commands write those beyond 65,535."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _State(NamedTuple):
    """What holds within a group: where its text belongs ("" for nowhere), its code page, what stands for a \\u."""

    where: str = "text"
    page: str = ""
    spare: int = 1
    hidden: bool = False


class _Reader:
    """Reads a file once, from beginning to end; `pieces` are what it says, by where that belongs."""

    def __init__(self, data: bytes) -> None:
        self.pieces: dict[str, list[str]] = {where: [] for where in ("text", "note", "comment", "header", "footer")}
        self._fonts: dict[int, str] = {}
        self._font: int | None = None  # of the table of fonts, the one that is told of
        self._page = "cp1252"
        self._state, self._outer = _State(), list[_State]()
        self._bytes = bytearray()
        self._skipped = 0
        self._begins = self._is_optional = False
        at = 0
        while found := _TOKEN.match(data, at):
            at = found.end()
            if found[1] == b"bin":
                at += max(0, int(found[2] or 0))
            self._read(found)
        self._flush()

    def _read(self, found: re.Match[bytes]) -> None:
        word, number, code, sign, brace, text = found.groups()
        if text or code:
            written = text or bytes([int(code, 16)])
            spared = min(self._skipped, len(written))
            self._skipped -= spared
            self._bytes += written[spared:]
            self._begins = False
            return
        self._flush()
        if brace == b"{":
            self._outer.append(self._state)
            self._begins, self._is_optional, self._skipped = True, False, 0
        elif brace == b"}":
            self._state = self._outer.pop() if self._outer else self._state
            self._begins, self._skipped = False, 0
        elif sign == b"*" and self._begins:
            self._is_optional = True
        elif sign:
            self._write(_SIGNS.get(sign.decode("latin-1"), ""))
        elif word:
            self._obey(word.decode(), None if number is None else int(number))

    def _obey(self, word: str, number: int | None) -> None:
        state = self._state
        if self._begins:
            self._begins = False
            is_unknown = self._is_optional and word not in _SHOWN_ALL_THE_SAME and word not in _APART
            if word in _SILENT or is_unknown or not state.where:
                self._state = state = state._replace(where="")
            elif word == "fonttbl":
                self._state = state = state._replace(where="fonts")
            elif word in _APART:
                self._state = state = state._replace(where=_APART[word])
                self._write("\0")
        if word in _STANDS_FOR:
            self._write(_STANDS_FOR[word])
        elif word == "u" and number is not None:
            self._write(chr(number % 65_536))
            self._skipped = state.spare
        elif word == "uc":
            self._state = state._replace(spare=max(0, number or 0))
        elif word == "f" and state.where == "fonts":
            self._font = number
        elif word == "fcharset" and self._font is not None:
            self._fonts[self._font] = _CHARSETS.get(number or 0, "")
        elif word == "f":
            self._state = state._replace(page=self._fonts.get(number or 0, ""))
        elif word in ("v", "deleted"):
            self._state = state._replace(hidden=number != 0)
        elif word == "plain":
            self._state = state._replace(hidden=False, page="")
        elif word == "ansicpg" or word in _PAGES:
            self._page = _known(_PAGES.get(word, f"cp{number}"), self._page)

    def _flush(self) -> None:
        if self._bytes:
            self._write(self._bytes.decode(self._state.page or self._page, "replace"))
            self._bytes.clear()

    def _write(self, text: str) -> None:
        if self._state.where in self.pieces and not self._state.hidden:
            self.pieces[self._state.where].append(text)


def _known(page: str, otherwise: str) -> str:
    try:
        return codecs.lookup("utf-8" if page == "cp65001" else page).name
    except LookupError:
        return otherwise
