"""Who may be chosen as the one who works at this PC: the people of the office who are there today."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.desk.office import Desk
from envdesk.store import lists
from envdesk.store.lists import Asked

GONE = "离岗"
MOST = 9
"""So many fit into a menu; others are typed in 设置."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person; two of a name are told apart by the badge, as everywhere: 李敏(证号)."""

    name: str
    role: str = ""

    @property
    def words(self) -> str:
        """Name and role as they are read."""
        return f"{self.name}（{self.role}）" if self.role else self.name


def people(desk: Desk, most: int = MOST) -> tuple[Person, ...]:
    """Return who works here today, by name; people of other offices last."""
    keys = lists.ids(desk.store, Asked("person", order="name", descending=False))
    rows = [r for r in lists.rows(desk.store, keys, ["state"]) if r.get("state") != GONE]
    names = [str(r["name"]) for r in rows]
    rows.sort(key=lambda r: r.get("role") == "外单位人员")
    out = []
    for row in rows[:most]:
        name, badge = str(row["name"]), str(row.get("badge_no") or "")
        out.append(Person(f"{name}({badge})" if names.count(name) > 1 and badge else name, str(row.get("role") or "")))
    return tuple(out)
