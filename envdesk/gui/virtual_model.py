"""A model over any number of rows: it knows how many there are and reads the pages that are looked at, off-thread.

A hundred thousand rows open at once, sort by any column in the database and jump to the end, because nothing but what
is on the screen is ever read. A row not read yet is empty until it comes.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from envdesk.gui.table_model import Column, Index, LedgerModel, Row
from envdesk.gui.tasks import Task, Tasks, Where, Work

PAGE = 100
PAGES_KEPT = 60
WANTED_KEPT = 4
"""Pages waiting to be read; older wishes come from places scrolled past."""


class Source(Protocol):
    """Where rows come from. Called on the database thread (``on`` = "desk") or in the pool."""

    on: Where

    def count(self, work: Work) -> int:
        """Return how many rows there are."""

    def rows(self, work: Work, offset: int, limit: int, sort: str, *, descending: bool) -> Sequence[Row]:
        """Return up to *limit* rows from *offset*, ordered by column key *sort* ("" = the source's own order)."""

    def ids(self, work: Work) -> Sequence[str]:
        """Return the ids of all rows (to tick them all)."""


class VirtualModel(LedgerModel):
    """Reads pages of a :class:`Source` as they are asked for.

    Signals:
        counted: the number of rows is known.
        failed: reading failed; the exception.
        loaded: rows came that were asked for.
    """

    counted = Signal(int)
    failed = Signal(object)
    loaded = Signal()

    def __init__(self, tasks: Tasks, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._tasks = tasks
        self._source: Source | None = None
        self._count = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._wanted: list[int] = []
        self._reading: tuple[int, Task] | None = None
        self._generation = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._read_next)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    @property
    def waiting(self) -> bool:
        """True while something asked for has not come."""
        return bool(self._wanted) or self._reading is not None or self._soon.isActive()

    def set_source(self, source: Source | None) -> None:
        """Show another list from its beginning; ticks go."""
        self._source = source
        self._checked.clear()
        self.checked_changed.emit()
        if source is None:
            self._restart(0)
        else:
            self.refresh()

    def refresh(self) -> None:
        """Read the count and the visible rows again; what is shown stays until they come."""
        source = self._source
        if source is None:
            return
        self._generation += 1
        mine = self._generation

        def first(work: Work) -> tuple[int, Sequence[Row]]:
            count = source.count(work)
            return count, self._fetch(source, work, 0)

        def show(found: tuple[int, Sequence[Row]]) -> None:
            if mine == self._generation:
                self._restart(found[0], found[1])
                self.counted.emit(found[0])

        self._tasks.run(first, done=show, failed=self.failed.emit, on=source.on, owner=self)

    def check_everything(self) -> None:
        """Tick all rows of the list, read or not; when one is ticked, take all ticks away."""
        source = self._source
        if self.checked or source is None:
            self.check_ids([])
            return
        self._tasks.run(source.ids, done=self.check_ids, failed=self.failed.emit, on=source.on, owner=self)

    def row_of(self, ident: str) -> int:
        """Return the number of a row that was read, -1 when it was not."""
        for page, rows in self._pages.items():
            for n, row in enumerate(rows):
                if row.id == ident:
                    return page * PAGE + n
        return -1

    def place_after_reset(self, ident: str) -> int:
        """Return the row to be on after a reset, when *ident* was the current record."""
        return max(self.row_of(ident), 0)

    def row_at(self, number: int) -> Row | None:
        page, at = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            if 0 <= number < self._count:
                self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows[at] if 0 <= at < len(rows) else None

    def _fetch(self, source: Source, work: Work, page: int) -> Sequence[Row]:
        column, descending = self.sorted_by or (-1, False)
        key = self.columns[column].key if column >= 0 else ""
        return source.rows(work, page * PAGE, PAGE, key, descending=descending)

    def _restart(self, count: int, first: Sequence[Row] | None = None) -> None:
        self.beginResetModel()
        self._generation += 1
        self._drop_pending()
        self._count = count
        self._pages.clear()
        if first is not None:
            self._pages[0] = first
        self.endResetModel()

    def _drop_pending(self) -> None:
        self._wanted.clear()
        if self._reading is not None:
            self._reading[1].cancel()
            self._reading = None

    def _want(self, page: int) -> None:
        if page in self._wanted or (self._reading is not None and self._reading[0] == page):
            return
        self._wanted.append(page)
        del self._wanted[:-WANTED_KEPT]
        if self._reading is None and not self._soon.isActive():
            self._soon.start()

    def _read_next(self) -> None:
        source = self._source
        if not self._wanted or source is None or self._reading is not None:
            return
        page = self._wanted.pop()
        mine = self._generation

        def show(rows: Sequence[Row]) -> None:
            if mine == self._generation:
                self._came(page, rows)

        def lost(error: Exception) -> None:
            if mine == self._generation:
                self._reading = None
                self.failed.emit(error)

        task = self._tasks.run(
            lambda work: self._fetch(source, work, page), done=show, failed=lost, on=source.on, owner=self
        )
        self._reading = (page, task)

    def _came(self, page: int, rows: Sequence[Row]) -> None:
        self._reading = None
        self._pages[page] = rows
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        last = min((page + 1) * PAGE, self._count) - 1
        if last >= page * PAGE:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, self.columnCount() - 1))
        self.loaded.emit()
        if self._wanted:
            self._soon.start()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns) or not self.columns[column].sortable:
            return
        self.sorted_by = (column, order == Qt.SortOrder.DescendingOrder)
        if self._source is not None:
            self.refresh()
