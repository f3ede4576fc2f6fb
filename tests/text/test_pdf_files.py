"""PDF files as printed: columns, running heads and words divided at line ends, drawn as programs draw them."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.uploads import Upload

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
WIDTH, HEIGHT = A4


def pdf(pages, size=10) -> bytes:
    """Of each page its (x, y, text) in the order in which they are drawn; y from the top."""
    pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for page in pages:
        canvas.setFont("DejaVu", size)
        for x, y, text in page:
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines(texts, x=60, y=100, leading=14):
    return [(x, y + leading * number, text) for number, text in enumerate(texts)]


def read(data: bytes, **options) -> Reading:
    return read_documents([Upload("a.pdf", data)], ReadOptions(**options))


def words(data: bytes, **options) -> str:
    return " ".join(" ".join(document.text for document in read(data, **options).documents).split())


def notes(data: bytes) -> str:
    return " ".join(problem.sentence for problem in read(data).problems)


# Words divided


@pytest.mark.parametrize(
    ("one", "two", "joined"),
    [
        ("Наша про-", "грамма растёт.", "Наша программа растёт."),
        ("Więcej pieni-", "ędzy oraz.", "Więcej pieniędzy oraz."),
        ("przysz-", "łość", "przyszłość"),
        ("Η κυβέρ-", "νηση είναι.", "Η κυβέρνηση είναι."),
        ("Neza-", "čal.", "Nezačal."),
        ("Հայաս\u058a", "տանը", "Հայաստանը"),
        ("the govern\u2010", "ment", "the government"),
        ("the govern-", "ment, and so", "the government, and so"),
        ("Հայաս-", "տանը", "Հայաստանը"),
        ("well-", "known", "well-known"),
        ("twenty-", "one", "twenty-one"),
        ("pre-", "and postwar", "pre- and postwar"),
        ("Jean-", "Paul", "Jean- Paul"),
        ("1914-", "1918", "1914- 1918"),
        ("he said -", "so he went", "he said - so he went"),
    ],
)
def test_words_are_joined_in_every_alphabet_and_compounds_keep_their_hyphen(one, two, joined):
    assert words(pdf([lines([one, two])])) == joined


def test_a_word_divided_at_the_end_of_a_page_is_joined_with_the_next():
    data = pdf([lines(["The river froze and the govern-"]), lines(["ment met in winter."])])
    assert words(data) == "The river froze and the government met in winter."
    assert "government" in notes(data)
    assert words(data, as_is=True) == "The river froze and the govern- ment met in winter."


def test_the_text_itself_says_whether_a_hyphen_belongs_to_a_word():
    data = pdf([lines(["A water-mill by the river, and a water-", "mill too, and the semi-", "final; a semifinal."])])
    assert words(data) == "A water-mill by the river, and a water-mill too, and the semifinal; a semifinal."


# Columns

LEFT = ["The river froze in", "winter and boats", "stayed in the port", "near the bridge."]
RIGHT = ["The doctor saw the", "patient at school", "while music played", "in the garden."]
THIRD = ["Money and trade", "move the market", "and the price of", "fish in summer."]
READ = " ".join([*LEFT, *RIGHT])


def by_row(*columns, y=100, xs=(60, 230, 400)):
    return [
        (x, y + 14 * row, column[row]) for row in range(len(columns[0])) for x, column in zip(xs, columns, strict=False)
    ]


def test_columns_drawn_row_by_row_are_read_one_after_another():
    data = pdf([by_row(LEFT, RIGHT)])
    assert words(data) == READ
    assert "columns on 1 page" in notes(data)
    assert words(data, as_is=True).startswith("The river froze in The doctor")


def test_three_columns_below_a_heading():
    heading = [(60, 60, "On rivers, doctors and the market: a long heading over all of the columns of the page")]
    data = pdf([[*heading, *by_row(LEFT, RIGHT, THIRD)]])
    assert words(data) == f"{heading[0][2]} {READ} {' '.join(THIRD)}"


def test_pages_drawn_in_the_right_order_stay_so():
    data = pdf([[*lines(LEFT), *lines(RIGHT, x=320)]])
    assert words(data) == READ
    assert "columns" not in notes(data)


def test_a_longer_column_goes_on_below_the_other():
    longer = [*LEFT, "And more was said", "about the water."]
    page = [*by_row(LEFT, RIGHT), *lines(longer[4:], y=100 + 14 * 4)]
    assert words(pdf([page])) == " ".join([*longer, *RIGHT])


def test_a_table_is_read_row_by_row():
    rows = [("River", "12", "cold"), ("Boat", "7", "wet"), ("Bridge", "31", "old"), ("Fish", "5", "dear")]
    page = [(x, 100 + 14 * n, cell) for n, row in enumerate(rows) for x, cell in zip((60, 230, 400), row, strict=True)]
    assert words(pdf([page])) == " ".join(cell for row in rows for cell in row)


# Running heads

BODY = ["Sentence about the boat number {} goes", "down the river to the bridge and", "the market where fish is dear."]


def book(head, foot, n_pages=6, body=BODY):
    return [
        [
            *([(60, 30, head(n))] if head else []),
            *lines([line.format(["one", "two", "three", "four", "five", "six", "seven", "eight"][n]) for line in body]),
            *([(280, HEIGHT - 25, foot(n))] if foot else []),
        ]
        for n in range(n_pages)
    ]


HEADS = {
    "a journal and pages": (lambda n: "Journal of Rivers, Volume 12", lambda n: f"Page {n + 1}"),
    "numbers alone": (None, lambda n: f"{n + 7}"),
    "numbers between dashes": (None, lambda n: f"- {n + 1} -"),
    "numbers of all": (None, lambda n: f"{n + 1} of 80"),
    "left and right heads": (lambda n: f"{n} A History" if n % 2 else f"Of Rivers {n}", None),
    "Roman numbers": (None, lambda n: ["i", "ii", "iii", "iv", "v", "vi"][n]),
    "chapters": (lambda n: "The Source" if n < 3 else "The Mouth", None),
}


@pytest.mark.parametrize("kind", HEADS)
def test_running_heads_and_page_numbers_are_left_out(kind):
    data = pdf(book(*HEADS[kind]))
    assert words(data) == words(pdf(book(None, None)))
    assert "running heads or page numbers on 6 pages" in notes(data)


def test_a_chapter_of_two_pages_has_a_head_too():
    chapters = ["The Source", "The Source", "The Source", "The Mouth", "The Mouth", "The Mouth", "The Sea", "The Sea"]
    assert words(pdf(book(chapters.__getitem__, None, n_pages=8))) == words(pdf(book(None, None, n_pages=8)))


def test_a_first_page_without_a_head_changes_nothing():
    pages = book(*HEADS["a journal and pages"])
    pages[0] = pages[0][1:-1]
    assert words(pdf(pages)) == words(pdf(book(None, None)))


def test_a_line_of_verse_that_repeats_is_no_head():
    stanza = ["The river went by the {} mill", "and the boat went down,", "and the wheel stood still."]
    mills = ["old", "new", "red", "tall", "lost", "last"]
    pages = [lines([line.format(mills[n]) for line in stanza], y=40) for n in range(6)]
    assert words(pdf(pages)).count("the wheel stood still") == 6
    assert not notes(pdf(pages))


def test_what_stands_on_two_pages_only_is_text():
    assert words(pdf(book(lambda n: "A title", None, n_pages=2))).count("A title") == 2


def test_ligatures_are_letters_of_words_and_paragraphs_stay_apart():
    data = pdf([[*lines(["The of\ufb01ce \ufb01led", "a report."]), *lines(["A new one", "begins here."], y=160)]])
    reading = read(data, unit="paragraph")
    assert [document.text.split()[0] for document in reading.documents] == ["The", "A"]


@pytest.mark.parametrize(("shown", "drawn"), [(0, 90), (0, 270), (90, 0), (90, 90), (270, 0), (180, 0)])
def test_a_page_that_is_turned_is_read_along_its_lines(shown, drawn):
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(HEIGHT, WIDTH))
    canvas.setPageRotation(shown)
    canvas.translate(HEIGHT if drawn == 90 else 0, WIDTH if drawn == 270 else 0)
    canvas.rotate(drawn)
    for number, text in enumerate(LEFT):
        canvas.drawString(60, 300 - 14 * number, text)
    canvas.save()
    assert words(file.getvalue()) == " ".join(LEFT)


def test_lines_of_a_page_are_no_documents_and_no_sentences():
    prose = [
        "The doctor saw the patient in the cold winter and the",
        "teacher played the violin at school while a boat on",
    ]
    prose += ["the river passed the old stone bridge near the water.", "It was late."]
    table = [(60 + 120 * place, 300 + 14 * row, f"{word} {row}") for row in range(9) for place, word in enumerate("ab")]
    reading = read(pdf([[*lines(prose), *table]] * 2))
    assert reading.unit == "file"
    assert reading.documents[0].text.startswith(" ".join(prose[:3]))


def test_a_raised_number_is_no_part_of_the_word_before_it():
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 700, "See the note")
    canvas.setFont("Helvetica", 6)
    canvas.drawString(60 + canvas.stringWidth("See the note", "Helvetica", 11), 704, "12")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 680, "It has H2O and MP3")
    canvas.save()
    assert words(file.getvalue()) == "See the note 12 It has H2O and MP3"
