"""Every setting a model can have: its range, its default, and the frozen configuration that names a run.

`Range` is in `st.slider`'s argument order, so one constant feeds the form and validates the configuration.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from core.errors import TrainingError, UserError
from core.methods import METHODS, Engine, Pace, check_strategy

Algorithm = Literal["skip-gram", "cbow"]
Context = Literal["document", "sentence"]

LARGE_TEXT_TOKENS = 200_000
"""Above this many tokens half the epochs do (docs/science.md, section 16)."""


class Range(NamedTuple):
    """Allowed values of a setting, ends included, in `st.slider`'s argument order."""

    minimum: float
    maximum: float
    default: float

    def check(self, name: str, value: float, error: type[UserError] = TrainingError) -> None:
        """Raise `error` unless `value` lies in the range."""
        if not self.minimum <= value <= self.maximum:  # also refuses nan
            raise error(
                f"{name} is {_plain(value)}; it must lie between {_plain(self.minimum)} and {_plain(self.maximum)}. "
                f"The usual value is {_plain(self.default)}."
            )


def _plain(value: float) -> str:
    """A number as people write it: whole ones with all of their digits."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else f"{value:g}"


VECTOR_SIZE = Range(2, 1000, 100)
WINDOW = Range(1, 50, 5)
MIN_COUNT = Range(1, 1000, 2)
MIN_COUNT_BY_TOKENS = ((250_000, 5), (2_000_000, 10))
"""From so many tokens on, so many times: a large text loses nothing by it and has half as many vectors."""
NEGATIVE = Range(1, 50, 5)
EPOCHS_SCRATCH = Range(1, 200, 20)
EPOCHS_TUNED = Range(1, 200, 10)
EPOCHS_TIED = Range(1, 200, 5)
ALPHA = Range(0.0001, 1.0, 0.025)
ALPHA_TUNED = Range(0.0001, 1.0, 0.05)
ALPHA_TIED = Range(0.0001, 1.0, 0.01)
EPOCHS_BY_PACE: dict[Pace, Range] = {"scratch": EPOCHS_SCRATCH, "tuned": EPOCHS_TUNED, "tied": EPOCHS_TIED}
ALPHA_BY_PACE: dict[Pace, Range] = {"scratch": ALPHA, "tuned": ALPHA_TUNED, "tied": ALPHA_TIED}
SAMPLE = Range(0.0, 1.0, 0.001)
SEED = Range(0, 2**31 - 1, 1)
SEEDS = Range(1, 20, 1)
DOSE = Range(0.0, 1.0, 0.5)
PULL = Range(0.0, 1.0, 0.1)
TAU = Range(0.0, 10_000.0, 20.0)
BLEND = Range(0.0, 1.0, 0.7)
LOCKF = Range(0.0, 1.0, 1.0)
MAP_NEIGHBOURS = Range(2, 200, 15)
MAP_MIN_DIST = Range(0.0, 0.99, 0.1)
MAP_EPOCHS = Range(10, 1000, 200)

_RANGES: dict[str, Range] = {
    "vector_size": VECTOR_SIZE,
    "window": WINDOW,
    "min_count": MIN_COUNT,
    "negative": NEGATIVE,
    "epochs": EPOCHS_SCRATCH,
    "alpha": ALPHA,
    "sample": SAMPLE,
    "seed": SEED,
    "pull": PULL,
    "tau": TAU,
    "blend": BLEND,
    "lockf": LOCKF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """How one model is made. Hashable; with the digests of its inputs it names a run.

    Args:
        strategy: how the model is made, one of `methods.METHODS`.
        vector_size: values per vector; strategies that use pretrained vectors take the file's.
        window: context words on each side.
        min_count: rarer words are left out of the vocabulary.
        negative: noise words drawn per training word.
        epochs: passes over the text, in one `train()` call.
        alpha: initial learning rate; it falls to 0.0001 (or stays, if lower).
        algorithm: skip-gram or CBOW.
        sample: down-sampling threshold of frequent words, 0 for none.
        seed: of every random choice.
        context: whether a window may cross the end of a sentence ("document") or not ("sentence").
        dose: share of the change that is kept, 0 to 1; None chooses it on held-out text ("tied", "tuned", and with
            `dosed` "pullback" and "blend").
        pull: share of the way back to the pretrained vector after each epoch ("pullback").
        tau: count at which a word may move half as far ("protect").
        blend: weight of the counting method's vectors ("blend"); with `dosed` that of frequent words at dose 1.
        lockf: how far training may move a word that the file has, 0 frozen to 1 free ("classic").
        as_published: "classic" only: add the whole pretrained vocabulary, as the recipe does.
        engine: what trains it: Vectune's own code, or gensim. Records older than the choice name none: gensim.
        dosed: "pullback" and "blend" have a dose. Records older than that name none: all of the change, and for "blend"
            the same weight for every word.
        spelled: words that the file lacks start where words that are spelled like them put them too, not their contexts
            alone. Records older than that name none: contexts alone.

    Raises:
        TrainingError: a value is out of its range.
    """

    strategy: str
    vector_size: int = int(VECTOR_SIZE.default)
    window: int = int(WINDOW.default)
    min_count: int = int(MIN_COUNT.default)
    negative: int = int(NEGATIVE.default)
    epochs: int = int(EPOCHS_SCRATCH.default)
    alpha: float = ALPHA.default
    algorithm: Algorithm = "skip-gram"
    sample: float = SAMPLE.default
    seed: int = int(SEED.default)
    context: Context = "document"
    dose: float | None = None
    pull: float = PULL.default
    tau: float = TAU.default
    blend: float = 0.3
    lockf: float = LOCKF.default
    as_published: bool = False
    engine: Engine = "gensim"
    dosed: bool = False
    spelled: bool = False

    def __post_init__(self) -> None:
        check_strategy(self.strategy)
        for name, allowed in (("algorithm", Algorithm), ("context", Context), ("engine", Engine)):
            if getattr(self, name) not in get_args(allowed):
                raise TrainingError(
                    f"{name} is {getattr(self, name)!r}; it must be one of: {', '.join(get_args(allowed))}."
                )
        for name, allowed_range in _RANGES.items():
            allowed_range.check(name, getattr(self, name))
        if self.dose is not None:
            DOSE.check("dose", self.dose)
        if self.as_published and "as_published" in METHODS[self.strategy].reads and self.engine != "gensim":
            raise TrainingError(
                "As published, the classic recipe adds words to gensim's vocabulary, so only gensim can train it. "
                "Choose gensim as the engine, or leave out as_published."
            )

    @property
    def trained_by(self) -> Engine | None:
        """What trains it, chosen or not; None where nothing is trained."""
        method = METHODS[self.strategy]
        if not method.trains:
            return None
        return self.engine if "engine" in method.reads else method.engine

    @property
    def has_dose(self) -> bool:
        """Its model can be had at any dose between its start and its end."""
        reads = METHODS[self.strategy].reads
        return "dose" in reads and (self.dosed or "dosed" not in reads)

    @property
    def has_open_dose(self) -> bool:
        """The dose is to be chosen on held-out text."""
        return self.has_dose and self.dose is None

    @property
    def identity(self) -> str:
        """Every setting, for the digest of what was made with them.

        A setting that earlier versions did not have is left out while it means what they did, so that what they made
        is found.
        """
        values = self.as_dict()
        if self.engine == "gensim":
            del values["engine"]
        for name in ("dosed", "spelled"):
            if not values[name]:
                del values[name]
        return repr(sorted(values.items()))

    def as_dict(self) -> dict[str, Any]:
        """Every setting by name, for run.json."""
        return dataclasses.asdict(self)


def usual_min_count(tokens: int) -> int:
    """How often a word of a text of that many tokens has to occur, if nothing else is said."""
    return max([int(MIN_COUNT.default), *(times for least, times in MIN_COUNT_BY_TOKENS if tokens >= least)])


def default_config(strategy: str, tokens: int = 0, **changes: Any) -> TrainConfig:
    """What worked best for `strategy` on texts of about `tokens` tokens (docs/science.md, section 16).

    `changes` overrides single settings. Raises `TrainingError` for an unknown setting or a bad value.
    """
    unknown = set(changes) - {field.name for field in dataclasses.fields(TrainConfig)}
    if unknown:
        raise TrainingError(f"There is no setting called {', '.join(sorted(unknown))}.")
    check_strategy(strategy)
    method = METHODS[strategy]
    epochs, alpha = EPOCHS_BY_PACE[method.pace].default, ALPHA_BY_PACE[method.pace].default
    if tokens > LARGE_TEXT_TOKENS and method.pace != "tied":  # which makes few passes as it is
        epochs //= 2
    usual = {"strategy": strategy, "epochs": int(epochs), "alpha": alpha, "min_count": usual_min_count(tokens)}
    if method.trains:
        usual["engine"] = method.engine
    usual.update({name: True for name in ("dosed", "spelled") if name in method.reads})
    if "blend" in method.reads:
        usual["blend"] = BLEND.default
    if method.trains and "engine" not in method.reads:
        changes = {name: value for name, value in changes.items() if name != "engine"}  # or one model had two names
    return TrainConfig(**{**usual, **changes})
