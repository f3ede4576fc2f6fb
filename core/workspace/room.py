"""What a workspace keeps on this server, in bytes, and whether there is room for more."""

from collections.abc import Iterable, Mapping

from core.config import TrainConfig
from core.errors import LimitError
from core.models.estimates import estimate_stored_bytes
from core.prose.numbers import readable_size
from core.system.inventory import take_inventory
from core.system.limits import BYTES_ON_SERVER, BYTES_PER_WORKSPACE
from core.text.corpus import Corpus
from core.workspace.references import references
from core.workspace.shelves import SHELVES
from core.workspace.uses import References
from core.workspace.vectors import UPLOADED_VECTORS
from core.workspace.workspace import Workspace


def find_sizes() -> dict[tuple[str, str], int]:
    """Bytes of all that visitors keep, by folder of the cache and name in it."""
    return {(entry.shelf.folder, entry.name): entry.bytes for entry in take_inventory(SHELVES)}


def measure_workspace(identity: str, workspace: Workspace) -> int:
    """Bytes that are kept for a workspace; what others refer to as well counts for each of them."""
    return _measure_own(identity, workspace, find_sizes())


def _measure_own(identity: str, workspace: Workspace, sizes: Mapping[tuple[str, str], int]) -> int:
    return measure(references(workspace), sizes) + sizes.get((UPLOADED_VECTORS.folder, identity), 0)


def measure(found: References, sizes: Mapping[tuple[str, str], int] | None = None) -> int:
    """Bytes of what is referred to, by what `find_sizes` gave; vectors files in their own folder are everybody's."""
    known = find_sizes() if sizes is None else sizes
    return sum(known.get(pair, 0) for pair in found.pairs_of_kind)


def measure_server() -> int:
    """Bytes that all visitors together keep."""
    return sum(find_sizes().values())


def check_retrainings(
    identity: str, workspace: Workspace, retrainings: Iterable[tuple[Corpus, TrainConfig, int]]
) -> None:
    """Whether a workspace may keep so many models of each text and setting, as scoring and noise make them.

    Raises:
        LimitError: as `check_kept`.
    """
    more = sum(times * estimate_stored_bytes(corpus, config) for corpus, config, times in retrainings)
    check_kept(identity, workspace, more)


def check_kept(identity: str, workspace: Workspace, more: int) -> None:
    """Whether a workspace may keep `more` bytes.

    Raises:
        LimitError: it, or all together, would keep more than they may.
    """
    sizes = find_sizes()
    most, mine = BYTES_PER_WORKSPACE.value, _measure_own(identity, workspace, sizes)
    if mine + more > most:
        raise LimitError(
            f"You keep {readable_size(mine)} on this server, and {readable_size(more)} more would be above "
            f"{readable_size(most)}, the most for one workspace. Make room on the Storage page, where texts, vectors "
            "files and removed models can be deleted, then try again. Whoever runs this server can raise "
            f"{BYTES_PER_WORKSPACE.variable}."
        )
    most, every = BYTES_ON_SERVER.value, sum(sizes.values())
    if every + more > most:
        raise LimitError(
            f"{readable_size(every)} are kept on this server, and {readable_size(more)} more would be above "
            f"{readable_size(most)}, the most for all workspaces together. Nothing of yours is lost. Whoever runs it "
            f"can clear what nobody uses on its admin page, or raise {BYTES_ON_SERVER.variable}."
        )
