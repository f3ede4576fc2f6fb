"""From any earlier schema of the database to this version's, in numbered steps.

A step is never changed once it has been in use: it says what the tables were then, whatever `core.system.tables` says
now. A new database goes through the same steps as an old one.
"""

from collections.abc import Callable

import sqlalchemy as sql

from core.errors import WorkspaceError

_LOCK_NAME = 7_461_337  # names PostgreSQL's advisory lock of the migration


def _make_workspaces(connection: sql.Connection) -> None:
    _run(
        connection,
        "CREATE TABLE workspaces (id VARCHAR(64) NOT NULL PRIMARY KEY, version INTEGER NOT NULL, "
        "erased BOOLEAN NOT NULL, content TEXT NOT NULL, changed FLOAT NOT NULL)",
        "CREATE TABLE tokens (hash VARCHAR(64) NOT NULL PRIMARY KEY, workspace VARCHAR(64) NOT NULL, "
        "may_write BOOLEAN NOT NULL, made FLOAT NOT NULL)",
        "CREATE INDEX ix_tokens_workspace ON tokens (workspace)",
    )


def _make_uses(connection: sql.Connection) -> None:
    _run(
        connection,
        "ALTER TABLE workspaces ADD COLUMN noted INTEGER DEFAULT 0 NOT NULL",
        "CREATE TABLE uses (holder VARCHAR(80) NOT NULL, kind VARCHAR(16) NOT NULL, name TEXT NOT NULL, "
        "PRIMARY KEY (holder, kind, name))",
        "CREATE INDEX ix_uses_name ON uses (kind, name)",
    )


def _make_entries(connection: sql.Connection) -> None:
    _run(
        connection,
        "CREATE TABLE entries (folder VARCHAR(32) NOT NULL, name VARCHAR(200) NOT NULL, bytes BIGINT NOT NULL, "
        "changed BIGINT NOT NULL, title TEXT NOT NULL, damaged BOOLEAN NOT NULL, PRIMARY KEY (folder, name))",
    )


def _make_outcomes(connection: sql.Connection) -> None:
    _run(
        connection,
        "CREATE TABLE outcomes (job VARCHAR(32) NOT NULL, holder VARCHAR(80) NOT NULL, problem TEXT NOT NULL, "
        "ended FLOAT NOT NULL, PRIMARY KEY (job, holder))",
        "CREATE INDEX ix_outcomes_holder ON outcomes (holder)",
    )


def _describe_anew(connection: sql.Connection) -> None:
    """Entries say more of themselves: whose a demo is, of which whole a text is a part."""
    _run(connection, "DELETE FROM entries", "DELETE FROM uses WHERE holder NOT IN (SELECT id FROM workspaces)")


def _make_jobs(connection: sql.Connection) -> None:
    _run(
        connection,
        "CREATE TABLE jobs (server VARCHAR(16) NOT NULL, job VARCHAR(32) NOT NULL, holder VARCHAR(80) NOT NULL, "
        "board VARCHAR(16) NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, "
        "running BOOLEAN NOT NULL, since FLOAT NOT NULL, seen FLOAT NOT NULL, wanted BOOLEAN NOT NULL, "
        "PRIMARY KEY (server, job, holder))",
        "CREATE INDEX ix_jobs_holder ON jobs (holder)",
    )


def _note_studies(connection: sql.Connection) -> None:
    """Studies are uses: what workspaces refer to is noted anew."""
    _run(connection, "UPDATE workspaces SET noted = 0")


def _run(connection: sql.Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


_STEPS: tuple[Callable[[sql.Connection], None], ...] = (
    _make_workspaces,
    _make_uses,
    _make_entries,
    _make_outcomes,
    _describe_anew,
    _make_jobs,
    _note_studies,
)
"""Step number n, counted from 0, leads from schema n to n + 1."""

SCHEMA_VERSION = len(_STEPS)


def migrate(engine: sql.Engine) -> None:
    """Bring the database to `SCHEMA_VERSION`, each step whole or not at all, whoever else begins to do so as well.

    `engine` begins transactions that write.

    Raises:
        WorkspaceError: a later version made the database.
    """
    while _is_behind(engine):
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_LOCK_NAME)))
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)")
            version = _version(connection)
            if version < SCHEMA_VERSION:  # another server may have taken this step while this one waited
                _STEPS[version](connection)
                connection.exec_driver_sql("DELETE FROM schema")
                connection.exec_driver_sql(f"INSERT INTO schema (version) VALUES ({version + 1})")


def _is_behind(engine: sql.Engine) -> bool:
    with engine.connect() as connection:
        version = _version(connection) if sql.inspect(connection).has_table("schema") else 0
    if version > SCHEMA_VERSION:
        raise WorkspaceError(
            f"The database was made by a later Vectune (schema {version}; this one knows {SCHEMA_VERSION}). Start that "
            "version."
        )
    return version < SCHEMA_VERSION


def _version(connection: sql.Connection) -> int:
    """Of the schema; 0 where there is none yet."""
    return int(connection.exec_driver_sql("SELECT version FROM schema").scalar_one_or_none() or 0)
