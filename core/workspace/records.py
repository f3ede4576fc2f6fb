"""What a workspace remembers of a run that was asked for: enough to make it, name it and show it."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.config import TrainConfig
from core.methods import METHODS
from core.models.estimates import estimate_seconds
from core.models.runs import find_run_id, keep_corpus, keep_pretrained
from core.pretrained.vectors import PretrainedVectors
from core.text.corpus import Corpus

_PATIENCE, _SHORTEST_LIMIT = 30, 300
"""A training is ended after so many times its estimate, and never before so many seconds."""


def make_records(
    corpus: Corpus, vectors: PretrainedVectors | None, wanted: Mapping[str, TrainConfig], source: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Records of the `wanted` runs (id -> settings), JSON values; keeps the inputs where a training process reads them.

    `source` says where the inputs came from: "upload", "reading", "tokenising", "vectors_path", "member".
    """
    corpus_folder = keep_corpus(corpus)
    rows_folder = None if vectors is None else keep_pretrained(vectors, corpus)
    return [
        {
            **source,
            "id": identity,
            "text": corpus.name,
            "asked": time.time(),
            "limit": _SHORTEST_LIMIT + _PATIENCE * estimate_seconds(corpus, config, vectors),
            "vectors": None if vectors is None else vectors.name,
            "corpus_folder": str(corpus_folder),
            "rows_folder": None if rows_folder is None else str(rows_folder),
            "config": config.as_dict(),
        }
        for identity, config in wanted.items()
    ]


def identify(
    corpus: Corpus,
    vectors: PretrainedVectors | None,
    configs: Sequence[TrainConfig],
    known: Sequence[Mapping[str, Any]] = (),
) -> dict[str, TrainConfig]:
    """Run id -> configuration of each chosen model; `known` are the workspace's records."""
    return {_named_before(corpus, config, known) or find_run_id(corpus, vectors, config): config for config in configs}


def _named_before(corpus: Corpus, config: TrainConfig, known: Sequence[Mapping[str, Any]]) -> str | None:
    """The id of the same model's record, where it needs no vectors.

    Earlier versions named it by the vectors file that was chosen then; it is the same whatever is chosen now.
    """
    if METHODS[config.strategy].needs_vectors:
        return None
    same = (
        record
        for record in known
        if Path(record["corpus_folder"]).name == corpus.digest and TrainConfig(**record["config"]) == config
    )
    return next((record["id"] for record in same), None)


def inputs(record: Mapping[str, Any]) -> tuple[Path, Path | None]:
    """Folders of the text and of the pretrained rows that a run was made from."""
    rows = record["rows_folder"]
    return Path(record["corpus_folder"]), None if rows is None else Path(rows)


def choose_sides(wanted: Mapping[str, TrainConfig]) -> dict[str, Any]:
    """Which two to compare: the best opponent on the left, what the user came for on the right."""
    best: dict[str, str] = {}
    for identity, config in wanted.items():
        method = METHODS[config.strategy]
        if method.side and (
            method.side not in best or method.judged <= METHODS[wanted[best[method.side]].strategy].judged
        ):
            best[method.side] = identity
    sides = [best[side] for side in ("left", "right") if side in best]
    order = [*sides, *(identity for identity in wanted if identity not in sides)]
    return {"left": order[0], "right": order[1] if len(order) > 1 else None}
