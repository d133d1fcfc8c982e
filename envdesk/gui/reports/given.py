"""已出具: the official papers of the period, each of which can be saved again as it was given out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from envdesk.i18n import _
from envdesk.present.given import GivenOut

SHOWN = 12
"""Papers in the menu, newest first; all of them are listed by ``report --issued``."""


class GivenMenu(QMenu):
    """The papers of the period that is shown."""

    def __init__(self, on: Callable[[GivenOut], object], parent: QWidget) -> None:
        super().__init__(_("已出具"), parent)
        self._on = on
        self.show_papers(())

    def show_papers(self, papers: Sequence[GivenOut]) -> None:
        """Show other papers."""
        self.clear()
        for paper in papers[:SHOWN]:
            self.addAction(paper.words.replace("&", "&&"), partial(self._on, paper))
        if not papers:
            self.addAction(_("这段时间还没有出具过报表")).setEnabled(False)
        count = f" {len(papers)}" if papers else ""
        self.setTitle(_("已出具") + count)
