"""The table of a register: first columns frozen, hairlines, one current row, ticks for doing something to many."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.focus import lead
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act
from envdesk.gui.table_model import LedgerModel, Row
from envdesk.gui.table_paint import Head, HeadEnd, RowDelegate, first_margin
from envdesk.gui.theme import Theme
from envdesk.gui.virtual_model import VirtualModel
from envdesk.i18n import _

LEAST_REST = 90
"""Least width of a column that takes the rest."""


class _View(QTableView):
    """One of the two views; keys and mouse go to the table they belong to."""

    def __init__(self, theme: Theme, table: LedgerTable, model: LedgerModel, *, frozen_edge: int, first: int) -> None:
        super().__init__(table)
        self._table = table
        self.setModel(model)
        self.setItemDelegate(RowDelegate(theme, table, self, first=first, frozen_edge=frozen_edge))
        self.head = Head(theme, self, frozen_edge=frozen_edge)
        self.setHorizontalHeader(self.head)
        self.head.setStretchLastSection(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setProperty("ring", "own")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._table.take_key(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._table.press(self.indexAt(event.position().toPoint()), event)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._table.hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._table.hover(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().focusInEvent(event)  # type: ignore[arg-type]
        self._table.set_focused(True)

    def focusOutEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._table.set_focused(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows stay whole, and the current one stays in sight, when the table has other room."""
        super().resizeEvent(event)
        self._table.fit()
        now, here = self.currentIndex(), self.visualRect(self.currentIndex())
        seen = here.isValid() and here.top() >= 0 and here.bottom() < event.oldSize().height()
        row, bar = self.verticalHeader().defaultSectionSize(), self.verticalScrollBar()
        if event.size().height() % row == 0:  # it stood at an end that is not the end any more
            bar.setValue(bar.value() // row * row)
        if seen and event.size().height() <= self.visualRect(now).bottom():
            self.scrollTo(now)


class LedgerTable(QWidget):
    """A table over a :class:`~envdesk.gui.table_model.LedgerModel`. One stop of the Tab key.

    Keys: ↑ ↓ PgUp PgDn Home End move, Enter starts, F2 opens, Space shows the preview, Insert ticks and goes on,
    Shift+↑ ↓ ticks while moving, Ctrl+A ticks all, ← → scroll, the menu key offers sorting.

    Args:
        theme: colours and sizes.
        model: what it shows.
        frozen: number of columns that stay at the left when the others scroll.

    Attributes:
        acts: what the menu key and the right button offer for the current row.
        offer: adds to the menu what the page can do with the list.
        on_head: called with where the right button was pressed on a head.

    Signals:
        current_changed: the :class:`Row` the user is on, None when there is none.
        started: Enter or a double click on a row, a click on its button.
        opened: F2 on a row.
        previewed: Space.
    """

    current_changed = Signal(object)
    started = Signal(object)
    opened = Signal(object)
    previewed = Signal()

    def __init__(self, theme: Theme, model: LedgerModel, *, frozen: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.acts: Sequence[Act] = ()
        self.offer: Callable[[Menu], object] | None = None
        self.on_head: Callable[[QPoint], object] | None = None
        self._theme, self.model, self._frozen = theme, model, frozen
        self.hovered, self.current, self.focused = -1, -1, False
        self._last: str | None = None
        self._most = 0
        edge = frozen - 1
        self.main = _View(theme, self, model, frozen_edge=-1, first=0 if frozen == 0 else -1)
        self.left = _View(theme, self, model, frozen_edge=edge, first=0)
        self.left.setSelectionModel(self.main.selectionModel())
        self.left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.left.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.left.setVisible(frozen > 0)
        self._under = QWidget()
        column, both = QVBoxLayout(), QHBoxLayout(self)
        theme.pad(column)
        theme.pad(both)
        column.addWidget(self.left, 1)
        column.addWidget(self._under)
        both.addLayout(column)
        both.addWidget(self.main, 1)
        lead(self, lambda: self.main)
        for n in range(len(model.columns)):
            self.left.setColumnHidden(n, n >= frozen)
            self.main.setColumnHidden(n, n < frozen)
        self.main.addScrollBarWidget(HeadEnd(theme, self.main), Qt.AlignmentFlag.AlignTop)
        self.main.verticalScrollBar().valueChanged.connect(self.left.verticalScrollBar().setValue)
        self.left.verticalScrollBar().valueChanged.connect(self.main.verticalScrollBar().setValue)
        self.main.selectionModel().currentRowChanged.connect(self._moved)
        for view in (self.main, self.left):
            view.head.sort_pressed.connect(self.sort)
            view.head.all_pressed.connect(self.check_all)
            view.doubleClicked.connect(self._double)
        model.checked_changed.connect(self._heads)
        model.modelReset.connect(self._reset)
        model.layoutChanged.connect(self._relaid)
        model.dataChanged.connect(self._came)
        self.main.horizontalScrollBar().rangeChanged.connect(self._grow)
        theme.changed.connect(self.restyle)
        self.restyle()

    # ---- what pages use ------------------------------------------------------------------------------------------
    def row(self) -> Row | None:
        """Return the current row, None when there is none or it is still being read."""
        return self.model.row_at(self.current) if self.current >= 0 else None

    def go_to(self, number: int) -> None:
        """Make a row the current one and show it."""
        if not 0 <= number < self.model.rowCount():
            return
        column = next((n for n in range(len(self.model.columns)) if not self.main.isColumnHidden(n)), 0)
        self.main.setCurrentIndex(self.model.index(number, column))
        self.main.scrollTo(self.model.index(number, column))

    def sort(self, column: int) -> None:
        """Sort by a column; again turns the order over."""
        before = self.model.sorted_by
        descending = before is not None and before[0] == column and not before[1]
        self.model.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
        self._heads()

    def check_all(self) -> None:
        """Tick all rows, or take all ticks away."""
        if isinstance(self.model, VirtualModel):
            self.model.check_everything()
        else:
            self.model.check_all()

    def restyle(self) -> None:
        """Take sizes from the theme; the row at the upper edge stays there, whole."""
        row, top = self._theme.px(tokens.ROW), self.main.rowAt(0)
        for view in (self.left, self.main):
            view.verticalHeader().setMinimumSectionSize(row)
            view.verticalHeader().setDefaultSectionSize(row)
            view.horizontalHeader().setFixedHeight(row)
            view.verticalScrollBar().setSingleStep(row)
        self.fit()
        self._grow()
        if top > 0:
            self.main.updateGeometries()  # the bar's range, before it is told where to stand
            self.main.verticalScrollBar().setValue(top * row)

    def show_at_most(self, rows: int) -> None:
        """Be as high as the rows are, so many of them at a time."""
        self._most = rows
        self._grow()

    def _grow(self) -> None:
        if self._most:
            rows = max(min(self.model.rowCount(), self._most), 1)
            bar = self.main.horizontalScrollBar()
            self.setFixedHeight(
                (rows + 1) * self._theme.px(tokens.ROW) + (bar.sizeHint().height() if bar.maximum() else 0)
            )
        else:
            self._whole_rows()

    def _whole_rows(self) -> None:
        """Leave out of sight what would be the upper half of a row."""
        row, bar = self._theme.px(tokens.ROW), self.main.horizontalScrollBar()
        room = self.height() - row - (bar.sizeHint().height() if bar.maximum() else 0)
        more = self.model.rowCount() * row > room > row
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, room % row if more else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def fit(self) -> None:
        """Give columns their widths; those without one share what is left."""
        if not hasattr(self, "main"):
            return
        px, columns = self._theme.px, self.model.columns
        given = 0
        for n, column in enumerate(columns):
            view = self.left if n < self._frozen else self.main
            if column.width:
                wide = px(column.width + first_margin(n, column.kind))
                view.setColumnWidth(n, wide)
                given += wide if n >= self._frozen and not view.isColumnHidden(n) else 0
        rest = [n for n, c in enumerate(columns) if not c.width and n >= self._frozen]
        if rest:
            each = max((self.main.viewport().width() - given) // len(rest), px(LEAST_REST))
            for n in rest:
                self.main.setColumnWidth(n, each)
        frozen = enumerate(columns[: self._frozen])
        self.left.setFixedWidth(max(sum(px(c.width + first_margin(n, c.kind)) for n, c in frozen), 1))
        bar = self.main.horizontalScrollBar()
        high = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self._under.setFixedHeight(high)

    # ---- what the views report -----------------------------------------------------------------------------------
    def hover(self, row: int) -> None:
        """The pointer is over a row (-1 = none)."""
        if row != self.hovered:
            self.hovered = row
            self._redraw()

    def set_focused(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """The views have the focus or lost it."""
        self.focused = on
        if on and self.current < 0 and self.model.rowCount():
            self.go_to(0)
        self._redraw()

    def press(self, index: QModelIndex, event: QMouseEvent) -> None:
        """A row was pressed."""
        self.main.setFocus(Qt.FocusReason.MouseFocusReason)
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.model.columns[index.column()].kind == "act" and self.model.cell(index):
            self.go_to(index.row())
            self._emit(self.started)
            return
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if self.model.columns[index.column()].kind == "check" or held:
            self.model.check(index.row())

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; False = let the view do it."""
        key, held = event.key(), event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key), 0)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self._emit(self.started)
        elif key == Qt.Key.Key_F2:
            self._emit(self.opened)
        elif key == Qt.Key.Key_Space and not control:
            self.previewed.emit()
        elif key == Qt.Key.Key_Insert or (key == Qt.Key.Key_Space and control):
            self.model.check(self.current)
            if key == Qt.Key.Key_Insert:
                self.go_to(min(self.current + 1, self.model.rowCount() - 1))
        elif shift and step:
            self.model.check(self.current, on=True)
            self.go_to(self.current + step)
            self.model.check(self.current, on=True)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if key == Qt.Key.Key_Home else self.model.rowCount() - 1)
        elif key == Qt.Key.Key_A and control:
            self.check_all()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            bar = self.main.horizontalScrollBar()
            by = self._theme.px(tokens.S6 * 2)
            bar.setValue(bar.value() + (by if key == Qt.Key.Key_Right else -by))
        else:
            return False
        return True

    def menu(self) -> Menu:
        """Return the menu of the menu key and the right button: what can be done to the row, ticking, sorting."""
        made = Menu(self._theme, self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in self.acts if self.row() is not None else ():
            made.addAction(f"{act.text}\t{act.key}" if act.key else act.text).triggered.connect(act.on)
        if made.actions():
            made.addSeparator()
        if self.model.columns and self.model.columns[0].kind == "check":
            made.addAction(_("全选或全不选"), self.check_all)
        sorts = Menu(self._theme, made, _("排序"))
        made.addMenu(sorts)
        for n, column in enumerate(self.model.columns):
            if column.sortable and column.title:
                sorts.addAction(_("按{name}排序").format(name=column.title)).triggered.connect(
                    lambda _on=False, n=n: self.sort(n)
                )
        if self.offer is not None:
            self.offer(made)
        return made

    def _emit(self, signal: object) -> None:
        row = self.row()
        if row is not None and not row.total:
            signal.emit(row)  # type: ignore[attr-defined]

    def _double(self, index: QModelIndex) -> None:
        if self.model.columns[index.column()].kind not in ("check", "act"):
            self._emit(self.started)

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.current = now.row() if now.isValid() else -1
        self._tell()
        self._redraw()

    def _tell(self) -> None:
        row = self.row()
        ident = row.id if row is not None else None
        if ident != self._last:
            self._last = ident
            self.current_changed.emit(row)

    def _came(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if top.row() <= self.current <= bottom.row():
            self._tell()

    def _reset(self) -> None:
        keep = self._last
        self.current = -1
        number = self._place(keep) if keep else 0
        if self.model.rowCount():
            self.go_to(min(number, self.model.rowCount() - 1))
        else:
            self._tell()
        self.fit()
        self._grow()

    def _place(self, ident: str) -> int:
        """Return where a record is now, 0 when it is gone."""
        if isinstance(self.model, VirtualModel):
            return self.model.place_after_reset(ident)
        rows = (self.model.row_at(n) for n in range(self.model.rowCount()))
        return next((n for n, row in enumerate(rows) if row is not None and row.id == ident), 0)

    def _relaid(self) -> None:
        """Rows were sorted in memory: the current record is at another place."""
        index = self.main.selectionModel().currentIndex()
        self.current = index.row() if index.isValid() else -1
        if index.isValid():
            self.main.scrollTo(index)
        self._redraw()

    def _heads(self) -> None:
        for view in (self.left, self.main):
            view.head.viewport().update()

    def _redraw(self) -> None:
        self.left.viewport().update()
        self.main.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        mouse = event.reason() == event.Reason.Mouse
        where = event.globalPos() if mouse else self.mapToGlobal(QPoint(0, 0))
        if mouse and self.on_head is not None and event.pos().y() < self.main.head.height():
            self.on_head(where)
        else:
            self.menu().popup(where)
