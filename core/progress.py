"""How work that takes long tells how far it is: a function of (share done, 0 to 1; message)."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called often and cheaply by long work; may raise `core.errors.Cancelled` to stop it."""


def silent(fraction: float, message: str) -> None:
    """The `Progress` of a caller who does not want to know."""


def portion(progress: Progress, begin: float, end: float, prefix: str = "") -> Progress:
    """`progress` for a part of the work that takes it from share `begin` to share `end`, its messages prefixed."""
    if progress is silent:
        return silent  # so that work that goes another way for whoever may cancel it still sees that nobody does

    def report(fraction: float, message: str) -> None:
        progress(begin + fraction * (end - begin), prefix + message)

    return report
