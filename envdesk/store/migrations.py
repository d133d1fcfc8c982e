"""Named migrations of the fixed tables. A released migration never changes; a new one is added below it.

Form tables are not migrated here: they follow the definitions (:mod:`envdesk.store.schema`).
"""

from __future__ import annotations

from typing import Any

from envdesk.sql import Migrations

migrations = Migrations("envdesk")

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE setting (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE form_version (
    form TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, active_from TEXT NOT NULL,
    PRIMARY KEY (form, version)) STRICT;
CREATE TABLE operation (
    no INTEGER PRIMARY KEY NOT NULL, verb TEXT NOT NULL, form TEXT, who TEXT NOT NULL, at TEXT NOT NULL,
    utc TEXT NOT NULL, why TEXT, program TEXT NOT NULL, undoes INTEGER REFERENCES operation(no),
    undone_by INTEGER REFERENCES operation(no), previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE change (
    op INTEGER NOT NULL REFERENCES operation(no), seq INTEGER NOT NULL, form TEXT NOT NULL, rec TEXT NOT NULL,
    field TEXT, old TEXT, new TEXT, PRIMARY KEY (op, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX ix_change_rec ON change (rec, op);
CREATE TABLE serial (prefix TEXT NOT NULL, year INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (prefix, year)) STRICT;
CREATE TABLE draft (
    id TEXT PRIMARY KEY NOT NULL, form TEXT NOT NULL, rec TEXT, base_rev INTEGER, who TEXT NOT NULL,
    saved_at TEXT NOT NULL, content TEXT NOT NULL) STRICT;
CREATE TABLE seal (
    no INTEGER PRIMARY KEY NOT NULL, start TEXT NOT NULL, end TEXT NOT NULL, cut TEXT NOT NULL, sealed_by TEXT NOT NULL,
    sealed_at TEXT NOT NULL, opened_by TEXT, opened_at TEXT, opened_why TEXT, figures TEXT NOT NULL, hash TEXT NOT NULL)
    STRICT;
CREATE TABLE pass (
    op INTEGER NOT NULL REFERENCES operation(no), rec TEXT NOT NULL, why TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (op, rec)) STRICT;
CREATE INDEX ix_pass_rec ON pass (rec) WHERE used = 0;
CREATE TABLE calendar (
    day TEXT PRIMARY KEY NOT NULL, is_workday INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL DEFAULT '',
    notice TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX ix_calendar_n ON calendar (n, is_workday);
CREATE TABLE attachment (
    sha256 TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, added_at TEXT NOT NULL) STRICT;
CREATE TABLE search_text (
    rec TEXT PRIMARY KEY NOT NULL, form TEXT NOT NULL, content TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE outgoing (
    no INTEGER PRIMARY KEY NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    hash TEXT NOT NULL) STRICT;
"""


@migrations(name="0001_first")
def first(db: Any) -> None:
    """Fixed tables of the first release."""
    for statement in _FIRST.split(";"):
        if statement.strip():
            db.conn.execute(statement)


@migrations(name="0003_workbook")
def workbook(db: Any) -> None:
    """Workbooks of a superior: the file as last received and what stands in which of its cells."""
    db.conn.execute(
        "CREATE TABLE workbook (name TEXT PRIMARY KEY NOT NULL, file_name TEXT NOT NULL, content TEXT NOT NULL,"
        " file BLOB NOT NULL, saved_by TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT"
    )
