"""Every test has a cache folder of its own, and finds the shared real data where there is any."""

import os
from pathlib import Path

import pytest
import streamlit as st

from core.storage import cache_folder

SHARED_DATA = Path(os.environ.get("VECTUNE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")

os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))  # compiled code outlives a test's cache folder


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """The cache folder of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("VECTUNE_CACHE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_warming(monkeypatch):
    """Each test that opens the app would compile what maps need; those that draw maps compile it anyway."""
    monkeypatch.setattr("pages.shared.cached.prepare_maps", lambda progress: None)


@pytest.fixture
def vectors_folder(cache, tmp_path, monkeypatch):
    """The folder of vectors files, empty, of a server that has just started."""
    st.cache_resource.clear()
    folder = tmp_path / "vectors"
    folder.mkdir()
    monkeypatch.setenv("VECTUNE_VECTORS", str(folder))
    return folder
