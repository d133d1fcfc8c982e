"""How rows and heads of tables are drawn: hairlines, tint of ticked rows, the green frame of the current one."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import paint_button
from envdesk.gui.chips import ChipState, measure, paint_chip, paint_shape
from envdesk.gui.table_model import Cell, Index, LedgerModel, Row
from envdesk.gui.theme import Theme
from envdesk.gui.tips import show_tip

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class RowState(Protocol):
    """What the table knows of the row under the pointer and the current one."""

    hovered: int
    current: int
    focused: bool


def paint_box(painter: QPainter, centre: QPoint, theme: Theme, state: Qt.CheckState) -> None:
    """Draw a check box around *centre*."""
    side, half = theme.px(tokens.BOX), theme.px(tokens.HAIR) / 2
    box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side).adjusted(half, half, -half, -half)
    on = state == Qt.CheckState.Checked
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("green" if on else "edge"), theme.px(tokens.HAIR)))
    painter.setBrush(theme.colour("green" if on else "paper"))
    radius = theme.px(tokens.RADIUS_BOX)
    painter.drawRoundedRect(box, radius, radius)
    size = theme.px(tokens.SHAPE)
    mark = QRectF(box.center().x() - size / 2, box.center().y() - size / 2, size, size)
    if on:
        paint_shape(painter, mark, "check", theme, "on_green")
    elif state == Qt.CheckState.PartiallyChecked:
        paint_shape(painter, mark, "dash", theme, "text")
    painter.restore()


def first_margin(column: int, kind: str) -> float:
    """Return how much farther in words of a first column stand: in line with what is written over the table."""
    return tokens.S2 if column == 0 and kind != "check" else 0


def inside(theme: Theme, box: QRect, column: int, model: LedgerModel) -> QRect:
    """Return where the words of a cell or of a head stand: the first and the last keep more room to the edge."""
    left = tokens.S2 + first_margin(column, model.columns[column].kind)
    right = tokens.S4 if column == len(model.columns) - 1 else tokens.S2
    return box.adjusted(theme.px(left), 0, -theme.px(right), 0)


def act_rect(theme: Theme, box: QRect) -> QRect:
    """Where the button of a cell is."""
    high = theme.px(tokens.CONTROL_ROW)
    return QRect(
        box.left() + theme.px(tokens.S2), box.center().y() - high // 2 + 1,
        box.width() - theme.px(tokens.S2) - theme.px(tokens.S4), high,
    )  # fmt: skip


class RowDelegate(QStyledItemDelegate):
    """Draws the cells of a :class:`~envdesk.gui.table_model.LedgerModel`."""

    def __init__(self, theme: Theme, state: RowState, parent: QObject, *, first: int, frozen_edge: int = -1) -> None:
        super().__init__(parent)
        self._theme, self._state, self._first, self._edge = theme, state, first, frozen_edge

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = index.model()
        if not isinstance(model, LedgerModel):
            return
        box: QRect = option.rect
        row = model.row_at(index.row())
        checked = model.is_checked(index.row())
        current = index.row() == self._state.current
        painter.save()
        self._ground(painter, box, index, row, checked=checked, current=current)
        kind = model.columns[index.column()].kind
        inner = inside(self._theme, box, index.column(), model)
        shown = model.cell(index)
        if kind == "check":
            if row is not None and not row.total:
                tick = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
                paint_box(painter, box.center() + QPoint(1, 1), self._theme, tick)
        elif kind == "act":
            if shown and row is not None and not row.total:
                self._button(painter, box, str(shown), current=current)
        elif isinstance(shown, ChipState):
            paint_chip(painter, inner, shown, self._theme, selected=checked or current)
        else:
            if kind == "number":
                self._spilled(painter, option, index, row)
            room = inner if kind == "number" else inner.adjusted(0, 0, self._spill(option, index, shown), 0)
            painter.setClipRect(box)  # what reaches beyond it is the next cell's to draw: twice it would look bold
            self._words(painter, room, shown, row, right=kind == "number", tail=model.columns[index.column()].tail)
        painter.restore()

    def _spill(self, option: Any, index: Index, shown: str | Cell) -> int:
        """How far words reach into the number at their right, where it leaves room."""
        model, view, column = index.model(), option.widget, index.column() + 1
        if not isinstance(model, LedgerModel) or column >= len(model.columns) or view.isColumnHidden(column):
            return 0
        other = model.cell(model.index(index.row(), column))
        if model.columns[column].kind != "number" or isinstance(other, ChipState) or self._wide(shown) <= 0:
            return 0
        last = column == len(model.columns) - 1
        side = self._theme.px(tokens.S2)
        room = view.columnWidth(column) - self._wide(other) - (self._theme.px(tokens.S4) if last else side) - side
        return max(room, 0)

    def _wide(self, shown: str | Cell) -> int:
        text, bold = (shown.text, shown.bold) if isinstance(shown, Cell) else (shown, False)
        return self._theme.metrics("table", bold=bold).horizontalAdvance(text)

    def _spilled(self, painter: QPainter, option: Any, index: Index, row: Row | None) -> None:
        """Draw the words that reach in from the left once more: the ground of this cell covers them."""
        model, view, before = index.model(), option.widget, index.column() - 1
        if not isinstance(model, LedgerModel) or before < 0 or view.isColumnHidden(before):
            return
        near = model.index(index.row(), before)
        shown = model.cell(near)
        if model.columns[before].kind != "text" or isinstance(shown, ChipState):
            return
        wide, box = view.columnWidth(before), option.rect
        own = inside(self._theme, QRect(box.left() - wide, box.top(), wide, box.height()), before, model)
        reach = self._spill(option, near, shown)
        if not reach or self._wide(shown) <= own.width():
            return
        painter.save()
        painter.setClipRect(box)
        room = own.adjusted(0, 0, reach, 0)
        self._words(painter, room, shown, row, right=False, tail=model.columns[before].tail)
        painter.restore()

    def _ground(
        self, painter: QPainter, box: QRect, index: Index, row: Row | None, *, checked: bool, current: bool
    ) -> None:
        theme, hair = self._theme, self._theme.px(tokens.HAIR)
        if row is not None and row.total:
            painter.fillRect(box, theme.colour("ground"))
        elif checked or current:
            painter.fillRect(box, theme.colour("green_tint"))
        elif index.row() == self._state.hovered:
            painter.fillRect(box, theme.colour("hover"))
        framed = current and self._state.focused
        line = theme.colour("green" if framed else "line")
        painter.fillRect(QRect(box.left(), box.bottom() - hair + 1, box.width(), hair), line)
        if framed:
            painter.fillRect(QRect(box.left(), box.top(), box.width(), hair), line)
        if current and index.column() == self._first:
            wide = theme.px(tokens.RAIL_MARK)
            painter.fillRect(QRect(box.left(), box.top(), wide, box.height()), theme.colour("green"))
        if index.column() == self._edge:
            side = box.adjusted(0, hair if framed else 0, 0, -hair)
            painter.fillRect(QRect(box.right() - hair + 1, side.top(), hair, side.height()), theme.colour("line"))

    def _button(self, painter: QPainter, box: QRect, text: str, *, current: bool) -> None:
        rect = act_rect(self._theme, box)
        paint_button(painter, rect, self._theme, text, kind="primary" if current else "plain")

    def _words(
        self, painter: QPainter, box: QRect, shown: str | Cell, row: Row | None, *, right: bool, tail: bool = False
    ) -> None:
        text, tone, bold = (shown.text, shown.tone, shown.bold) if isinstance(shown, Cell) else (shown, "", False)
        faded, strike, total = (row.faded, row.strike, row.total) if row is not None else (False, False, False)
        if not text:
            return
        bold = bold or total
        painter.setFont(self._theme.font("table", bold=bold, strike=strike))
        ink = tone or ("soft" if faded or strike or text == "—" else "text")
        painter.setPen(self._theme.colour(ink))
        metrics = self._theme.metrics("table", bold=bold)
        cut = Qt.TextElideMode.ElideLeft if tail else Qt.TextElideMode.ElideRight
        elided = metrics.elidedText(text.replace("\n", " "), cut, box.width())
        painter.drawText(box, _RIGHT if right else _LEFT, elided)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        model = index.model()
        if not isinstance(model, LedgerModel) or event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        box: QRect = option.rect  # type: ignore[attr-defined]
        return show_tip(event, view.viewport(), self._hidden_words(model, index, box), box)

    def _hidden_words(self, model: LedgerModel, index: Index, box: QRect) -> str:
        """Return what a cell holds when it is cut, "" when all of it is seen."""
        shown, row = model.cell(index), model.row_at(index.row())
        room = inside(self._theme, box, index.column(), model).width()
        if isinstance(shown, ChipState):
            return shown.word if measure(self._theme, shown).width() > room else ""
        text, bold = (shown.text, shown.bold) if isinstance(shown, Cell) else (shown, False)
        metrics = self._theme.metrics("table", bold=bold or (row is not None and row.total))
        return text if "\n" in text or metrics.horizontalAdvance(text) > room else ""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._theme.px(tokens.ROW))


class HeadEnd(QWidget):
    """The end of a head over the scroll bar."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.fix(self, height=tokens.ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, hair = self._theme, self._theme.px(tokens.HAIR)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("ground"))
        painter.fillRect(QRect(0, self.height() - hair, self.width(), hair), theme.colour("line"))


class Head(QHeaderView):
    """The head of a table: captions on the ground, an arrow beside the sorted one, a box over the ticks.

    Signals:
        all_pressed: the box was pressed.
        sort_pressed: column to sort by.
    """

    all_pressed = Signal()
    sort_pressed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget, *, frozen_edge: int = -1) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme, self._edge = theme, frozen_edge
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model, theme = self.model(), self._theme
        if not isinstance(model, LedgerModel) or not rect.isValid():
            return
        hair = theme.px(tokens.HAIR)
        painter.save()
        painter.fillRect(rect, theme.colour("ground"))
        painter.fillRect(QRect(rect.left(), rect.bottom() - hair + 1, rect.width(), hair), theme.colour("line"))
        if logicalIndex == self._edge:
            painter.fillRect(QRect(rect.right() - hair + 1, rect.top(), hair, rect.height()), theme.colour("line"))
        column = model.columns[logicalIndex]
        if column.kind == "check":
            some = len(model.checked)
            full = some and some >= model.rowCount()
            partly = Qt.CheckState.PartiallyChecked if some else Qt.CheckState.Unchecked
            paint_box(painter, rect.center() + QPoint(1, 1), theme, Qt.CheckState.Checked if full else partly)
        else:
            self._title(painter, rect, logicalIndex, model)
        painter.restore()

    def _title(self, painter: QPainter, rect: QRect, logical: int, model: LedgerModel) -> None:
        theme, column = self._theme, model.columns[logical]
        text = column.title
        if model.sorted_by is not None and model.sorted_by[0] == logical:
            text += " ↓" if model.sorted_by[1] else " ↑"
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        inner = inside(theme, rect, logical, model)
        elided = theme.metrics("caption").elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, _RIGHT if column.kind == "number" else _LEFT, elided)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        logical = self.logicalIndexAt(event.position().toPoint())
        model = self.model()
        if isinstance(model, LedgerModel) and logical >= 0 and self.cursor().shape() != Qt.CursorShape.SplitHCursor:
            column = model.columns[logical]
            if column.kind == "check":
                self.all_pressed.emit()
            elif column.sortable:
                self.sort_pressed.emit(logical)
        super().mouseReleaseEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(tokens.ROW))
