"""What the linked maps cost in a browser: hover, and bytes on the wire for what a user changes.

    python benchmarks/bench_browser_maps.py [--quick] [WORDS ...]

Needs a Chromium (tests/browser.py says where it is looked for). Models are made up, layouts the quick ones; times
are of a Chromium that draws in software.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

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


def measure(words: int) -> str:
    from browser import ARGUMENTS, require_chromium, serve
    from made_runs import TOKEN, make_workspace
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as root:
        cache, vectors = Path(root) / "cache", Path(root) / "vectors"
        vectors.mkdir()
        os.environ["VECTUNE_CACHE"] = str(cache)
        make_workspace(words, 16)
        with serve(cache, vectors) as (url, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1400, "height": 1500})
            page.set_default_timeout(900_000)
            received: list[int] = []
            page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
            page.goto(f"{url}/compare?w={TOKEN}")
            page.wait_for_function("document.querySelector('.st-key-right .twin-canvas')?.width > 300")
            page.wait_for_timeout(2000)
            if page.get_by_role("button", name="Cancel").count():
                page.get_by_role("button", name="Cancel").first.click()
                page.get_by_text("was cancelled").wait_for()
                page.wait_for_timeout(4000)
            whole = sum(received)
            times = page.evaluate(HOVER)
            costs = []
            for act in (_recolour, _pin, _rerun):
                before = len(received)
                act(page)
                page.wait_for_timeout(5000)
                costs.append(sum(received[before:]))
            browser.close()
    bytes_a_point = whole / words / 2
    return (
        f"| {words:,} | {times[len(times) // 2]:.0f} | {times[int(len(times) * 0.95)]:.0f} | {bytes_a_point:.0f} | "
        + " | ".join(f"{cost / words:.1f}" for cost in costs)
        + " |"
    )


def _recolour(page):  # type: ignore[no-untyped-def]
    page.locator(".st-key-colour-by").get_by_role("combobox").click()
    page.get_by_role("option", name="Change", exact=True).click()


def _pin(page):  # type: ignore[no-untyped-def]
    page.get_by_placeholder("Type a word and press Enter").fill("word9")
    page.keyboard.press("Enter")


def _rerun(page):  # type: ignore[no-untyped-def]
    page.get_by_role("button", name="Linked zoom").click()


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:] if each.isdigit()]
    sizes = sizes or ([2_000] if "--quick" in sys.argv else [5_000, 20_000, 50_000])
    print("| words | hover to twin's tooltip, ms, median | p95 | bytes a point, all that was sent | "
          "bytes a word: recolour | pin | option |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for words in sizes:
        print(measure(words), flush=True)


if __name__ == "__main__":
    main()
