"""What models were made of and how, as a report tells it: settings, sources, versions, digests, works to cite."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from core.methods import ENGINE_NAMES, METHODS, Citation
from core.models.description import TextSource, VectorsSource
from core.models.embedding import Embedding, result_digest
from core.prose.citations import works_behind
from core.text.tokens.tokenisers import CorpusOptions, without_place


class Cell(NamedTuple):
    """What a table says of one model, and the digest that proves it where there is one."""

    text: str
    digest: str = ""


def tabulate_provenance(sides: Sequence[Embedding]) -> list[tuple[str, Sequence[Cell]]]:
    """What a reader needs to make the models again: what it is called, and a cell for each model."""
    settings = [side.config.as_dict() for side in sides]
    reads = [{"strategy", *METHODS[side.config.strategy].reads} - {"engine"} for side in sides]
    rows: list[tuple[str, Sequence[Cell]]] = [
        (key, [_setting(key, each[key] if key in own else "–") for each, own in zip(settings, reads, strict=True)])
        for key in settings[0]
        if any(key in own for own in reads)
    ]
    rows += [("trained by", [_trained_by(side) for side in sides])]
    rows += [
        ("kept dose", [_dose(side) for side in sides]),
        ("words", [Cell(f"{len(side.words):,}") for side in sides]),
        ("of them in the pretrained file", [Cell(f"{int(side.covered.sum()):,}") for side in sides]),
        ("text", [_source(side.sources.corpus) for side in sides]),
        ("how it was cut into tokens", [_options(_cutting(side.sources.corpus.options)) for side in sides]),
        ("pretrained vectors", [_source(side.sources.pretrained) for side in sides]),
        ("digest of the result", [Cell("", result_digest(side)) for side in sides]),
        ("versions", [_options(side.sources.versions) for side in sides]),
    ]
    return rows


def _setting(key: str, value: Any) -> Cell:
    """What is set; "–" where the model does not depend on it."""
    return Cell("chosen on held-out text" if key == "dose" and value is None else str(value))


def _trained_by(side: Embedding) -> Cell:
    engine = side.config.trained_by
    return Cell("nothing: it is not trained" if engine is None else ENGINE_NAMES[engine])


def _dose(side: Embedding) -> Cell:
    return Cell("" if side.dose is None else f"{side.dose:.3f}")


def _source(source: TextSource | VectorsSource | None) -> Cell:
    return Cell("none") if source is None else Cell(source.name, source.digest)


def _cutting(options: CorpusOptions) -> dict[str, Any]:
    return {key: value for key, value in asdict(without_place(options)).items() if key != "phrase_changed"}


def _options(options: Mapping[str, Any]) -> Cell:
    return Cell(", ".join(f"{key} {value}" for key, value in options.items() if value != ""))


def list_files(sides: Sequence[Embedding]) -> list[str]:
    """Names of the vectors files that went in."""
    files = (side.sources.pretrained for side in sides)
    return [file.name for file in files if file is not None]


def find_works(sides: Sequence[Embedding], scored: bool) -> tuple[Citation, ...]:
    """What to cite for these models; `scored`: and for a scorecard of them."""
    configs = [side.config for side in sides]
    engines = [config.trained_by for config in configs]
    strategies = [config.strategy for config in configs]
    spelled = any(side.details.get("turned_by_spelling") for side in sides)
    return works_behind(strategies, engines, files=list_files(sides), spelled=spelled, scored=scored)
