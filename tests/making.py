"""Files in every format, made of a known text."""

import csv
import datetime
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape


def zip_of(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def csv_of(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


def jsonl_of(records: Sequence[object]) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


def xlsx_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An Excel file of the kind before 2007."""
    import xlwt

    book = xlwt.Workbook()
    day, moment = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for title, rows in sheets.items():
        page = book.add_sheet(title)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, datetime.date):
                    page.write(row, column, value, moment if isinstance(value, datetime.datetime) else day)
                elif value not in (None, ""):
                    page.write(row, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A spreadsheet of LibreOffice, as far as readers of tables look at it."""
    tables = "".join(
        f'<table:table table:name="{title}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for title, rows in sheets.items()
    )
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _ODS_SPACES)
    content = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    head, kind = '<?xml version="1.0" encoding="UTF-8"?>', "application/vnd.oasis.opendocument.spreadsheet"
    members = {
        "mimetype": kind,
        "content.xml": f"{head}<office:document-content {spaces}>{content}</office:document-content>",
        "META-INF/manifest.xml": f"{head}<manifest:manifest {spaces}>"
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }
    return zip_of({name: text.encode() for name, text in members.items()})


_ODS_SPACES = ("office", "table", "text", "manifest")


def _ods_cell(value: object) -> str:
    if value in (None, ""):
        return "<table:table-cell/>"
    kind, attribute, written = "string", "", str(value)
    if isinstance(value, bool):
        kind, attribute = "boolean", f'office:boolean-value="{written.lower()}"'
    elif isinstance(value, int | float):
        kind, attribute = "float", f'office:value="{written}"'
    elif isinstance(value, datetime.date):
        kind, attribute = "date", f'office:date-value="{value.isoformat()}"'
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in written.split("\n"))
    return f'<table:table-cell office:value-type="{kind}" {attribute}>{paragraphs}</table:table-cell>'


def docx_of(paragraphs: Sequence[str], cells: Sequence[Sequence[str]] = ()) -> bytes:
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cells:
        table = document.add_table(len(cells), len(cells[0]))
        for row, texts in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODF_NAMES = (
    " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table", "style"))
    + f' xmlns:draw="{_ODF}:drawing:1.0" xmlns:svg="{_ODF}:svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def odt_of(body: str, styles: str = "", kind: str = "text") -> bytes:
    """An OpenDocument file of what stands in its office:text, and in its office:master-styles."""
    content = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    return zip_of(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": f'<?xml version="1.0"?><office:document-content {_ODF_NAMES}>{content}'
            "</office:document-content>".encode(),
            "styles.xml": f"<office:document-styles {_ODF_NAMES}><office:master-styles>{styles}</office:master-styles>"
            "</office:document-styles>".encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def epub_of(
    pages: Mapping[str, str], nav: str = "", more: Mapping[str, bytes] = {}, items: str = "", guide: str = ""
) -> bytes:
    """An e-book of pages in their order, each its name and the body of its HTML; `nav`: of its table of contents."""
    spine = [("nav.xhtml", nav)] * bool(nav) + list(pages.items())
    manifest = "".join(
        f'<item id="i{place}" href="{name}" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == 'nav.xhtml' else ''}/>"
        for place, (name, _) in enumerate(spine)
    )
    references = "".join(f'<itemref idref="i{place}"/>' for place in range(len(spine)))
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head>'
    )
    return zip_of(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            b'<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{manifest}{items}</manifest>'
            f"<spine>{references}</spine>{guide}</package>".encode(),
            **{f"OEBPS/{name}": f"{page}<body>{body}</body></html>".encode() for name, body in spine},
            **more,
        }
    )


def pdf_of(pages: Sequence[Sequence[str]]) -> bytes:
    """One page for each list of lines."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " T* ".join("({}) Tj".format(line.replace("(", "\\(").replace(")", "\\)")) for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1") if lines else b""
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        contents = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % contents
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)


def encrypted_pdf_of(pages: Sequence[Sequence[str]], password: str) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(pages)))
    writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def gzip_of(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def pdf_of_objects(objects):
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    data, offsets = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def pdf_of_one_page(times, operators):
    """A PDF that lists one page so many times, on which stands an "a" so many times."""
    content = zlib.compress(b"BT /F1 1 Tf " + b"(a) Tj 0 0 Td\n" * operators + b"ET", 9)
    return pdf_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (times, b"5 0 R " * times),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(content), content),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>",
        ]
    )
