"""What maps and words cost in a browser: hover, frames, bytes on the wire, how long a dose or a word takes to be shown.

    python benchmarks/bench_browser_maps.py [--quick] [WORDS ...]

Needs a Chromium (tests/browser/driver.py says where it is looked for). Models are made up, layouts the quick ones;
times are of a Chromium that draws in software.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.system.files import cache_folder

# A server whose cache folder is new spends its first minute compiling: that is not what is measured.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))

MOST_DRAWN = 10_000
HOVER = """async () => {
  const chart = document.querySelector('.st-key-left .js-plotly-plot'), target = chart.querySelector('.nsewdrag');
  const layout = chart._fullLayout, trace = chart._fullData[0], box = chart.getBoundingClientRect(), times = [];
  for (let k = 0; k < 40; k++) {
    const row = Math.floor(k * trace.x.length / 40);
    const x = box.x + layout.xaxis._offset + layout.xaxis.d2p(trace.x[row]);
    const y = box.y + layout.yaxis._offset + layout.yaxis.d2p(trace.y[row]);
    await new Promise(resolve => setTimeout(resolve, 120));
    const begin = performance.now();
    target.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true }));
    const found = await new Promise(resolve => {
      const look = () => document.querySelector('.st-key-right .twin-tooltip') ? resolve(true)
        : performance.now() - begin > 2000 ? resolve(false) : requestAnimationFrame(look);
      look();
    });
    if (found) times.push(performance.now() - begin);
    target.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }));
    document.querySelectorAll('.twin-tooltip').forEach(each => each.remove());
  }
  return times.sort((a, b) => a - b);
}"""


MOVE = """async kind => {
  const chart = document.querySelector('.st-key-left .js-plotly-plot'), target = chart.querySelector('.nsewdrag');
  const box = target.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const mouse = (name, at) => new MouseEvent(name, {
    clientX: x + 120 * Math.sin(at), clientY: y + 60 * Math.sin(1.3 * at),
    bubbles: true, cancelable: true, buttons: 1, view: window,
  });
  const wheel = step => new WheelEvent('wheel', {
    deltaY: step % 40 < 20 ? -30 : 30, clientX: x, clientY: y, bubbles: true, cancelable: true,
  });
  let frames = 0, on = true;
  const tick = () => { if (on) { frames++; requestAnimationFrame(tick); } };
  const begin = performance.now();
  if (kind === 'pan') target.dispatchEvent(mouse('mousedown', 0));
  requestAnimationFrame(tick);
  for (let step = 0; performance.now() - begin < 4000; step++) {
    const cover = document.querySelector('.dragcover') ?? target;
    if (kind === 'pan') cover.dispatchEvent(mouse('mousemove', step / 20)); else target.dispatchEvent(wheel(step));
    await new Promise(resolve => setTimeout(resolve, 12));
  }
  on = false;
  const seconds = (performance.now() - begin) / 1000;
  (document.querySelector('.dragcover') ?? target).dispatchEvent(mouse('mouseup', 0));
  return frames / seconds;
}"""
"""Frames a second while the left map is dragged about, or zoomed in and out."""

SHOWN = """wanted => new Promise(resolve => {
  const dose = () => String(document.querySelector('.st-key-right .js-plotly-plot')?._fullData?.[0]?.x?.[1]);
  const before = dose(), app = document.querySelector('[data-testid=stApp]');
  const there = () => wanted ? [...document.querySelectorAll('h2')].some(each => each.textContent.includes(wanted))
    : dose() !== before && dose() !== 'undefined';
  addEventListener('keydown', () => {
    const pressed = performance.now();
    const look = () => there() && (!wanted || app.dataset.testScriptState === 'notRunning')
      ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressed)))
      : performance.now() - pressed > 60000 ? resolve(NaN) : setTimeout(look, 4);
    look();
  }, { capture: true, once: true });
})"""
"""Milliseconds from the next key to the right map's other places, drawn, or to a heading and all that comes with it.

The lists of neighbours reach the browser in one piece with the map."""


@contextmanager
def opened(words: int, size: int, path: str) -> Iterator[tuple[Any, list[tuple[float, int]]]]:
    """A page of the app over made-up models, and (seconds, bytes) of what its socket carried, bytes < 0 if sent."""
    from browser.driver import ARGUMENTS, require_chromium, serve
    from made_runs import TOKEN, make_workspace
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as root:
        cache, vectors = Path(root) / "cache", Path(root) / "vectors"
        vectors.mkdir()
        os.environ["VECTUNE_CACHE"] = str(cache)
        make_workspace(words, size)
        with serve(cache, vectors) as (url, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1400, "height": 1500})
            page.set_default_timeout(900_000)
            frames: list[tuple[float, int]] = []
            wire = page.context.new_cdp_session(page)
            wire.send("Network.enable")
            for event, sign in (("Received", 1), ("Sent", -1)):
                wire.on(
                    f"Network.webSocketFrame{event}",
                    lambda found, sign=sign: frames.append((found["timestamp"], sign * _size(found["response"]))),
                )
            page.goto(f"{url}/{path}?w={TOKEN}")
            yield page, frames
            browser.close()


def _size(frame: dict[str, Any]) -> int:
    return len(frame["payloadData"]) * (3 if frame["opcode"] == 2 else 4) // 4


def _wait_for_maps(page: Any) -> None:
    page.wait_for_function("document.querySelector('.st-key-right .twin-canvas')?.width > 300")
    page.wait_for_timeout(2000)
    if page.get_by_role("button", name="Cancel").count():
        page.get_by_role("button", name="Cancel").first.click()
        page.get_by_text("was cancelled").wait_for()
        page.wait_for_timeout(4000)


def _time(page: Any, frames: list[tuple[float, int]], wanted: str, key: str) -> tuple[float, float]:
    """Milliseconds until `key` has shown what is wanted, and until the server had sent all of it."""
    page.evaluate(f"() => {{ globalThis.shown = ({SHOWN})({json.dumps(wanted)}); }}")
    before = len(frames)
    page.keyboard.press(key)
    shown = page.evaluate("globalThis.shown")
    page.wait_for_timeout(700)
    begin = next(at for at, size in frames[before:] if size < 0)
    return shown, 1000 * (max(at for at, size in frames[before:] if size > 0) - begin)


def measure_dose(words: int) -> str:
    """From the key that moves the slider to the map and the lists of neighbours at the new dose."""
    found = []
    with opened(words, 100, "maps") as (page, frames):
        _wait_for_maps(page)
        slider = page.get_by_role("slider", name="Dose")
        for _ in range(7):
            slider.focus()
            found.append(_time(page, frames, "", "ArrowLeft"))
    return _row(words, found[1:])  # the first one in a fresh server loads what the others share


def measure_word(words: int) -> str:
    """From Enter in the search field to the word's neighbours and sentences."""
    found = []
    with opened(words, 100, "a_word") as (page, frames):
        page.get_by_text("In the text", exact=True).wait_for()
        page.wait_for_timeout(3000)
        for number in range(7):
            page.get_by_placeholder("Type a word and press Enter").fill(f"word{number + 20}")
            found.append(_time(page, frames, f"“word{number + 20}”", "Enter"))
            page.wait_for_timeout(500)
    return _row(words, found[1:])


def _row(words: int, found: list[tuple[float, float]]) -> str:
    shown, sent = (sorted(times) for times in zip(*found, strict=True))
    middle = len(shown) // 2
    return f"{words:,} words: {shown[middle]:.0f} ms (worst {shown[-1]:.0f}); server and wire {sent[middle]:.0f} ms"


def measure(words: int) -> str:
    with opened(words, 16, "maps") as (page, frames):
        _wait_for_maps(page)
        whole = sum(size for _, size in frames if size > 0)
        if words > MOST_DRAWN:
            _draw_all(page)
        times = page.evaluate(HOVER)
        moves = [page.evaluate(MOVE, kind) for kind in ("pan", "zoom")]
        page.wait_for_timeout(1000)
        costs = []
        for act in (_recolour, _pin, _rerun):
            before = len(frames)
            act(page)
            page.wait_for_timeout(5000)
            costs.append(sum(size for _, size in frames[before:] if size > 0))
    bytes_a_point = whole / words / 2
    return (
        f"| {words:,} | {times[len(times) // 2]:.0f} | {times[int(len(times) * 0.95)]:.0f} | {bytes_a_point:.0f} | "
        + " | ".join([*(f"{cost / words:.1f}" for cost in costs), *(f"{frames:.0f}" for frames in moves)])
        + " |"
    )


def _draw_all(page: Any) -> None:
    """Maps draw no more than `MOST_DRAWN` words until they are asked to."""
    page.get_by_role("button", name="Map settings").click()
    page.get_by_role("slider", name=re.compile("words", re.IGNORECASE)).first.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(4000)
    page.keyboard.press("Escape")
    page.wait_for_timeout(4000)


def _recolour(page: Any) -> None:
    page.locator(".st-key-colour-by").get_by_role("combobox").click()
    page.get_by_role("option", name="Colour: Change", exact=True).click()


def _pin(page: Any) -> None:
    page.get_by_placeholder("Type a word and press Enter").fill("word9")
    page.keyboard.press("Enter")


def _rerun(page: Any) -> None:
    page.get_by_text("Map settings").click()
    page.get_by_role("button", name="Linked zoom").click()


def main() -> None:
    quick = "--quick" in sys.argv
    print("A dose shown:", measure_dose(2_000 if quick else 5_000), flush=True)
    print("A word opened:", measure_word(2_000 if quick else 20_000), flush=True)
    sizes = [int(each) for each in sys.argv[1:] if each.isdigit()]
    sizes = sizes or ([2_000] if quick else [5_000, 20_000, 50_000])
    print("| words | hover to twin's tooltip, ms, median | p95 | bytes a point, all that was sent | "
          "bytes a word: recolour | pin | option | frames a second: pan | zoom |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for words in sizes:
        print(measure(words), flush=True)


if __name__ == "__main__":
    main()
