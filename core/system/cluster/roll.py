"""The roll of jobs in the database: each server writes down its own, and sees and ends those of the others."""

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import sqlalchemy as sql

from core.system.database import reading, writing
from core.system.files import digest_of
from core.system.tables import JOBS

_GONE_SECONDS = 30.0
"""A server that has not said so long that its jobs are there is gone, and they with it."""
_SAY_SECONDS = 5.0
_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A job of some server, of one who wants it.

    Attributes:
        job: digest of its key.
        holder: who wants it.
        about: digests of what it works on, with blanks between them.
        is_running: it does not wait for its turn.
        since: seconds since 1970 when it began, or was queued.
    """

    job: str
    holder: str
    title: str
    kind: str
    about: str
    is_running: bool
    since: float


def find_digests(order: str) -> str:
    """The digests in it, with blanks between them."""
    return " ".join(sorted(set(_DIGEST.findall(order))))


class Roll:
    """What one board of one server has on the roll of all."""

    def __init__(self, board: str, clock: Callable[[], float] = time.time) -> None:
        """`board`: the kind of its work, the same on every server."""
        self._board = board
        self._server = token_hex(8)
        self._clock = clock
        self._written: dict[tuple[str, str], RollEntry] = {}
        self._said = 0.0

    def write(self, entries: Sequence[RollEntry]) -> set[tuple[str, str]]:
        """Have exactly these on the roll; gives job and holder of those which somebody ended on another server.

        Raises:
            WorkspaceError: the database cannot be reached or written.
        """
        now, wanted = self._clock(), {(each.job, each.holder): each for each in entries}
        if not wanted and not self._written:
            return set()
        ended = self._find_ended()
        if wanted != self._written or now - self._said > _SAY_SECONDS:
            mine = JOBS.c.server == self._server
            with writing() as connection:
                for job, holder in self._written.keys() - wanted.keys():
                    connection.execute(JOBS.delete().where(mine & (JOBS.c.job == job) & (JOBS.c.holder == holder)))
                new = [self._row(wanted[name], now) for name in wanted.keys() - self._written.keys()]
                if new:
                    connection.execute(JOBS.insert(), new)
                for name in wanted.keys() & self._written.keys():
                    if wanted[name] != self._written[name]:
                        this = mine & (JOBS.c.job == name[0]) & (JOBS.c.holder == name[1])
                        state = {"running": wanted[name].is_running, "since": wanted[name].since}
                        connection.execute(JOBS.update().where(this).values(**state))
                connection.execute(JOBS.update().where(mine).values(seen=now))
                connection.execute(JOBS.delete().where(JOBS.c.seen < now - 2 * _GONE_SECONDS))
            self._written, self._said = wanted, now
        return ended

    def written(self) -> tuple[RollEntry, ...]:
        """What this server has on it."""
        return tuple(self._written.values())

    def others(self) -> Mapping[str, RollEntry]:
        """Jobs of the other servers that live, by digest of their keys; of several who want one, any."""
        with reading() as connection:
            found = connection.execute(sql.select(JOBS).where(self._alive()))
            return {row.job: _entry(row) for row in found}

    def end(self, key: str | None, holder: str | None, about: Collection[str] | None = None) -> set[tuple[str, str]]:
        """Have other servers end jobs: of this key and this holder, each None for all; gives job and holder of each.

        `about`: only those that work on one of these digests; None for all.

        Raises:
            WorkspaceError: the database cannot be reached or written.
        """
        which = self._alive()
        if key is not None:
            which &= JOBS.c.job == digest_of(key)
        if holder is not None:
            which &= JOBS.c.holder == holder
        with reading() as connection:
            rows = [_entry(row) for row in connection.execute(sql.select(JOBS).where(which))]
        found = {(row.job, row.holder) for row in rows if about is None or not set(row.about.split()).isdisjoint(about)}
        if found:
            with writing() as connection:
                for job, whose in found:
                    this = self._others() & (JOBS.c.job == job) & (JOBS.c.holder == whose)
                    connection.execute(JOBS.update().where(this).values(wanted=False))
        return found

    def have(self, names: Collection[tuple[str, str]]) -> bool:
        """Whether other servers that live have one of these (job, holder) yet."""
        with reading() as connection:
            rows = connection.execute(sql.select(JOBS.c.job, JOBS.c.holder).where(self._alive()))
            return any((row.job, row.holder) in names for row in rows)

    def _find_ended(self) -> set[tuple[str, str]]:
        this = (JOBS.c.server == self._server) & ~JOBS.c.wanted
        with reading() as connection:
            rows = connection.execute(sql.select(JOBS.c.job, JOBS.c.holder).where(this))
            return {(row.job, row.holder) for row in rows}

    def _row(self, entry: RollEntry, now: float) -> dict[str, Any]:
        return {
            "server": self._server,
            "job": entry.job,
            "holder": entry.holder,
            "board": self._board,
            "title": entry.title,
            "kind": entry.kind,
            "about": entry.about,
            "running": entry.is_running,
            "since": entry.since,
            "seen": now,
            "wanted": True,
        }

    def _others(self) -> Any:
        return (JOBS.c.server != self._server) & (JOBS.c.board == self._board)

    def _alive(self) -> Any:
        return self._others() & (JOBS.c.seen > self._clock() - _GONE_SECONDS)


def _entry(row: Any) -> RollEntry:
    return RollEntry(row.job, row.holder, row.title, row.kind, row.about, row.running, row.since)
