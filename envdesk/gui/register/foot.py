"""The foot of a list: how many are chosen, what can be done to them, how many are in each state."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label
from envdesk.gui.page import Act
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.list_query import Total

HIGH, GAP = 44, 12


class Totals(QWidget):
    """Words with numbers; one can be pressed to see those alone. ← → move, Enter chooses.

    Signals:
        chosen: value of the state.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._all: tuple[Total, ...] = ()
        self._hover, self._current = -1, 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # the buttons before it stay where they are
        self.setSizePolicy(policy)
        self.setAccessibleName(_("各状态条数"))
        theme.changed.connect(self.updateGeometry)

    def show_totals(self, totals: Sequence[Total]) -> None:
        """Show other numbers."""
        self._all = tuple(totals)
        self._current = 0
        self.setAccessibleDescription("，".join(self._words(t) for t in self._all))
        self.setVisible(bool(self._all))
        self.update()

    @property
    def texts(self) -> list[str]:
        """What there is room for."""
        return [self._words(self._all[n]) for n, _cell in self._cells()]

    @staticmethod
    def _words(total: Total) -> str:
        return f"{total.chip.word} {total.count}"

    def _cells(self) -> list[tuple[int, QRect]]:
        metrics, gap = self._theme.metrics("caption"), self._theme.px(GAP)
        widths = [metrics.horizontalAdvance(self._words(t)) for t in self._all]
        most = len(widths)
        while most and sum(widths[:most]) + gap * (most - 1) > self.width():
            most -= 1
        x = self.width() - sum(widths[:most]) - gap * (most - 1)
        out = []
        for n in range(most):
            out.append((n, QRect(x, 0, widths[n], self.height())))
            x += widths[n] + gap
        return out

    def _at(self, event: QMouseEvent) -> int:
        return next((n for n, cell in self._cells() if cell.contains(event.position().toPoint())), -1)

    def sizeHint(self) -> QSize:
        return self._theme.size(120, tokens.CONTROL_ROW)

    def minimumSizeHint(self) -> QSize:
        return self._theme.size(0, tokens.CONTROL_ROW)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._hover >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        n = self._at(event)
        if n >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._all[n].value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._cells()) - 1
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._current = max(0, min(self._current + (1 if key == Qt.Key.Key_Right else -1), last))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and 0 <= self._current <= last:
            self.chosen.emit(self._all[self._current].value)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setFont(theme.font("caption"))
        for n, cell in self._cells():
            lit = n == self._hover or (self.hasFocus() and n == self._current)
            painter.setPen(theme.colour("green" if lit else "soft"))
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignVCenter), self._words(self._all[n]))
            if lit:
                base = cell.center().y() + theme.metrics("caption").height() // 2
                painter.drawLine(cell.left(), base, cell.right(), base)


class ListFoot(QFrame):
    """44 high: 选中 3 条, buttons, totals."""

    def __init__(self, theme: Theme, acts: Sequence[Act]) -> None:
        super().__init__()
        self.setProperty("kind", "foot")
        theme.fix(self, height=HIGH)
        self.words = label("", "strong-table")
        self.buttons = {a.text: Button(theme, a.text, a.on, kind=a.kind, icon=a.icon, row=True) for a in acts}
        self.totals = Totals(theme)
        line = QHBoxLayout(self)
        theme.pad(line, (tokens.S5, 0, tokens.S4, 0), tokens.S2)
        line.addWidget(self.words)
        for button in self.buttons.values():
            line.addWidget(button)
        line.addSpacing(tokens.S2)
        line.addWidget(self.totals, 1)
        line.addStretch()  # keeps the buttons at the left while there are no totals

    def show_chosen(self, ticked: int, *, current: bool) -> None:
        """Say how many rows the buttons work on; without ticks it is the current one."""
        self.words.setText(plural("选中 {count} 条", ticked) if ticked else _("当前这条") if current else _("没有选中"))
        for button in self.buttons.values():
            button.setEnabled(bool(ticked) or current)
