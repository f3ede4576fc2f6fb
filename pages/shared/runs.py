"""The models of this workspace: names that tell them apart, which are finished, and new ones that are asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.config import TrainConfig
from core.methods import METHODS
from core.models.estimates import check_fits, estimate_stored_bytes
from core.models.runs import has_run, is_whole, train_run
from core.pretrained.files import VectorFile
from core.pretrained.vectors import PretrainedVectors
from core.system.jobs.outcomes import INTERRUPTED
from core.text.corpus import Corpus
from core.text.reading.text_names import propose_name
from core.workspace.asked_runs import Run, make_runs, training_kind
from core.workspace.named_texts import list_texts
from core.workspace.room import check_kept
from core.workspace.texts import TextChoice
from pages.shared import session
from pages.shared.cached import server

_CUTS = {
    "lowercase": ("lower case", "as capitalised"),
    "fold_numbers": ("numbers as 0", "numbers as written"),
    "phrases": ("words joined", "no words joined"),
    "punctuation": ("with punctuation", "without punctuation"),
}
"""What tells two ways of cutting a text apart, by the options of `CorpusOptions` that are on or off."""


def names(asked: Sequence[Run], *, with_text: bool = True, text_first: bool = False) -> dict[str, str]:
    """Run id -> what to call it, no two alike: its strategy, and its text where the workspace has several.

    Where several of one text and strategy are left, the settings and inputs in which they differ follow.

    Args:
        with_text: False where all are of one text, which is named beside them.
        text_first: the text before the strategy, for where there is little room: of two texts it tells them apart.
    """
    texts = text_names(asked)
    several = with_text and len({*texts.values(), *(text.name for text in list_texts(session.workspace()))}) > 1
    named: dict[str, str] = {}
    for run in asked:
        method = METHODS[run.config.strategy]
        same = (method.name, texts[run.id])
        twins = [other for other in asked if (METHODS[other.config.strategy].name, texts[other.id]) == same]
        differing = _differing(run, twins)
        parts = (texts[run.id], method.short or method.name)
        name = " · ".join(parts if text_first else parts[::-1]) if several else method.name
        named[run.id] = run.title or (f"{name} ({', '.join(differing)})" if differing else name)
    seen: dict[str, int] = {}
    for identity, name in named.items():
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            named[identity] = f"{name} #{seen[name]}"
    return named


def text_names(asked: Sequence[Run]) -> dict[str, str]:
    """Run id -> what its text is called in this workspace; where it was removed there, what it was called then."""
    texts = {text.id: text.name for text in list_texts(session.workspace())}
    return {run.id: texts.get(run.source.id if run.source else "") or propose_name([run.text]) for run in asked}


def texts_of_pair(pair: tuple[Run, Run]) -> tuple[str, str]:
    """What to call the texts of a left and a right model: two names wherever these are two texts."""
    names = text_names(pair)
    left, right = (names[run.id] for run in pair)
    if left == right and pair[0].corpus_folder.name != pair[1].corpus_folder.name:
        return f"{left} (left)", f"{right} (right)"
    return left, right


def _differing(run: Run, twins: Sequence[Run]) -> list[str]:
    """In what a run differs from others of its text and strategy: settings, how the text was cut, the vectors file."""
    method, settings = METHODS[run.config.strategy], run.config.as_dict()
    read = [key for key in settings if key in method.reads]  # another one changes nothing about it
    keys = [key for key in read if len({str(getattr(twin.config, key)) for twin in twins}) > 1]
    keys.sort(key=lambda key: key != "seed")  # first, where a narrow column still shows it
    parts = [_name_setting(key, settings[key]) for key in keys]
    if run.source is not None:
        cut, others = run.source.tokenising, [twin.source.tokenising for twin in twins if twin.source is not None]
        for key, (yes, no) in _CUTS.items():
            if len({getattr(other, key) for other in others}) > 1:
                parts.append(yes if getattr(cut, key) else no)
    if method.needs_vectors and len({twin.vectors for twin in twins}) > 1:
        parts.append(str(run.vectors))
    return parts


def _name_setting(key: str, value: Any) -> str:
    if key == "dose":
        return "automatic dose" if value is None else f"dose {value:.3f}"
    if key == "dosed":
        return "with a dose" if value else "without a dose"
    if key == "spelled":
        return "new words by spelling too" if value else "new words by contexts alone"
    return f"{key} {value}"


def finished() -> list[Run]:
    """The workspace's runs that are in the store, whole."""
    return [run for run in session.workspace().runs if is_whole(run.id)]


def find_problems(asked: Sequence[Run]) -> dict[str, str]:
    """Run id -> what kept it from being made, by this server or by the one before it; nothing of mere interruptions."""
    jobs = server.training_jobs()
    tried = {run.id: status for run in asked if not has_run(run.id) and (status := jobs.status(run.id))}
    unknown = [run.id for run in asked if run.id not in tried and not has_run(run.id)]
    found = jobs.last_problems(unknown, session.visitor())
    before = {run: problem for run, problem in found.items() if problem != INTERRUPTED}
    now = {run: status.error or "it failed." for run, status in tried.items() if status.state == "failed"}
    return {**before, **now}


def are_active() -> bool:
    """Whether one of the workspace's runs is being made, or waits for it."""
    jobs = server.training_jobs()
    return any((status := jobs.status(run.id)) and status.active for run in session.workspace().runs)


def order(
    source: TextChoice,
    corpus: Corpus,
    vectors: PretrainedVectors | None,
    wanted: Mapping[str, TrainConfig],
    file: VectorFile | None = None,
) -> tuple[Run, ...]:
    """Start those of the `wanted` models (id -> settings) that are not there yet, and put all first in the list.

    Args:
        source: what the text is and how it is read.
        corpus: what it became.
        vectors: a vectors file's rows for it.
        file: that file; None for the one in use.

    Raises:
        TrainingError: one of them does not fit into memory; none is started then.
        LimitError: there is no room for all of them in the queue or on the disk; likewise.
    """
    for config in wanted.values():
        check_fits(corpus, config, vectors)
    workspace, missing = session.workspace(), [config for run, config in wanted.items() if not has_run(run)]
    server.training_jobs().check_room(session.visitor(), len(missing))
    check_kept(session.visitor(), workspace, sum(estimate_stored_bytes(corpus, config) for config in missing))
    path, member = (workspace.vectors, workspace.member) if file is None else (file.path, file.member)
    asked = make_runs(corpus, vectors, wanted, source=source, vectors_path=path, member=member)
    for run in asked:
        if not has_run(run.id):
            submit(run)
    session.update(runs=(*asked, *(run for run in workspace.runs if run.id not in wanted)))
    return asked


def submit(run: Run) -> None:
    """Have a model made; whoever asks for the same joins."""
    jobs = server.training_jobs()
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
