"""What a scorecard is asked about where nothing else is chosen: which models of a text, which is judged, against which.

The page Did it help? offers it and may change it; after a training it is asked for by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.config import TrainConfig
from core.methods import METHODS, UNTOUCHED
from core.score.store import ScoreRequest, first_to_judge, model_key, plain_pretrained
from core.workspace.asked_runs import Run
from core.workspace.workspace import ScoreForm

PLAIN = "pretrained only"
"""Stands for the id of the pretrained vectors as they are, where no such model was made."""


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """Models of one text and one file of vectors, no two of the same settings: only these can be compared."""

    corpus_folder: Path
    rows_folder: Path | None
    runs: tuple[Run, ...]


def group_runs(runs: Sequence[Run]) -> list[ScoreGroup]:
    """Groups of `runs`, in their order. Models that need no vectors belong to every group of their text."""
    groups: dict[tuple[Path, Path | None], ScoreGroup] = {}
    for run in runs:
        same_text = [other for other in runs if other.corpus_folder == run.corpus_folder]
        if run.inputs in groups or (run.rows_folder is None and any(other.rows_folder for other in same_text)):
            continue
        members: dict[str, Run] = {}
        for other in same_text:
            if other.rows_folder == run.rows_folder or not METHODS[other.config.strategy].needs_vectors:
                members.setdefault(model_key(other.config), other)
        groups[run.inputs] = ScoreGroup(*run.inputs, tuple(members.values()))
    return list(groups.values())


def find_group(runs: Sequence[Run], inputs: tuple[Path, Path | None]) -> ScoreGroup | None:
    """The group of the models made of `inputs`, a text and pretrained rows; None where none was.

    Models that need no vectors are in one with rows where there is one.
    """
    groups = [group for group in group_runs(runs) if group.corpus_folder == inputs[0]]
    return next((group for group in groups if group.rows_folder == inputs[1]), groups[0] if groups else None)


def find_contenders(group: ScoreGroup, picked: Sequence[str]) -> dict[str, TrainConfig]:
    """Id -> settings of all that may be compared: the group's, and the pretrained vectors as they are.

    Args:
        picked: ids of the models to score; a vocabulary for the pretrained vectors is that of the first.

    Raises:
        RunError: the pretrained vectors are no longer in the cache folder.
    """
    configs = {run.id: run.config for run in group.runs}
    if group.rows_folder is not None and all(config.strategy != UNTOUCHED for config in configs.values()):
        configs[PLAIN] = plain_pretrained(group.rows_folder, configs[picked[0]])
    return configs


def usual_judged(configs: Mapping[str, TrainConfig], picked: Iterable[str]) -> str:
    """Id of the model that the verdict is about if nothing else is said, of those in `picked`."""
    return first_to_judge({identity: configs[identity] for identity in picked})


def usual_reference(configs: Mapping[str, TrainConfig], chosen: str) -> str:
    """Id of what `chosen` is compared with if nothing else is said: the pretrained vectors, else another model."""
    others = [identity for identity in configs if identity != chosen]
    return next((each for each in others if configs[each].strategy == UNTOUCHED), others[0])


def name_contenders(configs: Mapping[str, TrainConfig], titles: Mapping[str, str]) -> dict[str, str]:
    """Id -> title of each candidate; `titles` has those of the runs."""
    return {identity: titles.get(identity, METHODS[UNTOUCHED].name) for identity in configs}


def plan_score(group: ScoreGroup, titles: Mapping[str, str], form: ScoreForm) -> ScoreRequest | None:
    """What the page Did it help? asks for of `group` as its form stands; None where there is nothing to compare.

    Args:
        titles: of the group's models, by id.
        form: what was chosen on that page before.

    Raises:
        RunError: the pretrained vectors are no longer in the cache folder.
    """
    picked = [run.id for run in group.runs if run.id not in form.left_out]
    if not picked:
        return None
    configs = find_contenders(group, picked)
    if len(configs) < 2:
        return None
    chosen = form.chosen if form.chosen in picked else usual_judged(configs, picked)
    others = [identity for identity in configs if identity != chosen]
    reference = form.reference if form.reference in others else usual_reference(configs, chosen)
    seed = configs[chosen].seed if form.seed is None else form.seed
    pairs = () if form.pairs is None else (form.pairs,)
    return request_score(group, configs, name_contenders(configs, titles), picked, (chosen, reference), seed, pairs)


def request_score(
    group: ScoreGroup,
    configs: Mapping[str, TrainConfig],
    titles: Mapping[str, str],
    picked: Sequence[str],
    roles: tuple[str, str],
    seed: int,
    pairs: tuple[str, ...],
) -> ScoreRequest:
    """`picked` of the candidates `configs` scored, and the two in `roles`: the judged one and the reference."""
    scored = [identity for identity in configs if identity in {*picked, *roles}]
    chosen, reference = roles
    return ScoreRequest(
        corpus_folder=group.corpus_folder,
        rows_folder=group.rows_folder,
        configs=tuple((titles[identity], configs[identity]) for identity in scored),
        chosen=titles[chosen],
        reference=titles[reference],
        seed=seed,
        pairs=pairs,
    )
