"""The linked maps in a real Chromium: what is painted over Plotly, and what the keyboard and the mouse do."""

import re

import pytest
from browser.driver import serve
from browser.test_browser import PIXEL_OF, RINGS
from made_runs import LONG, RIGHT_TO_LEFT, TOKEN, make_workspace

pytestmark = pytest.mark.browser

SIDES = ("left", "right")
RANGES = (
    """['left', 'right'].map(key => document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullLayout.xaxis.range)"""
)
COLOUR_AT = """([key, x, y]) => {
  const canvas = document.querySelector(`.st-key-${key} .twin-canvas`), box = canvas.getBoundingClientRect();
  const at = [(x - box.x) / box.width * canvas.width, (y - box.y) / box.height * canvas.height].map(Math.round);
  return [...canvas.getContext('2d').getImageData(...at, 1, 1).data];
}"""


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    root = tmp_path_factory.mktemp("maps")
    (root / "vectors").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(root / "cache"))
        make_workspace()
    with serve(root / "cache", root / "vectors") as (url, _):
        yield f"{url}/maps?w={TOKEN}"


@pytest.fixture
def page(chromium, address):
    page = chromium.new_page(viewport={"width": 1400, "height": 1500})
    page.set_default_timeout(90_000)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "linked maps" in message.text else None)
    page.goto(address)
    wait_for_maps(page)
    yield page
    page.close()
    assert not problems, problems


def wait_for_maps(page):
    for side in SIDES:
        page.wait_for_function("key => document.querySelector(`.st-key-${key} .twin-canvas`)?.width > 300", arg=side)
    page.wait_for_function("!document.querySelector('[data-testid=stProgress]')")
    page.locator(".st-key-left .twin-mark[data-role=pin]").first.wait_for()
    page.wait_for_timeout(700)


def drag(page, side, dx, dy):
    box = page.locator(f".st-key-{side} .js-plotly-plot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()


def choose(page, key, option):
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option", name=option, exact=True).click()


def set_option(page, name):
    """Press one of the options in the maps' settings, and close these again."""
    page.get_by_text("Map settings").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    page.get_by_test_id("stPopoverBody").wait_for(state="detached")


def colours_of(page, word):
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    return [page.evaluate(COLOUR_AT, [side, *page.evaluate(PIXEL_OF, [side, word])[:2]]) for side in SIDES]


def test_a_word_has_one_colour_on_both_maps_and_a_new_colouring_paints_it_anew(page):
    seen = []
    for colouring in ("Count", "Change"):
        choose(page, "colour-by", f"Colour: {colouring}")
        page.wait_for_timeout(1500)
        left, right = colours_of(page, "word11")
        assert max(abs(a - b) for a, b in zip(left, right, strict=True)) < 60, (left, right)
        assert left[3] > 100
        seen.append(left)
    assert seen[0] != seen[1]


def test_linked_zoom_moves_the_other_map_only_when_asked_for(page):
    drag(page, "left", 90, 40)
    page.wait_for_timeout(800)
    left, right = page.evaluate(RANGES)
    assert abs(left[0] - right[0]) > 0.01
    set_option(page, "Linked zoom")
    page.wait_for_function(f"(([a, b]) => Math.abs(a[0] - b[0]) < 1e-6 && Math.abs(a[1] - b[1]) < 1e-6)({RANGES})")
    drag(page, "right", -60, 0)
    page.wait_for_function(
        f"before => (([a, b]) => Math.abs(a[0] - b[0]) < 1e-3 && Math.abs(a[0] - before) > 1e-3)({RANGES})", arg=left[0]
    )


def test_a_box_greys_the_other_words_on_both_maps_and_escape_gives_them_back(page):
    page.locator(".st-key-map-drag").get_by_role("radio").nth(1).click()
    page.wait_for_function("document.querySelector('.st-key-left .js-plotly-plot')._fullLayout.dragmode === 'select'")
    drag(page, "left", 130, 130)
    page.get_by_text("selected:").wait_for()
    chosen = chosen_words(page)
    outside = next(f"word{number}" for number in range(20, 78) if f"word{number}" not in chosen)
    page.wait_for_timeout(500)
    assert all(max(colour[:3]) - min(colour[:3]) < 40 for colour in colours_of(page, outside))
    page.keyboard.press("Escape")
    page.get_by_text("selected:").wait_for(state="detached")


def test_the_keyboard_finds_words_and_goes_through_neighbours(page):
    page.get_by_text("larger points occur more often").click()
    page.keyboard.press("/")
    page.keyboard.type("word8")
    page.keyboard.press("Enter")
    page.get_by_text("Neighbours of “word8”").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "(([a, b]) => a && a === b && a !== 'word8')(['left', 'right'].map("
        "key => document.querySelector(`.st-key-${key} .twin-tooltip > div`)?.textContent))"
    )
    word = page.locator(".st-key-left .twin-tooltip > div").first.inner_text()
    page.keyboard.press("Enter")
    page.get_by_text(f"Neighbours of “{word}”").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text(f"Neighbours of “{word}”").wait_for(state="detached")


def test_labels_do_not_collide_and_long_and_right_to_left_words_are_themselves(page):
    boxes = page.evaluate(
        "[...document.querySelectorAll('.st-key-left .twin-word')].map(each => each.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 10
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
            assert apart or one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1
    pinned = page.locator(".st-key-left .twin-label").all_inner_texts()
    assert any(text.startswith(LONG[:12]) and text.endswith(LONG[-6:]) and "…" in text for text in pinned)
    page.get_by_placeholder("Type a word and press Enter").fill(RIGHT_TO_LEFT)
    page.keyboard.press("Enter")
    page.wait_for_function(  # in one go: the labels are drawn anew at any time
        "word => [...document.querySelectorAll('.st-key-left .twin-label')]"
        ".some(each => each.textContent === word && getComputedStyle(each).direction === 'rtl')",
        arg=RIGHT_TO_LEFT,
    )


def test_a_morph_begins_where_the_left_map_has_the_points_and_ends_where_the_right_one_has(page):
    def pin():
        return next(each for each in page.evaluate(RINGS, "right") if each["role"] == "pin")

    ends = pin()
    page.evaluate("""() => {
      globalThis.seen = [];
      const watch = () => {
        const ring = document.querySelector('.st-key-right .twin-mark[data-role=pin]')?.getBoundingClientRect();
        if (ring) globalThis.seen.push([ring.x, ring.y].map(Math.round).join());
        requestAnimationFrame(watch);
      };
      watch();
    }""")
    set_option(page, "Morph")
    page.wait_for_timeout(4000)
    assert page.evaluate("new Set(globalThis.seen).size") > 3
    assert abs(pin()["x"] - ends["x"]) < 2


def test_rings_follow_the_words_in_three_dimensions(page):
    page.get_by_text("Map settings").click()
    page.get_by_role("radio", name="3-D").click()
    page.wait_for_function(
        "document.querySelector('.st-key-left .js-plotly-plot')?._fullData?.[0]?.type === 'scatter3d'"
    )
    wait_for_maps(page)

    def places():
        return [(ring["x"], ring["y"]) for ring in page.evaluate(RINGS, "left")]

    before = places()
    assert before
    drag(page, "left", 120, 0)
    page.wait_for_timeout(1500)
    assert places() != before


CAMERAS = """['left', 'right'].map(key =>
  document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullLayout.scene._scene.getCamera().eye)"""
PICTURES = "['left', 'right'].map(key => document.querySelector(`.st-key-${key} .twin-canvas`).toDataURL())"


def chosen_words(page):
    """The words of the line above the maps, all of them."""
    line = page.locator(".st-key-selection-line")
    more = line.get_by_role("button", name=re.compile("and [0-9]+ more"))
    if not more.count():
        return line.inner_text().split("\n")[0].split(": ", 1)[1].split(", ")
    more.click()
    text = page.get_by_test_id("stPopoverBody").inner_text()
    more.click()
    page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    return text.split(", ")


def outsider(chosen):
    """A word that is not chosen."""
    return next(word for word in (f"word{number}" for number in range(20, 78)) if word not in chosen)


def is_grey(colour):
    return max(colour[:3]) - min(colour[:3]) < 40


def draw_lasso(page):
    box = page.locator(".st-key-right .js-plotly-plot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y - 110)
    page.mouse.down()
    for dx, dy in ((110, 0), (0, 110), (-110, 0), (0, -110)):
        page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


def test_a_lasso_on_one_map_selects_on_both(page):
    page.locator(".st-key-map-drag").get_by_role("radio").nth(2).click()
    page.wait_for_function("document.querySelector('.st-key-right .js-plotly-plot')._fullLayout.dragmode === 'lasso'")
    draw_lasso(page)
    page.get_by_text("selected:").wait_for()
    chosen = chosen_words(page)
    assert 0 < len(chosen) < 80
    page.wait_for_timeout(500)
    assert all(is_grey(colour) for colour in colours_of(page, outsider(chosen)))


def test_a_cleared_selection_stays_away_and_the_maps_keep_their_tool(page):
    page.locator(".st-key-map-drag").get_by_role("radio").nth(2).click()
    page.wait_for_function("document.querySelector('.st-key-right .js-plotly-plot')._fullLayout.dragmode === 'lasso'")
    page.evaluate("window.chartBefore = document.querySelector('.st-key-right .js-plotly-plot')")
    for _ in range(2):
        draw_lasso(page)
        page.get_by_text("selected:").wait_for()
        page.get_by_role("button", name="Clear").click()
        page.get_by_text("selected:").wait_for(state="detached")
        page.wait_for_timeout(1500)
        assert not page.get_by_text("selected:").count()
        state = "c => [c === window.chartBefore, c._fullLayout.dragmode, c._fullLayout.selections?.length ?? 0]"
        chart = "document.querySelector('.st-key-right .js-plotly-plot')"
        assert page.evaluate(f"({state})({chart})") == [True, "lasso", 0]


def test_a_brushed_range_of_change_greys_the_other_words_on_both_maps(page):
    page.get_by_text("Select by change").click()
    bars = page.locator("[class*=st-key-map-histogram] .nsewdrag").first
    bars.wait_for()
    page.wait_for_timeout(500)
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    said = page.get_by_text("with change between")
    said.wait_for()
    chosen = chosen_words(page)
    page.wait_for_timeout(500)
    assert all(is_grey(colour) for colour in colours_of(page, outsider(chosen)))
    page.get_by_role("button", name="Clear").click()
    said.wait_for(state="detached")
    page.wait_for_timeout(500)
    assert not page.locator("[class*=st-key-map-histogram] .select-outline").count()


def test_linked_maps_turn_together_in_three_dimensions(page):
    set_option(page, "Linked zoom")
    page.get_by_text("Map settings").click()
    page.get_by_role("radio", name="3-D").click()
    page.wait_for_function(
        "document.querySelector('.st-key-right .js-plotly-plot')?._fullData?.[0]?.type === 'scatter3d'"
    )
    wait_for_maps(page)
    before = page.evaluate(CAMERAS)
    drag(page, "left", 120, 30)
    page.wait_for_function(
        f"before => (([a, b]) => Math.abs(a.x - before) > 0.05 && Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) < 1e-3)"
        f"({CAMERAS})",
        arg=before[0]["x"],
    )


def test_trails_are_drawn_on_the_right_map_only(page):
    left, right = page.evaluate(PICTURES)
    set_option(page, "Trails")
    page.wait_for_function(f"before => ({PICTURES})[1] !== before", arg=right)
    assert page.evaluate(PICTURES)[0] == left


@pytest.mark.parametrize(("width", "height"), [(1000, 900), (768, 1000), (400, 800)])
def test_controls_and_maps_fit_a_narrow_window(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1500)
    for place in (
        *page.locator(".st-key-map-drag [role=radio]").all(),
        page.get_by_role("button", name="Select words"),
    ):
        box = place.evaluate("each => (each.closest('label') ?? each).getBoundingClientRect().toJSON()")
        assert 0 <= box["left"] < box["right"] <= width
    for side in SIDES:
        box = page.locator(f".st-key-{side} .js-plotly-plot").bounding_box()
        assert box["height"] < 0.75 * height
        assert side == "right" or box["y"] + box["height"] < height  # in sight whole, before anybody scrolls
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        words = page.evaluate(PIXEL_OF, [side, "word11"])
        assert box["x"] < words[0] < box["x"] + box["width"]
        assert box["y"] < words[1] < box["y"] + box["height"]
    page.evaluate("""() => {
      const titles = document.querySelector('.st-key-map-titles').closest('[data-testid=stLayoutWrapper]');
      const bar = '<div data-testid="stProgress" style="height: 40px"></div>';
      titles.insertAdjacentHTML('afterend',
        `<div data-testid="stLayoutWrapper"><div class="st-key-map-status">${bar}</div></div>`);
    }""")
    page.wait_for_timeout(500)
    working = page.locator(".st-key-map-status").bounding_box()
    below = page.locator(".st-key-map-left").bounding_box()
    assert working["height"] >= 40
    assert working["y"] + working["height"] <= below["y"] < height - below["height"]  # covers nothing


def test_who_was_told_of_earlier_pins_listens_no_more(page):
    chart = "document.querySelector('.st-key-left .js-plotly-plot')"
    heard = f"['plotly_hover', 'plotly_relayout'].map(name => {chart}._ev.listeners(name).length)"
    counts = []
    for word in page.evaluate("document.querySelector('.st-key-left .js-plotly-plot')._fullData[0].text.slice(2, 5)"):
        field = page.get_by_placeholder("Type a word and press Enter")
        field.fill(word)
        field.press("Enter")
        page.locator(".st-key-left .twin-label", has_text=word).first.wait_for()
        page.wait_for_timeout(500)
        counts.append(page.evaluate(heard))
    assert counts[0] == counts[1] == counts[2]


def share_of_map(page, width, height):
    """How much of the window's height below the menu is map."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1500)
    menu = page.get_by_test_id("stHeader").bounding_box()
    box = page.locator(".st-key-map-left").bounding_box()
    below = menu["y"] + menu["height"]
    seen = min(box["y"] + box["height"], height) - max(box["y"], below)
    return seen / (height - below)


def test_most_of_the_window_is_map(page):
    assert share_of_map(page, 1440, 900) >= 0.65
    assert share_of_map(page, 1280, 720) >= 0.55


def test_a_region_has_one_colour_and_one_name_on_both_maps(page):
    def written(side):
        return page.evaluate(
            "side => [...document.querySelectorAll(`.st-key-${side} .twin-region`)]"
            ".map(each => [each.textContent, each.style.color])",
            side,
        )

    page.wait_for_timeout(1000)
    left, right = (dict(written(side)) for side in SIDES)
    assert len(left) > 2
    assert set(left) & set(right)
    assert all(left[name] == right[name] for name in set(left) & set(right))


def test_the_button_for_the_first_part_of_the_map_goes_back_to_it(page):
    before = page.evaluate(RANGES)
    drag(page, "left", 90, 40)
    page.wait_for_function(f"before => Math.abs({RANGES}[0][0] - before) > 0.01", arg=before[0][0])
    page.locator(".st-key-left .js-plotly-plot").hover()
    page.locator(".st-key-left .modebar-btn[data-val=reset]").click()
    page.wait_for_function(f"before => Math.abs({RANGES}[0][0] - before) < 1e-3", arg=before[0][0])
    shown = page.locator(".st-key-left .modebar-btn:visible").evaluate_all("all => all.map(each => each.dataset.attr)")
    assert shown
    assert "dragmode" not in shown  # what stands above the maps


def test_a_legend_of_few_kinds_wraps_after_one_of_many_too(page):
    choose(page, "colour-by", "Colour: Region")
    page.locator(".st-key-legend").wait_for()
    page.wait_for_timeout(1000)
    wrap = "getComputedStyle(document.querySelector('.st-key-legend')).flexWrap"
    assert page.evaluate(wrap) == "wrap"
    page.evaluate("""() => {
      const legend = document.querySelector('.st-key-legend');
      legend.insertAdjacentHTML('beforeend', '<div class="st-key-legend-find"></div>');
    }""")
    assert page.evaluate(wrap) == "nowrap"
    page.evaluate("document.querySelector('.st-key-legend-find').remove()")
    assert page.evaluate(wrap) == "wrap"


def test_the_row_of_the_models_is_one_at_1024(page):
    page.set_viewport_size({"width": 1024, "height": 768})
    page.wait_for_timeout(1000)
    tops = {round(page.locator(f".st-key-{key}").bounding_box()["y"]) for key in ("swap", "map-settings")}
    assert len(tops) == 1
