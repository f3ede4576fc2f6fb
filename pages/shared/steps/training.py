"""Asking for models: how long it will take, and the order itself."""

from collections.abc import Mapping, Sequence

from core.config import TrainConfig
from core.models.estimates import estimate_seconds
from core.models.runs import has_run
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import count, readable_seconds
from core.text.corpus import Corpus
from core.workspace.asked_runs import choose_sides, training_kind
from pages.shared import runs, scoring, session
from pages.shared.cached import server


def name_button(corpus: Corpus, vectors: PretrainedVectors | None, wanted: Mapping[str, TrainConfig]) -> str:
    """What training will take, as busy as the server is now."""
    label = f"Train {count('model', len(wanted))}"
    missing = [config for identity, config in wanted.items() if not has_run(identity)]
    if not missing:
        return f"{label} · there already" if wanted else label
    return f"{label} · about {readable_seconds(expect_end(corpus, vectors, missing))}"


def expect_end(corpus: Corpus, vectors: PretrainedVectors | None, configs: Sequence[TrainConfig]) -> float:
    """Seconds until the last of them would be made."""
    work = [(training_kind(config), estimate_seconds(corpus, config, vectors)) for config in configs]
    return server.training_jobs().expect_end(session.visitor(), work)


def start(corpus: Corpus, vectors: PretrainedVectors | None, wanted: dict[str, TrainConfig], scored: bool) -> None:
    """Ask for the models of the text in use that are not there yet, and remember all of them in the workspace.

    Args:
        scored: a scorecard of them is to follow.

    Raises:
        TrainingError: one of them does not fit into memory; none is started then.
        LimitError: there is no room for all of them in the queue or on the disk; likewise.
    """
    source = session.workspace().text
    assert source is not None
    asked = runs.order(source, corpus, vectors, wanted)
    left, right = choose_sides(wanted)
    session.update(left=left, right=right)
    if scored:
        scoring.submit_usual(asked[0].inputs)
