"""`sweep`: many settings tried on one part of a text, the best of them chosen on another and tested on a third."""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from core.cli.folders import FolderDescription, check_out, save_model, write_description
from core.cli.printing import LineProgress, interruptible, print_notes, print_result
from core.cli.texts import notes_on_reading, open_named_text, reading_of
from core.errors import CorpusError, RunError, TrainingError
from core.methods import METHODS
from core.models.embedding import Embedding
from core.models.runs import find_or_train, keep_corpus, keep_pretrained
from core.pretrained.files import find_vectors
from core.pretrained.notes import notes_on
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, portion
from core.prose.cells import one_line
from core.prose.numbers import write_share
from core.score.sweep.cost import check_memory, estimate_sweep, write_cost
from core.score.sweep.plan import (
    Setting,
    SweepPlan,
    SweptVectors,
    describe_values,
    find_varied,
    make_plan,
    setting_of_values,
)
from core.score.sweep.ranges import SettingValue, parse_range, parse_seeds
from core.score.sweep.record import SweepRecord
from core.score.sweep.search import SearchWay, check_search, search_settings
from core.score.sweep.spread import Workers, find_workers, require_workers
from core.system.cluster.address import find_scheduler
from core.system.files import writing_to
from core.system.typed_json import VERSION, as_values, read_record, write_record
from core.text.corpus import Corpus

_RESULT, _CHOSEN, _NOTES = "sweep.json", "chosen", "optuna.db"
_OPTIONS = ("epochs", "alpha", "window", "min_count")
_ADVICE = "or have Optuna pick some to try: --search optuna --trials 60"
_LISTED = 10
_TRIED = 0.95
"""Share of the work, of which the rest is the chosen setting trained on the whole text."""


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """The text, and the rows of each vectors file by the name that the plan knows it by."""

    corpus: Corpus
    files: dict[str, PretrainedVectors]


def run_sweep(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    options.text = [*options.text, *options.more_text]
    if not options.text:
        raise CorpusError("Name the text, before the options or with --text.")
    search = _read_search(options)
    strategies = _read_strategies(options)
    axes, seeds = _read_axes(options), parse_seeds(options.seeds)
    sizes = tuple(SweptVectors(name, 2) for name in _name_files(options))
    check_search(make_plan(strategies, axes, seeds, sizes), search, _ADVICE)  # before anything is read
    check_out(options.out, [_CHOSEN])
    _check_result(options.out / _RESULT)
    require_workers()  # nor anything, where nobody is there to do the work
    inputs = _open_inputs(options)
    files = tuple(SweptVectors(name, file.vector_size) for name, file in inputs.files.items())
    plan = make_plan(strategies, axes, seeds, files)
    workers = _find_workers(inputs)
    cost = estimate_sweep(inputs.corpus, plan, search, None if workers is None else workers.executor.places())
    print_notes([f"{write_cost(cost, len(seeds))}; what was trained before is taken from there"])
    check_memory(cost)
    try:
        with interruptible():
            record = _search(inputs, plan, search, workers, options, LineProgress("sweep"))
    except KeyboardInterrupt:
        print_notes(["stopped; finished models are kept, and the same command goes on from there"])
        raise
    if options.json:
        print_result({VERSION: record.version, **as_values(record)}, True)
    else:
        _print_sweep(record, options.out)


def _read_search(options: argparse.Namespace) -> SearchWay:
    if options.search == "grid":
        if options.trials is not None:
            raise TrainingError("--trials is how many settings Optuna picks. Add --search optuna, or leave it out.")
        return SearchWay()
    usual = SearchWay(kind="optuna", notes=options.out / _NOTES)
    return usual if options.trials is None else replace(usual, trials=options.trials)


def _read_strategies(options: argparse.Namespace) -> list[str]:
    named = [name.strip() for each in options.strategies for name in each.split(",") if name.strip()]
    usual = ["tied", "tuned"] if options.vectors else ["scratch", "counts"]
    unknown = [name for name in named if name not in METHODS]
    if unknown:
        raise TrainingError(f"There is no strategy called {unknown[0]}. Choose from: {', '.join(METHODS)}.")
    needing = [name for name in named if METHODS[name].needs_vectors]
    if needing and not options.vectors:
        raise TrainingError(f"The strategy {needing[0]} starts from pretrained vectors. Name a file with --vectors.")
    return named or usual


def _read_axes(options: argparse.Namespace) -> dict[str, tuple[SettingValue, ...]]:
    """The values of each setting that an option names."""
    given = [(name, getattr(options, name)) for name in _OPTIONS if getattr(options, name) is not None]
    for pair in options.set:
        key, found, text = pair.partition("=")
        if not found:
            raise TrainingError(f"--set {pair} has no =. Write KEY=RANGE, for example --set negative=5,10.")
        given.append((key, text))
    axes: dict[str, tuple[SettingValue, ...]] = {}
    for name, text in given:
        if name in axes:
            raise TrainingError(f"{name} is given twice. Leave one of the two out.")
        axes[name] = parse_range(name, text)
    return axes


def _name_files(options: argparse.Namespace) -> list[str]:
    if options.member is not None and len(options.vectors) > 1:
        raise TrainingError("--member names a file in one archive, and several --vectors are named. Unpack them first.")
    return list(dict.fromkeys(map(str, options.vectors)))


def _check_result(path: Path) -> None:
    """Refuse to replace a file that is no sweep.json."""
    try:
        read_record(path, SweepRecord)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise RunError(f"{path} exists and is not what a sweep wrote ({error}). Choose another --out.") from error


def _open_inputs(options: argparse.Namespace) -> _Inputs:
    text = open_named_text(options)
    print_notes(notes_on_reading(text, options))
    files = {}
    for name in _name_files(options):
        path = Path(name)
        found = find_vectors(path, options.member)
        files[name] = open_pretrained(path, text.corpus.words, member=options.member, progress=LineProgress())
        print_notes(notes_on(found, files[name], worth_telling=True))
    return _Inputs(text.corpus, files)


def _find_workers(inputs: _Inputs) -> Workers | None:
    """Those of a cluster, for whom the text and the vectors are kept in the store."""
    if find_scheduler() is None:
        return None
    rows = {name: keep_pretrained(file, inputs.corpus) for name, file in inputs.files.items()}
    return find_workers(keep_corpus(inputs.corpus), rows)


def _search(
    inputs: _Inputs,
    plan: SweepPlan,
    search: SearchWay,
    workers: Workers | None,
    options: argparse.Namespace,
    progress: Progress,
) -> SweepRecord:
    """SearchWay, keep DIR/sweep.json true meanwhile, and save the chosen setting, trained on the whole text."""

    def publish(record: SweepRecord) -> None:
        with writing_to(options.out, "another --out"):
            write_record(options.out / _RESULT, record)

    corpus, files = inputs.corpus, inputs.files
    crew = None if workers is None else workers.crew
    record = search_settings(corpus, files, plan, search, publish, portion(progress, 0, _TRIED), crew)
    assert record.chosen is not None
    setting = setting_of_values(plan, record.chosen.values, corpus.n_tokens)
    pretrained = None if setting.vectors is None else files[setting.vectors]
    report = portion(progress, _TRIED, 1, "the chosen setting, on the whole text: ")
    _save_chosen(options, corpus, setting, find_or_train(corpus, pretrained, setting.config, report))
    return record


def _save_chosen(options: argparse.Namespace, corpus: Corpus, setting: Setting, model: Embedding) -> None:
    """Write DIR/chosen, and DIR/run.json, as `train` would."""
    run = save_model(model, options.out / _CHOSEN)
    about = FolderDescription(
        text=tuple(path.resolve() for path in options.text),
        documents=reading_of(options).unit,
        reading=reading_of(options),
        tokenising=corpus.options,
        vectors=None if setting.vectors is None else Path(setting.vectors).resolve(),
        member=options.member if setting.vectors is not None else None,
        runs={_CHOSEN: run},
    )
    write_description(options.out, about)


def _print_sweep(record: SweepRecord, out: Path) -> None:
    print(one_line(record.sentence))
    names = find_varied(each.values for each in record.settings)
    ranked = sorted(record.settings, key=lambda each: -(each.development or 0.0))
    print(f"\n{'development':>11} {'seconds':>8}  setting")
    for tried in ranked[:_LISTED]:
        score = "–" if tried.development is None else write_share(tried.development)
        problem = f": {tried.problem}" if tried.problem else ""
        print(f"{score:>11} {tried.seconds:8.1f}  {one_line(describe_values(tried.values, names) + problem)}")
    more = len(ranked) - _LISTED
    if more > 0:
        print(f"and {more:,} more: {out / _RESULT} has them all")
    print(f"\n{out / _CHOSEN} is the chosen setting, trained on the whole text.")
