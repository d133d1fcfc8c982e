"""A sheet of a workbook as a grid: merged cells, widths, what is bound tinted with the value it will get."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from envdesk.exchange.sheets import column_letters
from envdesk.gui import tokens
from envdesk.gui.table_model import Index
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.book_desk import CellView, GridView

Place = tuple[int, int]
EMPTY = CellView()
CHARACTER, POINT, LEAST_ROW = 7.6, 1.5, 22
"""Pixels at 100 % of one character of a column's width and of one point of a row's height."""
DARK_GROUND = 128
UNKNOWN = ("", "0", "#DIV/0!")
NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|个百分点)?|持平|—")
Role = Qt.ItemDataRole
_FLAG = Qt.AlignmentFlag


class GridModel(QAbstractTableModel):
    """A sheet; rows and columns count from 0 here, places from 1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view: GridView | None = None
        self.values: Mapping[Place, str] = {}
        self.bound: Mapping[Place, str] = {}
        self.wrong: Mapping[Place, str] = {}

    def show_sheet(self, view: GridView | None) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self.view = view
        self.values, self.bound, self.wrong = {}, {}, {}
        self.endResetModel()

    def show_bound(self, bound: Mapping[Place, str], values: Mapping[Place, str], wrong: Mapping[Place, str]) -> None:
        """Show what is bound (cell → words), what the cells get and what is wrong with some."""
        self.bound, self.values, self.wrong = bound, values, wrong
        if self.view is not None:
            self.dataChanged.emit(self.index(0, 0), self.index(self.view.rows - 1, self.view.columns - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if self.view is None or (parent is not None and parent.isValid()) else self.view.rows

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if self.view is None or (parent is not None and parent.isValid()) else self.view.columns

    def cell(self, place: Place) -> CellView:
        """The cell at a place."""
        return EMPTY if self.view is None else self.view.cells.get(place, EMPTY)

    def text(self, place: Place) -> str:
        """What the cell shows: the value it gets, else what is in it."""
        if place in self.values:
            return self.values[place]
        cell = self.cell(place)
        if cell.formula and self.bound and cell.text in UNKNOWN:  # what it came to while its cells were empty
            return _("公式")
        return "" if place in self.bound else cell.text

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = (index.row() + 1, index.column() + 1)
        if role == Role.DisplayRole:
            return self.text(place)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            said = (self.text(place), self.bound.get(place, ""), self.wrong.get(place, ""))
            return "\n".join(t for t in said if t) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if role == Role.DisplayRole:
            return column_letters(section) if orientation == Qt.Orientation.Horizontal else str(section + 1)
        return None


class _Delegate(QStyledItemDelegate):
    """Draws a cell as an office program would, bound ones on a tint."""

    def __init__(self, theme: Theme, view: GridTable) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px, model = self._theme, self._theme.px, self._view.sheet
        place = (index.row() + 1, index.column() + 1)
        cell, box = model.cell(place), QRect(option.rect)
        bound, wrong = place in model.bound, place in model.wrong
        painter.save()
        ground = self._ground(cell, bound=bound, wrong=wrong)
        painter.fillRect(box, ground)
        painter.setPen(QPen(theme.colour("line"), px(tokens.HAIR)))
        painter.drawLine(box.topRight(), box.bottomRight())
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        role = "red" if wrong else "green" if bound else "soft" if cell.formula else "text"
        ink = theme.colour(role)
        if not bound and not wrong and ground.lightness() < DARK_GROUND and not theme.dark:
            ink = theme.colour("paper")
        painter.setFont(theme.font("table", bold=cell.bold or bound))
        painter.setPen(ink)
        side = px(tokens.S1)
        room = box.adjusted(side, 0, -side, 0)
        number = place in model.values and bool(NUMBER.fullmatch(model.values[place]))
        across = _FLAG.AlignHCenter if cell.centre else _FLAG.AlignRight if cell.right or number else _FLAG.AlignLeft
        text = model.text(place)
        if cell.wrap or "\n" in text:
            painter.drawText(room, int(across | _FLAG.AlignVCenter | Qt.TextFlag.TextWordWrap), text)
        else:
            metrics = theme.metrics("table", bold=cell.bold or bound)
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(across | _FLAG.AlignVCenter), short)
        if index == self._view.currentIndex():
            pen = QPen(theme.colour("blue" if self._view.hasFocus() else "edge"), px(tokens.FOCUS))
            painter.setPen(pen)
            painter.drawRect(box.adjusted(1, 1, -2, -2))
        painter.restore()

    def _ground(self, cell: CellView, *, bound: bool, wrong: bool) -> QColor:
        if wrong:
            return self._theme.colour("red_tint")
        if bound:
            return self._theme.colour("green_tint")
        if cell.ground and not self._theme.dark:
            return QColor(f"#{cell.ground}")
        return self._theme.colour("paper")


class GridTable(QTableView):
    """The grid. Arrows move, Enter or F2 or typing asks for the cell, Delete empties it.

    Signals:
        asked: a cell is to be bound; the text typed already ("" mostly).
        cleared: a cell is to be emptied.
        moved: another cell is current.
    """

    asked = Signal(str)
    cleared = Signal()
    moved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.sheet = GridModel(self)
        self.setModel(self.sheet)
        self.setItemDelegate(_Delegate(theme, self))
        self.setProperty("ring", "own")
        self.setAccessibleName(_("上级表格"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            head.setHighlightSections(False)
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
            head.setMinimumSectionSize(0)
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.moved.emit())
        self.doubleClicked.connect(lambda _index: self.asked.emit(""))
        theme.changed.connect(self._measure)

    @property
    def place(self) -> Place:
        """The current cell; that of the whole range inside a merged one."""
        index = self.currentIndex()
        return (index.row() + 1, index.column() + 1) if index.isValid() else (1, 1)

    def show_sheet(self, view: GridView | None, place: Place = (1, 1)) -> None:
        """Show a sheet with one of its cells current."""
        self.clearSpans()
        self.sheet.show_sheet(view)
        if view is None:
            return
        for row, column, high, wide in view.spans:
            if high > 1 or wide > 1:
                self.setSpan(row - 1, column - 1, high, wide)
        self._measure()
        self.go(place)

    def go(self, place: Place) -> None:
        """Make a cell the current one."""
        self.setCurrentIndex(self.sheet.index(place[0] - 1, place[1] - 1))

    def step_down(self) -> None:
        """Go to the cell below, past what is merged with this one."""
        row, column = self.place
        below = row + self.rowSpan(row - 1, column - 1)
        if below <= self.sheet.rowCount():
            self.go((below, column))

    def _measure(self) -> None:
        view, px = self.sheet.view, self._theme.px
        if view is None:
            return
        self.verticalHeader().setDefaultSectionSize(px(LEAST_ROW))
        for n, width in enumerate(view.widths):
            self.setColumnHidden(n, width == 0)
            self.setColumnWidth(n, px(width * CHARACTER))
        for n in range(view.rows):
            height = view.heights.get(n + 1)
            self.setRowHidden(n, height == 0)
            self.setRowHeight(n, px(max(LEAST_ROW, (height or 0) * POINT)))
        self._make_room(view)

    def _make_room(self, view: GridView) -> None:
        """Rows of no said height grow with the words that are broken in them, as in an office program."""
        merged = {(r + m, c + n) for r, c, high, wide in view.spans for m in range(high) for n in range(wide)}
        side = 2 * self._theme.px(tokens.S1)
        for place, cell in view.cells.items():
            if cell.wrap and cell.text and place not in merged and place[0] not in view.heights:
                metrics = self._theme.metrics("table", bold=cell.bold)
                room = QRect(0, 0, max(1, self.columnWidth(place[1] - 1) - side), 10_000)
                flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
                high = metrics.boundingRect(room, flags, cell.text).height() + side
                if high > self.rowHeight(place[0] - 1):
                    self.setRowHeight(place[0] - 1, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.asked.emit("")
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        elif plain and event.text().strip():
            self.asked.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        super().mousePressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()
