"""Exports and reports of stored runs, as the page asks for them."""

import os
import time
from dataclasses import replace
from html import escape

import numpy as np
import pytest

from core.comparison.noise import measure_movers
from core.comparison.noise_plan import plan_noise
from core.comparison.retrainings import NoiseSide
from core.config import default_config
from core.errors import RunError
from core.export.orders import (
    KEPT_SECONDS,
    ExportOrder,
    ReportOrder,
    file_name,
    find_export,
    find_report,
    make_export,
    make_report,
)
from core.models.runs import keep_corpus, keep_pretrained, load_run, train_run
from core.pretrained.vectors import open_pretrained, write_glove
from core.progress import silent
from core.score.store import ScoreRequest, load_score, model_key, score_models
from core.score.verdict import judge
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.text.reading.uploads import Upload
from core.workspace.texts import TextChoice, keep_text, keep_uploads, opened_file

TEXT = "the river runs past the old bank of stone and water falls over the river bank in spring"


@pytest.fixture
def corpus():
    return build_corpus([Document("a", TEXT)])


@pytest.fixture
def vectors(corpus, tmp_path):
    words = [*corpus.words, "sea", "ship"]
    path = tmp_path / "tiny.4d.txt"
    write_glove(path, words, np.random.default_rng(0).normal(size=(len(words), 4)).astype(np.float32))
    return path


@pytest.fixture
def run(corpus, vectors):
    rows = keep_pretrained(open_pretrained(vectors, corpus.words), corpus)
    return {
        name: train_run(silent, keep_corpus(corpus), rows, default_config(name, vector_size=4, min_count=1))
        for name in ("pretrained", "preview")
    }


def test_an_export_is_made_once_and_goes_after_a_day(run, vectors):
    order = ExportOrder(run["preview"], "my-model", "npz", True)
    assert find_export(order) is None
    path = make_export(silent, order).files[0]
    assert find_export(order) == path
    with np.load(path) as read:
        assert np.array_equal(read["vectors"], load_run(run["preview"]).vectors)
    merged = ExportOrder(run["preview"], "my-model", "npz", True, vectors)
    assert find_export(merged) is None
    old = time.time() - KEPT_SECONDS - 10
    os.utime(path.parent, (old, old))
    with np.load(make_export(silent, merged).files[0]) as read:
        assert {"sea", "ship"} < set(read["words"].tolist())
    assert find_export(order) is None
    assert find_export(merged) is not None


def test_counts_beside_the_vectors_come_as_one_zip(run):
    path = make_export(silent, ExportOrder(run["preview"], "m", "word2vec", True)).files[0]
    assert path.name == "m.zip"
    assert find_export(ExportOrder(run["preview"], "m", "word2vec", True)) == path


def test_a_report_is_made_once(run):
    order = ReportOrder(run["pretrained"], run["preview"], ("A", "B"), (), "today")
    assert find_report(order) is None
    folder = make_report(silent, order)
    assert find_report(order) == folder
    assert {path.name for path in folder.iterdir()} == {"report.html", "maps.svg"}
    assert find_report(replace(order, pins=("river",))) is None
    with pytest.raises(RunError, match="scorecard"):
        make_report(silent, replace(order, score=("nothing", ())))


def test_a_report_tells_which_words_moved_more_than_the_noise_that_was_measured(corpus, vectors):
    rows = keep_pretrained(open_pretrained(vectors, corpus.words), corpus)
    sides = []
    for strategy in ("pretrained", "classic"):
        config = default_config(strategy, vector_size=4, min_count=1, epochs=1)
        run = train_run(silent, keep_corpus(corpus), rows, config)
        sides.append(NoiseSide(run, keep_corpus(corpus), rows, config))
    plan = plan_noise(*sides, documents=1)
    order = ReportOrder(sides[0].run, sides[1].run, ("A", "B"), (), "today", noise=plan)
    with pytest.raises(RunError, match="damaged"):
        make_report(silent, order)
    measure_movers(silent, plan, ("seed",))
    page = (make_report(silent, order) / "report.html").read_text(encoding="utf-8")
    assert "moved more than noise" in page
    assert "another seed" in page
    assert find_report(order) is not None
    measure_movers(silent, plan)
    assert find_report(order) is None  # more is known by now


def test_a_report_quotes_the_text_as_it_was_written_and_counts_what_the_models_were_made_from(corpus, run, vectors):
    folders = keep_corpus(corpus), keep_pretrained(open_pretrained(vectors, corpus.words), corpus)
    order = ReportOrder(run["pretrained"], run["preview"], ("A", "B"), ("river",), "today", inputs=(folders, folders))
    page = (make_report(silent, order) / "report.html").read_text(encoding="utf-8")
    assert "has 1 document with 18 tokens" in page
    assert f"({len(corpus.words) + 2} words, 4 dimensions)" in page
    assert "put together from its tokens" in page
    assert page.count("the <b>river</b> ") == 2
    upload = keep_uploads([Upload("a.txt", TEXT.replace("the river", "The RIVER").encode())])
    choice = TextChoice(upload)
    keep_text(silent, choice)
    kept = opened_file(choice.key)
    page = (make_report(silent, replace(order, kept=(kept, kept))) / "report.html").read_text(encoding="utf-8")
    assert "<blockquote>The <b>RIVER</b> runs past the old" in page
    assert "put together from its tokens" not in page
    gone = replace(order, inputs=((folders[0] / "gone", None),) * 2)
    page = (make_report(silent, gone) / "report.html").read_text(encoding="utf-8")
    assert "<h2>A word</h2>" not in page


def test_a_report_tells_the_scorecard_that_was_made(tmp_path):
    words = ["zebra", *("abcdefghij"[i // 10] + "aeiouylmns"[i % 10] + "x" for i in range(100))]
    texts = [" ".join(np.random.default_rng(place).choice(words, 40)) for place in range(40)]
    corpus = build_corpus([Document(str(place), text) for place, text in enumerate(texts)])
    vectors = np.random.default_rng(0).normal(size=(len(words), 4)).astype(np.float32)
    write_glove(tmp_path / "v.4d.txt", words, vectors)
    rows = keep_pretrained(open_pretrained(tmp_path / "v.4d.txt", corpus.words), corpus)
    configs = {name: default_config(name, vector_size=4) for name in ("pretrained", "preview")}
    runs = {name: train_run(silent, keep_corpus(corpus), rows, config) for name, config in configs.items()}
    request = ScoreRequest(keep_corpus(corpus), rows, tuple(configs.items()), "preview", "pretrained", 1)
    score = score_models(silent, request)
    names = {model_key(config): f"<{name}>" for name, config in configs.items()}
    order = ReportOrder(
        runs["pretrained"], runs["preview"], ("A", "B"), (), "today", (score, tuple(sorted(names.items())))
    )
    page = (make_report(silent, order) / "report.html").read_text(encoding="utf-8")
    card = load_score(score, names)
    assert escape(judge(card).headline) in page
    assert "&lt;preview&gt;" in page
    assert "<preview>" not in page
    assert f"{100 * card.model('<preview>').cloze.value:.1f} %" in page
    assert f"{card.positions:,} questions" in page
    assert "Hill, F." in page


def test_file_names_are_plain():
    assert file_name("Fine-tune (α=0.5)", "My / Text") == "fine-tune-α-0-5-my-text"
    assert file_name("../..") == "model"
