"""Workbooks of a superior as the office keeps them: name, the file itself, and what stands in which cell (JSON)."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.store.file import Store


@dataclass(frozen=True, slots=True)
class Kept:
    """A workbook without its file: ``content`` is the JSON of its bindings."""

    name: str
    file_name: str
    content: str
    saved_by: str
    saved_at: str


_COLUMNS = "name, file_name, content, saved_by, saved_at"


def kept(store: Store) -> tuple[Kept, ...]:
    """Return all workbooks, the last saved first."""
    rows = store.con.query(f"SELECT {_COLUMNS} FROM workbook ORDER BY saved_at DESC, name")
    return tuple(Kept(*row) for row in rows)


def one(store: Store, name: str) -> Kept | None:
    """Return a workbook by its name."""
    row = store.con.one(f"SELECT {_COLUMNS} FROM workbook WHERE name = ?", (name,))
    return Kept(*row) if row else None


def file_of(store: Store, name: str) -> bytes:
    """Return the file of a workbook."""
    return bytes(store.con.value("SELECT file FROM workbook WHERE name = ?", (name,)))


def keep(store: Store, name: str, file_name: str, content: str, data: bytes) -> None:
    """Keep a workbook; one of the same name is replaced."""
    values = (name, file_name, content, data, store.who, store.clock.now().isoformat())
    with store.con.atomic():
        store.con.execute("INSERT OR REPLACE INTO workbook VALUES (?, ?, ?, ?, ?, ?)", values)


def rename(store: Store, name: str, new: str) -> None:
    """Give a workbook another name."""
    with store.con.atomic():
        store.con.execute("UPDATE workbook SET name = ? WHERE name = ?", (new, name))


def forget(store: Store, name: str) -> None:
    """Keep a workbook no longer."""
    with store.con.atomic():
        store.con.execute("DELETE FROM workbook WHERE name = ?", (name,))
