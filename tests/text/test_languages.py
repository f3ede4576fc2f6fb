import re
from collections import Counter

import pytest

from core.text.languages import guess_language

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


@pytest.mark.parametrize("language", SAMPLES)
def test_languages_are_told_by_their_most_frequent_words(language):
    assert guess_language(Counter(re.findall(r"\w+", SAMPLES[language].lower() * 9))) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the cat is on the mat",  # too short to say
        "anarch greek rule stem archon ruler merriam webst onlin dictionari polit philosophi " * 9,  # stemmed
        (SAMPLES["English"] + SAMPLES["French"]) * 9,
    ],
)
def test_nothing_is_said_when_unsure(text):
    assert guess_language(Counter(re.findall(r"\w+", text.lower()))) is None
