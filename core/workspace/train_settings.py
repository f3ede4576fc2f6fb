"""From what the Train page's form holds to the configurations of models."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.config import TrainConfig, default_config
from core.methods import METHODS, usual_strategies
from core.text.corpus import Corpus
from core.workspace.workspace import TrainForm


def configure(strategy: str, values: Mapping[str, Any], corpus: Corpus, seeds: int = 1) -> list[TrainConfig]:
    """The form's values of the settings that `strategy` reads, the usual ones of the others: one for each seed.

    Raises:
        TrainingError: a value is out of its range.
    """
    method = METHODS[strategy]
    given = {name: values.get(name, values.get(f"{name}_{method.pace}")) for name in method.reads}
    changes = {name: value for name, value in given.items() if value not in (None, "usual")}
    first = default_config(strategy, corpus.n_tokens, **changes)
    return [dataclasses.replace(first, seed=first.seed + extra) for extra in range(seeds if method.random else 1)]


def configs_of(form: TrainForm, corpus: Corpus, vector_size: int | None) -> list[TrainConfig]:
    """What the form would make if it were drawn for this text now: the ticked models, the usual ones before that.

    Args:
        vector_size: of the chosen vectors; None where there are none, and models that need them are left out.

    Raises:
        TrainingError: a value is out of its range.
    """
    values = form.values if vector_size is None else {**form.values, "vector_size": vector_size}
    ticked = usual_strategies() if form.strategies is None else form.strategies
    by_gensim = values.get("engine") == "gensim"
    configs: list[TrainConfig] = []
    for strategy, method in METHODS.items():
        possible = (method.gensim_can or not by_gensim) and (vector_size is not None or not method.needs_vectors)
        if strategy in ticked and possible:
            configs += configure(strategy, values, corpus, int(values.get("seeds") or 1))
    return configs
