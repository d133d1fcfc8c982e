"""What the frame asks for: finds of the search, and the counters of the rail."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from envdesk.desk import office
from envdesk.desk.registers import TITLES
from envdesk.gui.chips import ChipState
from envdesk.gui.finds import Find
from envdesk.gui.page import Context
from envdesk.gui.rail import Entry, RailModel
from envdesk.gui.tasks import PAINTED, Task, Work
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.present.search import Found, Results

ICONS = {
    "subjects": "factory", "lists": "list", "inspections": "clipboard-check", "complaints": "message-square-text",
    "rectify": "shield-alert", "ledgers": "notebook-text",
}  # fmt: skip
"""Icon of a result by its group in :mod:`envdesk.present.search`."""


class Finder(QObject):
    """Searches on the database thread; a new question stops the one before.

    Signals:
        found: words, the :class:`Find` list for them, a sentence under it, and whether that is all.
    """

    found = Signal(str, list, str, bool)

    def __init__(
        self, ctx: Context, rail: RailModel, pages: Callable[[], Container[str]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._ctx, self._rail, self._pages = ctx, rail, pages
        self._task: Task | None = None

    def ask(self, words: str) -> None:
        """Look for words in the entries of the rail at once and in all records off-thread."""
        self.stop()
        entries = [e for e in self._rail.entries if e.page]
        entries.sort(key=lambda e: (e.text != words, not e.text.startswith(words)))  # 报表 before 台账报表
        places = [_place(e) for e in entries if words in e.text]
        if places:
            self.found.emit(words, places, "", False)

        def read(work: Work) -> tuple[list[Entry], Results]:
            from envdesk.present import search  # when something is first looked for
            from envdesk.store.search import initials

            asked = words.lower()
            return [e for e in entries if words in e.text or asked == initials(e.text)], search.search(work.desk, words)

        def show(outcome: tuple[list[Entry], Results]) -> None:
            named, results = outcome
            finds = [_find(found, title, self._pages()) for title, items in results.groups for found in items]
            note = _("还有更多，再写几个字。") if results.more else ""
            self.found.emit(words, [*(_place(e) for e in named), *finds], note, True)

        self._task = self._ctx.operations.read(read, show, owner=self)

    def stop(self) -> None:
        """Stop the question that is open."""
        if self._task is not None and self._task.active:
            self._task.cancel()
        self._task = None

    def count_waiting(self, show: Callable[[Mapping[str, int]], object]) -> None:
        """Count what waits for action, by entry of the rail: overdue, due today, due within three working days."""
        self._ctx.operations.read(waiting, show, owner=self, after=PAINTED)


def _place(entry: Entry) -> Find:
    return Find(entry.text, "", entry.icon, entry.page, dict(entry.params), _("页面"))


def _find(found: Found, group: str, pages: Container[str]) -> Find:
    """Return a result of the search as a line that leads to its record."""
    page, params = "form", {"form": found.form, "id": found.rec}
    if found.group == "subjects" and "subjects" in pages:
        page, params = "subjects", {"id": found.rec}
    chip = found.chip
    state = ChipState(chip.word, chip.tone, chip.shape, chip.struck) if chip is not None else None
    icon = ICONS.get(found.icon, "file-text")
    return Find(found.title or found.number, found.detail, icon, page, params, group, found.number, state)


def waiting(work: Work) -> dict[str, int]:
    """Return how much waits, by rail key."""
    from envdesk.present import today

    found = today.counters(work.desk)
    counters = {"today": found["today"]} | {f"register:{title}": found[group] for group, title in TITLES.items()}
    if office.is_district(work.desk):
        from envdesk.present import merge_desk  # a street has no use for it when its window opens

        counters["merge"] = merge_desk.waiting(work.desk)
    return counters
