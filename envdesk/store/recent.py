"""The data files this account worked with last, so that an upgrade of the program backs all of them up first.

A list of paths beside the program's own data, nothing of the office in it.
"""

from __future__ import annotations

import json
from pathlib import Path

from envdesk import paths

NAME = "recent.json"
MOST = 12
"""More are forgotten, the oldest first."""


def note(db: Path) -> None:
    """Put a data file first; a list that cannot be written is no reason to stop anybody."""
    path = paths.user_data_dir() / NAME
    before, db = _read(path), db.absolute()
    after = [str(db), *(text for text in before if text != str(db))][:MOST]
    if after == before:
        return
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(after, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(path)
    except OSError:
        return


def known() -> list[Path]:
    """The usual data file and those worked with last, each once; some may be gone."""
    usual = paths.default_db().absolute()
    return list(dict.fromkeys([usual, *(Path(text) for text in _read(paths.user_data_dir() / NAME))]))


def _read(path: Path) -> list[str]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []
