"""Shelves: folders of the cache whose entries are listed in the database, and what an entry says of itself.

An entry is a file or a folder named by the digest of what made it, whole or absent. It is the truth; what the database
says of it (`core.system.inventory`) is read out of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.system.files import cache_folder


@dataclass(frozen=True, slots=True)
class About:
    """What an entry says of itself.

    Attributes:
        title: what the text is called that it was made from; "" where it does not say.
        uses: (shelf, name) of the entries that it was made from or refers to.
    """

    title: str = ""
    uses: frozenset[tuple[str, str]] = frozenset()


def _nothing(path: Path) -> About:
    return About()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of the cache.

    Attributes:
        folder: its name.
        describe: what the entry at a path says of itself; raises what `read_record` raises.
        ending: of its entries, ".json" where they are files.
        passed_over: names in it that are no entries.
    """

    folder: str
    describe: Callable[[Path], About] = _nothing
    ending: str = ""
    passed_over: frozenset[str] = frozenset()

    def path_of(self, name: str) -> Path:
        """Where the entry lies, got from the store where machines share one."""
        return cache_folder(self.folder, f"{name}{self.ending}")

    def place_of(self, name: str) -> Path:
        """The same, wherever the entry is."""
        return cache_folder(self.folder) / f"{name}{self.ending}"

    @property
    def describes(self) -> bool:
        """Whether its entries say anything of themselves."""
        return self.describe is not _nothing
