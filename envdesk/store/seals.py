"""Sealed periods. The freezing itself is done by triggers (:func:`envdesk.store.schema.seal_triggers`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from envdesk.formdef.model import Form
from envdesk.store.file import Store
from envdesk.store.kept import ASIDE


def is_sealed(store: Store, start: date, end: date) -> bool:
    """True when exactly this period is sealed and not reopened."""
    sql = 'SELECT 1 FROM seal WHERE start = ? AND "end" = ? AND opened_at IS NULL'
    return store.con.one(sql, (start.isoformat(), end.isoformat())) is not None


def seal(
    store: Store, start: date, end: date, cut: date, figures: str, digest: str, content: bytes | None = None
) -> None:
    """Record a seal with the figures (JSON) it stands for, their hash, and all that its papers say (packed)."""
    with store.con.atomic(), store.kept.booking(ASIDE):
        store.con.execute(
            'INSERT INTO seal (start, "end", cut, sealed_by, sealed_at, figures, hash, content, op)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(no) FROM operation))",
            (
                start.isoformat(), end.isoformat(), cut.isoformat(), store.who, store.clock.now().isoformat(), figures,
                digest, content,
            ),
        )  # fmt: skip


def reopen(store: Store, start: date, end: date, why: str) -> bool:
    """Reopen a sealed period; the seal stays on record. False when it was not sealed."""
    with store.con.atomic(), store.kept.booking(ASIDE):
        done = store.con.execute(
            'UPDATE seal SET opened_by = ?, opened_at = ?, opened_why = ? WHERE start = ? AND "end" = ?'
            " AND opened_at IS NULL",
            (store.who, store.clock.now().isoformat(), why, start.isoformat(), end.isoformat()),
        )
    return bool(done.rowcount)


def sealed_day(store: Store, day: Any) -> bool:
    """True when a day or moment lies in a sealed period."""
    if not day:
        return False
    sql = 'SELECT 1 FROM seal WHERE opened_at IS NULL AND ? BETWEEN start AND "end"'
    return store.con.one(sql, (str(day)[:10],)) is not None


def completes(store: Store, form: Form, old: Mapping[str, Any], new: Mapping[str, Any], changed: Iterable[str]) -> bool:
    """True when an edit of a sealed event only fills what a later stage asks for (kind and pollution at 办结).

    Closing an order of a sealed month is always allowed (domain.md §10.2), so is completing it for that; everything else
    that is changed must belong to days that are open.
    """
    filled = False
    for key in changed:
        f = form.field(key)
        if f.required not in ("", "always") and old.get(key) in (None, [], ""):
            filled = True
            continue
        if f.date_key:
            rows = [*(old.get(key) or []), *(new.get(key) or [])]
            days = [r.get(f.date_key) for r in rows if (r in (old.get(key) or [])) != (r in (new.get(key) or []))]
        else:
            days = [side.get(f.dated_by) for side in (old, new)] if f.dated_by else []
        if any(sealed_day(store, day) for day in days):
            return False
    return filled
