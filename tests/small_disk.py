"""A disk of its own for a test: filled to the last byte, or mounted to be read only."""

import os
import subprocess
from contextlib import contextmanager

import pytest


@contextmanager
def mounted(place, megabytes):
    """A disk of so many megabytes at the folder `place`, made here; a loud skip where nothing may be mounted."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"NO DISK CAN BE MOUNTED HERE, so a full one is not tested: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(place):
    """Leave no byte free."""
    with open(place / "filler", "ab") as file:
        while True:
            try:
                os.write(file.fileno(), bytes(4096))
            except OSError:
                return


@contextmanager
def read_only(place):
    """Nothing may be written there for a while, though files are open."""
    subprocess.run(["mount", "--bind", place, place], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)
