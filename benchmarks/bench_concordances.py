"""Concordances at real size: lines show what was counted, searches are quick, key words are the published formula's.

On Brown, under each of the three tokenisers:

- of 1,000 random occurrences each line has the word as it was written, in its place: what stands before it in the line
  reads as the tokens before it do;
- phrases and wildcards are found in less than `MOST_SECONDS`;
- log odds of every genre agree with another computation of Monroe et al. 2008 (equations 15, 16, 20, 22) to 1e-6.

Some of its documents are written as HTML (marks within words, entities, soft hyphens, scripts) and as PDF (lines of
equal width, running heads, page numbers), and uploaded: each of 1,000 lines says the same as the document that was
written, letter by letter, around the same word.

    python benchmarks/bench_concordances.py [FOLDER]

FOLDER has brown.csv (columns id, genre, text). About a minute.
"""

import argparse
import csv
import io
import math
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.text.concordance import Search, locate_tokens, read_page, search_text
from core.text.corpus import Corpus, build_corpus
from core.text.keywords import PRIOR_TOKENS, weigh_by_label
from core.text.opened import open_text
from core.text.originals import find_spans, read_passage
from core.text.reading.documents import Document
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions, cut_phrase

MOST_SECONDS = 0.2
OCCURRENCES = 1_000
WRITTEN = 40
"""So many documents are written as HTML, and as PDF."""
AROUND = 60
SOFT_HYPHEN = "\u00ad"
SEARCHES = ("bank", "natio*", "united states", "the * of", "t?e", "*tion of the", "wom?n", "the", "* *ly *ed", "*a*e*")
WAYS = (CorpusOptions(), CorpusOptions(tokeniser="nltk"), CorpusOptions(tokeniser="whitespace"))


def read_brown(folder: Path) -> list[Document]:
    csv.field_size_limit(1 << 30)
    with (folder / "brown.csv").open(encoding="utf-8", newline="") as file:
        return [Document(row["id"], row["text"], row["genre"]) for row in csv.DictReader(file)]


def read_as(shown: str, token: str) -> bool:
    """Whether what is shown is that token, written in capitals or not."""
    return unicodedata.normalize("NFC", shown).lower() == token or (token in ("``", "''") and shown == '"')


def write_html(document: Document) -> bytes:
    """A page with marks within words, soft hyphens in long ones, entities, and what nobody reads."""
    chance, words = random.Random(document.name), []
    for word in document.text.split(" "):
        cut, kind = len(word) // 2, chance.random()
        left, right = escape(word[:cut]), escape(word[cut:])
        if kind < 0.1:
            words.append(f"<b>{left}</b>{right}")
        elif kind < 0.2 and len(word) > 8 and word.isalpha():
            words.append(f"{left}&shy;{right}")
        elif kind < 0.25:
            words.append(f"<!-- a note --><span class='x'>{left}{right}</span>")
        else:
            words.append("".join(f"&#{ord(letter)};" if chance.random() < 0.02 else escape(letter) for letter in word))
    script = "<script>var word = 'the';</script><style>p { color: red }</style>"
    paragraphs = "</p>\n<p>".join(" ".join(words[place : place + 90]) for place in range(0, len(words), 90))
    page = f"<html><head><meta charset='utf-8'><title>a</title>{script}</head><body><p>{paragraphs}</p></body></html>"
    return page.encode()


def write_pdf(document: Document) -> bytes:
    """Pages of lines of equal width below a running head, with their numbers."""
    from reportlab.lib.enums import TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    def draw_head(canvas: object, page: object) -> None:
        canvas.drawString(72, 800, "A collection of documents")  # type: ignore[attr-defined]
        canvas.drawString(300, 30, str(page.page))  # type: ignore[attr-defined]

    target = io.BytesIO()
    made = BaseDocTemplate(target, pagesize=A4)
    made.addPageTemplates(PageTemplate(frames=[Frame(72, 72, 450, 700)], onPage=draw_head))
    style = ParagraphStyle("body", alignment=TA_JUSTIFY, spaceAfter=8)
    words = document.text.split()
    paragraphs = [" ".join(words[place : place + 120]) for place in range(0, len(words), 120)]
    made.build([Paragraph(escape(each), style) for each in paragraphs])
    return target.getvalue()


def count_unlike_lines(documents: list[Document], write: Callable[[Document], bytes], ending: str) -> int:
    """Of `OCCURRENCES` lines of what was written and uploaded those that are not in the document that was written."""
    written = {each.name: each for each in documents[:: len(documents) // WRITTEN][:WRITTEN]}
    text = open_text([Upload(f"{name}.{ending}", write(each)) for name, each in written.items()])
    read = {each.name.removesuffix(f".{ending}"): each for each in text.reading.documents}
    assert set(read) == set(written), set(read) ^ set(written)
    corpus, names = text.corpus, [each.removesuffix(f".{ending}") for each in text.corpus.document_names]
    rng, wrong = np.random.default_rng(1), 0
    for position in rng.choice(corpus.n_tokens, OCCURRENCES, replace=False).tolist():
        number = int(np.searchsorted(corpus.document_starts, position, side="right")) - 1
        words = [corpus.words[token] for token in corpus.document(number).tolist()]
        row = position - int(corpus.document_starts[number])
        document = read[names[number]]
        spans = find_spans(document, words, corpus.options)
        if spans is None:
            wrong += 1
            continue
        begin, end = spans[row].tolist()
        # A soft hyphen is shown as it was written, which is not at all within a line.
        shown = document.text[begin:end].replace(SOFT_HYPHEN, "")
        line = "".join(document.text[max(0, begin - AROUND) : end + AROUND].replace(SOFT_HYPHEN, "").split())
        is_right = read_as(shown, words[row]) and line in "".join(written[names[number]].text.split())
        wrong += not is_right
    print(f"{ending}: {corpus.n_tokens:,} tokens; wrong lines: {wrong} of {OCCURRENCES:,}")
    return wrong


def count_wrong_lines(corpus: Corpus, documents: list[Document]) -> int:
    """Of `OCCURRENCES` random tokens those whose line shows something else, or something else before it."""
    rng, spans, wrong = np.random.default_rng(1), {}, 0
    for position in rng.choice(corpus.n_tokens, OCCURRENCES, replace=False).tolist():
        number = int(np.searchsorted(corpus.document_starts, position, side="right")) - 1
        words = [corpus.words[token] for token in corpus.document(number).tolist()]
        if number not in spans:
            spans[number] = find_spans(documents[number], words, corpus.options)
        row = position - int(corpus.document_starts[number])
        if spans[number] is None:
            wrong += 1
            continue
        passage = read_passage(documents[number], spans[number][row].tolist())
        before = [] if corpus.options.tokeniser == "nltk" else cut_phrase(passage.before, corpus.options)[-3:]
        is_right = read_as(passage.word, words[row]) and before == words[max(0, row - len(before)) : row]
        wrong += not is_right
    return wrong


def time_searches(corpus: Corpus) -> float:
    """Seconds that the slowest takes; prints all."""
    slowest = 0.0
    for sought in SEARCHES:
        began = time.perf_counter()
        found = search_text(corpus, Search(sought, typed=True, order="right"))
        seconds = time.perf_counter() - began
        shown = read_page(corpus, found)
        assert all(locate_tokens(corpus, each)[1] == each.place - 1 for each in shown)
        slowest = max(slowest, seconds)
        print(f"    {sought:16} {found.total:7,} times in {1000 * seconds:4.0f} ms, sorted by what follows")
    return slowest


def largest_difference(corpus: Corpus) -> float:
    """Between the z of every key word cell and the formula, counted and computed word by word."""
    counts: dict[str, Counter[int]] = {}
    for number, label in enumerate(corpus.labels):
        counts.setdefault(str(label), Counter()).update(corpus.document(number).tolist())
    everything = sum(counts.values(), Counter())
    n, largest = sum(everything.values()), 0.0
    found = weigh_by_label(corpus)
    assert found.words == corpus.words
    for group, label in enumerate(found.groups):
        own = counts[label]
        size = sum(own.values())
        for cell in range(int(found.starts[group]), int(found.starts[group + 1])):
            word = int(found.rows[cell])
            y, x = own[word], everything[word] - own[word]
            a = PRIOR_TOKENS * everything[word] / n
            here = math.log(y + a) - math.log(size + PRIOR_TOKENS - y - a)
            there = math.log(x + a) - math.log(n - size + PRIOR_TOKENS - x - a)
            z = (here - there) / math.sqrt(1 / (y + a) + 1 / (x + a))
            largest = max(largest, abs(z - float(found.z[cell])))
    return largest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("vectors"))
    documents = read_brown(parser.parse_args().folder)
    ok = True
    for options in WAYS:
        corpus = build_corpus(documents, options)
        print(f"{options.tokeniser}: {corpus.n_tokens:,} tokens, {len(corpus.words):,} words")
        wrong, slowest = count_wrong_lines(corpus, documents), time_searches(corpus)
        print(f"  wrong lines: {wrong} of {OCCURRENCES:,}; slowest search {slowest:.2f} s")
        ok &= wrong == 0 and slowest < MOST_SECONDS
    for write, ending in ((write_html, "html"), (write_pdf, "pdf")):
        ok &= count_unlike_lines(documents, write, ending) == 0
    difference = largest_difference(build_corpus(documents))
    print(f"key words: largest difference of z from the formula {difference:.1e}")
    ok &= difference < 1e-6
    print("ok" if ok else "FAILED")
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
