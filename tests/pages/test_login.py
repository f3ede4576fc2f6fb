"""The optional login stands before everything, deep links included."""

import base64
import importlib.util
import json
import tomllib
from pathlib import Path

import pytest
import streamlit as st
from app_driver import APP, everything, labels, open_app, paste, press, run
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest
from workspaces import id_of

from core.system.files import cache_folder
from pages.shared import comeback, login
from pages.shared.frame import menu

SECRETS = dict.fromkeys(("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"), "given")


@pytest.fixture(autouse=True)
def fresh_server(cache, tmp_path, monkeypatch):
    st.cache_resource.clear()
    (tmp_path / "vectors").mkdir()
    monkeypatch.setenv("VECTUNE_VECTORS", str(tmp_path / "vectors"))
    monkeypatch.delenv("VECTUNE_LOGIN", raising=False)


@pytest.fixture
def locked(monkeypatch):
    """A server with a login that has all it takes."""
    monkeypatch.setenv("VECTUNE_LOGIN", "1")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(st, "secrets", {"auth": SECRETS})


@pytest.fixture
def log_in(locked, monkeypatch):
    """A function: from now on, sessions are those of this person."""
    return lambda name: monkeypatch.setattr(st, "user", {"is_logged_in": True, "iss": "provider", "sub": name})


def token(app):
    value = app.query_params["w"]
    return value[0] if isinstance(value, list) else value


def put_cookies(monkeypatch, **cookies):
    monkeypatch.setattr(type(st.context), "cookies", {name.replace("_", "-"): text for name, text in cookies.items()})


def scripts(app):
    return "\n".join(each.proto.body for each in app.get("html"))


def test_without_the_switch_nobody_is_asked():
    assert "Try the demo" in labels(open_app())


@pytest.mark.parametrize(
    ("value", "required"), [("1", True), ("true", True), ("yes", True), ("0", False), ("False", False), ("", False)]
)
def test_a_switch_that_is_not_clearly_off_is_on(monkeypatch, value, required):
    monkeypatch.setenv("VECTUNE_LOGIN", value)
    assert login.is_required() is required


def test_with_the_switch_there_is_nothing_but_the_login(locked):
    app = open_app()
    assert labels(app) == ["Log in"]
    assert "Bring your own text" not in everything(app)


@pytest.mark.parametrize("page", [name for name in menu.PAGES if name not in ("data", "admin")])
def test_a_deep_link_cannot_go_round_it(locked, page):
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert labels(app) in ([], ["Log in"])
    assert everything(app).strip() in ("", "Whoever runs this server asks you to log in.\nVectune")


def test_a_server_without_authlib_says_so_instead_of_offering_a_button(locked, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    app = open_app()
    assert "Install `streamlit[auth]`" in everything(app)
    assert labels(app) == []


def test_secrets_that_are_not_filled_in_are_named(locked, monkeypatch):
    monkeypatch.setattr(st, "secrets", {"auth": {**SECRETS, "client_id": "", "cookie_secret": ""}})
    assert "lacks `cookie_secret`, `client_id`." in everything(open_app())
    monkeypatch.setattr(st, "secrets", {"auth": {"default": SECRETS}})
    assert labels(open_app()) == ["Log in"]


def test_the_example_of_secrets_asks_to_be_filled_in(locked, monkeypatch):
    example = (Path(__file__).parents[2] / ".streamlit" / "secrets.example.toml").read_text()
    monkeypatch.setattr(st, "secrets", tomllib.loads(example))
    assert "lacks `cookie_secret`, `client_id`, `client_secret`." in everything(open_app())


@pytest.mark.parametrize("content", [None, "x = = 1"])
def test_secrets_that_cannot_be_read_are_named(locked, monkeypatch, tmp_path, content):
    if content:
        (tmp_path / ".streamlit").mkdir()
        (tmp_path / ".streamlit" / "secrets.toml").write_text(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(st, "secrets", Secrets())
    assert "the server has no `.streamlit/secrets.toml`, or it is not valid TOML" in everything(open_app())


def test_a_workspace_follows_its_person_and_not_the_browser(log_in, monkeypatch):
    log_in("alice")
    app = open_app()
    paste(app, "zebras and elephants meet. " * 50)
    alice = token(app)  # a session of its own gets one of its own; the workspace is the same
    put_cookies(monkeypatch, vectune=alice)  # left from a time without a login
    log_in("bob")
    bob = token(open_app())
    assert id_of(bob) != id_of(alice)
    assert id_of(token(open_app())) == id_of(bob)
    assert token(open_app(w=alice)) == alice  # a shared link
    assert id_of(token(open_app())) == id_of(bob)
    log_in("alice")
    again = open_app()
    assert id_of(token(again)) == id_of(alice)
    assert "too few" in everything(again)


def test_the_first_link_that_somebody_follows_does_not_become_their_own(log_in):
    log_in("alice")
    alice = token(open_app())
    log_in("bob")
    assert token(open_app(w=alice)) == alice
    assert token(open_app()) != alice


def test_erasing_another_persons_workspace_leaves_ones_own(log_in):
    log_in("alice")
    alice = token(open_app())
    erased = id_of(alice)
    log_in("bob")
    bob = token(open_app())
    app = open_app(w=alice)
    app.switch_page("pages/about.py").run()
    press(app, "Erase everything now")
    run(app)
    assert id_of(token(app)) not in (erased, id_of(bob))
    assert id_of(token(open_app())) == id_of(bob)
    assert len(list(cache_folder("people").iterdir())) == 2


def test_what_was_asked_for_survives_the_login(log_in, monkeypatch):
    user = st.user
    log_in("alice")
    alice = token(open_app())
    monkeypatch.setattr(st, "user", user)
    gate = open_app(w=alice, pins="zebra")
    cookie = scripts(gate).partition("vectune-request=")[2].partition(";")[0]
    log_in("bob")
    put_cookies(monkeypatch, vectune_request=cookie)
    app = open_app()
    assert token(app) == alice
    assert "vectune-request=;" in scripts(app)
    assert "max-age=0" in scripts(app)


@pytest.mark.parametrize(
    "content", ["[]", "[1]", '["models", 3]', '["../secrets", {}]', "nonsense", '[["models"], {}]']
)
def test_a_cookie_that_somebody_made_up_is_no_link(monkeypatch, content):
    put_cookies(monkeypatch, vectune_request=base64.urlsafe_b64encode(content.encode()).decode())
    assert comeback.kept_request({"data", "models"}) is None
    put_cookies(monkeypatch, vectune_request="%%%é")
    assert comeback.kept_request({"data", "models"}) is None


def test_a_link_that_is_too_long_for_a_cookie_is_not_kept(locked):
    assert "vectune-request" not in scripts(open_app(pins="a" * 4000))
    assert "vectune-request" in scripts(open_app(pins="a" * 400))
    assert "vectune-request" not in scripts(open_app())


def test_a_kept_link_leads_to_its_page(monkeypatch):
    put_cookies(
        monkeypatch, vectune_request=base64.urlsafe_b64encode(json.dumps(["models", {"w": "x"}]).encode()).decode()
    )
    assert comeback.kept_request({"data", "models"}) == ("models", {"w": "x"})


def test_a_home_that_cannot_be_read_is_put_aside(log_in):
    log_in("alice")
    first = token(open_app())
    (path,) = cache_folder("people", "any").parent.glob("*.json")
    for unreadable in ("{", '{"version": 99, "workspace": 5}'):
        path.write_text(unreadable, "utf-8")
        second = token(open_app())
        assert id_of(second) != id_of(first)
        assert id_of(token(open_app())) == id_of(second)
        assert path.with_suffix(".unreadable").read_text("utf-8") == unreadable
