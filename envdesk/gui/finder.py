"""What the frame asks for: finds of the search, and the counters of the rail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from envdesk.desk import records
from envdesk.formdef.model import Catalogue
from envdesk.gui.page import Context
from envdesk.gui.rail import GROUPS, LISTS, RailModel, group_of
from envdesk.gui.search_box import Find
from envdesk.gui.tasks import Task, Work

EACH, MOST, SOON = 3, 30, 3
"""Finds of one form, of all forms; working days ahead that count as waiting."""


class Finder(QObject):
    """Searches on the database thread; a new question stops the one before.

    Signals:
        found: words and the :class:`Find` list for them.
    """

    found = Signal(str, list)

    def __init__(self, ctx: Context, rail: RailModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._rail = ctx, rail
        self._task: Task | None = None

    def ask(self, words: str) -> None:
        """Look for words in the entries of the rail at once and in all records off-thread."""
        if self._task is not None and self._task.active:
            self._task.cancel()
        places = [
            Find(e.text, "", e.icon, e.page, dict(e.params)) for e in self._rail.entries if e.page and words in e.text
        ]
        if places:
            self.found.emit(words, places)
        catalogue = self._ctx.catalogue
        self._task = self._ctx.operations.read(
            lambda work: search(work, catalogue, words),
            lambda finds: self.found.emit(words, [*places, *finds]),
            owner=self,
        )

    def count_waiting(self, show: Callable[[Mapping[str, int]], object]) -> None:
        """Count what waits for action, by entry of the rail: overdue, due today, due within three working days."""
        catalogue = self._ctx.catalogue
        self._ctx.operations.read(lambda work: waiting(work, catalogue), show, owner=self)


def waiting(work: Work, catalogue: Catalogue) -> dict[str, int]:
    """Return how many due items wait, by rail key."""
    counters = {"today": 0}
    for item in records.due(work.desk):
        if item.workdays_left <= SOON:
            counters["today"] += 1
            key = f"register:{group_of(catalogue.forms[item.form].group)}"
            counters[key] = counters.get(key, 0) + 1
    return counters


def search(work: Work, catalogue: Catalogue, words: str) -> list[Find]:
    """Return records in which all words occur, a few of each form."""
    finds: list[Find] = []
    for form in catalogue.forms.values():
        if form.kind != "record" or form.group == LISTS:
            continue
        work.check()
        for row in records.listing(work.desk, form.id, search=words, limit=EACH):
            name = row.get(form.name) if form.name else None
            text = str(name or row.get("record_no") or "")
            what = " ".join(str(p) for p in (form.title, row.get("record_no")) if p)
            icon = "factory" if form.id == "subject" else GROUPS.get(group_of(form.group), "file-text")
            finds.append(Find(text, what, icon, "form", {"form": form.id, "id": row["id"]}))
        if len(finds) >= MOST:
            break
    return finds
