"""What was done, as a paragraph that can be pasted into a paper: every number filled in, every method cited."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from core.comparison.movers import LEAST_COUNT, Movers, NoiseKind
from core.comparison.noise_plan import NoisePlan
from core.config import TrainConfig
from core.methods import ENGINE_WORKS, METHODS, PROCRUSTES, SUBWORD_VECTORS
from core.models.embedding import Embedding
from core.pretrained.vectors import PretrainedVectors
from core.prose.citations import CHANGE, cite, works_of_file
from core.prose.numbers import count, write_share
from core.text.corpus import Corpus
from core.text.resampling import DEALT_TOKENS

_SETTINGS: Mapping[str, str] = {
    "epochs": "{} epochs",
    "window": "window {}",
    "negative": "{} negative samples a word",
    "min_count": "min_count {}",
    "sample": "subsampling threshold {}",
    "alpha": "initial learning rate {}",
    "pull": "pull {} after each epoch",
    "tau": "tau {}",
    "blend": "weight {} of the counts",
    "lockf": "lockf {}",
    "seed": "seed {}",
}
_PROGRAMS = {"vectune": "Vectune", "python": "Python", "numpy": "NumPy", "scipy": "SciPy", "gensim": "gensim"}


@dataclass(frozen=True, slots=True)
class InputFacts:
    """How much a model was made from.

    Attributes:
        documents, tokens, types: of its text; types are its different words.
        file_words: of its vectors file; 0 without one.
    """

    documents: int
    tokens: int
    types: int
    file_words: int = 0


def describe_inputs(corpus: Corpus, pretrained: PretrainedVectors | None) -> InputFacts:
    """The facts about a text and about the vectors file that was used with it."""
    file_words = 0 if pretrained is None else pretrained.vocabulary
    return InputFacts(corpus.n_documents, corpus.n_tokens, len(corpus.words), file_words)


def describe_method(
    names: tuple[str, str],
    models: tuple[Embedding, Embedding],
    inputs: tuple[InputFacts | None, InputFacts | None],
    shared: int,
    movers: Movers | None = None,
    noise: NoisePlan | None = None,
    unit: str = "documents",
) -> str:
    """The paragraph.

    Args:
        names, models: left and right.
        inputs: what each was made from, where that is known.
        shared: how many words both have.
        movers: which of these moved; None where noise was not measured.
        noise: how that was measured.
        unit: what was dealt out where two texts were, "documents" or "blocks".
    """
    sentences = chain(
        _tell_texts(names, models, inputs),
        _tell_vectors(models, inputs),
        _tell_models(names, models),
        _tell_change(shared),
        () if movers is None or noise is None else _tell_noise(movers, noise, unit),
        [_tell_versions(models)],
    )
    return " ".join(sentences)


def _tell_texts(
    names: tuple[str, str], models: tuple[Embedding, Embedding], inputs: tuple[InputFacts | None, InputFacts | None]
) -> Iterator[str]:
    texts = [model.sources.corpus for model in models]
    one = texts[0].digest == texts[1].digest
    for name, text, facts in list(zip(names, texts, inputs, strict=True))[: 1 if one else 2]:
        options = text.options
        case = "in lower case" if options.lowercase else "with capitals kept"
        whose = "The text of both models" if one else f"The text of “{name}”"
        has = "was"
        if facts is not None:
            documents, tokens = count("document", facts.documents), count("token", facts.tokens)
            has = f"has {documents} with {tokens} ({facts.types:,} different words),"
        yield f"{whose}, “{text.name}”, {has} cut by the {options.tokeniser} tokeniser, {case}."


def _tell_vectors(models: Sequence[Embedding], inputs: Sequence[InputFacts | None]) -> Iterator[str]:
    told = set()
    for model, facts in zip(models, inputs, strict=True):
        file = model.sources.pretrained
        if file is None or file.digest in told:
            continue
        told.add(file.digest)
        words = f"{facts.file_words:,} words, " if facts is not None and facts.file_words else ""
        works = "".join(f"; {cite(work)}" for work in works_of_file(file.name))
        yield f"The pretrained vectors are “{file.name}” ({words}{model.vector_size} dimensions{works})."


def _tell_models(names: Sequence[str], models: Sequence[Embedding]) -> Iterator[str]:
    methods = [_tell_method(model) for model in models]
    whole = [
        f"“{name}” ({len(model.words):,} words{_tell_known(model)})" for name, model in zip(names, models, strict=True)
    ]
    if methods[0] == methods[1]:
        yield f"{' and '.join(whole)} were made by {methods[0]}"
        for name, model in zip(names, models, strict=True):
            yield from _tell_new_words(f" of “{name}”", model)
            if model.dose is not None:
                yield _tell_dose(f"the change of “{name}”", model, model.dose)
        return
    for what, method, model in zip(whole, methods, models, strict=True):
        yield f"{what} was made by {method}"
        yield from _tell_new_words("", model)
        if model.dose is not None:
            yield _tell_dose("the change", model, model.dose)


def _tell_known(model: Embedding) -> str:
    needs = METHODS[model.config.strategy].needs_vectors
    return f", {int(model.covered.sum()):,} of them in the vectors file" if needs else ""


def _tell_new_words(whose: str, model: Embedding) -> Iterator[str]:
    """From what the words start that the file lacks, where the method says."""
    if "placed_by_context" not in model.details or not (~model.covered).any():
        return
    lacking, turned = int((~model.covered).sum()), int(model.details.get("turned_by_spelling", 0))
    spelling = f", {turned:,} from words that are spelled like them too ({cite(SUBWORD_VECTORS)})" if turned else ""
    yield (
        f"Of the {count('word', lacking)}{whose} that the file lacks, {model.details['placed_by_context']:,} started "
        f"from the words around them in the text{spelling}."
    )


def _tell_method(model: Embedding) -> str:
    """The method in words, what trained by it, and the settings."""
    config, method = model.config, METHODS[model.config.strategy]
    works = "; ".join(dict.fromkeys(cite(work) for work in method.works))
    explanation = method.explanation.removesuffix(".").replace("your text", "the text")
    settings = [text.format(_plain(getattr(config, key))) for key, text in _SETTINGS.items() if key in method.reads]
    return (
        f"the method “{method.name}”: {explanation[0].lower()}{explanation[1:]}{f' ({works})' if works else ''}. "
        f"{_tell_engine(model)} {', '.join(settings)}."
    )


def _tell_engine(model: Embedding) -> str:
    config, versions = model.config, model.sources.versions
    trained_by = config.trained_by
    if trained_by is None:
        return "Settings:"
    how = _tell_algorithm(config)
    if trained_by == "gensim":
        return f"Training was by gensim {versions.get('gensim', '')} ({cite(ENGINE_WORKS['gensim'])}) with {how}:"
    return f"Training was by Vectune’s own engine ({cite(ENGINE_WORKS['vectune'])}) with {how}:"


def _tell_algorithm(config: TrainConfig) -> str:
    chosen = "algorithm" in METHODS[config.strategy].reads and config.algorithm == "cbow"
    return f"{'CBOW' if chosen else 'skip-gram'} and negative sampling"


def _tell_dose(change: str, model: Embedding, dose: float) -> str:
    kept = f"Of {change}, the share (dose) {dose:.3f} was kept"
    curve = dict(model.details.get("dose_curve") or [])
    if not curve:
        chosen = model.config.dose is None
        return f"{kept}, {'the usual one, as there was too little text to choose by' if chosen else 'as it was set'}."
    scores = f"{curve[dose]:.3f}; {curve[0.0]:.3f} at dose 0, {curve[1.0]:.3f} at dose 1" if dose in curve else ""
    return (
        f"{kept}, that one of {len(curve)} from 0 to 1 whose mean score was highest in "
        f"{count('fill-in-the-blank question', int(model.details.get('dose_positions', 0)))} about a part of the text "
        f"that was held out for it{f' ({scores})' if scores else ''}."
    )


def _tell_change(shared: int) -> Iterator[str]:
    yield (
        "The change of a word is 1 − cosine of its two vectors after both spaces were centred and laid over each other "
        f"by orthogonal Procrustes ({cite(PROCRUSTES)}; {cite(CHANGE)}), over all {shared:,} words that both models "
        "have."
    )


def _tell_noise(movers: Movers, noise: NoisePlan, unit: str) -> Iterator[str]:
    for kind, runs in zip(movers.kinds, movers.runs, strict=True):
        yield f"Noise is {_tell_kind(kind, runs, noise, unit)}."
    judged, moved = int(movers.judged.sum()), int(movers.moved.sum())
    yield (
        f"Of {judged:,} judged words (content words seen {LEAST_COUNT} times or more in each text, whose vectors had a "
        f"known start), {moved:,} moved: their change, weighed by how far words differ along each direction, exceeds "
        "the noise expected for words of like count and for the word itself, at a false discovery rate of "
        f"{write_share(movers.level, 0)} (Storey 2002)."
    )


def _tell_kind(kind: NoiseKind, runs: int, noise: NoisePlan, unit: str) -> str:
    if kind == "permutation":
        dealt = "documents" if unit == "documents" else f"stretches of {DEALT_TOKENS} words"
        return (
            f"how far words differ by chance between two such texts: the {dealt} of both were pooled and dealt out "
            f"anew {count('time', runs)}, and both models trained again on their part ({count('retraining', 2 * runs)})"
        )
    made = count("retraining", noise.retrainings(kind))
    if kind == "documents":
        return (
            "how far another sample of documents takes a word from its observed way: both models were made again on "
            f"{count('bootstrap sample', runs)} of the documents ({made}; Efron & Tibshirani 1993)"
        )
    if kind == "placebo":
        return f"how far the same training takes words on the same words in random order ({made})"
    return f"how far other seeds take words ({made}, compared in {count('pair', runs)})"


def _tell_versions(models: Sequence[Embedding]) -> str:
    versions = {name: version for model in models for name, version in model.sources.versions.items()}
    told = [f"{shown} {versions[name]}" for name, shown in _PROGRAMS.items() if name in versions]
    engine = [f"Vectune’s engine {versions['engine']}"] if "engine" in versions else []
    return f"Versions: {', '.join([*told, *engine])}." if told or engine else "Versions were not recorded."


def _plain(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else f"{value}"
