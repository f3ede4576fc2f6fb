"""The databases that tests run on: SQLite in the test's cache folder, and PostgreSQL where there is one."""

import multiprocessing
import os
import secrets
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sql

from core.system import database
from core.system.files import cache_folder
from core.system.tables import METADATA

POSTGRES_VARIABLE = "VECTUNE_TEST_POSTGRES"
"""Address of a PostgreSQL database in which tests may make schemas of their own, as CI has it."""

SCHEMA_1 = (Path(__file__).parent / "data" / "database-v1.sql").read_text("utf-8")
"""A script that makes a database of the first schema, with what it kept."""

PROCESSES = multiprocessing.get_context("forkserver")
"""Several processes with one database: they import it once, and have to be given the environment of the test."""
PROCESSES.set_forkserver_preload(["core.workspace.store"])


def require_postgres():
    """Its address, or a loud skip. A server that is named and does not answer is a failure."""
    address = os.environ.get(POSTGRES_VARIABLE, "").strip()
    if not address:
        message = f"NO POSTGRESQL: its tests are skipped. Set {POSTGRES_VARIABLE} (CONTRIBUTING.md says how)."
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return address


@cache
def _server(address):
    return sql.create_engine(sql.make_url(address).set(drivername="postgresql+psycopg"), poolclass=sql.NullPool)


@contextmanager
def postgres():
    """Address of an empty database of this test's own: a schema of the one that the variable names."""
    server = _server(require_postgres())
    name = f"test_{secrets.token_hex(8)}"
    with server.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    address = server.url.update_query_dict({"options": f"-csearch_path={name}"})
    try:
        yield address.render_as_string(hide_password=False)
    finally:
        database.close()
        with server.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


@contextmanager
def database_of(kind, monkeypatch):
    """An empty database of this `kind` for the program, "sqlite" or "postgresql"."""
    if kind == "sqlite":
        yield
        return
    with postgres() as address:
        monkeypatch.setenv(database.DATABASE_VARIABLE, address)
        yield


def run_script(text):
    """Run a script of several statements on the bare database."""
    address = os.environ.get(database.DATABASE_VARIABLE) or f"sqlite:///{cache_folder('vectune.db')}"
    with sql.create_engine(address, poolclass=sql.NullPool).begin() as connection:
        for statement in filter(None, map(str.strip, text.split(";\n"))):
            connection.exec_driver_sql(statement)


def everything_kept():
    """Every row of every table, as text."""
    with database.reading() as connection:
        tables = METADATA.tables.values()
        return "\n".join(repr(tuple(row)) for table in tables for row in connection.execute(sql.select(table)))
