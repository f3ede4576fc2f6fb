"""Files as people have them, made by chance with the libraries that such files are made with, and the words in them.

`python -m tests.made_files 200` makes so many, reads them, and names those that do not come back word for word.
"""

import email.message
import email.policy
import io
import random
import re
import sys
from collections.abc import Callable
from functools import cache

import docx
import openpyxl
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from core.text.reading.documents import read_documents
from core.text.reading.uploads import Upload

LANGUAGES = {
    "English": "the doctor saw a patient in winter while teacher played violin at school near stone bridge and river",
    "German": "der Arzt sah die Kranke im Winter während Lehrerin Geige über schöne Straßen spielte größer Fluß",
    "French": "le médecin a vu une malade près de la forêt où français élève naïve jouait œuvre été déjà",
    "Spanish": "el médico vio niño en invierno mientras señora tocaba violín también corazón puente río canción",
    "Polish": "lekarz widział chorą zimą więcej pieniędzy oraz przyszłość skrzypce źródło łódź żółw jest mąż",
    "Turkish": "doktor hastayı kışın gördü öğretmen keman çaldı köprü ırmağın üstünde güzel şehir çiçek bahçede",
    "Vietnamese": "bác sĩ đã khám bệnh nhân vào mùa đông giáo viên chơi đàn ở trường gần cầu sông nước",
    "Russian": "врач осмотрел больного зимой учитель играл на скрипке в школе лодка под мостом реки ещё",
    "Ukrainian": "лікар оглянув хворого взимку їжак їсть яблуко є ґанок біля річки школа діти міст вода",
    "Greek": "ο γιατρός είδε τον ασθενή χειμώνα δάσκαλος έπαιξε βιολί σχολείο γέφυρα ποτάμι ψάρι αγορά ώρα",
    "Arabic": "الطبيب رأى المريض في الشتاء والمعلم عزف الكمان المدرسة القارب النهر الجسر الحجري السوق",
    "Chinese": "医生 看了 病人 冬天 老师 学校 拉 小提琴 河上 的船 石桥 市场 鱼 价格",
}
"""Words of each, of which sentences are made."""
FROM_RIGHT_TO_LEFT = ("Arabic",)
_SIZES = range(1, 30)


class Text:
    """Paragraphs of sentences, by chance."""

    def __init__(self, chance: random.Random, language: str) -> None:
        self.chance = chance
        self.vocabulary = LANGUAGES[language].split()
        self.paragraphs = [self.paragraph() for _ in range(chance.randint(2, 12))]

    def sentence(self) -> str:
        words = [self.chance.choice(self.vocabulary) for _ in range(self.chance.randint(4, 18))]
        if self.chance.random() < 0.3:
            words[2] += ","
        return " ".join([words[0].capitalize(), *words[1:]]) + self.chance.choice([".", ".", ".", "!", "?"])

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(1, 7)))

    def words(self) -> list[str]:
        return " ".join(self.paragraphs).split()


def make_docx(text: Text) -> bytes:
    """Paragraphs in runs of several styles, lists, a table, a head."""
    chance, document = text.chance, docx.Document()
    if chance.random() < 0.5:
        document.sections[0].header.paragraphs[0].text = "Head of the report"
    for paragraph in text.paragraphs:
        if chance.random() < 0.2:
            row = document.add_table(rows=1, cols=2).rows[0]
            half = paragraph.rfind(" ", 0, len(paragraph) // 2)
            row.cells[0].text, row.cells[1].text = paragraph[:half], paragraph[half + 1 :]
            continue
        added = document.add_paragraph(style=chance.choice(["Normal", "List Bullet", "Heading 1", "Quote"]))
        start = 0
        while start < len(paragraph):  # runs begin and end within words, as where one letter is bold
            end = start + chance.choice(_SIZES)
            run = added.add_run(paragraph[start:end])
            run.bold, run.italic = chance.random() < 0.2, chance.random() < 0.2
            start = end
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def make_xlsx(text: Text) -> bytes:
    """A table with ids, labels, numbers, perhaps a title above it and blank rows in it."""
    chance, book = text.chance, openpyxl.Workbook()
    sheet = book.active
    if chance.random() < 0.4:
        sheet.append(["Survey of 2024"])
    if chance.random() < 0.3:
        sheet.append([])
    sheet.append(["id", "genre", "price", "comment"])
    for number, paragraph in enumerate(text.paragraphs):
        sheet.append([f"r{number}", chance.choice(["a", "b"]), chance.random() * 9, paragraph])
        if chance.random() < 0.2:
            sheet.append([])
    if chance.random() < 0.3:
        book.create_sheet("lists").sheet_state = "hidden"
        book["lists"].append(["code", "meaning of the code"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_eml(text: Text) -> bytes:
    """A letter in one of the usual ways to encode it, perhaps with a page beside the text and a file attached."""
    chance = text.chance
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["Subject"], message["From"] = text.sentence(), "Ann <ann@example.org>"
    message["To"], message["Date"] = "bob@example.org", "Mon, 03 May 2021 10:00:00 +0200"
    plain = "\n\n".join(text.paragraphs)
    page = "".join(f"<p>{paragraph}</p>" for paragraph in text.paragraphs)
    only_page = chance.random() < 0.3
    encoding = chance.choice(["base64", "quoted-printable"])
    message.set_content(page if only_page else plain, subtype="html" if only_page else "plain", cte=encoding)
    if not only_page and chance.random() < 0.5:
        message.add_alternative(f"<html><body>{page}</body></html>", subtype="html")
    if chance.random() < 0.4:
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    return bytes(message)


def make_pdf(text: Text) -> bytes:
    """Pages of one or two columns, with heads and numbers or without; heads on fewer than three pages would be text."""
    text.paragraphs *= text.chance.choice([1, 6, 12])
    state = text.chance.getstate()
    data, n_pages = _print(text, with_heads=True)
    if n_pages < 3 or text.chance.random() < 0.3:
        text.chance.setstate(state)
        data, _ = _print(text, with_heads=False)
    return data


def _print(text: Text, with_heads: bool) -> tuple[bytes, int]:
    chance, file, (width, height) = text.chance, io.BytesIO(), A4
    chinese = text.vocabulary[0] == "医生"
    font = _font(chinese)
    style = ParagraphStyle(
        "p",
        fontName=font,
        fontSize=10,
        leading=chance.choice([12, 14]),
        spaceAfter=chance.choice([0, 8]),
        alignment=chance.choice([TA_LEFT, TA_JUSTIFY]),
        wordWrap="CJK" if chinese else None,
    )
    n_columns = 1 if chinese else chance.choice([1, 1, 2])
    wide = (width - 120) / n_columns - 10
    frames = [Frame(60 + (wide + 20) * n, 80, wide, height - 170, id=str(n)) for n in range(n_columns)]

    def draw_heads(canvas, document):
        if with_heads:
            canvas.setFont(font, 8)
            canvas.drawString(60, height - 40, "Journal of Rivers")
            canvas.drawString(width / 2, 40, str(document.page))

    document = BaseDocTemplate(file, pagesize=A4, pageTemplates=[PageTemplate(frames=frames, onPage=draw_heads)])
    document.build([Paragraph(paragraph, style) for paragraph in text.paragraphs])
    return file.getvalue(), document.page


@cache
def _font(chinese: bool) -> str:
    if chinese:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        return "STSong-Light"
    pdfmetrics.registerFont(TTFont("DejaVuMade", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
    return "DejaVuMade"


MAKERS: dict[str, Callable[[Text], bytes]] = {"docx": make_docx, "xlsx": make_xlsx, "eml": make_eml, "pdf": make_pdf}


def differences(kind: str, language: str, seed: int) -> str:
    """How the words of a made file differ from those that are read in it; "" if they are the same."""
    text = Text(random.Random(f"{kind} {language} {seed}"), language)
    data = MAKERS[kind](text)
    reading = read_documents([Upload(f"made.{kind}", data)])
    read = " ".join(document.text for document in reading.documents)
    made = " ".join(text.words())
    if language == "Chinese":  # a line of it may end anywhere
        read, made = re.sub(r"\s", "", read), re.sub(r"\s", "", made)
    found, meant = read.split(), made.split()
    if found == meant:
        return ""
    alike = (one == two for one, two in zip(found, meant, strict=False))
    at = next((number for number, same in enumerate(alike) if not same), min(len(found), len(meant)))
    return (
        f"{kind} {language} {seed}: word {at} of {len(meant)}: {found[at - 3 : at + 4]}, not {meant[at - 3 : at + 4]}"
    )


def combinations(n_files: int) -> list[tuple[str, str, int]]:
    """So many kinds, languages and seeds, each kind and language in turn."""
    pairs = [(kind, name) for kind in MAKERS for name in LANGUAGES if kind != "pdf" or name not in FROM_RIGHT_TO_LEFT]
    return [(*pairs[number % len(pairs)], number // len(pairs)) for number in range(n_files)]


if __name__ == "__main__":
    wrong = [said for each in combinations(int(sys.argv[1])) if (said := differences(*each))]
    print("\n".join([*wrong, f"{len(wrong)} of {sys.argv[1]} differ"]))
