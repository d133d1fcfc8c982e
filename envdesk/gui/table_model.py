"""What a table shows: columns, rows made for display, and a model over rows that are all in memory."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from envdesk.gui.chips import ChipState

Index = QModelIndex | QPersistentModelIndex
Kind = Literal["text", "number", "chip", "check", "act"]
Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key to sort by, title, width in pixels at 100 % (0 = takes the rest), how its cells are drawn.

    ``tail``: its cells begin alike (addresses of one street), so the end of a long one is what is shown.
    """

    key: str
    title: str
    width: float = 0
    kind: Kind = "text"
    sortable: bool = True
    tail: bool = False


CHECK = Column("", "", 44, "check", sortable=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a tone (a token's colour: "soft", "red", "amber") or bold words."""

    text: str
    tone: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row made for display.

    Attributes:
        id: of the record.
        cells: one per column, the check column left out; a str, a :class:`Cell` or a chip.
        faded: soft words (a sealed row); ``strike`` struck out (void); ``total`` bold on the ground, not selectable.
        data: whatever the page needs when the row is opened.
    """

    id: str
    cells: tuple[str | Cell | ChipState, ...]
    faded: bool = False
    strike: bool = False
    total: bool = False
    data: Any = None


class LedgerModel(QAbstractTableModel):
    """Base of the models of :class:`~envdesk.gui.tables.LedgerTable`.

    Signals:
        checked_changed: other rows are ticked.
    """

    checked_changed = Signal()

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.sorted_by: tuple[int, bool] | None = None
        self._first = 1 if self.columns and self.columns[0].kind == "check" else 0
        self._checked: dict[str, None] = {}

    # ---- to be provided ------------------------------------------------------------------------------------------
    def row_at(self, number: int) -> Row | None:
        """Return a row, None while it is being read."""
        raise NotImplementedError

    # ---- ticks ---------------------------------------------------------------------------------------------------
    @property
    def checked(self) -> tuple[str, ...]:
        """Ids of the ticked rows, in the order they were ticked."""
        return tuple(self._checked)

    def is_checked(self, number: int) -> bool:
        """Tell whether a row is ticked."""
        row = self.row_at(number)
        return row is not None and row.id in self._checked

    def check(self, number: int, on: bool | None = None) -> None:  # noqa: FBT001 - None turns it over
        """Tick a row, or take the tick away."""
        row = self.row_at(number)
        if row is None or row.total or not self._first:
            return
        wanted = row.id not in self._checked if on is None else on
        if wanted:
            self._checked[row.id] = None
        else:
            self._checked.pop(row.id, None)
        self._redraw(number)
        self.checked_changed.emit()

    def check_ids(self, ids: Sequence[str]) -> None:
        """Tick exactly these."""
        self._checked = dict.fromkeys(ids)
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        self.checked_changed.emit()

    def check_all(self) -> None:
        """Tick all rows that are in memory, or take all ticks away when there is one."""
        ids = [] if self._checked else [r.id for n in range(self.rowCount()) if (r := self.row_at(n)) and not r.total]
        self.check_ids(ids)

    # ---- reading -------------------------------------------------------------------------------------------------
    def cell(self, index: Index) -> str | Cell | ChipState:
        """Return what a cell shows, "" while it is being read."""
        row = self.row_at(index.row())
        at = index.column() - self._first
        return row.cells[at] if row is not None and 0 <= at < len(row.cells) else ""

    def _redraw(self, number: int) -> None:
        self.dataChanged.emit(self.index(number, 0), self.index(number, self.columnCount() - 1))

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        kind = self.columns[index.column()].kind
        if kind == "check":
            if role == Role.CheckStateRole:
                return Qt.CheckState.Checked if self.is_checked(index.row()) else Qt.CheckState.Unchecked
            return None
        if role == Role.DisplayRole:
            shown = self.cell(index)
            return shown.word if isinstance(shown, ChipState) else shown.text if isinstance(shown, Cell) else shown
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if kind == "number" else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole or not index.isValid() or self.columns[index.column()].kind != "check":
            return False
        self.check(index.row(), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row = self.row_at(index.row())
        if row is not None and row.total:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.columns[index.column()].kind == "check":
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.columns) and role == Role.DisplayRole:
            return self.columns[section].title
        return None


class RowsModel(LedgerModel):
    """A model over rows in memory, sorted by what is shown unless *order* gives a key for a column.

    Args:
        columns: what is shown.
        rows: first content.
        order: (row, column key) -> value to sort by.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row] = (),
        *,
        order: Callable[[Row, str], Any] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._rows = list(rows)
        self._order = order

    def fill(self, rows: Sequence[Row]) -> None:
        """Show other rows; ticks of rows that are gone go."""
        self.beginResetModel()
        self._rows = list(rows)
        if self.sorted_by is not None:
            self._arrange(*self.sorted_by)
        ids = {r.id for r in self._rows}
        self._checked = {i: None for i in self._checked if i in ids}
        self.endResetModel()
        self.checked_changed.emit()

    def row_at(self, number: int) -> Row | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _arrange(self, column: int, descending: bool) -> None:  # noqa: FBT001 - as stored
        key, at = self.columns[column].key, column - self._first

        def shown(row: Row) -> Any:
            if self._order is not None:
                return self._order(row, key)
            cell = row.cells[at]
            return cell.word if isinstance(cell, ChipState) else cell.text if isinstance(cell, Cell) else cell

        totals = [r for r in self._rows if r.total]
        self._rows = sorted((r for r in self._rows if not r.total), key=shown, reverse=descending) + totals

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns) or not self.columns[column].sortable:
            return
        self.sorted_by = (column, order == Qt.SortOrder.DescendingOrder)
        self.layoutAboutToBeChanged.emit()
        before = {i: self._rows[i.row()].id for i in self.persistentIndexList()}
        self._arrange(*self.sorted_by)
        places = {r.id: n for n, r in enumerate(self._rows)}
        for old, ident in before.items():
            self.changePersistentIndex(old, self.index(places[ident], old.column()))
        self.layoutChanged.emit()
