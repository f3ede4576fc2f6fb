"""The map that moves, in a real Chromium: play, the slider, a followed word, and what is painted."""

import pytest
from browser.driver import serve
from made_studies import split_workspace
from small_texts import topical_documents, topical_glove

pytestmark = pytest.mark.browser

TOKEN = "b" * 22
NAMES = ("old", "mid", "new")
PAINTED = "document.querySelector('.st-key-study-map .twin-canvas').toDataURL()"


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    root = tmp_path_factory.mktemp("study")
    (root / "vectors").mkdir()
    topical_glove(root / "vectors" / "tiny.8d.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(root / "cache"))
        parts = {name: topical_documents(12, 400, seed) for seed, name in enumerate(NAMES)}
        split_workspace(TOKEN, parts, root / "vectors" / "tiny.8d.txt")
    with serve(root / "cache", root / "vectors") as (url, _):
        yield f"{url}/study?w={TOKEN}"


@pytest.fixture(scope="module")
def page(chromium, address):
    page = chromium.new_page(viewport={"width": 1280, "height": 1500})
    page.set_default_timeout(90_000)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "moving map" in message.text else None)
    page.goto(address)
    page.get_by_role("button", name="Study these 3 texts").click()
    page.wait_for_function("document.querySelector('.st-key-study-map .twin-canvas')?.width > 300")
    page.locator(".bar .play").wait_for()
    page.wait_for_timeout(700)
    yield page
    page.close()
    assert not problems, problems


def show(page, name):
    page.locator(".bar .names button", has_text=name).click()
    page.locator(".bar .now", has_text=name).wait_for()
    page.wait_for_timeout(1500)


def test_it_plays_to_the_last_text_and_shows_each_on_the_way(page):
    show(page, "old")
    first = page.evaluate(PAINTED)
    page.locator(".bar .play").click()
    page.locator(".bar .now", has_text="mid").wait_for()
    page.locator(".bar .play", has_text="Again").wait_for()
    assert page.locator(".bar .now").text_content() == "new"
    assert page.locator(".bar .slider").input_value() == "2"
    assert page.evaluate(PAINTED) != first
    show(page, "old")
    assert page.evaluate(PAINTED) == first


def test_a_followed_word_is_marked_and_the_map_stays_where_it_was(page):
    show(page, "mid")
    before = page.evaluate(PAINTED)
    word = page.evaluate("document.querySelector('.st-key-study-map .js-plotly-plot')._fullData[0].text[5]")
    field = page.get_by_placeholder("Follow a word")
    field.fill(word)
    field.press("Enter")
    page.locator(".st-key-study-map .twin-label", has_text=word).wait_for()
    assert page.locator(".bar .now").text_content() == "mid"
    page.wait_for_timeout(500)
    assert page.evaluate(PAINTED) != before  # its way
    page.locator("th", has_text=word).wait_for()
    listeners = "name => document.querySelector('.st-key-study-map .js-plotly-plot')._ev.listeners(name).length"
    heard = [page.evaluate(listeners, name) for name in ("plotly_relayout", "plotly_relayouting")]
    assert max(heard) <= 2  # what was told of the words before listens no more; Streamlit has a listener of its own


def test_the_mouse_tells_of_a_word_in_the_text_that_is_shown_and_a_click_follows_it(page):
    show(page, "new")
    label = page.locator(".st-key-study-map .twin-word").first
    box, word = label.bounding_box(), label.text_content()
    page.mouse.move(box["x"] - 6, box["y"] + box["height"] / 2)
    page.locator(".twin-tooltip", has_text="in \u2068new\u2069").wait_for()
    page.mouse.down()
    page.mouse.up()
    page.locator(".st-key-study-map .twin-label").nth(1).wait_for()
    assert word
    assert page.locator(".bar .now").text_content() == "new"
