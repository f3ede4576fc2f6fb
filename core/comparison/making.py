"""In what two models were made differently, apart from their texts: that alone moves words."""

from dataclasses import asdict

from core.methods import METHODS, UNTOUCHED
from core.models.embedding import Embedding
from core.text.tokens.tokenisers import without_place

_NO_DIFFERENCE = ("seed", "dose", "engine")
"""Settings that a retraining changes as well, or that is chosen for each text anew."""


def describe_differences(left: Embedding, right: Embedding) -> tuple[str, ...]:
    """What differs in how two models were made; () where nothing does but text, seed and dose.

    The vectors file itself and a model that started from it are not made in different ways: one is where the other
    began, which is what a comparison with the file is about.
    """
    strategies = [model.config.strategy for model in (left, right)]
    files = [model.sources.pretrained.digest if model.sources.pretrained else None for model in (left, right)]
    cutting = [asdict(without_place(model.sources.corpus.options)) for model in (left, right)]
    cut = ("how the texts were cut into words",) if cutting[0] != cutting[1] else ()
    if UNTOUCHED in strategies and files[0] == files[1]:
        return cut
    found = []
    if strategies[0] != strategies[1]:
        found.append(" and ".join(METHODS[strategy].name for strategy in strategies))
    else:
        settings = [model.config.as_dict() for model in (left, right)]
        for key in METHODS[strategies[0]].reads:
            values = [each[key] for each in settings]
            if key not in _NO_DIFFERENCE and values[0] != values[1]:
                found.append(f"{key} {values[0]} and {values[1]}")
    if all(files) and files[0] != files[1]:
        found.append("different vectors files")
    return (*found, *cut)
