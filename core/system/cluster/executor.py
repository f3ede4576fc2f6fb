"""The executor whose work a cluster's workers do: the same interface as child processes of this machine.

Work of one name is done once, whoever of the servers asks for it meanwhile. It is begun anew where a worker dies, and
where the scheduler does; only what was running is lost then, as results are in the store. It is ended when the last
server that asked for it cancels, or is gone.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

from distributed import Client
from distributed import Future as ClientFuture

from core.errors import Cancelled, ClusterError
from core.progress import Progress, silent
from core.system.cluster.calls import pack_call, run_call, unpack_value
from core.system.cluster.connection import Connection
from core.system.cluster.fitness import Kind, explain_unfit, store_label, version_label, wanted
from core.system.files import digest_of, store_copies
from core.system.jobs.children import JobCrashed, unwrap
from core.system.jobs.executors import start_thread
from core.system.jobs.work import Work

_PATIENCE = 60.0
"""Seconds that a scheduler may be away, and that no worker may fit, before work is given up."""
_LOOK_EVERY = 0.5  # seconds
_ENDED_LOOK, _END_WITHIN = 0.1, 5.0  # seconds
_HEARD_WITHIN = 0.5
"""Seconds after which the scheduler has heard that somebody wants work no longer."""
_ROUNDS = 3
"""So often is begun anew what the scheduler gave up because worker after worker died over it."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


class ClusterFuture(Future[Any]):
    """A future whose `cancel` also ends work that is already running, unless another server wants it too."""

    def __init__(self) -> None:
        super().__init__()
        self.is_cancelled = threading.Event()
        self.changed = threading.Event()
        """Set with each cancel, and when the work ends."""

    def cancel(self) -> bool:
        if super().cancel():
            return True
        if self.done():
            return False
        self.is_cancelled.set()
        self.changed.set()
        return True


class ClusterExecutor(Executor):
    """Has each call done by a worker of the cluster, in a child process there."""

    def __init__(
        self,
        connection: Connection,
        kind: Kind,
        prepare: Callable[[], None] | None = None,
        *,
        patience: float = _PATIENCE,
    ) -> None:
        """Work of `kind`; in a child that lives on for the next one and begins with `prepare`, where there is one.

        `patience`: seconds that a scheduler may be away, and that no worker may fit, before work is given up.
        """
        self._connection = connection
        self._kind = kind
        self._prepare = prepare
        self._patience = patience

    def places(self) -> int:
        """How many calls the workers can do at a time."""
        return self._connection.places(self._kind)

    def require_workers(self) -> None:
        """Look who is there, for whoever would rather know at once than be patient.

        Raises:
            ClusterError: nobody can do this work now.
        """
        state = self._connection.look()
        if not state.places[self._kind]:
            raise ClusterError(state.problem or explain_unfit((state.workers or {}).values()))

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have `fn`, a `Work`, done with `args`, which begin with a `Progress`; all are picklable."""
        assert isinstance(fn, Work)
        assert not kwargs
        future = ClusterFuture()
        start_thread(partial(self._follow, future, fn, args))
        return future

    def _follow(self, future: ClusterFuture, work: Work, args: tuple[Any, ...]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            call = pack_call(self._prepare, work, args)
            key = f"{self._kind}-{digest_of(version_label(), store_label(), work.key)}"
            progress: Progress = args[0] if args else silent
            kind, value = self._find_outcome(future, key, call, progress)
            if (copies := store_copies()) is not None:
                copies.forget_looks()  # what was not there a moment ago is
            if kind == "crashed":
                raise JobCrashed(*value)
            future.set_result(unwrap(kind, value))
        except BaseException as error:
            future.set_exception(error)

    def _find_outcome(self, future: ClusterFuture, key: str, call: bytes, progress: Progress) -> tuple[str, Any]:
        """The kind of outcome and its value; the work is begun anew until there is one.

        Raises:
            Cancelled: it was cancelled, and has ended.
            ClusterError: nobody can do it.
            JobCrashed: worker after worker died over it.
        """
        deaths = 0
        while True:
            task = self._send(future, key, call, progress)
            try:
                self._wait(future, task, progress)
                if future.is_cancelled.is_set():
                    break
                if task.status == "finished":
                    outcome: tuple[str, Any] = unpack_value(task.result(timeout=_END_WITHIN))
                    if outcome[0] != "ended":  # by somebody else's cancel, which came before this was asked for
                        return outcome
                elif task.status == "error":
                    deaths += 1
                    if deaths >= _ROUNDS:
                        raise JobCrashed(f"The workers could not do this: {_describe(task)}")
            except (OSError, TimeoutError):  # the result went with its worker, or the scheduler
                pass
            finally:
                task.release()
        self._wait_until_ended(key)
        raise Cancelled

    def _send(self, future: ClusterFuture, key: str, call: bytes, progress: Progress) -> ClientFuture:
        """Ask the scheduler for it; where it is away, wait for it."""
        end = time.monotonic() + self._patience
        while True:
            if future.is_cancelled.is_set():
                raise Cancelled
            try:
                return self._submit(self._connection.client(), future, key, call)
            except (ClusterError, OSError, ValueError, RuntimeError) as error:
                if time.monotonic() > end:
                    raise error if isinstance(error, ClusterError) else ClusterError(str(error)) from error
                progress(0.0, "waiting for the scheduler, which does not answer")
                future.changed.wait(_LOOK_EVERY)

    def _submit(self, client: Client, future: ClusterFuture, key: str, call: bytes) -> ClientFuture:
        if not future.is_cancelled.is_set():
            future.changed.clear()
        task = client.submit(run_call, call, key=key, resources=wanted(self._kind), pure=False)
        task.add_done_callback(lambda _: future.changed.set())
        return task

    def _wait(self, future: ClusterFuture, task: ClientFuture, progress: Progress) -> None:
        """Until it ends or is cancelled.

        Raises:
            ClusterError: no worker fits.
        """
        last_fit = time.monotonic()
        while not (future.is_cancelled.is_set() or task.done()):
            future.changed.wait(_LOOK_EVERY)
            state = self._connection.state()
            if state is None or state.workers is None:  # the scheduler is away: the task ends by that
                continue
            if state.places[self._kind]:
                last_fit = time.monotonic()
            elif time.monotonic() - last_fit > self._patience:
                raise ClusterError(state.problem or explain_unfit(state.workers.values()))
            else:
                progress(0.0, "waiting for a worker that fits")

    def _wait_until_ended(self, key: str) -> None:
        """What a cancelled child would still write must not appear once somebody has heard that it was cancelled."""
        begin = time.monotonic()
        try:
            while time.monotonic() - begin < _END_WITHIN:
                if self._connection.is_processing(key):
                    if time.monotonic() - begin > _HEARD_WITHIN:
                        return  # another server wants it too
                elif not self._connection.is_at_work(key):
                    return
                time.sleep(_ENDED_LOOK)
        except ClusterError:  # and without a scheduler workers end what they do
            return


def _describe(task: ClientFuture) -> str:
    error = task.exception(timeout=_END_WITHIN)
    return f"{type(error).__name__}: {error}"
