"""Six figures in a row, each with a title above and a note below."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from envdesk.gui import tokens
from envdesk.gui.theme import Theme
from envdesk.present.subject_file import Number

HIGH, CAPTION, FIGURE = 76, 20, 28


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
        self.setAccessibleName("，".join(f"{n.title} {n.text} {n.note}".strip() for n in numbers))
        self.update()

    @property
    def texts(self) -> list[str]:
        """The figures as words."""
        return [f"{n.title} {n.text}" for n in self._numbers]

    def sizeHint(self) -> QSize:
        return self._theme.size(480, HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._numbers:
            return
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        each = self.width() / len(self._numbers)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for n, number in enumerate(self._numbers):
            x = round(n * each)
            if n:
                painter.fillRect(
                    x, px(tokens.S3), px(tokens.HAIR), self.height() - 2 * px(tokens.S3), theme.colour("line")
                )
            cell = QRect(x + px(tokens.S3), px(tokens.S1), round(each) - px(tokens.S3), px(CAPTION))
            for text, role, bold, ink, high in (
                (number.title, "caption", False, "soft", CAPTION),
                (number.text, "page", True, number.tone or "text", FIGURE),
                (number.note, "caption", False, number.tone or "soft", CAPTION),
            ):
                cell.setHeight(px(high))
                painter.setFont(theme.font(role, bold=bold))
                painter.setPen(theme.colour(ink))
                cut = theme.metrics(role, bold=bold).elidedText(text, Qt.TextElideMode.ElideRight, cell.width())
                painter.drawText(cell, left, cut)
                cell.translate(0, px(high))
