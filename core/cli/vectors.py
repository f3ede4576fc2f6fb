"""`vectors`: what a vectors file is, and how much of a text it covers."""

import argparse
from functools import partial
from typing import Any

from core.cli.advice import find_advice, say_advice
from core.cli.coverage import coverage_for, find_coverage, notes_on_coverage
from core.cli.printing import LineProgress, print_notes, print_result
from core.cli.texts import notes_on_reading, open_named_text
from core.pretrained.catalogue import language_of_vectors, suggest_vectors
from core.pretrained.files import find_vectors
from core.pretrained.notes import notes_on
from core.pretrained.vectors import open_pretrained
from core.text.hints import hints_on_fit
from core.text.languages import language_of


def run_vectors(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    read = partial(
        open_pretrained, options.path, member=options.member, count_all=True, progress=LineProgress("vectors")
    )
    covered: dict[str, Any] = {}
    on_coverage: tuple[str, ...] = ()
    if options.text:
        text = open_named_text(options)
        print_notes(notes_on_reading(text, options))
        file = read(text.corpus.words)
        found = find_coverage(text.corpus, file)
        covered = {"coverage": coverage_for(found, as_json=options.json)}
        advice = find_advice(text, find_vectors(options.path, options.member))
        hints = hints_on_fit(text.corpus, found.tokens, None if advice is None else advice.then)
        reached = found.tokens if advice is None else advice.then
        on_coverage = (
            *notes_on_coverage(found, reached),
            *(hint.text for hint in hints),
            *say_advice(advice, text.corpus.options),
            *filter(None, [suggest_vectors(language_of(text.corpus), reached, language_of_vectors(options.path.name))]),
        )
    else:
        file = read(())
    told = "; ".join(f"{reason}: {count:,}" for reason, count in file.reasons.items()) or "none"
    result = {
        "name": file.name,
        "kind": file.kind,
        "vector_size": file.vector_size,
        "vocabulary": file.vocabulary,
        "skipped_rows": file.skipped_rows,
        "duplicates": file.duplicates,
        "reasons": dict(file.reasons) if options.json else told,
        **covered,
        "notes": [*notes_on(find_vectors(options.path, options.member), file), *on_coverage],
    }
    print_result(result, options.json)
