"""What a model was made from and how: run.json, from which the same vectors can be made again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.config import TrainConfig
from core.system.typed_json import Record
from core.text.part import TextPart
from core.text.reading.documents import ReadOptions
from core.text.tokens.tokenisers import CorpusOptions


@dataclass(frozen=True, slots=True)
class TextSource:
    """A text that a model was made from: its name for people, its digest, and how it was cut into tokens.

    `whole`: digest of the text that this is a part or another order of, or both digests, with a space, where it was
    dealt out from two; "" for a text of its own.
    """

    name: str
    digest: str
    options: CorpusOptions = CorpusOptions()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class VectorsSource:
    """A file of pretrained vectors that a model was made from: its name for people, its digest, its kind."""

    name: str
    digest: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a model was made from, and what making it took.

    Attributes:
        corpus: the text.
        pretrained: the vectors file; None where it needed none.
        versions: of what can change the bits of a model.
        seconds: its training took.
        covered: how many of its words the vectors file has.
        vocabulary: how many words it has.
    """

    corpus: TextSource
    pretrained: VectorsSource | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    covered: int = 0
    vocabulary: int = 0


@dataclass(frozen=True, slots=True)
class RunInputs:
    """The "inputs" of run.json: as in `Sources`."""

    corpus: TextSource
    pretrained: VectorsSource | None


@dataclass(frozen=True, slots=True)
class RunDescription(Record):
    """A run.json. Others rely on its keys.

    Attributes:
        name: of the model.
        strategy, seed: those of `config`.
        config: its settings.
        inputs, versions, seconds, covered, vocabulary: as in `Sources`.
        details: what else training found out; JSON values.
        result: names the vectors to the last bit; None where an early version wrote it.
        reading: how the text was cut into documents, where that is known.
        part: which of these documents are the text; None for all.
    """

    name: str
    strategy: str
    seed: int
    config: TrainConfig
    inputs: RunInputs
    versions: Mapping[str, str]
    seconds: float = 0.0
    covered: int = 0
    vocabulary: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    result: str | None = None
    reading: ReadOptions | None = None
    part: TextPart | None = None

    @property
    def sources(self) -> Sources:
        inputs = self.inputs
        return Sources(inputs.corpus, inputs.pretrained, self.versions, self.seconds, self.covered, self.vocabulary)


def settle_dose(config: TrainConfig, details: Mapping[str, Any]) -> TrainConfig:
    """`config` with the dose that was chosen when the model was made, as its `details` say.

    The choice hangs on questions about held-out text, which other versions asked otherwise; the vectors do not hang on
    how their dose was chosen.
    """
    dose = details.get("dose")
    return replace(config, dose=dose) if config.has_open_dose and isinstance(dose, int | float) else config
