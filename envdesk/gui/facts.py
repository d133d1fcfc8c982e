"""Fills the standing facts at the right of the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from envdesk.gui.frame_bars import StatusBar
from envdesk.gui.page import Context
from envdesk.gui.tasks import PAINTED, Work

if TYPE_CHECKING:
    from envdesk.present.facts import Facts


class FactsReader(QObject):
    """Reads the facts of an open desk and shows them in a status bar; a press on one opens the settings."""

    def __init__(self, ctx: Context, status: StatusBar, *, settings: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._status, self._settings = ctx, status, settings

    def read(self) -> None:
        """Read them again."""
        self._ctx.operations.read(_facts, self.show, owner=self, after=PAINTED)

    def show(self, found: Facts) -> None:
        """Show facts."""
        pairs = (("backup", "shield-check", found.backup), ("calendar", "calendar", found.calendar))
        for key, icon, fact in pairs:
            on = (lambda key=key: self._ctx.go("settings", group=key)) if self._settings else None
            self._status.set_fact(key, fact.words, icon=icon, tone=fact.tone, on=on)


def _facts(work: Work) -> Facts:
    from envdesk.present import facts  # reads much; after the first page

    return facts.facts(work.desk)
