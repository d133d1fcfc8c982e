"""Which figure or list stands where in a workbook of a superior, and how that is found again in next month's file."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from envdesk.exchange.book import Book
from envdesk.exchange.book_grid import Grid, Place, cell_name, read_name
from envdesk.exchange.book_labels import LIKE, NO_WORDS, Labels, Words, find, from_json, labels, to_json
from envdesk.exchange.sheets import column_letters
from envdesk.figures.period import Period
from envdesk.i18n import N_

#: What of a figure can stand in a cell: id → title.
MEASURES: Mapping[str, str] = {
    "current": N_("本期"), "year_to_date": N_("本年累计"), "last_year": N_("上年同期"), "previous": N_("上期"),
    "change_last_year": N_("同比"), "change_previous": N_("环比"), "target": N_("任务数"), "completion": N_("完成率"),
    "numerator": N_("分子"), "denominator": N_("分母"),
}  # fmt: skip
#: Words that are no figures: id → title.
WORDS: Mapping[str, str] = {
    "@office": N_("填报单位"), "@district": N_("所属区"), "@period": N_("报告期"), "@span": N_("报告期起止"),
    "@cut": N_("数据截至日"), "@today": N_("填表日期"), "@operator": N_("填表人"), "@phone": N_("联系电话"),
}  # fmt: skip
SERIAL = "#"
"""Column of a list that counts its rows."""
OPEN = 0
"""A list without an end: nothing stands below it."""


@dataclass(frozen=True, slots=True)
class CellBinding:
    """A figure (or words, ``@…``) in a cell.

    Attributes:
        words: its labels when it was bound.
    """

    sheet: str
    place: Place
    figure: str
    measure: str = "current"
    words: Words = NO_WORDS

    @property
    def name(self) -> str:
        """月报!D6."""
        return f"{self.sheet}!{cell_name(self.place)}"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: number from 1, key of a field (or ``#``), the labels above its first cell.

    Attributes:
        gap: rows between the nearest label above and the first cell.
    """

    column: int
    key: str
    words: Words = NO_WORDS
    gap: int = 0


@dataclass(frozen=True, slots=True)
class ListBinding:
    """Records of a form, one a row from a cell down.

    Attributes:
        where: condition in the language of the forms.
        rows: how many rows the form leaves for it, :data:`OPEN` = as many as come.
        foot: labels of the first row below, for when rows are inserted.
    """

    sheet: str
    place: Place
    form: str
    columns: tuple[ListColumn, ...]
    where: str = ""
    rows: int = OPEN
    foot: str = ""

    @property
    def name(self) -> str:
        """月报!A20."""
        return f"{self.sheet}!{cell_name(self.place)}"

    def cells(self, count: int = 0) -> Iterable[Place]:
        """Cells that belong to the list: those of its room, at least of *count* rows."""
        for row in range(self.place[0], self.place[0] + max(self.rows, count, 1)):
            for column in self.columns:
                yield row, column.column


@dataclass(frozen=True, slots=True)
class SheetMemory:
    """A sheet as it was when it was bound."""

    name: str
    fingerprint: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Bindings:
    """All that is bound in a workbook."""

    cells: tuple[CellBinding, ...] = ()
    lists: tuple[ListBinding, ...] = ()
    sheets: tuple[SheetMemory, ...] = ()

    def filled(self, sheet: str) -> set[Place]:
        """Cells of a sheet that get a value."""
        out = {b.place for b in self.cells if b.sheet == sheet}
        for b in self.lists:
            if b.sheet == sheet:
                out |= set(b.cells())
        return out

    @property
    def every(self) -> tuple[CellBinding | ListBinding, ...]:
        """Cells, then lists."""
        return (*self.cells, *self.lists)

    def names(self) -> list[str]:
        """Sheets in which something is bound."""
        return list(dict.fromkeys([*(b.sheet for b in self.cells), *(b.sheet for b in self.lists)]))


@dataclass(frozen=True)
class Match:
    """A known workbook found again in a file.

    Attributes:
        name: under which it is known. ``same`` = every bound sheet is as it was.
        likeness: share of labels in common, 0 to 1.
        now: what could be placed, at its place in this file.
        moved: bindings whose cell is another now, (then, now).
        lost: bindings that have to be placed anew.
    """

    name: str
    likeness: float
    same: bool
    now: Bindings
    moved: tuple[tuple[CellBinding | ListBinding, str], ...] = ()
    lost: tuple[CellBinding | ListBinding, ...] = ()


# ---- remembering -----------------------------------------------------------------------------------------------------
def remember(book: Book, bindings: Bindings) -> Bindings:
    """Add to bindings what the sheets say around them."""
    cells: list[CellBinding] = []
    lists: list[ListBinding] = []
    sheets: list[SheetMemory] = []
    for name in bindings.names():
        found = labels(book.grid(name), bindings.filled(name))
        sheets.append(SheetMemory(name, found.fingerprint, tuple(found.at.values())))
        cells += [replace(b, words=found.words(b.place)) for b in bindings.cells if b.sheet == name]
        lists += [_remembered(found, b) for b in bindings.lists if b.sheet == name]
    return Bindings(tuple(cells), tuple(lists), tuple(sheets))


def _remembered(found: Labels, b: ListBinding) -> ListBinding:
    columns = []
    for c in b.columns:
        first = (b.place[0], c.column)
        heads = found.above(first)
        gap = b.place[0] - 1 - found.bottom(heads[-1]) if heads else 0
        columns.append(replace(c, words=Words((), tuple(found.at[h] for h in heads)), gap=gap))
    return replace(b, columns=tuple(columns), foot=_foot(found, b.place[0] + b.rows) if b.rows else "")


def _foot(found: Labels, row: int) -> str:
    return "|".join(text for (r, _c), text in sorted(found.at.items()) if r == row)


def room(grid: Grid, place: Place) -> int:
    """Rows that a form leaves for a list: up to the next one that says anything; :data:`OPEN` when none follows.

    Rows with nothing but a serial number are room.
    """
    used = {
        r for (r, _c), cell in grid.cells.items()
        if r > place[0] and (cell.formula is not None or (cell.text and cell.kind != "number"))
    }  # fmt: skip
    return min(used) - place[0] if used else OPEN


# ---- finding again ---------------------------------------------------------------------------------------------------
def recognise(book: Book, known: Mapping[str, Bindings]) -> Match | None:
    """Return which known workbook a file is, None when it is like none of them."""
    best: Match | None = None
    for name, bindings in known.items():
        found = match(book, name, bindings)
        if found is not None and (best is None or (found.same, found.likeness) > (best.same, best.likeness)):
            best = found
    return best


def match(book: Book, name: str, bindings: Bindings) -> Match | None:
    """Place bindings in a file by its labels; None when a bound sheet is not there."""
    places = _sheets(book, bindings)
    if places is None:
        return None
    every = bindings.every
    placed: dict[str, CellBinding | ListBinding] = {}
    for memory in bindings.sheets:
        sheet, found = places[memory.name]
        mine = [b for b in every if b.sheet == memory.name]
        if found.fingerprint == memory.fingerprint:
            placed |= {b.name: replace(b, sheet=sheet) for b in mine}
        else:
            placed |= _placed(book.grid(sheet), sheet, mine)
    twice = Counter((b.sheet, b.place) for b in placed.values())
    placed = {name: b for name, b in placed.items() if twice[b.sheet, b.place] == 1}
    now = Bindings(
        tuple(b for b in placed.values() if isinstance(b, CellBinding)),
        tuple(b for b in placed.values() if isinstance(b, ListBinding)),
        bindings.sheets,
    )
    return Match(
        name,
        min((places[m.name][1].alike(m.labels) for m in bindings.sheets), default=0.0),
        all(places[m.name][1].fingerprint == m.fingerprint for m in bindings.sheets),
        now,
        tuple(
            (b, cell_name(placed[b.name].place)) for b in every if b.name in placed and placed[b.name].place != b.place
        ),
        tuple(b for b in every if b.name not in placed),
    )


def _placed(grid: Grid, sheet: str, mine: Iterable[CellBinding | ListBinding]) -> dict[str, CellBinding | ListBinding]:
    """Place bindings on a sheet that changed. What one round finds are values and no labels in the next."""
    out: dict[str, CellBinding | ListBinding] = {}
    for _round in range(2):
        filled: set[Place] = set()
        for b in out.values():
            filled |= {b.place} if isinstance(b, CellBinding) else set(b.cells())
        found = labels(grid, filled)
        for b in mine:
            if b.name in out:
                continue
            if isinstance(b, ListBinding):
                placed = _list(found, b)
                if placed is not None:
                    out[b.name] = replace(placed, sheet=sheet)
            elif (place := find(found, b.words)) is not None:
                out[b.name] = replace(b, sheet=sheet, place=place)
    return out


def _sheets(book: Book, bindings: Bindings) -> dict[str, tuple[str, Labels]] | None:
    """Bound sheet → the sheet of this file that is most like it, enough for it to be the same."""
    out: dict[str, tuple[str, Labels]] = {}
    free = [sheet.name for sheet in book.sheets]
    for memory in bindings.sheets:
        filled = bindings.filled(memory.name)
        ranked = []
        for name in free:
            found = labels(book.grid(name), filled)
            like = found.alike(memory.labels)
            ranked.append((found.fingerprint == memory.fingerprint, name == memory.name, like, name, found))
        best = max((r for r in ranked if r[0] or r[2] >= LIKE), key=lambda r: (r[0], r[1], r[2]), default=None)
        if best is None:
            return None
        out[memory.name] = best[3], best[4]
        free.remove(best[3])
    return out


def _list(found: Labels, b: ListBinding) -> ListBinding | None:
    """Place a list under its heads; None unless they are all there in one line, and only one such line is."""
    firsts = [found.under(c.words.column[-1], c.gap) if c.words.column else [] for c in b.columns]
    lines = set.intersection(*({r for r, _c in places} for places in firsts)) if firsts else set()
    whole = [row for row in lines if all(sum(r == row for r, _c in places) == 1 for places in firsts)]
    if len(whole) != 1:
        return None
    top = whole[0]
    at = [next(c for r, c in places if r == top) for places in firsts]
    columns = tuple(replace(c, column=n) for c, n in zip(b.columns, at, strict=True))
    placed = replace(b, place=(top, at[0]), columns=columns)
    if b.rows:
        feet = [r for r in sorted({r for r, _c in found.at}) if r > top and _foot(found, r) == b.foot]
        if not b.foot or not feet:
            return None
        placed = replace(placed, rows=feet[0] - top)
    return placed


_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])(?=\s*月)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def for_month(book: Book, bindings: Bindings, period: Period) -> Bindings:
    """Bindings moved to the sheets of another month, in a workbook with one sheet for each.

    A bound sheet named after a month (9月, 2026年9月报表) gives way to the one of the same name and form for the month of
    the period; any other stays.
    """
    if period.kind != "month":
        return bindings
    renamed: dict[str, str] = {}
    for memory in bindings.sheets:
        wanted = _YEAR.sub(
            str(period.start.year), _MONTH.sub(lambda m: _same_width(m[1], period.start.month), memory.name)
        )
        if wanted != memory.name and any(sheet.name == wanted for sheet in book.sheets):
            found = labels(book.grid(wanted), bindings.filled(memory.name))
            if found.fingerprint == memory.fingerprint:
                renamed[memory.name] = wanted
    if not renamed:
        return bindings
    return Bindings(
        tuple(replace(b, sheet=renamed.get(b.sheet, b.sheet)) for b in bindings.cells),
        tuple(replace(b, sheet=renamed.get(b.sheet, b.sheet)) for b in bindings.lists),
        tuple(replace(m, name=renamed.get(m.name, m.name)) for m in bindings.sheets),
    )


def _same_width(old: str, month: int) -> str:
    """09月 → 10月, 9月 → 8月: with the zero when the sheets have it."""
    return f"{month:02}" if old.startswith("0") else str(month)


# ---- in the data file ------------------------------------------------------------------------------------------------
def dump(bindings: Bindings) -> str:
    """JSON of bindings."""
    cells = [
        {
            "sheet": b.sheet,
            "cell": cell_name(b.place),
            "figure": b.figure,
            "measure": b.measure,
            "words": to_json(b.words),
        }
        for b in bindings.cells
    ]
    lists = [
        {
            "sheet": b.sheet, "cell": cell_name(b.place), "form": b.form, "where": b.where, "rows": b.rows, "foot": b.foot,
            "columns": [
                {"column": column_letters(c.column - 1), "key": c.key, "words": to_json(c.words), "gap": c.gap}
                for c in b.columns
            ],
        }
        for b in bindings.lists
    ]  # fmt: skip
    sheets = [{"name": s.name, "fingerprint": s.fingerprint, "labels": s.labels} for s in bindings.sheets]
    return json.dumps({"cells": cells, "lists": lists, "sheets": sheets}, ensure_ascii=False)


def read(text: str) -> Bindings:
    """Bindings from their JSON."""
    raw: dict[str, Any] = json.loads(text)
    return Bindings(
        tuple(
            CellBinding(c["sheet"], _place(c["cell"]), c["figure"], c["measure"], from_json(c["words"])) for c in raw["cells"]
        ),
        tuple(
            ListBinding(
                b["sheet"], _place(b["cell"]), b["form"],
                tuple(ListColumn(_place(f"{c['column']}1")[1], c["key"], from_json(c["words"]), c["gap"])
                      for c in b["columns"]),
                b["where"], b["rows"], b["foot"],
            )
            for b in raw["lists"]
        ),
        tuple(SheetMemory(s["name"], s["fingerprint"], tuple(s["labels"])) for s in raw["sheets"]),
    )  # fmt: skip


def _place(text: str) -> Place:
    found = read_name(text)
    if found is None:
        raise ValueError(text)
    return found
