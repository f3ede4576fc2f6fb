"""The Admin page in a real browser: where the token goes and where it does not, and who finds the page in the menu."""

from pathlib import Path

import pytest
from browser.driver import open_from_help, serve

pytestmark = pytest.mark.browser
TOKEN = "a-secret-of-the-server"


@pytest.fixture
def url(tmp_path, monkeypatch):
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", TOKEN)
    for name in ("cache", "vectors"):
        (tmp_path / name).mkdir()
    with serve(tmp_path / "cache", tmp_path / "vectors") as (url, _):
        yield url


def test_the_token_opens_the_page_and_stands_in_no_address_and_no_log(url, chromium, tmp_path):
    page = chromium.new_page()
    page.goto(f"{url}/admin")
    field = page.locator("input[type=password]")
    field.wait_for(timeout=60_000)
    page.get_by_role("button", name="Help", exact=True).click()
    page.get_by_role("menuitem", name="About").wait_for()
    assert page.get_by_role("menuitem", name="Admin").count() == 0
    page.keyboard.press("Escape")
    assert page.get_by_text("Workspaces").count() == 0
    field.fill(TOKEN)
    page.get_by_role("button", name="Open").click()
    page.get_by_text("Limits in force").wait_for(timeout=30_000)
    assert TOKEN not in page.url
    assert TOKEN not in page.content()
    open_from_help(page, "About")
    page.get_by_role("heading", name="Privacy").wait_for(timeout=30_000)
    open_from_help(page, "Admin")
    page.get_by_text("Limits in force").wait_for(timeout=30_000)
    assert TOKEN not in page.url
    stranger = chromium.new_page()
    stranger.goto(url)
    stranger.get_by_role("button", name="Try the demo").wait_for(timeout=60_000)
    stranger.get_by_role("button", name="Help", exact=True).click()
    stranger.get_by_role("menuitem", name="About").wait_for()
    assert stranger.get_by_role("menuitem", name="Admin").count() == 0
    kept = [path.read_bytes() for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in content for content in kept)
    stranger.close()
    page.close()
