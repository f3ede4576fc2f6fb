"""The table of strategies: what it says is true, and a row with a function is all that a new strategy takes."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from app_driver import choose_vectors, everything, go, open_app, paste
from models.test_training import config_for, half_of, random_text
from small_texts import LINES, small_glove

from core.cli.main import main
from core.comparison.noise_plan import plan_noise
from core.comparison.retrainings import NoiseSide
from core.config import TrainConfig, default_config
from core.errors import TrainingError
from core.methods import ENGINE_WORKS, METHODS, SUBWORD_VECTORS, WORD2VEC, Citation, Method, usual_strategies
from core.models.estimates import estimate_bytes, estimate_seconds
from core.models.strategies import MAKERS, Made
from core.models.training import train
from core.prose.citations import all_works, name_other_files, works_behind
from core.score.store import first_to_judge
from core.workspace.asked_runs import choose_sides

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SETTINGS = tuple(field.name for field in fields(TrainConfig) if field.name != "strategy")
OTHER = {
    "vector_size": 6, "window": 2, "min_count": 12, "negative": 3, "epochs": 3, "alpha": 0.04, "algorithm": "cbow",
    "sample": 0.1, "seed": 7, "context": "sentence", "dose": 0.25, "pull": 0.4, "tau": 3.0, "blend": 0.8, "lockf": 0.5,
    "as_published": True,
}  # fmt: skip


def test_every_row_has_a_function_and_is_whole():
    assert set(MAKERS) == set(METHODS)
    for strategy, method in METHODS.items():
        assert method.explanation.endswith("."), strategy
        assert method.if_it_hurt.endswith("."), strategy
        assert method.source
        assert set(method.reads) <= set(SETTINGS), strategy
        assert "seed" in method.reads or not method.random, strategy
        assert ("epochs" in method.reads) == method.trains, strategy
    ranks = [method.judged for method in METHODS.values()]
    assert len(set(ranks)) == len(ranks)
    assert usual_strategies() == ("tied", "scratch", "pretrained")


def test_an_unknown_strategy_is_refused_with_those_there_are():
    for make in (lambda: TrainConfig(strategy="sratch"), lambda: default_config("sratch")):
        with pytest.raises(TrainingError, match=r"strategy is 'sratch'; it must be one of: tied, tuned, scratch, "):
            make()


@pytest.mark.parametrize("strategy", METHODS)
def test_a_strategy_reads_the_settings_that_its_row_says_and_no_other(strategy):
    corpus = random_text(documents=12, tokens=30)
    reads = METHODS[strategy].reads
    usual = config_for(strategy, epochs=1, dose=0.5 if "dose" in reads else None)
    vectors = half_of(corpus)

    def result(config):
        file = replace(vectors, vectors=vectors.vectors[:, : config.vector_size])
        return train(corpus, config, file).vectors

    as_usual = result(usual)
    for setting in SETTINGS:
        other_than = {name: not getattr(usual, name) for name in ("dosed", "spelled")}
        other_than["engine"] = "vectune" if usual.engine == "gensim" else "gensim"
        value = {**OTHER, **other_than}[setting]
        other = result(replace(usual, **{setting: value}))
        same = other.shape == as_usual.shape and other.tobytes() == as_usual.tobytes()
        if setting != "context":  # this text has no sentences
            assert same != (setting in reads), setting


def test_the_readme_has_every_strategy():
    listed = re.findall(r"^\| ([^|]+) \| `(\w+)` \|", README, re.MULTILINE)
    assert [(strategy, METHODS[strategy].name) for _, strategy in listed] == [(key, name) for name, key in listed]
    assert {strategy for _, strategy in listed} == set(METHODS)


def test_every_work_is_listed_once_and_found_by_its_strategy():
    works = all_works()
    assert len(works) == len(set(works))
    for strategy, method in METHODS.items():
        assert set(method.works) <= set(works_behind([strategy], [])) <= set(works)


@pytest.mark.parametrize(
    ("file", "cited"),
    [
        ("glove.6B.50d.txt", True),
        ("glove.840B.300d.zip", True),
        ("glove-wiki-gigaword-50.gz", True),
        ("GoogleNews-vectors-negative300.bin", False),
        ("wiki-news-300d-1M.vec", False),
        ("glove.txt", True),
        ("mine.glove.txt", False),  # a model that Vectune wrote in that format
        ("glove-tuned.glove.txt", False),
        ("glovebox.txt", False),
    ],
)
def test_glove_is_cited_for_its_own_files_and_others_are_named(file, cited):
    works = works_behind(["tuned"], [], files=[file])
    assert any("Pennington" in work.text for work in works) is cited
    assert name_other_files([file, file]) == (() if cited else (file,))


def test_what_words_of_like_spelling_rest_on_is_cited_where_they_placed_any():
    assert SUBWORD_VECTORS in works_behind(["tied"], ["vectune"], spelled=True)
    assert SUBWORD_VECTORS not in works_behind(["tied"], ["vectune"])


@pytest.mark.parametrize(("engine", "other"), [("vectune", "gensim"), ("gensim", "vectune")])
def test_what_trained_a_model_is_cited_and_the_other_engine_is_not(engine, other):
    config = default_config("tuned", engine=engine)
    cited = works_behind(["tuned"], [config.trained_by])
    assert ENGINE_WORKS[engine] in cited
    assert ENGINE_WORKS[other] not in cited
    assert default_config("tied", engine="gensim").trained_by == "vectune"  # which gensim cannot make
    assert default_config("tied", engine="gensim").identity == default_config("tied").identity
    assert default_config("counts", engine="gensim").trained_by is None


CAREFUL = Citation("Careful averaging", "Made, U. P. (2026). Averages.", "https://example.org/averages")


@pytest.fixture
def averages(monkeypatch):
    """A strategy that was not there before: a row and a function, and nothing else."""
    row = Method(
        name="Averages only",
        explanation="Puts every word into the middle of those that the file has.",
        source="Made up 2026",
        works=(WORD2VEC, CAREFUL),
        reads=("vector_size", "min_count", "seed"),
        random=False,
        trains=False,
        counts=False,
        arrays=3,
        usual=True,
        judged=0,
        side="right",
    )
    monkeypatch.setitem(METHODS, "averages", row)

    def make_averages(material, config, progress):
        vectors = material.rows.copy()
        vectors[~material.covered] = material.rows[material.covered].mean(axis=0)
        return Made(vectors)

    monkeypatch.setitem(MAKERS, "averages", make_averages)
    return row


def test_an_added_strategy_is_made_and_listed_by_the_command_line(averages, tmp_path, capsys):
    text, vectors, out = tmp_path / "text.txt", tmp_path / "tiny.8d.txt", tmp_path / "out"
    text.write_text("\n".join(LINES * 10), encoding="utf-8")
    small_glove(vectors, LINES, without=("crown",))
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert "averages" in capsys.readouterr().out
    given = ["--text", str(text), "--vectors", str(vectors), "--out", str(out), "--json"]
    assert main(["train", "--strategy", "averages", *given]) == 0
    made = json.loads(capsys.readouterr().out)["runs"]["averages"]
    assert (made["strategy"], made["config"]["epochs"]) == ("averages", 10)
    assert (out / "averages" / "vectors.txt").exists()
    assert main(["train", "--strategy", "averages", *given, "--set", "window=3"]) == 2
    assert "window changes nothing about averages" in capsys.readouterr().err
    assert main(["train", "--strategy", "averages", "pretrained", *given, "--set", "window=3"]) == 0
    assert "note: averages: no use is made of window\n" in capsys.readouterr().err
    assert main(["train", "--strategy", "averages", "--text", str(text), "--out", str(out)]) == 2
    assert "averages starts from pretrained vectors" in capsys.readouterr().err


def test_an_added_strategy_is_estimated_cited_judged_and_held_against_noise(averages, tmp_path):
    corpus, config = random_text(), default_config("averages", vector_size=8)
    tuned = default_config("tuned", vector_size=8)
    assert estimate_seconds(corpus, config) == 1
    assert estimate_bytes(corpus, config) < estimate_bytes(corpus, tuned)
    assert CAREFUL in all_works()
    assert CAREFUL in works_behind(["averages"], [None])
    assert CAREFUL not in works_behind(["scratch"], ["vectune"])
    assert first_to_judge({"mine": config, "theirs": tuned}) == "mine"
    assert choose_sides({"a": tuned, "b": config, "c": default_config("scratch")}) == ("c", "b")
    sides = [NoiseSide(each, tmp_path, tmp_path, config) for each in "ab"]
    assert plan_noise(*sides, documents=40).kinds == ("documents", "placebo")


def test_an_added_strategy_is_on_the_form_with_the_settings_it_reads(averages, vectors_folder):
    small_glove(vectors_folder / "tiny.8d.txt", LINES)
    app = open_app()
    paste(app, "\n\n".join(LINES * 10))
    choose_vectors(app, "tiny.8d.txt")
    go(app, "train")
    box = app.checkbox(key="make-averages")
    assert (box.label, box.value) == ("**Averages only**", True)
    assert averages.explanation in everything(app)
    for strategy in ("tied", "scratch", "pretrained"):
        app.checkbox(key=f"make-{strategy}").uncheck().run()
    shown = {each.label for each in app.number_input}
    assert {"values a vector (vector_size)", "least count of a word (min_count)", "seed"} <= shown
    assert not any(part in label for label in shown for part in ("(negative)", "(epochs)", "seeds to train with"))
    assert any("Train 1 model" in each.label for each in app.button)
    go(app, "about")
    assert "Careful averaging" in everything(app)
