"""Deadlines whose year has no holiday table: provisional dates, recomputed and listed when the table comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from envdesk.formdef.live import table
from envdesk.formdef.model import Field, Form

if TYPE_CHECKING:
    from envdesk.store.file import Store
    from envdesk.store.save import Saver

#: A term reaches at most this far; the calendar must know these days for a date to be final.
HORIZON_DAYS = 400


def provisional_due(saver: Saver, form: Form, f: Field, values: dict[str, Any]) -> str | None:
    """Count a term Mon–Fri where the calendar lacks the year (domain.md §10.9); None when it needs no calendar day.

    The number of days is asked of the same expression, over a calendar that has every year.
    """
    start = str(values.get(form.date) or "")[:10]
    if not start:
        return None
    with _weekdays_added(saver.store, date.fromisoformat(start)):
        got = saver.evaluator(form).compute(saver.store.con, values, saver.params, {f.key: f.default_sql})[f.key]
    return None if got is None else str(got)


@contextmanager
def _weekdays_added(store: Store, day: date) -> Iterator[None]:
    """Add Mon–Fri days beyond the table for as long as the block runs."""
    con = store.con
    con.execute("SAVEPOINT provisional")
    try:
        last = con.one("SELECT day, n FROM calendar ORDER BY day DESC LIMIT 1")
        here = date.fromisoformat(last[0]) + timedelta(days=1) if last else day - timedelta(days=7)
        n = last[1] if last else 0
        rows = []
        while here <= day + timedelta(days=HORIZON_DAYS):
            workday = int(here.weekday() < 5)
            n += workday
            rows.append((here.isoformat(), workday, n))
            here += timedelta(days=1)
        con.many("INSERT OR IGNORE INTO calendar (day, is_workday, n) VALUES (?, ?, ?)", rows)
        yield
    finally:
        con.execute("ROLLBACK TO provisional")
        con.execute("RELEASE provisional")


def recompute(saver: Saver) -> list[dict[str, Any]]:
    """Recompute provisional dates now that a year was imported; returns what changed: record_no, old, new."""
    from envdesk.store.operations import update
    from envdesk.store.query import fetch

    store = saver.store
    changed: list[dict[str, Any]] = []
    for form in store.catalogue.forms.values():
        fields = [f for f in form.own if f.check == "deadline" and f.default_sql]
        if not fields:
            continue
        sql = f"SELECT id, hints FROM {table(form.id)} WHERE void = 0 AND hints LIKE '%calendar_missing%'"
        for rec, hints in store.con.query(sql):
            values = fetch(store, form, rec)
            kept = json.loads(hints)
            for f in fields:
                draft = {k.key: values.get(k.key) for k in form.typed()} | {"id": rec, f.key: None}
                due = saver.evaluator(form).compute(store.con, draft, saver.params, {f.key: f.default_sql})[f.key]
                if due is None:
                    continue
                kept = [h for h in kept if not (h["code"] == "calendar_missing" and h["field"] == f.key)]
                old = values.get(f.key)
                text = json.dumps(kept, ensure_ascii=False) if kept else None
                update(saver.op, form, rec, {f.column: due}, extra={"hints": text})
                if due != old:
                    changed.append({"form": form.id, "record_no": values["record_no"], "old": old, "new": due})
    return changed
