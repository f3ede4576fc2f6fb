import pytest

from core.text import languages
from core.text.corpus import build_corpus
from core.text.languages import language_of, stop_words
from core.text.reading.documents import Document

SAMPLES = {
    "English": "All human beings are born free and equal in dignity and rights. They are endowed with reason and "
    "conscience and should act towards one another in a spirit of brotherhood.",
    "German": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen "
    "begabt und sollen einander im Geist der Brüderlichkeit begegnen. Niemand darf der Sklaverei unterworfen werden.",
    "French": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de "
    "conscience et doivent agir les uns envers les autres dans un esprit de fraternité.",
    "Spanish": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y "
    "conciencia, deben comportarse fraternalmente los unos con los otros. Toda persona tiene el derecho a la vida.",
    "Portuguese": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de "
    "consciência, devem agir uns para com os outros em espírito de fraternidade. O homem não é um meio.",
    "Italian": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e di "
    "coscienza e devono agire gli uni verso gli altri in spirito di fratellanza. Il diritto alla vita è di tutti.",
    "Dutch": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met verstand en "
    "geweten, en behoren zich jegens elkander in een geest van broederschap te gedragen.",
    "Polish": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni "
    "rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa. Nikt nie może być w niewoli i na łasce.",
    "Russian": "Он не знал, что она сказала ему вчера, но все было так же, как и до этого: из окна был виден сад, а за "
    "ним река. Я бы пошёл к ней, если бы мы жили по соседству, и от этого стало бы легче.",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "Japanese": "すべて の 人間 は 、 生まれながら に して 自由 で あり かつ 尊厳 と 権利 と に ついて 平等 。",
    "Chinese": "人人 生 而 自由 ， 在 尊严 和 权利 上 一律 平等 。 他们 赋有 理性 和 良心",
}


RELATED = {
    "Croatian": "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima. Ona su obdarena razumom i "
    "sviješću i trebaju jedna prema drugima postupati u duhu bratstva. Svatko ima pravo na život, slobodu"
    " i sigurnost.",
    "Czech": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím "
    "a mají spolu jednat v duchu bratrství. Každý má právo na život, svobodu a osobní bezpečnost.",
    "Slovak": "Všetci ľudia sa rodia slobodní a sebe rovní, čo sa týka ich dôstojnosti a práv. Sú obdarení rozumom "
    "a majú navzájom jednať v bratskom duchu. Každý má právo na život, slobodu a osobnú bezpečnosť.",
    "Serbian": "Сва људска бића рађају се слободна и једнака у достојанству и правима. Она су обдарена разумом и "
    "свешћу и треба једни према другима да поступају у духу братства. Свако има право на живот, слободу и"
    " безбедност личности.",
    "Ukrainian": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю"
    " і повинні діяти у відношенні один до одного в дусі братерства. Кожна людина має право на життя, на "
    "свободу.",
    "Norwegian": "Alle mennesker er født frie og med samme menneskeverd og menneskerettigheter. De er utstyrt med "
    "fornuft og samvittighet og bør handle mot hverandre i brorskapets ånd. Enhver har rett til liv, "
    "frihet og sikkerhet.",
    "Danish": "Alle mennesker er født frie og lige i værdighed og rettigheder. De er udstyret med fornuft og "
    "samvittighed, og de bør handle mod hverandre i en broderskabets ånd. Enhver har ret til liv, frihed "
    "og personlig sikkerhed.",
}


def language(text: str) -> str | None:
    return language_of(build_corpus([Document("a", text)]))


@pytest.mark.parametrize("name", [*SAMPLES, *RELATED])
def test_languages_are_told(name: str) -> None:
    text = (SAMPLES | RELATED)[name]
    assert language(f"{text} " * 9) == name
    assert language(f"{text} " * 5) == name


def test_a_text_of_two_languages_has_none() -> None:
    german, french, english = (SAMPLES[name] for name in ("German", "French", "English"))
    assert language(f"{german} " * 9 + f"{french} " * 9) is None
    assert language(f"{english} " * 9 + f"{french} " * 9) is None
    assert language((f"{english} " * 4 + f"{german} " * 4) * 4) is None


@pytest.mark.parametrize(
    "text",
    [
        "the cat is on the mat",  # too short to say
        "anrchsm grk rl stm rchn rlr mrrm wbstr nln dctnr pltc phlsph " * 9,
        " ".join(f"{number * 7919 % 99991}" for number in range(300)),
        " ".join(f"{number * 7919 % 99991:x}q{number:o}" for number in range(300)),
    ],
)
def test_nothing_is_said_when_unsure(text: str) -> None:
    assert language(text) is None


def test_plain_english_is_told_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_identifier", lambda: 1 / 0)
    assert language((SAMPLES["English"] + " It was not what they had in mind, but there it is. ") * 9) == "English"


def test_a_full_disk_leaves_the_language_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(languages, "_identifier", full)
    assert language("Ein Text, der vorher noch nirgends stand, und zwar auf Deutsch. " * 9) is None


def test_function_words_of_every_language_that_has_a_list() -> None:
    assert {"not", "'s", "n't", "'ll", "ca", "wo"} <= stop_words("English") == stop_words(None) == stop_words("Klingon")
    assert not {"computer", "problem", "group", "system"} & stop_words("English")
    assert {"nicht", "aber", "wir"} <= stop_words("German")
    assert {"koji", "nije"} <= stop_words("Croatian")
    assert {"og", "ikke"} <= stop_words("Norwegian")
    assert all(stop_words(name) for name in SAMPLES)
