"""Everybody can use every page: WCAG 2.2 AA by axe-core, names, focus, keyboard, narrow windows and large text."""

import re

import pytest
from browser.access import CONTRAST, findings, focused, odd_names, require_axe, wider_than_window
from browser.driver import serve, text_field, wait_until_drawn
from made_studies import split_workspace
from small_texts import TOPICAL_WORDS, topical_documents, topical_glove

pytestmark = pytest.mark.browser

PAGES = {
    "": "Data",
    "train": "Train",
    "did-it-help": "Did it help?",
    "maps": "Maps",
    "what-changed": "What changed",
    "a-word": "A word",
    "models": "Models",
    "study": "Study",
    "sweep": "Sweep",
    "glossary": "Glossary",
    "about": "About",
    "storage": "Storage",
}
TITLES = {**PAGES, "admin": "Admin"}
EVERYWHERE = [pytest.param(path, id=title.lower()) for path, title in PAGES.items()]
SCHEMES = ["light", "dark"]
TOKEN, ADMIN = "c" * 22, "a-secret-of-the-server"


@pytest.fixture(scope="module", autouse=True)
def axe():
    require_axe()


@pytest.fixture(scope="module")
def server(chromium, tmp_path_factory):
    root = tmp_path_factory.mktemp("access")
    (root / "vectors").mkdir()
    topical_glove(root / "vectors" / "tiny.8d.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(root / "cache"))
        patch.setenv("VECTUNE_ADMIN_TOKEN", ADMIN)
        parts = {name: topical_documents(20, 200, seed) for seed, name in enumerate(("old", "mid", "new"))}
        split_workspace(TOKEN, parts, root / "vectors" / "tiny.8d.txt")
        with serve(root / "cache", root / "vectors") as (url, _):
            yield url


@pytest.fixture(scope="module")
def demo(chromium, server):
    """Query of a workspace with models of a small text, a scorecard, a study of the text's parts, and a sweep."""
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(300_000)
    page.goto(f"{server}/?w={TOKEN}")
    settle(page, "Data")
    page.get_by_role("button", name="Continue to training").and_(page.locator(":enabled")).click()
    settle(page, "Train")
    page.get_by_role("button", name="Train 3 models").click()
    page.locator(".st-key-verdict-line").get_by_role("link", name="Why").wait_for()
    page.wait_for_function("!document.body.innerText.includes('Laying out')")
    query = page.url.partition("?")[2]
    page.goto(f"{server}/study?w={TOKEN}")
    page.get_by_role("button", name="Study these 3 texts").click()
    page.wait_for_function("document.querySelector('.st-key-study-map .twin-canvas')?.width > 300")
    page.goto(f"{server}/sweep?w={TOKEN}")
    settle(page, "Sweep")
    for name, values in (("Passes (epochs)", "2"), ("Words on each side (window)", "3, 5")):
        page.get_by_role("textbox", name=name).fill(values)
        page.keyboard.press("Enter")
        settle(page, "Sweep")
    page.get_by_role("button", name="Try 4 settings").click()
    page.get_by_role("button", name="Make this model of the whole text").first.wait_for()
    page.close()
    return query


@pytest.fixture
def open_page(chromium, server):
    """A function that opens an address of the app, and waits until it is drawn."""
    contexts = []

    def opened(path, query="", *, scheme="light", width=1280, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server}/{path}?{query}")
        settle(page, TITLES[path])
        return page

    yield opened
    for context in contexts:
        context.close()


def settle(page, title):
    """Until the page of this title is drawn and nothing runs."""
    page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
    wait_until_drawn(page)


def check_dark(page):
    """The same page in the dark: its colours alone are others."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")
    page.wait_for_timeout(400)  # colours fade
    assert not findings(page, CONTRAST)


def check(page):
    assert not findings(page)
    assert not odd_names(page)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_page_of_a_new_visitor(open_page, path):
    page = open_page(path)
    check(page)
    check_dark(page)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_page_with_all_that_the_demo_makes(open_page, demo, path):
    page = open_page(path, demo)
    for part in page.query_selector_all("[data-testid=stExpander] details:not([open]) > summary"):
        if part.is_visible():  # not in a tab that is closed
            part.click()
    settle(page, PAGES[path])
    check(page)
    check_dark(page)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_page_fits_a_phone_and_large_text(open_page, demo, path):
    """320 pixels are what 1280 become at 400 %."""
    page = open_page(path, demo, width=390, height=844)
    check(page)
    assert wider_than_window(page) <= 0
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_timeout(800)
    assert wider_than_window(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    page.add_style_tag(content="html { font-size: 32px !important; }")
    page.wait_for_timeout(800)
    assert wider_than_window(page) <= 0


def test_what_whoever_runs_the_server_sees(open_page, demo):
    page = open_page("admin", width=390, height=844)
    check(page)
    page.locator("input[type=password]").fill(ADMIN)
    page.get_by_role("button", name="Open").click()
    page.get_by_text("Limits in force").wait_for()
    settle(page, "Admin")
    check(page)
    assert wider_than_window(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    check(page)
    check_dark(page)


def test_the_focus_goes_to_the_heading_of_a_new_page(open_page, demo):
    page = open_page("", demo)
    assert focused(page)[0] == "BODY"
    in_the_menu = list(PAGES.values())[1:7]  # the others stand in menus of their own
    for title in in_the_menu:
        page.get_by_role("link", name=title, exact=True).first.click()
        page.wait_for_function(
            "title => document.activeElement.matches('h1') && document.activeElement.textContent === title", arg=title
        )
    page.go_back()
    page.wait_for_function("title => document.activeElement.textContent === title", arg=in_the_menu[-2])


OVER = [*(("maps", name) for name in ("Map settings", "Select words", "Isolate", "Save")), ("storage", "Delete")]


@pytest.mark.parametrize(("path", "name"), OVER)
def test_what_opens_over_a_page(open_page, demo, path, name):
    page = open_page(path, demo)
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_test_id("stPopoverBody").wait_for()
    page.wait_for_timeout(500)
    check(page)
    check_dark(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_menu_of_a_phone_and_the_menus_of_a_desk(open_page, scheme):
    page = open_page("", scheme=scheme)
    page.get_by_role("button", name="Help", exact=True).click()
    page.get_by_role("menuitem", name="Glossary").wait_for()
    check(page)
    page = open_page("", scheme=scheme, width=390, height=844)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavItems").get_by_role("link", name="Train").wait_for()
    page.wait_for_timeout(800)
    check(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_that_says_what_went_wrong(open_page, demo, scheme):
    page = open_page("maps", demo, scheme=scheme)
    field = page.get_by_role("textbox", name="Find a word")
    field.fill("zzyzx")
    field.press("Enter")
    page.get_by_test_id("stAlert").first.wait_for()
    check(page)
    page = open_page("", scheme=scheme)
    text_field(page).set_input_files(
        files=[{"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3\3" + bytes(2000)}]
    )
    page.get_by_test_id("stAlert").first.wait_for()
    wait_until_drawn(page)
    page.wait_for_timeout(500)  # what was grey while the page was drawn has its colours again
    check(page)


def test_a_pinned_word(open_page, demo):
    page = open_page("maps", demo)
    field = page.get_by_role("textbox", name="Find a word")
    field.fill(TOPICAL_WORDS[5])
    field.press("Enter")
    page.get_by_text(f"Neighbours of “{TOPICAL_WORDS[5]}”").wait_for()
    settle(page, "Maps")
    check(page)
    check_dark(page)


MAIN = {"": ("", "Try the demo"), "train": ("demo", "Train 3 models")}


@pytest.mark.parametrize("path", MAIN)
def test_the_main_button_is_within_twelve_tabs(open_page, demo, path):
    query, name = MAIN[path]
    page = open_page(path, demo if query else "")
    assert reach(page, name) <= 12


def test_a_link_before_all_else_leads_to_the_main_button(open_page, demo):
    page = open_page("", demo)
    page.keyboard.press("Tab")
    assert "Compare the two texts" in focused(page)[1]
    page.keyboard.press("Enter")
    assert focused(page) == ["BUTTON", "Compare the two texts"]


def reach(page, name, key="Tab"):
    """Press the key until what is called so has the focus; how many times."""
    for times in range(1, 60):
        page.keyboard.press(key)
        element, said = focused(page)
        if element != "A" or "Go to" not in said:
            if name in said:
                return times
        elif name in said:
            page.keyboard.press("Enter")
            return times + 1
    raise AssertionError(f"{name} cannot be reached with {key}")


def test_the_keyboard_alone_does_the_main_job(chromium, server):
    page = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(150_000)
    page.goto(server)
    settle(page, "Data")
    reach(page, "Try the demo")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Continue to training").and_(page.locator(":enabled")).wait_for()
    settle(page, "Data")
    reach(page, "Continue to training")
    page.keyboard.press("Enter")
    settle(page, "Train")
    reach(page, "Train 3 models")
    page.keyboard.press("Enter")
    page.wait_for_url("**/maps?**")
    page.locator(".st-key-verdict-line").get_by_role("link", name="Why").wait_for()
    settle(page, "Maps")
    reach(page, "Why")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'Did it help?'")
    page.get_by_role("heading", level=2).first.wait_for()
    reach(page, "Maps", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('h1') && document.activeElement.textContent === 'Maps'")
    settle(page, "Maps")
    page.wait_for_function("document.querySelector('.st-key-left .twin-canvas')?.width > 300")
    reach(page, "Find a word")
    page.keyboard.type("australia")
    page.keyboard.press("Enter")
    page.get_by_text("Neighbours of “australia”").wait_for()
    page.keyboard.press("Escape")  # out of the field
    reach(page, "A word", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'A word'")
    page.get_by_role("heading", name="australia").first.wait_for()
    page.context.close()


def test_who_asked_for_less_motion_gets_none(open_page, demo):
    page = open_page("maps", demo, reduced_motion="reduce")
    slow = page.evaluate(
        "[...document.querySelectorAll('.stApp *')].filter(each => { const style = getComputedStyle(each);"
        "return [style.transitionDuration, style.animationDuration].some(all => all.split(', ')"
        ".some(time => parseFloat(time) > 0.001)); }).length"
    )
    assert slow == 0


@pytest.mark.parametrize("kind", ["PNG", "SVG", "CSV"])
def test_both_maps_are_kept_as_a_picture_and_as_a_table(open_page, demo, kind):
    page = open_page("maps", demo, accept_downloads=True)
    page.wait_for_function("document.querySelector('.st-key-left .twin-word')")
    page.locator(".st-key-map-bar").get_by_role("button", name="Save").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name=f"({kind})").click()
    content = caught.value.path().read_bytes()
    assert caught.value.suggested_filename == f"maps.{kind.lower()}"
    if kind == "PNG":
        assert content.startswith(b"\x89PNG")
        assert len(content) > 20_000
    elif kind == "SVG":
        said = content.decode()
        assert said.count("<circle") > 300
        assert re.search("From scratch[^<]*</text>", said)
        assert "foreignObject" not in said
    else:
        assert content.decode("utf-8-sig").startswith("Word,Count,")
