"""An empty database on which the statements of a catalogue are prepared, reading only and with few functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envdesk.errors import Refused
from envdesk.formdef.expr import FUNCTIONS, PARAMETERS, BadExpression
from envdesk.formdef.live import SYSTEM, list_columns, list_table, table
from envdesk.formdef.model import VALUE_LISTS, Catalogue
from envdesk.sql import SQLITE_FUNCTION, SQLITE_READ, SQLITE_RECURSIVE, SQLITE_SELECT, Connection, Error, connect, quote

#: Functions that SQLite reports for operators.
OPERATORS = frozenset({"glob", "->", "->>"})


class Bench:
    """An empty database with the tables of a catalogue, on which statements are only prepared."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Make the tables of *catalogue*."""
        self.con: Connection = connect(":memory:")
        self.params: dict[str, None] = dict.fromkeys([*PARAMETERS, *(f"set_{k}" for k in catalogue.settings)])
        for name, columns in _tables(catalogue):
            self.con.execute(f"CREATE TABLE {quote(name)} ({', '.join(map(quote, dict.fromkeys(columns)))})")

    def close(self) -> None:
        """Drop the database."""
        self.con.close()

    def refusal(self, sql: str | BadExpression, params: Mapping[str, None] | None = None) -> tuple[str, str] | None:
        """Return (code, why) when SQLite does not take a statement, None when it does."""
        if isinstance(sql, BadExpression):
            return "bad_sql", str(sql)
        denied: list[str] = []

        def seen(action: int, a: str | None, b: str | None) -> bool:
            if action == SQLITE_FUNCTION:
                fine = (b or "").lower() in FUNCTIONS | OPERATORS
            elif action == SQLITE_READ:
                fine = not (a or "").lower().startswith(("sqlite_", "pragma_"))
            else:
                fine = action == SQLITE_SELECT
            if not fine:
                denied.append("递归" if action == SQLITE_RECURSIVE else b or a or str(action))
            return fine

        try:
            with self.con.watched(seen):
                self.con.execute(f"EXPLAIN {sql}", {**self.params, **(params or {})}).fetchall()
        except (Error, Refused) as exc:
            return ("forbidden_sql", denied[0]) if denied else ("bad_sql", str(exc))
        return None


def _tables(catalogue: Catalogue) -> Iterator[tuple[str, list[str]]]:
    """Names and columns of the stored tables that the live layer reads."""
    yield "calendar", ["day", "is_workday", "n", "name", "notice"]
    for form in catalogue.forms.values():
        links = [f"{p}_id" for p in form.parents[:1]]
        scalars = [f.column for f in form.own if not f.is_list]
        yield table(form.id), [*SYSTEM, "void", "canonical", "rev", *links, *scalars]
        for f in form.own:
            if f.is_list:
                head = ["rec", "pos"] if f.type in VALUE_LISTS else ["id", "rec", "pos"]
                yield list_table(form.id, f.column), [*head, *list_columns(f)]
