"""Which old code page a text is in: a guess by charset-normalizer, corrected where it is known to err.

On short texts it mixes up Western and Central European code pages, and Cyrillic, Greek and Hebrew ones. There the
letters decide: the code page under which the text is spelt in one language's letters, mostly in its frequent ones.
"""

import re
from collections.abc import Iterator

_SAMPLE = 200_000
_WESTERN = (
    "éèêëàâçùûüîïôœÿæ",  # French
    "äöüßéàáèêëçñôï",  # German, Dutch, English loan words
    "áéíóúüñçàèìòùãõâêôº",  # Spanish, Portuguese, Italian, Catalan
    "åäöæøéüàèò",  # Danish, Norwegian, Swedish, Finnish
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VIETNAMESE = f"ăâđêôơưàáèéêìíòóùúý{_TONES}"
"""Letters and tones, which its code page writes behind their letters."""
_SPELLINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    *((("cp1252",), letters) for letters in _WESTERN),  # before older code pages, whose letters are its punctuation
    *((("mac-roman", "cp850"), letters) for letters in _WESTERN),
    (("cp1250", "iso8859-2"), "ąćęłńóśźż"),  # Polish
    (("cp1250", "iso8859-2"), "áčďéěíňóřšťúůýžäĺľôŕ"),  # Czech, Slovak
    (("cp1250", "iso8859-2"), "áéíóöőúüű"),  # Hungarian
    (("cp1250", "iso8859-2"), "čćđšž"),  # Croatian, Slovene
    (("cp1250", "iso8859-2"), "ăâîşţ"),  # Romanian
    (("cp1254",), "çğıöşüİâî"),  # Turkish
    (("cp1257",), "āčēģīķļņšūžąęėįųõäöü"),  # Latvian, Lithuanian, Estonian
    (("cp1252", "mac-roman", "cp850"), "áéíóúýþæöðx"),  # Icelandic, last: its rare letters are Turkish ones in cp1254
    (("cp1258",), _VIETNAMESE),
)
_LEAST_TONES = 0.1
_PUNCTUATION = frozenset("‘’‚“”„–—…«»‹›€£§°©®™·•¿¡º\N{NO-BREAK SPACE}\N{SOFT HYPHEN}²³½×´")
_LATIN = re.compile(
    r"cp125[0247]|cp437|cp85[0278]|cp775|latin_1|mac_(latin2|roman|iceland|turkish)|iso8859_(1.|[2349])"
)
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic", "kz1048", "cp855")
_CYRILLIC_NAMES = frozenset((*(name.replace("-", "_") for name in _CYRILLIC), "ptcp154", "cp1125", "koi8_t"))
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_KAZAKH = _RUSSIAN + "ёәғқңөұүһі"
_KAZAKH_OWN, _OWN_SHARE = "әғқңөұүһ", 0.03
_ALPHABETS: tuple[tuple[str, str], ...] = (
    (_RUSSIAN + "ё", "оеаинтсрвлкмдпу"),
    ("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "оаинвіетрслкдум"),  # Ukrainian
    ("абвгдеёжзійклмнопрстуўфхцчшыьэюя", "аіенорлтсквдяпм"),  # Belarusian
    ("абвгдђежзијклљмнњопрстћуфхцчџш", "аоиенрсјтуквдмл"),  # Serbian
    ("абвгдѓежзѕијклљмнњопрстќуфхцчџш", "аоеитнрсвдкјлмп"),  # Macedonian
    (_RUSSIAN.replace("ы", "").replace("э", ""), "аоиетнрсвлкдпмъ"),  # Bulgarian
    (_KAZAKH, "аеықтнрлідсбмоу"),  # Kazakh, last: its own letters are Ukrainian and Belarusian ones in cp1251
)
"""The letters of a language, and its most frequent ones."""
_SCRIPTS: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (_CYRILLIC, _ALPHABETS),
    (("cp1253", "iso8859-7"), (("αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ·", "αοιετσνηυρπκμλς"),)),
    (("cp1255", "iso8859-8"), (("אבגדהוזחטיכךלמםנןסעפףצץקרשת׳״־", "יוהלאמרתבשםנ"),)),
)
_FIT, _FREQUENT = 0.95, 0.55
_CERTAIN = 0.65
"""So many letters are frequent ones, and it is that whatever charset-normalizer says."""
_ODD = re.compile(r"(?<=[^\W\d_A-Z])[А-ЯЁІЇЄҐЎЂЈЉЊЋЏЌЃЅӘҒҚҢӨҰҮҺ](?=[а-яёіїєґў])|(?<=\w)[^\w\s\x00-\x7f’‑–—](?=\w)")
"""A capital or a sign within a word."""


def guess_code_pages(data: bytes) -> Iterator[str]:
    """Code pages in which `data` may be written, the likeliest first."""
    import charset_normalizer

    high = b"".join(re.findall(rb"[^\n]*[\x80-\xff][^\n]*\n?", data[: 10 * _SAMPLE]))[:_SAMPLE] or data
    latin = _is_latin(high)
    if not latin and (japanese := _japanese_encoding(high)):
        yield japanese
    best = charset_normalizer.from_bytes(high, cp_exclusion=["utf_16", "utf_32", "utf_7"]).best()
    expected = best is None or best.encoding in _CYRILLIC_NAMES or _is_narrow_kana(high, best.encoding)
    if not latin and (spelt := _encoding_of_script(high, _FREQUENT if expected else _CERTAIN)):
        yield spelt
    western = _latin_encoding(high)
    if western and (best is None or latin or _LATIN.fullmatch(best.encoding)):
        yield western
    if best is not None:
        yield best.encoding.replace("_", "-")


def _is_narrow_kana(data: bytes, encoding: str) -> bool:
    """Whether `data` in `encoding` is mostly kana of half width, which no text is: each is one byte, as a letter is."""
    text = re.sub(r"[\x00-\x7f]", "", data[:_SAMPLE].decode(encoding, "ignore"))
    return len(_NARROW_KANA.findall(text)) > 0.5 * len(text)


def _is_latin(data: bytes) -> bool:
    """Whether bytes outside ASCII are few among letters, or stand alone or beside one, as accented letters do.

    The letters of other scripts come in runs, which are words of their own.
    """
    runs = re.findall(rb"[A-Za-z]?[\x80-\xff]+[A-Za-z]?", data)
    apart = sum(len(run) > 1 and run[0] > 127 and run[-1] > 127 for run in runs)
    few = len(re.findall(rb"[\x80-\xff]", data)) < 0.3 * len(re.findall(rb"[A-Za-z]", data))
    return few or apart <= 0.1 * len(runs)


def _latin_encoding(data: bytes) -> str | None:
    """The code page under which most characters outside ASCII are letters of one language; cp1252 wins ties."""
    high = re.sub(rb"[\x00-\x7f]", b"", data)
    best, best_share = None, 0.8
    for encodings, letters in _SPELLINGS:
        known = _PUNCTUATION.union(letters, letters.upper())
        for encoding in encodings:
            text = high.decode(encoding, "replace")
            share = sum(character in known for character in text) / len(text) if text else 0.0
            if letters is _VIETNAMESE and sum(map(text.count, _TONES)) < _LEAST_TONES * len(text):
                continue
            if share > best_share + 1e-9:
                best, best_share = encoding, share
    return best


def _encoding_of_script(data: bytes, least: float) -> str | None:
    """The code page under which `data` is spelt in letters of one alphabet, mostly in its frequent ones.

    `least`: so large a share of the letters has to be frequent ones.
    """
    best, best_rank = None, 0.0
    for encodings, alphabets in _SCRIPTS:
        for encoding in encodings:
            text = data[:_SAMPLE].decode(encoding, "replace")
            small = re.sub(r"[\x00-\x7f]", "", text).lower()
            odd = len(_ODD.findall(text)) / (len(small) or 1)
            for alphabet, frequent in alphabets:
                fit = sum(map(_PUNCTUATION.union(alphabet, "№").__contains__, small)) / (len(small) or 1)
                usual = sum(map(frequent.__contains__, small)) / (len(small) or 1)
                if alphabet is _KAZAKH and not _has_own_letters(small):
                    continue
                rank = 2 * fit + usual - 3 * odd
                if fit >= _FIT and usual >= least and rank > best_rank + 1e-3:
                    best, best_rank = encoding, rank
    return best


def _has_own_letters(text: str) -> bool:
    """Whether letters that only Kazakh has are as frequent as they are in it, and not always the same one."""
    own = [letter for letter in text if letter in _KAZAKH_OWN]
    return len(set(own)) > 1 and len(own) > _OWN_SHARE * len(text)


_NARROW_KANA = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_KANA_SHARE = 0.15


def _japanese_encoding(data: bytes) -> str | None:
    """The code page under which `data` has as many kana as Japanese has; Korean and Chinese ones have hardly any."""
    for encoding in ("euc-jp", "cp932"):
        text = data.decode(encoding, "ignore")
        letters = sum(map(str.isalpha, text))
        lost = len(data) - len(text.encode(encoding, "ignore"))
        if lost <= 0.01 * len(data) + 2 and len(_KANA.findall(text)) > _KANA_SHARE * letters:
            return encoding
    return None


_FAMILIES = (
    ("cp1252", "cp1250", "cp1254", "cp1257", "mac-roman", "cp850"),
    ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "kz1048"),
    ("gb18030", "big5", "cp932", "euc-jp", "euc-kr", "cp949"),
    ("cp1253", "cp1255", "cp1256"),
)
_KINSHIP = 0.3
_OFFERED = 3


def read_otherwise(sample: str, encoding: str) -> list[tuple[str, str]]:
    """(encoding, text) of the likeliest other readings of a sample that was read as `encoding`, at most three."""
    data = sample.encode(encoding, "ignore")
    found: dict[str, tuple[float, str]] = {}
    if data.isascii():  # other code pages read it all alike
        return []
    for family in _FAMILIES:
        kinship = _KINSHIP if encoding in family else 0.0
        for other in family:
            text = data.decode(other, "replace")
            special = re.sub(r"[\x00-\x7f]", "", text)
            letters = sum(letter.isalpha() or letter in _PUNCTUATION for letter in special) / (len(special) or 1)
            if text != sample and "\ufffd" not in text and text not in found:
                found[text] = letters + kinship - 3 * len(_ODD.findall(text)) / (len(text) or 1), other
    best = sorted(found.items(), key=lambda each: -each[1][0])[:_OFFERED]
    return [(other, text) for text, (_, other) in best]
