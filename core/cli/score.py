"""`score`: the scorecard of the models in a folder; their inputs are read again and must be the same."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from core.cli.folders import FolderDescription, read_folder
from core.cli.printing import LineProgress, print_result
from core.config import SEED, TrainConfig
from core.errors import EvaluationError, RunError, UserError
from core.methods import UNTOUCHED
from core.models.runs import keep_corpus, keep_pretrained
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, portion, silent
from core.score.as_json import as_json
from core.score.bootstrap import Estimate
from core.score.findings import WORTH, write_bands
from core.score.scorecard import Scorecard
from core.score.store import (
    ScoreRequest,
    first_to_judge,
    keep_pairs,
    load_score,
    model_key,
    plain_pretrained,
    score_models,
)
from core.score.tables import class_rows
from core.score.verdict import judge, title
from core.score.word_pairs import read_word_pairs
from core.system.files import write_json, writing_to
from core.text.corpus import Corpus
from core.text.reading.apart import read_apart
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import read_files
from core.workspace.texts import open_uploads

_READ = 0.1  # share of the work


def run_score(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.seed is not None:
        SEED.check("seed", options.seed, EvaluationError)
    card = score_trained(
        options.folder,
        chosen=options.chosen,
        reference=options.reference,
        seed=options.seed,
        pairs=options.pairs,
        progress=LineProgress("score"),
    )
    result = as_json(card)
    with writing_to(options.folder / "score.json", "a folder that may be written"):
        write_json(options.folder / "score.json", result)
    if options.json:
        print_result(result, True)
    else:
        print(scorecard_lines(card))


def score_trained(
    folder: Path,
    *,
    chosen: str | None = None,
    reference: str | None = None,
    seed: int | None = None,
    pairs: Sequence[Path] = (),
    progress: Progress = silent,
) -> Scorecard:
    """Score the models that `train` put into `folder`.

    Args:
        chosen: model that the verdict is about; by default the first in the order of `Method.judged`.
        reference: model to compare with; by default "pretrained", which is added when it is not in the folder, or
            another model where there are no pretrained vectors.
        seed: of splits and draws; by default that of the chosen model.
        pairs: files of the user's own word pairs.

    Raises:
        RunError: the folder has no models, or their text or vectors are gone or no longer the same.
        EvaluationError: there is nothing to compare, or nothing can be asked.
        TrainingError: a model cannot be made of a part of the text.
    """
    about = read_folder(folder)
    if not about.text:
        raise RunError(
            f"{folder} holds a study, with a text for each model, and a scorecard is of models of one text. Train "
            "models of one of its texts, then score those: python -m core train --text FILE --strategy tied …"
        )
    configs = {name: run.config for name, run in about.runs.items()}
    corpus = _open_corpus(about, portion(progress, 0, _READ / 2))
    pretrained = _open_vectors(about, corpus, portion(progress, _READ / 2, _READ))
    chosen = _choose(configs, chosen, reference)
    rows_folder = None if pretrained is None else keep_pretrained(pretrained, corpus)
    reference = reference or _default_reference(configs, chosen, rows_folder)
    if reference == UNTOUCHED and UNTOUCHED not in configs:
        if rows_folder is None:
            raise EvaluationError(
                f"The models in {folder} were trained without pretrained vectors, so there are none to compare with. "
                f"Name another --reference: {', '.join(name for name in configs if name != chosen)}."
            )
        configs[UNTOUCHED] = plain_pretrained(rows_folder, configs[chosen])
    if reference not in configs:
        raise RunError(f"There is no model {reference} in {folder}. It has: {', '.join(configs)}.")
    if reference == chosen:
        raise EvaluationError(f"{chosen} would be compared with itself. Name another --chosen or --reference.")
    request = ScoreRequest(
        corpus_folder=keep_corpus(corpus),
        rows_folder=rows_folder,
        configs=tuple(configs.items()),
        chosen=chosen,
        reference=reference,
        seed=configs[chosen].seed if seed is None else seed,
        pairs=tuple(_keep_list(path, corpus) for path in pairs),
    )
    identity = score_models(portion(progress, _READ, 1), request)
    return load_score(identity, {model_key(config): name for name, config in configs.items()})


def _open_corpus(about: FolderDescription, progress: Progress) -> Corpus:
    tokenising = about.tokenising or next(iter(about.runs.values())).inputs.corpus.options
    files, reading = read_files(about.text), about.reading or ReadOptions()
    corpus = open_uploads(files, reading, tokenising, progress, read=read_apart).corpus
    for name, run in about.runs.items():
        if run.inputs.corpus.digest != corpus.digest:
            raise RunError(
                f"The text {', '.join(map(str, about.text))} is not what {name} was trained on: it was "
                "changed, or is cut into words differently by this version. Restore it, or train the models again."
            )
    return corpus


def _open_vectors(about: FolderDescription, corpus: Corpus, progress: Progress) -> PretrainedVectors | None:
    path = about.vectors
    if path is None:
        return None
    if not path.exists():
        raise RunError(f"The vectors file {path} is gone. Put it back, or train the models again.")
    pretrained = open_pretrained(path, corpus.words, member=about.member, progress=progress)
    for name, run in about.runs.items():
        used = run.inputs.pretrained
        if used is not None and used.digest != pretrained.digest:
            raise RunError(
                f"The vectors file {path} is not what {name} was trained on: it was changed. Restore it, or train the "
                "models again."
            )
    return pretrained


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}. Put it back, or check the path.") from error


def _keep_list(path: Path, corpus: Corpus) -> str:
    return keep_pairs(read_word_pairs(_read(path), path.name, lowercase=corpus.options.lowercase))


def _choose(configs: dict[str, TrainConfig], chosen: str | None, reference: str | None) -> str:
    if chosen is not None and chosen not in configs:
        raise RunError(f"There is no model {chosen} to judge. There are: {', '.join(configs)}.")
    candidates = {name: config for name, config in configs.items() if name != reference} or configs
    return chosen or first_to_judge(candidates)


def _default_reference(configs: dict[str, TrainConfig], chosen: str, rows_folder: Path | None) -> str:
    if rows_folder is not None and configs[chosen].strategy != UNTOUCHED:
        return UNTOUCHED
    others = [name for name in configs if name != chosen]
    if not others:
        raise EvaluationError(f"{chosen} is the only model. Train another one to compare it with.")
    return others[0]


def scorecard_lines(card: Scorecard) -> str:
    """The scorecard as lines of text: the verdict first."""
    verdict = judge(card)
    lines = [verdict.headline, *verdict.beside, *(f"- {caveat}" for caveat in verdict.caveats), ""]
    lines.append(f"{'model':34} {'beaten':>7} {'gain, points':>13} {'likely between':>16} {'WordSim':>8} {'SimLex':>7}")
    for model in card.models:
        human = [model.pairs[name].correlation for name in ("wordsim353", "simlex999")]
        wordsim, simlex = ("–" if math.isnan(each) else f"{each:.2f}" for each in human)
        interval = "reference" if model.name == card.reference else _interval(model.delta)
        lines.append(
            f"{title(model)[:34]:34} {100 * model.cloze.value:5.1f} % {100 * model.delta.value:+z13.1f} "
            f"{interval:>16} {wordsim:>8} {simlex:>7}"
        )
    if card.placebo is not None:
        cloze, delta = card.placebo.cloze.value, card.placebo.delta
        lines.append(
            f"{'placebo: the same on shuffled text':34} {100 * cloze:5.1f} % {100 * delta.value:+z13.1f} "
            f"{_interval(delta):>16}"
        )
    expected = write_bands(card)
    if expected:
        lines += ["", "Where to expect gain", expected]
    lines += _label_lines(card)
    lines += ["", "What to do next", *(f"- {each}" for each in verdict.advice)]
    lines += ["", "How this was computed", *(f"- {each}" for each in (WORTH, *verdict.method))]
    return "\n".join(lines)


def _label_lines(card: Scorecard) -> list[str]:
    rows = class_rows(card)
    if not rows:
        return []
    lines = [
        "",
        f"{'documents under their own label':46} {'examples':>18} {'share':>7} {'gain':>6} {'likely between':>16}",
    ]
    for row in rows:
        gain = "–" if row["Gain"] is None else f"{row['Gain']:+z.1f}"
        lines.append(
            f"{row['Model'][:46]:46} {row['Examples']:>18} {row['Own label']:5.1f} % {gain:>6} "
            f"{row['Gain likely between']:>16}"
        )
    return lines


def _interval(delta: Estimate) -> str:
    return f"{100 * delta.low:+z.1f} to {100 * delta.high:+z.1f}"
