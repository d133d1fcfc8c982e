"""已出具: the official papers of the period, each of which can be saved again as it was given out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.given import GivenOut

SHOWN = 12
"""Papers in the menu, newest first; all of them are listed by ``report --issued``."""
WIDEST = 600
"""Of a line of the menu: a longer title is shortened in the middle, number, day and name stay."""


class GivenMenu(QMenu):
    """The papers of the period that is shown."""

    def __init__(self, theme: Theme, on: Callable[[GivenOut], object], parent: QWidget) -> None:
        super().__init__(_("已出具"), parent)
        self._theme, self._on = theme, on
        self.show_papers(())

    def show_papers(self, papers: Sequence[GivenOut]) -> None:
        """Show other papers."""
        self.clear()
        for paper in papers[:SHOWN]:
            words = self._theme.metrics().elidedText(paper.words, Qt.TextElideMode.ElideMiddle, self._theme.px(WIDEST))
            self.addAction(words.replace("&", "&&"), partial(self._on, paper))
        if not papers:
            self.addAction(_("这段时间还没有出具过报表")).setEnabled(False)
        count = f" {len(papers)}" if papers else ""
        self.setTitle(_("已出具") + count)
