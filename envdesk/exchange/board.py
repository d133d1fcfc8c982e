"""The board of the district: street × form, how many records of a period, and how far each street is.

A street that has sealed the period is 已月结; one whose package covers it is 已报; else 未报. On a street's own file the
board has that one row.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from envdesk.figures.period import Period
from envdesk.formdef.live import table
from envdesk.formdef.model import Form
from envdesk.i18n import N_, _
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.settings import stored

MISSING, REPORTED, SEALED = N_("未报"), N_("已报"), N_("已月结")


@dataclass(frozen=True, slots=True)
class Row:
    """One street. ``received_at`` "" = nothing received; ``counts`` form → records of the period."""

    office: str
    name: str
    status: str
    received_at: str
    counts: dict[str, int]
    conflicts: int

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "office": self.office, "name": self.name, "status": self.status, "received_at": self.received_at,
            "counts": self.counts, "total": sum(self.counts.values()), "conflicts": self.conflicts,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    """All streets; ``forms`` are (id, title) of the columns, those with a date of their own."""

    period: Period
    forms: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def board(store: Store, period: Period) -> Board:
    """Return the board of a period."""
    forms = [f for f in store.catalogue.forms.values() if f.kind == "record" and f.date]
    counts: dict[str, dict[str, int]] = {}
    for form in forms:
        for office, n in _counted(store, form, period):
            counts.setdefault(office, {})[form.id] = n
    rows = _district(store, period, counts) if store.meta("role") == "district" else [_own(store, period, counts)]
    return Board(period, tuple((f.id, f.title) for f in forms), tuple(rows))


def _counted(store: Store, form: Form, period: Period) -> list[tuple[str, int]]:
    """Live records of a period by the office that owns them."""
    day = f"substr(b.{quote(form.date)}, 1, 10)"
    return store.con.query(
        f"SELECT t.office, count(*) FROM ({store.live.base(form)}) b JOIN {table(form.id)} t ON t.id = b.id"
        f" WHERE {day} BETWEEN ? AND ? GROUP BY t.office",
        (period.start.isoformat(), period.end.isoformat()),
    )


def _own(store: Store, period: Period, counts: dict[str, dict[str, int]]) -> Row:
    sealed = _covers(
        store.con.query('SELECT start, "end" FROM seal WHERE opened_at IS NULL'), period
    )  # a sealed year seals its months
    status = SEALED if sealed else MISSING
    return Row(store.office, stored(store, "office_name") or "", _(status), "", counts.get(store.office, {}), 0)


def _district(store: Store, period: Period, counts: dict[str, dict[str, int]]) -> list[Row]:
    received = store.con.query(
        'SELECT r.office, r.office_name, r.start, r."end", r.created, r.at, r.seals, r.receipt FROM received r'
        " LEFT JOIN operation o ON o.no = r.op WHERE o.undone_by IS NULL ORDER BY r.no"
    )
    rows: dict[str, Row] = {}
    for office, name, start, end, created, at, seals, receipt in received:
        before = rows.get(office)
        covers = created[:10] > period.start.isoformat() and (not start or _covers([(start, end)], period))
        sealed = _covers([(s["start"], s["end"]) for s in json.loads(seals)], period)
        status = SEALED if sealed else REPORTED if covers or (before and before.status == _(REPORTED)) else MISSING
        conflicts = len(json.loads(receipt)["conflicts"])
        rows[office] = Row(office, name, _(status), at, counts.get(office, {}), conflicts)
    known = {row.name for row in rows.values()}
    wanted = [w for w in re.split(r"[、,，;；\n]", stored(store, "streets") or "") if w.strip()]
    missing = [Row("", w.strip(), _(MISSING), "", {}, 0) for w in wanted if w.strip() not in known]
    return sorted(rows.values(), key=lambda r: r.name) + missing


def _covers(spans: list[tuple[str, str]], period: Period) -> bool:
    return any(a <= period.start.isoformat() and period.end.isoformat() <= b for a, b in spans)
