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

    def _place(self, width: int, *, really: bool) -> int:
        gap, x, y, line = self._theme.px(self._gap), 0, 0, 0
        for part in self._parts:
            size = part.sizeHint()
            if x and x + size.width() > width:
                x, y, line = 0, y + line + gap, 0
            if really:
                part.setGeometry(x, y, min(size.width(), width), size.height())
            x += size.width() + gap
            line = max(line, size.height())
        return y + line

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
