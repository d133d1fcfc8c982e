"""Widgets in a row that wraps."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme


class Wrap(QWidget):
    """Lays fixed widgets from left to right, on as many lines as it takes."""

    def __init__(self, theme: Theme, *, gap: float = tokens.S2) -> None:
        super().__init__()
        self._theme, self._gap = theme, gap
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Add one at the end."""
        widget.setParent(self)
        widget.show()
        self._parts.append(widget)

    def set_shown(self, widget: QWidget, shown: bool) -> None:  # noqa: FBT001 - as setVisible
        """Show or hide one."""
        if widget.isHidden() is shown:
            widget.setVisible(shown)
        self._place(self.width(), really=True)
        self.updateGeometry()

    def _place(self, width: int, *, really: bool) -> int:
        """Lay out for a width; returns the height."""
        gap, below, y = self._theme.px(self._gap), self._theme.px(tokens.S1), 0
        line: list[tuple[QWidget, int, QSize]] = []
        x = 0
        for part in [p for p in self._parts if not p.isHidden()]:
            size = part.sizeHint()
            if x and x + size.width() > width:
                y += self._end_line(line, y, width, really=really) + below
                line, x = [], 0
            line.append((part, x, size))
            x += size.width() + gap
        return y + self._end_line(line, y, width, really=really)

    @staticmethod
    def _end_line(line: list[tuple[QWidget, int, QSize]], y: int, width: int, *, really: bool) -> int:
        tallest = max((size.height() for _p, _x, size in line), default=0)
        for part, x, size in line if really else ():
            part.setGeometry(x, y + (tallest - size.height()) // 2, min(size.width(), width - x), size.height())
        return tallest

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, really=False)

    def sizeHint(self) -> QSize:
        width = self.width() or self._theme.px(200)
        return QSize(self._theme.px(100), self._place(width, really=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(40), self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self._place(self.width(), really=True)
        self.updateGeometry()
