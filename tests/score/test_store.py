"""Stored scorecards: made once, found again, and what cannot be scored says so."""

from dataclasses import replace

import numpy as np
import pytest
from small_texts import TOPICAL_WORDS, topical_documents

from core.config import default_config
from core.errors import Cancelled, EvaluationError, RunError
from core.models.runs import keep_corpus, keep_pretrained
from core.pretrained.vectors import PretrainedVectors
from core.progress import silent
from core.prose.colours import PLACEBO
from core.score import store
from core.score.figures import draw_bands, draw_forest
from core.score.store import (
    ScoreRequest,
    first_to_judge,
    has_score,
    keep_pairs,
    latest_cloze,
    load_pairs,
    load_score,
    load_stability,
    model_key,
    plain_pretrained,
    score_models,
    stability_id,
    stability_of,
)
from core.score.tables import choice_rows, class_rows, gain_rows, health_rows, kept_rows, meaning_rows, model_rows
from core.score.verdict import judge, title
from core.score.word_pairs import read_word_pairs
from core.text.corpus import build_corpus
from core.text.reading.documents import Document


def configs(*strategies, **changes):
    return {name: default_config(name, vector_size=8, epochs=3, min_count=1, **changes) for name in strategies}


def asked(documents, models, vectors=True, **changes):
    corpus = build_corpus([Document(f"d{i}", text, label) for i, (text, label) in enumerate(documents)])
    known = tuple(word for word in corpus.words if word[-1] not in "xyz")
    rows = np.random.default_rng(1).normal(size=(len(known), 8)).astype(np.float32)
    pretrained = PretrainedVectors("tiny", known, rows, "digest", "glove", len(known))
    folder = keep_pretrained(pretrained, corpus) if vectors else None
    named = tuple(models.items())
    wanted = {"chosen": named[0][0], "reference": named[1][0], "seed": 1, **changes}
    return ScoreRequest(keep_corpus(corpus), folder, named, **wanted)


def unlabelled(*counts, **options):
    return [(text, None) for text in topical_documents(*counts, **options)]


@pytest.fixture
def request_(monkeypatch):
    monkeypatch.setattr("core.score.splits.MAX_SPLITS", 2)
    labelled = [(text, f"topic {i % 4}") for i, text in enumerate(topical_documents(40))]
    return asked(labelled, configs("counts", "pretrained", "preview"))


def test_scored_once_and_found_again_and_only_what_is_new_is_trained(request_, monkeypatch):
    import core.models.training

    trained = []
    real = core.models.training.train

    def counting(corpus, config, *rest):
        trained.append((corpus.name, config.strategy))
        return real(corpus, config, *rest)

    monkeypatch.setattr(core.models.training, "train", counting)
    identity = score_models(silent, request_)
    assert identity == request_.identity
    assert has_score(identity)
    assert len(trained) == 2 * 4  # two splits of three models and the placebo
    trained.clear()
    assert score_models(silent, request_) == identity
    score_models(silent, replace(request_, reference="preview"))
    assert trained == []
    score_models(silent, replace(request_, chosen="preview"))
    assert {strategy for _, strategy in trained} == {"preview"}
    assert all("shuffled" in name for name, _ in trained)


def test_names_are_for_people_and_change_no_score(request_):
    renamed = replace(
        request_, configs=tuple((f"my {name}", config) for name, config in request_.configs), chosen="my counts",
        reference="my pretrained",
    )  # fmt: skip
    assert renamed.identity == request_.identity
    assert replace(request_, seed=2).identity != request_.identity
    assert replace(request_, chosen="preview").identity != request_.identity
    score_models(silent, request_)
    names = {model_key(config): f"my {name}" for name, config in request_.configs}
    card = load_score(request_.identity, names)
    assert (card.chosen, card.reference, card.scratch) == ("my counts", "my pretrained", None)
    assert set(card.configs) == {"my counts", "my pretrained", "my preview"}
    gone = load_score(request_.identity, {})
    assert title(gone.model(gone.chosen)).startswith("From scratch, counting method (removed ")


def test_the_newest_score_of_a_run_is_found(request_):
    folders = request_.corpus_folder, request_.rows_folder
    counts = dict(request_.configs)["counts"]
    assert latest_cloze(*folders, counts) is None
    score_models(silent, request_)
    card = load_score(request_.identity, {model_key(counts): "counts"})
    assert latest_cloze(*folders, counts) == card.model("counts").cloze.value
    assert latest_cloze(folders[0], None, counts) == latest_cloze(*folders, counts)  # it needs no vectors
    assert latest_cloze(*folders, replace(counts, window=9)) is None


def test_scores_of_an_earlier_version_are_not_mixed_with_new_ones(request_, monkeypatch):
    folders = request_.corpus_folder, request_.rows_folder
    counts = dict(request_.configs)["counts"]
    with monkeypatch.context() as earlier:
        for module in ("store", "scorecard", "evaluation"):
            earlier.setattr(f"core.score.{module}.SCORE_VERSION", "1")
        before = score_models(silent, request_)
        stable = stability_id(*folders, counts)
    assert request_.identity != before
    assert latest_cloze(*folders, counts) is None
    old = load_score(before, {})
    assert old.is_earlier
    assert "earlier version" in judge(old).caveats[0]
    new = load_score(score_models(silent, request_), {})
    assert not any("earlier version" in caveat for caveat in judge(new).caveats)
    assert latest_cloze(*folders, counts) == new.model(new.chosen).cloze.value
    assert stability_id(*folders, counts) == stable  # which asks no questions


def test_tables_and_figure(request_):
    score_models(silent, request_)
    card = load_score(request_.identity, {model_key(config): name for name, config in request_.configs})
    rows = model_rows(card)
    assert rows[0]["Model"] == "From scratch, counting method · judged"
    assert "Placebo" in rows[-1]["Model"]
    reference = next(row for row in rows if row["Model"] == "Pretrained only · reference")
    assert reference["Gain"] is None
    assert rows[0]["Gain"] == pytest.approx(rows[0]["Alternatives beaten"] - reference["Alternatives beaten"])
    assert {row["List"] for row in meaning_rows(card)} == {"WordSim-353", "SimLex-999"}
    assert all(row["Agreement"] is None for row in meaning_rows(card))  # no such word in this text
    gained = gain_rows(card)
    assert sum(row["Questions"] for row in gained) == card.positions
    assert sum(row["Share"] for row in gained) == pytest.approx(100)
    assert list(gained[0])[3:] == ["From scratch, counting method · judged", "Instant preview"]
    assert sum(row["Words"] for row in kept_rows(card.model("counts"))) == card.evaluated
    assert {row["State"] for row in health_rows(card)} == {"healthy"}
    classes = class_rows(card)
    assert all(row["Own label"] > 90 for row in classes if row["Model"].endswith("judged"))
    assert [row["Examples"] for row in classes] == ["3 of each label"] * 3 + ["four fifths of all"] * 3
    bands = draw_bands(card)
    assert [trace.x[0] for trace in bands.data] == [
        100 * band.delta.value for band in card.model("counts").bands if band.positions
    ]
    choices = choice_rows(card, 0)
    assert sum("✓" in row["Word"] for row in choices) == 1
    figure = draw_forest(card)
    assert [trace.name for trace in figure.data] == [
        "From scratch, counting method", "Instant preview", "Placebo: your words in random order",
    ]  # fmt: skip
    assert list(figure.data[0].x) == [pytest.approx(100 * card.model("counts").delta.value)]
    assert figure.data[2].marker.color == PLACEBO
    for trace, estimate in zip(figure.data, [card.model("counts").delta], strict=False):
        assert trace.x[0] + trace.error_x.array[0] == pytest.approx(100 * estimate.high)
        assert trace.x[0] - trace.error_x.arrayminus[0] == pytest.approx(100 * estimate.low)


def test_stability_is_measured_once(request_):
    folders = request_.corpus_folder, request_.rows_folder
    identity = stability_of(silent, *folders, dict(request_.configs)["counts"])
    bands = load_stability(identity)
    assert bands is not None
    assert any(0 < band.overlap <= 1 for band in bands)
    stability_of(silent, *folders, dict(request_.configs)["counts"])
    assert load_stability("unknown") is None


def test_who_is_judged_and_the_reference_that_nobody_made(request_):
    models = configs("scratch", "pretrained", "tuned", "blend")
    assert first_to_judge(models) == "tuned"
    assert first_to_judge(configs("pretrained", "counts")) == "counts"
    plain = plain_pretrained(request_.rows_folder, replace(models["tuned"], min_count=3))
    assert (plain.strategy, plain.vector_size, plain.min_count) == ("pretrained", 8, 3)
    with pytest.raises(RunError, match="no longer"):
        plain_pretrained(request_.rows_folder.with_name("gone"), models["tuned"])


def test_own_pairs_are_kept_and_judged(request_):
    lines = "\n".join(f"{a},{b},{i}" for i, (a, b) in enumerate(zip(TOPICAL_WORDS, TOPICAL_WORDS[4:60], strict=False)))
    pairs = read_word_pairs(f"{lines}\naaa,aab,aac,aad\none,two\n".encode(), "mine.csv")
    digest = keep_pairs(pairs)
    assert load_pairs(digest) == pairs
    request = replace(request_, pairs=(digest,))
    score_models(silent, request)
    card = load_score(request.identity, {model_key(config): name for name, config in request.configs})
    mine = [row for row in meaning_rows(card) if row["List"] == "mine.csv"]
    assert mine[0]["Pairs"] == f"{card.model('counts').pairs['mine.csv'].pairs} of 56"
    assert mine[0]["Analogies"].endswith("of 1")
    assert mine[0]["Change"] is not None
    with pytest.raises(EvaluationError, match="Upload it again"):
        load_pairs("unknown")


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        (unlabelled(1, 10), "10 tokens, too few"),
        (unlabelled(1, 120), "too few to set some aside"),
        (unlabelled(1) * 50, "repeat the text that the models learn from"),
        ([(" ".join(["axx ayy azz bxx byy"] * 30), None)] * 3 + unlabelled(0), "repeat"),
    ],
)
def test_texts_that_cannot_be_scored_are_explained(documents, says):
    request = asked(documents, configs("counts", "scratch"), vectors=False)
    with pytest.raises(EvaluationError, match=says):
        score_models(silent, request)
    assert not has_score(request.identity)


def test_a_cancelled_scoring_leaves_no_scorecard(request_):
    def cancelling(fraction, _):
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        score_models(cancelling, request_)
    assert not has_score(request_.identity)


def test_damaged_scorecards_and_missing_texts_are_named(request_):
    score_models(silent, request_)
    path = store.score_folder(request_.identity) / "scorecard.json"
    path.write_text("{}")
    with pytest.raises(RunError, match="Score the models again"):
        load_score(request_.identity, {})
    with pytest.raises(RunError, match="Data page"):
        score_models(silent, replace(request_, corpus_folder=request_.corpus_folder.with_name("gone")))
