"""Two days typed for a period of one's own; one month, quarter or year in the first field does as well."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.figures.period import parse_period
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, Panel, row
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.register_desk import period_text

WIDE = 300


class PeriodPanel(Panel):
    """A small panel under the period chips. Enter takes the period, Esc goes away.

    Args:
        theme: colours and sizes.
        clock: to complete short dates.
        under: the chips.
        take: called with the period's text.
    """

    def __init__(self, theme: Theme, clock: Clock, under: QWidget, take: Callable[[str], object]) -> None:
        super().__init__(theme, padding=tokens.S3, spacing=tokens.S2)
        self._theme, self._clock, self._under, self._take = theme, clock, under, take
        self.first, self.last = LineField(theme, "2026-09-01"), LineField(theme, "2026-10-09")
        self._boxes = (FieldBox(theme, _("从"), self.first), FieldBox(theme, _("到"), self.last))
        self._boxes[0].setToolTip(_("也可以只写 2026-05、2026Q2、2025"))
        theme.fix(self, width=WIDE)
        line = row(theme, *self._boxes, into=self.body)
        line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.act = Button(theme, _("看这段时间"), self.done, kind="primary", row=True)
        row(theme, KeyHint(theme, ("Esc",), _("不改")), None, self.act, into=self.body)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible() and new is not None and not self.isAncestorOf(new):
            self.hide()

    def open(self, period: str) -> None:
        """Show the panel with the period in force."""
        window = self._under.window()
        self.setParent(window)
        if period:
            span = parse_period(period)
            self.first.setText(span.start.isoformat())
            self.last.setText(span.end.isoformat())
        for box in self._boxes:
            box.set_problem("", "")
        self.adjustSize()
        at = self._under.mapTo(window, QPoint(0, self._under.height() + self._theme.px(tokens.S1)))
        self.move(min(at.x(), window.width() - self.width()), at.y())
        self.show()
        self.raise_()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.first.selectAll()

    def done(self) -> None:
        """Take what was typed."""
        try:
            text = period_text(self.first.text(), self.last.text(), self._clock.today())
        except Refused as wrong:
            self._boxes[0].set_problem("error", str(wrong))
            self.adjustSize()
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.close_it()
        self._take(text)

    def close_it(self) -> None:
        """Go away; the focus goes back to the chips."""
        self.hide()
        self._under.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done()
        else:
            super().keyPressEvent(event)
