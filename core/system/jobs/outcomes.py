"""What kept jobs from ending well, in the database: a server that was restarted, or another one, still says it.

That a job ended well is told by what it left in the cache folder. Until it ends at all, it is written down that it was
interrupted: so is whatever a server that stopped had in its queue.
"""

import time
from collections.abc import Collection

import sqlalchemy as sql

from core.system.database import reading, writing
from core.system.files import digest_of
from core.system.tables import JOBS, OUTCOMES

INTERRUPTED = "The server was stopped before this was done. What was finished is kept: ask for the rest again."
_REMEMBERED_SECONDS = 30 * 24 * 3600.0
_LONGEST_PROBLEM = 4000


class KeptProblems:
    """The table of problems, as a board of jobs uses it."""

    def begin(self, job: str, watcher: str) -> None:
        """Write down that the job of this key, which `watcher` wants, was interrupted: true until it has ended.

        Raises:
            WorkspaceError: the database has no room.
        """
        key = digest_of(job)
        with writing() as connection:
            connection.execute(OUTCOMES.delete().where((OUTCOMES.c.job == key) & (OUTCOMES.c.holder == watcher)))
            row = {"job": key, "holder": watcher, "problem": INTERRUPTED, "ended": time.time()}
            connection.execute(OUTCOMES.insert(), [row])

    def keep(self, job: str, watchers: Collection[str], problem: str) -> None:
        """Write down, for each who wanted the job of this key, what kept it from ending well.

        Raises:
            WorkspaceError: the database has no room.
        """
        key, now = digest_of(job), time.time()
        text = problem.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "")[:_LONGEST_PROBLEM]
        rows = [{"job": key, "holder": watcher, "problem": text, "ended": now} for watcher in watchers]
        if rows:
            with writing() as connection:
                old = (OUTCOMES.c.job == key) | (OUTCOMES.c.ended < now - _REMEMBERED_SECONDS)
                connection.execute(OUTCOMES.delete().where(old))
                connection.execute(OUTCOMES.insert(), rows)

    def find(self, jobs: Collection[str], watcher: str) -> dict[str, str]:
        """What kept those of these jobs, by key, which `watcher` wanted, from ending well when they were tried last."""
        keys = {digest_of(job): job for job in jobs}
        with reading() as connection:
            mine = sql.select(OUTCOMES.c.job, OUTCOMES.c.problem).where(OUTCOMES.c.holder == watcher)
            return {keys[row.job]: row.problem for row in connection.execute(mine) if row.job in keys}

    def forget(self, job: str, watcher: str | None = None) -> None:
        """The job of this key has ended well, or is asked for anew, or `watcher`, where one is named, left it."""
        mine = OUTCOMES.c.job == digest_of(job)
        if watcher is not None:
            mine &= OUTCOMES.c.holder == watcher
        with reading() as connection:
            is_there = connection.execute(sql.select(OUTCOMES.c.job).where(mine)).first() is not None
        if is_there:
            with writing() as connection:
                connection.execute(OUTCOMES.delete().where(mine))


def forget_problems_of(connection: sql.Connection, holder: str) -> None:
    """Of a workspace that is erased, and its jobs on a dead server's roll; `connection` is in a writing transaction."""
    connection.execute(OUTCOMES.delete().where(OUTCOMES.c.holder == holder))
    connection.execute(JOBS.delete().where(JOBS.c.holder == holder))
