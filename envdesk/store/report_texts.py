"""The user's own paragraphs in a report (存在问题, 下一步 …), kept with the period in the file. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from envdesk.store.file import Store

Span = tuple[str, str]
"""First and last day of a period, ISO."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it was saved: by whom and when (local time)."""

    text: str
    who: str
    at: str


def texts(store: Store, template: str, span: Span) -> dict[str, str]:
    """Return what stands in each slot now; empty slots are left out."""
    rows = store.con.query(
        'SELECT slot, text FROM report_text r WHERE template = ? AND start = ? AND "end" = ? AND no ='
        ' (SELECT max(no) FROM report_text x WHERE x.template = r.template AND x.start = r.start AND x."end" = r."end"'
        " AND x.slot = r.slot) ORDER BY slot",
        (template, *span),
    )
    return {slot: text for slot, text in rows if text}


def versions(store: Store, template: str, span: Span, slot: str) -> list[Version]:
    """Return what stood in a slot, the newest first."""
    rows = store.con.query(
        'SELECT text, who, at FROM report_text WHERE template = ? AND start = ? AND "end" = ? AND slot = ?'
        " ORDER BY no DESC",
        (template, *span, slot),
    )
    return [Version(*row) for row in rows]


def write(store: Store, template: str, span: Span, words: Mapping[str, str]) -> list[str]:
    """Save texts by slot in one transaction; returns the slots that changed."""
    with store.con.atomic():
        now = texts(store, template, span)
        changed = [slot for slot, text in words.items() if now.get(slot, "") != text]
        at = store.clock.now().isoformat()
        for slot in changed:
            store.con.execute(
                'INSERT INTO report_text (template, start, "end", slot, text, who, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
                (template, *span, slot, words[slot], store.who, at),
            )
    return changed
