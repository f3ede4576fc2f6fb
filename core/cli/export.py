"""`export`: a model written for other programs."""

import argparse
import sys
from pathlib import Path

from core.cli.folders import load_model, read_folder
from core.cli.printing import LineProgress, print_result
from core.errors import ExportError
from core.export.format_texts import FORMATS
from core.export.formats import write_export
from core.export.table import merged_table, own_table
from core.pretrained.vectors import open_pretrained
from core.system.files import check_file


def run_export(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.format not in FORMATS:
        raise ExportError(f"There is no format called {options.format}. Choose from: {', '.join(FORMATS)}.")
    if not options.merged and (options.others or options.vectors or options.member):
        raise ExportError("--others, --vectors and --member are for --merged. Add --merged, or leave them out.")
    check_file(options.out)
    embedding = load_model(options.folder, options.name)
    if options.merged:
        path, member = _pretrained_file(options)
        file = open_pretrained(path, member=member, progress=LineProgress("vectors"))
        table = merged_table(embedding, file, options.others)
    else:
        table = own_table(embedding)
    written = write_export(table, options.format, options.out, counts=options.counts, progress=LineProgress("writing"))
    result = {
        "format": options.format,
        "files": [str(path) for path in written.files],
        "words": len(table),
        "vector_size": table.vector_size,
        "others": table.about.others,
        "notes": list(written.notes),
    }
    if options.json:
        print_result(result, True)
        return
    print(f"{len(table):,} words of {table.vector_size} dimensions in {', '.join(result['files'])}")
    for note in (*([result["others"]] if result["others"] else []), *written.notes):
        print(f"note: {note}", file=sys.stderr)


def _pretrained_file(options: argparse.Namespace) -> tuple[Path, str | None]:
    """The file that was trained with: the one named now, else the one that DIR/run.json remembers."""
    if options.vectors is not None:
        return options.vectors, options.member
    recorded = read_folder(options.folder) if (options.folder / "run.json").exists() else None
    if recorded is None or recorded.vectors is None:
        raise ExportError(f"{options.folder} does not say which pretrained file was used. Name it with --vectors.")
    return recorded.vectors, recorded.member
