"""One source of what the jargon means: the tooltips at the fields, and the page that lists them all."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A term and what it means, in a sentence or two."""

    term: str
    text: str


GLOSSARY: dict[str, Entry] = {
    "token": Entry("token", "One occurrence of a word in the text."),
    "word": Entry("word", "An entry of the vocabulary, however often it occurs; also called a type."),
    "vocabulary": Entry(
        "vocabulary", "The different words of a text, or those that occur often enough to get a vector."
    ),
    "document": Entry(
        "document",
        "What the text is divided into: a file, a line, a paragraph or a table row. Held-out tests, noise estimates "
        "and citations count in documents.",
    ),
    "vector": Entry(
        "vector", "A list of numbers that stands for a word; words used alike have vectors that point alike."
    ),
    "embedding": Entry("embedding", "The vectors of all words of a vocabulary, made in one way."),
    "vector_size": Entry(
        "vector_size", "Values per word vector. Models that start from pretrained vectors share theirs."
    ),
    "pretrained": Entry(
        "pretrained vectors", "Vectors that somebody learned from far more text than you have, such as GloVe."
    ),
    "coverage": Entry("coverage", "The share of your words, or of your tokens, that the vectors file has."),
    "oov": Entry("out of vocabulary", "Words of your text that the vectors file does not have."),
    "strategy": Entry(
        "strategy", "The way a model is made: from scratch, pretrained only, fine-tuned in one of several ways."
    ),
    "fine-tuning": Entry("fine-tuning", "Training that starts from pretrained vectors instead of at random."),
    "window": Entry(
        "window",
        "How many words on each side count as context. Small: what words do; large: what they are about.",
    ),
    "min_count": Entry(
        "min_count",
        "Words that occur more rarely are left out. On small texts a low value is better: the usual one is 2, from "
        "250,000 tokens on 5, from 2 million on 10.",
    ),
    "negative": Entry("negative", "Noise words drawn for each training word."),
    "epochs": Entry("epochs", "Passes over the text."),
    "epochs_scratch": Entry(
        "epochs, from scratch",
        "Passes over the text when starting at random. Few passes over a small text learn nothing.",
    ),
    "epochs_tuned": Entry(
        "epochs, fine-tuning",
        "Passes over the text when starting from pretrained vectors. More passes move words further.",
    ),
    "epochs_tied": Entry(
        "epochs, one vector a word",
        "Passes over the text when each word has one vector. It learns faster, so few passes do.",
    ),
    "alpha": Entry("alpha", "Learning rate at the start; it falls steadily to 0.0001."),
    "sample": Entry("sample", "Very frequent words are skipped at random; the smaller the value, the more of them."),
    "algorithm": Entry(
        "algorithm",
        "Skip-gram predicts the context from the word and learns from small texts; CBOW, the other way round, needs "
        "far more text.",
    ),
    "engine": Entry(
        "engine",
        "The program that trains. Vectune’s own is about eight times as fast as gensim and gives the same vectors on "
        "every kind of processor; gensim’s are as good, and those that other work with gensim "
        "has. “Usual” takes gensim for classic fine-tuning, as everybody runs it, and Vectune’s for the others.",
    ),
    "spelled": Entry(
        "spelled",
        "Words that the vectors file lacks start not only where the words around them put them, but also near words of "
        "the text that are spelled like them: *bronchiole* near *bronchioles*. The more alike, the nearer.",
    ),
    "seed": Entry("seed", "Of every random choice: the same seed gives the same vectors."),
    "dose": Entry(
        "dose",
        "How much of the change to keep: 0 is the pretrained vectors, 1 all that was learned from your text. Nothing "
        "is trained again.",
    ),
    "similarity": Entry(
        "similarity", "Cosine of the angle between two vectors: 1 same direction, 0 unrelated, -1 opposite."
    ),
    "neighbours": Entry(
        "neighbours", "The words whose vectors are most similar to a word's, computed from the full vectors."
    ),
    "gained": Entry(
        "gained, lost",
        "A neighbour is gained if only the right model lists it among a word's nearest and it came nearer by more than "
        "noise; lost if only the left one does and it went away. Those that the text has too rarely are neither.",
    ),
    "borderline": Entry(
        "borderline", "A neighbour that crossed the end of a list of the nearest without a change worth the name."
    ),
    "new word": Entry(
        "new word",
        "A word that the vectors file lacks: the words around it, and words spelled like it, say where it stands.",
    ),
    "key word": Entry(
        "key word",
        "A word that one text, or the documents with one label, have more often than the others, in more of their "
        "documents than chance gives.",
    ),
    "collocate": Entry("collocate", "A word that stands near another in the text more often than by chance."),
    "concordance": Entry(
        "concordance",
        "Every place where a text has a word, a phrase or a pattern such as natio*, with what stands around it.",
    ),
    "overlap": Entry(
        "neighbour overlap",
        "How many of a word's nearest neighbours two models have in common, as a share of all that either names "
        "(Jaccard): 1 the same neighbours, 0 none in common.",
    ),
    "change": Entry(
        "change",
        "How far a word moved between two models: 1 − cosine after the two spaces were laid over each other; 0 "
        "unmoved, 1 unrelated.",
    ),
    "alignment": Entry(
        "alignment",
        "Turning one space so that it lies over another as well as it can (orthogonal Procrustes). It changes no "
        "similarity within a space.",
    ),
    "residual": Entry(
        "residual", "What an alignment cannot reconcile: 0 the two coincide, 1 they have nothing in common."
    ),
    "study": Entry(
        "study",
        "Several texts in a row, a model of each made in one way: which words changed from text to text, and when.",
    ),
    "map": Entry(
        "map",
        "Words drawn in two dimensions so that neighbours stay near each other. Distances between clusters are not "
        "evidence.",
    ),
    "umap": Entry(
        "UMAP", "The method that draws the maps: it keeps each word's neighbourhood as well as two dimensions allow."
    ),
    "n_neighbors": Entry(
        "n_neighbors", "How many neighbours shape a word's surroundings. Small: local detail; large: the whole."
    ),
    "min_dist": Entry("min_dist", "How close two words may be put on a map."),
    "scorecard": Entry(
        "scorecard", "What was measured of each model on text that it had not seen, with 95 % intervals."
    ),
    "verdict": Entry(
        "verdict", "The scorecard in one sentence: helped, hurt, no measurable difference, or not enough text."
    ),
    "cloze": Entry(
        "cloze score",
        "A word of held-out text is hidden. The score is the share of alternatives, other words of about the same "
        "frequency, that it beats by fitting the words around it better; guessing gives 50 %.",
    ),
    "held-out": Entry("held-out text", "Documents that are kept away from training, to test on."),
    "placebo": Entry(
        "placebo",
        "The judged model's training, on your words in random order. What it gains cannot come from meaning.",
    ),
    "interval": Entry(
        "95 % interval",
        "The range in which a value plausibly lies, given how much it varies from document to document.",
    ),
    "wordsim353": Entry("WordSim-353", "353 pairs of English words with people's judgement of how related they are."),
    "simlex999": Entry("SimLex-999", "999 pairs of English words with people's judgement of how similar they are."),
    "digest": Entry("digest", "A short name computed from a content: equal digests, equal content, to the last bit."),
    "run": Entry("run", "A model that was made: its settings, its inputs by digest, and its vectors."),
    "demo": Entry(
        "demo session", "Models saved with steps to show them, opened by a link. Its viewers change nothing of it."
    ),
    "workspace": Entry(
        "workspace", "What you are working on: text, vectors, runs, pins. The secret in your address opens it."
    ),
}
"""By key, in the order in which an explanation builds on the ones before."""


def explain(key: str) -> str:
    """The tooltip of a term."""
    return GLOSSARY[key].text
