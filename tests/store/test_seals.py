"""A sealed month: no statement changes an event of it, later events of its records pass, a reason opens it once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import making
import pytest

from envdesk.errors import Refused
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.model import VALUE_LISTS, Field, Form
from envdesk.sql import quote
from envdesk.store import seals
from envdesk.store.schema import SYSTEM_COLUMNS, columns

CAT = making.catalogue()
SEALED, OPEN, LATER = "2026-06-15", "2026-07-15", "2026-07-16"
JUNE = (date(2026, 6, 1), date(2026, 6, 30))

Place = tuple[str, str]
"""Where an event date is kept: (form or form.list, column)."""


@dataclass
class Event:
    """One event date of a table and the columns that belong to it."""

    form: Form
    list: Field | None
    place: Place
    columns: set[str] = field(default_factory=set)

    @property
    def table(self) -> str:
        return list_table(self.form.id, self.list.column) if self.list else table(self.form.id)

    def __str__(self) -> str:
        return f"{self.form.id}{f'.{self.list.key}' if self.list else ''}@{self.place[0]}.{self.place[1]}"


def events_of(form: Form) -> list[Event]:
    """The events of a form's own table and of its lists, read from what each field says of itself."""
    found: dict[tuple[str, Place], Event] = {}

    def note(rows: Field | None, place: Place, *cols: str) -> None:
        key = (rows.key if rows else "", place)
        found.setdefault(key, Event(form, rows, place)).columns.update(cols)

    for f in form.own:
        if not f.is_list:
            if f.dated_by:
                place = making.home_date(form, f.dated_by)
                note(None, place, f.column)
                if place[0] == form.id:
                    note(None, place, place[1])
            continue
        here = f"{form.id}.{f.key}"
        main = (here, f.date_key) if f.date_key else making.home_date(form, f.dated_by) if f.dated_by else None
        if f.type in VALUE_LISTS or not f.fields:
            if main:
                note(f, main, *list_columns(f))
            continue
        for sub in f.fields:
            if sub.stored:
                place = (here, sub.dated_by) if sub.dated_by not in ("", "-") else None if sub.dated_by else main
                if place:
                    note(f, place, sub.key)
    if form.parents:
        note(None, making.home_date(form, form.date), f"{form.parents[0]}_id")
    return list(found.values())


EVENTS = [e for form in CAT.forms.values() for e in events_of(form)]


# ------------------------------------------------------------------------------------------------- statements by hand
@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with making.make(tmp_path_factory.mktemp("封") / "台账.envdesk") as opened:
        yield opened


@pytest.fixture
def bench(store):
    """Everything inside is taken back; the seal of June is there but open."""
    store.con.execute("BEGIN")
    seals.seal(store, *JUNE, JUNE[1], "{}", "x")
    yield Bench(store)
    store.con.raw.execute("ROLLBACK")


class Bench:
    """Plants rows and tries statements, with and without the seal."""

    def __init__(self, store) -> None:
        self.store = store
        self.con = store.con
        self.planter = making.Planter(self.con, CAT)
        self.faults: list[str] = []

    @contextmanager
    def open(self) -> Iterator[None]:
        self.con.execute("UPDATE seal SET opened_at = '2026-07-01'")
        yield
        self.con.execute("UPDATE seal SET opened_at = NULL")

    def plant(self, event: Event, day: str) -> str:
        """A record with the event on a day and all other dates open; returns its id."""
        with self.open():
            return self.planter.plant(event.form, OPEN, {event.place: day})

    def runs(self, sql: str, params=()) -> str:
        """ "" when a statement passes, else the code it is refused with; its effect is taken back."""
        self.con.execute("SAVEPOINT s")
        try:
            self.con.execute(sql, params)
        except Refused as exc:
            return exc.code
        finally:
            self.con.raw.execute("ROLLBACK TO s")
            self.con.raw.execute("RELEASE s")
        return ""

    def frozen(self, what: str, sql: str, params=()) -> None:
        """The statement must be refused, and pass when the month is open."""
        got = self.runs(sql, params)
        if got != "sealed":
            self.faults.append(f"{what}: {got or 'passed'} in a sealed month")
        with self.open():
            got = self.runs(sql, params)
        if got:
            self.faults.append(f"{what}: {got} in an open month")

    def free(self, what: str, sql: str, params=()) -> None:
        """The statement must pass although the month is sealed."""
        got = self.runs(sql, params)
        if got:
            self.faults.append(f"{what}: {got}, but it belongs to no sealed event")

    def row(self, name: str, where: str, params) -> dict:
        return self.con.dicts(f"SELECT * FROM {quote(name)} WHERE {where}", params)[0]


def kinds(event: Event) -> dict[str, str]:
    if event.list is None:
        return columns(event.form)
    return {"rec": "TEXT", "pos": "INTEGER", "id": "TEXT", **list_columns(event.list)}


def other(event: Event, col: str, now):
    """Another value for a column, a day of the open month for a date."""
    subs = event.list.fields if event.list else event.form.own
    if any((s.key if event.list else s.column) == col and s.type in ("date", "datetime") for s in subs):
        return LATER
    return making.filler(kinds(event)[col], "else", 0 if now == 1 else 1)


def insert_sql(name: str, row: dict, verb: str = "INSERT", tail: str = "") -> tuple[str, list]:
    cols = ", ".join(quote(c) for c in row)
    return f"{verb} INTO {quote(name)} ({cols}) VALUES ({', '.join('?' * len(row))}){tail}", list(row.values())


def change_columns(bench: Bench, event: Event, where: str, key: list, row: dict) -> None:
    """UPDATE, UPDATE OR IGNORE and an upsert of each column of the event; of all others they pass."""
    name = quote(event.table)
    target = "rec, pos" if "id" not in row else "id"
    handled = {"id", "rec", "pos", "void", "canonical", f"{event.form.parents[0]}_id" if event.form.parents else ""}
    for col, now in row.items():
        value = other(event, col, now) if col not in handled | set(SYSTEM_COLUMNS) else None
        if col in event.columns:
            value = "elsewhere" if col in handled else value
            update = f"SET {quote(col)} = ? WHERE {where}"
            bench.frozen(f"update {col}", f"UPDATE {name} {update}", [value, *key])
            bench.frozen(f"update or ignore {col}", f"UPDATE OR IGNORE {name} {update}", [value, *key])
            tail = f" ON CONFLICT ({target}) DO UPDATE SET {quote(col)} = excluded.{quote(col)}"
            bench.frozen(f"upsert {col}", *insert_sql(event.table, row | {col: value}, tail=tail))
            bench.free(f"update {col} to itself", f"UPDATE {name} SET {quote(col)} = {quote(col)} WHERE {where}", key)
        elif col not in handled:
            value = f"{now}x" if isinstance(now, str) and col in SYSTEM_COLUMNS else value
            value = 7 if col == "rev" else value
            bench.free(f"update {col}", f"UPDATE {name} SET {quote(col)} = ? WHERE {where}", [value, *key])


@pytest.mark.parametrize("event", [e for e in EVENTS if e.list is None], ids=str)
def test_no_statement_changes_a_record_of_a_sealed_month(bench, event):
    name, rec = event.table, bench.plant(event, SEALED)
    row = bench.row(name, "id = ?", [rec])
    change_columns(bench, event, "id = ?", [rec], row)
    open_days = dict.fromkeys((f.column for f in making.own_dates(event.form)), OPEN)
    bench.frozen("delete", f"DELETE FROM {quote(name)} WHERE id = ?", [rec])
    bench.frozen("insert", *insert_sql(name, row | {"id": "new", "record_no": "new"}))
    bench.frozen("insert or ignore", *insert_sql(name, row | {"id": "new", "record_no": "new"}, "INSERT OR IGNORE"))
    bench.frozen("replace", *insert_sql(name, row, "REPLACE"))
    bench.frozen("replace by an open one", *insert_sql(name, row | open_days, "INSERT OR REPLACE"))
    bench.frozen("id change", f"UPDATE {quote(name)} SET id = 'new' WHERE id = ?", [rec])
    bench.frozen("void", f"UPDATE {quote(name)} SET void = 1 WHERE id = ?", [rec])
    if event.form.prefix:  # the number is unique: another record's number would push this one out
        bench.frozen(
            "replace by number", *insert_sql(name, row | open_days | {"id": "new"} | apart(bench, event), "REPLACE")
        )
    assert bench.faults == []


def apart(bench: Bench, event: Event) -> dict:
    """A parent in the open month, so that only the number meets the sealed record."""
    if not event.form.parents:
        return {}
    return {f"{event.form.parents[0]}_id": open_parent(bench, event)}


def open_parent(bench: Bench, event: Event) -> str:
    with bench.open():
        parent = ""
        for up in reversed(event.form.parents):
            parent = bench.planter.record(CAT.forms[up], OPEN, {}, parent)
    return parent


@pytest.mark.parametrize("event", [e for e in EVENTS if e.list is None], ids=str)
def test_nothing_of_an_open_month_is_moved_into_a_sealed_one(bench, event):
    rec = bench.plant(event, OPEN)
    row = bench.row(event.table, "id = ?", [rec])
    home, col = event.place
    if home == event.form.id:
        bench.frozen("move in", f"UPDATE {quote(event.table)} SET {quote(col)} = ? WHERE id = ?", [SEALED, rec])
        bench.frozen("move in, a moment", f"UPDATE {quote(event.table)} SET {quote(col)} = ? WHERE id = ?",
                     [f"{JUNE[1]}T23:59", rec])  # fmt: skip
        bench.frozen("replace by a sealed one", *insert_sql(event.table, row | {col: SEALED}, "REPLACE"))
    else:
        up = f"{event.form.parents[0]}_id"
        frozen = bench.plant(event, SEALED)
        there = bench.con.value(f"SELECT {up} FROM {quote(event.table)} WHERE id = ?", [frozen])
        bench.frozen("move below", f"UPDATE {quote(event.table)} SET {up} = ? WHERE id = ?", [there, rec])
        bench.frozen("move out", f"UPDATE {quote(event.table)} SET {up} = ? WHERE id = ?", [row[up], frozen])
    for name in set(row) - {"id", up if home != event.form.id else "", "canonical", "void", "rev", *SYSTEM_COLUMNS}:
        bench.free(f"update {name}", f"UPDATE {quote(event.table)} SET {quote(name)} = ? WHERE id = ?",
                   [other(event, name, row[name]), rec])  # fmt: skip
    bench.free("void", f"UPDATE {quote(event.table)} SET void = 1 WHERE id = ?", [rec])
    bench.free("delete", f"DELETE FROM {quote(event.table)} WHERE id = ?", [rec])
    assert bench.faults == []


@pytest.mark.parametrize("event", [e for e in EVENTS if e.list is not None], ids=str)
def test_no_statement_changes_a_row_of_a_sealed_month(bench, event):
    apart, rec = bench.plant(event, OPEN), bench.plant(event, SEALED)
    name = event.table
    row = bench.row(name, "rec = ?", [rec])
    plain = "id" not in row
    where, key = ("rec = ? AND pos = ?", [rec, 0]) if plain else ("id = ?", [row["id"]])
    change_columns(bench, event, where, key, row)
    bench.frozen("delete", f"DELETE FROM {quote(name)} WHERE {where}", key)
    bench.frozen("move to another record", f"UPDATE {quote(name)} SET rec = ?, pos = 9 WHERE {where}", [apart, *key])
    new = row | ({"pos": 1} if plain else {"id": "new-row", "pos": 1})
    bench.frozen("insert", *insert_sql(name, new))
    bench.frozen("insert or ignore", *insert_sql(name, new, "INSERT OR IGNORE"))
    bench.frozen(
        "replace",
        *insert_sql(name, row | {"value": "z"} if plain and isinstance(row["value"], str) else row, "REPLACE"),
    )
    bench.free("another place in the list", f"UPDATE {quote(name)} SET pos = 5 WHERE {where}", key)
    if not plain:
        bench.frozen("id change", f"UPDATE {quote(name)} SET id = 'new-row' WHERE id = ?", key)
        open_days = {event.place[1]: OPEN} if "." in event.place[0] else {"rec": apart}
        bench.frozen("replace by an open one", *insert_sql(name, row | open_days, "REPLACE"))
    mine = bench.row(name, "rec = ?", [apart])
    if "." not in event.place[0]:  # dated by its record: an open row moved below a sealed record
        at, its = ("rec = ? AND pos = ?", [apart, 0]) if plain else ("id = ?", [mine["id"]])
        bench.frozen("move in", f"UPDATE {quote(name)} SET rec = ?, pos = 9 WHERE {at}", [rec, *its])
    else:
        bench.frozen(
            "move in", f"UPDATE {quote(name)} SET {quote(event.place[1])} = ? WHERE id = ?", [SEALED, mine["id"]]
        )
    bench.free("delete an open one", f"DELETE FROM {quote(name)} WHERE rec = ?", [apart])
    assert bench.faults == []


@pytest.mark.parametrize("form", [f for f in CAT.forms.values() if not events_of(f)], ids=lambda f: f.id)
def test_a_form_of_no_event_is_never_frozen(bench, form):
    with bench.open():
        rec = bench.planter.plant(form, SEALED)
    row = bench.row(table(form.id), "id = ?", [rec])
    bench.free("insert", *insert_sql(table(form.id), row | {"id": "new", "record_no": "new"}))
    bench.free("void", f"UPDATE {table(form.id)} SET void = 1 WHERE id = ?", [rec])
    bench.free("delete", f"DELETE FROM {table(form.id)} WHERE id = ?", [rec])
    for f in form.own:
        if not f.is_list:
            bench.free(
                f"update {f.column}", f"UPDATE {table(form.id)} SET {quote(f.column)} = NULL WHERE id = ?", [rec]
            )
    assert bench.faults == []


def test_every_form_with_a_date_is_walked():
    """The walk reads the definitions by itself; if it found nothing it would prove nothing."""
    assert len(EVENTS) > 60
    assert {e.form.id for e in EVENTS if e.list is None} >= {f.id for f in CAT.forms.values() if f.parents}
    assert {"work_order.reopen@work_order.reopen.closed_at", "outing.people@outing.date",
            "inspection.findings@inspection.findings.fixed_at"} <= {str(e) for e in EVENTS}  # fmt: skip


def test_free_words_of_every_form_stay_free():
    free = {(f.id, k.key) for f in CAT.forms.values() for k in f.own if not k.dated_by}
    assert free >= {
        ("inspection", "remark"), ("inspection", "photos"), ("inspection", "files"), ("work_order", "location"),
        ("work_order", "complainant"), ("subject", "name"), ("rectification", "origin_id"),
    }  # fmt: skip
