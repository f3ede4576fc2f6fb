"""The database's schema: from every earlier one to this version's, whole, once, never back; on both databases."""

import os

import pytest
import sqlalchemy as sql
from databases import PROCESSES, SCHEMA_1, run_script

from core.errors import WorkspaceError
from core.system import database, migrations
from core.system.tables import ENTRIES, METADATA, USES, WORKSPACES
from core.workspace import store

TOKEN, LOOK = "frozen-token-of-schema1", "NXbMrEBMO-r3kgFuHui11A"


def version():
    with database.reading() as connection:
        return connection.exec_driver_sql("SELECT version FROM schema").scalars().all()


def shape():
    """Tables -> columns, with what may be null, and indexes."""
    with database.reading() as connection:
        inspector = sql.inspect(connection)
        return {
            table: (
                {each["name"]: each["nullable"] for each in inspector.get_columns(table)},
                set(inspector.get_pk_constraint(table)["constrained_columns"]),
                {tuple(each["column_names"]) for each in inspector.get_indexes(table)},
            )
            for table in inspector.get_table_names()
            if table != "schema"
        }


def declared():
    return {
        table.name: (
            {each.name: each.nullable for each in table.columns},
            {each.name for each in table.primary_key},
            {tuple(each.columns.keys()) for each in table.indexes},
        )
        for table in METADATA.tables.values()
    }


def test_the_steps_lead_to_the_tables_that_the_program_uses(databases):
    assert shape() == declared()
    assert version() == [migrations.SCHEMA_VERSION]


def test_what_schema_1_kept_is_there(databases):
    run_script(SCHEMA_1)
    assert store.find_workspace(TOKEN) == store.Access("1" * 32, may_write=True)
    assert store.find_workspace(LOOK) == store.Access("1" * 32, may_write=False)
    kept = store.load_workspace("1" * 32)
    assert (kept.version, kept.workspace.pins, kept.workspace.runs[0].id) == (2, ("it's", "dog"), "b" * 32)
    with pytest.raises(store.WorkspaceErased):
        store.load_workspace("3" * 32)
    with pytest.raises(WorkspaceError, match="left as it is"):
        store.load_workspace("2" * 32)
    assert shape() == declared()


def test_a_database_of_a_later_version_is_left_alone(databases):
    store.create_workspace()
    database.close()
    run_script("UPDATE schema SET version = 99")
    with pytest.raises(WorkspaceError, match="later Vectune"):
        store.create_workspace()
    run_script(f"UPDATE schema SET version = {migrations.SCHEMA_VERSION}")
    store.create_workspace()
    with database.reading() as connection:
        assert connection.execute(sql.select(sql.func.count()).select_from(WORKSPACES)).scalar() == 2


def test_a_step_that_fails_leaves_nothing_and_is_taken_again(databases, monkeypatch):
    run_script(SCHEMA_1)

    def fail(connection):
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise RuntimeError("power cut")

    steps = migrations._STEPS
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_STEPS", (*steps, fail))
        patch.setattr(migrations, "SCHEMA_VERSION", len(steps) + 1)
        with pytest.raises(RuntimeError):
            store.find_workspace(TOKEN)
    assert "half" not in shape()
    assert version() == [len(steps)]


def open_when(environment, begin, made):
    os.environ.update(environment)
    begin.wait(60)
    made.put(store.create_workspace()[0])


def test_servers_that_start_at_once_migrate_once(databases):
    run_script(SCHEMA_1)
    begin, made = PROCESSES.Event(), PROCESSES.Queue()
    servers = [PROCESSES.Process(target=open_when, args=(dict(os.environ), begin, made)) for _ in range(3)]
    for server in servers:
        server.start()
    begin.set()
    for server in servers:
        server.join()
    assert [server.exitcode for server in servers] == [0, 0, 0]
    assert len({made.get() for _ in servers}) == 3
    assert version() == [migrations.SCHEMA_VERSION]


def test_a_cache_folder_that_was_emptied_under_a_running_server_gets_a_new_database(cache):
    _, token = store.create_workspace()
    for path in cache.glob("vectune.db*"):
        path.unlink()
    assert store.find_workspace(token) is None
    store.create_workspace()


def test_a_file_that_is_no_database_is_one_sentence(cache):
    cache.mkdir()
    (cache / "vectune.db").write_bytes(b"not a database, " * 1000)
    with pytest.raises(WorkspaceError, match="its database says"):
        store.create_workspace()


@pytest.mark.parametrize("address", ["nonsense", "mysql://localhost/vectune", "vectune.db"])
def test_an_address_that_is_none_is_named(monkeypatch, address):
    monkeypatch.setenv(database.DATABASE_VARIABLE, address)
    with pytest.raises(WorkspaceError, match="VECTUNE_DATABASE is no address"):
        store.create_workspace()


def test_a_server_that_does_not_answer_is_one_sentence(monkeypatch):
    pytest.importorskip("psycopg")
    monkeypatch.setenv(database.DATABASE_VARIABLE, "postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(WorkspaceError, match="its database does not answer") as told:
        store.create_workspace()
    assert "nobody" not in str(told.value)
    assert "127.0.0.1" not in str(told.value)


def test_waiting_too_long_for_a_connection_is_one_sentence(databases, monkeypatch):
    _, token = store.create_workspace()

    def wait_too_long(*_):
        raise sql.exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached")

    with monkeypatch.context() as patch:
        patch.setattr(database.sql.Engine, "connect", wait_too_long)
        with pytest.raises(WorkspaceError, match="its database does not answer"):
            store.find_workspace(token)


def test_entries_that_said_less_of_themselves_are_read_again_and_workspaces_keep_their_uses(databases):
    identity, _ = store.create_workspace()
    uses = [{"holder": holder, "kind": "texts", "name": "t"} for holder in (identity, "runs/a")]
    with database.writing() as connection:
        connection.execute(WORKSPACES.update().values(noted=1))
        connection.execute(USES.insert(), uses)
        connection.execute(
            ENTRIES.insert().values(folder="runs", name="a", bytes=1, changed=1, title="t", damaged=False)
        )
    database.close()
    run_script("DROP TABLE jobs;\nUPDATE schema SET version = 4")
    with database.reading() as connection:
        assert connection.execute(sql.select(ENTRIES)).all() == []
        assert [row.holder for row in connection.execute(sql.select(USES))] == [identity]
        assert connection.execute(sql.select(WORKSPACES.c.noted)).scalars().all() == [0]  # studies count from now on
