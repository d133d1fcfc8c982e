"""A check box in the look of the tables' ticks."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.table_paint import paint_box
from envdesk.gui.theme import Theme


class CheckBox(QCheckBox):
    """A box and words; Space or Enter turns it over."""

    def __init__(self, theme: Theme, text: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setChecked(on)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        px = self._theme.px
        wide = self._theme.metrics("table").horizontalAdvance(self.text()) + px(tokens.BOX) + px(tokens.S2) + 2
        return QSize(wide, px(tokens.CONTROL_ROW))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        centre = QPoint(px(tokens.BOX) // 2, self.height() // 2)
        paint_box(painter, centre, theme, self.checkState())
        painter.setFont(theme.font("table"))
        painter.setPen(theme.colour("text" if self.isEnabled() else "soft"))
        words = self.rect().adjusted(px(tokens.BOX) + px(tokens.S2), 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
