"""What a workspace keeps on this server, in bytes, and whether there is room for more."""

from core.errors import LimitError
from core.prose.numbers import readable_size
from core.system.inventory import take_inventory
from core.system.limits import BYTES_ON_SERVER, BYTES_PER_WORKSPACE
from core.workspace.references import references
from core.workspace.shelves import SHELVES
from core.workspace.uses import References
from core.workspace.vectors import UPLOADED_VECTORS
from core.workspace.workspace import Workspace


def measure_workspace(identity: str, workspace: Workspace) -> int:
    """Bytes that are kept for a workspace; what others refer to as well counts for each of them."""
    uploaded = sum(entry.bytes for entry in take_inventory([UPLOADED_VECTORS]) if entry.name == identity)
    return measure(references(workspace)) + uploaded


def measure(found: References) -> int:
    """Bytes of what is referred to in the cache folder; vectors files in their own folder are everybody's."""
    wanted = found.pairs_of_kind
    return sum(entry.bytes for entry in take_inventory(SHELVES) if (entry.shelf.folder, entry.name) in wanted)


def measure_server() -> int:
    """Bytes that all visitors together keep."""
    return sum(entry.bytes for entry in take_inventory(SHELVES))


def check_kept(identity: str, workspace: Workspace, more: int) -> None:
    """Whether a workspace may keep `more` bytes.

    Raises:
        LimitError: it, or all together, would keep more than they may.
    """
    most, mine = BYTES_PER_WORKSPACE.value, measure_workspace(identity, workspace)
    if mine + more > most:
        raise LimitError(
            f"You keep {readable_size(mine)} on this server, and {readable_size(more)} more would be above "
            f"{readable_size(most)}, the most for one workspace. Make room on the Storage page, where texts, vectors "
            "files and removed models can be deleted, then try again. Whoever runs this server can raise "
            f"{BYTES_PER_WORKSPACE.variable}."
        )
    most, every = BYTES_ON_SERVER.value, measure_server()
    if every + more > most:
        raise LimitError(
            f"{readable_size(every)} are kept on this server, and {readable_size(more)} more would be above "
            f"{readable_size(most)}, the most for all workspaces together. Nothing of yours is lost. Whoever runs it "
            f"can clear what nobody uses on its admin page, or raise {BYTES_ON_SERVER.variable}."
        )
