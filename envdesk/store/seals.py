"""Sealed periods. The freezing itself is done by triggers (:func:`envdesk.store.schema.seal_triggers`)."""

from __future__ import annotations

from datetime import date

from envdesk.store.file import Store


def is_sealed(store: Store, start: date, end: date) -> bool:
    """True when exactly this period is sealed and not reopened."""
    sql = 'SELECT 1 FROM seal WHERE start = ? AND "end" = ? AND opened_at IS NULL'
    return store.con.one(sql, (start.isoformat(), end.isoformat())) is not None


def seal(store: Store, start: date, end: date, cut: date, figures: str, digest: str) -> None:
    """Record a seal with the figures (JSON) it stands for and their hash."""
    with store.con.atomic():
        store.con.execute(
            'INSERT INTO seal (start, "end", cut, sealed_by, sealed_at, figures, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
            (
                start.isoformat(), end.isoformat(), cut.isoformat(), store.who, store.clock.now().isoformat(), figures,
                digest,
            ),
        )  # fmt: skip


def reopen(store: Store, start: date, end: date, why: str) -> bool:
    """Reopen a sealed period; the seal stays on record. False when it was not sealed."""
    with store.con.atomic():
        done = store.con.execute(
            'UPDATE seal SET opened_by = ?, opened_at = ?, opened_why = ? WHERE start = ? AND "end" = ?'
            " AND opened_at IS NULL",
            (store.who, store.clock.now().isoformat(), why, start.isoformat(), end.isoformat()),
        )
    return bool(done.rowcount)
