"""What the Study page costs: how long each of its controls takes to answer in a browser, and the memory of it all.

    python benchmarks/bench_study_page.py FOLDER

FOLDER has glove.6B.50d.txt and brown.csv. Brown is dealt into ten texts of about 100,000 tokens, in the order of its
documents. They are studied, their noise is measured, and every control is used before and after that. Needs a Chromium
(tests/browser/driver.py says where it is looked for). About six minutes.

A control has answered when what it leads to stands on the page and no script runs for it; where it starts work in the
background, when that is announced; where it leads to another page, when that page's heading stands (until all of it
does is told apart). Memory is that of the server and all its children, pages that they share counted
once; idle is the server with its warm children before anybody comes. Must hold: every control answers within
`MOST_SECONDS`; nobody needs more than `MOST_MEGABYTES` above idle, at any time.
"""

import argparse
import csv
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.system.files import cache_folder

# A server whose cache folder is new spends its first minute compiling: that is not what is measured.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))

TEXTS = 10
MOST_SECONDS, MOST_MEGABYTES = 1.0, 1_000.0
TOKEN = "s" * 22
PATIENCE = 60_000  # milliseconds
PAINTED = "document.querySelector('.st-key-study-map .twin-canvas').toDataURL()"
WORDS = ("state", "church", "water", "school")


def read_parts(folder: Path) -> dict[str, list[str]]:
    """Brown's documents in `TEXTS` parts, by name."""
    csv.field_size_limit(1 << 30)
    with (folder / "brown.csv").open(encoding="utf-8", newline="") as file:
        documents = [row["text"] for row in csv.DictReader(file)]
    ends = [len(documents) * part // TEXTS for part in range(TEXTS + 1)]
    return {f"part {part + 1:02}": documents[ends[part] : ends[part + 1]] for part in range(TEXTS)}


def megabytes(pid: int) -> float:
    """Of a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        children.setdefault(parent, []).append(int(each.name))
    found, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        waiting += children.get(one, [])
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return found


@contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """What the processes hold, looked at twice a second."""
    held, ends = [megabytes(pid)], threading.Event()

    def look() -> None:
        while not ends.wait(0.5):
            held.append(megabytes(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield held
    finally:
        ends.set()
        thread.join()


class StudyPage:
    """The page in a browser, and how long each control took."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.seconds: dict[str, float] = {}
        self._has_noise = False

    def has_noise(self) -> None:
        """From here on controls are used on a study whose noise was measured."""
        self._has_noise = True

    def use(self, control: str, act: Callable[[], object], shows: Callable[[], object]) -> None:
        """`act` on a control; `shows` waits for what must come of it."""
        name = f"{control}, {'with noise' if self._has_noise else 'raw'}"
        began = time.perf_counter()
        act()
        shows()
        self._wait_for_script()
        self.seconds[name] = time.perf_counter() - began
        print(f"| {name} | {self.seconds[name]:.2f} |", flush=True)
        self.page.wait_for_timeout(700)

    def leave(self, control: str, button: str, heading: str) -> None:
        """Press what leads to another page."""
        began = time.perf_counter()
        self.button(button).click()
        self.page.get_by_role("heading", name=heading, exact=True).wait_for()
        self.seconds[control] = time.perf_counter() - began
        self._wait_for_script()
        print(f"| {control} ({time.perf_counter() - began:.2f} until all is there) | {self.seconds[control]:.2f} |")

    def _wait_for_script(self) -> None:
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name)

    def wait_for_map(self) -> None:
        self.page.wait_for_function("document.querySelector('.st-key-study-map .twin-canvas')?.width > 300")
        self.button("study.json").wait_for()
        self._wait_for_script()
        self.page.wait_for_timeout(2_000)

    def use_words(self) -> None:
        """Everything about followed words, the map and the list."""
        page, field = self.page, self.page.get_by_placeholder("Follow a word")

        def follow(word: str) -> None:
            field.fill(word)
            field.press("Enter")

        for word in WORDS:
            self.use(
                f"follow “{word}”", lambda word=word: follow(word), lambda word=word: self._heading(word).wait_for()
            )
        self.use(
            "another word's neighbours",
            lambda: page.get_by_test_id("stButtonGroup").get_by_role("radio", name=WORDS[0]).click(),
            lambda: self._heading(WORDS[0]).wait_for(),
        )
        self.use(
            "a word that is not there",
            lambda: follow("xyzzyx"),
            lambda: page.get_by_text("cannot be followed").wait_for(),
        )
        for word in WORDS:
            self.use(
                f"no longer “{word}”",
                self._followed(word).first.click,
                lambda word=word: self._followed(word).first.wait_for(state="hidden"),
            )
        before, other = page.evaluate(PAINTED), 3 if self._has_noise else 7
        self.use(
            "another text on the map",  # the points set out at once, and are there after a second and a half
            page.locator(".bar .names button").nth(other - 1).click,
            lambda: page.wait_for_function(f"before => {PAINTED} !== before", arg=before),
        )
        page.locator(".bar .now", has_text=f"{other:02}").wait_for()
        page.wait_for_timeout(500)
        box = page.locator(".st-key-study-map .twin-word").first.bounding_box()
        follows = page.locator("[class*=st-key-study-unpin-] button:visible")
        page.mouse.move(box["x"] - 6, box["y"] + box["height"] / 2)
        page.wait_for_timeout(500)
        self.use(
            "a click on the map",
            lambda: page.mouse.click(box["x"] - 6, box["y"] + box["height"] / 2),
            follows.first.wait_for,
        )
        before = follows.count()
        rows = page.get_by_test_id("stDataFrame").last
        rows.scroll_into_view_if_needed()
        place = rows.bounding_box()
        self.use(
            "a click in the list",
            lambda: page.mouse.click(place["x"] + 14, place["y"] + (160 if self._has_noise else 90)),
            lambda: follows.nth(before).wait_for(),
        )
        while follows.count():
            follows.first.click()
            page.wait_for_timeout(1_500)

    def use_form(self) -> None:
        """Each setting, changed and changed back; another study is offered, then this one stands there again."""
        page, offer = self.page, self.button("Study these")
        page.get_by_text("Texts and settings").click()
        page.wait_for_timeout(700)

        def back() -> None:  # by its text: an open list hides the names of all else
            page.locator("button:visible", has_text="study.json").first.wait_for()

        later = page.locator(".st-key-study-move-later-0 button").first
        self.use("order of the texts", later.click, offer.wait_for)
        self.use("order, as it was", page.locator(".st-key-study-move-earlier-1 button").first.click, back)
        picked = page.get_by_test_id("stMultiSelect").locator("input")
        picked.focus()
        page.wait_for_timeout(700)
        self.use("without a text", lambda: picked.press("Backspace"), self.button(f"Study these {TEXTS - 1}").wait_for)
        picked.type(f"{TEXTS:02}")
        page.wait_for_timeout(700)
        self.use("with it again", lambda: picked.press("Enter"), back)
        page.keyboard.press("Escape")
        for label, value in (("Minimum count", "7"), ("Seed", "2")):
            field = page.get_by_role("spinbutton", name=label)
            before = field.input_value()
            self.use(label, lambda field=field, value=value: self._enter(field, value), offer.wait_for)
            self.use(f"{label}, as it was", lambda field=field, before=before: self._enter(field, before), back)
        page.get_by_text("Texts and settings").click()
        page.wait_for_timeout(700)

    def use_rest(self) -> None:
        """Downloads, and two texts side by side."""
        page = self.page
        for name in ("The list as CSV", "study.json"):

            def fetch(name: str = name) -> None:
                with page.expect_download() as download:
                    self.button(name).first.click()
                download.value.path()

            self.use(name, fetch, lambda: None)
        self.button("Open their maps").scroll_into_view_if_needed()
        page.get_by_role("combobox", name="and").click()
        page.wait_for_timeout(700)
        self.use(
            "another text beside it",
            page.get_by_role("option", name=f"{TEXTS:02}", exact=True).click,
            lambda: None,
        )
        self.leave("their maps", "Open their maps", "Maps")

    def _followed(self, word: str) -> Any:
        return self.page.locator("[class*=st-key-study-unpin-] button", has_text=word)

    def _heading(self, word: str) -> Any:
        return self.page.locator("th", has_text=f"nearest to “{word}”")

    def _enter(self, field: Any, value: str) -> None:
        field.fill(value)
        field.press("Enter")


def measure(folder: Path, root: Path) -> int:
    from browser.driver import ARGUMENTS, require_chromium, serve
    from made_studies import split_workspace
    from playwright.sync_api import sync_playwright

    os.environ["VECTUNE_CACHE"] = str(root / "cache")
    split_workspace(TOKEN, read_parts(folder), folder / "glove.6B.50d.txt")
    with serve(root / "cache", folder) as (url, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 1500})
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        page.get_by_role("button", name="Try the demo").wait_for()
        time.sleep(20)  # warm children prepare themselves
        idle = megabytes(process.pid)
        with watched(process.pid) as held:
            page.goto(f"{url}/study?w={TOKEN}")
            study = StudyPage(page)
            begin = study.button(f"Study these {TEXTS} texts")
            begin.wait_for()
            page.wait_for_timeout(2_000)
            print("| control | seconds |\n|---|---:|")
            study.use("study them", begin.click, page.get_by_test_id("stProgress").first.wait_for)
            study.wait_for_map()
            study.use_words()
            study.use_form()
            noise = study.button("Measure the noise (")
            study.use("measure the noise", noise.click, page.get_by_test_id("stProgress").first.wait_for)
            study.button("Measure the noise from").wait_for(timeout=10 * PATIENCE)
            study.has_noise()
            study.wait_for_map()
            study.use_words()
            study.use_form()
            study.use_rest()
        browser.close()
    slowest = max(study.seconds, key=study.seconds.__getitem__)
    most = max(held) - idle
    print(f"\nidle {idle:.0f} MB; at most {most:.0f} MB above it, at the end {held[-1] - idle:.0f}")
    print(f"slowest: {slowest}, {study.seconds[slowest]:.2f} s; load {os.getloadavg()[0]:.1f}")
    holds = study.seconds[slowest] < MOST_SECONDS and most < MOST_MEGABYTES
    print("holds" if holds else "DOES NOT HOLD")
    return 0 if holds else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    with tempfile.TemporaryDirectory() as root:
        return measure(parser.parse_args().folder, Path(root))


if __name__ == "__main__":
    raise SystemExit(main())
