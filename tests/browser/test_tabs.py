"""One workspace in two tabs, and links that were given away, in a real Chromium."""

import pytest
from browser.driver import open_from_help, serve
from made_runs import TOKEN, make_workspace
from workspaces import saved

pytestmark = pytest.mark.browser


@pytest.fixture
def server(chromium, cache, tmp_path):
    (tmp_path / "vectors").mkdir()
    make_workspace()
    with serve(cache, tmp_path / "vectors") as (url, _):
        yield url


def open_page(browser, url):
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    return page


def paste(page, text):
    page.get_by_text("Add another text").click()
    page.get_by_role("tab", name="Paste").click()
    page.get_by_label("Or paste text").fill(text)
    page.get_by_label("Or paste text").blur()
    page.get_by_role("button", name="Use this text").click()


def erase(page):
    open_from_help(page, "About")
    page.get_by_role("button", name="Erase my data").click()
    page.get_by_role("button", name="Erase everything now").click()
    page.get_by_text("You have a new, empty workspace.").wait_for()


def test_an_older_tab_loses_nothing_sees_what_another_did_and_cannot_bring_back_what_was_erased(chromium, server):
    older = open_page(chromium, f"{server}/models?w={TOKEN}")
    older.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    newer = open_page(chromium, f"{server}/?w={TOKEN}")
    paste(newer, "A zebra met another zebra at the old bank of the river. " * 40)
    newer.get_by_test_id("stMetricLabel").filter(has_text="Tokens").first.wait_for()
    text = saved(TOKEN).text
    older.get_by_role("link", name="Train").click()
    older.get_by_role("button", name="Train").first.wait_for()
    kept = saved(TOKEN)
    assert kept.text == text  # the older tab's text was another
    assert len(kept.runs) == 2
    erase(newer)
    older.get_by_text("This workspace was erased in another tab.").wait_for()
    older.get_by_role("link", name="Data").click()
    older.get_by_role("button", name="Try the demo").wait_for()
    newer.context.close()
    older.context.close()


def test_an_invented_link_opens_nothing_and_a_link_to_look_changes_nothing(chromium, server):
    invented = open_page(chromium, f"{server}/?w={'a' * 22}")
    invented.get_by_text("This link leads to no workspace here.").wait_for()
    assert "a" * 22 not in invented.url
    invented.context.close()

    owner = open_page(chromium, f"{server}/about?w={TOKEN}")
    owner.get_by_role("button", name="Make a link to look").click()
    link = owner.locator("[data-testid=stCode] code").inner_text().strip()
    audience = open_page(chromium, link)
    audience.get_by_text("You look at somebody's workspace.").wait_for()
    before = saved(TOKEN)
    paste(audience, "One day a dog ran over the hill. " * 40)
    audience.get_by_text("where nothing of yours is kept").wait_for()  # nobody could erase it
    assert saved(TOKEN) == before
    owner.get_by_role("button", name="Renew my link").click()
    owner.get_by_text("Earlier links no longer open this workspace.").wait_for()
    gone = open_page(chromium, link)
    gone.get_by_text("This link leads to no workspace here.").wait_for()
    for page in (owner, audience, gone):
        page.context.close()
