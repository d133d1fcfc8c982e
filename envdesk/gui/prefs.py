"""Small choices of this PC: appearance, size of the window, columns hidden. Nothing of the office is kept here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LANGUAGE = "language"
"""Language of the program's words; a folder below resources/locale, or the source language."""

GUIDE, GUIDED, UNGUIDED = "guide", "on", "off"
"""Whether the guide goes along with the next record: it does, it is not wanted any more, else nobody has said."""


class Prefs:
    """A JSON file of choices; a broken one counts as empty, one that cannot be written is not."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        if path is not None and path.is_file():
            try:
                read = json.loads(path.read_text("utf-8"))
                self._values = read if isinstance(read, dict) else {}
            except (OSError, ValueError):
                self._values = {}

    def get(self, key: str, default: Any = None) -> Any:
        """Return a choice."""
        return self._values.get(key, default)

    def put(self, key: str, value: Any) -> None:
        """Keep a choice, at once."""
        if self._values.get(key) == value:
            return
        self._values[key] = value
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_name(self._path.name + ".new")
            fresh.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), "utf-8")
            fresh.replace(self._path)
        except OSError:
            return  # a choice of looks is no reason to stop anybody
