"""An empty list: one sentence, one button, one link."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.labels import label
from envdesk.gui.page import Act
from envdesk.gui.theme import Theme


class Empty(QWidget):
    """Says in one sentence that there is nothing, and offers what to do about it.

    Args:
        theme: colours and sizes.
        sentence: "9月还没有登记投诉工单。"
        act: the button.
        link: words and function of the link beside it ("从 Excel 导入").
    """

    def __init__(
        self,
        theme: Theme,
        sentence: str,
        act: Act | None = None,
        link: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        super().__init__()
        self.sentence = label(sentence)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button: Button | None = None
        self.link: Link | None = None
        column, row = QVBoxLayout(self), QHBoxLayout()
        theme.pad(column, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(row, spacing=tokens.S4)
        column.addStretch(1)
        column.addWidget(_Tray(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addLayout(row)
        column.addStretch(2)
        row.addStretch(1)
        if act is not None:
            self.button = Button(theme, act.text, act.on, kind=act.kind, icon=act.icon, key=act.key)
            row.addWidget(self.button)
        if link is not None:
            self.link = Link(theme, link[0], link[1])
            row.addWidget(self.link)
        row.addStretch(1)


class _Tray(QWidget):
    """An empty tray."""

    SIDES = (45, 32)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self) -> QSize:
        return self._theme.size(*self.SIDES)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 56, self.height() / 40)
        join = Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(self._theme.colour("mute"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, join))
        outline = ((4, 24), (11, 6), (45, 6), (52, 24), (52, 36), (4, 36), (4, 24))
        lip = ((4, 24), (18, 24), (21, 30), (35, 30), (38, 24), (52, 24))
        for points in (outline, lip):
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
