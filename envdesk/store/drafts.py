"""Drafts: what was typed and not saved. No number, never counted, exported or found by others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from envdesk.store.file import Store
from envdesk.store.kept import ASIDE


@dataclass(frozen=True, slots=True)
class Draft:
    """One kept draft. ``rec`` and ``base_rev`` name the record being edited ("" and None for a new one)."""

    id: str
    form: str
    rec: str
    base_rev: int | None
    who: str
    saved_at: str
    content: dict[str, Any]


def keep(
    store: Store, form: str, content: dict[str, Any], *, draft: str = "", rec: str = "", base_rev: int | None = None
) -> str:
    """Keep a draft (on every field exit); returns its id. The same id is overwritten."""
    draft = draft or store.new_id()
    with store.con.atomic(), store.kept.booking(ASIDE):
        store.con.execute(
            "INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content,"
            " saved_at = excluded.saved_at",
            (
                draft, form, rec or None, base_rev, store.who, store.clock.now().isoformat(),
                json.dumps(content, ensure_ascii=False),
            ),
        )  # fmt: skip
    return draft


def drafts(store: Store, form: str = "") -> list[Draft]:
    """Drafts of this operator, newest first."""
    sql = "SELECT id, form, rec, base_rev, who, saved_at, content FROM draft WHERE who = ? AND (form = ? OR ? = '')"
    rows = store.con.query(f"{sql} ORDER BY saved_at DESC, id DESC", (store.who, form, form))
    return [Draft(r[0], r[1], r[2] or "", r[3], r[4], r[5], json.loads(r[6])) for r in rows]


def discard(store: Store, draft: str) -> None:
    """Throw a draft away (after saving it as a record, or because the user says so)."""
    with store.con.atomic(), store.kept.booking(ASIDE):
        store.con.execute("DELETE FROM draft WHERE id = ?", (draft,))
