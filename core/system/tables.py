"""The tables of the database, as this version reads and writes them; `core.system.migrations` makes them."""

import sqlalchemy as sql

METADATA = sql.MetaData()

WORKSPACES = sql.Table(
    "workspaces",
    METADATA,
    sql.Column("id", sql.String(64), primary_key=True),
    sql.Column("version", sql.Integer, nullable=False),  # counts changes, so that a tab sees another's
    sql.Column("erased", sql.Boolean, nullable=False),
    sql.Column("content", sql.Text, nullable=False),  # a record as JSON; "" once erased
    sql.Column("changed", sql.Float, nullable=False),
    sql.Column("noted", sql.Integer, nullable=False, server_default="0"),  # version whose uses stand in `USES`
)

TOKENS = sql.Table(
    "tokens",
    METADATA,
    sql.Column("hash", sql.String(64), primary_key=True),
    sql.Column("workspace", sql.String(64), nullable=False, index=True),
    sql.Column("may_write", sql.Boolean, nullable=False),
    sql.Column("made", sql.Float, nullable=False),
)

USES = sql.Table(
    "uses",
    METADATA,
    sql.Column("holder", sql.String(80), primary_key=True),  # id of a workspace, or FOLDER/NAME of an entry
    sql.Column("kind", sql.String(16), primary_key=True),  # folder of the cache
    sql.Column("name", sql.Text, primary_key=True),  # what in it the holder refers to
    sql.Index("ix_uses_name", "kind", "name"),
)

OUTCOMES = sql.Table(
    "outcomes",
    METADATA,
    sql.Column("job", sql.String(32), primary_key=True),  # digest of its key
    sql.Column("holder", sql.String(80), primary_key=True, index=True),  # id of a workspace that wanted it
    sql.Column("problem", sql.Text, nullable=False),
    sql.Column("ended", sql.Float, nullable=False),  # seconds since 1970
)

JOBS = sql.Table(
    "jobs",
    METADATA,
    sql.Column("server", sql.String(16), primary_key=True),  # of a cluster, by chance at its start
    sql.Column("job", sql.String(32), primary_key=True),  # digest of its key
    sql.Column("holder", sql.String(80), primary_key=True, index=True),  # who wants it
    sql.Column("board", sql.String(16), nullable=False),  # kind of the board that it is on
    sql.Column("title", sql.Text, nullable=False),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("about", sql.Text, nullable=False),  # digests of what it works on
    sql.Column("running", sql.Boolean, nullable=False),
    sql.Column("since", sql.Float, nullable=False),  # seconds since 1970, when it began or was queued
    sql.Column("seen", sql.Float, nullable=False),  # when its server said last that it is there
    sql.Column("wanted", sql.Boolean, nullable=False),  # false once its holder cancelled it on another server
)

ENTRIES = sql.Table(
    "entries",
    METADATA,
    sql.Column("folder", sql.String(32), primary_key=True),  # of the cache
    sql.Column("name", sql.String(200), primary_key=True),
    sql.Column("bytes", sql.BigInteger, nullable=False),
    sql.Column("changed", sql.BigInteger, nullable=False),  # nanoseconds since 1970; -1: look at it again
    sql.Column("title", sql.Text, nullable=False),  # what its text is called
    sql.Column("damaged", sql.Boolean, nullable=False),
)
