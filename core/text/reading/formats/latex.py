"""What a reader of a LaTeX document sees of its words: without commands, formulas, and comments."""

import re
import unicodedata
from collections.abc import Mapping

from core.text.reading.formats.spans import leave_out

_IS_LATEX = re.compile(r"\\(?:documentclass|begin\{document\}|documentstyle|usepackage)\b")
_COMMANDS = re.compile(r"\\(?:section|chapter|emph|cite|textbf|textit|begin|end|item|ref|label|footnote|paragraph)\b")
_SKIPPED = (
    "equation|align|alignat|gather|multline|eqnarray|displaymath|math|tikzpicture|pgfpicture|verbatim|lstlisting|minted|"
    "array|thebibliography|filecontents|comment|algorithm|algorithmic|forest"
)
_ENVIRONMENT = re.compile(rf"\\begin\{{((?:{_SKIPPED})\*?)\}}")
_DISPLAYED = re.compile(r"\$\$|\\\[|\\\(")
_ENDS = {"$$": r"\$\$", "\\[": r"\\\]", "\\(": r"\\\)"}
_FORMULA = re.compile(r"(?<!\\)\$(?:[^$\\\n]|\\.|\n(?!\s*\n))*+\$", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=\S)|(?=\n)|$)")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SILENT = _set(
    "cite citep citet citealp citeauthor citeyear parencite textcite autocite footcite nocite ref eqref pageref "
    "autoref cref Cref label includegraphics input include bibliography bibliographystyle usepackage "
    "documentclass url vspace hspace vskip hskip setlength addtolength newcommand renewcommand providecommand def "
    "pagestyle thispagestyle setcounter addtocounter newtheorem graphicspath hypersetup geometry color "
    "definecolor rule index glsadd begin end addbibresource printbibliography RequirePackage pagenumbering "
    "markboth selectlanguage foreignlanguage fontsize linespread newenvironment lstset usetikzlibrary bibitem "
    "phantomsection addcontentsline enlargethispage"
)
"""Commands whose arguments nobody reads."""
_SECOND = _set("href textcolor colorbox foreignlanguage parbox raisebox scalebox resizebox rotatebox fcolorbox")
"""Commands of which the last argument is read only."""
_BREAKS = _set("par section subsection subsubsection chapter part paragraph subparagraph item title caption author")
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "S": "§",
    "textquoteright": "’",
    "textquoteleft": "‘",
    "textendash": "–",
    "textemdash": "—",
    "dots": "…",
    "ldots": "…",
    "textellipsis": "…",
    "textbackslash": "\\",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "glqq": "„",
    "grqq": "“",
    "flqq": "«",
    "frqq": "»",
    "euro": "€",
    "pounds": "£",
    "copyright": "©",
    "textdegree": "°",
    "quad": " ",
    "qquad": " ",
    "newline": "\n",
}
_SIGNS = {"\\": "\n", "-": "", "/": "", ",": " ", " ": " ", "\n": " ", "@": ""}
"""What a backslash and one of these stand for; before other signs it only says that they are text."""
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
}
_BASE = r"\{\s*(\\?[A-Za-z])\s*\}"
_ACCENT = re.compile(
    rf"""\\(?:([uvHckrdb])(?:\s*{_BASE}|\s+(\\?[A-Za-z])(?![A-Za-z]))"""
    rf"""|(['`^"~=.])\s*(?:{_BASE}|(\\[ij](?![A-Za-z])|[A-Za-z])))"""
)
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?[ \t]*|\\(.)|([{}])", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_OPTION = re.compile(r"[ \t]{0,99}\[[^\[\]\n]{0,300}\]")
_CHUNK = re.compile(r"^<<[^\n]{0,300}>>=[ \t]*$", re.MULTILINE)
"""Where a piece of a program begins in a document of Sweave or knitr."""
_WITHIN_PARAGRAPH = re.compile(r"(?<=\S)[ \t]*+\n(?![ \t]*+\n)")
"""The end of a line, which LaTeX takes for a blank."""
_SAMPLE = 65_536


def is_latex(text: str) -> bool:
    """Whether `text` is written in LaTeX."""
    start = text[:_SAMPLE]
    return _IS_LATEX.search(start) is not None or len(_COMMANDS.findall(start)) > max(5, start.count("\n") // 10)


def text_of_latex(text: str) -> str:
    """Words of the document: footnotes and captions too, without formulas, citations, figures and code."""
    before, begun, body = text.partition("\\begin{document}")
    titles = re.findall(r"\\title\s{0,9}\{([^{}]{0,1000})\}", before)
    text = "\n\n".join([*titles, body.partition("\\end{document}")[0]]) if begun else text
    text = _COMMENT.sub(r"\1", leave_out(text, _CHUNK, lambda _: r"^@[^\n]*$", "", re.MULTILINE))
    text = leave_out(text, _ENVIRONMENT, lambda found: re.escape(f"\\end{{{found[1]}}}"), " ")
    text = leave_out(text.replace("\\$", "\0"), _DISPLAYED, lambda found: _ENDS[found[0]], " ")
    text = _WITHIN_PARAGRAPH.sub(" ", _FORMULA.sub(" ", text))
    text = _ACCENT.sub(_accented, text)
    text = _without_commands(text).replace("\0", "$")
    for written, meant in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " ")):
        text = text.replace(written, meant)
    text = re.sub(r" ?\n ?", "\n", re.sub(r"[ \t]+", " ", text))
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", text)).strip()


def _accented(found: re.Match[str]) -> str:
    mark = found[1] or found[4]
    letter = next(filter(None, (found[2], found[3], found[5], found[6])))
    return unicodedata.normalize("NFC", letter.lstrip("\\") + _ACCENTS[mark])


def _without_commands(text: str) -> str:
    """`text` without commands and braces; what stands in the arguments of most is text."""
    pieces: list[str] = []
    closes = _match_braces(text)
    ends: set[int] = set()  # where headings end
    at = 0
    while found := _TOKEN.search(text, at):
        pieces.append(text[at : found.start()])
        at = found.end()
        name, character = found[1], found[2]
        if name:
            if name in ("begin", "end"):
                pieces.append("\n\n")
            if name in _LETTERS:
                pieces.append(_LETTERS[name])
                at += text.startswith("{}", at) * 2
            elif name in _SILENT:
                at = _skip_arguments(text, at, closes, None)
            elif name in _SECOND:
                at = _skip_arguments(text, at, closes, 2 if name == "fcolorbox" else 1)
            else:
                if name == "footnote":
                    pieces.append(" ")
                elif name in _BREAKS:
                    pieces.append("\n\n" if name != "item" else "\n")
                    if name not in ("item", "par"):
                        ends.add(closes.get(_skip_options(text, at), -1))
                elif found[0][-1].isspace() and not text.startswith("{", at):
                    pieces.append(" ")
                at = _skip_options(text, at)
        elif character:
            pieces.append(
                {"\\": "\n", "-": "", "/": "", ",": " ", " ": " ", "\n": " ", "@": ""}.get(character, character)
            )
            at = _skip_options(text, at) if character == "\\" else at
        elif found.start() in ends:
            pieces.append("\n\n")
    pieces.append(text[at:])
    return "".join(pieces)


def _skip_options(text: str, at: int) -> int:
    while found := _OPTION.match(text, at):
        at = found.end()
    return at


def _match_braces(text: str) -> dict[int, int]:
    """Where each brace that is opened is closed."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}" and opened:
            closes[opened.pop()] = brace.start()
    return closes


def _skip_arguments(text: str, at: int, closes: Mapping[int, int], most: int | None) -> int:
    """Past the options and arguments in braces that follow; one that is never closed is text."""
    skipped = 0
    while most is None or skipped < most:
        at = _skip_options(text, at)
        if at not in closes:
            return at
        at = closes[at] + 1
        skipped += 1
    return at
