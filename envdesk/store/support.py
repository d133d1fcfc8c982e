"""What a technician may know of a file: its shape and how much is in it, never what is in it."""

from __future__ import annotations

from typing import Any

from envdesk.sql import quote
from envdesk.store.check import check
from envdesk.store.crypt import table_names
from envdesk.store.file import Store

SHOWN_TYPES = frozenset({"int", "decimal", "money", "bool", "choice"})
"""Settings of these types are told; texts and dates may name somebody."""


def facts(store: Store) -> dict[str, Any]:
    """Return versions, sizes, rows of every table, forms and settings that are no text; codes of what is broken."""
    con = store.con
    problems = check(store, deep=False)
    return {
        "schema": con.value("PRAGMA user_version"),
        "pages": con.value("PRAGMA page_count"),
        "page_size": con.value("PRAGMA page_size"),
        "encrypted": store.key is not None,
        "role": store.meta("role"),
        "desk": store.desk,
        "rows": {name: con.value(f"SELECT count(*) FROM {quote(name)}") for name in table_names(con)},
        "forms": {f.id: f.version for f in store.catalogue.forms.values()},
        "settings": {
            key: value
            for key, value in con.query("SELECT key, value FROM setting ORDER BY key")
            if key in store.catalogue.settings and store.catalogue.settings[key].type in SHOWN_TYPES
        },
        "problems": sorted({p.code for p in problems}),
    }
