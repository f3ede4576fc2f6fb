"""A disk that is full, may only be read, or is gone, under a running server in a real Chromium."""

import re
import shutil
from contextlib import contextmanager

import pytest
from browser.driver import open_from_help, serve, wait_until_drawn
from made_runs import LEFT, TOKEN, make_workspace
from small_disk import fill, mounted, read_only

from core.models.runs import run_folder

pytestmark = pytest.mark.browser

PAGES = ("", "train", "did-it-help", "maps", "what-changed", "a-word", "models", "storage", "about", "glossary")
BUGS = re.compile(r"Traceback|Errno|OSError|OperationalError|FileNotFoundError|\.py|an error occurred|Uncaught", re.I)


def read(page):
    """What the page says once it has been drawn."""
    wait_until_drawn(page)
    return page.locator("body").inner_text()


def open_all(page, url):
    for name in PAGES:
        page.goto(f"{url}/{name}?w={TOKEN}")
        page.locator("[data-testid=stMainBlockContainer] h1, [data-testid=stAlert]").first.wait_for()
        yield name, read(page)


def erase(page):
    page.get_by_role("button", name="Erase my data").click()
    page.get_by_role("button", name="Erase everything now").click()
    page.get_by_text("You have a new, empty workspace.").wait_for()


@contextmanager
def taken_away(disk):
    """The cache folder is gone for a while."""
    (disk / "cache").rename(disk / "elsewhere")
    yield
    shutil.rmtree(disk / "cache", ignore_errors=True)  # what visitors who came meanwhile have begun
    (disk / "elsewhere").rename(disk / "cache")


def test_pages_stand_where_nothing_can_be_written_and_erase_makes_room(chromium, tmp_path, monkeypatch):
    (tmp_path / "vectors").mkdir()
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "disk" / "cache"))
    with mounted(tmp_path / "disk", 30) as disk:
        make_workspace(pins=("word3",))
        with serve(disk / "cache", tmp_path / "vectors") as (url, _):
            page = chromium.new_context(viewport={"width": 1280, "height": 1000}).new_page()
            page.set_default_timeout(60_000)
            page.goto(f"{url}/a-word?w={TOKEN}")
            page.get_by_label("Find a word").wait_for()
            for trouble in (read_only, taken_away):
                with trouble(disk):
                    for name, text in open_all(page, url):
                        assert not BUGS.search(text), (trouble, name, text)
            page.goto(f"{url}/a-word?w={TOKEN}")
            page.get_by_label("Find a word").wait_for()
            fill(disk)
            page.get_by_label("Find a word").fill("word5")  # a callback of a fragment
            page.get_by_label("Find a word").press("Enter")
            page.get_by_text("this server's disk is full").wait_for()
            page.get_by_text("word5", exact=True).first.wait_for()
            for name, text in open_all(page, url):
                assert not BUGS.search(text), (name, text)
            open_from_help(page, "About")
            erase(page)
            assert not run_folder(LEFT).exists()
            (disk / "filler").unlink()
            assert not list(disk.rglob(".*"))
            page.context.close()
