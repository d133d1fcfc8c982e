"""The one module that imports an SQLite binding (sqlcipher3: SQLite 3.53 on every system, plain or encrypted).

Known failures of a file (full, locked, damaged, wrong key, sealed) become :class:`~envdesk.errors.Refused`; anything
else stays an exception, because it is our bug.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3
import sqlcipher3.dbapi2 as binding

from envdesk.errors import Refused, refuse

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

# sqlite-utils takes "pysqlite3" when there is one; this makes it use our binding, so that one SQLite serves all.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", binding)

Params = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]
Error = binding.Error
IntegrityError = binding.IntegrityError

SQLITE_DENY, SQLITE_OK, SQLITE_READ, SQLITE_FUNCTION, SQLITE_SELECT, SQLITE_RECURSIVE = 1, 0, 20, 31, 21, 33

#: Pages kept in memory, KiB. SQLite's own 2 MB make the figures of a large file three times as slow, more when it has
#: to decrypt them again and again.
CACHE_KIB = 64 * 1024

__all__ = ["Connection", "Error", "IntegrityError", "Row", "connect", "new_migrations", "quote", "translate"]


def _check_binding() -> None:
    """Stop when sqlite-utils holds another SQLite than ours."""
    from sqlite_utils.utils import sqlite3 as taken  # type: ignore[attr-defined]

    if taken not in (sqlcipher3, binding):
        raise ImportError("sqlite-utils was imported before envdesk.sql and holds another SQLite binding")


def new_migrations(name: str) -> Migrations:
    """Make an empty set of sqlite-utils migrations."""
    from sqlite_utils import Migrations

    return Migrations(name)


@lru_cache(maxsize=4096)
def quote(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def translate(error: BaseException) -> BaseException:
    """Turn a known SQLite failure into a :class:`Refused`; return anything else unchanged."""
    text = str(error)
    low = text.lower()
    if text.startswith("sealed:"):
        return refuse("sealed", where=text.removeprefix("sealed:"))
    for mark, code in (
        ("disk is full", "disk_full"),
        ("malformed", "db_corrupt"),
        ("database is locked", "db_locked"),
        ("file is not a database", "db_key"),
        ("file is encrypted", "db_key"),
        ("readonly database", "db_readonly"),
        ("disk i/o error", "db_corrupt"),
        ("interrupted", "timeout"),
    ):
        if mark in low and isinstance(error, binding.Error):
            return refuse(code, detail=text, path="", what=text)
    return error


class Connection:
    """One SQLite connection: plain ``execute``/``query``, transactions, time limits; errors translated.

    sqlite-utils is read when its ``db`` is first asked for: it costs a start more than opening the file.
    """

    def __init__(self, raw: Any, path: Path | None) -> None:
        """Wrap an open connection in autocommit mode."""
        self.raw = raw
        self.path = path
        raw.execute("PRAGMA recursive_triggers = ON")

    @cached_property
    def db(self) -> Database:
        """The sqlite-utils Database on the same connection."""
        _check_binding()
        from sqlite_utils import Database

        return Database(self.raw, recursive_triggers=True, execute_plugins=False)

    def execute(self, sql: str, params: Params = ()) -> Any:
        """Run one statement and return its cursor."""
        try:
            return self.raw.execute(sql, params)
        except binding.Error as exc:
            found = translate(exc)
            if found is exc:
                raise
            raise found from exc

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        try:
            self.raw.executemany(sql, rows)
        except binding.Error as exc:
            found = translate(exc)
            if found is exc:
                raise
            raise found from exc

    def query(self, sql: str, params: Params = ()) -> list[Row]:
        """Return all rows of a query."""
        try:
            return self.raw.execute(sql, params).fetchall()  # type: ignore[no-any-return]
        except binding.Error as exc:
            found = translate(exc)
            if found is exc:
                raise
            raise found from exc

    def dicts(self, sql: str, params: Params = ()) -> list[dict[str, Any]]:
        """Return all rows as dictionaries."""
        cursor = self.execute(sql, params)
        names = [c[0] for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row or None."""
        return self.execute(sql, params).fetchone()  # type: ignore[no-any-return]

    def value(self, sql: str, params: Params = ()) -> Any:
        """Return the first column of the first row or None."""
        row = self.one(sql, params)
        return row[0] if row else None

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction; nested blocks are savepoints. Anything raised rolls back."""
        try:
            if self.raw.in_transaction:
                with self.db.atomic():
                    yield
                return
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                if self.raw.in_transaction:
                    self.raw.execute("ROLLBACK")
                raise
        except binding.Error as exc:
            found = translate(exc)
            if found is exc:
                raise
            raise found from exc

    @contextmanager
    def limited(self, seconds: float, what: str = "") -> Iterator[None]:
        """Stop statements that run longer than *seconds* (refused as ``timeout``)."""
        from time import monotonic

        end = monotonic() + seconds
        self.raw.set_progress_handler(lambda: int(monotonic() > end), 20_000)
        try:
            yield
        except Refused as exc:
            if exc.code == "timeout":
                raise refuse("timeout", what=what) from exc
            raise
        finally:
            self.raw.set_progress_handler(None, 0)

    @contextmanager
    def watched(self, seen: Callable[[int, str | None, str | None], bool]) -> Iterator[None]:
        """Report each authorizer event ``(action, arg1, arg2)`` to *seen*; returning False denies it."""

        def judge(action: int, a: str | None, b: str | None, _db: str | None, _trigger: str | None) -> int:
            return SQLITE_OK if seen(action, a, b) else SQLITE_DENY

        self.raw.set_authorizer(judge)
        try:
            yield
        finally:
            self.raw.set_authorizer(None)

    def write_ahead(self) -> None:
        """Keep a write-ahead log, synced at every commit. Written into the file's head: only for a file that is ours."""
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()


def connect(path: Path | str, *, key: bytes | None = None, readonly: bool = False, foreign: bool = False) -> Connection:
    """Open a database file (or ``:memory:``).

    Args:
        path: file, made when absent.
        key: 32 raw bytes of an encrypted file; None for a plain one.
        readonly: open for reading only.
        foreign: the file may be another program's; nothing is set in it (see :meth:`Connection.write_ahead`).
    """
    raw = None
    memory = str(path) == ":memory:"
    target = str(path) if memory else f"{Path(path).resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
    try:
        raw = binding.connect(
            target, isolation_level=None, uri=not memory, check_same_thread=False, timeout=5, cached_statements=1024
        )
        if key is not None:
            raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA trusted_schema = OFF")
        raw.execute("PRAGMA temp_store = MEMORY")
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute("SELECT count(*) FROM sqlite_schema")
        con = Connection(raw, None if memory else Path(path))
        if not (memory or readonly or foreign):
            con.write_ahead()
        return con
    except binding.Error as exc:
        if raw is not None:
            raw.close()
        found = translate(exc)
        if found is exc:
            raise refuse("bad_path", path=str(path), detail=str(exc)) from exc
        raise found from exc


_LIKE_SPECIAL = re.compile(r"([\\%_])")


def like_fragment(text: str) -> str:
    r"""Return *text* as a LIKE pattern matching anywhere (``ESCAPE '\'``)."""
    return "%" + _LIKE_SPECIAL.sub(r"\\\1", text) + "%"
