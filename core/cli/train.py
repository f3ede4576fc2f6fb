"""`train`: models made, or made again from a run.json; one folder for each."""

import argparse
import dataclasses
import sys
from collections.abc import Mapping

from core.cli.folders import FolderDescription, TextPlace, check_out, save_model, write_description
from core.cli.printing import LineProgress, print_notes, print_result
from core.cli.recipes import Inputs, find_inputs, open_corpus, read_recipes, reproduce
from core.cli.settings import check_read, read_settings
from core.cli.texts import (
    is_reading_chosen,
    is_tokenising_chosen,
    notes_on_reading,
    open_named_text,
    reading_of,
)
from core.config import TrainConfig, default_config
from core.errors import TrainingError
from core.methods import METHODS
from core.models.description import RunDescription
from core.models.training import check_training, train
from core.pretrained.files import find_vectors
from core.pretrained.notes import notes_on
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.system.typed_json import as_values
from core.text.corpus import Corpus
from core.text.hints import hints_on_words
from core.text.tokens.tokenisers import CorpusOptions


def run_train(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.source is not None:
        _train_again(options)
        return
    if not options.text or not options.strategy:
        raise TrainingError("Name the text with --text and what to make with --strategy, or a run.json with --from.")
    unknown = [name for name in options.strategy if name not in METHODS]
    if unknown:
        raise TrainingError(f"There is no strategy called {unknown[0]}. Choose from: {', '.join(METHODS)}.")
    check_out(options.out, options.strategy)
    check_read(options.strategy, read_settings(options))
    text = open_named_text(options)
    print_notes(notes_on_reading(text, options))
    corpus = text.corpus
    print_notes(hint.text for hint in hints_on_words(corpus))
    pretrained = None
    if options.vectors is not None:
        file = find_vectors(options.vectors, options.member)
        pretrained = open_pretrained(options.vectors, corpus.words, member=options.member, progress=LineProgress())
        print_notes(notes_on(file, pretrained, worth_telling=True))
    configs = _configs(options, corpus, pretrained)
    inputs = Inputs(tuple(options.text), reading_of(options), options.vectors, options.member)
    runs: dict[str, RunDescription] = {}
    try:
        for name, config in configs.items():
            runs[name] = save_model(train(corpus, config, pretrained, LineProgress(name)), options.out / name)
    finally:  # what is finished counts, should a later one fail
        if runs:
            about = _describe(inputs, corpus.options, runs)
            write_description(options.out, about)
    _print_models(about, options)


def _configs(
    options: argparse.Namespace, corpus: Corpus, pretrained: PretrainedVectors | None
) -> dict[str, TrainConfig]:
    """The settings of each model to make, checked before the first one is made."""
    sized = {"vector_size": pretrained.vector_size} if pretrained is not None else {}
    changes = {**sized, **read_settings(options)}
    configs = {name: default_config(name, corpus.n_tokens, **changes) for name in dict.fromkeys(options.strategy)}
    for name, config in configs.items():
        if METHODS[name].needs_vectors and pretrained is None:
            raise TrainingError(f"The strategy {name} starts from pretrained vectors. Name a file with --vectors.")
        if len(configs) > 1:  # a single one is checked by its training
            check_training(corpus, config, pretrained)
    return configs


def _train_again(options: argparse.Namespace) -> None:
    """`train --from`: the settings are run.json's, so no other may be given."""
    changed = options.strategy or options.set or options.seed is not None or options.epochs is not None
    if changed or is_tokenising_chosen(options):
        raise TrainingError(
            "With --from every setting is run.json's. Leave out --strategy, --set, --seed, --epochs, --read, "
            "--tokeniser and --keep-case."
        )
    recipes = read_recipes(options.source)
    chosen = reading_of(options) if is_reading_chosen(options) else None
    inputs = find_inputs(options.source, options.text or (), chosen, options.vectors, options.member)
    check_out(options.out, list(recipes), study=inputs.cut is not None)
    corpora: dict[str, Corpus] = {}
    runs: dict[str, RunDescription] = {}
    for name, recipe in recipes.items():
        digest = recipe.inputs.corpus.digest
        if digest not in corpora:
            corpora[digest], reading = open_corpus(recipe, inputs, LineProgress("text"))
        embedding = reproduce(recipe, corpora[digest], inputs, LineProgress(name))
        runs[name] = save_model(embedding, options.out / name)
        if recipe.result is None:
            print(f"note: run.json does not say what {name} should come out as; nothing was checked", file=sys.stderr)
    about = _describe(dataclasses.replace(inputs, reading=reading), corpora[digest].options, runs)
    write_description(options.out, about)
    _print_models(about, options)


def _describe(inputs: Inputs, tokenising: CorpusOptions, runs: Mapping[str, RunDescription]) -> FolderDescription:
    text = tuple(path.resolve() for path in inputs.text)
    return FolderDescription(
        text=() if inputs.cut else text,
        texts={name: TextPlace.of(text, inputs.cut) for name in runs} if inputs.cut else {},
        documents=inputs.reading.unit if inputs.reading else "auto",
        reading=inputs.reading,
        tokenising=tokenising,
        vectors=None if inputs.vectors is None else inputs.vectors.resolve(),
        member=inputs.member,
        runs=runs,
    )


def _print_models(about: FolderDescription, options: argparse.Namespace) -> None:
    models = {name: _summary(run) for name, run in about.runs.items()}
    print_result(as_values(about) if options.json else models, options.json)


def _summary(run: RunDescription) -> str:
    return (
        f"{run.vocabulary:,} words, {run.covered:,} of them in the pretrained file, "
        f"{run.config.vector_size} dimensions, {run.seconds:.1f} s"
    )
