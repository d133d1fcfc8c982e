"""Results of queries, kept in memory until a row they may have read is written.

Nothing has to announce a change: SQLite counts the rows this connection writes and tells when another one committed.
What the writing primitives do to a form they book to that form (:meth:`Kept.booking`), so that a saved inspection leaves
the figures of the orders alone; a row that nobody booked (a setting, a day of the calendar, a statement typed by hand)
throws everything away. Inside a transaction nothing is kept: it may be rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from envdesk.sql import Connection, Row

#: More answers than this are dropped together (a year of months with all splits is about 20,000).
MOST = 50_000
#: Name under which rows are booked that no figure reads: drafts, the log, the search text.
ASIDE = ""
_Answer = TypeVar("_Answer")
_TABLE = re.compile(r"\bt_(\w+)")
_PARAMETER = re.compile(r":([A-Za-z_]\w*)")
#: A text that asks SQLite for the time: its answer changes without a row. (Each begins with a word: found quickly.)
_CLOCK = (re.compile(r"'now'"), re.compile(r"date\s*\(\s*\)"), re.compile(r"julianday\s*\(\s*\)"),
          re.compile(r"strftime\s*\([^,()]*\)"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Text:
    """What a query names: parameters, forms (``t_subject__types`` belongs to ``subject``), the clock."""

    parameters: tuple[str, ...]
    forms: tuple[str, ...]
    clock: bool


class Kept:
    """The kept results of one connection."""

    def __init__(self, con: Connection) -> None:
        """Keep nothing yet."""
        self.con = con
        self._booked: dict[str, int] = {}
        self._total = 0
        self._rows: dict[Any, tuple[Any, list[Row]]] = {}
        self._texts: dict[str, _Text] = {}
        self._answers: dict[str, tuple[Any, Any]] = {}

    @contextmanager
    def booking(self, form: str) -> Iterator[None]:
        """Book every row written in the block, but for those an inner block books, to *form*."""
        raw = self.con.raw
        start, inner = raw.total_changes, self._total
        try:
            yield
        finally:
            own = (raw.total_changes - start) - (self._total - inner)
            if own:
                self._booked[form] = self._booked.get(form, 0) + own
                self._total += own

    def query(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """Return the rows of a query, from memory while nothing changed that it reads.

        Args:
            sql: a SELECT.
            params: values by name; those the text does not name are ignored.
        """
        con = self.con
        if con.raw.in_transaction:
            return con.query(sql, params)
        text = self._texts.get(sql) or self._texts.setdefault(sql, _read(sql))
        if text.clock:
            return con.query(sql, params)
        bound = tuple(params[n] for n in text.parameters if n in params)
        version = self._version(text.forms)
        found = self._rows.get((sql, bound))
        if found is not None and found[0] == version:
            return found[1]
        rows = con.query(sql, params)
        if len(self._rows) >= MOST:
            self._rows.clear()
        self._rows[sql, bound] = (version, rows)
        return rows

    def answer(self, name: str, given: Any, make: Callable[[], _Answer]) -> _Answer:
        """Return what *make* finds in the file, from memory until any row is written by anybody.

        Args:
            name: of the question; its last answer is kept.
            given: all that the answer depends on besides the file: the minute, a person.
            make: reads, and writes nothing.
        """
        if self.con.raw.in_transaction:
            return make()
        asked = (given, self.con.value("PRAGMA data_version"), self.con.raw.total_changes)
        found = self._answers.get(name)
        if found is None or found[0] != asked:
            found = self._answers[name] = (asked, make())
        return found[1]  # type: ignore[no-any-return]

    def _version(self, forms: tuple[str, ...]) -> tuple[int, ...]:
        """What changes whenever a row of these forms, or one that nobody booked, may have changed."""
        others = self.con.value("PRAGMA data_version")
        booked = self._booked
        return (others, self.con.raw.total_changes - self._total, *(booked.get(f, 0) for f in forms))


def _read(sql: str) -> _Text:
    forms = {name.partition("__")[0] for name in _TABLE.findall(sql)}
    low = sql.lower()
    clock = any(pattern.search(low) for pattern in _CLOCK)
    return _Text(tuple(sorted(set(_PARAMETER.findall(sql)))), tuple(sorted(forms)), clock)
