"""The database for what is small and changes: one place with transactions, for one server or several.

By default an SQLite file in the cache folder, with a write-ahead log, synced at every commit. That log does not work on
network file systems: several machines name a PostgreSQL database in `VECTUNE_DATABASE`. Large arrays stay files.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sql

from core.errors import WorkspaceError
from core.system.files import cache_folder

DATABASE_VARIABLE = "VECTUNE_DATABASE"
SCHEMA_VERSION = 1
"""Of the tables below; raise it and teach `_migrate` what changes."""
_BUSY_SECONDS = 30.0
_WRITES = {"vectune_writes": True}
_LOCK_NAME = 7_461_337  # names PostgreSQL's advisory lock of the migration

METADATA = sql.MetaData()

SCHEMA = sql.Table("schema", METADATA, sql.Column("version", sql.Integer, nullable=False))

WORKSPACES = sql.Table(
    "workspaces",
    METADATA,
    sql.Column("id", sql.String(64), primary_key=True),
    sql.Column("version", sql.Integer, nullable=False),  # counts changes, so that a tab sees another's
    sql.Column("erased", sql.Boolean, nullable=False),
    sql.Column("content", sql.Text, nullable=False),  # a record as JSON; "" once erased
    sql.Column("changed", sql.Float, nullable=False),
)

TOKENS = sql.Table(
    "tokens",
    METADATA,
    sql.Column("hash", sql.String(64), primary_key=True),
    sql.Column("workspace", sql.String(64), nullable=False, index=True),
    sql.Column("may_write", sql.Boolean, nullable=False),
    sql.Column("made", sql.Float, nullable=False),
)


@contextmanager
def reading() -> Iterator[sql.Connection]:
    """A connection to read with.

    Raises:
        WorkspaceError: the database cannot be reached.
    """
    with _named_errors(), _engine().connect() as connection:
        yield connection


@contextmanager
def writing() -> Iterator[sql.Connection]:
    """A transaction: all of the block is kept, or none of it; nobody else writes meanwhile what it has read for update.

    Raises:
        WorkspaceError: the database cannot be reached or written, e.g. because the disk is full.
    """
    with _named_errors(), _engine().execution_options(**_WRITES).begin() as connection:
        yield connection


def scrub() -> None:
    """Leave nothing on the disk of what was deleted: SQLite's log still has it until it is written over."""
    with reading() as connection:
        if connection.dialect.name == "sqlite":
            connection.rollback()
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except (sql.exc.OperationalError, sql.exc.InterfaceError) as error:
        raise WorkspaceError(
            f"This server cannot keep what you do: its database says “{error.orig}”. Tell whoever runs it; what was "
            "kept before is not lost."
        ) from error


def _engine() -> sql.Engine:
    return _open(os.environ.get(DATABASE_VARIABLE, "").strip() or f"sqlite:///{cache_folder('vectune.db')}")


@cache
def _open(address: str) -> sql.Engine:
    try:
        url = sql.make_url(address)
    except sql.exc.ArgumentError as error:
        raise WorkspaceError(
            f"{DATABASE_VARIABLE} is no address of a database. Write postgresql://USER:PASSWORD@HOST/NAME."
        ) from error
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        # a connection for each use: threads do not share one, and none stays open to a folder that is gone
        engine = sql.create_engine(url, poolclass=sql.NullPool, connect_args={"timeout": _BUSY_SECONDS})
        sql.event.listen(engine, "connect", _set_up_sqlite)
        sql.event.listen(engine, "begin", _begin_at_once)
    else:
        engine = sql.create_engine(url, pool_pre_ping=True)
    with engine.execution_options(**_WRITES).begin() as connection:
        _migrate(connection)
    return engine


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    wait = f"busy_timeout={int(1000 * _BUSY_SECONDS)}"
    for line in (wait, "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {line}")


def _begin_at_once(connection: sql.Connection) -> None:
    """A writer has the lock from the start: one who reads first and then writes would fail where two do so at once."""
    writes = connection.get_execution_options().get("vectune_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: sql.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_LOCK_NAME)))
    SCHEMA.create(connection, checkfirst=True)
    version = connection.execute(sql.select(SCHEMA.c.version)).scalar_one_or_none()
    if version is None:
        METADATA.create_all(connection)
        connection.execute(SCHEMA.insert().values(version=SCHEMA_VERSION))
    elif version > SCHEMA_VERSION:
        raise WorkspaceError(
            f"The database was made by a later Vectune (schema {version}; this one knows {SCHEMA_VERSION}). Start that "
            "version."
        )
