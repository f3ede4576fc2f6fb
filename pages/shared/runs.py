"""The models of this workspace that are finished, and names that tell them apart."""

from collections.abc import Sequence
from typing import Any

from core.methods import METHODS
from core.models.runs import has_run, is_whole
from core.system.jobs.outcomes import INTERRUPTED
from core.workspace.asked_runs import Run
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
