"""Every test has a cache folder of its own, and finds the shared real data where there is any."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(os.environ.get("VECTUNE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """The cache folder of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("VECTUNE_CACHE", str(folder))
    return folder
