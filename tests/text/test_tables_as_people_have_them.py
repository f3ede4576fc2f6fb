"""Tables as people export them: titles above the header, markup and escapes in cells, rows numbered as programs do."""

import io
import json
import zipfile

import openpyxl
import pytest
import xlwt

from core.errors import CorpusError
from core.text.hints import find_likelier_column
from core.text.opened import open_text
from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.uploads import Upload
from tests.making import ods_of, xls_of, xlsx_of, zip_of

SENTENCES = (
    "The doctor saw the patient in winter.",
    "The teacher played the violin at school.",
    "A boat on the river passed the stone bridge.",
    "The market price of fish rose in summer.",
    "Money and trade move the market.",
)
TABLE = [["id", "rating", "comment"], *[[str(n), str(n % 3), text] for n, text in enumerate(SENTENCES)]]


def read(name: str, data: bytes | str, **options) -> Reading:
    return read_documents([Upload(name, data.encode() if isinstance(data, str) else data)], ReadOptions(**options))


def texts(reading: Reading) -> tuple[str, ...]:
    return tuple(document.text for document in reading.documents)


def places(reading: Reading) -> list[str]:
    return [document.name.rpartition(", ")[2] for document in reading.documents]


def notes(reading: Reading) -> str:
    return " ".join(problem.sentence for problem in reading.problems)


def csv(rows, delimiter=",") -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


# Spreadsheets

TITLES = [["Customer survey 2024"], ["exported on 3 May"], ["by the office"], [], ["confidential"]]
MAKERS = {"xlsx": xlsx_of, "xls": xls_of, "ods": ods_of}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("n_titles", range(6))
def test_titles_above_a_header_are_left_out_and_rows_keep_their_numbers(kind, n_titles):
    titles = [[*title, "", "", ""][:3] for title in TITLES[:n_titles]]
    reading = read(f"a.{kind}", MAKERS[kind]({"one": [*titles, *TABLE]}))
    assert texts(reading) == SENTENCES
    assert reading.tables[f"a.{kind}"].columns == ("id", "rating", "comment")
    assert places(reading) == [f"row {number}" for number in range(n_titles + 2, n_titles + 7)]
    assert ("above its header" in notes(reading)) == (n_titles > 0)


def test_a_title_stays_where_files_are_read_as_they_are():
    reading = read(
        "a.xlsx", xlsx_of({"one": [["Customer survey", "", ""], *TABLE]}), as_is=True, text_column="column 3"
    )
    assert texts(reading) == ("comment", *SENTENCES)


def test_in_a_table_of_one_column_a_title_cannot_be_told_and_nothing_is_lost():
    reading = read("a.xlsx", xlsx_of({"one": [["Our survey"], *[[text] for text in SENTENCES]]}))
    assert set(SENTENCES) <= set(texts(reading))


def test_a_table_with_labels_in_some_rows_only_has_no_title():
    rows = [["The doctor is in", ""], ["The boat is out", ""], ["good", "bad"], ["Fish is dear", ""], ["Money", ""]]
    assert len(texts(read("a.xlsx", xlsx_of({"one": rows})))) >= 4


@pytest.mark.parametrize("kind", MAKERS)
def test_rows_are_numbered_as_the_program_numbers_them(kind):
    rows = [
        ["", ""],
        ["id", "text"],
        ["1", "one word"],
        ["", ""],
        ["", ""],
        ["2", "two words"],
        ["", ""],
        ["3", "three"],
    ]
    reading = read(f"a.{kind}", MAKERS[kind]({"one": rows}))
    assert places(reading) == ["row 3", "row 6", "row 8"]


def test_rows_that_a_spreadsheet_does_not_store_count():
    book = openpyxl.Workbook()
    for cell, value in {"B3": "id", "C3": "text", "B4": "1", "C4": "one word", "B9": "2", "C9": "two words"}.items():
        book.active[cell] = value
    file = io.BytesIO()
    book.save(file)
    assert places(read("a.xlsx", file.getvalue())) == ["row 4", "row 9"]


def test_escapes_of_characters_are_read_in_cells_headers_and_titles():
    rows = [["te_x0009_xt", "n"], ["The_x000D_\ndoctor", "1"], ["says _x005F_x000D_ twice", "2"], ["caf_x00E9_", "3"]]
    reading = read("a.xlsx", xlsx_of({"a_x000D_b": rows, "c": rows}), text_column=None)
    assert texts(reading)[:3] == ("The\ndoctor", "says _x000D_ twice", "café")
    assert reading.documents[0].name == "a.xlsx, sheet a b, row 2"


def test_hidden_sheets_are_left_out_and_named():
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_of({"shown": TABLE, "lookup": [["code", "text"], ["1", "secret words"]]}))
    )
    book["lookup"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    reading = read("a.xlsx", file.getvalue())
    assert texts(reading) == SENTENCES
    assert "1 hidden sheet" in notes(reading)
    assert "“lookup”" in notes(reading)
    assert "secret words" in texts(read("a.xlsx", file.getvalue(), as_is=True))


def test_hidden_rows_and_columns_are_read_and_counted_by_sheet():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of({"shown": TABLE, "A & B": TABLE, "lookup": TABLE, "all": TABLE})))
    for title in ("A & B", "lookup"):
        book[title].row_dimensions[3].hidden = book[title].row_dimensions[5].hidden = True
        book[title].row_dimensions[40].hidden = True  # there is nothing in it
        book[title].column_dimensions["B"].hidden = True
    book["all"].row_dimensions[2].hidden = True
    book["lookup"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    reading = read("a.xlsx", file.getvalue())
    assert texts(reading) == SENTENCES * 3
    said = "2 hidden rows and 1 hidden column in sheet “A & B”, 1 hidden row in sheet “all”, read like the others"
    assert said in notes(reading)
    assert "hidden row" not in notes(read("a.xlsx", xlsx_of({"shown": TABLE})))


def test_of_opendocument_too():
    data = ods_of({"shown": TABLE, "A &amp; B": TABLE})
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    assert "hidden row" not in notes(read("a.ods", data))
    before, name, sheet = parts["content.xml"].decode().partition('table:name="A &amp; B">')
    columns = '<table:table-column/><table:table-column table:number-columns-repeated="9" table:visibility="collapse"/>'
    for row, how in ((1, "visible"), (2, "filter"), (3, "collapse"), (len(TABLE), "collapse")):
        pieces = sheet.split("<table:table-row", row + 1)
        sheet = "<table:table-row".join([*pieces[:-1], f' table:visibility="{how}"{pieces[-1]}'])
    reading = read("a.ods", zip_of(parts | {"content.xml": (before + name + columns + sheet).encode()}))
    assert texts(reading) == SENTENCES * 2
    assert "has 2 hidden rows and 2 hidden columns in sheet “A & B”, read like the others" in notes(reading)


def test_of_excel_files_of_the_old_kind_too():
    book = xlwt.Workbook()
    for title in ("shown", "A & Ü"):
        page = book.add_sheet(title)
        for row, cells in enumerate(TABLE):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
    page.row(2).hidden = page.row(4).hidden = page.row(40).hidden = page.col(1).hidden = True
    file = io.BytesIO()
    book.save(file)
    data = file.getvalue()
    reading = read("a.xls", data)
    assert texts(reading) == SENTENCES * 2
    assert "has 2 hidden rows and 1 hidden column in sheet “A & Ü”, read like the others" in notes(reading)
    assert "hidden row" not in notes(read("a.xls", xls_of({"shown": TABLE})))


def test_long_questions_above_answers_are_a_header():
    asked = "What did you like about the river and the boat and the stone bridge when you were there last winter?"
    rows = [["Timestamp", asked, "Anything else?"], ["2024/01/01 10:00:00 AM GMT+1", SENTENCES[0], "No"]]
    rows += [["2024/01/02 9:05:00 PM GMT+1", text, ""] for text in ("", SENTENCES[1])]
    reading = read("a.csv", csv(rows))
    assert texts(reading) == SENTENCES[:2]
    assert f"1 row of 3 without a word in the column “{asked}”, left out" in notes(reading)
    rows = [["What is it?", "5"], *[[text, str(n)] for n, text in enumerate(SENTENCES)]]
    assert texts(read("a.csv", csv(rows)))[0] == "What is it?"


# Delimited files


@pytest.mark.parametrize("mark", ["# ", "#", "% ", "; ", "// "])
@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_comments_above_the_header_are_left_out(mark, delimiter):
    reading = read("a.csv", f"{mark}exported by survey tool\n{mark}version 3\n\n{csv(TABLE, delimiter)}")
    assert texts(reading) == SENTENCES
    assert places(reading)[0] == "row 5"
    assert "exported by survey tool" in notes(reading)


def test_a_comment_with_a_delimiter_in_it_is_one_too():
    assert texts(read("a.csv", f"# on 3 May, by the office\n{csv(TABLE)}")) == SENTENCES


@pytest.mark.parametrize(
    "above",
    [
        "# exported, by tool, now\n#\n# version 3\n\n",
        "// exported by tool\n; version 3, of May, done\n",
        "-- dump, of 3\n-- done\n",
        "# exported by tool\n#",  # the header is a comment as well
    ],
)
def test_comments_may_have_as_many_cells_as_the_table(above):
    reading = read("a.csv", above + csv(TABLE))
    assert texts(reading) == SENTENCES
    assert "above its header, left out" in notes(reading)


def test_rows_of_which_some_begin_as_comments_are_rows():
    reading = read("a.csv", "# winter is here,1\n# river boat,2\nA lake froze,4\nThe sea too,5\n")
    assert texts(reading) == ("# winter is here", "# river boat", "A lake froze", "The sea too")


def test_cells_in_single_quotation_marks_are_read_as_cells():
    rows = "".join(f"'{n}','{text} It''s so, he said'\n" for n, text in enumerate(SENTENCES))
    reading = read("a.csv", "'id','text'\n" + rows)
    assert texts(reading) == tuple(f"{text} It's so, he said" for text in SENTENCES)
    assert "cells in single quotation marks" in notes(reading)


def test_quotation_marks_within_cells_may_be_written_once():
    rows = "".join(f'"{n}","He said "go" there, so {text}"\n' for n, text in enumerate(SENTENCES))
    reading = read("a.csv", '"id","text"\n' + rows)
    assert texts(reading) == tuple(f'He said "go" there, so {text}' for text in SENTENCES)
    assert "written once and not twice" in notes(reading)


def test_line_ends_written_out_are_line_ends_beside_quotation_marks_with_a_backslash():
    rows = "".join(f'{n},"{text}\\nNext \\"line\\" C:\\\\new third"\n' for n, text in enumerate(SENTENCES))
    assert texts(read("a.csv", "id,text\n" + rows)) == tuple(f'{text}\nNext "line" C:\\new third' for text in SENTENCES)


def test_a_text_that_begins_with_a_hashtag_is_a_document():
    assert texts(read("a.csv", "text,label\n#winter is here,good\n#summer is not,bad\n")) == (
        "#winter is here",
        "#summer is not",
    )
    assert len(texts(read("a.csv", "#winter is here,good\n#summer is not,bad\nAll is well,good\n"))) == 3
    assert len(texts(read("a.csv", "#winter is here\n#summer is not\nand so on\n"))) == 3


def test_titles_without_a_mark_are_left_out_of_a_delimited_file():
    reading = read("a.csv", f"Customer survey 2024\nexported on 3 May\n{csv(TABLE)}")
    assert texts(reading) == SENTENCES
    assert places(reading)[0] == "row 4"


def test_blank_lines_above_and_below_a_title_are_no_rows():
    for above, first in (("\n\n", 4), ("A list\n\n", 4), ("\nA list\n\n\n", 6)):
        reading = read("a.csv", f"{above}id;text\n1;The river, it froze.\n2;The boat, it sank.\n")
        assert texts(reading) == ("The river, it froze.", "The boat, it sank.")
        assert places(reading)[0] == f"row {first}"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("extra", [1, 3])
@pytest.mark.parametrize("every", [1, 2])
def test_empty_cells_at_the_end_of_rows_are_dropped(delimiter, extra, every):
    lines = csv(TABLE, delimiter).splitlines()
    lines[1:] = [line + delimiter * extra * (n % every == 0) for n, line in enumerate(lines[1:])]
    assert texts(read("a.csv", "\n".join(lines))) == SENTENCES


def test_a_cell_with_something_in_it_is_never_dropped():
    with pytest.raises(CorpusError, match=r"Row 3 .* has 4 cells"):
        read("a.csv", "id,rating,text\n1,2,word,\n2,3,word,more\n")


WIDE = ["1,2,A fish in the river", "2,1,The doctor, the boat, the bridge,", "3,2,All is well"]


def test_a_cell_too_many_goes_back_into_the_text_and_the_row_is_named():
    even = [f"{n},1,A boat on the river" for n in range(4, 9)]
    reading = read("a.csv", "# by the office\n" + "\n".join(["id,rating,text", *WIDE, *even]))
    assert texts(reading)[:3] == ("A fish in the river", "The doctor, the boat, the bridge", "All is well")
    assert len(reading.documents) == 8
    assert "1 row with more cells than the others (row 4)" in notes(reading)
    assert "The doctor, the boat, the bridge" in notes(reading)


@pytest.mark.parametrize(("delimiter", "put"), [(",", ","), (";", ";"), ("\t", "\t")])
def test_cells_behind_a_text_that_holds_the_delimiter_keep_their_columns(delimiter, put):
    rows = [["text", "label"], *[[text.replace(",", ""), "good"] for text in SENTENCES * 2]]
    rows[3:3] = [["The market", " the river", "bad"]]
    rows += [["Of winter", " and fish", "bad"]]
    reading = read("a.csv", csv(rows, delimiter), label_column="label")
    assert [(each.text, each.label) for each in reading.documents if each.label == "bad"] == [
        (f"The market{put} the river", "bad"),
        (f"Of winter{put} and fish", "bad"),
    ]
    assert "2 rows with more cells than the others (rows 4, 13)" in notes(reading)


def test_a_table_is_refused_where_more_than_a_fifth_of_the_rows_has_a_cell_too_many():
    even, wide = "1,A boat\n", "2,The doctor, the boat\n"
    assert len(read("a.csv", "id,text\n" + even * 8 + wide * 2).documents) == 10
    with pytest.raises(CorpusError, match=r"Row 9 .* has 3 cells where the first row has 2"):
        read("a.csv", "id,text\n" + even * 7 + wide * 3)


QUOTED = 'The doctor said, "so to speak", again.'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_quotation_marks_with_a_backslash_belong_to_the_text(delimiter):
    cell = QUOTED.replace('"', '\\"')
    data = f"id{delimiter}text\n" + "".join(f'{n}{delimiter}"{cell}"\n' for n in range(5))
    reading = read("a.csv", data)
    assert texts(reading) == (QUOTED,) * 5
    assert "backslash" in notes(reading)


def test_a_backslash_before_a_backslash_ends_no_cell():
    data = 'id,text\n1,"a \\"path\\" is C:\\\\"\n2,"the \\"other\\" one, it\\\'s"\n'
    assert texts(read("a.csv", data)) == ('a "path" is C:\\', 'the "other" one, it\'s')


def test_backslashes_that_escape_nothing_stay():
    data = 'id,text\n1,"it said ""yes"" in C:\\new"\n2,"and in D:\\"\n3,"or ""no"""\n'
    assert texts(read("a.csv", data)) == ('it said "yes" in C:\\new', "and in D:\\", 'or "no"')


def test_blank_lines_count_as_rows():
    assert places(read("a.csv", "text,n\n\nhello you,1\n\n\nbye you,2\n")) == ["row 3", "row 6"]


# Tables that are called texts


@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_a_table_that_is_called_a_text_is_one(delimiter):
    reading = read("a.txt", csv(TABLE, delimiter))
    assert texts(reading) == SENTENCES
    assert "looks like a table" in notes(reading)
    assert "rating" in " ".join(texts(read("a.txt", csv(TABLE, delimiter), as_is=True)))


def test_bars_at_both_ends_of_lines_make_a_table():
    rows = ["| id | comment |", "|----|---------|", *(f"| {n} | {text} |" for n, text in enumerate(SENTENCES))]
    reading = read("a.txt", "\n".join(rows))
    assert texts(reading) == SENTENCES
    assert "looks like a table" in notes(reading)


def test_a_table_without_a_header_is_one_too():
    assert texts(read("a.txt", csv(TABLE[1:], "\t") * 2)) == SENTENCES * 2


@pytest.mark.parametrize(
    "text",
    [
        "\tThe doctor saw the patient.\n\tThe teacher played.\n\tA boat passed.\n\tMoney moves.\n\tFish is dear.\n",
        "The doctor,\nthe teacher,\nthe boat,\nand the bridge,\nall in winter.\n",
        "The doctor saw\tthe patient.\nThe teacher played.\nA boat passed.\n",
        "Well, said the doctor.\nYes, said the patient.\nNo, said the boat.\n",
        "one;two\nA text; with semicolons.\nAnother; such text.\n" * 3 + "And one without.\n",
        "\n".join(SENTENCES),
        "The doctor\tDer Arzt\nThe boat\tDas Boot\nThe bridge\tDie alte Brücke\nA fish\tEin Fisch\nAll\tAlles\n",
        "1\tThe\tthe\tDET\n2\tdoctor\tdoctor\tNOUN\n\n1\tA\ta\tDET\n2\tboat\tboat\tNOUN\n",
        "the\t123\nof\t100\nriver\t50\nbank\t20\nboat\t10\n",
    ],
)
def test_ordinary_text_is_no_table(text):
    reading = read("a.txt", text)
    assert not reading.tables
    assert " ".join(" ".join(texts(reading)).split()) == " ".join(text.split())


# Markup in cells

MARKED = [
    ("It was <br /><br />good &amp; cheap.", "It was\ngood & cheap."),
    ("<p>The doctor&#8217;s <b>pa</b>tient.</p><p>Next.</p>", "The doctor’s patient.\nNext."),
    ('He said &quot;yes&quot;&nbsp;to <a href="a?b=1&c=2">it</a>.', 'He said "yes" to it.'),
    ("Doubly written &amp;quot;so&amp;quot;.", 'Doubly written "so".'),
    ("Prices &gt; 3 &lt; 5.", "Prices > 3 < 5."),
    ("Nothing in it.", "Nothing in it."),
]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "txt"])
def test_tags_and_entities_are_read_as_html(kind):
    cells = [written for written, _ in MARKED]
    if kind == "txt":
        data: bytes | str = "\n".join(cells)
    elif kind == "jsonl":
        data = "\n".join(json.dumps({"text": cell}) for cell in cells)
    elif kind == "xlsx":
        data = xlsx_of({"one": [["text", "n"], *[[cell, "1"] for cell in cells]]})
    else:
        data = "text,n\n" + "".join('"{}",1\n'.format(cell.replace('"', '""')) for cell in cells)
    reading = read(f"a.{kind}", data, unit="file" if kind == "txt" else "auto")
    said = " ".join(" ".join(texts(reading)).split())
    assert said == " ".join(" ".join(shown for _, shown in MARKED).split())
    assert "tags and entities of HTML" in notes(reading)


@pytest.mark.parametrize(
    "cells",
    [
        ["List<String> is a < b && c", "vector<int> and <b> tags", "if (a & b) { return &amp; }"],
        ["Use the <br> tag to break a line", "The <p> tag begins a paragraph", "Plain words"],
        ["AT&T rose", "R&D costs < 3 million", "I <3 winter"],
        ["x<y and y>z", "1 < 2", "nothing"],
        ["`<b>` makes letters bold", "Write &lt; for <", "none"],
    ],
)
def test_a_table_on_programming_stays_as_it_is(cells):
    data = "text,n\n" + "".join('"{}",1\n'.format(cell.replace('"', '""')) for cell in cells)
    assert texts(read("a.csv", data)) == tuple(cells)


def test_pages_written_with_entities_are_read():
    cells = ["&lt;p&gt;The doctor &amp;amp; the patient.&lt;/p&gt;", "&lt;p&gt;A &lt;b&gt;boat&lt;/b&gt;.&lt;/p&gt;"]
    assert texts(read("a.csv", "text,n\n" + "".join(f"{cell},1\n" for cell in cells))) == (
        "The doctor & the patient.",
        "A boat.",
    )


def test_line_ends_written_out_are_line_ends():
    reading = read("a.csv", 'text,n\n"First.\\nSecond one.\\n\\nThird",1\n"Only.\\nTwo",2\n')
    assert texts(reading) == ("First.\nSecond one.\n\nThird", "Only.\nTwo")
    assert "line ends written as \\n" in notes(reading)
    kept = ("C:\\new and D:\\name", "C:\\next")
    assert texts(read("a.csv", "text,n\n" + "".join(f"{cell},1\n" for cell in kept))) == kept
    assert texts(read("a.csv", "text,n\n\\nabla and \\nu,1\n\\neq or \\not,2\n")) == (
        "\\nabla and \\nu",
        "\\neq or \\not",
    )


# JSON

SPOKEN = ("You are a helpful clerk.", "The doctor saw the patient.", "The answer mentions the river.")
SHAPES = {
    "messages": {"messages": [{"role": r, "content": s} for r, s in zip("sua", SPOKEN, strict=True)]},
    "conversations": {"id": "x", "conversations": [{"from": "human", "value": s} for s in SPOKEN]},
    "parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": s}]} for s in SPOKEN]},
    "turns": {"dialogue": list(SPOKEN), "source": "forum"},
    "nulls": {
        "messages": [*[{"role": "user", "content": s, "name": None} for s in SPOKEN], {"role": "tool", "content": None}]
    },
    "nested": {"meta": {"lang": "en"}, "conversation": {"turns": [{"speaker": "A", "utterance": s} for s in SPOKEN]}},
    "unknown": {"thread": [{"who": "A", "words_written": s} for s in SPOKEN]},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_people_say_is_the_text_and_nothing_else(shape):
    reading = read("a.jsonl", "\n".join(json.dumps({**SHAPES[shape], "id": n}) for n in range(3)))
    assert texts(reading) == ("\n\n".join(SPOKEN),) * 3


WRAPPED = [{"id": n, "text": text} for n, text in enumerate(SENTENCES)]
WRAPPERS = {
    "data": {"data": WRAPPED},
    "deep": {"response": {"result": {"items": WRAPPED}}},
    "beside": {"count": 5, "title": "All", "tags": ["a", "b"], "rows": WRAPPED, "next": None},
    "strings": {"results": list(SENTENCES)},
    "columns": {"id": [0, 1, 2, 3, 4], "text": list(SENTENCES)},
    "pandas": {"id": dict.fromkeys("01234", 1), "text": dict(zip("01234", SENTENCES, strict=True))},
    "named": {f"n{row['id']}": row for row in WRAPPED},
    "plain": WRAPPED,
    "objects": [{"about": {"id": row["id"]}, "post": {"text": row["text"], "lang": "en"}} for row in WRAPPED],
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("name", ["a.json", "a.txt"])
@pytest.mark.parametrize("indent", [None, 1])
def test_the_list_in_a_file_is_found(wrapper, name, indent):
    assert texts(read(name, json.dumps(WRAPPERS[wrapper], indent=indent))) == SENTENCES


def test_two_lists_are_both_read_and_named():
    reading = read("a.json", json.dumps({"train": WRAPPED[:3], "test": WRAPPED[3:]}))
    assert texts(reading) == SENTENCES
    assert "“train” (3), “test” (2)" in notes(reading)


def test_objects_may_take_several_lines():
    for name in ("a.jsonl", "a.json"):
        assert texts(read(name, "\n".join(json.dumps(row, indent=2) for row in WRAPPED))) == SENTENCES


def test_a_single_object_is_a_document():
    assert texts(read("a.json", json.dumps({"title": "Winter", "text": SENTENCES[0]}))) == SENTENCES[:1]


def test_a_text_with_links_in_it_is_one_text():
    said = ["See ", {"type": "link", "text": "the river"}, " now."]
    assert texts(read("a.json", json.dumps({"messages": [{"from": "A", "text": said}]}))) == ("See the river now.",)


def test_two_files_of_one_name_are_told_apart():
    uploads = [
        Upload("x.txt", "Le café près de la forêt.".encode("cp1252")),
        Upload("x.txt", "Der schöne Fluß.".encode()),
    ]
    reading = read_documents(uploads)
    assert [document.name for document in reading.documents] == ["x.txt", "x (2).txt"]
    assert reading.encodings == {"x.txt": "cp1252", "x (2).txt": "utf-8"}
    chosen = read_documents(uploads, ReadOptions(encodings=(("x.txt", "mac-roman"),)))
    assert chosen.documents[1].text == "Der schöne Fluß."
    assert chosen.documents[0].text != reading.documents[0].text


# Cells that say nothing, labels before texts, tables of web programs


def test_cells_that_stand_for_no_text_are_left_out_and_counted():
    cells = ["NaN", SENTENCES[0], "[deleted]", SENTENCES[1], "\\N", "None of it", ""]
    data = "id,text\n" + "".join(f"{number},{cell}\n" for number, cell in enumerate(cells))
    reading = read("a.csv", data)
    assert texts(reading) == (*SENTENCES[:2], "None of it")
    assert places(reading)[0] == "row 3"
    assert "3 cells of 6 that say only that there is no text" in notes(reading)
    assert len(read("a.csv", data, as_is=True).documents) == 6
    assert texts(read("a.csv", "id,text\n1,NaN\n2,NULL\n")) == ("NaN", "NULL")


def test_labels_of_fasttext_are_a_column():
    lines = [f"__label__{'ab'[n % 2]} __label__x {text}" for n, text in enumerate(SENTENCES)]
    reading = read("a.txt", "\n".join(lines), label_column="label")
    assert texts(reading) == SENTENCES
    assert [document.label for document in reading.documents] == ["a x", "b x"] * 2 + ["a x"]
    assert "a label before each text (2 labels)" in notes(reading)


def test_bars_without_a_header_make_a_table():
    assert texts(read("a.txt", "\n".join(f"{n}|{text}|news" for n, text in enumerate(SENTENCES * 2)))) == SENTENCES * 2


WEB = {
    "page": "<html><body><table><tr><th>id</th><th>text</th></tr>"
    + "".join(f"<tr><td>{n}</td><td>{text.replace(' ', '<br>', 1)}</td></tr>" for n, text in enumerate(SENTENCES))
    + "</table></body></html>",
    "xml": '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:x">'
    "<Worksheet><Table><Row><Cell><Data>id</Data></Cell><Cell><Data>text</Data></Cell></Row>"
    + "".join(f'<Row><Cell ss:Index="2"><Data>{text}</Data></Cell></Row>' for text in SENTENCES)
    + "</Table></Worksheet></Workbook>",
}


@pytest.mark.parametrize("kind", WEB)
def test_tables_of_web_programs_are_called_spreadsheets_and_read_as_such(kind):
    reading = read("a.xls", WEB[kind])
    assert tuple(" ".join(text.split()) for text in texts(reading)) == SENTENCES
    assert places(reading)[0] == "row 2"


def test_blanks_and_line_ends_in_cells_of_libreoffice_part_words():
    cell = "The<text:s/>doctor<text:tab/>saw<text:line-break/>it."
    data = ods_of({"one": [["id", "text"], ["1", "CELL"], ["2", "A boat."]]})
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        members = {name: book.read(name).replace(b"CELL", cell.encode()) for name in book.namelist()}
    assert texts(read("a.ods", zip_of(members)))[0].split() == ["The", "doctor", "saw", "it."]


def test_a_title_stands_above_a_table_with_merged_labels():
    rows = [["Survey of customers"], [], ["Region", "Comment"], *[["", text] for text in SENTENCES]]
    rows[3][0] = "North"
    reading = read("a.xlsx", xlsx_of({"one": rows}), label_column="Region")
    assert texts(reading) == SENTENCES
    assert [document.label for document in reading.documents] == ["North", *[None] * 4]


def test_years_may_name_columns_of_texts():
    rows = [["year", "2019", "2020"], *[[f"q{n}", text, text] for n, text in enumerate(SENTENCES)]]
    assert texts(read("a.csv", csv(rows))) == SENTENCES
    assert texts(read("a.csv", "year,2019\n2018,2020\nA boat passed it,3\n"))[0] == "year"


def test_a_column_with_a_word_a_row_is_asked_about_where_another_has_sentences():
    table = "\n".join(",".join(row) for row in TABLE)

    def asked(column):
        return find_likelier_column(open_text([Upload("a.csv", table.encode())], ReadOptions(text_column=column)))

    assert asked("rating") is not None
    assert asked("rating")[0] == "comment"
    assert asked(None) is None


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xls"])
def test_a_text_that_is_called_another_kind_of_file_is_read_and_said_to_be_one(name):
    reading = read(name, "\n".join(SENTENCES))
    assert SENTENCES[0] in " ".join(texts(reading))
    assert f"“{name}” is called a" in notes(reading)
    assert "there is plain text in it" in notes(reading)
    assert "is called" not in notes(read("a.txt", "\n".join(SENTENCES)))
