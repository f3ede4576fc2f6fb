"""The one place that touches st.session_state: a visitor's workspace, kept on disk and found again by its link.

The workspace's token is in the URL (`?w=`) and unguessable, so a reload, a second tab or a restarted server shows
the same text, vectors and models, and nobody without the link does. Who comes back to the bare address finds their
work through `comeback`.
"""

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from core.system.files import cache_folder, read_json, write_json
from core.workspace.demo_sessions import has_demo, load_demo, opening_fields
from pages.shared import comeback

_TOKEN = "w"
_PINS = "pins"
_COLOUR = "colour"
_SIDES = ("left", "right")
_DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a visitor is working on. JSON values only.

    Attributes:
        upload: digest of the uploaded files as they came.
        reading: options of reading documents from them.
        tokenising: options of cutting documents into tokens.
        pending: the three that a background job is reading to take their place.
        vectors: path of the pretrained vectors file.
        member: the file inside `vectors` when that is an archive.
        settings: the form on the Train page.
        runs: asked-for runs in order, each {"id", "text", "vectors", "config", ...}.
        removed: removed runs, newest removal first, each a list of what `runs` holds: for undoing.
        left, right: ids of the runs wanted on the maps.
        shown: ids of the two runs that were on the maps last, for while the wanted ones are not made yet.
        pins: pinned words.
        colour: what the maps are coloured by, "" for the usual.
        doses: dose at which a run is shown, by its id, where it is not the one it was made with.
        score: the form on the Scorecard page, and which scorecard was shown last.
        demo: the demo session that this is a copy of, and its step: {"id", "step"}.
    """

    upload: str | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    tokenising: dict[str, Any] = field(default_factory=dict)
    pending: dict[str, Any] | None = None
    vectors: str | None = None
    member: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    removed: list[list[dict[str, Any]]] = field(default_factory=list)
    left: str | None = None
    right: str | None = None
    shown: list[str] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    colour: str = ""
    doses: dict[str, float] = field(default_factory=dict)
    score: dict[str, Any] = field(default_factory=dict)
    demo: dict[str, Any] | None = None


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
        known = (str(asked.get(_TOKEN, "")), comeback.home())
        st.session_state["token"] = next(filter(comeback.is_token, known), None) or secrets.token_urlsafe(16)
        st.session_state["workspace"] = _load(st.session_state["token"])
        _take_view(asked)
        _take_demo(asked.pop(_DEMO, ""))
    st.session_state["pages"] = dict(pages)
    if not comeback.is_token(comeback.home()) or st.session_state.pop("renewed", False):
        comeback.set_home(st.session_state["token"])
    comeback.forget_request()
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
    """
    if "workspace" not in st.session_state:
        st.session_state["interrupted"] = (page, st.query_params.to_dict())
        st.switch_page("app.py")
    st.query_params[_TOKEN] = st.session_state["token"]


def workspace() -> Workspace:
    """The visitor's workspace."""
    opened: Workspace = st.session_state["workspace"]
    return opened


def update(**changes: Any) -> Workspace:
    """Change fields of the workspace, here and on disk."""
    changed = dataclasses.replace(workspace(), **changes)
    if changed != workspace():
        st.session_state["workspace"] = changed
        write_json(_path(visitor()), dataclasses.asdict(changed))
    return changed


def as_fields() -> dict[str, Any]:
    """The workspace as plain values."""
    return dataclasses.asdict(workspace())


def address() -> str:
    """Where the app is, without a page or parameters: "https://host/prefix"."""
    url = str(st.context.url or "").split("?", 1)[0].rstrip("/")
    head, _, last = url.rpartition("/")
    return head if last in st.session_state["pages"] else url


def open_demo(identity: str) -> None:
    """Make this workspace a copy of a demo session; the models that it has already stay on the Runs page.

    Raises:
        RunError: there is no such demo.
    """
    fields = opening_fields(identity)
    known = {record["id"] for record in fields["runs"]}
    own = [record for record in workspace().runs if record["id"] not in known]
    update(**{**fields, "runs": [*fields["runs"], *own], "removed": workspace().removed})


def put_view_in_url() -> None:
    """Show the two runs, the pinned words and the colouring in the link, so that whoever opens it sees the same."""
    view = {**dict(zip(_SIDES, workspace().shown, strict=False)), _PINS: " ".join(workspace().pins)}
    before = st.query_params.to_dict()
    wanted = {**before, **view, _COLOUR: workspace().colour}
    wanted = {name: text for name, text in wanted.items() if text}
    if wanted != before:  # at once: the browser's Back button stops at every change of the address
        st.query_params.from_dict(wanted)


def _take_view(parameters: Mapping[str, Any]) -> None:
    pins, colour = str(parameters.get(_PINS, "")), str(parameters.get(_COLOUR, ""))
    if pins:
        update(pins=list(dict.fromkeys(pins.split())))
    if colour:
        update(colour=colour)
    sides = {side: str(parameters[side]) for side in _SIDES if side in parameters}
    if sides.keys() == set(_SIDES):
        if set(sides.values()) <= {run["id"] for run in workspace().runs}:
            update(**sides)
        else:
            remember("missing-sides", True)


def _take_demo(identity: str) -> None:
    """A link to a demo session opens a copy of it in a new workspace: whatever is done there, the session stays."""
    if not identity:
        return
    if has_demo(identity):
        st.session_state["token"] = secrets.token_urlsafe(16)
        st.session_state["workspace"] = Workspace()
        update(**opening_fields(identity))
        remember("demo-page", load_demo(identity).steps[0].page)
    else:
        remember("missing-demo", True)
    st.query_params.pop(_DEMO, None)


def initial_settings() -> dict[str, Any]:
    """The Train page's settings as the session found them: widgets keep later changes themselves."""
    found: dict[str, Any] = st.session_state.setdefault("initial-settings", workspace().settings)
    return found


def initial_dose(run: str, automatic: float) -> float:
    """The dose of a run as the session found it: the slider keeps later changes itself."""
    found: float = st.session_state.setdefault(f"initial-dose-{run}", workspace().doses.get(run, automatic))
    return found


def visitor() -> str:
    """The workspace's token: who asks for a job."""
    token: str = st.session_state["token"]
    return token


def renew() -> None:
    """Go on with a new, empty workspace under a new token, as if this browser had never been here."""
    was_home = comeback.is_home(visitor())
    for key in [key for key in st.session_state if key not in ("pages",) and not str(key).startswith("kept-erased")]:
        del st.session_state[key]
    st.session_state["token"] = secrets.token_urlsafe(16)
    st.session_state["workspace"] = Workspace()
    st.session_state["renewed"] = was_home
    st.query_params.clear()
    st.query_params[_TOKEN] = st.session_state["token"]


def go(page: str) -> None:
    """Leave for another page."""
    st.switch_page(st.session_state["pages"][page])


def offer(page: str, label: str) -> None:
    """The next action of a page that has nothing to show: a button to another page."""
    if st.button(label, type="primary", icon=":material/arrow_forward:", key=f"offer-{page}"):
        go(page)


def link(page: str, label: str) -> None:
    """A link to another page."""
    st.page_link(st.session_state["pages"][page], label=label)


def widget(key: str) -> Any:
    """The value of the widget of that key, in its own callback."""
    return st.session_state[key]


def has_widget(key: str) -> bool:
    """A widget of that key was on the page when it was last drawn."""
    return key in st.session_state


def set_widget(key: str, value: Any) -> None:
    """Give a widget another value; only in a callback, before the widget is drawn again."""
    st.session_state[key] = value


def remember(key: str, value: Any) -> None:
    """Keep a value for this session only, e.g. whether a job was active when the page was last drawn."""
    st.session_state[f"kept-{key}"] = value


def recall(key: str, default: Any = None) -> Any:
    """What `remember` kept."""
    return st.session_state.get(f"kept-{key}", default)


def _path(token: str) -> Path:
    return cache_folder("workspaces", f"{token}.json")


def _load(token: str) -> Workspace:
    path = _path(token)
    if not path.exists():
        return Workspace()
    known = {each.name for each in dataclasses.fields(Workspace)}
    return Workspace(**{name: value for name, value in read_json(path).items() if name in known})
