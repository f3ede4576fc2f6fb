"""Which language a text is in, told by its most frequent words or its script."""

import re
from collections import Counter
from collections.abc import Mapping

_MOST_FREQUENT: dict[str, str] = {
    "English": "the of and to in a is that for it was on with as be by at this are from not have but they his you",
    "German": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden",
    "French": "de la le les et des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec",
    "Spanish": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le",
    "Portuguese": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à",
    "Italian": "di che e la il un a per in una non del le si della con sono da dei al ha i lo alla più gli nel anche",
    "Dutch": "de van een het en in is dat op te zijn voor met die niet aan er om ook als bij door over maar",
    "Swedish": "och i att det som en på är av för med den till inte om har de ett han var jag från men ska",
    "Danish": "og i at det er en til af på som med for den der ikke de har et var han fra men kan jeg blev ud",
    "Norwegian": "og i det er på som en til av for med at ikke den de har et var han fra men kan jeg etter ble opp",
    "Finnish": "ja on ei että se oli hän mutta ovat kun joka myös niin jos kuin hänen sen mukaan ole vain tai sitä",
    "Polish": "w i na z się nie do to że jest o a jak po co ale za od przez dla przy który są tego już czy był",
    "Czech": "a v se na je že s z do o to jako i pro by za ale si jsem podle od který jsou které byl však po",
    "Hungarian": "a az és hogy nem is egy ez volt meg csak de már van még mint vagy azt ki el minden akkor ha lehet",
    "Romanian": "de și în a la cu pe nu că o mai din care pentru ce un se este fi sau lui au fost ca dar prin",
    "Turkish": "ve bir bu da de için ile çok olarak daha ne gibi en o ama kadar sonra olan var her değil mi ki",
    "Indonesian": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena ada mereka saya oleh",
    "Vietnamese": "và của là có được cho không các trong một người này đã với những khi để từ đến về ra như cũng",
    "Russian": "и в не на что с он как по это а но она к из у за от так его то о все был же бы для мы было",
    "Ukrainian": "і в не на що з у до та як це за я він але для про від є так ми по її його також які було",
    "Bulgarian": "на и да се в за от е не си с че по са като ще това ми до а но той му от тя беше или при",
}
_WORDS = {language: frozenset(words.split()) for language, words in _MOST_FREQUENT.items()}
_LANGUAGES_WITH = Counter(word for words in _WORDS.values() for word in words)
_SCRIPTS = (
    (
        "Japanese",
        re.compile("[\u3040-\u30ff]"),
        0.15,
    ),  # kana, which no Chinese has; half of the rest is Chinese letters
    ("Korean", re.compile("[\uac00-\ud7af]"), 0.5),
    ("Chinese", re.compile("[\u4e00-\u9fff]"), 0.5),
    ("Greek", re.compile("[\u0370-\u03ff]"), 0.5),
    ("Hebrew", re.compile("[\u0590-\u05ff]"), 0.5),
    ("Arabic", re.compile("[\u0600-\u06ff]"), 0.5),
    ("Hindi", re.compile("[\u0900-\u097f]"), 0.5),
    ("Thai", re.compile("[\u0e00-\u0e7f]"), 0.5),
)

ENOUGH_TOKENS = 50
"""Of fewer tokens nothing is said."""

_ENOUGH_SHARE = 0.12
_MARGIN = 1.5


def guess_language(counts: Mapping[str, int]) -> str | None:
    """The English name of the language of a text with these words (lower-case) and counts; None when unsure.

    Sure means that the language's two dozen most frequent words make up an eighth of the text, and half as much again
    as those of any other language; a word that several languages have counts for each of them in part. Text without
    such words (stemmed, a word list) gives None.
    """
    total = sum(counts.values())
    if total < ENOUGH_TOKENS:
        return None
    by_script = _guess_by_script(counts)
    if by_script:
        return by_script
    scores = {
        language: sum(counts.get(word, 0) / _LANGUAGES_WITH[word] for word in words)
        for language, words in _WORDS.items()
    }
    best, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    share = sum(counts.get(word, 0) for word in _WORDS[best]) / total
    return best if share >= _ENOUGH_SHARE and scores[best] >= _MARGIN * scores[second] else None


def _guess_by_script(counts: Mapping[str, int]) -> str | None:
    """Languages that are nearly alone with their script; half of the letters, weighted by count, must be in it."""
    words = list(counts.items())[:5000]
    letters = sum(len(word) * count for word, count in words)
    for language, script, share in _SCRIPTS:
        if sum(len(script.findall(word)) * count for word, count in words) >= share * letters:
            return language
    return None
