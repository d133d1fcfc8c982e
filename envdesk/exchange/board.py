"""The board of the district: street × form, how many records of a period, and how far each street is.

A street that has sealed the period is 已月结; one whose package covers it is 已报; else 未报. On a street's own file the
board has that one row.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from envdesk.exchange import conflicts
from envdesk.figures.period import Period
from envdesk.formdef.live import table
from envdesk.formdef.model import Form
from envdesk.i18n import N_, _
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.settings import stored

_STANDS = "LEFT JOIN operation o ON o.no = r.op WHERE o.undone_by IS NULL"
MISSING, REPORTED, SEALED = N_("未报"), N_("已报"), N_("已月结")


@dataclass(frozen=True, slots=True)
class Received:
    """A package that was taken in: its receipt, and who merged it when."""

    sha256: str
    file: str
    at: str
    who: str
    created: str
    receipt: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One street.

    Attributes:
        received_at: when its newest package was merged, "" = none.
        counts: form → records of the period.
        conflicts: how many of its records wait for a decision.
        packages: of each of its files the newest package that covers the period, newest first; one with conflicts stands
            together with those before it, which it disagrees with.
    """

    office: str
    name: str
    status: str
    received_at: str
    counts: dict[str, int]
    conflicts: int
    packages: tuple[Received, ...] = ()

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
    forms = dated(store)
    counts = counted(store, period.start, period.end)
    own = store.meta("role") != "district"
    rows = [_own(store, period, counts)] if own else streets(store, period, counts)
    return Board(period, tuple((f.id, f.title) for f in forms), tuple(rows))


def dated(store: Store) -> list[Form]:
    """Forms whose records happen on a day."""
    return [f for f in store.catalogue.forms.values() if f.kind == "record" and f.date]


def counted(store: Store, start: date, end: date) -> dict[str, dict[str, int]]:
    """Live records between two days: office → form → how many."""
    out: dict[str, dict[str, int]] = {}
    for form in dated(store):
        day = f"substr(b.{quote(form.date)}, 1, 10)"
        for office, n in store.con.query(
            f"SELECT t.office, count(*) FROM ({store.live.base(form)}) b JOIN {table(form.id)} t ON t.id = b.id"
            f" WHERE {day} BETWEEN ? AND ? GROUP BY t.office",
            (start.isoformat(), end.isoformat()),
        ):
            out.setdefault(office, {})[form.id] = n
    return out


def offices(store: Store) -> dict[str, str]:
    """The streets whose packages were taken in: office → name as it said last."""
    return dict(store.con.query(f"SELECT r.office, r.office_name FROM received r {_STANDS} ORDER BY r.no"))


def _own(store: Store, period: Period, counts: dict[str, dict[str, int]]) -> Row:
    sealed = _covers(
        store.con.query('SELECT start, "end" FROM seal WHERE opened_at IS NULL'), period
    )  # a sealed year seals its months
    status = SEALED if sealed else MISSING
    return Row(store.office, stored(store, "office_name") or "", _(status), "", counts.get(store.office, {}), 0)


def streets(store: Store, period: Period, counts: dict[str, dict[str, int]]) -> list[Row]:
    """Return the rows of a district, with what was counted of each office."""
    received = store.con.dicts(
        'SELECT r.office, r.office_name, r.start, r."end", r.created, r.at, r.who, r.seals, r.receipt, r.sha256, r.file,'
        f" r.file_id FROM received r {_STANDS} ORDER BY r.no"
    )
    waiting = Counter(c.office for c in conflicts.open_conflicts(store))
    rows: dict[str, Row] = {}
    newest: dict[str, dict[str, list[Received]]] = {}
    for r in received:
        office, before = r["office"], rows.get(r["office"])
        covers = r["created"][:10] > period.start.isoformat() and (
            not r["start"] or _covers([(r["start"], r["end"])], period)
        )
        if covers:
            made = Received(r["sha256"], r["file"], r["at"], r["who"], r["created"], json.loads(r["receipt"]))
            held = newest.setdefault(office, {}).setdefault(r["file_id"], [])
            held[:] = [made, *(held if made.receipt["conflicts"] else ())]
        sealed = _covers([(s["start"], s["end"]) for s in json.loads(r["seals"])], period)
        status = SEALED if sealed else REPORTED if covers or (before and before.status == _(REPORTED)) else MISSING
        packages = tuple(p for held in newest.get(office, {}).values() for p in held)
        rows[office] = Row(
            office, r["office_name"], _(status), r["at"], counts.get(office, {}), waiting[office], packages
        )
    known = {row.name for row in rows.values()}
    missing = [Row("", name, _(MISSING), "", {}, 0) for name in expected(store) if name not in known]
    return sorted(rows.values(), key=lambda r: r.name) + missing


def expected(store: Store) -> list[str]:
    """Names of the streets that should report (a setting), in its order."""
    found = re.split(r"[、,，;；\n]", stored(store, "streets") or "")
    return list(dict.fromkeys(w.strip() for w in found if w.strip()))


def _covers(spans: list[tuple[str, str]], period: Period) -> bool:
    return any(a <= period.start.isoformat() and period.end.isoformat() <= b for a, b in spans)
