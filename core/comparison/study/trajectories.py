"""How far each word is from where it was in the first text, and in the text before."""

from dataclasses import dataclass

import numpy as np

from core.comparison.measurements import changes_of
from core.comparison.study.models import Study
from core.progress import Progress, silent
from core.system.threads import one_thread


@dataclass(frozen=True, slots=True, eq=False)
class Trajectories:
    """Changes of the words of a study, `Comparison.change` of two of its models each. Read-only.

    Attributes:
        from_first: float32 (texts - 1, words), from the first text to each later one.
        from_previous: float32 (texts - 1, words), from each text to the next.

    1 - cosine after the two models were aligned by all words that they share: 0 unmoved, 1 unrelated, up to 2; nan
    where a model has no direction for the word. Changes of a word do not add up: it may go and come back.
    """

    from_first: np.ndarray
    from_previous: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.from_first, self.from_previous):
            array.flags.writeable = False


@one_thread()
def find_trajectories(study: Study, progress: Progress = silent) -> Trajectories:
    """Trajectories of all words that all texts have.

    Raises:
        Cancelled: out of `progress`.
    """
    first, previous = [], []
    for number in range(1, len(study.models)):
        progress((number - 1) / (len(study.models) - 1), f"aligning {study.names[number]}")
        here, before = study.models[number], study.models[number - 1]
        previous.append(changes_of(study.words, before, here).change)
        first.append(previous[0] if number == 1 else changes_of(study.words, study.models[0], here).change)
    progress(1.0, "aligned")
    return Trajectories(np.stack(first), np.stack(previous))
