"""Six figures in a row, each with a title above and a note below."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from envdesk.gui import tokens
from envdesk.gui.theme import Theme
from envdesk.present.subject_file import Number

HIGH, CAPTION, FIGURE = 76, 20, 28
LEAST = 104
"""Least width of a figure; narrower ones go to a second line."""


class FigureBand(QFrame):
    """Painted as one panel; read as one sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._numbers: tuple[Number, ...] = ()
        self.setProperty("kind", "panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.fix(self, height=HIGH)

    def show_numbers(self, numbers: Sequence[Number]) -> None:
        """Show other figures."""
        self._numbers = tuple(numbers)
        self._fit()
        self.setAccessibleName("，".join(f"{n.title} {n.text} {n.note}".strip() for n in numbers))
        self.update()

    @property
    def texts(self) -> list[str]:
        """The figures as words."""
        return [f"{n.title} {n.text}" for n in self._numbers]

    def _across(self) -> int:
        """Return how many figures stand beside each other."""
        count = max(len(self._numbers), 1)
        return count if self.width() >= count * self._theme.px(LEAST) else (count + 1) // 2

    def _fit(self) -> None:
        lines = -(-max(len(self._numbers), 1) // self._across())
        self._theme.fix(self, height=HIGH * lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return self._theme.size(480, HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._numbers:
            return
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        across = self._across()
        each = self.width() / across
        line, hair, far = theme.colour("line"), px(tokens.HAIR), px(tokens.S3)
        for n, number in enumerate(self._numbers):
            x, y = round(n % across * each), n // across * px(HIGH)
            if n % across:
                painter.fillRect(x, y + far, hair, px(HIGH) - 2 * far, line)
            elif y:
                painter.fillRect(far, y, self.width() - 2 * far, hair, line)
            cell = QRect(x + far, y + px(tokens.S1), round(each) - far - px(tokens.S1), px(CAPTION))
            self._line(painter, cell, number.title, "caption", ink="soft")
            cell = cell.translated(0, px(CAPTION))
            cell.setHeight(px(FIGURE))
            self._figure(painter, cell, number)
            cell = cell.translated(0, px(FIGURE))
            cell.setHeight(px(CAPTION))
            self._line(painter, cell, number.note, "caption", ink=number.tone or "soft")

    def _line(self, painter: QPainter, cell: QRect, text: str, role: str, *, ink: str) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.colour(ink))
        cut = self._theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, cell.width())
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), cut)

    def _figure(self, painter: QPainter, cell: QRect, number: Number) -> None:
        """Draw the figure large and its unit small, on one line of writing as in 今日."""
        theme = self._theme
        figure, _blank, unit = number.text.rpartition(" ")
        figure, unit = (figure, unit) if figure else (unit, "")
        large = theme.metrics("page", bold=True)
        base = cell.top() + (cell.height() + large.ascent() - large.descent()) // 2
        painter.setFont(theme.font("page", bold=True))
        painter.setPen(theme.colour(number.tone or "text"))
        painter.drawText(cell.left(), base, figure)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour(number.tone or "soft"))
        left = cell.left() + large.horizontalAdvance(figure) + theme.px(tokens.S1)
        painter.drawText(
            left, base, theme.metrics("caption").elidedText(unit, Qt.TextElideMode.ElideRight, cell.right() - left)
        )
