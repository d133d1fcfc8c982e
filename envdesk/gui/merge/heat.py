"""Street × form as a heat table: a number, a word and a tint in every cell; Enter opens the records of one."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from envdesk.gui import tokens
from envdesk.gui.table_model import Index
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.merge_desk import Heat, HeatCell, HeatRow

NAMES, LEAST, ROW, HEAD, GAP, PAIR = 104, 76, 36, 40, 1, 4
SQUEEZE = 0.15
"""So much of a row may be missing for one more to be shown."""
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class HeatModel(QAbstractTableModel):
    """Cells of a :class:`~envdesk.present.merge_desk.Heat`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heat = Heat((), ())

    def fill(self, heat: Heat) -> None:
        """Show another table."""
        self.beginResetModel()
        self.heat = heat
        self.endResetModel()

    def cell(self, index: Index) -> HeatCell:
        """Return a cell."""
        return self.heat.rows[index.row()].cells[index.column()]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heat.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heat.forms)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            street, form = self.heat.rows[index.row()].name, self.heat.forms[index.column()][1]
            usual = f"{cell.usual:.1f}".removesuffix(".0")
            words = _("{street}，{form}：{text}。前三个月平均 {usual} 条。")
            return words.format(street=street, form=form, text=cell.text, usual=usual)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.heat.forms[section][1] if section < len(self.heat.forms) else None
        return self.heat.rows[section].name if section < len(self.heat.rows) else None


class _Cells(QStyledItemDelegate):
    """Draws number and word on the tint; only problems are bold."""

    def __init__(self, theme: Theme, view: HeatTable) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = index.model()
        if not isinstance(model, HeatModel):
            return
        theme, cell = self._theme, model.cell(index)
        ink, ground = tokens.TONES[cell.tone]
        if cell.tone == "green":
            ink = "text"
        elif cell.tone == "grey":
            ground = "ground"
        gap = theme.px(GAP)
        box: QRect = option.rect.adjusted(gap, gap, -gap, -gap)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        edge = QPen(theme.colour("blue"), theme.px(tokens.FOCUS))
        painter.setPen(edge if current else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        radius = theme.px(tokens.RADIUS_BOX)
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1) if current else QRectF(box), radius, radius)
        self._words(painter, box, cell, ink)
        painter.restore()

    def _words(self, painter: QPainter, box: QRect, cell: HeatCell, ink: str) -> None:
        theme, bold = self._theme, cell.tone in ("amber", "red")
        number, word = theme.metrics("table", bold=bold), theme.metrics("caption")
        gap = theme.px(PAIR) if cell.number else 0
        wide = number.horizontalAdvance(cell.number) + gap + word.horizontalAdvance(cell.word)
        left = box.left() + max((box.width() - wide) // 2, 0)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font("table", bold=bold))
        painter.drawText(QRect(left, box.top(), box.width(), box.height()), _LEFT, cell.number)
        painter.setFont(theme.font("caption"))
        left += number.horizontalAdvance(cell.number) + gap
        painter.drawText(QRect(left, box.top(), box.right() - left + 1, box.height()), _LEFT, cell.word)

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(0, self._theme.px(ROW))


class _Head(QHeaderView):
    """Names of forms (two lines if need be) or of streets."""

    def __init__(self, theme: Theme, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self._theme = theme
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme, upright = self._theme, self.orientation() == Qt.Orientation.Vertical
        text = str(self.model().headerData(logicalIndex, self.orientation()) or "")
        painter.save()
        painter.fillRect(rect, theme.colour("paper"))
        role = "table" if upright else "caption"
        painter.setFont(theme.font(role))
        painter.setPen(theme.colour("text" if upright else "soft"))
        inner = rect.adjusted(theme.px(tokens.S3 if upright else 2), 0, -theme.px(2), 0)
        if upright:
            text = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, _LEFT if upright else _CENTRE | int(Qt.TextFlag.TextWrapAnywhere), text)
        painter.restore()


class HeatTable(QTableView):
    """The table; one stop of the Tab key.

    Signals:
        opened: a street (:class:`HeatRow`) and one of its cells: Enter or a double click.
        scrolled: other streets are in sight.
    """

    opened = Signal(object, object)
    scrolled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells = HeatModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(_Cells(theme, self))
        self.setHorizontalHeader(_Head(theme, Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(_Head(theme, Qt.Orientation.Vertical, self))
        self.setCornerButtonEnabled(False)
        self.setProperty("kind", "heat")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setProperty("ring", "own")
        self.setAccessibleName(_("街镇 × 台账"))
        self.doubleClicked.connect(lambda _index: self._open())
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.scrolled.emit())
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_heat(self, heat: Heat) -> None:
        """Show another table; the place stays."""
        row, column = self.currentIndex().row(), self.currentIndex().column()
        self.cells.fill(heat)
        self.restyle()
        if heat.rows and heat.forms:
            at = self.cells.index(min(max(row, 0), len(heat.rows) - 1), min(max(column, 0), len(heat.forms) - 1))
            self.setCurrentIndex(at)
        self.scrolled.emit()

    def show_street(self, ident: str) -> None:
        """Scroll to a street."""
        at = next((n for n, row in enumerate(self.cells.heat.rows) if row.id == ident), -1)
        if at >= 0 and self.cells.heat.forms and not self.hasFocus():
            self.setCurrentIndex(self.cells.index(at, max(self.currentIndex().column(), 0)))
            self.scrollTo(self.currentIndex())

    def in_sight(self) -> tuple[int, int]:
        """First and last street in sight, from 1; (0, 0) when there is none."""
        count = len(self.cells.heat.rows) if self.cells.heat.forms else 0
        if not count:
            return 0, 0
        first = max(self.rowAt(self._theme.px(ROW) // 2), 0)
        last = self.rowAt(self.viewport().height() - self._theme.px(ROW) // 2)
        return first + 1, (last if last >= 0 else count - 1) + 1

    def restyle(self) -> None:
        """Take sizes from the theme."""
        px = self._theme.px
        self.horizontalHeader().setFixedHeight(px(HEAD))
        self.verticalHeader().setFixedWidth(px(NAMES))
        self.verticalHeader().setMinimumSectionSize(px(ROW * (1 - SQUEEZE)))
        self._fit()

    def _fit(self) -> None:
        room, row, rows = self.viewport().height(), self._theme.px(ROW), len(self.cells.heat.rows)
        seen, rest = 1, 0
        if rows * row > room > row:  # a little higher or lower each, so that none is cut
            seen = int(room / row + SQUEEZE)
            row, rest = divmod(room, seen)
        self.verticalHeader().setDefaultSectionSize(row)
        for n in range(rows):  # whichever of them are seen, they fill the room to the pixel
            self.setRowHeight(n, row + (n % seen < rest))
        count = len(self.cells.heat.forms)
        if count:
            wide = max(self.viewport().width() // count, self._theme.px(LEAST))
            for n in range(count):
                self.setColumnWidth(n, wide)

    def _open(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            row: HeatRow = self.cells.heat.rows[index.row()]
            self.opened.emit(row, row.cells[index.column()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self._open()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if self.currentIndex().isValid():  # in less room, too
            self.scrollTo(self.currentIndex())
        self.scrolled.emit()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cells.heat.rows and self.cells.heat.forms:
            self.setCurrentIndex(self.cells.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
