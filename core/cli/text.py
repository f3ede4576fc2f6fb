"""`text`: what was read of the files, and how it was cut into documents, sentences and words."""

import argparse
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from core.cli.advice import find_advice, say_advice
from core.cli.coverage import coverage_for, find_coverage, notes_on_coverage
from core.cli.printing import LineProgress, print_result
from core.cli.texts import notes_on_reading, open_named_text
from core.pretrained.catalogue import language_of_vectors, suggest_vectors
from core.pretrained.files import find_vectors
from core.pretrained.notes import notes_on
from core.pretrained.vectors import open_pretrained
from core.prose.cells import one_line
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.hints import find_hints, find_likelier_column
from core.text.languages import language_of
from core.text.opened import find_copies
from core.text.parts import find_years
from core.workspace.recommendation import recommend_line_ends, say_line_ends

_SHOWN = 5


def _foreign(corpus: Corpus) -> str | None:
    """The language where it is not English, of which most vectors are anyway."""
    language = language_of(corpus)
    return None if language == "English" else language


def run_text(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    file = None if options.vectors is None else find_vectors(options.vectors, options.member)
    text = open_named_text(options)
    text = replace(text, copies=find_copies(text.corpus, LineProgress("repeated documents")))
    notes = list(notes_on_reading(text, options))
    likelier = find_likelier_column(text)
    notes += [] if likelier is None else [f"{likelier[1]} To read that, use --column {likelier[0]}"]
    coverage: dict[str, Any] = {}
    if file is None:
        notes += [hint.text for hint in find_hints(text, None)]
        notes += filter(None, [suggest_vectors(_foreign(text.corpus), None)])
    else:
        vectors = open_pretrained(file.path, text.corpus.words, member=file.member, progress=LineProgress("vectors"))
        found = find_coverage(text.corpus, vectors)
        coverage = {"coverage": coverage_for(found, as_json=options.json)}
        advice = find_advice(text, file)
        reached = found.tokens if advice is None else advice.then
        notes += notes_on(file, vectors)
        notes += notes_on_coverage(found, reached)
        notes += [hint.text for hint in find_hints(text, found.tokens, None if advice is None else advice.then)]
        notes += say_advice(advice, text.corpus.options)
        notes += filter(None, [suggest_vectors(language_of(text.corpus), reached, language_of_vectors(file.name))])
        words = recommend_line_ends(text.reading.divided, file.path, file.member)
        notes += [f"{say_line_ends(words)} To do that, use --line-ends {' '.join(words)}"] if words else []
    corpus = text.corpus
    result: dict[str, Any] = {
        "documents": _documents(corpus) if options.json else _sum_up(corpus),
        "sentences": corpus.n_sentences,
        "tokens": corpus.n_tokens,
        "types": len(corpus.words),
        "encodings": dict(text.reading.encodings),
        "language": language_of(corpus),
        **coverage,
        "notes": notes,
    }
    if options.json:
        print_result({**result, **({"words": _words(corpus)} if options.words else {})}, True)
        return
    encodings = [f"{name} {encoding}" for name, encoding in text.reading.encodings.items()]
    shown = ", ".join(encodings[:_SHOWN]) + (f" and {len(encodings) - _SHOWN:,} more" if encodings[_SHOWN:] else "")
    for key in ("sentences", "tokens", "types"):
        result[key] = f"{result[key]:,}"
    print_result({**result, "encodings": shown or "none", "language": result["language"] or "unknown"}, False)
    for word, occurrences in _words(corpus) if options.words else ():
        print(f"{occurrences:>10,} {one_line(word)}")


def _documents(corpus: Corpus) -> list[dict[str, Any]]:
    lengths = np.diff(corpus.document_starts).tolist()
    about = zip(corpus.document_names, corpus.labels, find_years(corpus).tolist(), lengths, strict=True)
    return [
        {"name": name, "label": label, "year": year or None, "tokens": tokens} for name, label, year, tokens in about
    ]


def _words(corpus: Corpus) -> list[tuple[str, int]]:
    return list(zip(corpus.words, corpus.counts.tolist(), strict=True))


def _sum_up(corpus: Corpus) -> str:
    """How many documents there are, how long they are, their years and their labels."""
    lengths = np.diff(corpus.document_starts)
    shortest, longest = int(lengths.min()), int(lengths.max())
    said = f"{corpus.n_documents:,}, of {f'{shortest:,} to ' if shortest < longest else ''}{count('token', longest)}"
    years = find_years(corpus)
    years = years[years > 0]
    if 2 * len(years) > corpus.n_documents and years.min() < years.max():
        said += f"; {years.min()} to {years.max()}"
    labels = Counter(label for label in corpus.labels if label is not None).most_common()
    if not labels:
        return said
    shown = ", ".join(f"{label} {n:,}" for label, n in labels[:_SHOWN])
    more = f" and {len(labels) - _SHOWN:,} more" if labels[_SHOWN:] else ""
    return f"{said}; {count('label', len(labels))}: {shown}{more}"
