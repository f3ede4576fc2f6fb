"""The end of a run: it reaches the browser, and takes nothing with it that was asked for meanwhile.

Streamlit hands what a script says from its thread to the server's loop, and throws away what is not said by the tab's
current runner. A runner that has come to its end takes no more requests: a part of the page that polls then gets a
runner of its own, while the last words of the one before are still on their way, and they are thrown away. Without the
word that the run is over a browser goes on showing what the page no longer has, such as "Laying out …"; without the
last parts of the page it lacks those, and nothing polls any more for a job that goes on.

And `st.stop` ends the runner, not the page alone: a click into a part of the page that waits for the run's end is gone.
"""

import logging
from functools import wraps
from typing import Any, NoReturn

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import StopException

_log = logging.getLogger(__name__)
_CREATE, _HANDLE = "_create_scriptrunner", "_handle_scriptrunner_event_on_event_loop"
_WAITING = "_waiting_for_end"
"""Of a session: what was asked of it while its runner was at its end, in order."""


class PageEnd(StopException):
    """Ends a script as `st.stop` does."""


def end_page() -> NoReturn:
    """End the page here; what was asked for meanwhile is done next."""
    raise PageEnd


def keep() -> None:
    """Have what is asked of a runner at its end wait until all that it said is with the browser: milliseconds.

    A page that is asked for anew waits for nothing: it replaces all that the one before says. Streamlit has no public
    name for this, so another version of it may go on as it is.
    """
    create: Any = getattr(AppSession, _CREATE, None)
    handle: Any = getattr(AppSession, _HANDLE, None)
    if create is None or handle is None:
        _log.info("the end of a run may not reach its browser")
        return
    if hasattr(handle, "__wrapped__"):  # done before
        return

    @wraps(create)
    def create_in_turn(tab: Any, asked: Any) -> None:
        if tab._scriptrunner is None:  # none, or one that was told to end since the whole page is asked for
            setattr(tab, _WAITING, [])
            create(tab, asked)
        else:
            setattr(tab, _WAITING, [*getattr(tab, _WAITING, ()), asked])

    @wraps(handle)
    def handle_and_go_on(tab: Any, *arguments: Any, **named: Any) -> None:
        handle(tab, *arguments, **named)
        waiting = getattr(tab, _WAITING, ())
        if waiting and tab._scriptrunner is None and tab._state != AppSessionState.SHUTDOWN_REQUESTED:
            create_in_turn(tab, waiting[0])
            runner: Any = tab._scriptrunner
            for asked in waiting[1:]:
                runner.request_rerun(asked)

    setattr(AppSession, _CREATE, create_in_turn)
    setattr(AppSession, _HANDLE, handle_and_go_on)
