"""The month in eight figures, each with twelve months behind it; a press leads to its records."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.bars import paint_line, paint_months
from envdesk.gui.labels import hairline, label
from envdesk.gui.section import Panel, PanelHead
from envdesk.gui.theme import Theme
from envdesk.gui.today.cells import Cell, rove
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.present.today.month import MonthFigure, MonthFigures

CELL, ACROSS = 71, 2
NARROW, SPARK_LEAST = 160, 44
"""Cells below this width show no months."""
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CAPTION, VALUE = 18, 28


class FigureCell(Cell):
    """One figure: title, value with its unit, months, the month before."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__(theme, across=ACROSS)
        self.figure: MonthFigure | None = None
        self._number = number

    def show_figure(self, figure: MonthFigure) -> None:
        """Show a figure."""
        self.figure = figure
        self.setText(figure.title)
        self.setAccessibleName(f"{figure.title} {figure.text} {figure.unit}".rstrip())
        self.setAccessibleDescription(figure.note)
        self.setToolTip(figure.note)
        self.update()

    def sizeHint(self) -> QSize:
        return self._theme.size(CELL, CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter)
        theme, px, figure = self._theme, self._theme.px, self.figure
        hair = px(tokens.HAIR)
        line = theme.colour("line")
        if self._number >= ACROSS:
            painter.fillRect(QRect(0, 0, self.width(), hair), line)
        if self._number % ACROSS:
            painter.fillRect(QRect(0, 0, hair, self.height()), line)
        if figure is None:
            return
        narrow = self.width() < px(NARROW)
        side = px(tokens.S3 if narrow else tokens.S4)
        inner = self.rect().adjusted(side, px(4), -side, -px(2))
        caption = theme.metrics("caption")
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        top = QRect(inner.left(), inner.top(), inner.width(), px(CAPTION))
        painter.drawText(top, _LEFT, caption.elidedText(figure.title, Qt.TextElideMode.ElideRight, top.width()))
        under = QRect(inner.left(), top.bottom() + px(VALUE), inner.width(), px(CAPTION))
        painter.drawText(under, _LEFT, caption.elidedText(figure.note, Qt.TextElideMode.ElideRight, under.width()))
        wide = self._value(painter, QRect(inner.left(), top.bottom(), inner.width(), px(VALUE)), figure)
        spark_high = px(tokens.SPARK[1])
        spark_wide = min(px(tokens.SPARK[0]), inner.width() - wide - px(tokens.S1))
        if figure.series and not narrow and spark_wide >= px(SPARK_LEAST):
            spark = QRectF(inner.right() - spark_wide, top.bottom() + px(3), spark_wide, spark_high)
            (paint_line if figure.rate else paint_months)(painter, spark, theme, figure.series)

    def _value(self, painter: QPainter, box: QRect, figure: MonthFigure) -> int:
        """Write value and unit; return how wide they are."""
        theme, px = self._theme, self._theme.px
        bold = theme.metrics("page", bold=True)
        painter.setFont(theme.font("page", bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(box, _LEFT, figure.text)
        at = bold.horizontalAdvance(figure.text) + px(tokens.S1)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        painter.drawText(box.adjusted(at, px(3), 0, 0), _LEFT, figure.unit)
        return at + theme.metrics("caption").horizontalAdvance(figure.unit)


class MonthPanel(Panel):
    """The eight figures. One stop of the Tab key; arrows move, Enter shows the records.

    Signals:
        asked: period and id of the figure whose records are wanted.
    """

    asked = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, padding=0)
        self._period = ""
        self._theme = theme
        self._months = label(_("近 12 个月"), "caption")
        self._head = PanelHead(theme, "", right=(self._months,))
        self.cells = [FigureCell(theme, n) for n in range(8)]
        grid_box = QWidget()
        grid = QGridLayout(grid_box)
        theme.pad(grid)
        for n, cell in enumerate(self.cells):
            grid.addWidget(cell, n // ACROSS, n % ACROSS)
            cell.clicked.connect(lambda _on=False, cell=cell: self._ask(cell))
        for column in range(ACROSS):
            grid.setColumnStretch(column, 1)
        self.body.addWidget(self._head)
        self.body.addWidget(hairline(theme))
        self.body.addWidget(grid_box)
        rove(self.cells)

    def fill(self, month: MonthFigures) -> None:
        """Show the figures of the month."""
        self._period = month.period
        self._head.title.setText(month.title)
        self._head.beside.setText(month.span)
        for cell, figure in zip(self.cells, month.figures, strict=False):
            cell.show_figure(figure)
        for n, cell in enumerate(self.cells):
            cell.setVisible(n < len(month.figures))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._months.setVisible(self.width() >= ACROSS * self._theme.px(NARROW))

    def _ask(self, cell: FigureCell) -> None:
        if cell.figure is not None:
            self.asked.emit(self._period, cell.figure.id)
