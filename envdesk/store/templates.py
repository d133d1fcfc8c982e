"""Report tables that the office put together itself: name → TOML text."""

from __future__ import annotations

from envdesk.store.file import Store


def texts(store: Store) -> dict[str, str]:
    """Return all of them by name."""
    return dict(store.con.query("SELECT name, content FROM template ORDER BY name"))


def keep(store: Store, name: str, content: str, *, old: str = "") -> None:
    """Keep one; *old* = the name it had."""
    with store.con.atomic():
        if old and old != name:
            store.con.execute("DELETE FROM template WHERE name = ?", (old,))
        values = (name, content, store.who, store.clock.now().isoformat())
        store.con.execute("INSERT OR REPLACE INTO template VALUES (?, ?, ?, ?)", values)


def forget(store: Store, name: str) -> None:
    """Keep one no longer."""
    with store.con.atomic():
        store.con.execute("DELETE FROM template WHERE name = ?", (name,))
