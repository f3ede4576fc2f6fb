"""What simulated visitors do on a server: bring a text of their own, train, look at maps, erase, leave."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from light_client import Visitor

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.system.files import cache_folder

MODELS = frozenset({"**From scratch**", "**From scratch, counting method**"})
_PATIENCE = 900.0  # seconds until maps are there
_WORDS, _TOPICS = 600, 8


def write_text(seed: int, tokens: int = 6_000) -> bytes:
    """A little text like no other: sentences of a few topics, some words far more frequent than others."""
    generator = np.random.default_rng(seed)
    lines = []
    for _ in range(tokens // 12):
        topic = generator.integers(_TOPICS)
        numbers = np.minimum(generator.zipf(1.4, 12), _WORDS // _TOPICS) * _TOPICS + topic
        lines.append(" ".join(f"t{seed}w{number}" if number % 3 else f"w{number}" for number in numbers) + ".")
    return "\n".join(lines).encode()


def make_maps(visitor: Visitor, seed: int) -> float:
    """Bring a text, train two models of it, and look at their maps; the seconds until these were laid out.

    Raises:
        RuntimeError: a page has failed, or the maps have not come.
    """
    began = time.monotonic()
    visitor.rerun()
    visitor.upload("Upload text files", f"text{seed}.txt", write_text(seed))
    while not visitor.has_button("Continue to training"):
        _wait(visitor, began)
    visitor.click("Continue to training")
    visitor.tick(set(MODELS))
    visitor.click(f"Train {len(MODELS)} models")
    while visitor.waits or visitor.charts < 2:
        _wait(visitor, began)
    return time.monotonic() - began


def _wait(visitor: Visitor, began: float) -> None:
    if visitor.exceptions or visitor.errors or time.monotonic() - began > _PATIENCE:
        raise RuntimeError(f"no maps: {visitor.exceptions + visitor.errors}")
    visitor.stay(1.0)


def erase(visitor: Visitor) -> None:
    """Erase all that the visitor has brought and made."""
    visitor.go("about")
    visitor.click("Erase everything now")


@contextmanager
def warm_server(root: Path) -> Iterator[tuple[str, int]]:
    """The app with an empty cache folder below `root`, once it has loaded what maps need; gives (URL, process id).

    Compiled code is kept where `make run` keeps it, so that only the first benchmark on a machine compiles.
    """
    from browser.driver import serve

    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))
    os.environ.setdefault("VECTUNE_WORKSPACES_PER_ADDRESS", "1000000")  # all visitors come from one
    (root / "cache").mkdir(parents=True)
    (root / "vectors").mkdir()
    with serve(root / "cache", root / "vectors") as (url, process):
        first = Visitor(url)
        make_maps(first, 0)
        erase(first)
        first.leave()
        yield url, process.pid


@dataclass(frozen=True, slots=True)
class Held:
    """What a server process holds: MB that are its own, MB of files that it has mapped, and other things by number."""

    own: float
    mapped: float
    descriptors: int
    threads: int
    children: int

    @classmethod
    def of(cls, pid: int) -> "Held":
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        own, mapped = (int(lines[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))
        children = sum(_parent(each) == pid for each in Path("/proc").glob("[0-9]*"))
        return cls(own, mapped, len(os.listdir(f"/proc/{pid}/fd")), int(lines["Threads"]), children)


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended meanwhile
        return 0


def disk_megabytes(folder: Path) -> float:
    """What the files below `folder` hold."""
    found = 0
    for path in folder.rglob("*"):
        try:
            found += path.stat().st_size if path.is_file() else 0
        except OSError:  # it was deleted meanwhile
            continue
    return found / 1e6
