"""Many independent pieces of work through one executor, as many at a time as it has places: one progress, one end."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass
from typing import Any

from core.progress import Progress
from core.system.jobs.progress_file import ProgressFile
from core.system.jobs.work import Work

_LOOK_EVERY, _END_WITHIN = 0.2, 8.0  # seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """One of them.

    Attributes:
        work: its name and what it calls.
        args: after the `Progress`.
        title: what its messages begin with.
        weight: how long it takes beside the others.
    """

    work: Work
    args: tuple[Any, ...]
    title: str = ""
    weight: float = 1.0


@dataclass(slots=True)
class _Running:
    number: int
    file: ProgressFile
    told: tuple[float, str] = (0.0, "")


def spread_pieces(
    pieces: Sequence[Piece],
    executor: Executor,
    places: Callable[[], int],
    new_progress: Callable[[str], ProgressFile],
    progress: Progress,
    done: Callable[[int, Any], None],
) -> None:
    """Have `executor` do all of `pieces`, begun in their order, and tell `done` of each, by its place, what it gave.

    All is said from this thread. What is cancelled or fails has ended when this raises.

    Args:
        places: how many at a time, asked again and again: workers come and go.
        new_progress: where a piece of this name writes how far it is.
        progress: told how much of all is done, and what was said last.

    Raises:
        Whatever the first to fail raised, or what `progress` or `done` raised; the others are cancelled.
    """
    waiting, running = deque(range(len(pieces))), dict[Future[Any], _Running]()
    total, finished, said = sum(each.weight for each in pieces), 0.0, ""
    try:
        while waiting or running:
            while waiting and len(running) < max(1, places()):
                number = waiting.popleft()
                file = new_progress(pieces[number].work.key)
                running[executor.submit(pieces[number].work, file, *pieces[number].args)] = _Running(number, file)
            ended, _ = wait_for_futures(running, _LOOK_EVERY, FIRST_COMPLETED)
            for future in ended:
                piece = running.pop(future)
                piece.file.remove()
                finished += pieces[piece.number].weight
                done(piece.number, future.result())
            for piece in running.values():
                told = piece.file.read()
                if told[1] and told[1] != piece.told[1]:
                    said = f"{pieces[piece.number].title}{told[1]}"
                piece.told = told
            begun = sum(pieces[piece.number].weight * piece.told[0] for piece in running.values())
            progress((finished + begun) / total, said)
    except BaseException:
        for future in running:
            future.cancel()
        wait_for_futures(running, _END_WITHIN)
        for piece in running.values():
            piece.file.remove()
        raise
