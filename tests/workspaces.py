"""Workspaces by their tokens, for tests that open them by a link."""

from core.system.database import writing
from core.system.files import cache_folder
from core.system.tables import WORKSPACES
from core.system.typed_json import encode_record
from core.workspace import store


def id_of(token):
    """Id of the workspace that `token` opens."""
    return store.find_workspace(token).workspace


def saved(token):
    """The workspace that `token` opens, as it is kept."""
    return store.load_workspace(id_of(token)).workspace


def save(token, workspace):
    """Keep `workspace` under `token`, whether there is one already or not; a new one has the token for its id."""
    if store.find_workspace(token) is None:
        return store.adopt_workspace(token, encode_record(workspace), token)
    store.change_workspace(id_of(token), saved(token), workspace)
    return id_of(token)


def content_of(token):
    """What is kept of the workspace of `token`, as JSON."""
    return store.kept_content(id_of(token))


def all_demos():
    """Identities of every stored demo."""
    return tuple(sorted(path.stem for path in cache_folder("demos").glob("*.json")))


def spoil(token, content):
    """Keep something else in its place: a damaged workspace, or one of a later version."""
    if store.find_workspace(token) is None:
        store.adopt_workspace(token, "", token)
    with writing() as connection:
        connection.execute(WORKSPACES.update().where(WORKSPACES.c.id == id_of(token)).values(content=content))
