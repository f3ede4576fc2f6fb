"""Shares as people read them."""


def write_share(share: float, digits: int = 1) -> str:
    """A share from 0 to 1 in per cent, with a space before the sign, e.g. "79.5 %"; `digits` after the point."""
    return f"{100 * share:.{digits}f} %"
