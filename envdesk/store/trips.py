"""A recheck that names its people is a trip: it makes an outing, so that their 人次 is not lost (domain.md §10.16).

Which dates and people of a form are trips is data (``[[trip]]``). Nothing links the two: an outing of that day whose
people include those of the recheck covers it, so a recheck that is recorded as a visit sheet, too, counts once. The
outing of a trip has no 时段; the first sheet that the same people bring home that day gives it one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from envdesk.formdef.live import list_table, table
from envdesk.formdef.model import Form
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.operations import Operation, insert, load_list, next_number, update

OUTING = "outing"
Trip = tuple[str, frozenset[str]]
"""Day and people."""


def of(form: Form, values: Mapping[str, Any] | None) -> set[Trip]:
    """The trips that a stored record (None = none, or void) stands for."""
    out: set[Trip] = set()
    if values is None or values.get("void"):
        return out
    for trip in form.trips:
        for row in values.get(trip.list) or [] if trip.list else [values]:
            day, people = row.get(trip.date), row.get(trip.people)
            if day and people:
                out.add((str(day)[:10], frozenset(people)))
    return out


def follow(op: Operation, form: Form, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """After a record was saved or voided: make the outings of new trips, void those of trips that are no more."""
    if not form.trips or OUTING not in op.store.catalogue.forms:
        return
    old, new = of(form, before), of(form, after)
    for day, people in sorted(old - new, key=str):
        for rec, who in _outings(op.store, day):
            if who == people and not _visited(op.store, rec) and not is_trip(op.store, rec):
                void(op, rec)
    for day, people in sorted(new - old, key=str):
        _cover(op, day, people)


def ensure(op: Operation, day: str) -> None:
    """Cover the trips of a day again, after an outing of it went."""
    for people in _trips(op.store, day):
        _cover(op, day, people)


def is_trip(store: Store, outing: str) -> bool:
    """True when an outing is, without its visits, still the trip of a recheck."""
    day = store.con.value(f"SELECT date FROM {table(OUTING)} WHERE id = ?", (outing,))
    return bool(day) and _people(store, outing) in set(_trips(store, str(day)))


def void(op: Operation, outing: str) -> None:
    """Void an outing that nothing hangs on any more."""
    if op.why:
        op.allow(outing)
    update(op, op.store.catalogue.forms[OUTING], outing, {"void": 1, "void_reason": "没有记录"})


def _cover(op: Operation, day: str, people: frozenset[str]) -> None:
    store = op.store
    if any(people <= who for _rec, who in _outings(store, day)):
        return
    form, rec = store.catalogue.forms[OUTING], store.new_id()
    own: dict[str, Any] = {"date": day, "people": sorted(people), "extra_people": 0, "team_count": 1, "void": 0}
    if op.why:
        op.allow(rec)
    if form.prefix:
        own["record_no"] = next_number(store, form, int(day[:4]))
    insert(op, form, own, rec=rec)


def _outings(store: Store, day: str) -> list[tuple[str, frozenset[str]]]:
    sql = f"SELECT id FROM {table(OUTING)} WHERE date = ? AND void = 0 AND office = ? ORDER BY id"
    return [(rec, _people(store, rec)) for (rec,) in store.con.query(sql, (day, store.office))]


def _people(store: Store, outing: str) -> frozenset[str]:
    sql = f"SELECT value FROM {quote(list_table(OUTING, 'people'))} WHERE rec = ?"
    return frozenset(v for (v,) in store.con.query(sql, (outing,)))


def _visited(store: Store, outing: str) -> bool:
    for form in store.catalogue.forms.values():
        if form.parents and form.parents[0] == OUTING:
            sql = f"SELECT 1 FROM {table(form.id)} WHERE {quote(OUTING + '_id')} = ? AND void = 0 LIMIT 1"
            if store.con.one(sql, (outing,)):
                return True
    return False


def _trips(store: Store, day: str) -> Iterator[frozenset[str]]:
    """The people of every recheck of a day."""
    for form in store.catalogue.forms.values():
        for trip in form.trips:
            if trip.list:
                rows = store.con.query(
                    f"SELECT x.{quote(trip.people)} FROM {quote(list_table(form.id, trip.list))} x"
                    f" JOIN {table(form.id)} r ON r.id = x.rec AND r.void = 0 AND r.office = ?"
                    f" WHERE substr(x.{quote(trip.date)}, 1, 10) = ?",
                    (store.office, day),
                )
                found = [json.loads(people) for (people,) in rows if people]
            else:
                sql = f"SELECT id FROM {table(form.id)} WHERE void = 0 AND office = ? AND substr({quote(trip.date)}, 1, 10) = ?"
                keys = store.con.query(sql, (store.office, day))
                found = [load_list(store, form.field(trip.people), rec) for (rec,) in keys]
            yield from (frozenset(people) for people in found if people)
