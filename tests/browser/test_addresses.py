"""Addresses of pages in a real Chromium: those of earlier versions, and what Back and Forward do."""

import re

import pytest
from browser.driver import serve
from made_runs import TOKEN, make_workspace

pytestmark = pytest.mark.browser

MOVED = {"words": ("a-word", "A word"), "scorecard": ("did-it-help", "Did it help?"), "runs": ("models", "Models")}


@pytest.fixture
def page(chromium, cache, tmp_path):
    (tmp_path / "vectors").mkdir()
    make_workspace(pins=("word3",))
    with serve(cache, tmp_path / "vectors") as (url, _):
        page = chromium.new_context(base_url=url).new_page()
        page.set_default_timeout(60_000)
        page.goto("/what-changed")  # the first request of all to this server
        at(page, "what-changed", "What changed")
        assert not page.get_by_text("Page not found").count()
        yield page
        page.context.close()


def at(page, address, heading):
    page.wait_for_url(re.compile(rf"/{address}\?"))
    page.get_by_role("heading", name=heading, exact=True).wait_for()


def test_an_old_address_leads_to_its_page_and_back_leads_away_from_it(page):
    for old, (address, heading) in MOVED.items():
        page.goto(f"/{old}?w={TOKEN}")
        at(page, address, heading)
        assert f"w={TOKEN}" in page.url
    page.goto("data:text/html,<h1>elsewhere</h1>")
    page.goto(f"/compare?w={TOKEN}&pins=word5&colour=change")
    at(page, "maps", "Maps")
    assert "pins=word5" in page.url
    page.wait_for_function("history.isByPage")
    page.go_back()
    page.get_by_role("heading", name="elsewhere").wait_for()
    page.go_forward()
    at(page, "maps", "Maps")


def test_back_leads_away_from_an_old_address_in_a_slow_browser(page):
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.goto("data:text/html,<h1>elsewhere</h1>")
    page.goto(f"/compare?w={TOKEN}&pins=word5")
    at(page, "maps", "Maps")
    page.wait_for_function("history.isByPage")
    page.go_back()
    page.get_by_role("heading", name="elsewhere").wait_for()


def test_back_and_forward_go_from_page_to_page(page):
    page.goto("data:text/html,<h1>elsewhere</h1>")
    page.goto(f"/models?w={TOKEN}")
    at(page, "models", "Models")
    for name, address in (("Maps", "maps"), ("A word", "a-word")):
        page.get_by_role("link", name=name).click()
        at(page, address, name)
        page.wait_for_url(re.compile("left="))  # the address says what is shown once it is there
    page.go_back()
    at(page, "maps", "Maps")
    page.go_back()
    at(page, "models", "Models")
    page.go_forward()
    at(page, "maps", "Maps")
    page.go_back()
    at(page, "models", "Models")
    page.go_back()
    page.get_by_role("heading", name="elsewhere").wait_for()
