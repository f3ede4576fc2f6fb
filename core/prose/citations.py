"""The works that Vectune rests on, written as they are cited; those of one strategy stand in `core/methods.py`."""

import re
from collections.abc import Iterable

from core.methods import ENGINE_WORKS, GENSIM, METHODS, PROCRUSTES, SUBWORD_VECTORS, WORD2VEC, Citation, Engine

_GLOVE = Citation(
    "GloVe, pretrained vectors",
    "Pennington, J., Socher, R. & Manning, C. D. (2014). GloVe: Global Vectors for Word Representation. "
    "EMNLP 2014, 1532–1543.",
    "https://doi.org/10.3115/v1/D14-1162",
)
_GLOVE_NAME = re.compile(r"(?i)glove(?![a-z])(?!.*\.glove\.txt$)")
"""How the files begin that GloVe's makers give out, and others after them; but no model exported in that format."""
_UMAP = Citation(
    "UMAP, the maps",
    "McInnes, L., Healy, J. & Melville, J. (2018). UMAP: Uniform Manifold Approximation and Projection for "
    "Dimension Reduction. arXiv:1802.03426.",
    "https://arxiv.org/abs/1802.03426",
)
CHANGE = Citation(
    "Measuring change of meaning",
    "Hamilton, W. L., Leskovec, J. & Jurafsky, D. (2016). Diachronic Word Embeddings Reveal Statistical Laws of "
    "Semantic Change. ACL 2016. arXiv:1605.09096.",
    "https://arxiv.org/abs/1605.09096",
)
_WORDSIM = Citation(
    "WordSim-353, human judgements",
    "Finkelstein, L. et al. (2002). Placing Search in Context: The Concept Revisited. "
    "ACM Transactions on Information Systems 20(1), 116–131.",
    "https://doi.org/10.1145/503104.503110",
)
_SIMLEX = Citation(
    "SimLex-999, human judgements",
    "Hill, F., Reichart, R. & Korhonen, A. (2015). SimLex-999: Evaluating Semantic Models with (Genuine) "
    "Similarity Estimation. Computational Linguistics 41(4), 665–695. arXiv:1408.3456.",
    "https://arxiv.org/abs/1408.3456",
)


def works_of_file(file: str) -> tuple[Citation, ...]:
    """What to cite for the pretrained vectors file of that name; nothing where its name does not tell."""
    return (_GLOVE,) if _GLOVE_NAME.match(file) else ()


def name_other_files(files: Iterable[str]) -> tuple[str, ...]:
    """Those of these vectors files for which `works_behind` cites nothing."""
    return tuple(dict.fromkeys(file for file in files if not works_of_file(file)))


def all_works() -> tuple[Citation, ...]:
    """Each once, in the order in which they are listed."""
    engines = (GENSIM, *ENGINE_WORKS.values())
    of_methods = [work for method in METHODS.values() for work in method.works]
    always = (_GLOVE, WORD2VEC, *engines, _UMAP, PROCRUSTES, CHANGE, *of_methods, SUBWORD_VECTORS, _WORDSIM, _SIMLEX)
    return tuple(dict.fromkeys(always))


def works_behind(
    strategies: Iterable[str],
    engines: Iterable[Engine | None],
    *,
    files: Iterable[str] = (),
    spelled: bool = False,
    scored: bool = False,
) -> tuple[Citation, ...]:
    """What to cite for maps of models made by `strategies`.

    Args:
        engines: what trained them; None trained nothing.
        files: names of the pretrained vectors files that went in. Those for which nothing is cited are to be
            named (`name_other_files`).
        spelled: whether words that these lack were placed by words of like spelling.
        scored: whether they were judged by lists of human judgements.
    """
    wanted = {_UMAP, PROCRUSTES, *([SUBWORD_VECTORS] if spelled else []), *([_WORDSIM, _SIMLEX] if scored else [])}
    wanted.update(work for file in files for work in works_of_file(file))
    wanted.update(work for strategy in strategies for work in METHODS[strategy].works)
    wanted.update(ENGINE_WORKS[engine] for engine in engines if engine is not None)
    return tuple(work for work in all_works() if work in wanted)


def cite(work: Citation) -> str:
    """A work as a sentence names it: "Press & Wolf 2017", "Mikolov et al. 2013"."""
    found = re.match(r"(.*?) \((\d{4})\)", work.text)
    assert found is not None, work.text
    surnames = re.findall(r"([^\s,&][^,&]*), (?:[^\s,&]+\.[ -]?)+", found[1])
    if len(surnames) > 2 or "et al" in found[1]:
        return f"{surnames[0]} et al. {found[2]}"
    return f"{' & '.join(surnames)} {found[2]}"
