"""The one place that touches st.session_state: a visitor's workspace, kept on disk and found again by its link.

The workspace's token is in the URL (`?w=`) and unguessable, so a reload, a second tab or a restarted server shows
the same text, vectors and models, and nobody without the link does. Only the server makes tokens. Who comes back to
the bare address finds their work through `comeback`. A link to look opens the workspace as it is; what is changed
there lasts as long as the tab.
"""

import dataclasses
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import LimitError, RunError, UserError, WorkspaceError
from core.system.database import with_reserve
from core.system.limits import PROXIES
from core.workspace import demo_sessions, named_texts, store
from core.workspace.arrivals import Arrivals, find_address
from core.workspace.door import admin_pass
from core.workspace.erasure import erase_unlisted
from core.workspace.texts import TextChoice
from core.workspace.workspace import SweepForm, TrainForm, Workspace
from pages.shared import comeback, login, messages

_TOKEN = "w"
_PINS = "pins"
_COLOUR = "colour"
_SIDES = ("left", "right")
_DEMO = "demo"
_arrivals = Arrivals()
_seen: dict[str, float] = {}
_MOST_SEEN = 10_000
_OF_A_TAB = ("settings", "left", "right", "shown", "colour", "doses", "score", "study", "sweep", "demo")
"""Fields that every tab has of its own: another's change of them must not turn this one's forms and maps."""


def start(pages: Mapping[str, Any]) -> None:
    """Open the visitor's workspace; called by app.py on every run, before the page.

    Goes on to the page that `require_app` interrupted, if there is one.
    """
    interrupted = st.session_state.pop("interrupted", None)
    if interrupted is None and "workspace" not in st.session_state:
        interrupted = comeback.kept_request(pages)
    # the way through app.py drops the link's parameters, so those of the interrupted request count
    asked = st.query_params.to_dict() if interrupted is None else interrupted[1]
    if "workspace" not in st.session_state:
        _open(str(asked.get(_TOKEN, "")))
        _take_view(asked)
        _take_demo(asked.pop(_DEMO, ""))
    st.session_state["pages"] = dict(pages)
    with st.container():  # what sets cookies comes and goes: in a place of its own, or the page's fields would move
        if st.session_state.pop("new-home", False):
            comeback.set_home(st.session_state["token"], visitor())
        comeback.forget_request()
    _note_visit()
    take_changes()
    if interrupted is not None:
        name, parameters = interrupted
        st.switch_page(pages[name], query_params=parameters)
    st.query_params[_TOKEN] = st.session_state["token"]


def keep_request(page: str) -> None:
    """Keep what somebody asked for who has to log in first."""
    comeback.keep_request(*st.session_state.get("interrupted", (page, st.query_params.to_dict())))


def require_app(page: str) -> None:
    """First statement of every page: a visitor whose first request was this page's URL is sent through app.py.

    Until `st.navigation` has run once in a process, Streamlit finds pages by itself and runs them without app.py.
    Who has asked for another page (`ask_for`) is sent there.
    """
    if "workspace" not in st.session_state:
        st.session_state["interrupted"] = (page, st.query_params.to_dict())
        st.switch_page("app.py")
    asked = st.session_state.pop("asked-page", page)
    if asked != page:
        st.switch_page(page_named(asked))
    remember("page", page)
    st.query_params[_TOKEN] = st.session_state["token"]


def workspace() -> Workspace:
    """The visitor's workspace."""
    opened: Workspace = st.session_state["workspace"]
    return opened


def update(**changes: Any) -> Workspace:
    """Change fields of the workspace, here and on disk."""
    changed = dataclasses.replace(workspace(), **changes)
    if changed != workspace():
        put(changed)
    return changed


def put(changed: Workspace) -> None:
    """Let the workspace be `changed`, here and on disk, where what other tabs did stays."""
    before: Workspace = recall("not-kept-since") or workspace()
    st.session_state["workspace"] = changed
    if not may_write():
        return
    try:
        kept = store.change_workspace(visitor(), before, changed)
    except store.WorkspaceErased:
        _leave_erased()
    except WorkspaceError as error:
        remember("not-kept-since", before)
        remember("not-kept", messages.sentence(error))
    else:
        remember("not-kept-since", None)
        remember("not-kept", None)
        _show_kept(kept)


def use_text(choice: TextChoice, name: str | None = None) -> None:
    """Let this text, read so, be the one in use; nothing is read for another one any more."""
    put(dataclasses.replace(named_texts.use_text(workspace(), choice, name), pending=None))


def why_not_kept() -> str:
    """Why the last changes could not be kept; "" where they were. They are tried again with the next one."""
    return recall("not-kept") or ""


def bring(upload: str) -> None:
    """Remember the text of this digest as one that the visitor brought, before it is kept."""
    update(uploads=(*(each for each in workspace().uploads if each != upload), upload))
    if upload not in workspace().uploads:  # erased in another tab: it is the first of a new workspace
        update(uploads=(upload,))


def may_write() -> bool:
    """False for somebody who has a link to look only: what they change lasts as long as their tab."""
    return bool(st.session_state["may-write"])


def check_own() -> None:
    """Raise where somebody only looks: what they brought would be of no workspace, and nobody could erase it.

    Raises:
        WorkspaceError: they have a link to look.
    """
    if not may_write():
        raise WorkspaceError(
            "You look at somebody's workspace, where nothing of yours is kept. Open this site without their link, and "
            "do it in your own."
        )


def _show_kept(kept: store.Kept) -> None:
    """Take over what is kept, but for what each tab has of its own: its forms, and what its maps show."""
    mine = workspace()
    own = {name: getattr(mine, name) for name in _OF_A_TAB}
    st.session_state["workspace"] = dataclasses.replace(kept.workspace, **own)
    st.session_state["version"] = kept.version


def take_changes() -> bool:
    """Take over what another tab changed meanwhile; whether there was anything that this one shows.

    What could not be kept before is tried again.
    """
    if not may_write():
        return False
    if why_not_kept():
        put(workspace())
        return False
    try:
        if store.read_version(visitor()) == st.session_state["version"]:
            return False
        before = workspace()
        _show_kept(store.load_workspace(visitor()))
    except store.WorkspaceErased:
        _leave_erased()
        return True
    except store.WorkspaceUnknown as error:  # perhaps it comes back: until then it is tried again and said
        remember("not-kept-since", workspace())
        remember("not-kept", messages.sentence(error))
        return False
    except WorkspaceError:  # what cannot be read now is read a little later
        return False
    return before != workspace()


def _leave_erased() -> None:
    if not recall("erased"):  # here, a moment ago
        remember("erased-elsewhere", True)
    with suppress(UserError):  # whoever erased it was told of a storage that cannot be written
        erase_unlisted(visitor(), workspace())
    renew()


def show_news() -> None:
    """What happened to this workspace that the visitor should know of, once.

    In a place of its own: what comes and goes above a page's fields must not move them, or the browser makes them anew.
    """
    with st.container():
        if recall("erased-elsewhere"):
            remember("erased-elsewhere", None)
            st.info("This workspace was erased in another tab. You have a new, empty one.", icon=":material/delete:")
        if recall("unknown-link"):
            remember("unknown-link", None)
            st.warning("This link leads to no workspace here. You have your own.", icon=":material/link_off:")
        show_failure()
        if not may_write():
            st.info(
                "You look at somebody's workspace. What you change is seen in this tab only and is not kept.",
                icon=":material/visibility:",
            )


def remember_failure(text: str) -> None:
    """Have the page, or the part of it, that is drawn next say what failed before it."""
    remember("failure", text)


def show_failure() -> None:
    """What failed in a callback, once."""
    text = recall("failure")
    if text:
        remember("failure", None)
        st.error(messages.plain(text), icon=":material/error:")


def share_to_look() -> str:
    """A link that shows this workspace and changes nothing of it."""
    return f"{address()}?{_TOKEN}={store.make_token(visitor(), may_write=False)}"


def renew_link() -> None:
    """Let a new link open this workspace: those that were given away open it no longer."""
    st.session_state["token"] = store.renew_tokens(visitor())
    st.session_state["new-home"] = True
    st.query_params[_TOKEN] = st.session_state["token"]


def pin(*words: str) -> None:
    """Pin words, those that are pinned already too: they are the last ones then, and the very last is explained."""
    update(pins=(*(each for each in workspace().pins if each not in words), *words))


def address() -> str:
    """Where the app is, without a page or parameters: "https://host/prefix"."""
    url = str(st.context.url or "").split("?", 1)[0].rstrip("/")
    head, _, last = url.rpartition("/")
    return head if last in {page.url_path for page in st.session_state["pages"].values()} else url


def open_demo(identity: str) -> None:
    """Make this workspace a copy of a demo session; the models that it has already stay on the Models page.

    Raises:
        RunError: there is no such demo.
    """
    put(demo_sessions.open_demo(workspace(), identity))


def put_view_in_url() -> None:
    """Show the two runs, the pinned words and the colouring in the link, so that whoever opens it sees the same."""
    view = {**dict(zip(_SIDES, workspace().shown, strict=False)), _PINS: " ".join(workspace().pins)}
    before = st.query_params.to_dict()
    wanted = {**before, **view, _COLOUR: workspace().colour}
    wanted = {name: text for name, text in wanted.items() if text}
    if wanted != before:
        st.query_params.from_dict(wanted)


def _take_view(parameters: Mapping[str, Any]) -> None:
    pins, colour = str(parameters.get(_PINS, "")), str(parameters.get(_COLOUR, ""))
    if pins:
        update(pins=tuple(dict.fromkeys(pins.split())))
    if colour:
        update(colour=colour)
    sides = {side: str(parameters[side]) for side in _SIDES if side in parameters}
    if sides.keys() == set(_SIDES):
        if set(sides.values()) <= {run.id for run in workspace().runs}:
            update(**sides)
        else:
            remember("missing-sides", True)


def _take_demo(identity: str) -> None:
    """A link to a demo session opens a copy of it in a new workspace: whatever is done there, the session stays."""
    if not identity:
        return
    try:
        opened = demo_sessions.open_demo(Workspace(), identity)
        _open_new()
    except (RunError, LimitError) as error:
        remember("missing-demo", str(error))
    else:
        put(opened)
        ask_for(demo_sessions.load_demo(identity).steps[0].page)
    st.query_params.pop(_DEMO, None)


def _open(asked: str) -> None:
    """Open the workspace of the token `asked`, else the visitor's own, else a new one.

    Where it cannot be read a new one is opened, so that nothing is written over it.
    """
    access, token = store.find_workspace(asked) if asked else None, asked
    remember("unknown-link", bool(asked) and access is None)
    if access is None:
        access, token = comeback.home()
    if access is None:
        _open_new()
        return
    try:
        kept = store.load_workspace(access.workspace)
    except (store.WorkspaceErased, store.WorkspaceUnknown):
        _open_new()
    except WorkspaceError as error:
        remember("unreadable-workspace", f"{error} This is a new workspace.")
        _open_new()
    else:
        st.session_state["visitor"] = access.workspace if access.may_write else secrets.token_hex(16)
        st.session_state["token"], st.session_state["may-write"] = token, access.may_write
        st.session_state["workspace"], st.session_state["version"] = kept.workspace, kept.version
        if access.may_write and not comeback.has_home():
            st.session_state["new-home"] = True


def _open_new() -> None:
    """A new workspace; the bare address leads to it where it leads nowhere yet.

    Raises:
        LimitError: too many were begun from the visitor's address today.
    """
    if not login.is_required():
        _arrivals.admit(network_address())
    _enter(*store.create_workspace())


def _enter(identity: str, token: str) -> None:
    st.session_state["visitor"], st.session_state["token"] = identity, token
    st.session_state["may-write"], st.session_state["version"] = True, 1
    st.session_state["workspace"] = Workspace()
    if not comeback.has_home():
        st.session_state["new-home"] = True


def _note_visit() -> None:
    if may_write():
        _seen.pop(visitor(), None)
        _seen[visitor()] = time.time()
        if len(_seen) > _MOST_SEEN:
            del _seen[next(iter(_seen))]


def last_visits() -> Mapping[str, float]:
    """When this server last showed each workspace, by its id; as far as it remembers."""
    return dict(_seen)


def network_address() -> str:
    """Where the visitor comes from; kept nowhere."""
    return find_address(st.context.ip_address, st.context.headers.get_all("X-Forwarded-For"), PROXIES.value)


def is_admin() -> bool:
    """Whether this tab was let in to the admin page, by the token that is still in force."""
    return bool(admin_pass()) and recall("admin") == admin_pass()


def let_admin_in(is_let_in: bool) -> None:
    """Open the admin page to this tab, or close it."""
    remember("admin", admin_pass() if is_let_in else None)


def initial_settings() -> TrainForm:
    """The Train page's settings as the session found them: widgets keep later changes themselves."""
    found: TrainForm = st.session_state.setdefault("initial-settings", workspace().settings)
    return found


def initial_sweep() -> SweepForm:
    """The same of the Sweep page."""
    found: SweepForm = st.session_state.setdefault("initial-sweep", workspace().sweep)
    return found


def initial_dose(run: str, automatic: float) -> float:
    """The dose of a run as the session found it: the slider keeps later changes itself."""
    found: float = st.session_state.setdefault(f"initial-dose-{run}", workspace().doses.get(run, automatic))
    return found


def show_at_dose(runs: Sequence[str], dose: float) -> None:
    """Show these models at this dose from now on, whatever their sliders said."""
    for run in runs:
        st.session_state[f"initial-dose-{run}"] = dose
        st.session_state.pop(f"dose-{run}", None)
    update(doses={**workspace().doses, **dict.fromkeys(runs, dose)})


def visitor() -> str:
    """Who asks for a job: the workspace's id, no secret; of somebody who only looks, one of their own."""
    identity: str = st.session_state["visitor"]
    return identity


def renew() -> None:
    """Go on with a new, empty workspace, as if this browser had never been here; on a full disk too."""
    was_home = comeback.is_home(visitor())
    with with_reserve():
        made = store.create_workspace()
    for key in [key for key in st.session_state if key not in ("pages",) and not str(key).startswith("kept-erased")]:
        del st.session_state[key]
    _drop_uploads()
    _enter(*made)
    if was_home:
        st.session_state["new-home"] = True
    st.query_params.clear()
    st.query_params[_TOKEN] = st.session_state["token"]


def _drop_uploads() -> None:
    """Streamlit holds the files of an uploader in memory as long as the tab is open."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)


def page_named(name: str) -> Any:
    """Streamlit's own object for a page of the menu."""
    return st.session_state["pages"][name]


def ask_for(page: str) -> None:
    """Show that page next, whatever becomes of this one: what a button says that is to be heard in any case."""
    st.session_state["asked-page"] = page


def widget(key: str) -> Any:
    """The value of the widget of that key, in its own callback."""
    return st.session_state[key]


def has_widget(key: str) -> bool:
    """A widget of that key was on the page when it was last drawn."""
    return key in st.session_state


def set_widget(key: str, value: Any) -> None:
    """Give a widget another value; only in a callback or of another page, before the widget is drawn again."""
    st.session_state[key] = value


def remember(key: str, value: Any) -> None:
    """Keep a value for this session only, e.g. whether a job was active when the page was last drawn."""
    st.session_state[f"kept-{key}"] = value


def recall(key: str, default: Any = None) -> Any:
    """What `remember` kept."""
    return st.session_state.get(f"kept-{key}", default)
