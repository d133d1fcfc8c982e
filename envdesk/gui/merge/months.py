"""The month a page shows, with the one before and the one after beside it."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from envdesk.figures.period import month_of
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.menus import Menu
from envdesk.gui.section import row
from envdesk.gui.theme import Theme
from envdesk.i18n import _

MONTHS = 12
"""So many are offered in the menu."""


class MonthPicker(QWidget):
    """‹ 2026年9月 ›.

    Signals:
        stepped: the month before (-1) or after (1) is wanted.
        chosen: another month, as ``parse_period`` reads it.
    """

    stepped = Signal(int)
    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.menu = Menu(theme, self)
        self.earlier = Button(theme, "", lambda: self.stepped.emit(-1), icon="chevron-left")
        self.month = Button(theme, "", menu=self.menu)
        self.later = Button(theme, "", lambda: self.stepped.emit(1), icon="chevron-right")
        for button, words in ((self.earlier, _("上一月")), (self.later, _("下一月"))):
            button.setAccessibleName(words)
            button.setToolTip(words)
        self.setLayout(row(theme, self.earlier, self.month, self.later, spacing=tokens.S1))

    def show_month(self, title: str, today: date) -> None:
        """Show a month; the menu offers the last twelve."""
        self.month.set_text(title)
        self.menu.clear()
        shown = month_of(today)
        for _n in range(MONTHS):
            self.menu.addAction(shown.title).triggered.connect(
                lambda _on=False, text=shown.text: self.chosen.emit(text)
            )
            shown = month_of(shown.start - timedelta(days=1))
