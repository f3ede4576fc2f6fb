"""What each AppTest does again, done once: it is more than most pages take."""

from functools import cache

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import app_test, local_script_runner


def make_cheap() -> None:
    """Keep what an AppTest finds out for itself alone, or at every run, for all of them."""
    # The components of every installed package, which reads the description of each.
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    # The compiled scripts, which a server keeps too.
    app_test.ScriptCache = cache(app_test.ScriptCache)
    # The end of the script: the original looks a thousand times a second.
    local_script_runner.require_widgets_deltas = _wait_for_script


def _wait_for_script(runner: local_script_runner.LocalScriptRunner, timeout: float) -> None:
    runner._script_thread.join(timeout)
    if not runner.script_stopped():
        runner.request_stop()
        runner.join()
        raise RuntimeError(f"The script ran for more than {timeout} seconds.")
