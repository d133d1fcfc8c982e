"""Deadlines whose year has no holiday table: provisional dates, recomputed and listed when the table comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from envdesk.formdef.model import Field, Form

if TYPE_CHECKING:
    from envdesk.store.file import Store


def provisional_due(store: Store, form: Form, f: Field, values: dict[str, Any]) -> str | None:
    """Count the term Mon–Fri when the calendar lacks the year; None when there is no start or term at all.

    The number of days is asked of the same expression over a calendar that has every year (domain.md §10.9).
    """
    started = values.get(form.date)
    if not started:
        return None
    day = datetime.fromisoformat(str(started)).date() if "T" in str(started) else date.fromisoformat(str(started))
    if store.con.one("SELECT 1 FROM calendar WHERE day = ?", ((day + timedelta(days=60)).isoformat(),)):
        return None
    from envdesk.store.save import Saver  # the evaluator is kept on the store by the saver

    evaluator = store.cache.get(("evaluator", form.id))
    if evaluator is None:
        return None
    with_calendar = _extended(store, day)
    try:
        from envdesk.store.save import clock_params

        got = evaluator.compute(store.con, values, clock_params(store), {f.key: f.default_sql})[f.key]
    finally:
        _restore(store, with_calendar)
    _ = Saver
    return None if got is None else str(got)


def _extended(store: Store, day: date) -> str | None:
    """Add Mon–Fri days for a year ahead inside a savepoint; returns the savepoint's name."""
    con = store.con
    con.execute("SAVEPOINT provisional")
    last = con.one("SELECT day, n FROM calendar ORDER BY day DESC LIMIT 1")
    start = date.fromisoformat(last[0]) + timedelta(days=1) if last else day - timedelta(days=7)
    n = last[1] if last else 0
    rows = []
    while start <= day + timedelta(days=400):
        workday = int(start.weekday() < 5)  # noqa: PLR2004 - Saturday
        n += workday
        rows.append((start.isoformat(), workday, n, "", "暂"))
        start += timedelta(days=1)
    con.many("INSERT OR IGNORE INTO calendar VALUES (?, ?, ?, ?, ?)", rows)
    return "provisional"


def _restore(store: Store, name: str | None) -> None:
    if name:
        store.con.execute(f"ROLLBACK TO {name}")
        store.con.execute(f"RELEASE {name}")
