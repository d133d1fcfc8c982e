"""A longer text to read that ends with a whole line wherever it stands."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from math import ceil

from PySide6.QtGui import QResizeEvent, QTextLayout
from PySide6.QtWidgets import QPlainTextEdit


class WholeLines(QPlainTextEdit):
    """Is only read; leaves out of sight what would be the upper half of a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        line = self._line()
        room = self.contentsRect().height() - round(self.document().documentMargin())
        self.setViewportMargins(0, 0, 0, room % line if room > line else 0)

    def _line(self) -> int:
        """Height of a line as it is laid out: it can be more than the spacing of its font."""
        laid = QTextLayout("永", self.font())
        laid.beginLayout()
        line = laid.createLine()
        laid.endLayout()
        return ceil(line.height())
