"""The strategies, the ways to make a model: every fact about each in one row of `METHODS`.

Everything else asks the table. The form and the command line ask which strategies there are, what they need and which
settings they read; the estimates ask what they cost; the scorecard, the noise and the citations ask what follows from
how they work. The function that makes the model stands in `core/models/strategies.py`; a new strategy is a row here and
a function there.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.errors import TrainingError

UNTOUCHED = "pretrained"
"""The strategy that the others have to beat: the pretrained vectors as they are."""

_ADVISED = "Fine-tune, one vector a word"
_MATERIAL = ("vector_size", "window", "min_count", "context")
_TRAINING = (*_MATERIAL, "negative", "epochs", "alpha", "algorithm", "sample", "seed", "engine")
_PLACED = "spelled"
"""Read where words that the file lacks are given a place."""


class Citation(NamedTuple):
    """A work: what it is here for, how it is cited, and where it is."""

    role: str
    text: str
    url: str


WORD2VEC = Citation(
    "word2vec, training",
    "Mikolov, T., Sutskever, I., Chen, K., Corrado, G. & Dean, J. (2013). Distributed Representations of Words and "
    "Phrases and their Compositionality. NIPS 2013. arXiv:1310.4546.",
    "https://arxiv.org/abs/1310.4546",
)
GENSIM = Citation(
    "gensim, the implementation of word2vec",
    "Řehůřek, R. & Sojka, P. (2010). Software Framework for Topic Modelling with Large Corpora. LREC 2010 Workshop "
    "on New Challenges for NLP Frameworks, 45–50.",
    "https://radimrehurek.com/gensim/",
)
SHARED_NEGATIVES = Citation(
    "Vectune's training code: negatives shared by a window",
    "Ji, S., Satish, N., Li, S. & Dubey, P. (2016). Parallelizing Word2Vec in Shared and Distributed Memory. "
    "arXiv:1604.04661.",
    "https://arxiv.org/abs/1604.04661",
)
COUNTING = Citation(
    "The counting method",
    "Levy, O., Goldberg, Y. & Dagan, I. (2015). Improving Distributional Similarity with Lessons Learned from Word "
    "Embeddings. TACL 3, 211–225.",
    "https://doi.org/10.1162/tacl_a_00134",
)
WISE_FT = Citation(
    "The dose: how much of a change to keep",
    "Wortsman, M. et al. (2022). Robust fine-tuning of zero-shot models. CVPR 2022. arXiv:2109.01903.",
    "https://arxiv.org/abs/2109.01903",
)
SUBWORD_VECTORS = Citation(
    "Words of like spelling, where the vectors file lacks a word",
    "Bojanowski, P., Grave, E., Joulin, A. & Mikolov, T. (2017). Enriching Word Vectors with Subword Information. "
    "TACL 5, 135–146.",
    "https://doi.org/10.1162/tacl_a_00051",
)
PROCRUSTES = Citation(
    "Orthogonal Procrustes, laying one space over another",
    "Schönemann, P. H. (1966). A generalized solution of the orthogonal Procrustes problem. Psychometrika 31, 1–10.",
    "https://doi.org/10.1007/BF02289451",
)


Pace = Literal["scratch", "tuned", "tied"]
Engine = Literal["vectune", "gensim"]
ENGINE_NAMES: dict[Engine, str] = {"vectune": "Vectune", "gensim": "gensim"}
ENGINE_WORKS: dict[Engine, Citation] = {"vectune": SHARED_NEGATIVES, "gensim": GENSIM}
"""What to cite for what trained a model, whatever its strategy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What is true of one strategy.

    Attributes:
        name: what people call it.
        short: what its model is called where the text is named beside it, if not so.
        explanation: one sentence for them.
        source: where the method comes from, in short.
        works: what to cite for it, besides what trained it (`ENGINE_WORKS`).
        reads: the settings of `TrainConfig` that change what it makes; it ignores the others.
        needs_vectors: it starts from pretrained vectors, or is them; their vector_size is the model's.
        random: another seed gives other vectors, by more than rounding.
        from_text: another sample of the text gives other vectors.
        trains: it learns in passes over the text.
        pace: whose usual epochs and learning rate it takes: training from scratch, fine-tuning, one vector a word.
        engine: what trains it if nothing else is said; another engine can be chosen where it reads "engine".
        counts: it adds up which words meet.
        factors: it compresses these counts into vectors.
        arrays: how many arrays of the size of the vectors exist at once.
        usual: ticked where nothing was chosen yet.
        judged: place in the order in which the verdict chooses a model to be about, lowest first.
        side: where the maps show it first, if not where there is room.
        if_it_hurt: what to try after a model of this kind did harm.
    """

    name: str
    explanation: str
    source: str
    works: tuple[Citation, ...] = ()
    reads: tuple[str, ...]
    needs_vectors: bool = True
    random: bool = True
    from_text: bool = True
    trains: bool = True
    pace: Pace = "tuned"
    short: str = ""
    engine: Engine = "vectune"
    counts: bool = True
    factors: bool = False
    arrays: int
    usual: bool = False
    judged: int
    side: Literal["left", "right"] | None = None
    if_it_hurt: str = f"Train fewer epochs, or use “{_ADVISED}”, which keeps only as much change as helps."

    @property
    def gensim_can(self) -> bool:
        """Nothing of it needs Vectune's own training code."""
        return not self.trains or "engine" in self.reads


METHODS: dict[str, Method] = {
    "tied": Method(
        name=_ADVISED,
        short="Fine-tuned",
        explanation="Trains the pretrained vectors on your text with one vector for each word, as itself and as "
        "context, then keeps as much of the change as helps on unseen text.",
        source="Press & Wolf 2017, Using the output embedding to improve language models, arXiv:1608.05859 (tying); "
        "Wortsman et al. 2022 (the dose)",
        works=(
            WORD2VEC,
            Citation(
                "One vector a word",
                "Press, O. & Wolf, L. (2017). Using the Output Embedding to Improve Language Models. EACL 2017. "
                "arXiv:1608.05859.",
                "https://arxiv.org/abs/1608.05859",
            ),
            WISE_FT,
        ),
        reads=(*_MATERIAL, "negative", "epochs", "alpha", "sample", "seed", "dose", _PLACED),
        pace="tied",
        arrays=8,
        usual=True,
        judged=0,
        side="right",
    ),
    "tuned": Method(
        name="Fine-tune with dose control",
        short="Fine-tuned with dose control",
        explanation="Trains the pretrained vectors on your text, then keeps as much of the change as helps on unseen "
        "text.",
        source="Wortsman et al. 2022, Robust fine-tuning of zero-shot models (WiSE-FT), arXiv:2109.01903",
        works=(WORD2VEC, WISE_FT),
        reads=(*_TRAINING, "dose", _PLACED),
        arrays=9,
        judged=1,
        side="right",
    ),
    "scratch": Method(
        name="From scratch",
        short="From scratch",
        explanation="Learns only from your text, starting at random (Word2Vec).",
        source="Mikolov et al. 2013, Distributed representations of words and phrases, arXiv:1310.4546",
        works=(WORD2VEC,),
        reads=_TRAINING,
        pace="scratch",
        needs_vectors=False,
        counts=False,
        arrays=4,
        usual=True,
        judged=8,
        side="left",
        if_it_hurt=f"Start from the pretrained vectors instead: “{_ADVISED}”.",
    ),
    "pretrained": Method(
        name="Pretrained only",
        short="Pretrained",
        explanation="The vectors as downloaded; words that the file lacks stand where the words around them and words "
        "spelled like them put them.",
        source="the makers of the vectors file",
        reads=(*_MATERIAL, _PLACED),
        random=False,
        from_text=False,
        trains=False,
        arrays=6,
        usual=True,
        judged=10,
        side="left",
    ),
    "counts": Method(
        name="From scratch, counting method",
        short="Counted",
        explanation="Counts which words meet in your text and compresses the counts: fast, and often better than "
        "Word2Vec on small texts.",
        source="Levy, Goldberg & Dagan 2015, Improving distributional similarity with lessons learned from word "
        "embeddings",
        works=(COUNTING,),
        reads=(*_MATERIAL, "seed"),
        pace="scratch",
        needs_vectors=False,
        random=False,
        trains=False,
        factors=True,
        arrays=6,
        judged=9,
        side="left",
        if_it_hurt=f"Start from the pretrained vectors instead: “{_ADVISED}”.",
    ),
    "pullback": Method(
        name="Gentle pull-back",
        short="Pulled back",
        explanation="Trains on your text and pulls every word part of the way back to its pretrained vector after "
        "each epoch, then keeps as much of the change as helps on unseen text.",
        source="Dingwall & Potts 2018, Mittens: an extension of GloVe, arXiv:1803.09901; Wortsman et al. 2022 (the "
        "dose)",
        works=(
            WORD2VEC,
            Citation(
                "Gentle pull-back",
                "Dingwall, N. & Potts, C. (2018). Mittens: an Extension of GloVe for Learning Domain-Specialized "
                "Representations. NAACL 2018. arXiv:1803.09901.",
                "https://arxiv.org/abs/1803.09901",
            ),
            WISE_FT,
        ),
        reads=(*_TRAINING, "pull", "dose", "dosed", _PLACED),
        arrays=10,
        judged=2,
    ),
    "blend": Method(
        name="Blend with counts",
        short="Blended with counts",
        explanation="Mixes the counting method's vectors into the pretrained ones as far as helps on unseen text: good "
        "at predicting a short text, but it gives up some general meaning.",
        source="Schönemann 1966, orthogonal Procrustes; Levy, Goldberg & Dagan 2015 for the counts; Wortsman et al. "
        "2022 (the dose)",
        works=(COUNTING, PROCRUSTES, WISE_FT),
        reads=(*_MATERIAL, "seed", "blend", "dose", "dosed"),
        random=False,
        trains=False,
        factors=True,
        arrays=14,
        judged=3,
        if_it_hurt=f"Lower the weight of the counting method in the blend, or use “{_ADVISED}”.",
    ),
    "protect": Method(
        name="Protect rare words",
        short="Rare words protected",
        explanation="Trains on your text, but the less often a word occurs the less it may move.",
        source="Kirkpatrick et al. 2017, Overcoming catastrophic forgetting, arXiv:1612.00796 (the idea; here by "
        "count)",
        works=(
            WORD2VEC,
            Citation(
                "Protect rare words (the idea)",
                "Kirkpatrick, J. et al. (2017). Overcoming catastrophic forgetting in neural networks. PNAS 114(13), "
                "3521–3526. arXiv:1612.00796.",
                "https://arxiv.org/abs/1612.00796",
            ),
        ),
        reads=(*_TRAINING, "tau", _PLACED),
        arrays=7,
        judged=4,
    ),
    "freeze": Method(
        name="Freeze known words",
        short="Known words frozen",
        explanation="Words that the file has stay exactly where they are; only new words are learned.",
        source="gensim, Word2Vec.intersect_word2vec_format with lockf=0",
        works=(WORD2VEC,),
        reads=(*_TRAINING, _PLACED),
        arrays=7,
        judged=6,
    ),
    "preview": Method(
        name="Instant preview",
        short="Preview",
        explanation="No training: moves each word towards the average of its contexts in your text.",
        source="Khodak et al. 2018, A la carte embedding, arXiv:1805.05388",
        works=(
            Citation(
                "Instant preview",
                "Khodak, M. et al. (2018). A La Carte Embedding: Cheap but Effective Induction of Semantic Feature "
                "Vectors. ACL 2018. arXiv:1805.05388.",
                "https://arxiv.org/abs/1805.05388",
            ),
        ),
        reads=_MATERIAL,
        random=False,
        trains=False,
        arrays=8,
        judged=7,
    ),
    "classic": Method(
        name="Classic fine-tuning",
        short="Classic",
        explanation="The recipe everyone copies, corrected: copy the pretrained vectors into Word2Vec and keep "
        "training.",
        source="gensim, Word2Vec.intersect_word2vec_format; corrected here for gensim 4",
        works=(WORD2VEC,),
        reads=(*_TRAINING, "lockf", "as_published"),
        engine="gensim",
        counts=False,
        arrays=5,
        judged=5,
        side="right",
    ),
}
"""By the name that the command line and run.json know it by, in the order in which they are offered."""


def check_strategy(name: str) -> None:
    """Raise `TrainingError` unless there is a strategy called so."""
    if name not in METHODS:
        raise TrainingError(f"strategy is {name!r}; it must be one of: {', '.join(METHODS)}.")


def usual_strategies() -> tuple[str, ...]:
    """Those that most people make together."""
    return tuple(strategy for strategy, method in METHODS.items() if method.usual)
