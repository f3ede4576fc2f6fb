"""Children that are forked from a process which has imported what they need, in the place of spawned ones."""

import multiprocessing
import os
import sys
from multiprocessing import forkserver
from types import SimpleNamespace

import pytest

_USED = ("core.system.jobs.board", "core.system.jobs.warm_executor", "system.test_jobs", "system.test_warm_executor")


def forking():
    """Stands for the module `multiprocessing` where children are started: they have what they need when they begin."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_USED))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # or it would find none of the tests, and import none
        forkserver.ensure_running()
    return SimpleNamespace(get_context=lambda kind: context, Pipe=multiprocessing.Pipe)
