"""The Data page in a real Chromium: folders, progress, and what stays after a reload."""

import pytest
from browser.driver import ARGUMENTS, folder_field, require_chromium, serve, text_field, wait_until_drawn
from making import pdf_of_one_page

pytestmark = pytest.mark.browser

PARAGRAPH = "The river runs past the old bank, and the bank lends money to the town. "


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    (root / "vectors").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_MAX_FILE_SECONDS", "1")  # forged files are given up sooner
        with serve(root / "cache", root / "vectors") as (url, _):
            yield url


@pytest.fixture
def page(url):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 1400})
        page.set_default_timeout(90_000)
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(url)
        page.get_by_role("button", name="Try the demo").wait_for()
        yield page
        browser.close()
        assert not problems, problems


def value(page, label):
    metric = page.get_by_test_id("stMetric").filter(has_text=label)
    return metric.get_by_test_id("stMetricValue").inner_text()


def test_a_folder_with_folders_in_it_becomes_one_text(page, tmp_path):
    folder = tmp_path / "letters"
    (folder / "1912").mkdir(parents=True)
    (folder / "may.txt").write_text(PARAGRAPH)
    (folder / "1912" / "june.md").write_text(PARAGRAPH)
    (folder / "1912" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    page.get_by_role("tab", name="Folder").click()
    folder_field(page).set_input_files(folder)
    page.get_by_text("Sentences").wait_for()
    assert value(page, "Documents") == "2"
    page.get_by_text("is a picture, which cannot be read").wait_for()


def test_a_large_text_shows_progress_and_is_there_after_a_reload(page, tmp_path):
    large = tmp_path / "large.txt"
    large.write_text((PARAGRAPH * 10 + "\n\n") * 60_000)  # read in less than two seconds it would show none
    text_field(page).set_input_files(large)
    page.get_by_text("Reading the text").first.wait_for()
    page.get_by_role("button", name="Cancel").wait_for()
    page.reload()
    page.get_by_text("Sentences").wait_for()
    assert value(page, "Documents") == "60,000"
    page.reload()
    page.get_by_text("Sentences").wait_for()


def test_forged_files_are_named_and_the_page_stays_usable(page, tmp_path):
    (tmp_path / "wide.csv").write_bytes(b",".join(b"c%d" % n for n in range(250_000)))
    (tmp_path / "slow.pdf").write_bytes(pdf_of_one_page(20, 300_000))
    (tmp_path / "good.txt").write_text(PARAGRAPH)
    files = text_field(page)
    files.set_input_files(tmp_path / "wide.csv")
    page.get_by_text("“wide.csv” has 250,000 columns").wait_for()
    files.set_input_files(tmp_path / "slow.pdf")
    page.get_by_text("“slow.pdf” takes far longer to read").wait_for()
    files.set_input_files(tmp_path / "good.txt")
    page.get_by_text("Sentences").wait_for()
    assert value(page, "Documents") == "1"


def test_the_next_step_stays_in_sight_however_much_is_drawn_above_it(page, tmp_path):
    page.set_viewport_size({"width": 1280, "height": 720})
    small = tmp_path / "small.txt"
    small.write_text(PARAGRAPH)
    text_field(page).set_input_files(small)
    button = page.get_by_role("button", name="Continue to training")
    button.wait_for()
    wait_until_drawn(page)
    before = button.bounding_box()
    assert before["y"] + before["height"] <= 720
    page.get_by_text("How it is cut into words").click()
    page.get_by_text("Lower-case every word").wait_for()
    wait_until_drawn(page)
    assert button.bounding_box() == before
    page.locator(".st-key-next-step").evaluate("part => { part.parentElement.style.position = 'static'; }")
    assert button.bounding_box()["y"] > 720  # so much was drawn
