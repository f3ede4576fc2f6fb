"""`demo`: everything that the built-in demo needs, computed once."""

import argparse

from core.cli.printing import LineProgress, print_result
from core.workspace.built_in_demo import prepare_demo


def run_demo(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    print_result({"demo": prepare_demo(LineProgress("demo"), score=not options.no_score)}, options.json)
