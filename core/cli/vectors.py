"""`vectors`: what a vectors file is, and how much of a text it covers."""

import argparse
from functools import partial
from typing import Any

from core.cli.printing import LineProgress, print_result
from core.cli.texts import open_named_text
from core.pretrained.vectors import coverage, open_pretrained
from core.prose.numbers import write_share


def run_vectors(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    read = partial(
        open_pretrained, options.path, member=options.member, count_all=True, progress=LineProgress("vectors")
    )
    if options.text:
        corpus = open_named_text(options)
        file = read(corpus.words)
        found = coverage(corpus.words, corpus.counts, file)
        shares = {"types": found.types, "tokens": found.tokens}
        said = f"{write_share(found.types)} of the text's words, {write_share(found.tokens)} of its tokens"
        covered: dict[str, Any] = {"coverage": shares if options.json else said}
    else:
        file = read(())
        covered = {}
    told = "; ".join(f"{reason}: {count:,}" for reason, count in file.reasons.items()) or "none"
    reasons: Any = dict(file.reasons) if options.json else told
    result = {
        "name": file.name,
        "kind": file.kind,
        "vector_size": file.vector_size,
        "vocabulary": file.vocabulary,
        "skipped_rows": file.skipped_rows,
        "duplicates": file.duplicates,
        "reasons": reasons,
        **covered,
    }
    print_result(result, options.json)
