"""The database for what is small and changes: one place with transactions, for one server or several.

By default an SQLite file in the cache folder, with a write-ahead log, synced at every commit. That log does not work on
network file systems: several machines name a PostgreSQL database in `VECTUNE_DATABASE`. Large arrays stay files.
"""

import errno
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from core.errors import StorageError, WorkspaceError
from core.system.files import cache_folder, store_copies, whole_file
from core.system.migrations import migrate
from core.system.store.address import STORE_VARIABLE

DATABASE_VARIABLE = "VECTUNE_DATABASE"
_BUSY_SECONDS = 30.0
_CONNECT_SECONDS = 10
_WRITES = {"vectune_writes": True}
_CANNOT_WRITE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}
_LEAST_FREE = 200_000
"""What SQLite needs beside its file for one small change: its log, and an index of it."""
_RESERVE = "vectune.reserve"
_RESERVE_BYTES = 1_000_000
_engines: dict[str, sql.Engine] = {}
_files: dict[str, tuple[int, int] | None] = {}
_opening = threading.RLock()
_log = logging.getLogger(__name__)


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


def lock_table(connection: sql.Connection, table: sql.Table) -> None:
    """Let nobody else write `table` until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def scrub() -> None:
    """Leave nothing on the disk of what was deleted: SQLite's log still has it until it is written over.

    Raises:
        WorkspaceError: the database cannot be reached or written.
    """
    with reading() as connection:
        if connection.dialect.name == "sqlite":
            connection.rollback()
            try:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:  # asked for beside SQLAlchemy, which would begin a transaction
                raise WorkspaceError(_explain(error)) from error


@contextmanager
def with_reserve() -> Iterator[None]:
    """Let the block change the database though the disk is full: a little room is kept back for it.

    For what makes room, such as erasing; the reserve is taken back afterwards.
    """
    reserve = cache_folder(_RESERVE)
    with suppress(OSError):
        reserve.unlink(missing_ok=True)
    try:
        yield
    finally:
        keep_reserve()


def keep_reserve() -> None:
    """Keep back the room for `with_reserve`, where there is some."""
    reserve = cache_folder(_RESERVE)
    if not reserve.exists():
        with suppress(OSError), whole_file(reserve) as new:
            new.write_bytes(bytes(_RESERVE_BYTES))


def close() -> None:
    """Let go of every connection; the next use opens the database anew."""
    with _opening:
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()
        _files.clear()


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except (sql.exc.DBAPIError, sql.exc.TimeoutError) as error:
        if isinstance(error, (sql.exc.ProgrammingError, sql.exc.IntegrityError, sql.exc.DataError)):
            raise  # our own mistake
        says = getattr(error, "orig", None)  # PostgreSQL names its server and its user: for the log only
        _log.error("the database: %s", says or type(error).__name__)
        raise WorkspaceError(_explain(says)) from error


def _explain(says: BaseException | None) -> str:
    """The sentence for visitors about what the database's driver says."""
    if isinstance(says, sqlite3.OperationalError) and says.sqlite_errorcode & 0xFF in _CANNOT_WRITE:
        try:
            if shutil.disk_usage(cache_folder("vectune.db").parent).free < _LEAST_FREE:
                return str(StorageError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        except OSError as gone:
            return str(StorageError(gone.errno, gone.strerror))
        return str(StorageError(errno.EROFS, os.strerror(errno.EROFS)))
    problem = f"says “{says}”" if isinstance(says, sqlite3.Error) else "does not answer"
    return (
        f"This server cannot keep what you do: its database {problem}. Tell whoever runs it; what was kept before is "
        "not lost."
    )


def _engine() -> sql.Engine:
    address = os.environ.get(DATABASE_VARIABLE, "").strip()
    if address:
        return _open(address)
    if store_copies() is not None:
        raise WorkspaceError(
            f"{STORE_VARIABLE} is set, and {DATABASE_VARIABLE} is not: who has what has to be known to all that share "
            "the store, and an SQLite file is known to one machine. Set it to postgresql://USER:PASSWORD@HOST/NAME."
        )
    file = cache_folder("vectune.db")
    address, found = f"sqlite:///{file}", _identify(file)
    if found is None or _files.get(address) != found:  # not yet, or somebody emptied the folder under a running server
        with _opening:
            if found is None or _files.get(address, found) != found:
                close()
            opened = _open(address)
            _files[address] = _identify(file)
            return opened
    return _open(address)


def _identify(file: Path) -> tuple[int, int] | None:
    """Which file lies there; None where none does."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _open(address: str) -> sql.Engine:
    """The engine of a database whose schema is this version's; opened once, by one thread."""
    with _opening:
        if address not in _engines:
            engine = _make_engine(address)
            migrate(engine.execution_options(**_WRITES))
            if engine.dialect.name == "sqlite":
                keep_reserve()
            _engines[address] = engine
        return _engines[address]


def _make_engine(address: str) -> sql.Engine:
    try:
        url = sql.make_url(address)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise sql.exc.ArgumentError(f"no {url.drivername}")
        url.get_dialect().import_dbapi()
    except sql.exc.ArgumentError as error:
        raise WorkspaceError(
            f"{DATABASE_VARIABLE} is no address of a database. Write postgresql://USER:PASSWORD@HOST/NAME."
        ) from error
    except ImportError as error:
        raise WorkspaceError(
            f"{DATABASE_VARIABLE} names a PostgreSQL database, and the library that talks to it is not there. Install "
            'it: pip install "psycopg[binary]".'
        ) from error
    if url.get_backend_name() == "sqlite":
        # A few connections stay open: the last one to close writes SQLite's whole log into the file, which takes three
        # times as long as the change itself. Nobody waits for one.
        arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
        engine = sql.create_engine(url, poolclass=sql.QueuePool, max_overflow=-1, connect_args=arguments)
        sql.event.listen(engine, "do_connect", _connect_sqlite)
        sql.event.listen(engine, "checkin", _drop_what_only_reads)
        sql.event.listen(engine, "begin", _begin_at_once)
    else:
        engine = sql.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS})
    return engine


def _connect_sqlite(dialect: Any, _: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
    """A connection; where nothing can be written beside the file, as the log must be, one that reads it as it is."""
    file = Path(arguments[0])
    connection = dialect.connect(*arguments, **options, factory=_Connection)
    connection.isolation_level = None  # transactions are begun below, not by the driver
    wait = f"busy_timeout={int(1000 * _BUSY_SECONDS)}"
    try:
        for line in (wait, "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {line}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in _CANNOT_WRITE or not file.exists():
            raise
        immutable = f"{file.absolute().as_uri()}?immutable=1"
        connection = dialect.connect(immutable, **options, uri=True, factory=_Connection)
        connection.isolation_level = None
        connection.writes = False
    else:
        connection.writes = os.access(file, os.W_OK)
    return connection


class _Connection(sqlite3.Connection):
    """A connection that knows whether it can write."""

    writes = True


def _drop_what_only_reads(connection: Any, record: Any) -> None:
    """Keep no connection that cannot write: it never can, and the disk may be mended a moment later."""
    if connection is not None and not connection.writes:
        record.invalidate()


def _begin_at_once(connection: sql.Connection) -> None:
    """A writer has the lock from the start: one who reads first and then writes would fail where two do so at once."""
    writes = connection.get_execution_options().get("vectune_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
