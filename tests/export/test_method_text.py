"""The paragraph on the method: all numbers filled in, and nothing cited that had no part in it."""

from dataclasses import replace

import numpy as np
import pytest
from made_models import WORDS, embedding_of

from core.comparison.movers import find_movers
from core.comparison.noise_plan import NoisePlan
from core.comparison.retrainings import NoiseSide
from core.config import default_config
from core.export.method_text import InputFacts, describe_method

NAMES = ("Before", "After")
FACTS = InputFacts(documents=88, tokens=181_894, types=18_688, file_words=400_000)


def model(strategy, **settings):
    made = embedding_of(strategy, 0)
    config = default_config(strategy, vector_size=6, **settings)
    versions = {"vectune": "9.9", "python": "3.11", **({"gensim": "4.4"} if config.trained_by == "gensim" else {})}
    return replace(made, config=config, sources=replace(made.sources, versions=versions), details={})


def told(left, right, inputs=(FACTS, FACTS), **more):
    return describe_method(NAMES, (left, right), inputs, len(WORDS), **more)


@pytest.mark.parametrize(
    ("made", "says", "never"),
    [
        (model("tied"), "Training was by Vectune’s own engine (Ji et al. 2016) with skip-gram", "gensim"),
        (model("tuned", engine="gensim"), "Training was by gensim 4.4 (Řehůřek & Sojka 2010) with", "Ji et al."),
        (model("tuned", algorithm="cbow"), "with CBOW and negative sampling", "skip-gram"),
        (model("counts"), "Levy et al. 2015", "raining was by"),
    ],
)
def test_what_trained_a_model_is_named_and_nothing_else(made, says, never):
    text = told(model("pretrained"), made)
    assert says in text
    assert never not in text


def test_texts_vectors_and_settings_are_filled_in():
    text = told(model("pretrained"), model("tuned", epochs=7, window=4, negative=6, min_count=3, alpha=0.03, seed=11))
    for needed in (
        "The text of both models, “letters <1912>.txt”, has 88 documents with 181,894 tokens (18,688 different words), "
        "cut by the glove tokeniser, in lower case.",
        "The pretrained vectors are “glove.txt” (400,000 words, 6 dimensions; Pennington et al. 2014).",
        "“After” (64 words, 42 of them in the vectors file)",
        "7 epochs, window 4, 6 negative samples a word, min_count 3, subsampling threshold 0.001, initial learning "
        "rate 0.03, seed 11.",
        "Wortsman et al. 2022",
        "over all 64 words that both models have",
        "Versions: Vectune 9.9, Python 3.11.",
    ):
        assert needed in text, needed
    assert "Noise" not in text
    assert "None" not in text


def test_a_dose_is_told_with_how_it_was_chosen():
    chosen = {"dose": 0.5, "dose_curve": [[0.0, 0.7], [0.5, 0.75], [1.0, 0.72]], "dose_positions": 1234}
    made = replace(model("tuned"), details=chosen)
    text = told(model("pretrained"), made)
    assert "the share (dose) 0.500 was kept, that one of 3 from 0 to 1 whose mean score was highest" in text
    assert "in 1,234 fill-in-the-blank questions" in text
    assert "(0.750; 0.700 at dose 0, 0.720 at dose 1)" in text
    set_by_hand = replace(model("tuned", dose=0.3), details={"dose": 0.3})
    assert "0.300 was kept, as it was set." in told(model("pretrained"), set_by_hand)
    too_little = replace(model("tuned"), details={"dose": 0.5, "dose_curve": []})
    assert "0.500 was kept, the usual one, as there was too little text" in told(model("pretrained"), too_little)


def test_where_words_start_that_the_file_lacks_is_told():
    spelled = replace(model("tuned"), details={"placed_by_context": 20, "turned_by_spelling": 9})
    text = told(model("pretrained"), spelled)
    assert (
        "Of the 22 words that the file lacks, 20 started from the words around them in the text, 9 from words" in text
    )
    assert "spelled like them too (Bojanowski et al. 2017)." in text
    older = replace(spelled, details={"placed_by_context": 20})
    assert "Bojanowski" not in told(model("pretrained"), older)
    assert "20 started" not in told(model("pretrained"), replace(spelled, covered=np.ones(len(WORDS), bool)))


def test_two_texts_by_one_method_are_told_once_each():
    left, right = model("tied"), model("tied")
    source = replace(right.sources.corpus, name="essays.txt", digest="another")
    right = replace(right, sources=replace(right.sources, corpus=source))
    text = told(left, right, (FACTS, None))
    assert "The text of “Before”, “letters <1912>.txt”, has 88 documents" in text
    assert "The text of “After”, “essays.txt”, was cut by" in text
    assert text.count("Press & Wolf 2017") == 1
    assert "“Before” (64 words" in text
    assert "were made by the method “Fine-tune, one vector a word”" in text


@pytest.mark.parametrize(
    ("kind", "unit", "says"),
    [
        ("seed", "", "Noise is how far other seeds take words (4 retrainings, compared in 6 pairs)."),
        (
            "documents",
            "",
            "on 6 bootstrap samples of the documents (8 retrainings; Efron & Tibshirani 1993).",
        ),
        ("permutation", "documents", "the documents of both were pooled and dealt out anew 6 times"),
        ("permutation", "blocks", "the stretches of 200 words of both were pooled"),
        ("placebo", "", "takes words on the same words in random order (2 retrainings)."),
    ],
)
def test_noise_is_told_with_its_retrainings_and_the_rate_of_false_discoveries(kind, unit, says, tmp_path):
    noise = np.random.default_rng(0).uniform(0.05, 0.1, (6, len(WORDS))).astype(np.float32)
    movers = find_movers(noise[0], np.full(len(WORDS), 100), {kind: noise})
    side = NoiseSide("run", tmp_path, None, default_config("tuned", vector_size=6))
    plan = NoisePlan(side, side, (kind,))
    text = told(model("tied"), model("tuned"), movers=movers, noise=plan, unit=unit)
    assert says in text
    assert f"Of {len(WORDS)} judged words (content words seen 20 times or more" in text
    assert "at a false discovery rate of 5 %" in text
