"""Names that are images on another server, on every page in a real Chromium: nothing is asked of any other host."""

from urllib.parse import urlparse

import pytest
from browser.driver import serve, text_field, wait_until_drawn
from hostile_names import HOSTILE, WORDS, hostile_workspace
from small_texts import SENTENCES
from workspaces import saved

from core.workspace.demo_sessions import Step, gather_demo, save_demo

pytestmark = pytest.mark.browser

PAGES = {
    "": "Data", "train": "Train", "did-it-help": "Did it help?", "maps": "Maps", "what-changed": "What changed",
    "a-word": "A word", "models": "Models", "storage": "Storage", "about": "About", "glossary": "Glossary",
}  # fmt: skip


FILE = "<img src=x onerror=alert(1)> ![x](evil.example) $x$ :material_bolt: [a](http:evil.example)"
ADMIN = "the-token-of-whoever-runs-this"
MARKUP = "img[src*=evil], img[src=x], a[href*=evil], a[href^=javascript], .katex"


def upload(page, name, data):
    text_field(page).set_input_files([{"name": name, "mimeType": "text/plain", "buffer": data}])


def test_no_page_asks_another_host(chromium, cache, vectors_folder, monkeypatch):
    token = hostile_workspace(vectors_folder)
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", ADMIN)
    workspace = saved(token)
    steps = [Step(HOSTILE, left=workspace.left, right=workspace.right, pins=WORDS)]
    demo = save_demo(gather_demo(HOSTILE[:60], steps, workspace, workspace.runs, token))
    with serve(cache, vectors_folder) as (url, _):
        page = chromium.new_context(viewport={"width": 1400, "height": 1400}).new_page()
        page.set_default_timeout(30_000)
        asked, seen = [], 0
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        for path, title in PAGES.items():
            page.goto(f"{url}/{path}?w={token}")
            page.get_by_role("heading", name=title, exact=True).wait_for()
            wait_until_drawn(page)
            seen += page.get_by_text("evil.example").count()
            assert not page.locator(MARKUP).count()
        page.goto(f"{url}/?w={token}")
        page.get_by_text("Add another text").click()
        for name, data in ((f"{FILE}.pdf", b"%PDF-1.4 broken"), (f"{FILE}.txt", "\n".join(SENTENCES * 9).encode())):
            upload(page, name, data)
            if name.endswith(".pdf"):
                page.get_by_test_id("stAlert").get_by_text("evil.example").wait_for()
            page.get_by_text("evil.example").first.wait_for()
            wait_until_drawn(page)
            assert not page.locator(MARKUP).count()
        page.goto(f"{url}/?demo={demo}")
        page.get_by_text("step 1 of 1").wait_for()
        seen += page.get_by_text("evil.example").count()
        assert not page.locator(MARKUP).count()
        page.goto(f"{url}/admin?w={token}")
        page.locator("input[type=password]").fill(ADMIN)
        page.locator("input[type=password]").press("Enter")
        page.get_by_role("button", name="Close the admin page").wait_for()
        wait_until_drawn(page)
        assert not page.locator(MARKUP).count()
    assert seen > 6
    assert not dialogs
    hosts = {urlparse(each).hostname for each in asked if each.startswith(("http", "ws"))}
    assert hosts == {"127.0.0.1"}
