"""What is sealed: the seals as they stand, and the span of days that has records."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from envdesk.store.file import Store


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal.

    Attributes:
        figures: what every figure was (id → the contract's shape).
        opened_at: "" while it holds. ``op``: the last operation before it.
    """

    no: int
    start: str
    end: str
    cut: str
    sealed_by: str
    sealed_at: str
    opened_at: str
    hash: str
    op: int
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LateRecord:
    """A record that was entered or corrected in a sealed period with a reason.

    Attributes:
        kind: 补录 or 更正. ``day`` = the sealed day; ``op`` = operation, ``at`` its moment, ``why`` its reason.
        changes: (field, old, new) as JSON texts, of 更正 only.
    """

    kind: str
    form: str
    id: str
    day: str
    op: int
    at: str
    who: str
    why: str
    changes: tuple[tuple[str, str | None, str | None], ...]


LATE, CORRECTED = "补录", "更正"


def seals(store: Store, start: str = "", end: str = "") -> list[SealRow]:
    """All seals newest first, or those of exactly one period (reopened ones too)."""
    rows = store.con.query(
        "SELECT no, start, \"end\", cut, sealed_by, sealed_at, coalesce(opened_at, ''), hash,"
        " coalesce(op, 0), figures FROM seal"
        " WHERE (:start = '' OR start = :start) AND (:end = '' OR \"end\" = :end) ORDER BY no DESC",
        {"start": start, "end": end},
    )
    return [SealRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], json.loads(r[9])) for r in rows]


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


def content(store: Store, no: int) -> bytes | None:
    """What the papers of a seal say, packed; None for a seal of an earlier program."""
    found: bytes | None = store.con.value("SELECT content FROM seal WHERE no = ?", (no,))
    return found


def seal_hash(office: str, start: str, end: str, cut: str, figures: str, packed: bytes | None) -> str:
    """Hash over everything a seal stands for."""
    head = f"{office}\n{start}\n{end}\n{cut}\n{figures}".encode()
    return hashlib.sha256(head + (b"\n" + packed if packed else b"")).hexdigest()


def told(store: Store, start: str) -> int:
    """The operation up to which papers before a period have told of 补录 and 更正: that of the last seal before it."""
    sql = 'SELECT max(op) FROM seal WHERE "end" < ?'
    return int(store.con.value(sql, (start,)) or 0)


def late_records(store: Store, first: str, last: str, after: int) -> list[LateRecord]:
    """补录 and 更正 of sealed days in [first, last] made after an operation and still in force, oldest first.

    Only what a seal would have refused counts (the triggers note the day). A record entered late and corrected later is
    one 补录; shared records (an outing, a visit) count through their sheets, alone only when no sheet was changed.
    """
    rows = store.con.query(
        "SELECT o.no, o.at, o.who, p.why, p.late, c.form, c.rec,"
        " max(c.field IS NULL AND c.old IS NULL) FROM operation o JOIN pass p ON p.op = o.no"
        " JOIN change c ON c.op = o.no AND c.rec = p.rec"
        " WHERE p.late BETWEEN :first AND :last AND p.why <> '' AND o.no > :after AND o.undone_by IS NULL"
        " AND NOT (o.verb = 'undo' AND EXISTS (SELECT 1 FROM pass u WHERE u.op = o.undoes AND u.late IS NOT NULL))"
        " GROUP BY o.no, c.form, c.rec ORDER BY o.no, c.rec",
        {"first": first, "last": last, "after": after},
    )
    shared = {form.id for form in store.catalogue.forms.values() if form.kind == "shared"}
    alone = {no for no, *_rest in rows} - {row[0] for row in rows if row[5] not in shared}
    out: dict[str, LateRecord] = {}
    for no, at, who, why, day, form, rec, made in rows:
        if rec in out or (form in shared and no not in alone):
            continue
        changes = () if made else tuple(
            store.con.query(
                "SELECT field, old, new FROM change WHERE op = ? AND rec = ? AND field IS NOT NULL ORDER BY seq", (no, rec)
            )
        )  # fmt: skip
        out[rec] = LateRecord(LATE if made else CORRECTED, form, rec, day, no, at, who, why, changes)
    return list(out.values())


def calendar_counts(store: Store) -> list[tuple[int, int, int]]:
    """Years of the holiday table: year, weekdays off, working weekend days."""
    return store.con.query(
        "SELECT CAST(substr(day, 1, 4) AS INTEGER), sum(NOT is_workday AND strftime('%w', day) BETWEEN '1' AND '5'),"
        " sum(is_workday AND strftime('%w', day) IN ('0', '6')) FROM calendar GROUP BY 1"
    )
