"""What a server has once: boards of jobs, watchers, the door of the Admin page."""

import sys
from collections.abc import Collection, Mapping
from concurrent.futures import wait
from contextlib import suppress

import streamlit as st

from core.errors import UserError
from core.maps.warming import prepare_maps, prepare_pages
from core.system.cluster.access import open_executor
from core.system.cluster.address import find_scheduler
from core.system.cluster.boards import make_board, make_board_of_sweeps
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ProcessExecutor, ThreadExecutor
from core.system.jobs.outcomes import KeptProblems
from core.system.jobs.warm_executor import WarmExecutor
from core.system.limits import check_limits
from core.system.memory import settle_allocator
from core.system.store.upkeep import keep_copies_true
from core.system.watching import serve_metrics, set_up_logs
from core.text.reading.allowances import explain_end
from core.workspace.door import Door
from core.workspace.erasure import finish_erasures, forget_copy
from core.workspace.texts import prepare_reading
from pages.shared.cached import results
from pages.shared.frame import run_ends
from pages.shared.memory.tidying import keep_tidy

_END_WITHIN = 10.0  # seconds
_SWITCH_SECONDS = 0.001
"""So long a page may compute before another page's thread gets its turn, of which it needs dozens: 5 ms is usual."""


@st.cache_resource(show_spinner=False)
def training_jobs() -> Jobs:
    scheduler = find_scheduler()
    if scheduler is not None:
        return make_board(scheduler, "training", problems=KeptProblems())
    return Jobs(ProcessExecutor(), workers=2, problems=KeptProblems())


@st.cache_resource(show_spinner=False)
def sweep_jobs() -> Jobs:
    """Those that try settings; of a cluster they have its workers do that, a training for each."""
    return training_jobs() if find_scheduler() is None else make_board_of_sweeps(KeptProblems())


def training_places() -> int | None:
    """How many trainings the workers of a cluster do at a time; None without one."""
    scheduler = find_scheduler()
    return None if scheduler is None else open_executor(scheduler, "training").places()


@st.cache_resource(show_spinner=False)
def reading_jobs() -> Jobs:
    return Jobs(ProcessExecutor(), workers=2)


@st.cache_resource(show_spinner=False)
def text_jobs() -> Jobs:
    return Jobs(_text_reader(), workers=2, most_of_one=1)  # who brings two forged files holds up but one of two


@st.cache_resource(show_spinner=False)
def _text_reader() -> WarmExecutor:
    return WarmExecutor(prepare_reading, most_bytes=400_000_000, explain=explain_end, most_answer=1_000_000)


@st.cache_resource(show_spinner=False)
def download_jobs() -> Jobs:
    return Jobs(ProcessExecutor(), workers=2)


@st.cache_resource(show_spinner=False)
def map_jobs() -> Jobs:
    scheduler = find_scheduler()
    return Jobs(_map_maker(), workers=2) if scheduler is None else make_board(scheduler, "maps", prepare_maps)


@st.cache_resource(show_spinner=False)
def _map_maker() -> WarmExecutor:
    return WarmExecutor(prepare_maps)


def boards() -> Mapping[str, Jobs]:
    """Every board by the kind of its work."""
    own = {} if find_scheduler() is None else {"sweeps": sweep_jobs()}
    return {
        "training": training_jobs(),
        **own,
        "texts": text_jobs(),
        "reading": reading_jobs(),
        "download": download_jobs(),
        "maps": map_jobs(),
    }


def leave_jobs(watcher: str, about: Collection[str] | None = None) -> None:
    """End the jobs that nobody but `watcher` wants, and wait until they write nothing any more.

    `about`: only those whose order has one of these digests in it; None for all.
    """
    wait([future for board in boards().values() for future in board.leave(watcher, about)], _END_WITHIN)


@st.cache_resource(show_spinner=False)
def watch_server() -> None:
    """Logs, metrics where they are wanted, memory given back, what a killed server left: once for each server."""
    set_up_logs()
    check_limits()
    serve_metrics(boards())
    settle_allocator()
    sys.setswitchinterval(_SWITCH_SECONDS)
    run_ends.keep()
    keep_tidy(results.kept())
    with suppress(UserError):  # a storage that cannot be read or written says so on every page
        keep_copies_true(adopt=True, before_removal=forget_copy)
        finish_erasures()


@st.cache_resource(show_spinner=False)
def admin_door() -> Door:
    return Door()


@st.cache_resource(show_spinner=False)
def warm_maps() -> None:
    _text_reader().start()
    if find_scheduler() is None:  # a worker of a cluster has the child for maps
        _map_maker().start()
    ThreadExecutor().submit(prepare_pages)
