"""Stored settings: key → text. What a setting means is declared in ``forms/_settings.toml``."""

from __future__ import annotations

from envdesk.store.file import Store


def stored(store: Store, key: str) -> str | None:
    """Return the stored text of a setting, None when it was never set."""
    value = store.con.value("SELECT value FROM setting WHERE key = ?", (key,))
    return None if value is None else str(value)


def write(store: Store, key: str, value: str) -> None:
    """Store the text of a setting."""
    with store.con.atomic():
        store.con.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )
