"""A report on two runs: which is on the left, where their texts are kept, what the scorecard's models are called."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from core.methods import UNTOUCHED
from core.score.store import has_score, latest_cloze, model_key
from core.workspace.asked_runs import Run
from core.workspace.texts import has_text, opened_file
from core.workspace.workspace import ShownScore


def order_pair(first: Run, second: Run, left: str | None) -> tuple[Run, Run]:
    """The older one first: pretrained vectors as they are, then what was asked for earlier.

    Of one age, the one whose id is `left`.
    """

    def age(run: Run) -> tuple[bool, float, bool]:
        return run.config.strategy != UNTOUCHED, run.asked, run.id != left

    older, newer = sorted((first, second), key=age)
    return older, newer


def find_pair_score(
    shown: ShownScore | None, pair: Sequence[Run], runs: Sequence[Run], names: Mapping[str, str]
) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The scorecard that was shown last and (model_key, name) of its models; None where it is of another text.

    A scorecard knows its models by their settings alone. Another text's may have the same, and so may those that were
    made from another vectors file: those of this text count, first those that were scored, of these first the pair.

    Args:
        runs: those of the workspace.
        names: what to call each, by its id.
    """
    if shown is None or {run.corpus_folder.name for run in pair} != {shown.text} or not has_score(shown.identity):
        return None
    of_text = [run for run in runs if run.corpus_folder.name == shown.text]
    of_text.sort(key=lambda run: (latest_cloze(*run.inputs, run.config) is not None, run in pair))
    keys = {model_key(run.config): names[run.id] for run in of_text}  # the last of those with one key counts
    return shown.identity, tuple(sorted(keys.items()))


def kept_documents(run: Run) -> Path | None:
    """Where the first documents of its text are kept as they were read; None where they are not."""
    return opened_file(run.source.key) if run.source is not None and has_text(run.source) else None
