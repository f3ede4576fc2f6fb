"""The models of this workspace: names that tell them apart, which are finished, and new ones that are asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.config import TrainConfig
from core.methods import METHODS
from core.models.estimates import check_fits, estimate_stored_bytes
from core.models.runs import has_run, is_whole, train_run
from core.pretrained.vectors import PretrainedVectors
from core.system.jobs.outcomes import INTERRUPTED
from core.text.corpus import Corpus
from core.workspace.asked_runs import Run, make_runs, training_kind
from core.workspace.room import check_kept
from core.workspace.texts import TextChoice
from pages.shared import cached, session


def names(asked: Sequence[Run]) -> dict[str, str]:
    """Run id -> what to call it: its strategy, and where several have one, the settings in which they differ."""
    named: dict[str, str] = {}
    for run in asked:
        if run.title:
            named[run.id] = run.title
            continue
        method, settings = METHODS[run.config.strategy], run.config.as_dict()
        twins = [other for other in asked if other.config.strategy == run.config.strategy]
        read = [key for key in settings if key in method.reads]  # another one changes nothing about it
        differing = [key for key in read if len({str(getattr(twin.config, key)) for twin in twins}) > 1]
        differing.sort(key=lambda key: key != "seed")  # first, where a narrow column still shows it
        parts = [_name_setting(key, settings[key]) for key in differing]
        inputs = ("text", "vectors") if method.needs_vectors else ("text",)
        parts += [str(getattr(run, key)) for key in inputs if len({getattr(twin, key) for twin in twins}) > 1]
        named[run.id] = f"{method.name} ({', '.join(parts)})" if parts else method.name
    seen: dict[str, int] = {}
    for identity, name in named.items():
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            named[identity] = f"{name} #{seen[name]}"
    return named


def _name_setting(key: str, value: Any) -> str:
    if key == "dose":
        return "automatic dose" if value is None else f"dose {value:.3f}"
    if key == "dosed":
        return "with a dose" if value else "without a dose"
    return f"{key} {value}"


def finished() -> list[Run]:
    """The workspace's runs that are in the store, whole."""
    return [run for run in session.workspace().runs if is_whole(run.id)]


def find_problems(asked: Sequence[Run]) -> dict[str, str]:
    """Run id -> what kept it from being made, by this server or by the one before it; nothing of mere interruptions."""
    jobs = cached.training_jobs()
    tried = {run.id: status for run in asked if not has_run(run.id) and (status := jobs.status(run.id))}
    unknown = [run.id for run in asked if run.id not in tried and not has_run(run.id)]
    found = jobs.last_problems(unknown, session.visitor())
    before = {run: problem for run, problem in found.items() if problem != INTERRUPTED}
    now = {run: status.error or "it failed." for run, status in tried.items() if status.state == "failed"}
    return {**before, **now}


def are_active() -> bool:
    """Whether one of the workspace's runs is being made, or waits for it."""
    jobs = cached.training_jobs()
    return any((status := jobs.status(run.id)) and status.active for run in session.workspace().runs)


def order(
    source: TextChoice, corpus: Corpus, vectors: PretrainedVectors | None, wanted: Mapping[str, TrainConfig]
) -> tuple[Run, ...]:
    """Start those of the `wanted` models (id -> settings) that are not there yet, and put all first in the list.

    Args:
        source: what the text is and how it is read.
        corpus: what it became.
        vectors: the chosen file's rows for it.

    Raises:
        TrainingError: one of them does not fit into memory; none is started then.
        LimitError: there is no room for all of them in the queue or on the disk; likewise.
    """
    for config in wanted.values():
        check_fits(corpus, config, vectors)
    workspace, missing = session.workspace(), [config for run, config in wanted.items() if not has_run(run)]
    cached.training_jobs().check_room(session.visitor(), len(missing))
    check_kept(session.visitor(), workspace, sum(estimate_stored_bytes(corpus, config) for config in missing))
    asked = make_runs(corpus, vectors, wanted, source=source, vectors_path=workspace.vectors, member=workspace.member)
    for run in asked:
        if not has_run(run.id):
            submit(run)
    session.update(runs=(*asked, *(run for run in workspace.runs if run.id not in wanted)))
    return asked


def submit(run: Run) -> None:
    """Have a model made; whoever asks for the same joins."""
    jobs = cached.training_jobs()
    jobs.forget(run.id)
    jobs.submit(
        run.id,
        METHODS[run.config.strategy].name,
        train_run,
        *run.inputs,
        run.config,
        run.id,
        watcher=session.visitor(),
        kind=training_kind(run.config),
        seconds=run.seconds,
        limit=run.limit,
    )
