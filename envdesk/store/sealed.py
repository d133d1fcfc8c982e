"""What is sealed: the seals as they stand, and the span of days that has records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from envdesk.store.file import Store


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal. ``figures`` = what every figure was (id → the contract's shape); ``opened_at`` "" while it holds."""

    no: int
    start: str
    end: str
    cut: str
    sealed_by: str
    sealed_at: str
    opened_at: str
    hash: str
    figures: dict[str, Any]


def seals(store: Store, start: str = "", end: str = "") -> list[SealRow]:
    """All seals newest first, or those of exactly one period (reopened ones too)."""
    rows = store.con.query(
        "SELECT no, start, \"end\", cut, sealed_by, sealed_at, coalesce(opened_at, ''), hash, figures FROM seal"
        " WHERE (:start = '' OR start = :start) AND (:end = '' OR \"end\" = :end) ORDER BY no DESC",
        {"start": start, "end": end},
    )
    return [SealRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], json.loads(r[8])) for r in rows]


def sealed_spans(store: Store) -> set[tuple[str, str]]:
    """(start, end) of the periods that are sealed now."""
    return set(store.con.query('SELECT start, "end" FROM seal WHERE opened_at IS NULL'))


def first_day(store: Store) -> str:
    """The day of the oldest outing or order ("" = no records yet)."""
    days = [
        store.con.value("SELECT min(date) FROM t_outing WHERE void = 0"),
        store.con.value("SELECT min(received_at) FROM t_work_order WHERE void = 0"),
    ]
    return min((str(d)[:10] for d in days if d), default="")


def late_entries(store: Store, since: str) -> int:
    """How many operations since a moment entered or corrected something in sealed time (补录, 更正: with a reason)."""
    sql = (
        "SELECT count(DISTINCT o.no) FROM operation o JOIN pass p ON p.op = o.no"
        " WHERE o.at >= ? AND o.undone_by IS NULL AND o.verb IN ('add', 'edit', 'import')"
    )
    return int(store.con.value(sql, (since,)) or 0)


def calendar_counts(store: Store) -> list[tuple[int, int, int]]:
    """Years of the holiday table: year, weekdays off, working weekend days."""
    return store.con.query(
        "SELECT CAST(substr(day, 1, 4) AS INTEGER), sum(NOT is_workday AND strftime('%w', day) BETWEEN '1' AND '5'),"
        " sum(is_workday AND strftime('%w', day) IN ('0', '6')) FROM calendar GROUP BY 1"
    )
