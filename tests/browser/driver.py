"""A real Chromium and a real server for the tests beside this module; skipped loudly where no Chromium is found."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


_QUIET = """() => new Promise(done => {
  let timer;
  const watcher = new MutationObserver(() => again());
  const again = () => { clearTimeout(timer); timer = setTimeout(() => { watcher.disconnect(); done(); }, 500); };
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  setTimeout(() => { watcher.disconnect(); done(); }, 5000);
  again();
})"""
"""Until half a second has gone by in which nothing changed, or five with changes."""


def find_chromium():
    """Path of a Chromium: $VECTUNE_CHROMIUM, the system's, or one that Playwright has; None where there is none."""
    named = os.environ.get("VECTUNE_CHROMIUM")
    if named:
        return named
    for path in ("/usr/bin/chromium", shutil.which("chromium"), shutil.which("chromium-browser")):
        if path and Path(path).exists():
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def require_chromium():
    """The path, or a loud skip; a failure where VECTUNE_BROWSER_TESTS=required."""
    path = find_chromium()
    if path is None:
        message = "NO CHROMIUM FOUND: browser tests are skipped. Set VECTUNE_CHROMIUM or install /usr/bin/chromium."
        if os.environ.get("VECTUNE_BROWSER_TESTS") == "required":
            pytest.fail(message)
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return path


def open_from_help(page, title):
    """Go to a page that stands in the menu under Help."""
    page.get_by_role("button", name="Help", exact=True).click()
    page.get_by_role("menuitem", name=title).click()


def wait_until_drawn(page):
    """Until no script runs for the page and nothing on it changes."""
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.evaluate(_QUIET)


def end_browsers():
    """Kill every Chromium that this process has started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,comm="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    family = {os.getpid()}
    for _ in range(10):  # Playwright's driver starts Chromium, which starts others
        family |= {int(pid) for pid, parent, _ in rows if int(parent) in family}
    for pid, _, name in rows:
        if int(pid) in family and "chrom" in name:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


@contextmanager
def serve(cache, vectors, home=ROOT):
    """The app in `home` on a free port, with this cache folder and folder of vectors; gives (URL, process)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "VECTUNE_CACHE": str(cache), "VECTUNE_VECTORS": str(vectors)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    log = open(Path(cache).parent / "server.log", "ab")  # noqa: SIM115
    process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).read()
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.2)
        yield url, process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # a layout in compiled code lets go only at its end
            process.kill()
            process.wait()
        log.close()


def text_field(page):
    """Where files of a text are given. By its name: while a page is drawn the field for vectors may come first."""
    return _file_field(page, "Upload text files")


def folder_field(page):
    return _file_field(page, "Upload a folder")


def _file_field(page, name):
    return page.get_by_test_id("stFileUploader").filter(has_text=name).locator("input[type=file]")
