"""Demo sessions, downloads and erasing in a real Chromium: what AppTest cannot show."""

import numpy as np
import pytest
from app_driver import prepare_cheap_demo
from browser.driver import open_from_help, serve

from core.pretrained.vectors import write_glove
from core.workspace.demo_data import counted_vectors

pytestmark = pytest.mark.browser
WORDS = ("the", "a", "of", "australia", "government", "palestinian", "test", "people", "police", "fire")


@pytest.fixture
def server(chromium, cache, tmp_path, monkeypatch):
    (tmp_path / "vectors").mkdir()
    write_glove(counted_vectors(), WORDS, np.random.default_rng(0).normal(size=(len(WORDS), 8)).astype(np.float32))
    prepare_cheap_demo(monkeypatch)
    with serve(cache, tmp_path / "vectors") as (url, _):
        yield url


def new_page(browser):
    page = browser.new_context(viewport={"width": 1400, "height": 1400}, accept_downloads=True).new_page()
    page.set_default_timeout(90_000)
    return page


def test_the_demo_is_presented_exported_and_erased(chromium, server, cache):
    page = new_page(chromium)
    page.goto(server)
    page.get_by_role("button", name="Try the demo").click()
    page.get_by_text("step 1 of 5").wait_for()
    page.wait_for_url("**/maps?**")
    page.get_by_role("heading", name="Maps").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("step 2 of 5").wait_for()
    page.reload()
    page.get_by_text("step 2 of 5").wait_for()

    audience = new_page(chromium)
    audience.goto(f"{server}/maps?demo=news")
    audience.get_by_text("step 1 of 5").wait_for()
    assert "demo=" not in audience.url
    assert audience.url.split("w=")[1][:22] != page.url.split("w=")[1][:22]
    audience.context.close()

    page.get_by_role("link", name="Models").click()
    table = page.locator("[data-testid=stDataFrame] canvas").first
    table.wait_for()
    page.wait_for_timeout(1000)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 35 + 17)
    page.get_by_role("tab", name="Export").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download", exact=True).click()
    words, size = caught.value.path().read_text(encoding="utf-8").split("\n", 1)[0].split()
    assert int(words) > 1000
    assert size == "8"

    before = page.url.split("w=")[1][:22]
    open_from_help(page, "About")
    page.get_by_role("button", name="Erase my data").click()
    page.get_by_role("button", name="Erase everything now").click()
    page.get_by_text("You have a new, empty workspace.").wait_for()
    page.wait_for_timeout(500)
    page.goto(server)
    page.get_by_role("button", name="Try the demo").wait_for()
    assert page.url.split("w=")[1][:22] != before
    cookie = next(each["value"] for each in page.context.cookies() if each["name"] == "vectune")
    assert cookie == page.url.split("w=")[1][:22]
    page.context.close()
