"""Small reads of the day's page."""

from __future__ import annotations

import json
from collections.abc import Iterable

from envdesk.store.file import Store


def saved_on(store: Store, who: str, day: str, forms: Iterable[str]) -> int:
    """How many records of some forms a person added or changed on a day."""
    return int(
        store.con.value(
            "SELECT count(DISTINCT c.rec) FROM operation o JOIN change c ON c.op = o.no"
            " WHERE o.who = ? AND o.at >= ? AND o.verb IN ('add', 'edit') AND o.undone_by IS NULL"
            " AND c.form IN (SELECT value FROM json_each(?))",
            (who, day, json.dumps(sorted(forms))),
        )
        or 0
    )


def is_workday(store: Store, day: str) -> bool | None:
    """What the holiday table says about a day, None when it does not know it."""
    value = store.con.value("SELECT is_workday FROM calendar WHERE day = ?", (day,))
    return None if value is None else bool(value)


def none_of(store: Store, forms: Iterable[str]) -> bool:
    """True when no record of these forms was ever saved, a void one neither."""
    return not any(store.con.one(f'SELECT 1 FROM "t_{form}" LIMIT 1') for form in forms)


def any_between(store: Store, start: str, end: str) -> bool:
    """True when an outing or an order lies between two days."""
    for name, column in (("t_outing", "date"), ("t_work_order", "received_at")):
        sql = f"SELECT 1 FROM {name} WHERE void = 0 AND {column} BETWEEN ? AND ? LIMIT 1"
        if store.con.one(sql, (start, end + "~")):
            return True
    return False
