from dataclasses import replace

import numpy as np

from core.comparison.making import describe_differences
from core.config import TrainConfig
from core.models.description import Sources, TextSource, VectorsSource
from core.models.embedding import Embedding
from core.text.tokens.tokenisers import CorpusOptions

FILE, OTHER = VectorsSource("glove", "1"), VectorsSource("fasttext", "2")


def model(strategy: str, file: VectorsSource | None = FILE, *, cut: CorpusOptions | None = None, **settings: object):
    config = TrainConfig(strategy=strategy, **settings)  # type: ignore[arg-type]
    sources = Sources(TextSource("t", "d", cut or CorpusOptions()), file)
    ones = np.ones((1, 2), np.float32)
    return Embedding("m", ("a",), ones, np.ones(1, np.int64), np.ones(1, bool), config, sources)


def test_text_seed_and_dose_are_no_different_way() -> None:
    left = model("tied", seed=1)
    right = model("tied", seed=2, dose=0.5)
    right = replace(right, sources=replace(right.sources, corpus=TextSource("another", "e")))
    assert describe_differences(left, right) == ()


def test_the_file_and_what_started_from_it_are_no_different_way() -> None:
    assert describe_differences(model("pretrained"), model("tied", window=9)) == ()
    assert describe_differences(model("tied"), model("pretrained")) == ()
    assert "different vectors files" in describe_differences(model("pretrained", OTHER), model("tied"))


def test_what_differs_is_named() -> None:
    assert describe_differences(model("tied", window=5), model("tied", window=9)) == ("window 5 and 9",)
    (both,) = describe_differences(model("scratch", None), model("tied"))
    assert both == "From scratch and Fine-tune, one vector a word"
    folded = model("tied", cut=CorpusOptions(fold_numbers=True))
    assert describe_differences(model("tied"), folded) == ("how the texts were cut into words",)
    assert describe_differences(model("pretrained"), folded) == ("how the texts were cut into words",)


def test_settings_that_the_strategy_ignores_do_not_count() -> None:
    assert describe_differences(model("tied", pull=0.1), model("tied", pull=0.5)) == ()
