"""The app in a real Chromium: what only a browser shows. One server and one trained demo for all tests."""

import os
import subprocess
import time

import pytest
from browser.driver import serve

pytestmark = pytest.mark.browser

PIXEL_OF = """([key, word]) => {
  const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  const layout = chart._fullLayout, trace = chart._fullData[0], row = trace.text.indexOf(word);
  const box = chart.getBoundingClientRect();
  return [box.x + layout.xaxis._offset + layout.xaxis.d2p(trace.x[row]),
          box.y + layout.yaxis._offset + layout.yaxis.d2p(trace.y[row]), row];
}"""
RINGS = """key => [...document.querySelectorAll(`.st-key-${key} .twin-mark`)].map(ring => {
  const box = ring.getBoundingClientRect();
  return {row: Number(ring.dataset.row), role: ring.dataset.role, x: box.x + box.width / 2, y: box.y + box.height / 2};
})"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("server")
    (root / "vectors").mkdir()
    return root / "cache", root / "vectors"


@pytest.fixture(scope="module")
def server(chromium, folders):
    with serve(*folders) as (url, process):
        yield url, process


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 1400})
    page.set_default_timeout(90_000)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert not problems, problems


@pytest.fixture(scope="module")
def demo(chromium, server):
    """URL of a workspace in which the demo is trained, made with the promised clicks and no more."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1400})
    page.set_default_timeout(120_000)
    page.goto(server[0])
    page.get_by_role("button", name="Try the demo").click()
    page.get_by_role("button", name="Continue to training").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="Train 3 models").click()
    wait_for_maps(page)
    url = page.url
    page.close()
    return url


def wait_for_maps(page):
    """Until both maps are drawn and no better layout is on its way."""
    for side in ("left", "right"):
        page.wait_for_function(
            "key => document.querySelector(`.st-key-${key} .js-plotly-plot`)?._fullData?.[0]?.x?.length > 0", arg=side
        )
    page.wait_for_function("() => !document.body.innerText.includes('Laying out')")
    page.wait_for_timeout(1000)


def hover(page, side, word):
    x, y, row = page.evaluate(PIXEL_OF, [side, word])
    page.mouse.move(x - 25, y - 25)
    page.mouse.move(x, y, steps=3)
    page.locator(f".st-key-{side} .twin-tooltip").get_by_text(word, exact=True).wait_for()
    return x, y, row


def test_hover_shows_the_tooltip_and_lights_the_twin(page, demo):
    page.goto(demo)
    wait_for_maps(page)
    _, _, row = hover(page, "left", "australia")
    for side in ("left", "right"):
        text = page.locator(f".st-key-{side} .twin-tooltip").inner_text()
        assert "australia" in text
        assert "seen 157 times" in text
        assert "nearest: " in text
        assert len(text.split("nearest: ")[1].split(",")) == 5
    x, y, _ = page.evaluate(PIXEL_OF, ["right", "australia"])
    ring = next(each for each in page.evaluate(RINGS, "right") if each["row"] == row)
    assert abs(ring["x"] - x) < 1.5
    assert abs(ring["y"] - y) < 1.5


def test_another_layout_fills_its_map_and_the_page_stays_alive(page, demo):
    page.goto(demo)
    wait_for_maps(page)
    page.get_by_text("Map settings").click()
    page.get_by_role("slider", name="n_neighbors").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Laying out").first.wait_for()
    wait_for_maps(page)
    drawn = page.evaluate(
        """() => { let n = 0;
        for (const key of ['left', 'right'])
          document.querySelector(`.st-key-${key} .js-plotly-plot`).on('plotly_afterplot', () => { n += 1; });
        return new Promise(resolve => setTimeout(() => resolve(n), 1500)); }"""
    )
    assert drawn <= 2
    for side in ("left", "right"):
        shown, filled = page.evaluate(
            """key => { const { xaxis, yaxis } = document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullLayout;
              const trace = document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullData[0];
              const places = [...trace.x].map((x, row) =>
                [xaxis.r2p(x) / xaxis._length, yaxis.r2p(trace.y[row]) / yaxis._length]);
              const inside = places.filter(place => place.every(at => 0 <= at && at <= 1));
              const widths = [0, 1].map(axis => {
                const at = inside.map(place => place[axis]); return Math.max(...at) - Math.min(...at); });
              return [inside.length / places.length, Math.max(...widths)]; }""",
            side,
        )
        assert shown > 0.98  # a few words far from all others stand at the edge
        assert filled > 0.5


def test_a_click_pins_the_word_on_both_maps_and_lists_its_neighbours(page, demo):
    page.goto(demo)
    wait_for_maps(page)
    x, y, row = hover(page, "left", "australia")
    page.mouse.click(x, y)
    page.get_by_text("Neighbours of “australia”").wait_for()
    for side in ("left", "right"):
        rings = page.evaluate(RINGS, side)
        assert any(each["row"] == row and each["role"] == "pin" for each in rings)
        assert {each["role"] for each in rings} >= {"lost", "borderline"}
        assert len(rings) > 10  # the ten nearest of either model, whatever became of them
    page.reload()
    page.get_by_text("Neighbours of “australia”").wait_for()


def children_of(process):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return {int(pid) for pid in listed.stdout.split()}


SLOW = "From scratch (epochs 150): epoch"
"""Progress of the slow model; its number of epochs tells it from the demo's own model from scratch."""


def start_slow_training(page, demo):
    page.goto(demo.replace("/maps", "/train"))
    follows = page.locator(".st-key-score-by-itself input")
    if follows.is_checked():  # scoring would have a child of its own
        page.get_by_text("Then test whether it helped").click()
    page.get_by_text("Settings", exact=True).click()
    field = page.get_by_role("spinbutton", name="passes, from scratch (epochs)")
    field.fill("150")
    field.press("Enter")
    page.get_by_role("button", name="Train 3 models").click()
    page.get_by_text(SLOW).wait_for()


def test_cancel_ends_training_within_two_seconds_and_leaves_no_process(page, demo, server):
    before = children_of(server[1])
    start_slow_training(page, demo)
    trainer = children_of(server[1]) - before
    assert trainer
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    deadline = time.monotonic() + 2
    while any(os.path.exists(f"/proc/{pid}") for pid in trainer):
        assert time.monotonic() < deadline, "the training process outlived its cancelling by two seconds"
        time.sleep(0.05)
    page.get_by_text("cancelled").first.wait_for()


def test_a_reload_in_the_middle_of_training_loses_nothing(page, demo):
    start_slow_training(page, demo)
    page.reload()
    page.get_by_text(SLOW).wait_for()
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    page.get_by_text("cancelled").first.wait_for()


def test_maps_appear_at_once_after_a_restart(chromium, demo, server, folders):
    drawn = set((folders[0] / "layouts").iterdir())
    with serve(*folders) as (url, _):
        page = chromium.new_page()
        page.set_default_timeout(60_000)
        page.goto(demo.replace(server[0], url))
        try:
            wait_for_maps(page)
        except Exception:
            page.screenshot(path="/tmp/shots/restart.png")
            raise
        page.close()
    assert set((folders[0] / "layouts").iterdir()) == drawn


def test_a_deep_link_on_a_fresh_server_shows_the_page_and_the_menu(chromium, folders):
    with serve(*folders) as (url, _):
        page = chromium.new_page()
        page.goto(f"{url}/maps")
        page.get_by_text("There is nothing to compare yet").wait_for()
        assert page.get_by_role("link", name="Train").count() >= 1
        page.close()


def test_a_browser_that_comes_back_finds_its_work_and_another_does_not(chromium, server):
    mine, another = chromium.new_context(), chromium.new_context()
    page = mine.new_page()
    page.goto(server[0])
    page.get_by_role("tab", name="Paste").click()
    page.get_by_label("Or paste text").fill("Only I may read this text. " * 20)
    page.get_by_label("Or paste text").blur()
    page.get_by_role("button", name="Use this text").click()
    page.locator("input[value='pasted text']").wait_for()
    page.close()
    page = mine.new_page()
    page.goto(server[0])
    page.locator("input[value='pasted text']").wait_for()
    stranger = another.new_page()
    stranger.goto(server[0])
    stranger.get_by_role("button", name="Try the demo").wait_for()
    assert not stranger.locator("input[value='pasted text']").count()
    mine.close()
    another.close()
