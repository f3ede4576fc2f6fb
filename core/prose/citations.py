"""The works that Vectune rests on, written as they are cited."""

from collections.abc import Iterable
from typing import NamedTuple

from core.config import StrategyName


class Citation(NamedTuple):
    """A work: what it is here for, how it is cited, and where it is."""

    role: str
    text: str
    url: str


CITATIONS: dict[str, Citation] = {
    "glove": Citation(
        "GloVe, pretrained vectors",
        "Pennington, J., Socher, R. & Manning, C. D. (2014). GloVe: Global Vectors for Word Representation. "
        "EMNLP 2014, 1532–1543.",
        "https://doi.org/10.3115/v1/D14-1162",
    ),
    "word2vec": Citation(
        "word2vec, training",
        "Mikolov, T., Sutskever, I., Chen, K., Corrado, G. & Dean, J. (2013). Distributed Representations of Words and "
        "Phrases and their Compositionality. NIPS 2013. arXiv:1310.4546.",
        "https://arxiv.org/abs/1310.4546",
    ),
    "gensim": Citation(
        "gensim, the implementation of word2vec",
        "Řehůřek, R. & Sojka, P. (2010). Software Framework for Topic Modelling with Large Corpora. LREC 2010 Workshop "
        "on New Challenges for NLP Frameworks, 45–50.",
        "https://radimrehurek.com/gensim/",
    ),
    "umap": Citation(
        "UMAP, the maps",
        "McInnes, L., Healy, J. & Melville, J. (2018). UMAP: Uniform Manifold Approximation and Projection for "
        "Dimension Reduction. arXiv:1802.03426.",
        "https://arxiv.org/abs/1802.03426",
    ),
    "procrustes": Citation(
        "Orthogonal Procrustes, laying one space over another",
        "Schönemann, P. H. (1966). A generalized solution of the orthogonal Procrustes problem. "
        "Psychometrika 31, 1–10.",
        "https://doi.org/10.1007/BF02289451",
    ),
    "change": Citation(
        "Measuring change of meaning",
        "Hamilton, W. L., Leskovec, J. & Jurafsky, D. (2016). Diachronic Word Embeddings Reveal Statistical Laws of "
        "Semantic Change. ACL 2016. arXiv:1605.09096.",
        "https://arxiv.org/abs/1605.09096",
    ),
    "wise-ft": Citation(
        "Fine-tune with dose control",
        "Wortsman, M. et al. (2022). Robust fine-tuning of zero-shot models. CVPR 2022. arXiv:2109.01903.",
        "https://arxiv.org/abs/2109.01903",
    ),
    "counts": Citation(
        "The counting method",
        "Levy, O., Goldberg, Y. & Dagan, I. (2015). Improving Distributional Similarity with Lessons Learned from Word "
        "Embeddings. TACL 3, 211–225.",
        "https://doi.org/10.1162/tacl_a_00134",
    ),
    "mittens": Citation(
        "Gentle pull-back",
        "Dingwall, N. & Potts, C. (2018). Mittens: an Extension of GloVe for Learning Domain-Specialized "
        "Representations. NAACL 2018. arXiv:1803.09901.",
        "https://arxiv.org/abs/1803.09901",
    ),
    "forgetting": Citation(
        "Protect rare words (the idea)",
        "Kirkpatrick, J. et al. (2017). Overcoming catastrophic forgetting in neural networks. PNAS 114(13), "
        "3521–3526. arXiv:1612.00796.",
        "https://arxiv.org/abs/1612.00796",
    ),
    "a-la-carte": Citation(
        "Instant preview",
        "Khodak, M. et al. (2018). A La Carte Embedding: Cheap but Effective Induction of Semantic Feature Vectors. "
        "ACL 2018. arXiv:1805.05388.",
        "https://arxiv.org/abs/1805.05388",
    ),
    "wordsim": Citation(
        "WordSim-353, human judgements",
        "Finkelstein, L. et al. (2002). Placing Search in Context: The Concept Revisited. "
        "ACM Transactions on Information Systems 20(1), 116–131.",
        "https://doi.org/10.1145/503104.503110",
    ),
    "simlex": Citation(
        "SimLex-999, human judgements",
        "Hill, F., Reichart, R. & Korhonen, A. (2015). SimLex-999: Evaluating Semantic Models with (Genuine) "
        "Similarity Estimation. Computational Linguistics 41(4), 665–695. arXiv:1408.3456.",
        "https://arxiv.org/abs/1408.3456",
    ),
}
"""In the order in which they are listed."""

_OF_STRATEGY: dict[StrategyName, tuple[str, ...]] = {
    "pretrained": (),
    "scratch": ("word2vec", "gensim"),
    "counts": ("counts",),
    "tuned": ("word2vec", "gensim", "wise-ft"),
    "pullback": ("word2vec", "gensim", "mittens"),
    "protect": ("word2vec", "gensim", "forgetting"),
    "freeze": ("word2vec", "gensim"),
    "blend": ("counts", "procrustes"),
    "preview": ("a-la-carte",),
    "classic": ("word2vec", "gensim"),
}


def works_behind(strategies: Iterable[StrategyName], *, pretrained: bool, scored: bool = False) -> tuple[Citation, ...]:
    """What to cite for maps of models made by `strategies`.

    Args:
        pretrained: whether GloVe vectors went in.
        scored: whether they were judged by lists of human judgements.
    """
    wanted = {"umap", "procrustes", *(["glove"] if pretrained else []), *(["wordsim", "simlex"] if scored else [])}
    wanted.update(key for strategy in strategies for key in _OF_STRATEGY[strategy])
    return tuple(citation for key, citation in CITATIONS.items() if key in wanted)
