"""Which workers may do a server's work: those of the same version, with the same store.

Each worker tells both when it joins, as resources, and work asks for them: so the scheduler gives it to nobody else.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from secrets import token_hex
from typing import Literal

import core
from core.progress import silent
from core.system.cluster.address import EXTRA
from core.system.files import CACHE_VARIABLE, cache_folder, store_copies, storing
from core.system.locking import hold_lock
from core.system.store.address import STORE_VARIABLE
from core.system.typed_json import Record, read_record, write_record

Kind = Literal["training", "maps"]
KINDS: tuple[Kind, ...] = ("training", "maps")
"""Of work that a worker does; it has as many places for each."""

FOLDER = "cluster"
"""Of the cache folder: which store it is, and how far the work is that workers do."""

STORE_FILE = "store.json"

_VERSION, _STORE = "vectune ", "store "
_PACKAGES = ("numpy", "numba", "gensim", "umap-learn", "scikit-learn", "scipy")
"""With another one of these the same work may give other bits."""


@dataclass(frozen=True, slots=True)
class _Store(Record):
    id: str


@cache
def version_label() -> str:
    """This version, down to every line of code and to the packages that numbers depend on."""
    hasher = hashlib.blake2b(digest_size=4)
    root = Path(core.__file__).parent
    for path in sorted(root.rglob("*.py")):
        hasher.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    hasher.update(json.dumps([metadata.version(package) for package in _PACKAGES]).encode())
    return f"{_VERSION}{core.__version__} ({hasher.hexdigest()})"


def store_label() -> str:
    """Which store this process sees, and where: its id lies in it, made by whoever came first.

    Raises:
        StorageError: it cannot be read or written.
    """
    copies = store_copies()
    if copies is not None:
        return f"{_STORE}{copies.store.identity} at {copies.store.address}"
    folder = cache_folder(FOLDER)
    file = folder / STORE_FILE
    if not file.exists():
        with storing():
            folder.mkdir(parents=True, exist_ok=True)
        with hold_lock(folder / "store.lock", silent, ""):
            if not file.exists():
                write_record(file, _Store(token_hex(6)))
    return f"{_STORE}{read_record(file, _Store).id} at {folder.parent.absolute()}"


def offered(places: int) -> dict[str, float]:
    """What a worker of so many places for each kind of work tells when it joins."""
    every = float(len(KINDS) * places)
    return {**{kind: float(places) for kind in KINDS}, version_label(): every, store_label(): every}


def wanted(kind: Kind) -> dict[str, float]:
    """What work asks for."""
    return {kind: 1.0, version_label(): 1.0, store_label(): 1.0}


def count_places(workers: Iterable[Mapping[str, float]], kind: Kind) -> int:
    """How many pieces of work of this kind the workers, each as what it offers, can do at a time for this server."""
    return int(sum(each[kind] for each in workers if wanted(kind).keys() <= each.keys()))


def explain_unfit(workers: Iterable[Mapping[str, float]]) -> str:
    """Why none of these workers, each as what it offers, may do this server's work, and what to do."""
    offers = list(workers)
    if not offers:
        return (
            "No worker has joined this server's scheduler. Start one: python -m core worker, with the same "
            f"VECTUNE_SCHEDULER and the same {_store_variable()} as this server."
        )
    versions = sorted(set(_labels(offers, _VERSION)))
    if not versions:
        return "This scheduler's workers are not Vectune's. Start them with: python -m core worker."
    if version_label() not in versions:
        theirs = ", ".join(version.removeprefix(_VERSION) for version in versions)
        return (
            f"The workers are of another version: Vectune {theirs}, and this server is "
            f"{version_label().removeprefix(_VERSION)}. Install the same version, requirements.txt and {EXTRA} on all."
        )
    stores = ", ".join(sorted({label.removeprefix(_STORE) for label in _labels(offers, _STORE)}))
    advice = "Let them see the same folder at the same path, and set VECTUNE_CACHE to it."
    if store_copies() is not None:
        advice = f"Set {STORE_VARIABLE} to the same address on all of them, and give them its credentials."
    return (
        f"The workers do not have this server's store: theirs is {stores}, and this server's is "
        f"{store_label().removeprefix(_STORE)}. {advice}"
    )


def _store_variable() -> str:
    return CACHE_VARIABLE if store_copies() is None else STORE_VARIABLE


def _labels(offers: Iterable[Mapping[str, float]], prefix: str) -> Iterator[str]:
    return (name for offer in offers for name in offer if name.startswith(prefix))
