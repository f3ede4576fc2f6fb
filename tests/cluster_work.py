"""Work for the tests of a cluster: each call leaves a line in a file that says which process did it."""

import os
import time

from core.errors import TrainingError
from core.models.runs import run_folder
from core.system.files import new_folder


def note(path):
    with open(path, "a") as file:
        file.write(f"{os.getpid()} {os.getppid()}\n")


def calls_in(path):
    """Of each call that began: its process, and the worker that started it."""
    return [tuple(map(int, line.split())) for line in path.read_text().splitlines()] if path.exists() else []


def add(progress, path, a, b):
    note(path)
    return a + b


def take(progress, path, seconds):
    note(path)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        progress(0.25, "at it")
        time.sleep(0.05)
    return "done"


def take_without_a_word(progress, path, seconds):
    note(path)
    time.sleep(seconds)


def keep_slowly(progress, path, seconds):
    """Keep a run in the store, the last file of which comes after so many seconds."""
    with new_folder(run_folder(path.name)) as new:
        (new / "first").write_text("dog")
        take(progress, path, seconds)
        (new / "last").write_text("cat")
    return run_folder(path.name)


def refuse(progress):
    raise TrainingError("No word occurs 5 times. Lower the minimum count.")


def crash(progress):
    os.abort()


def prepare():
    """Of a child that lives on."""
