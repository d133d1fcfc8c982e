"""Cells that do something, of which one is the stop of the Tab key and arrows reach the others."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from envdesk.gui.theme import Theme


class Cell(QAbstractButton):
    """A painted cell that is pressed by click or Enter.

    Signals:
        moved: the user wants the cell so many further (arrow keys).
        dropped: Delete.
    """

    moved = Signal(int)
    dropped = Signal()

    def __init__(self, theme: Theme, *, across: int = 1) -> None:
        super().__init__()
        self._theme, self._across = theme, across
        self.hovered = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Down: self._across, Qt.Key.Key_Up: -self._across,
            Qt.Key.Key_Right: 1 if self._across > 1 else 0, Qt.Key.Key_Left: -1 if self._across > 1 else 0,
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps:
            self.moved.emit(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key == Qt.Key.Key_Delete:
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.moved.emit(0)

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self.hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = False
        self.update()

    def paint_ground(self, painter: QPainter) -> None:
        """Tint the cell under the pointer."""
        if self.hovered and self.isEnabled():
            painter.fillRect(self.rect(), self._theme.colour("hover"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def rove(cells: Sequence[Cell]) -> None:
    """Make *cells* one stop of the Tab key; arrows go from cell to cell."""

    def step(here: int, by: int) -> None:
        to = here + by
        if not 0 <= to < len(cells):
            return
        for n, cell in enumerate(cells):
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if n == to else Qt.FocusPolicy.ClickFocus)
        if by:
            cells[to].setFocus(Qt.FocusReason.OtherFocusReason)

    for n, cell in enumerate(cells):
        cell.moved.connect(lambda by, n=n: step(n, by))
    if cells:
        cells[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
