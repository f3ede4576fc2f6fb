"""`study`: several texts in a row, a model of each, which words changed from one to the next, and when."""

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.cli.folders import FolderDescription, TextPlace, check_out, save_model, write_description
from core.cli.printing import LineProgress, interruptible, print_notes, print_result
from core.cli.settings import check_read, read_settings
from core.cli.texts import notes_on_reading, open_named_text, reading_of
from core.comparison.study.models import Study, make_study
from core.comparison.study.record import StudyRecord, describe_study
from core.comparison.study.steps import Since, estimate_steps_seconds, leave_out_noise, measure_steps, pairs_of
from core.comparison.study.texts import MOST_TEXTS, StudyText, check_number, check_texts, study_config
from core.comparison.study.trajectories import find_trajectories
from core.config import TrainConfig
from core.errors import ComparisonError, CorpusError, TrainingError, UserError
from core.methods import METHODS
from core.models.training import check_training
from core.pretrained.files import find_vectors
from core.pretrained.notes import notes_on
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, portion
from core.prose.cells import one_line
from core.prose.numbers import count, readable_seconds
from core.system.files import writing_to
from core.system.typed_json import VERSION, as_values, write_record
from core.text.corpus import Corpus
from core.text.opened import propose_options, relabel_by
from core.text.part import LabelSource, Relabel
from core.text.parts import Cut, Grouping, choose_groups, find_years, group_documents, take_groups
from core.text.reading.apart import call_apart, read_apart
from core.text.reading.uploads import read_files

_RESULT = "study.json"
_LISTED, _EXAMPLES = 20, 3
_BOTH: tuple[Since, ...] = ("previous", "first")
_READ, _TRAINED, _ALIGNED = 0.05, 0.2, 0.25  # shares of the work
_UNUSABLE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, eq=False)
class _NamedText:
    """A text of the study, and where it is from."""

    name: str
    corpus: Corpus
    place: TextPlace


def run_study(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.from_first and options.noise == "none":
        raise ComparisonError("--from-first measures noise, and --noise none leaves it out. Leave out one of them.")
    if options.top is not None and options.top < 1:
        raise ComparisonError(f"--top is {options.top}; it must be 1 or more. Leave it out to list {_LISTED}.")
    if options.strategy not in METHODS:
        raise TrainingError(f"There is no strategy called {options.strategy}. Choose from: {', '.join(METHODS)}.")
    if METHODS[options.strategy].needs_vectors and options.vectors is None:
        raise TrainingError(
            f"The strategy {options.strategy} starts from pretrained vectors. Name a file with --vectors."
        )
    check_read([options.strategy], read_settings(options))
    try:
        with interruptible():
            record = _study(options, LineProgress("study"))
    except KeyboardInterrupt:
        print_notes(["stopped; finished models and measurements are kept, and the same command goes on from there"])
        raise
    if options.json:
        print_result({VERSION: record.version, **as_values(record)}, True)
    else:
        _print_study(record, options.top or _LISTED)


def _study(options: argparse.Namespace, progress: Progress) -> StudyRecord:
    named = _open_texts(options)
    texts = _with_vectors(named, options, portion(progress, 0, _READ))
    config = _choose_config(texts, options)
    print_notes(check_texts(texts, config.min_count))
    for text in texts:
        with _naming(text.name):
            check_training(text.corpus, config, text.pretrained)
    study = make_study(texts, config, portion(progress, _READ, _TRAINED))
    _save_models(study, named, options)
    trajectories = find_trajectories(study, portion(progress, _TRAINED, _ALIGNED))
    corpora = [text.corpus for text in texts]
    wanted: list[Since] = (
        [] if options.noise == "none" else ["previous", "first"] if options.from_first else ["previous"]
    )
    _announce(study, corpora, wanted)
    found = {since: leave_out_noise(study, since) for since in _BOTH}
    for number, since in enumerate(wanted):
        share = (1 - _ALIGNED) / len(wanted)
        begin = _ALIGNED + number * share
        found[since] = measure_steps(study, portion(progress, begin, begin + share), since)
    told = dict.fromkeys(step for since in wanted for step in found[since] if step.why_not)
    print_notes(dict.fromkeys(f"{step.left} to {step.right}: no noise. {step.why_not}" for step in told))
    tokens = [corpus.n_tokens for corpus in corpora]
    record = describe_study(study, tokens, trajectories, found["previous"], found["first"])
    with writing_to(options.out, "another --out"):
        write_record(options.out / _RESULT, record, indent=None)
    return record


def _open_texts(options: argparse.Namespace) -> list[_NamedText]:
    """The texts in their order, none of them read before all that is named was looked at.

    Raises:
        CorpusError: there are too few or too many, a name cannot be used, or a text cannot be read.
        RunError: models could not be saved under these names.
    """
    if options.split_by is not None:
        return _split_text(options)
    if options.dates is not None:
        raise CorpusError("--dates names a column for --split-by year. Add that, or leave it out.")
    if options.parts:
        raise CorpusError("--parts names parts of one text that --split-by cuts. Add --split-by, or leave it out.")
    named = [_read_pair(pair) for pair in options.text]
    _check_names([name for name, _ in named])
    advice = "Leave some out, or join some: NAME=FOLDER takes all files of a folder as one text."
    check_number([name for name, _ in named], advice)
    check_out(options.out, [name for name, _ in named], study=True)
    texts = []
    for name, path in named:
        with _naming(name):
            text = open_named_text(options, [path])
        print_notes(f"{name}: {note}" for note in notes_on_reading(text, options, [path]))
        texts.append(_NamedText(name, text.corpus, TextPlace((path.resolve(),))))
    return texts


def _read_pair(pair: str) -> tuple[str, Path]:
    name, found, path = pair.partition("=")
    if not found:
        stem = Path(pair).stem or "letters"
        raise CorpusError(
            f"--text {pair} has no name. Write NAME=PATH, for example {stem}={pair}; or cut one text into parts with "
            "--split-by."
        )
    if not path:
        raise CorpusError(f"--text {pair} has no path. Write NAME=PATH.")
    return name, Path(path)


def _check_names(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        problem = _find_problem(name)
        if problem:
            raise CorpusError(
                f"“{one_line(name)}” cannot be the name of a text, since its model goes into a folder of that name: "
                f"{problem}. Choose another one."
            )
        other = seen.setdefault(name.casefold(), name)
        if other != name or names.count(name) > 1:
            alike = "" if other == name else f", as “{other}” (on many systems these are one folder)"
            raise CorpusError(f"Two texts are called “{name}”{alike}. Give each a name of its own.")


def _find_problem(name: str) -> str:
    """Why no folder can be called so; "" where one can."""
    if not name.strip():
        return "it is empty"
    if name != name.strip() or name.startswith((".", "-")) or name.endswith("."):
        return "it begins or ends with a blank or a dot, or begins with a hyphen"
    if _UNUSABLE.search(name):
        return f"it has “{one_line(_UNUSABLE.findall(name)[0])}” in it"
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
        return f"it is longer than {_LONGEST_NAME} bytes"
    return "a file of that name lies there" if name.casefold() in ("run.json", _RESULT) else ""


def _split_text(options: argparse.Namespace) -> list[_NamedText]:
    """The parts of the one text that is named, by label or year."""
    if len(options.text) != 1:
        there = f"{len(options.text)} are named" if options.text else "none is named"
        raise CorpusError(f"--split-by cuts one text into parts, and {there}. Name one with --text, or leave it out.")
    pair = options.text[0]
    path = Path(pair) if "=" not in pair or Path(pair).exists() else _read_pair(pair)[1]
    cut = _read_cut(options)
    _guess_label(options, path, cut)
    text = open_named_text(options, [path])
    print_notes(notes_on_reading(text, options, [path]))
    relabel = relabel_by(read_files([path]), reading_of(options), text.corpus.document_names, read_apart)
    grouping = group_documents(text.corpus, cut, relabel)
    if options.parts:
        grouping = choose_groups(grouping, options.parts)
    check_number(
        grouping.names,
        f"Name up to {MOST_TEXTS} of them with --parts, in the order in which they are to be compared; or give the "
        "documents fewer, wider labels.",
    )
    print_notes(_notes_on_parts(text.corpus, grouping, cut, relabel))
    names = _name_folders(grouping.names)
    check_out(options.out, names, study=True)
    place = TextPlace.of((path.resolve(),), cut)
    parts = take_groups(text.corpus, grouping)
    return [_NamedText(name, part, place) for name, part in zip(names, parts, strict=True)]


def _read_cut(options: argparse.Namespace) -> Cut:
    """How `--split-by` and `--dates` say that the text is cut.

    Raises:
        CorpusError: they name a way twice, or a column that nothing would be looked for in.
    """
    by = tuple(options.split_by)
    if len(set(by)) < len(by):
        raise CorpusError(f"--split-by names {by[0]} twice. Name it once, or label and year.")
    if options.dates is not None and "year" not in by:
        raise CorpusError("--dates names a column for --split-by year. Add that, or leave it out.")
    return Cut(by, options.dates)


def _guess_label(options: argparse.Namespace, path: Path, cut: Cut) -> None:
    """Set `--label` to the piece of the file names that looks like labels, where they are asked for and not named."""
    if "label" not in cut.by or options.label is not None:
        return
    pattern = call_apart(propose_options, read_files([path])).label_pattern
    if pattern is not None:
        print_notes([f"The labels are {pattern} of the files' names, a guess (--label overrules it)."])
        options.label = pattern


def _notes_on_parts(corpus: Corpus, grouping: Grouping, cut: Cut, relabel: Relabel) -> Iterator[str]:
    sizes = zip(grouping.names, grouping.sizes, strict=True)
    parts = ", ".join(f"{name} ({count('document', size)})" for name, size in sizes)
    yield f"Parts by {' and '.join(cut.by)}: {parts}"
    if "year" in cut.by:
        if cut.dates is not None:
            corpus = replace(corpus, labels=tuple(relabel(LabelSource(column=cut.dates))))
        years = find_years(corpus)
        rows = np.flatnonzero(years > 0)[:_EXAMPLES].tolist()
        shown = "; ".join(
            f"“{corpus.labels[row] or ''} {corpus.document_names[row]}”".replace("“ ", "“") + f" is of {years[row]}"
            for row in rows
        )
        where = f"in the column “{cut.dates}”" if cut.dates is not None else "in a label"
        yield f"The year is the first one {where}, or else in a name, a guess: {shown}"
    if grouping.left_out:
        yield f"{count('document', grouping.left_out)} without one of these parts left out"


def _name_folders(labels: Sequence[str]) -> list[str]:
    """A name for the folder of each part: its label, with what a folder cannot have replaced by a hyphen."""
    names: list[str] = []
    for label in labels:
        plain = _UNUSABLE.sub("-", label).strip(" .-")
        plain = plain.encode("utf-8", "ignore")[: _LONGEST_NAME - 4].decode("utf-8", "ignore").strip(" .-") or "part"
        taken = {name.casefold() for name in names} | {"run.json", _RESULT}
        free = (plain if number == 1 else f"{plain} {number}" for number in range(1, len(labels) + 3))
        names.append(next(name for name in free if name.casefold() not in taken))
    return names


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """What is wrong with a text says whose fault it is."""
    try:
        yield
    except UserError as error:
        raise type(error)(f"“{name}”: {error}") from error


def _with_vectors(texts: Sequence[_NamedText], options: argparse.Namespace, progress: Progress) -> list[StudyText]:
    """Each text with the rows of its words; the vectors file is read once."""
    if options.vectors is None:
        return [StudyText(text.name, text.corpus) for text in texts]
    words = sorted(set().union(*(text.corpus.words for text in texts)))
    file = open_pretrained(options.vectors, words, member=options.member, progress=progress)
    print_notes(notes_on(find_vectors(options.vectors, options.member), file, worth_telling=True))
    return [StudyText(text.name, text.corpus, _only_rows(file, text.corpus)) for text in texts]


def _only_rows(file: PretrainedVectors, corpus: Corpus) -> PretrainedVectors:
    rows = np.sort(file.rows_for(corpus.words))
    rows = rows[rows >= 0]
    return replace(file, words=tuple(file.words[row] for row in rows.tolist()), vectors=file.vectors[rows])


def _choose_config(texts: Sequence[StudyText], options: argparse.Namespace) -> TrainConfig:
    pretrained = texts[0].pretrained
    sized = {} if pretrained is None else {"vector_size": pretrained.vector_size}
    changes = {"seed": 1, **sized, **read_settings(options)}
    return study_config(options.strategy, [text.corpus for text in texts], **changes)


def _save_models(study: Study, texts: Sequence[_NamedText], options: argparse.Namespace) -> None:
    """Write DIR/NAME/ of each model, and DIR/run.json; what an earlier study found of other models goes."""
    with writing_to(options.out, "another --out"):
        (options.out / _RESULT).unlink(missing_ok=True)
    runs = {
        text.name: save_model(model, options.out / text.name) for text, model in zip(texts, study.models, strict=True)
    }
    about = FolderDescription(
        text=(),
        documents=reading_of(options).unit,
        reading=reading_of(options),
        tokenising=texts[0].corpus.options,
        vectors=None if options.vectors is None else options.vectors.resolve(),
        member=options.member,
        runs=runs,
        texts={text.name: text.place for text in texts},
    )
    write_description(options.out, about)


def _announce(study: Study, corpora: Sequence[Corpus], wanted: Sequence[Since]) -> None:
    seconds = sum(estimate_steps_seconds(study, corpora, since) for since in wanted)
    if seconds:
        steps = count("step", len({pair for since in wanted for pair in pairs_of(study, since)}))
        print_notes([f"measuring the noise of {steps}, about {readable_seconds(seconds)}; kept, so this is done once"])


def _print_study(record: StudyRecord, listed: int) -> None:
    print(f"{'text':20} {'tokens':>10} {'documents':>9} {'dose':>5}")
    for text in record.texts:
        dose = "–" if text.dose is None else f"{text.dose:g}"
        print(f"{one_line(text.name):20} {text.tokens:10,} {text.documents:9,} {dose:>5}")
    print(f"\n{len(record.words):,} words are in all texts.")
    print(record.sentence)
    if record.moved:
        print(f"\n{'word':20} {'change':>6}   from … to")
    for word in record.moved[:listed]:
        also = f" (also: {', '.join(word.also)})" if word.also else ""
        print(f"{one_line(word.word):20} {word.change:6.2f}   {one_line(f'{word.since} … {word.when}{also}')}")
    first = [word.word for word in record.moved_from_first]
    if any(noise.kind != "none" for noise in record.noise_from_first):
        listed_first = ", ".join(map(one_line, first[:listed])) + (" …" if len(first) > listed else "")
        print(f"\nFarther from {one_line(record.texts[0].name)} than noise: {listed_first or 'no word'}")
    more = len(record.moved) - listed
    if more > 0:
        print(f"and {more:,} more: --top {len(record.moved)} or {_RESULT} has them all")
