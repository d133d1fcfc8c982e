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
        self.textChanged.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        line, margin = self._line(), round(self.document().documentMargin())
        room = self.contentsRect().height() - margin
        whole = self._text_high() < room  # then nothing is cut, and no bar is wanted
        spare = 0 if whole or room <= line else room % line
        if self.viewportMargins().bottom() != spare:
            self.setViewportMargins(0, 0, 0, spare)

    def _text_high(self) -> float:
        """With the margin at the end, which Qt counts as part of the last block."""
        block, high = self.document().begin(), 0.0
        while block.isValid():
            high += self.blockBoundingRect(block).height()
            block = block.next()
        return high

    def _line(self) -> int:
        """Height of a line as it is laid out: it can be more than the spacing of its font."""
        laid = QTextLayout("永", self.font())
        laid.beginLayout()
        line = laid.createLine()
        laid.endLayout()
        return ceil(line.height())
