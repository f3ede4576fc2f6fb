"""Every test has a cache folder of its own, and finds the shared real data where there is any."""

import gc
import os
import threading
from itertools import count
from pathlib import Path

import pytest
import streamlit as st
from browser.driver import ARGUMENTS, end_browsers, require_chromium
from cheap_app_test import make_cheap
from databases import database_of
from same_process import SameProcess, end_calls

from core.system.files import cache_folder

BROWSER_SECONDS = 300
"""For one browser test, with the server and the models that it is the first to need."""
SHARED_DATA = Path(os.environ.get("VECTUNE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")

os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))  # compiled code outlives a test's cache folder
_numbers = count()
make_cheap()
gc.disable()  # thousands of tests are found now, all of which stay


def pytest_collection_finish(session):
    """From now on a search for garbage need not look through all that was imported, and through every test."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def cache_folders(tmp_path_factory):
    """Where those of all tests are: a folder made by pytest for each would take longer than many a test."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True, name="cache")
def cache_of_this_test(cache_folders, monkeypatch):
    """The cache folder of this test, which is there once something is kept in it."""
    folder = cache_folders / f"{next(_numbers)}"
    monkeypatch.setenv("VECTUNE_CACHE", str(folder))
    monkeypatch.setenv("VECTUNE_WORKSPACES_PER_ADDRESS", "100000")  # all tests come from one
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request, cache, monkeypatch):
    """An empty database of each kind in turn."""
    with database_of(request.param, monkeypatch):
        yield request.param


@pytest.fixture(autouse=True)
def jobs_in_this_process(request, monkeypatch):
    """Jobs of pages have no child, which would import all it needs; a warm one would keep this test's cache folder.

    Tests marked `children` have real ones for all but maps. Nothing is compiled ahead, nor any map made ahead: the
    thread that does would go on in the cache folder of the next test. Models that a page had trained are scored by
    themselves only in tests marked `scored`.
    """
    if request.node.get_closest_marker("children") is None:
        monkeypatch.setattr("pages.shared.cached.server.ProcessExecutor", SameProcess)
    monkeypatch.setattr("pages.shared.cached.server.WarmExecutor", SameProcess)
    monkeypatch.setattr("pages.shared.cached.server.prepare_pages", lambda: None)
    monkeypatch.setattr("pages.shared.maps_ahead.start_thread", lambda work: None)
    if request.node.get_closest_marker("scored") is None:
        monkeypatch.setattr("pages.shared.scoring.submit_usual", lambda inputs: None)
    yield
    end_calls()


@pytest.fixture
def vectors_folder(cache, tmp_path, monkeypatch):
    """The folder of vectors files, empty, of a server that has just started."""
    st.cache_resource.clear()
    folder = tmp_path / "vectors"
    folder.mkdir()
    monkeypatch.setenv("VECTUNE_VECTORS", str(folder))
    return folder


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    path = require_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """A page whose script never ends would block Playwright, and with it all tests, for ever: it loses its browser."""
    if item.get_closest_marker("browser") is None:
        return (yield)
    timer = threading.Timer(BROWSER_SECONDS, end_browsers)
    timer.start()
    try:
        return (yield)
    finally:
        timer.cancel()
