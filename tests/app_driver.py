"""Driving the app without a browser: what the tests of the pages share."""

import secrets
import time
from pathlib import Path

import numpy as np
from same_process import wait_for_calls
from streamlit.testing.v1 import AppTest
from workspaces import save

from core.config import default_config
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding
from core.models.runs import load_inputs, save_run, train_run
from core.pretrained.vectors import open_pretrained
from core.progress import silent
from core.text.corpus import build_corpus
from core.text.reading.documents import Document, ReadOptions
from core.text.reading.uploads import Upload
from core.workspace import built_in_demo
from core.workspace.asked_runs import choose_sides, identify, make_runs
from core.workspace.texts import TextChoice, keep_uploads
from core.workspace.workspace import Workspace

APP = str(Path(__file__).parents[1] / "app.py")


def open_app(**query):
    return run(new_app(**query))


def open_page(page, state=None, **query):
    """The app as a link to one of its pages opens it, so that the Data page is not drawn before.

    `state`: what is in the session already.
    """
    app = new_app(**query)
    for key, value in (state or {}).items():
        app.session_state[key] = value
    app.switch_page(f"pages/{page}.py")
    return run(app)


def new_app(**query):
    """An app that has not run yet."""
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app


def run(app):
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def button(app, label):
    return next(each for each in app.button if label in each.label)


def press(app, label):
    button(app, label).click()
    run(app)


def labels(app):
    return [each.label for each in app.button]


def metric(app, label):
    return next(each.value for each in app.metric if each.label == label)


def paste(app, text):
    app.text_area(key="pasted-text").set_value(text).run()
    press(app, "Use this text")


def everything(app):
    kinds = ("markdown", "caption", "info", "warning", "error", "success", "header", "subheader", "title")
    return "\n".join(str(element.value) for kind in kinds for element in getattr(app, kind))


def go(app, page):
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception[0].value


def wait(app, condition, seconds=90):
    """Run the app until `condition(app)` holds: AppTest has no ticking fragments."""
    deadline = time.monotonic() + seconds
    while not condition(app):
        assert time.monotonic() < deadline, everything(app)
        wait_for_calls(seconds)
        time.sleep(0.05)
        run(app)


def train_and_wait(app):
    press(app, "Train ")
    wait(app, lambda app: "Cancel" not in labels(app))


def wait_for_maps(app):
    wait(app, lambda app: app.get("plotly_chart"), 120)


def tick(app, strategy, value):
    app.checkbox(key=f"make-{strategy}").set_value(value).run()


def choose_vectors(app, name):
    box = next(box for box in app.selectbox if box.label == "Vectors file")
    box.select(next(option for option in box.options if name in option)).run()


def select_rows(app, rows):
    """Tick rows of the Models page's table."""
    _, times = app.session_state["kept-run-table-rows"]
    app.session_state[f"run-table-{times}"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    run(app)


def trained_workspace(text, vectors, strategies=("scratch", "preview"), min_count=1):
    """Token of a workspace with finished models of `text`, made without the pages. `vectors`: path of a file."""
    corpus = build_corpus([Document(f"{n}", part) for n, part in enumerate(text.split("\n\n"))], name="my text.txt")
    upload = keep_uploads([Upload("my text.txt", text.encode())])
    opened = open_pretrained(vectors, corpus.words)
    configs = [
        default_config(each, vector_size=opened.vector_size, epochs=2, min_count=min_count) for each in strategies
    ]
    wanted = identify(corpus, opened, configs)
    source = TextChoice(upload, ReadOptions(unit="paragraph"))
    runs = make_runs(corpus, opened, wanted, source=source, vectors_path=vectors)
    for asked in runs:
        train_run(silent, *asked.inputs, asked.config)
    token = secrets.token_urlsafe(16)
    left, right = choose_sides(wanted)
    save(token, Workspace(text=source, vectors=vectors, runs=runs, left=left, right=right))
    return token


def prepare_cheap_demo(monkeypatch):
    """The built-in demo with random models and no maps; needs its vectors file to be there. Gives its identity."""

    def fake(progress, corpus_folder, rows_folder, config):
        corpus, rows = load_inputs(corpus_folder, rows_folder)
        ((identity, _),) = identify(corpus, rows, [config]).items()
        size = corpus.vocabulary_size(config.min_count)
        vectors = np.random.default_rng(len(config.strategy)).normal(size=(size, config.vector_size))
        sources = Sources(TextSource(corpus.name, corpus.digest), seconds=0.1, covered=size, vocabulary=size)
        embedding = Embedding(
            config.strategy, corpus.words[:size], vectors.astype(np.float32), corpus.counts[:size].copy(),
            np.ones(size, bool), config, sources,
        )  # fmt: skip
        save_run(embedding, identity)
        return identity

    monkeypatch.setattr(built_in_demo, "train_run", fake)
    monkeypatch.setattr(built_in_demo, "_lay_out", lambda runs, progress: None)
    return built_in_demo.prepare_demo(score=False)
