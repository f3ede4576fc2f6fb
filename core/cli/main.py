"""The command line: the same functions and numbers as the app.

Results go to stdout, progress to stderr. A `UserError` is one line on stderr and exit code 2; anything else is a
bug and shows as one.
"""

import argparse
import dataclasses
import math
import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from core.cli.recipes import Inputs
from core.config import NEEDS_PRETRAINED, SEED, STRATEGIES, TrainConfig, default_config
from core.errors import ComparisonError, EvaluationError, ExportError, RunError, TrainingError, UserError
from core.export.formats import FORMATS
from core.prose.numbers import write_share
from core.system.files import check_file, read_json, to_json, write_json, write_text, writing_to
from core.text.corpus import Corpus
from core.text.opened import open_text
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import read_files

if TYPE_CHECKING:
    from core.pretrained.vectors import PretrainedVectors


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:  # told by the command itself: argparse would have the main parser tell it
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        options.run(options)
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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    vectors = commands.add_parser("vectors", help="what a vectors file is, and its coverage of a text")
    vectors.add_argument("path", type=Path)
    vectors.add_argument("--member", help="the file inside a zip archive that holds several")
    _add_text(vectors, required=False)
    vectors.set_defaults(run=_vectors)

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
    train.add_argument("--strategy", nargs="+", action="extend", default=[], metavar="NAME", help=" ".join(STRATEGIES))
    train.add_argument("--seed", type=int)
    train.add_argument("--epochs", type=int)
    train.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="any other setting")
    train.add_argument("--out", type=Path, required=True)
    train.set_defaults(run=_train)

    compare = commands.add_parser("compare", help="neighbour overlap, change and maps of two models")
    compare.add_argument("folder", type=Path, metavar="DIR")
    compare.add_argument("--left", required=True, metavar="NAME")
    compare.add_argument("--right", required=True, metavar="NAME")
    compare.add_argument("--topn", type=int, default=10)
    compare.add_argument("--html", type=Path, help="write a page with the two maps")
    compare.set_defaults(run=_compare)

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
    export.set_defaults(run=_export)

    score = commands.add_parser("score", help="did it help? The scorecard and verdict of trained models")
    score.add_argument("folder", type=Path, metavar="DIR")
    score.add_argument("--reference", metavar="NAME", help="model to compare with (default: pretrained)")
    score.add_argument("--chosen", metavar="NAME", help="model to judge (default: tuned, or the nearest to it)")
    score.add_argument("--seed", type=int, help="of splits and draws (default: that of the judged model)")
    score.add_argument("--pairs", nargs="+", action="extend", default=[], type=Path, metavar="FILE",
                       help="your own word pairs: word, word, score on each line")  # fmt: skip
    score.set_defaults(run=_score)

    demo = commands.add_parser("demo", help="compute everything that the built-in demo needs")
    demo.add_argument("--no-score", action="store_true", help="leave the scorecard out, which takes longest")
    demo.set_defaults(run=_demo)

    for command in (vectors, train, compare, score, export, demo):
        command.add_argument("--json", action="store_true", help="machine-readable result")
        command.set_defaults(parser=command)
    return parser


def _add_text(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--text", nargs="+", action="extend", type=Path, required=required, metavar="FILE")
    parser.add_argument("--documents", choices=["auto", "file", "line", "paragraph"])
    parser.add_argument("--encoding", help="of all texts, where it is not found out")
    parser.add_argument("--column", metavar="NAME", help="of tables, the one with the texts")


def _vectors(options: argparse.Namespace) -> None:
    from core.pretrained.vectors import coverage, open_pretrained

    read = partial(open_pretrained, options.path, member=options.member, count_all=True, progress=_Progress("vectors"))
    if options.text:
        corpus = _read_text(options)
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
    _print(result, options.json)


def _train(options: argparse.Namespace) -> None:
    from core.cli.folders import check_out, save_model, write_record
    from core.models.training import train
    from core.pretrained.vectors import open_pretrained

    if options.source is not None:
        _train_again(options)
        return
    if not options.text or not options.strategy:
        raise TrainingError("Name the text with --text and what to make with --strategy, or a run.json with --from.")
    unknown = [name for name in options.strategy if name not in STRATEGIES]
    if unknown:
        raise TrainingError(f"There is no strategy called {unknown[0]}. Choose from: {', '.join(STRATEGIES)}.")
    check_out(options.out, options.strategy)
    _settings(options)
    corpus = _read_text(options)
    pretrained = None
    if options.vectors is not None:
        pretrained = open_pretrained(options.vectors, corpus.words, member=options.member, progress=_Progress())
    configs = _configs(options, corpus, pretrained)
    inputs = Inputs(tuple(options.text), _reading(options), options.vectors, options.member)
    records: dict[str, Any] = {}
    try:
        for name, config in configs.items():
            records[name] = save_model(train(corpus, config, pretrained, _Progress(name)), options.out / name)
    finally:  # what is finished counts, should a later one fail
        whole = write_record(options.out, records, inputs) if records else {}
    _print_models(whole, options)


def _configs(
    options: argparse.Namespace, corpus: Corpus, pretrained: "PretrainedVectors | None"
) -> dict[str, TrainConfig]:
    """The settings of each model to make, checked before the first one is made."""
    from core.models.training import check_training

    sized = {"vector_size": pretrained.vector_size} if pretrained is not None else {}
    changes = {**sized, **_settings(options)}
    configs = {name: default_config(name, corpus.n_tokens, **changes) for name in dict.fromkeys(options.strategy)}
    for name, config in configs.items():
        if name in NEEDS_PRETRAINED and pretrained is None:
            raise TrainingError(f"The strategy {name} starts from pretrained vectors. Name a file with --vectors.")
        if len(configs) > 1:  # a single one is checked by its training
            check_training(corpus, config, pretrained)
    return configs


def _train_again(options: argparse.Namespace) -> None:
    """`train --from`: the settings are run.json's, so no other may be given."""
    from core.cli.folders import check_out, save_model, write_record
    from core.cli.recipes import find_inputs, open_corpus, read_recipes, reproduce

    if options.strategy or options.set or options.seed is not None or options.epochs is not None:
        raise TrainingError(
            "With --from every setting is run.json's. Leave out --strategy, --set, --seed and --epochs."
        )
    recipes = read_recipes(options.source)
    check_out(options.out, list(recipes))
    chosen = _reading(options) if options.documents or options.encoding or options.column else None
    inputs = find_inputs(options.source, options.text or (), chosen, options.vectors, options.member)
    corpora: dict[str, Corpus] = {}
    records: dict[str, Any] = {}
    for name, recipe in recipes.items():
        digest = recipe.corpus["digest"]
        if digest not in corpora:
            corpora[digest], reading = open_corpus(recipe, inputs, _Progress("text"))
        embedding = reproduce(recipe, corpora[digest], inputs, _Progress(name))
        records[name] = save_model(embedding, options.out / name)
        if recipe.result is None:
            print(f"note: run.json does not say what {name} should come out as; nothing was checked", file=sys.stderr)
    _print_models(
        write_record(options.out, records, dataclasses.replace(inputs, reading=dataclasses.asdict(reading))), options
    )


def _print_models(whole: dict[str, Any], options: argparse.Namespace) -> None:
    runs = whole["runs"].items()
    _print(whole if options.json else {name: _summary(record) for name, record in runs}, options.json)


def _summary(record: dict[str, Any]) -> str:
    return (
        f"{record['vocabulary']:,} words, {record['covered']:,} of them in the pretrained file, "
        f"{record['config']['vector_size']} dimensions, {record['seconds']:.1f} s"
    )


def _compare(options: argparse.Namespace) -> None:
    from core.cli.folders import load_model
    from core.comparison.pair import compare
    from core.maps.figures import FRAME_NOTE, draw_pair, maps_page
    from core.maps.layout import LayoutSettings
    from core.maps.pair_layout import lay_out_pair

    if options.left == options.right:
        raise RunError(f"Both sides are {options.left}. Name two different models.")
    if options.topn < 1:
        raise ComparisonError(f"--topn is {options.topn}; it must be 1 or more. The usual value is 10.")
    if options.html is not None:
        check_file(options.html, "another --html")
    left, right = (load_model(options.folder, name) for name in (options.left, options.right))
    comparison = compare(left, right, options.topn, progress=_Progress())
    settings = LayoutSettings()
    shared = comparison.shared
    layout = lay_out_pair(left, right, shared, settings, progress=_Progress("maps"))
    coordinates = layout.left.at(left.details.get("dose")), layout.right.at(right.details.get("dose"))
    if options.html is not None:
        page = maps_page((options.left, options.right), draw_pair(left, right, comparison, settings), FRAME_NOTE)
        with writing_to(options.html, "another --html"):
            write_text(options.html, page)
    if options.json:
        result = {
            "left": options.left,
            "right": options.right,
            "topn": options.topn,
            "words": list(comparison.words),
            "layout": {"left": coordinates[0].tolist(), "right": coordinates[1].tolist()},
            "neighbour_overlap": _numbers(comparison.overlap),
            "change": _numbers(comparison.change),
            "residual": comparison.residual,
            "only_left": list(shared.only_left),
            "only_right": list(shared.only_right),
        }
        _print(result, True)
        return
    residual = f"{comparison.residual:.3f} (0 the same, 1 unrelated)"
    print(f"{len(comparison.words):,} shared words; residual of the alignment: {residual}")
    print(f"{'word':24} {'count':>8} {'overlap':>8} {'change':>8}   least overlap first, of the 1,000 most frequent")
    overlap, change = comparison.overlap, comparison.change
    for row in sorted(range(min(1000, len(overlap))), key=lambda row: (overlap[row], -change[row]))[:20]:
        count = left.counts[shared.left_rows[row]]
        print(f"{comparison.words[row]:24} {count:8,} {_number(overlap[row])} {_number(change[row])}")


def _export(options: argparse.Namespace) -> None:
    from core.cli.folders import load_model
    from core.export.formats import write_export
    from core.export.table import merged_table, own_table
    from core.pretrained.vectors import open_pretrained

    if options.format not in FORMATS:
        raise ExportError(f"There is no format called {options.format}. Choose from: {', '.join(FORMATS)}.")
    if not options.merged and (options.others or options.vectors or options.member):
        raise ExportError("--others, --vectors and --member are for --merged. Add --merged, or leave them out.")
    embedding = load_model(options.folder, options.name)
    if options.merged:
        path, member = _pretrained_file(options)
        file = open_pretrained(path, member=member, progress=_Progress("vectors"))
        table = merged_table(embedding, file, options.others)
    else:
        table = own_table(embedding)
    written = write_export(table, options.format, options.out, counts=options.counts, progress=_Progress("writing"))
    result = {
        "format": options.format,
        "files": [str(path) for path in written.files],
        "words": len(table),
        "vector_size": table.vector_size,
        "others": table.about.get("others"),
        "notes": list(written.notes),
    }
    if options.json:
        _print(result, True)
        return
    print(f"{len(table):,} words of {table.vector_size} dimensions in {', '.join(result['files'])}")
    for note in (*([result["others"]] if result["others"] else []), *written.notes):
        print(f"note: {note}", file=sys.stderr)


def _demo(options: argparse.Namespace) -> None:
    from core.workspace.built_in_demo import prepare_demo

    _print({"demo": prepare_demo(_Progress("demo"), score=not options.no_score)}, options.json)


def _pretrained_file(options: argparse.Namespace) -> tuple[Path, str | None]:
    """The file that was trained with: the one named now, else the one that DIR/run.json remembers."""
    if options.vectors is not None:
        return options.vectors, options.member
    whole = options.folder / "run.json"
    recorded = read_json(whole) if whole.exists() else {}
    if not recorded.get("vectors"):
        raise ExportError(f"{options.folder} does not say which pretrained file was used. Name it with --vectors.")
    return Path(recorded["vectors"]), recorded["member"]


def _score(options: argparse.Namespace) -> None:
    from core.cli.score import describe, score_folder
    from core.score.as_json import as_json

    if options.seed is not None:
        SEED.check("seed", options.seed, EvaluationError)
    card = score_folder(
        options.folder,
        chosen=options.chosen,
        reference=options.reference,
        seed=options.seed,
        pairs=options.pairs,
        progress=_Progress("score"),
    )
    result = as_json(card)
    with writing_to(options.folder / "score.json", "a folder that may be written"):
        write_json(options.folder / "score.json", result)
    if options.json:
        _print(result, True)
    else:
        print(describe(card))


def _number(value: float) -> str:
    return f"{'–' if math.isnan(value) else f'{value:.2f}':>8}"


def _numbers(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _read_text(options: argparse.Namespace) -> Corpus:
    text = open_text(read_files(options.text), ReadOptions(**_reading(options)), progress=_Progress("text"))
    for problem in text.reading.problems:
        print(f"note: {problem.file}: {problem.message}", file=sys.stderr)
    how = "as chosen" if options.encoding else "a guess (--encoding overrules it)"
    for name, sample in text.reading.samples.items():
        print(f"note: {name} was read as {text.reading.encodings[name]}, {how}: “{sample}”", file=sys.stderr)
    return text.corpus


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """What `ReadOptions` is to be made with."""
    chosen = {"encoding": options.encoding, "text_column": options.column}
    return {"unit": options.documents or "auto", **{key: value for key, value in chosen.items() if value is not None}}


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for pair in options.set:
        key, found, value = pair.partition("=")
        if not found:
            raise TrainingError(f"--set {pair} has no =. Write KEY=VALUE, for example --set window=8.")
        if key in changes or (key in ("seed", "epochs") and getattr(options, key) is not None):
            raise TrainingError(f"{key} is set twice. Leave one of the two out.")
        changes[key] = _parse(key, value)
    for key in ("seed", "epochs"):
        if getattr(options, key) is not None:
            changes[key] = getattr(options, key)
    return changes


def _parse(key: str, value: str) -> Any:
    defaults = {field.name: field.default for field in dataclasses.fields(TrainConfig)}
    if key not in defaults or key == "strategy":
        raise TrainingError(
            f"There is no setting called {key}. There are: {', '.join(sorted({*defaults} - {'strategy'}))}."
        )
    default = defaults[key]
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[value.lower()]
        if isinstance(default, int):
            return int(value)
        if isinstance(default, float) or default is None:
            return float(value)
    except (KeyError, ValueError) as error:
        kind = {bool: "true or false", int: "a whole number"}.get(type(default), "a number")
        wanted = kind if default is None else f"{kind}, like {str(default).lower()}"
        raise TrainingError(f"{key} is “{value}”; it must be {wanted}.") from error
    return value


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(to_json(result, sys.stdout.encoding or "utf-8"))
        return
    for key, value in result.items():
        print(f"{key}: {value}")


class _Progress:
    """Progress on stderr: a line a second at most."""

    def __init__(self, title: str = "") -> None:
        self._title = title
        self._last = time.monotonic()

    def __call__(self, fraction: float, message: str) -> None:
        if time.monotonic() - self._last > 1:
            self._last = time.monotonic()
            print(f"{self._title} {write_share(fraction, 0)} {message}".strip(), file=sys.stderr)
