"""Names that are images on another server, on every page in a real Chromium: nothing is asked of any other host."""

from urllib.parse import urlparse

import pytest
from browser.driver import serve
from hostile_names import hostile_workspace

pytestmark = pytest.mark.browser

PAGES = {
    "": "Data", "train": "Train", "compare": "Compare", "words": "Words", "runs": "Runs", "scorecard": "Scorecard",
    "storage": "Storage",
}  # fmt: skip


def test_no_page_asks_another_host(chromium, cache, vectors_folder):
    token = hostile_workspace(vectors_folder)
    with serve(cache, vectors_folder) as (url, _):
        page = chromium.new_context(viewport={"width": 1400, "height": 1400}).new_page()
        page.set_default_timeout(30_000)
        asked, seen = [], 0
        page.on("request", lambda request: asked.append(request.url))
        for path, title in PAGES.items():
            page.goto(f"{url}/{path}?w={token}")
            page.get_by_role("heading", name=title, exact=True).wait_for()
            page.wait_for_timeout(4_000)
            seen += page.get_by_text("evil.example").count()
            assert not page.locator("img[src*=evil], img[src=x], a[href*=evil], a[href^=javascript]").count()
    assert seen > 5
    hosts = {urlparse(each).hostname for each in asked if each.startswith(("http", "ws"))}
    assert hosts == {"127.0.0.1"}
