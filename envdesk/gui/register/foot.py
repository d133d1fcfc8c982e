"""The foot of a list: how many are chosen, what can be done to them, how many are in each state."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
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
        self._tell()
        self.update()

    @property
    def texts(self) -> list[str]:
        """What there is room for; the states without room are one sum at the end."""
        fit = self._fitting()
        return [*(self._words(t) for t in self._all[:fit]), *([self._rest(fit)] if 0 < fit < len(self._all) else [])]

    @staticmethod
    def _words(total: Total) -> str:
        return f"{total.chip.word} {total.count}"

    def _rest(self, fit: int) -> str:
        """The states from *fit* on as one sum, so that the numbers add up."""
        return _("其余 {count}").format(count=sum(t.count for t in self._all[fit:]))

    def _width(self, texts: Sequence[str]) -> int:
        metrics = self._theme.metrics("caption")
        return sum(map(metrics.horizontalAdvance, texts)) + self._theme.px(GAP) * max(len(texts) - 1, 0)

    def _fitting(self) -> int:
        """Return how many states there is room for."""
        words = [self._words(t) for t in self._all]
        fit = len(words)
        while fit and self._width(words[:fit] + ([self._rest(fit)] if fit < len(words) else [])) > self.width():
            fit -= 1
        return fit

    def _cells(self) -> list[tuple[int, QRect]]:
        """Return the place of each state in sight; the sum of the rest, when there is one, stands at the end."""
        texts, fit = self.texts, self._fitting()
        x, out = self.width() - self._width(texts), []
        for n, text in enumerate(texts):
            wide = self._width([text])
            if n < fit:
                out.append((n, QRect(x, 0, wide, self.height())))
            x += wide + self._theme.px(GAP)
        return out

    def _at(self, event: QMouseEvent) -> int:
        return next((n for n, cell in self._cells() if cell.contains(event.position().toPoint())), -1)

    def sizeHint(self) -> QSize:
        return self._theme.size(120, tokens.CONTROL_ROW)

    def minimumSizeHint(self) -> QSize:
        return self._theme.size(0, tokens.CONTROL_ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        """The states without room are said under the pointer."""
        self.setToolTip("　".join(self._words(t) for t in self._all[self._fitting() :]))

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
        if 0 < (fit := self._fitting()) < len(self._all):
            painter.setPen(theme.colour("soft"))
            painter.drawText(
                self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._rest(fit)
            )


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
