"""A visitor that speaks Streamlit's WebSocket protocol and draws nothing: many of them load a server, not a browser."""

import time
import urllib.request
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


class Visitor:
    """One open tab. `token` names its workspace; None for a new one."""

    def __init__(self, url: str, page: str = "", token: str | None = None) -> None:
        self._socket = connect(
            url.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"], max_size=None, open_timeout=60
        )
        self._state = ClientState(page_name=page, query_string=f"w={token}" if token else "")
        self.exceptions: list[str] = []
        self.fragments: dict[str, float] = {}

    def rerun(self, patience: float = 120) -> float:
        """Run the page anew; the seconds until it was there."""
        began = time.monotonic()
        self._send(self._state)
        self._receive(patience)
        return time.monotonic() - began

    def _send(self, state: ClientState) -> None:
        message = BackMsg()
        message.rerun_script.CopyFrom(state)
        self._socket.send(message.SerializeToString())

    def _receive(self, patience: float) -> None:
        """Take messages until the page is there, through pages that lead to another one."""
        end = time.monotonic() + patience
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=max(0.01, end - time.monotonic()), decode=False))
            kind: Any = message.WhichOneof("type")
            if kind == "navigation":  # which says what page it is; a new session may not know yet
                self._state.page_script_hash = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._state.query_string = message.page_info_changed.query_string
            elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                self.exceptions.append(message.delta.new_element.exception.message)
            elif kind == "auto_rerun":
                self.fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                return

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()


def health_seconds(url: str) -> float:
    """How long the server takes to say that it is well."""
    began = time.monotonic()
    urllib.request.urlopen(f"{url}/_stcore/health", timeout=60).read()
    return time.monotonic() - began
