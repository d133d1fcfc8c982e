"""Named migrations of the fixed tables. A released migration never changes; a new one is added below it.

Form tables are not migrated here: they follow the definitions (:mod:`envdesk.store.schema`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from envdesk.sql import Connection, new_migrations

Step = Callable[[Any], None]


@dataclass(frozen=True)
class Migrations:
    """Named steps in their order; sqlite-utils, which takes them, is read only when there is one to take."""

    name: str
    steps: dict[str, Step] = field(default_factory=dict)

    def __call__(self, *, name: str) -> Callable[[Step], Step]:
        """Register a step."""

        def register(step: Step) -> Step:
            self.steps[name] = step
            return step

        return register

    def applied(self, con: Connection) -> set[str]:
        """Names of the steps that a file has taken."""
        if not con.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlite_migrations'"):
            return set()
        taken = con.query("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (self.name,))
        return {str(name) for (name,) in taken}

    def apply(self, con: Connection) -> None:
        """Take the steps that the file has not taken."""
        made = new_migrations(self.name)
        for name, step in self.steps.items():
            made(name=name)(step)
        made.apply(con.db)


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


_ISSUED = """
CREATE TABLE issued (
    no INTEGER PRIMARY KEY NOT NULL, number TEXT NOT NULL UNIQUE, start TEXT NOT NULL, "end" TEXT NOT NULL,
    cut TEXT NOT NULL, template TEXT NOT NULL, title TEXT NOT NULL, parts TEXT NOT NULL, format TEXT NOT NULL,
    code TEXT NOT NULL, seal INTEGER REFERENCES seal(no), made_at TEXT NOT NULL, made_by TEXT NOT NULL,
    sha256 TEXT NOT NULL, data BLOB NOT NULL, pages INTEGER NOT NULL, figures TEXT NOT NULL) STRICT;
CREATE INDEX ix_issued_code ON issued (code);
CREATE INDEX ix_issued_period ON issued (start, "end");
ALTER TABLE seal ADD COLUMN content BLOB;
ALTER TABLE seal ADD COLUMN op INTEGER;
ALTER TABLE pass ADD COLUMN late TEXT;
DELETE FROM meta WHERE key = 'forms'
"""


@migrations(name="0002_issued")
def issued(db: Any) -> None:
    """Papers that were given out; what a seal keeps; which day a reason opened. The triggers are made anew."""
    for statement in _ISSUED.split(";"):
        db.conn.execute(statement)


@migrations(name="0003_workbook")
def workbook(db: Any) -> None:
    """Workbooks of a superior: the file as last received and what stands in which of its cells."""
    db.conn.execute(
        "CREATE TABLE workbook (name TEXT PRIMARY KEY NOT NULL, file_name TEXT NOT NULL, content TEXT NOT NULL,"
        " file BLOB NOT NULL, saved_by TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT"
    )


_DISTRICT = """
CREATE TABLE received (
    no INTEGER PRIMARY KEY NOT NULL, op INTEGER, office TEXT NOT NULL, office_name TEXT NOT NULL, sha256 TEXT NOT NULL,
    file TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL,
    created TEXT NOT NULL, file_id TEXT NOT NULL, operation INTEGER NOT NULL, manifest TEXT NOT NULL,
    seals TEXT NOT NULL, receipt TEXT NOT NULL) STRICT;
CREATE INDEX ix_received_sha256 ON received (sha256);
CREATE TABLE merged (
    rec TEXT NOT NULL, op INTEGER NOT NULL, rev INTEGER NOT NULL, source TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (rec, op)) STRICT, WITHOUT ROWID;
"""


@migrations(name="0004_district")
def district(db: Any) -> None:
    """What the district received; record numbers are unique within their office."""
    for statement in _DISTRICT.split(";"):
        if statement.strip():
            db.conn.execute(statement)
    old = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%(\"record_no\")'"
    for name, table in db.conn.execute(old).fetchall():
        db.conn.execute(f'DROP INDEX "{name}"')
        db.conn.execute(f'CREATE UNIQUE INDEX "{name}_office" ON "{table}" ("record_no", "office")')


@migrations(name="0005_report_text")
def report_text(db: Any) -> None:
    """The user's own paragraphs of a report, by template, period and place. Nothing is overwritten: the newest stands."""
    db.conn.execute(
        "CREATE TABLE report_text (no INTEGER PRIMARY KEY NOT NULL, template TEXT NOT NULL, start TEXT NOT NULL,"
        " end TEXT NOT NULL, slot TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    db.conn.execute("CREATE INDEX ix_report_text ON report_text (template, start, end, slot, no)")


@migrations(name="0006_template")
def template(db: Any) -> None:
    """Report tables an office put together itself: name and TOML text."""
    db.conn.execute(
        "CREATE TABLE template (name TEXT PRIMARY KEY NOT NULL, content TEXT NOT NULL, saved_by TEXT NOT NULL,"
        " saved_at TEXT NOT NULL) STRICT"
    )


_CONFLICT = """
CREATE TABLE conflict (
    sha256 TEXT NOT NULL, form TEXT NOT NULL, rec TEXT NOT NULL, rev INTEGER NOT NULL, source TEXT NOT NULL,
    system TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (sha256, rec)) STRICT;
CREATE TABLE decision (
    op INTEGER PRIMARY KEY NOT NULL, form TEXT NOT NULL, rec TEXT NOT NULL, rev INTEGER NOT NULL, way TEXT NOT NULL,
    kept TEXT NOT NULL, other TEXT NOT NULL) STRICT;
CREATE INDEX ix_decision_rec ON decision (rec, rev);
"""


@migrations(name="0007_conflict")
def conflict(db: Any) -> None:
    """At the district: the version of a record that was not taken, and which of the two stands."""
    for statement in _CONFLICT.split(";"):
        if statement.strip():
            db.conn.execute(statement)
