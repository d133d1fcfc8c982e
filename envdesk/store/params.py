"""What expressions are bound to: the clock and the settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from envdesk.store.file import Store


def clock_params(store: Store) -> dict[str, Any]:
    """Period parameters of a single record: everything is today."""
    now = store.clock.now()
    today = now.date().isoformat()
    after = (now.date() + timedelta(days=1)).isoformat()
    out: dict[str, Any] = {
        "start": today, "end": today, "after": after, "cut": today, "cut_after": after, "today": today,
        "now_time": now.strftime("%H:%M"), "year_start": f"{today[:4]}-01-01", "by_campaign": 0, "id": None,
    }  # fmt: skip
    out |= setting_params(store)
    return out


def setting_params(store: Store) -> dict[str, Any]:
    """``set_<key>`` parameters of all settings that change figures."""
    stored = {str(key): value for key, value in store.kept.query("SELECT key, value FROM setting", {})}
    out: dict[str, Any] = {}
    for key, definition in store.catalogue.settings.items():
        if definition.figure:
            value: Any = stored.get(key, definition.default)
            if definition.type == "bool":
                value = int(str(value) in ("1", "True", "true", "是"))
            elif definition.type == "int":
                value = int(value)
            out[f"set_{key}"] = value
    return out
