"""Numbers as people read them: shares, sizes, durations, counts of things."""


def write_share(share: float, digits: int = 1) -> str:
    """A share from 0 to 1 in per cent, with a space before the sign, e.g. "79.5 %"; `digits` after the point."""
    return f"{100 * share:.{digits}f} %"


def count(noun: str, n: int) -> str:
    """A number of things: "1 word", "2,400 words". `noun` in the singular, with a plural in s."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def readable_size(size: int) -> str:
    """A number of bytes for people: "12 bytes", "3.4 kB", "200 MB"."""
    if size < 1000:
        return count("byte", size)
    power = 3 if size >= 999_950_000 else 2 if size >= 999_950 else 1
    return f"{size / 1000**power:,.1f}".removesuffix(".0") + f" {'kMG'[power - 1]}B"


def readable_seconds(seconds: float) -> str:
    """A duration for people: "1 s" at least, "75 s", "12 min", "2 h 10 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
