"""OpenDocument texts and e-books: what a reader sees of them comes out, and what was left out is told."""

import zipfile
from io import BytesIO

import pytest
from making import epub_of, odt_of, zip_of

from core.errors import CorpusError
from core.text.reading.documents import ReadOptions, read_documents
from core.text.reading.kinds import kind_of
from core.text.reading.uploads import LIMITS, Upload


def read(name, data, **options):
    reading = read_documents([Upload(name, data)], ReadOptions(unit="file", **options))
    return reading.documents[0].text, [problem.message for problem in reading.problems]


def test_an_opendocument_text_is_read_as_it_is_shown():
    body = """
      <text:tracked-changes><text:changed-region><text:deletion><text:p>wilted</text:p></text:deletion>
      </text:changed-region></text:tracked-changes>
      <text:h>A <text:span>he</text:span>ading</text:h>
      <text:p>One<text:s text:c="2"/>two<text:tab/>three<text:line-break/>four
         five<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>At the foot.</text:p>
         </text:note-body></text:note>.</text:p>
      <text:list><text:list-item><text:p>first</text:p></text:list-item></text:list>
      <text:p>Before<draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box><svg:desc>A boat</svg:desc>
      </draw:frame>after</text:p>
      <table:table><table:table-row><table:table-cell><text:p>left</text:p></table:table-cell>
      <table:table-cell><text:p>right</text:p></table:table-cell></table:table-row></table:table>
      <text:section text:display="none"><text:p>unseen</text:p></text:section>
      <text:p><text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text></text:ruby></text:p>
      <text:p><text:hidden-paragraph text:is-hidden="true"/>hidden</text:p>
      <text:p>On <text:date>2 May</text:date></text:p>
    """
    text, notes = read("a.odt", odt_of(body))
    blocks = [" ".join(block.split()) for block in text.split("\n\n")]
    assert blocks == [
        "A heading",
        "One two three four five.",
        "first",
        "Beforeafter",
        "In a box",
        "left",
        "right",
        "漢字",
        "On 2 May",
        "At the foot.",
    ]
    assert notes == []


def test_comments_and_page_heads_of_an_opendocument_text_are_named_or_read():
    comment = "<office:annotation><dc:creator>Ann</dc:creator><text:p>Is that so?</text:p></office:annotation>"
    styles = "<style:header><text:p>A journal</text:p></style:header><style:footer><text:p>12</text:p></style:footer>"
    data = odt_of(f"<text:p>Some{comment}thing.</text:p>", styles)
    text, (note,) = read("a.odt", data)
    assert text == "Something."
    assert "has 1 comment and 1 page header (“A journal”), which are not part of the text" in note
    text, notes = read("a.odt", data, as_is=True)
    assert text.split("\n\n") == ["Something.", "Is that so?", "A journal"]
    assert notes == []


def test_the_table_of_contents_of_an_opendocument_text_is_left_out():
    contents = (
        "<text:table-of-content><text:index-body><text:p>One 3</text:p></text:index-body></text:table-of-content>"
    )
    text, (note,) = read("a.odt", odt_of(f"{contents}<text:h>One</text:h>"))
    assert (text, "table of contents" in note) == ("One", True)
    assert read("a.odt", odt_of(f"{contents}<text:h>One</text:h>"), as_is=True)[0].split() == ["One", "3", "One"]


def test_an_e_book_is_read_in_its_order_without_its_contents():
    pages = {"z 1.xhtml": "<h1>One</h1><p>Caf&#233; first.</p>", "a.xhtml": "<p>Second<br/>line.</p>"}
    picture = '<item id="p" href="p.png" media-type="image/png"/>'
    spaced = {"OEBPS/z 1.xhtml": f"<html><body>{pages['z 1.xhtml']}</body></html>".encode()}
    named = {"z%201.xhtml": "", "a.xhtml": pages["a.xhtml"]}
    data = epub_of(named, nav="<ol><li>One</li></ol>", more=spaced, items=picture)
    text, notes = read("a.epub", data)
    assert text.split("\n\n") == ["One", "Café first.", "Second", "line."]
    assert [note[:40] for note in notes] == [
        "The table of contents of “a.epub” was le",
        "“a.epub” has 1 picture, of which no text",
    ]
    assert read("a.epub", data, as_is=True)[0].startswith("One\n\nOne")
    guide = '<guide><reference type="toc" href="t.xhtml"/></guide>'
    text, notes = read("b.epub", epub_of({"t.xhtml": "<p>One … 1</p>", "a.xhtml": "<p>Said.</p>"}, guide=guide))
    assert text == "Said."
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("pages", "more", "said"),
    [
        ({"a.xhtml": "<p>Words.</p>"}, {"META-INF/encryption.xml": b"<e><CipherReference URI='OEBPS/a.xhtml'/></e>"},
         "protected against copying"),
        ({"a.xhtml": "<img/>"}, {}, "perhaps its pages are pictures"),
        ({"a.xhtml": "<p>W.</p>"}, {"META-INF/container.xml": b"<container/>"}, "does not say what it consists of"),
        ({"a.xhtml": "<p>W.</p>"}, {"OEBPS/book.opf": b"<package"}, "damaged"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_e_book_that_cannot_be_read_says_why(pages, more, said):
    with pytest.raises(CorpusError, match=said):
        read("a.epub", epub_of(pages, more=more))


def test_fonts_that_are_encrypted_do_not_matter():
    more = {"META-INF/encryption.xml": b"<e><CipherReference URI='OEBPS/font.ttf'/></e>"}
    assert read("a.epub", epub_of({"a.xhtml": "<p>Words.</p>"}, more=more))[0] == "Words."


def test_forged_ones_are_refused():
    bomb = epub_of({"a.xhtml": "<p>word </p>" * 1_500_000})
    assert len(bomb) < 200_000
    with pytest.raises(CorpusError, match="expand to more than 100 times"):
        read("a.epub", bomb)
    entities = zip_of(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}
    )
    with pytest.raises(CorpusError, match="defines XML entities"):
        read("a.odt", entities)
    many = epub_of({"a.xhtml": "<p>Words.</p>"}, more={f"x{n}": b"" for n in range(30)})
    with pytest.raises(CorpusError, match="consists of 34 files"):
        read_documents([Upload("a.epub", many)], limits=type(LIMITS)(archive_files=20))
    one = "<p>Once.</p>"
    repeated = epub_of({"a.xhtml": one})
    with zipfile.ZipFile(BytesIO(repeated)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members["OEBPS/book.opf"] = members["OEBPS/book.opf"].replace(
        b'<itemref idref="i0"/>', b'<itemref idref="i0"/>' * 100_000
    )
    assert read("a.epub", zip_of(members))[0] == "Once."


def test_kinds_are_told_by_what_is_in_them():
    assert kind_of(Upload("a.zip", odt_of("<text:p/>"))) == "odt"
    assert kind_of(Upload("a.ott", odt_of("<text:p/>", kind="text"))) == "odt"
    book = epub_of({"a.xhtml": ""})
    assert kind_of(Upload("a", book)) == "epub"
    for kind in ("presentation", "graphics"):
        with pytest.raises(CorpusError, match="OpenDocument file without running text"):
            kind_of(Upload("a.odp", odt_of("", kind=kind)))
