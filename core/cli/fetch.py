"""`fetch`: published vectors into the vectors folder, ready to be used."""

import argparse
from pathlib import Path

from core.cli.printing import LineProgress, print_result
from core.pretrained.catalogue import download_vectors
from core.pretrained.files import list_vector_files
from core.pretrained.index import build_index
from core.progress import portion


def run_fetch(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    progress = LineProgress(options.name)
    path = Path(download_vectors(portion(progress, 0, 0.8), options.name))
    if options.index:
        for file in list_vector_files(path.parent):
            if file.path == path and not file.problem:
                build_index(portion(progress, 0.8, 1), file.path, file.member)
    print_result({"vectors": str(path)}, options.json)
