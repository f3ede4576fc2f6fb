"""JSON in the shapes that programs write: texts by name, tables of lists, words apart, notebooks, cells of tables."""

import json

import pytest

from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.uploads import Upload

SENTENCES = (
    "The doctor saw the patient in winter.",
    "The teacher played the violin at school.",
    "A boat on the river passed the stone bridge.",
    "The market price of fish rose in summer.",
)
ROWS = [[number, text] for number, text in enumerate(SENTENCES)]


def read(name: str, text: str, **options) -> Reading:
    return read_documents([Upload(name, text.encode())], ReadOptions(**options))


def texts(reading: Reading) -> tuple[str, ...]:
    return tuple(document.text for document in reading.documents)


def notes(reading: Reading) -> str:
    return " ".join(problem.sentence for problem in reading.problems)


SHAPES = {
    "texts by name": {f"id{number}": text for number, text in ROWS},
    "texts by name within": {"version": 1, "docs": {f"id{number}": text for number, text in ROWS}},
    "columns and data": {"columns": ["id", "text"], "index": [0, 1, 2, 3], "data": ROWS},
    "rows below a header": [["id", "text"], *ROWS],
    "words apart": [{"tokens": text.split(), "tags": [0] * 8} for text in SENTENCES],
    "lines with their ends": [{"source": [f"{word}\n" for word in text.split()]} for text in SENTENCES],
    "two lists of texts": {"left": list(SENTENCES[:2]), "right": list(SENTENCES[2:])},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["a.json", "a.txt"])
def test_every_text_is_read_once_and_whole(shape, name):
    reading = read(name, json.dumps(SHAPES[shape]))
    assert tuple(" ".join(text.split()) for text in texts(reading)) == SENTENCES


def test_rows_on_lines_are_rows_of_a_table():
    assert texts(read("a.jsonl", "\n".join(map(json.dumps, ROWS)))) == SENTENCES


def test_the_fields_of_one_document_are_no_documents():
    content = {"title": "One two three four", "body": SENTENCES[0], "about": SENTENCES[1]}
    assert len(read("a.json", json.dumps(content)).documents) == 1


def test_words_that_stand_apart_are_one_sentence():
    said = {"tokens": [["The", "doctor", "saw"], ["A", "boat", "passed"]]}
    assert texts(read("a.json", json.dumps([said, said]))) == ("The doctor saw\n\nA boat passed",) * 2


def test_a_line_that_is_cut_is_left_out_and_named():
    lines = [*(json.dumps({"text": text}) for text in SENTENCES), '{"text": "cut off in the mid']
    reading = read("a.jsonl", "\n".join(lines))
    assert texts(reading) == SENTENCES
    assert "1 line that is no JSON" in notes(reading)
    assert "line 5" in notes(reading)


def test_slips_of_the_pen_are_no_obstacle():
    written = '// mine\n[{"text": "See http://x.org, // no comment."}, /* one */\n {"text": "A river."},\n]'
    assert texts(read("a.json", written)) == ("See http://x.org, // no comment.", "A river.")


def test_half_characters_are_replaced_and_counted():
    reading = read("a.json", '[{"text": "one \\ud83d two"}, {"text": "three \\ud83d\\ude00"}]')
    assert texts(reading) == ("one \ufffd two", "three \N{GRINNING FACE}")
    assert "half a character" in notes(reading)
    assert "in 1 row" in notes(reading)


def test_of_a_notebook_the_text_is_read():
    cells = [
        {"cell_type": "markdown", "source": ["The river\n", "\n", "runs."]},
        {"cell_type": "code", "source": ["print(1)"], "outputs": [{"text": ["hello\n"]}]},
        {"cell_type": "markdown", "source": "A boat."},
    ]
    reading = read("a.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
    assert texts(reading) == ("The river\n\nruns.\n\nA boat.",)
    assert "1 cell of code left out" in notes(reading)


def test_cells_of_a_table_may_hold_json():
    cells = [json.dumps({"text": text, "by": {"name": "me"}}).replace('"', '""') for text in SENTENCES]
    data = "id,payload\n" + "".join(f'{number},"{cell}"\n' for number, cell in enumerate(cells))
    reading = read("a.csv", data)
    assert texts(reading) == SENTENCES
    assert reading.tables["a.csv"].columns == ("id", "payload.text", "payload.by.name")
    assert "hold JSON" in notes(reading)
    assert texts(read("a.csv", data, as_is=True))[0].startswith('{"text"')


def test_cells_in_brackets_that_are_no_json_stay():
    data = "id,text\n1,[The doctor] saw it\n2,{a boat} passed [sic]\n"
    assert texts(read("a.csv", data)) == ("[The doctor] saw it", "{a boat} passed [sic]")


def test_texts_in_fields_of_several_names_are_one_column_where_no_record_has_two():
    records = [{"text": SENTENCES[0]}, {"body": SENTENCES[1], "tags": ["a"]}, {"id": 3}, {"full_text": SENTENCES[2]}]
    lines = "\n".join(map(json.dumps, records))
    reading = read("a.jsonl", lines)
    assert texts(reading) == SENTENCES[:3]
    assert "none in two of them" in notes(reading)
    assert "1 row of 4 without a word in the column" in notes(reading)
    assert len(texts(read("a.jsonl", lines, as_is=True))) == 1
    both = lines + "\n" + json.dumps({"text": "One text.", "body": "Another text."})
    assert "several names" not in notes(read("a.jsonl", both))


def test_json_in_a_script_and_letters_spoilt_in_escapes_are_read():
    archive = (
        'window.YTD.tweets.part0 = [ {"tweet": {"full_text": "A boat here."}}, {"tweet": {"full_text": "Two."}} ];'
    )
    assert texts(read("tweets.js", archive)) == ("A boat here.", "Two.")
    assert "window" in texts(read("a.js", "window.a = b;"))[0]
    spoilt = json.dumps([{"content": text.encode().decode("latin-1"), "n": "1"} for text in ("Café’s", "naïve", "Zoë")])
    assert spoilt.isascii()
    reading = read("messages.json", spoilt)
    assert texts(reading) == ("Café’s", "naïve", "Zoë")
    assert "had been read as Windows-1252" in notes(reading)
    assert texts(read("messages.json", spoilt, as_is=True))[1] == "naÃ¯ve"
