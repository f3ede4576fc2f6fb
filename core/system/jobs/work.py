"""Work with a name: what a board hands to whatever executes it, in a thread, a child or on another machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.system.jobs.children import within


@dataclass(frozen=True, slots=True)
class Work:
    """A function to be called with a `Progress` and arguments, all picklable; whoever calls this calls it.

    That is all that the interface of `concurrent.futures.Executor` asks for. An executor that several servers share
    looks at the name as well: work of one name is the same work, and is done once for all who ask for it meanwhile.

    Attributes:
        key: names it, with its arguments.
        fn: its first argument is a `Progress`.
        limit: seconds after which the process that does it ends itself; only for a child process. None for no limit.
    """

    key: str
    fn: Callable[..., Any]
    limit: float | None = None

    def __call__(self, *args: Any) -> Any:
        return self.fn(*args) if self.limit is None else within(self.limit, self.fn, *args)
