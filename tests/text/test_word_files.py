"""Word documents as Word writes them: what it shows without mark-up is the text, once."""

import io
import re
import zipfile

import pytest

from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.formats.word import text_of_docx
from core.text.reading.uploads import Upload
from tests.making import zip_of

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def docx(body: str, space: str = TRANSITIONAL, relations: str = RELATIONS, **others: str) -> bytes:
    """A document of this XML; `others` are the other parts by their kind."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'

    def related(names):
        inside = "".join(
            f'<Relationship Id="r{number}" Type="{relations}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(names)
        )
        return f'{head}<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'.encode()

    members = {
        "[Content_Types].xml": b"",
        "_rels/.rels": related([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": related([(kind, f"{kind}.xml") for kind in others]),
        "word/document.xml": f'{head}<w:document xmlns:w="{space}" {SPACES}>'.encode()
        + f"<w:body>{body}</w:body></w:document>".encode(),
    }
    roots = {"header": "hdr", "footer": "ftr"}
    for kind, inside in others.items():
        root = roots.get(kind, kind)
        members[f"word/{kind}.xml"] = f'{head}<w:{root} xmlns:w="{space}">{inside}</w:{root}>'.encode()
    return zip_of(members)


def p(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(data: bytes) -> Reading:
    return read_documents([Upload("a.docx", data)])


def words(data: bytes) -> str:
    return " ".join(" ".join(document.text for document in read(data).documents).split())


def notes(data: bytes) -> str:
    return " ".join(problem.message for problem in read(data).problems)


BOX = f"<w:txbxContent>{p(r('In a box.'))}</w:txbxContent>"
TWICE = (
    f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{BOX}</wps:txbx></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
BODIES = {
    "hyphens that do not break": (
        p("<w:r><w:t>Twenty</w:t><w:noBreakHyphen/><w:t>one at 10</w:t><w:noBreakHyphen/><w:t>12</w:t></w:r>"),
        "Twenty-one at 10-12",
    ),
    "a hyphen at the end of a run": (
        p(f"<w:r><w:t>well</w:t><w:noBreakHyphen/></w:r>{r('known')}"),
        "well-known",
    ),
    "a soft hyphen": (
        p("<w:r><w:t>co</w:t><w:softHyphen/><w:t>operative</w:t></w:r>"),
        "co\N{SOFT HYPHEN}operative",
    ),
    "symbols": (
        p(
            '<w:r><w:t>a</w:t><w:sym w:font="Symbol" w:char="F062"/>'
            '<w:sym w:font="Wingdings" w:char="F04A"/><w:t>c</w:t></w:r>'
        ),
        "aβ c",
    ),
    "tabs": (p("<w:r><w:t>one</w:t><w:ptab/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r>"), "one two three"),
    "a deletion": (
        p(f"{r('The ')}<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins>{r('new')}</w:ins>"),
        "The new",
    ),
    "a moved paragraph": (
        p(f"<w:moveTo>{r('Moved here.')}</w:moveTo>")
        + p(r("Stays."))
        + p(f"<w:moveFrom>{r('Moved here.')}</w:moveFrom>"),
        "Moved here. Stays.",
    ),
    "a move within an insertion": (
        p(
            f"<w:ins><w:moveTo>{r('once ')}</w:moveTo></w:ins>{r('and')}"
            f"<w:ins><w:moveFrom>{r('once')}</w:moveFrom></w:ins>"
        ),
        "once and",
    ),
    "a deleted row": (
        "<w:tbl>"
        f"<w:tr><w:tc>{p(r('kept'))}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('gone'))}</w:tc></w:tr></w:tbl>",
        "kept",
    ),
    "paragraphs whose end was deleted": (
        p(f"<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('win')}") + p(r("ter")),
        "winter",
    ),
    "a text box for old programs and new": (p(f"{r('Before')}{TWICE}{r(' after.')}"), "Before after. In a box."),
    "a text box for old programs": (
        p(f"{r('Before.')}<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>"),
        "Before. In a box.",
    ),
    "ruby": (
        p(f"<w:r><w:ruby><w:rt>{r('とうきょう')}</w:rt><w:rubyBase>{r('東京')}</w:rubyBase></w:ruby></w:r>{r('へ')}"),
        "東京へ",
    ),
    "a raised number": (
        p(f"{r('word')}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>12</w:t></w:r>{r('.')}"),
        "word 12.",
    ),
    "hidden text": (p(f"{r('seen')}<w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"), "seen"),
    "text that is not hidden any more": (p("<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>seen</w:t></w:r>"), "seen"),
    "the code of a field": (p(f"<w:r><w:instrText>PAGE</w:instrText></w:r>{r('Result')}"), "Result"),
    "an empty form field": (
        p(r("Name:"))
        + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p(r('Click here'))}</w:sdtContent></w:sdt>",
        "Name:",
    ),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("edition", ["transitional", "strict"])
def test_what_word_shows_is_the_text_once(kind, edition):
    body, shown = BODIES[kind]
    space = (STRICT, STRICT_RELATIONS) if edition == "strict" else (TRANSITIONAL, RELATIONS)
    assert words(docx(body, *space)) == shown


def test_alternatives_within_alternatives_take_no_longer_for_it():
    begin = "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:r>"
    end = "</w:r></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r>"
    assert words(docx(p(begin * 300 + r("deep") + end * 300))) == "deep"


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_read_after_the_text_and_their_separators_are_not(kind):
    own = f'<w:{kind} w:type="separator" w:id="0">{p(r("never"))}</w:{kind}>'
    own += f'<w:{kind} w:id="2">{p(r("Of violins."))}</w:{kind}>'
    data = docx(p(f'{r("A report.")}<w:r><w:{kind}Reference w:id="2"/></w:r>') + p(r("More.")), **{f"{kind}s": own})
    assert words(data) == "A report. More. Of violins."
    assert not notes(data)


def test_a_document_whose_folder_has_another_name_is_one_too():
    with zipfile.ZipFile(io.BytesIO(docx(p(r("The doctor."))))) as archive:
        members = {name.replace("word/", "other/"): archive.read(name) for name in archive.namelist()}
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"word/", b"other/")
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    members["[Content_Types].xml"] = (
        b'<Types><Override PartName="/other/document.xml" ContentType="%s"/></Types>' % kind
    )
    assert words(zip_of(members)) == "The doctor."


def test_comments_heads_and_feet_are_named():
    data = docx(
        p(r("A report.")),
        comments=f'<w:comment w:id="1">{p(r("Is it?"))}</w:comment>',
        header=p(r("Annual report")),
        footer=p(r("12")),
    )
    assert words(data) == "A report."
    assert re.search("1 comment and 1 page header.*Annual report", notes(data))


def test_comments_and_heads_are_read_where_files_are_read_as_they_are():
    data = docx_with_comment_and_header()
    text, (note,) = text_of_docx(Upload("a.docx", data))
    assert text == "The doctor saw it."
    assert "have files read as they are" in note
    text, notes = text_of_docx(Upload("a.docx", data), as_is=True)
    assert text.split("\n\n") == ["The doctor saw it.", "Did he?", "A journal"]
    assert notes == []


def docx_with_comment_and_header():
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph("The doctor saw it.")
    document.add_comment(paragraph.runs, "Did he?", "Ann")
    document.sections[0].header.paragraphs[0].text = "A journal"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_tables_of_contents_are_left_out_and_told():
    gallery = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    contents = f"<w:sdt>{gallery}<w:sdtContent>{p(r('Part one 3'))}</w:sdtContent></w:sdt>"
    data = docx(contents + p(f"<w:pPr><w:pStyle w:val='TOC2'/></w:pPr>{r('Part two 4')}") + p(r("Part one")))
    reading = read(data)
    assert [document.text for document in reading.documents] == ["Part one"]
    assert "The table of contents of “a.docx” was left out" in reading.problems[0].message
    assert "Part two 4" in text_of_docx(Upload("a.docx", data), as_is=True)[0]


def test_slides_are_read_in_their_order_with_what_was_noted_below_them():
    drawing = 'xmlns:a="http://x/drawingml/2006/main" xmlns:p="http://x/presentationml/2006/main" xmlns:r="http://x/r"'
    relations = '<Relationships xmlns="http://x/relationships">{}</Relationships>'

    def slide(text: str, kind: str = "body", show: str = "1") -> bytes:
        shape = f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>'
        foot = (
            '<p:sp><p:nvSpPr><p:nvPr><p:ph type="ftr"/></p:nvPr></p:nvSpPr><a:p><a:r><a:t>Foot</a:t></a:r></a:p></p:sp>'
        )
        return f'<p:sld {drawing} show="{show}">{shape}{foot}</p:sld>'.encode()

    def says(*runs: str) -> str:
        return f"<a:p>{'<a:br/>'.join(f'<a:r><a:t>{run}</a:t></a:r>' for run in runs)}</a:p>"

    ids = [f'<Relationship Id="r{n}" Type="x/slide" Target="slides/s{n}.xml"/>' for n in (1, 2, 3)]
    listed = "".join(f'<p:sldId id="25{n}" r:id="r{n}"/>' for n in (2, 1, 3))
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": relations.format('<Relationship Type="x/officeDocument" Target="ppt/p.xml"/>').encode(),
        "ppt/p.xml": f"<p:presentation {drawing}>{listed}</p:presentation>".encode(),
        "ppt/_rels/p.xml.rels": relations.format("".join(ids)).encode(),
        "ppt/slides/s1.xml": slide(f"{says('The river', 'and a boat')}<a:tbl>{says('A cell')}</a:tbl>"),
        "ppt/slides/s2.xml": slide(says("The doctor")),
        "ppt/slides/s3.xml": slide(says("Hidden"), show="0"),
        "ppt/slides/_rels/s2.xml.rels": relations.format(
            '<Relationship Id="r1" Type="x/notesSlide" Target="../notes/n.xml"/>'
        ).encode(),
        "ppt/notes/n.xml": slide(says("Speak slowly")),
    }
    reading = read_documents([Upload("a.pptx", zip_of(parts))], ReadOptions(unit="file"))
    assert reading.documents[0].text == "The doctor\n\nSpeak slowly\n\nThe river\nand a boat\n\nA cell"
    assert "has 1 hidden slide, left out" in reading.problems[0].message
    as_is = read_documents([Upload("a.pptx", zip_of(parts))], ReadOptions(unit="file", as_is=True))
    assert "Hidden\n\nFoot" in as_is.documents[0].text
