"""Jobs of the pages in the process of the tests."""

import pickle
from concurrent.futures import Future, wait

from core.errors import Cancelled
from core.system.jobs.executors import ThreadExecutor

_calls: list[Future] = []


class SameProcess(ThreadExecutor):
    """Stands for an executor of child processes: a thread, whose call is pickled all the same."""

    def __init__(self, prepare=None, **options):
        super().__init__()

    def start(self):
        """A warm child would prepare itself."""

    def submit(self, fn, /, *args, **kwargs):
        fn, args, kwargs = pickle.loads(pickle.dumps((fn, args, kwargs)))
        _calls.append(super().submit(fn, *args, **kwargs))
        return _calls[-1]


class _Endless(Future):
    """Of a call that runs until it is cancelled."""

    def cancel(self):
        self.set_exception(Cancelled())
        return True


def hold_calls(monkeypatch):
    """From now on no call ends, unless it is cancelled, whatever it is."""

    def submit(self, fn, /, *args, **kwargs):
        future = _Endless()
        future.set_running_or_notify_cancel()
        return future

    monkeypatch.setattr(SameProcess, "submit", submit)


def wait_for_calls(seconds):
    """Wait until no call runs; False where one still does after so many seconds."""
    return not wait(_calls, seconds).not_done


def end_calls():
    """Let every call come to its end: it would go on in the cache folder of the next test."""
    assert wait_for_calls(60)
    _calls.clear()
