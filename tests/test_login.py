"""The optional login stands before everything, deep links included."""

import pytest
import streamlit as st
from app_driver import APP, everything, labels, open_app
from streamlit.testing.v1 import AppTest


@pytest.fixture(autouse=True)
def fresh_server(cache, tmp_path, monkeypatch):
    st.cache_resource.clear()
    (tmp_path / "vectors").mkdir()
    monkeypatch.setenv("VECTUNE_VECTORS", str(tmp_path / "vectors"))


@pytest.fixture
def locked(monkeypatch):
    monkeypatch.setenv("VECTUNE_LOGIN", "1")


def test_without_the_switch_nobody_is_asked():
    assert "Try the demo" in labels(open_app())


def test_with_the_switch_there_is_nothing_but_the_login(locked):
    app = open_app()
    assert labels(app) == ["Log in"]
    assert "Bring your own text" not in everything(app)


@pytest.mark.parametrize("page", ["train", "compare", "scorecard", "runs", "about", "glossary"])
def test_a_deep_link_cannot_go_round_it(locked, page):
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert labels(app) in ([], ["Log in"])
    assert everything(app).strip() in ("", "Whoever runs this server asks you to log in.\nVectune")
