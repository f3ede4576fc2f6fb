"""Scoring in the background, asked for on the page Did it help? and by itself after a training; what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from core.score.scorecard import Scorecard
from core.score.splits import Effort, estimate_effort
from core.score.store import ScoreRequest, has_score, model_key, score_models
from core.score.verdict import Outcome
from core.system.jobs.job import JobStatus
from core.system.limits import MODELS_UNASKED
from core.workspace.asked_runs import Run
from core.workspace.room import check_retrainings
from core.workspace.scores.usual import ScoreGroup, find_contenders, find_group, group_runs, name_contenders, plan_score
from core.workspace.workspace import ShownScore
from pages.shared import runs, session
from pages.shared.cached import score_cache, server, text_cache

LOOKS: dict[Outcome, tuple[str, str]] = {
    "helped": ("green", ":material/trending_up:"),
    "hurt": ("red", ":material/trending_down:"),
    "no measurable difference": ("blue", ":material/trending_flat:"),
    "not enough text": ("orange", ":material/help:"),
}
"""Colour and icon of an answer."""
KIND = "scoring"
_PATIENCE = 6
"""Scoring is given up after so many times what the trainings of all its models may take."""


def key_of(identity: str) -> str:
    """Of the job that makes the scorecard `identity`."""
    return f"score {identity}"


def find_effort(request: ScoreRequest) -> Effort:
    """What it will take, by estimate."""
    configs = dict(request.configs)
    return estimate_effort(text_cache.corpus(request.corpus_folder), configs.values(), configs[request.chosen])


def find_limit(members: Sequence[Run]) -> float:
    """Seconds after which scoring `members` is given up."""
    return _PATIENCE * sum(run.limit for run in members)


def submit(request: ScoreRequest, limit: float) -> None:
    """Have it made; whoever asks for the same joins.

    Args:
        limit: seconds after which it is given up.

    Raises:
        LimitError: there is no room for it on the disk or in the queue.
    """
    corpus, effort, configs = text_cache.corpus(request.corpus_folder), find_effort(request), dict(request.configs)
    work = [(corpus, config, effort.most) for config in (*configs.values(), configs[request.chosen])]
    check_retrainings(session.visitor(), session.workspace(), work)  # the last one is the placebo
    jobs, key = server.training_jobs(), key_of(request.identity)
    jobs.forget(key)
    jobs.submit(
        key,
        f"Scoring {len(configs)} models",
        score_models,
        request,
        watcher=session.visitor(),
        kind=KIND,
        seconds=effort.likely_seconds,
        limit=limit,
    )


def submit_usual(inputs: tuple[Path, Path | None]) -> None:
    """Have all models of that text and those vectors scored, as the page Did it help? would.

    Nothing is scored where there is nothing to compare, nor where the models are more than a click trains unasked.

    Raises:
        LimitError: there is no room for it.
        RunError: the pretrained vectors are no longer in the cache folder.
    """
    group = find_group(session.workspace().runs, inputs)
    request = None if group is None or len(group.runs) > MODELS_UNASKED.value else _plan(group)
    if group is None or request is None:
        return
    if not has_score(request.identity):
        submit(request, find_limit(group.runs))
    shown = ShownScore(request.identity, request.corpus_folder.name)
    session.update(score=replace(session.workspace().score, shown=shown))


class Told(NamedTuple):
    """Whether it helped, as far as it is known: the scorecard, else what became of the job that makes it."""

    card: Scorecard | None
    key: str
    status: JobStatus | None


def find_told(run: Run) -> Told | None:
    """Of the models of the text and the vectors of `run`: the usual scorecard, else the one shown last.

    None where nothing can be asked of them.

    Raises:
        RunError: the stored scorecard is damaged, or the pretrained vectors are gone.
    """
    group = find_group(runs.finished(), run.inputs)
    if group is None:
        return None
    shown, planned = session.workspace().score.shown, _plan(group)
    identities = [] if planned is None else [planned.identity]
    # What was shown last may be of the same text with other vectors: then it says nothing of these models.
    if shown is not None and shown.text == run.corpus_folder.name and _is_alone(group):
        identities.append(shown.identity)
    for identity in identities:
        if has_score(identity):
            return Told(score_cache.scorecard(identity, _name_models(group)), key_of(identity), None)
        status = server.training_jobs().status(key_of(identity))
        if status is not None:
            return Told(None, key_of(identity), status)
    return Told(None, key_of(identities[-1]), None) if identities else None


def _is_alone(group: ScoreGroup) -> bool:
    """The text has no models with other vectors."""
    groups = group_runs(session.workspace().runs)
    return sum(other.corpus_folder == group.corpus_folder for other in groups) == 1


def _plan(group: ScoreGroup) -> ScoreRequest | None:
    return plan_score(group, runs.names(group.runs, with_text=False), session.workspace().score)


def _name_models(group: ScoreGroup) -> tuple[tuple[str, str], ...]:
    """(model_key, title) of all models that a scorecard of the group may have."""
    configs = find_contenders(group, [run.id for run in group.runs])
    titles = name_contenders(configs, runs.names(group.runs, with_text=False))
    return tuple(sorted((model_key(config), titles[identity]) for identity, config in configs.items()))
