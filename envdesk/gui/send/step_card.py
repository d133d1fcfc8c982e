"""One step of the handover as a card: its mark and title, what is to be said about it, its buttons at the right."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.chips import paint_shape
from envdesk.gui.labels import label, set_tone
from envdesk.gui.section import Panel
from envdesk.gui.theme import Theme
from envdesk.i18n import N_, _

MARK, SHAPE = 24, 12
#: status of a step -> (shape, ink, ground, words for a screen reader).
STATUSES = {
    "done": ("check", "green", "green_tint", N_("已完成")),
    "warn": ("triangle", "amber", "amber_tint", N_("有提示")),
    "stop": ("cross", "red", "red_tint", N_("要先改正")),
    "next": ("dot", "blue", "blue_tint", N_("下一步")),
    "later": ("ring", "soft", "hover", N_("还没到")),
}
_TONES = {"stop": "red", "warn": "amber"}


class Mark(QWidget):
    """A round mark with the shape of a status."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.status = "later"
        theme.fix(self, width=MARK, height=MARK)

    def show_status(self, status: str) -> None:
        """Show another status."""
        self.status = status
        self.setAccessibleName(_(STATUSES[status][3]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape, ink, ground, _words = STATUSES[self.status]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(ground))
        box = QRectF(self.rect())
        painter.drawEllipse(box)
        side = self._theme.px(SHAPE)
        inner = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        paint_shape(painter, inner, shape, self._theme, ink)


class StepCard(Panel):
    """A step.

    Attributes:
        body: vertical layout under the head, for what belongs to the step.
    """

    def __init__(self, theme: Theme, number: int, *acts: QWidget) -> None:
        super().__init__(theme, padding=tokens.S3, spacing=0)
        self._number = number
        self.mark = Mark(theme)
        self.title, self.words = label("", "section"), label("", "table", wrap=True)
        head, right, texts, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        theme.pad(head, spacing=tokens.S3)
        theme.pad(right, spacing=tokens.S2)
        theme.pad(texts)
        theme.pad(column)
        texts.addWidget(self.title)
        texts.addWidget(self.words)
        self.inside = QVBoxLayout()
        theme.pad(self.inside, (0, tokens.S2, 0, 0), tokens.S1)
        self.lines = QVBoxLayout()
        theme.pad(self.lines, spacing=tokens.S1)
        self.inside.addLayout(self.lines)
        self.holder = QWidget()
        self.holder.setLayout(self.inside)
        self.holder.hide()
        head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column, 1)
        top = QHBoxLayout()
        theme.pad(top, spacing=tokens.S3)
        top.addLayout(texts, 1)
        for act in acts:
            right.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(right)
        column.addLayout(top)
        column.addWidget(self.holder)  # under the buttons too: at 150 % there is no room to spare beside them
        self.body.addLayout(head)

    def show_step(self, title: str, status: str, words: str) -> None:
        """Say how far the step is."""
        self.mark.show_status(status)
        self.title.setText(f"{self._number}　{title}")
        self.words.setText(words)
        set_tone(self.words, _TONES.get(status, "grey"))
        self.setAccessibleName(f"{self._number} {title} {_(STATUSES[status][3])} {words}")

    def add(self, widget: QWidget) -> None:
        """Put a widget under the words, for good."""
        self.inside.addWidget(widget)
        self.holder.show()

    def show_lines(self, lines: Sequence[QWidget]) -> None:
        """Show other widgets between the words and what was put there for good."""
        while (item := self.lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines:
            self.lines.addWidget(line)
        self.holder.setVisible(bool(lines) or self.inside.count() > 1)
