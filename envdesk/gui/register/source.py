"""Rows of a list for the table: a source over ``present.list_query`` and a model that keeps its place when read again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QObject

from envdesk.desk.words import NONE, Chip
from envdesk.gui import tokens
from envdesk.gui.chips import ChipState, measure
from envdesk.gui.table_model import CHECK, Cell, Column, Kind, Row
from envdesk.gui.tasks import Tasks, Where, Work
from envdesk.gui.theme import Theme
from envdesk.gui.virtual_model import PAGE, VirtualModel
from envdesk.present import list_query as query
from envdesk.present.list_query import Listing, ListState

SOON = 3
"""Working days ahead from which what is left is amber."""
SIDES, ARROW, LEAST, REST, FIRST, NAME = 18, 18, 56, 150, 160, 220
"""Room beside a cell's words and for the arrow of a sorted title, least width of a column, of one that takes the rest, most of the first, and of one that is a name."""
REST_SHARED = 120
"""What is enough for a column that takes the rest where another one does, too: the short words beside them stay whole."""
GIVE = 0.6
"""How much of what a column of words has over the least width it gives up; its title stays whole."""
HARDLY = 8
"""What a column would gain its neighbours by cutting words that are hardly wider than its title: nothing is taken."""
ALIKE, ALIKE_SHARE = 5, 0.8
"""So many first characters in such a share of the cells make a column whose cells begin alike."""
LEAST_FIRST = 120
"""What the first column keeps when all else has given way."""
FIRM = frozenset({"number", "state", "left", "date", "datetime", "time", "int", "decimal", "money", "bool"})
"""Kinds of columns that are never cut."""


def chip_of(told: Chip) -> ChipState:
    """Return a chip of the desk's words as one that is drawn."""
    return ChipState(told.word, told.tone, told.shape, told.struck)


@dataclass(frozen=True)
class Shape:
    """How a list stands in the table: the columns in order, and which cell of a record each of them shows.

    Records known by a number of their own (工单编号) begin with it; the program's own number steps back.
    """

    columns: tuple[query.Column, ...]
    order: tuple[int, ...]
    own: bool = False
    """The user chose the columns: none is hidden for want of room, the table is scrolled instead."""

    @property
    def shown(self) -> tuple[query.Column, ...]:
        """The columns as they stand."""
        return tuple(self.columns[n] for n in self.order)

    def for_table(self) -> tuple[Column, ...]:
        """Return the columns for the table, the ticks in front."""
        return (CHECK, *(_column(c) for c in self.shown))

    def row(self, row: query.Row) -> Row:
        """Return a listed record for the table; ``data`` is the record as listed."""
        cells: list[str | Cell | ChipState] = []
        for n in self.order:
            column, text = self.columns[n], row.cells[n]
            if column.kind == "state":
                cells.append(chip_of(row.chip) if row.chip is not None else "")
            elif column.kind == "left" and row.left is not None and row.left <= SOON:
                cells.append(Cell(text, "red" if row.left < 0 else "amber"))
            else:
                cells.append(text or (row.number if not cells else NONE))
        return Row(row.id, tuple(cells), strike=row.void, data=row)

    def fitted(self, theme: Theme, rows: Sequence[Row], room: float) -> tuple[tuple[Column, ...], frozenset[int]]:
        """Return the columns with widths for what stands in them, and those to be hidden.

        In too little room words give way first; then columns go: marks, and those that take much room for few words.
        """
        made, shown = list(self.for_table()), self.shown
        table, head = theme.metrics("table"), theme.metrics("caption")
        words: dict[int, set[str]] = {}
        wants: dict[int, float] = {}
        give: dict[int, float] = {}
        for n, column in enumerate(shown):
            words[n + 1] = texts = {_text(r.cells[n]) for r in rows}
            if column.kind == "state":
                chips = [c for r in rows if isinstance(c := r.cells[n], ChipState)]
                wide = max((measure(theme, c).width() for c in chips), default=0)
            else:
                wide = max((table.horizontalAdvance(t) for t in texts), default=0)
            edge = tokens.S2 if n == len(shown) - 1 else 0
            title = head.horizontalAdvance(column.title) / theme.scale + ARROW + edge
            first = NAME if column.key == "name" else FIRST
            most = first if not n else column.width * 1.2 if column.kind not in FIRM else room
            wants[n + 1] = wanted = max(wide / theme.scale + SIDES + edge, title, LEAST)
            if column.width or not n:
                width = round(min(wanted, max(most, title, LEAST)))
                made[n + 1] = replace(made[n + 1], width=width)
                slack = width - title
                give[n + 1] = min((width - LEAST) * GIVE, slack) if slack > HARDLY else 0
            elif column.kind != "state":
                made[n + 1] = replace(made[n + 1], tail=_alike(texts))
        loose = [n + 1 for n, c in enumerate(shown) if c.kind not in FIRM and c.width and n]
        # the sheet a row is of is never left out
        spare = (
            []
            if self.own
            else [
                *(n for n in loose if shown[n - 1].key != query.FORM),
                *(n + 1 for n, c in enumerate(shown) if c.kind == "bool" and n),
            ]
        )
        hidden: set[int] = set()
        rest = REST if sum(not c.width for c in made) < 2 else REST_SHARED
        while True:
            left = [n for n in loose if n not in hidden]
            offered = [n for n in spare if n not in hidden]
            taken = sum(c.width or rest for n, c in enumerate(made) if n not in hidden)
            all_of_it = sum(give[n] for n in left)
            if taken - room <= all_of_it or not offered:
                break
            hidden.add(min(offered, key=lambda n: (n in loose, len(words[n] - {NONE, ""}) / made[n].width)))
        if taken > room:
            share = min((taken - room) / all_of_it, 1) if all_of_it else 0
            for n in left:
                made[n] = replace(made[n], width=int(made[n].width - give[n] * share))
            over = max(math.ceil(taken - room - all_of_it), 0)  # nothing is left that could go: the name gives way
            made[1] = replace(made[1], width=max(made[1].width - over, min(made[1].width, LEAST_FIRST)))
        else:
            _widen(made, {n: w for n, w in wants.items() if n not in hidden}, room)
        return tuple(made), frozenset(hidden)


def shape_of(columns: Sequence[query.Column], natural: str, *, own: bool = False) -> Shape:
    """Return how a list stands in the table; *natural* = key of the number people know its records by, "" = ours."""
    keys = [c.key for c in columns]
    order = list(range(len(keys)))
    if natural in keys and keys[0] == query.NUMBER:
        at = keys.index(natural)
        order = [at, *(n for n in order if n not in (0, at))]
    return Shape(tuple(columns), tuple(order), own)


def _widen(made: list[Column], wants: Mapping[int, float], room: float) -> None:
    """Give columns that were kept narrow what is left over, after what takes the rest has what it needs."""
    spare = room - made[0].width - sum(made[n].width or max(w, REST) for n, w in wants.items())
    for n, wanted in wants.items():
        more = min(wanted - made[n].width, spare)
        if made[n].width and more > 0:
            made[n] = replace(made[n], width=round(made[n].width + more))
            spare -= more


def _alike(texts: Collection[str]) -> bool:
    """Tell whether most of the words begin alike."""
    heads = Counter(t[:ALIKE] for t in texts if len(t) > ALIKE)
    return bool(heads) and max(heads.values()) >= max(ALIKE_SHARE * len(texts), 2)


def _text(cell: str | Cell | ChipState) -> str:
    return cell.text if isinstance(cell, Cell) else cell.word if isinstance(cell, ChipState) else cell


def _column(column: query.Column) -> Column:
    kind: Kind = "chip" if column.kind == "state" else "number" if column.align == "right" else "text"
    return Column(column.key, column.title, column.width, kind, column.sortable)


class ListSource:
    """The rows of one :class:`~envdesk.present.list_query.ListState`; everything runs on the database thread."""

    on: Where = "desk"

    def __init__(self, state: ListState) -> None:
        self.state = state
        self._listing: Listing | None = None

    def listing(self, work: Work, sort: str = "", *, descending: bool = True) -> Listing:
        """Return the answer in an order, a new one when the data changed."""
        state = replace(self.state, sort=sort, descending=descending) if sort else self.state
        known = self._listing
        if known is None or known.state != state or known.stale():
            known = self._listing = Listing(work.desk, state)
        return known

    def current(self, work: Work) -> Listing:
        """Return the answer in the order shown last."""
        if self._listing is None or self._listing.stale():
            return self.listing(work)
        return self._listing

    def count(self, work: Work) -> int:
        """Return how many records are listed."""
        return self.current(work).count()

    def rows(self, work: Work, offset: int, limit: int, sort: str, *, descending: bool) -> Sequence[Row]:
        """Return a page of rows."""
        found = self.listing(work, sort, descending=descending if sort else True)
        shape = self.shape(found)
        return [shape.row(r) for r in found.rows(offset, limit)]

    def shape(self, listing: Listing) -> Shape:
        """Return how the list stands in the table."""
        form = listing.form
        natural = form.natural[0] if form.natural and not listing.mixed else ""
        return shape_of(listing.columns(), natural, own=bool(listing.state.columns))

    def ids(self, work: Work) -> Sequence[str]:
        """Return the ids of all rows."""
        return [rec for _form, rec in self.current(work).ids()]

    def keys(self, work: Work, chosen: Sequence[str]) -> list[tuple[str, str]]:
        """Return (form, id) of chosen rows in the order of the list."""
        wanted = set(chosen)
        return [key for key in self.current(work).ids() if key[1] in wanted]


class ListModel(VirtualModel):
    """A model that, read again, keeps the record the user is on, and the ticks of records still there."""

    def __init__(self, tasks: Tasks, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(tasks, columns, parent)
        self.source: ListSource | None = None
        self.place = (-1, "")
        """Number and id of the current row, written by the page."""

    def show_list(self, source: ListSource, count: int, rows: Sequence[Row]) -> None:
        """Show another list whose beginning was read already; ticks go."""
        self._source = self.source = source
        self.place = (-1, "")
        self._checked.clear()
        self._restart(count, rows)
        self.checked_changed.emit()
        self.counted.emit(count)

    def grow(self, count: int) -> None:
        """The list whose beginning is shown is longer: so many rows in all."""
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
            self.counted.emit(count)

    @property
    def order(self) -> tuple[str, bool]:
        """Column key the list is sorted by ("" = its own order), and whether the order is turned over."""
        column, descending = self.sorted_by or (-1, True)
        return (self.columns[column].key, descending) if column >= 0 else ("", True)

    def refresh(self) -> None:
        """Read from the beginning, in another order."""
        self.place = (-1, "")
        super().refresh()

    def read_again(self) -> None:
        """Read the list again after something changed; the place is kept."""
        source = self.source
        if source is None:
            return
        self._generation += 1
        mine, ticked, (number, ident), (key, descending) = self._generation, self.checked, self.place, self.order

        def work(w: Work) -> tuple[int, dict[int, Sequence[Row]], int, list[str] | None]:
            listing = source.listing(w, key, descending=descending)
            at = _near(listing, number, ident)
            count = listing.count()
            pages = {p: self._fetch(source, w, p) for p in sorted({0, max(min(at, count - 1), 0) // PAGE})}
            kept = None
            if ticked:
                there = set(source.ids(w))
                kept = [i for i in ticked if i in there]
            return count, pages, at, kept

        def show(found: tuple[int, dict[int, Sequence[Row]], int, list[str] | None]) -> None:
            if mine != self._generation:
                return
            count, pages, at, kept = found
            self.beginResetModel()
            self._generation += 1
            self._drop_pending()
            self._count = count
            self._pages.clear()
            self._pages.update(pages)
            self.place = (min(at, count - 1), ident)
            self.endResetModel()
            if kept is not None and len(kept) != len(ticked):
                self.check_ids(kept)
            self.counted.emit(count)

        self._tasks.run(work, done=show, failed=self.failed.emit, on=source.on, owner=self)

    def place_after_reset(self, ident: str) -> int:
        """Return the row to be on after the model was reset: the record's, else the same number, else the first."""
        if self.place[0] < 0:
            return 0
        found = self.row_of(ident)
        return found if found >= 0 else max(self.place[0], 0)


def _near(listing: Listing, number: int, ident: str) -> int:
    """Return where a record is now; one that is gone leaves its number to the next one."""
    if number < 0 or not ident:
        return 0
    first = [rec for _form, rec in listing.head()]
    if ident in first:
        return first.index(ident)
    if number < len(first):
        return number
    found = listing.position(ident)
    return found if found >= 0 else number
