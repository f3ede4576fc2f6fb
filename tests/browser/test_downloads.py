"""Addresses of downloads in a real Chromium: not found by who knows the content, and gone soon after."""

import time
import urllib.error
import urllib.request

import pytest
from browser.driver import serve
from made_runs import TOKEN, make_workspace
from streamlit.runtime.memory_media_file_storage import _calculate_file_id

pytestmark = pytest.mark.browser


def status(address):
    try:
        return urllib.request.urlopen(address, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def download(page):
    with page.expect_download() as coming:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    return coming.value


def open_words(chromium, url):
    page = chromium.new_context(accept_downloads=True).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}/a-word?w={TOKEN}")
    page.get_by_test_id("stDownloadButton").first.wait_for()
    return page


def test_an_address_is_not_known_by_its_content_and_does_not_outlive_the_visit(chromium, cache, tmp_path):
    (tmp_path / "vectors").mkdir()
    make_workspace(pins=("word3",))
    with serve(cache, tmp_path / "vectors") as (url, _):
        first, second = open_words(chromium, url), open_words(chromium, url)
        mine, theirs = download(first), download(second)
        content = mine.path().read_bytes()
        assert content == theirs.path().read_bytes()
        assert content.count(b"word3") > 3
        assert mine.url != theirs.url
        for mime in ("text/csv", "text/csv; offer="):
            guessed = _calculate_file_id(content, mime, mine.suggested_filename)
            assert status(f"{url}/media/{guessed}.csv") == 404
        for page in (first, second):
            page.context.close()
        deadline = time.monotonic() + 30
        while any(status(each.url) != 404 for each in (mine, theirs)):
            assert time.monotonic() < deadline, "still there, though nobody is"
            time.sleep(1)
