"""A visitor that speaks Streamlit's WebSocket protocol and draws nothing: many of them load a server, not a browser."""

import secrets
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

_WIDGETS = ("button", "checkbox", "number_input", "file_uploader")
_WHOLE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
_PATIENCE = 120.0  # seconds


class Visitor:
    """One open tab. `token` names its workspace; None for a new one.

    Attributes:
        exceptions: messages of the exceptions that pages have shown.
        errors: texts of the error boxes that pages have shown.
        charts: how many the page has.
        waits: the page shows how far a job is.
    """

    def __init__(self, url: str, page: str = "", token: str | None = None) -> None:
        self._url = url
        self._socket = connect(
            url.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"], max_size=None, open_timeout=60
        )
        self._state = ClientState(page_name=page, query_string=f"w={token}" if token else "")
        self._session = ""
        self._page = _Page()
        self.exceptions: list[str] = []
        self.errors: list[str] = []

    @property
    def charts(self) -> int:
        return self._page.charts

    @property
    def waits(self) -> bool:
        return self._page.waits

    def rerun(self, *changed: WidgetState) -> float:
        """Run the page anew, with these widgets changed; the seconds until it was there."""
        began = time.monotonic()
        message = BackMsg()
        message.rerun_script.CopyFrom(self._state)
        message.rerun_script.widget_states.widgets.extend(changed)
        self._send(message)
        self._receive("script_finished")
        return time.monotonic() - began

    def stay(self, seconds: float) -> None:
        """Look at the page: as in a browser, parts that want to be drawn anew now and then are."""
        end = time.monotonic() + seconds
        while True:
            now, drawn = time.monotonic(), self._page.drawn
            due = {part: drawn.setdefault(part, now) + pause for part, pause in self._page.parts.items()}
            part = min(due, key=due.__getitem__, default="")
            if not part or due[part] >= end:
                time.sleep(max(0.0, end - now))
                return
            time.sleep(max(0.0, due[part] - now))
            drawn[part] = time.monotonic()
            message = BackMsg()
            message.rerun_script.CopyFrom(self._state)
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = part, True
            self._send(message)
            self._receive("script_finished")

    def go(self, page: str) -> float:
        """Open another page."""
        self._state.page_script_hash, self._state.page_name = "", page
        return self.rerun()

    def click(self, label: str) -> float:
        """Press the button of that label."""
        return self.rerun(WidgetState(id=self._find("button", label).id, trigger_value=True))

    def enter(self, label: str, value: float) -> float:
        """Fill a number in."""
        return self.rerun(WidgetState(id=self._find("number_input", label).id, double_value=value))

    def tick(self, labels: set[str]) -> float:
        """Tick these checkboxes of the page, and no others of it."""
        boxes = [(label, box) for (kind, label), box in self._page.widgets.items() if kind == "checkbox"]
        return self.rerun(*(WidgetState(id=box.id, bool_value=label in labels) for label, box in boxes))

    def upload(self, label: str, name: str, content: bytes) -> float:
        """Hand a file to the uploader of that label; the seconds until the page was there."""
        began = time.monotonic()
        message = BackMsg()
        message.file_urls_request.request_id = secrets.token_hex(8)
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self._session
        self._send(message)
        (urls,) = self._receive("file_urls_response").file_urls_response.file_urls
        _put(self._url, urls.upload_url, name, content)
        state = WidgetState(id=self._find("file_uploader", label).id)
        info = state.file_uploader_state_value.uploaded_file_info.add(name=name, size=len(content))
        info.file_id = urls.file_id
        info.file_urls.CopyFrom(urls)
        self.rerun(state)
        return time.monotonic() - began

    def has_button(self, label: str) -> bool:
        """The page has such a button, and it can be pressed."""
        button = self._page.widgets.get(("button", label))
        return button is not None and not button.disabled

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()

    def _find(self, kind: str, label: str) -> Any:
        """The widget of that label, whatever follows it after a dot, such as how long it will take."""
        there = {found: widget for (sort, found), widget in self._page.widgets.items() if sort == kind}
        matching = [widget for found, widget in there.items() if found.split(" · ")[0] == label]
        if not matching:
            missing = f"no {kind} {label!r} on the page, but {sorted(there)}"
            raise LookupError(f"{missing}; errors {self.errors + self.exceptions}")
        return matching[0]

    def _send(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def _receive(self, wanted: str) -> ForwardMsg:
        """Take messages until the one of that kind, through pages that lead to another one."""
        drawn, end = _Page(), time.monotonic() + _PATIENCE
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=max(0.01, end - time.monotonic()), decode=False))
            kind: Any = message.WhichOneof("type")
            if kind == "new_session":
                self._session, drawn = message.new_session.initialize.session_id, _Page()
            elif kind == "navigation":  # which says what page it is; a new session may not know yet
                self._state.page_script_hash = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._state.query_string = message.page_info_changed.query_string
            elif kind == "auto_rerun":
                drawn.parts[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._take(drawn, message.delta.new_element)
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                    self._page.widgets.update(drawn.widgets)
                elif message.script_finished in _WHOLE:
                    self._page = drawn
                else:
                    continue
            if kind == wanted:
                return message

    def _take(self, page: "_Page", element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind in _WIDGETS:
            widget = getattr(element, kind)
            page.widgets[kind, widget.label] = widget
        elif kind == "exception":
            self.exceptions.append(element.exception.message)
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self.errors.append(element.alert.body)
        elif kind == "plotly_chart":
            page.charts += 1
        elif kind == "progress":
            page.waits = True


@dataclass(slots=True)
class _Page:
    """What was drawn: widgets by kind and label, parts that want to be drawn anew every so many seconds, and when."""

    widgets: dict[tuple[str, str], Any] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)
    drawn: dict[str, float] = field(default_factory=dict)
    charts: int = 0
    waits: bool = False


def _put(url: str, path: str, name: str, content: bytes) -> None:
    """Upload as a browser does: with the token that the server has set as a cookie."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=60) as answer:
        cookie = answer.headers["Set-Cookie"].split(";", 1)[0]
    line = secrets.token_hex(16)
    head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
    request = urllib.request.Request(url + path, head.encode() + content + f"\r\n--{line}--\r\n".encode(), method="PUT")
    request.add_header("Content-Type", f"multipart/form-data; boundary={line}")
    request.add_header("Cookie", cookie)
    request.add_header("X-Xsrftoken", cookie.split("=", 1)[1])
    urllib.request.urlopen(request, timeout=60).read()


def health_seconds(url: str) -> float:
    """How long the server takes to say that it is well."""
    began = time.monotonic()
    urllib.request.urlopen(f"{url}/_stcore/health", timeout=60).read()
    return time.monotonic() - began
