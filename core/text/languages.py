"""Which language a text is in, and the function words of it that lists may hide.

Function words are never taken out of training: contexts need them.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from core.text.corpus import Corpus

ENOUGH_TOKENS = 50
"""Of fewer tokens nothing is said."""

_PIECES, _PIECE_TOKENS, _FEWEST_TOKENS = 16, 100, 25
_SURE = 0.7
_SURELY_ENGLISH = 0.38
"""English has 40 to 50 of its function words in 100 tokens; Scots and texts with much English in them have up to 30."""

_LANGUAGES = """
af Afrikaans,am Amharic,ar Arabic,as Assamese,az Azerbaijani,be Belarusian,bg Bulgarian,bn Bengali,br Breton,bs Bosnian,
ca Catalan,cs Czech,cy Welsh,da Danish,de German,el Greek,en English,eo Esperanto,es Spanish,et Estonian,eu Basque,
fa Persian,fi Finnish,fr French,fy West Frisian,ga Irish,gd Scottish Gaelic,gl Galician,gu Gujarati,ha Hausa,he Hebrew,
hi Hindi,hr Croatian,ht Haitian Creole,hu Hungarian,hy Armenian,id Indonesian,ig Igbo,is Icelandic,it Italian,
ja Japanese,jv Javanese,ka Georgian,kk Kazakh,km Khmer,kn Kannada,ko Korean,ku Kurdish,ky Kyrgyz,la Latin,
lb Luxembourgish,lo Lao,lt Lithuanian,lv Latvian,mg Malagasy,mk Macedonian,ml Malayalam,mn Mongolian,mr Marathi,
ms Malay,mt Maltese,my Burmese,ne Nepali,nl Dutch,no Norwegian,oc Occitan,om Oromo,or Odia,pa Punjabi,pl Polish,
ps Pashto,pt Portuguese,ro Romanian,ru Russian,rw Kinyarwanda,si Sinhala,sk Slovak,sl Slovenian,so Somali,sq Albanian,
sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,tg Tajik,th Thai,tk Turkmen,tl Tagalog,tr Turkish,tt Tatar,
ug Uyghur,uk Ukrainian,ur Urdu,uz Uzbek,vi Vietnamese,xh Xhosa,yo Yoruba,zh Chinese,zu Zulu
"""
# What else the library knows is rare here, and texts in languages that it does not know look like these.
_NAMES = {code: name for code, _, name in (pair.strip().partition(" ") for pair in _LANGUAGES.split(","))}
_CODES = {name: code for code, name in _NAMES.items()}
_SAME = {"nn": "no", "yue": "zh", "wuu": "zh", "ary": "ar", "arz": "ar"}
_RELATIVES = {"bs": "hr", "sr": "hr", "ms": "id"}
"""Which share so much that a text is surely one of them sooner than it is surely this one."""

_FUNCTION_WORDS = """
a about above after again against all also am an and any are aren't as at be because been before being below between
both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from
further had hadn't has hasn't have haven't having he her here hers herself him himself his how i if in into is isn't
it its itself just ll me more most mustn't my myself no nor not now of off on once only or other our ours ourselves out
over own re s same shan't she should shouldn't so some such t than that the their theirs them themselves then there
these they this those through to too under until up ve very was wasn't we were weren't what when where which while who
whom why will with won't would wouldn't you your yours yourself yourselves 's n't 're 've 'll 'd 'm ca wo sha
across along although among amongst another anybody anyone anything around behind beside besides beyond either else
enough every everybody everyone everything however inside many may might much must neither nobody nothing one onto
others ought outside per rather several shall since somebody someone something though throughout thus till toward
towards unless unlike unto upon us via whatever whenever whereas wherever whether whichever whoever whose within
without yet
"""
# stopwordsiso's list for English has 1,298 words, with "computer", "problem" and "microsoft" among them.
_ENGLISH = frozenset(_FUNCTION_WORDS.split())


def language_of(corpus: Corpus) -> str | None:
    """The English name of the text's language; None when unsure.

    Up to 1,600 tokens, in 16 pieces from the first to the last, are judged. Sure means that their mean probability of
    a language, or of it and those that can hardly be told from it, is .7 or more; a text of two languages, of numbers
    or of code gives None. Plain English is told by its function words, since the library must first load 75 MB.
    """
    n_tokens = len(corpus.tokens)
    if n_tokens < ENOUGH_TOKENS:
        return None
    pieces = min(_PIECES, n_tokens // _FEWEST_TOKENS)
    length = min(_PIECE_TOKENS, n_tokens // pieces)
    starts = np.linspace(0, n_tokens - length, pieces).astype(int).tolist()
    rows = [corpus.tokens[start : start + length].tolist() for start in starts]
    try:
        return _language_of(tuple(" ".join(corpus.words[row] for row in piece).lower() for piece in rows))
    except OSError:  # the library unpacks itself on the disk, which can be full; nothing depends on what it would say
        return None


def is_plain_english(words: Sequence[str], counts: np.ndarray) -> bool:
    """Of words without their text, int counts (words,): as many of the tokens are function words as in English."""
    known = np.fromiter((word.lower() in _ENGLISH for word in words), bool, len(words))
    return bool(counts[known].sum() >= _SURELY_ENGLISH * counts.sum() > 0)


@lru_cache(maxsize=32)
def _language_of(pieces: tuple[str, ...]) -> str | None:
    words = " ".join(pieces).split()
    if sum(word in _ENGLISH for word in words) >= _SURELY_ENGLISH * len(words):
        return "English"
    each, related = defaultdict[str, float](float), defaultdict[str, float](float)
    for piece in pieces:
        for code, probability in _identifier().rank(piece):
            code = _SAME.get(code, code)
            each[code] += probability / len(pieces)
            related[_RELATIVES.get(code, code)] += probability / len(pieces)
    family = max(related, key=related.__getitem__)
    if related[family] < _SURE:
        return None
    return _NAMES.get(max((code for code in each if _RELATIVES.get(code, code) == family), key=each.__getitem__))


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def stop_words(language: str | None) -> frozenset[str]:
    """Function words of a language by its English name; those of English where it is not known, or has no list."""
    code = _CODES.get(language or "")
    return _ENGLISH if code in (None, "en") else _list_of(code)


@lru_cache(maxsize=8)
def _list_of(code: str) -> frozenset[str]:
    import stopwordsiso

    if not stopwordsiso.has_lang(code):
        return _ENGLISH
    return frozenset(unicodedata.normalize("NFC", word).lower() for word in stopwordsiso.stopwords(code))
