"""Several programs that run on one machine until they are all ended together; one that dies is started again."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_LOOK_EVERY, _END_WITHIN = 0.3, 10.0  # seconds
_SOON = 5.0
"""A program that has run for less ends too soon: it is started again after so many seconds, not at once."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command and what to call it."""

    name: str
    command: tuple[str, ...]


def run_together(
    programs: Sequence[Program], environment: Mapping[str, str], folder: Path, say: Callable[[str], None]
) -> None:
    """Run them in `folder` until SIGINT or SIGTERM, which ends them all: the last one first.

    `say` is told what happens.
    """
    is_over = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        is_over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    running: dict[str, subprocess.Popen[bytes]] = {}
    started: dict[str, float] = {}
    try:
        while not is_over.is_set():
            for program in programs:
                child = running.get(program.name)
                if child is not None and child.poll() is None:
                    continue
                if child is not None:
                    if time.monotonic() - started[program.name] < _SOON:
                        continue
                    say(f"{program.name} ended ({child.returncode}); it is started again.")
                # a group of its own, so that Ctrl-C in the terminal does not end all at the same moment
                running[program.name] = subprocess.Popen(
                    program.command, cwd=folder, env=dict(environment), start_new_session=True
                )
                started[program.name] = time.monotonic()
                say(f"{program.name}: process {running[program.name].pid}")
            is_over.wait(_LOOK_EVERY)
    finally:
        _end_all([running[program.name] for program in reversed(programs) if program.name in running])


def _end_all(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + _END_WITHIN
    for child in children:
        try:
            child.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
