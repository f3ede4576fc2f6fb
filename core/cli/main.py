"""The command line: the same functions and numbers as the app.

Results go to stdout, progress to stderr. A `UserError` is one line on stderr and exit code 2; anything else is a
bug and shows as one.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from core.errors import UserError
from core.export.formats import FORMATS
from core.methods import METHODS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:  # told by the command itself: argparse would have the main parser tell it
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        module = import_module(f"core.cli.{options.command}")
        getattr(module, f"run_{options.command}")(options)
        sys.stdout.flush()
    except UserError as error:
        print(_error_line(str(error)), file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the result has enough of it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what Python would write at its end
        return 1
    return 0


def _error_line(message: str) -> str:
    return f"error: {' '.join(message.split())}"


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, as with any other mistake of the user."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{_error_line(message)} (see {self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m core", description="Vectune on the command line.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    vectors = commands.add_parser("vectors", help="what a vectors file is, and its coverage of a text")
    vectors.add_argument("path", type=Path)
    vectors.add_argument("--member", help="the file inside a zip archive that holds several")
    _add_text(vectors, required=False)

    train = commands.add_parser("train", help="make models; one folder for each below --out")
    train.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="RUN.JSON",
        help="make what it describes again, bit for bit; --text and --vectors where its inputs have moved",
    )
    _add_text(train, required=False)
    train.add_argument("--vectors", type=Path, help="pretrained vectors")
    train.add_argument("--member", help="the file inside a zip archive that holds several")
    train.add_argument("--strategy", nargs="+", action="extend", default=[], metavar="NAME", help=" ".join(METHODS))
    train.add_argument("--seed", type=int)
    train.add_argument("--epochs", type=int)
    train.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="any other setting")
    train.add_argument("--out", type=Path, required=True)

    compare = commands.add_parser("compare", help="neighbour overlap, change and maps of two models")
    compare.add_argument("folder", type=Path, metavar="DIR")
    compare.add_argument("--left", required=True, metavar="NAME")
    compare.add_argument("--right", required=True, metavar="NAME")
    compare.add_argument("--topn", type=int, default=10)
    compare.add_argument("--html", type=Path, help="write a page with the two maps")

    export = commands.add_parser("export", help="write a model for other programs")
    export.add_argument("folder", type=Path, metavar="DIR")
    export.add_argument("name", metavar="NAME")
    export.add_argument("--format", required=True, metavar="FORMAT", help=" ".join(FORMATS))
    export.add_argument("--out", type=Path, required=True, metavar="PATH")
    export.add_argument(
        "--counts",
        action=argparse.BooleanOptionalAction,
        help="how often each word occurs; beside word2vec and GloVe files as PATH.vocab",
    )
    export.add_argument("--merged", action="store_true", help="with all other words of the pretrained file")
    export.add_argument(
        "--others", choices=["untouched", "moved"], help="what --merged does to them; the usual is what fits the model"
    )
    export.add_argument("--vectors", type=Path, help="the pretrained file, where it is no longer where it was")
    export.add_argument("--member", help="the file inside a zip archive that holds several")

    score = commands.add_parser("score", help="did it help? The scorecard and verdict of trained models")
    score.add_argument("folder", type=Path, metavar="DIR")
    score.add_argument("--reference", metavar="NAME", help="model to compare with (default: pretrained)")
    score.add_argument("--chosen", metavar="NAME", help="model to judge (default: tuned, or the nearest to it)")
    score.add_argument("--seed", type=int, help="of splits and draws (default: that of the judged model)")
    score.add_argument("--pairs", nargs="+", action="extend", default=[], type=Path, metavar="FILE",
                       help="your own word pairs: word, word, score on each line")  # fmt: skip

    demo = commands.add_parser("demo", help="compute everything that the built-in demo needs")
    demo.add_argument("--no-score", action="store_true", help="leave the scorecard out, which takes longest")

    for command in (vectors, train, compare, score, export, demo):
        command.add_argument("--json", action="store_true", help="machine-readable result")
        command.set_defaults(parser=command)
    return parser


def _add_text(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--text", nargs="+", action="extend", type=Path, required=required, metavar="FILE")
    parser.add_argument("--documents", choices=["auto", "file", "line", "paragraph"])
    parser.add_argument("--encoding", help="of all texts, where it is not found out")
    parser.add_argument("--column", metavar="NAME", help="of tables, the one with the texts")
