"""已出具: the official papers of the period, each of which can be saved again as it was given out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from envdesk.gui.menus import Menu
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.given import GivenOut

SHOWN = 12
"""Papers in the menu, newest first; all of them stand on the page 已出具的报表."""
TITLE, NAME = 220, 84
"""Room of a title and of a name in a line of the menu; number, kind of file and day are never shortened."""


class GivenMenu(Menu):
    """The papers of the period that is shown."""

    def __init__(self, theme: Theme, on: Callable[[GivenOut], object], parent: QWidget) -> None:
        super().__init__(theme, parent, _("已出具"))
        self._on = on
        self.show_papers(())

    def show_papers(self, papers: Sequence[GivenOut]) -> None:
        """Show other papers."""
        self.clear()
        for paper in papers[:SHOWN]:
            title, name = self._short(paper.title, TITLE), self._short(paper.by, NAME)
            words = f"{paper.number} · {title} · {paper.format.upper()} · {paper.day} · {name}"
            self.addAction(words.replace("&", "&&"), partial(self._on, paper))
        if not papers:
            self.addAction(_("这段时间还没有出具过报表")).setEnabled(False)
        count = f" {len(papers)}" if papers else ""
        self.setTitle(_("已出具") + count)

    def _short(self, words: str, room: float) -> str:
        return self._theme.metrics().elidedText(words, Qt.TextElideMode.ElideMiddle, self._theme.px(room))
