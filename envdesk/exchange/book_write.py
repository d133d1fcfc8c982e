"""Put values into cells of a workbook and leave every other byte of its parts as it is.

In the part of a sheet only the ``<c>`` elements of the cells that get a value are exchanged, with their style kept.
Texts are written into the cell (the shared ones stay untouched) and are never formulas. A formula that depends on a
changed cell loses the value it last came to, and the workbook is told to work out its formulas when it is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from xml.sax.saxutils import escape

from envdesk.exchange.book import Book
from envdesk.exchange.book_formulas import Spot, depending
from envdesk.exchange.book_grid import START, Grid, Place, cell_name, read_range
from envdesk.exchange.sheets import column_letters

Value = int | Decimal | str | None
"""A number, a text, or None for a cell that is emptied."""

LONGEST = 32_767
"""Most characters of a cell."""
#: What XML can not say; a spreadsheet shows nothing for it either.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_CALC = re.compile(rb"<(?:\w+:)?calcPr\b")
_FLAG = re.compile(rb"""\sfullCalcOnLoad\s*=\s*(?:"[^"]*"|'[^']*')""")
#: Elements of a workbook after which ``calcPr`` stands, the last that is there counts.
_BEFORE_CALC = ("definedNames", "externalReferences", "functionGroups", "sheets")
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")


def fill(
    book: Book,
    values: Mapping[str, Mapping[Place, Value]],
    like: Mapping[str, Mapping[Place, Place]] | None = None,
) -> bytes:
    """Return the workbook with values in cells.

    Args:
        book: opened workbook.
        values: sheet → cell → value. Cells inside a merged range stand for its first cell.
        like: sheet → cell → the cell it looks like when the sheet does not have it yet.

    Raises:
        ValueError: a cell holds a formula; nothing may overwrite one.
    """
    wanted: dict[str, dict[Place, Value]] = {}
    for sheet, cells in values.items():
        grid = book.grid(sheet)
        wanted[sheet] = {grid.anchor(place): value for place, value in cells.items()}
        for place in wanted[sheet]:
            cell = grid.cells.get(place)
            if cell is not None and cell.formula is not None:
                raise ValueError(f"{sheet}!{cell_name(place)} holds a formula")
    stale = _stale(book, wanted)
    parts = dict(book.parts)
    for page in book.sheets:
        own = {place for name, place in stale if name == page.name}
        if wanted.get(page.name) or own:
            looks = (like or {}).get(page.name)
            parts[page.part] = edit(book.grid(page.name), wanted.get(page.name, {}), own, looks)
    if stale:
        parts[book.main] = recalculating(parts[book.main])
    return _zip(book.data, parts)


def _stale(book: Book, wanted: Mapping[str, Mapping[Place, Value]]) -> set[Spot]:
    """Formulas whose value is no longer true; only files with formulas are looked through."""
    formulas = {
        (page.name, place): cell.formula
        for page in book.sheets
        if any(mark in book.parts[page.part] for mark in (b"<f", b":f"))
        for place, cell in book.grid(page.name).cells.items()
        if cell.formula is not None
    }
    changed = {(sheet, place) for sheet, cells in wanted.items() for place in cells}
    return depending(formulas, changed) if formulas and changed else set()


# ---- one sheet -------------------------------------------------------------------------------------------------------
def edit(
    grid: Grid,
    values: Mapping[Place, Value],
    stale: Iterable[Place] = (),
    like: Mapping[Place, Place] | None = None,
) -> bytes:
    """Return the bytes of a sheet with other values in some cells.

    Args:
        grid: the sheet as read.
        values: cell → value.
        stale: formulas whose remembered value goes.
        like: cells that look like another one when the sheet does not have them yet (further rows of a list).
    """
    cuts: list[tuple[int, int, int, int, bytes]] = []  # start, end, row, column, new bytes
    missing: dict[int, dict[int, Value]] = {}
    for (row, column), value in values.items():
        cell = grid.cells.get((row, column))
        if cell is None:
            if value is not None:
                missing.setdefault(row, {})[column] = value
        else:
            cuts.append((*cell.span, row, column, _cell(grid, (row, column), value, cell.style)))
    for place in stale:
        cell = grid.cells[place]
        if cell.value is not None:
            cuts.append((*cell.value, *place, b""))
        if cell.typed:
            start = _start_tag(grid, cell.span[0])
            bare = re.sub(rb"""\st\s*=\s*(?:"[^"]*"|'[^']*')""", b"", grid.data[start[0] : start[1]], count=1)
            cuts.append((*start, *place, bare))
    if missing:
        cuts += _missing(grid, missing, like or {})
        cuts += _wider(grid, [(r, c) for r, cells in missing.items() for c in cells])
    return _spliced(grid.data, cuts)


def _missing(
    grid: Grid, missing: Mapping[int, Mapping[int, Value]], like: Mapping[Place, Place]
) -> list[tuple[int, int, int, int, bytes]]:
    """Cells that the part does not have yet."""
    made = {
        row: {
            c: _cell(grid, (row, c), v, grid.style_of(like.get((row, c), (row, c)))) for c, v in sorted(cells.items())
        }
        for row, cells in missing.items()
    }
    there: dict[int, list[tuple[int, int]]] = {}
    for (r, c), cell in grid.cells.items():
        if r in made:
            there.setdefault(r, []).append((c, cell.span[0]))
    cuts = _new_rows(grid, {r: cells for r, cells in made.items() if r not in grid.rows})
    for r, cells in made.items():
        if r in grid.rows:
            cuts += _into_row(grid, r, cells, sorted(there.get(r, ())))
    return cuts


def _spliced(data: bytes, cuts: list[tuple[int, int, int, int, bytes]]) -> bytes:
    out: list[bytes] = []
    at = 0
    for start, end, _row, _column, new in sorted(cuts):
        out += [data[at:start], new]
        at = end
    return b"".join([*out, data[at:]])


def _start_tag(grid: Grid, at: int) -> tuple[int, int]:
    match = START.match(grid.data, at)
    if match is None:
        raise ValueError(f"tag at {at}")
    return match.span()


def _cell(grid: Grid, place: Place, value: Value, style: int) -> bytes:
    """XML of a cell."""
    p = grid.prefix
    head = f'{p}c r="{cell_name(place)}"' + (f' s="{style}"' if style else "")
    if value is None:
        return f"<{head}/>".encode()
    if isinstance(value, str):
        text = escape(_UNSAYABLE.sub("", value)[:LONGEST]).replace("\r", "&#13;")
        return f'<{head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is></{p}c>'.encode()
    number = str(value) if isinstance(value, int) else f"{value:f}"
    return f"<{head}><{p}v>{number}</{p}v></{p}c>".encode()


def _into_row(
    grid: Grid, number: int, made: Mapping[int, bytes], there: list[tuple[int, int]]
) -> list[tuple[int, int, int, int, bytes]]:
    """Cells that a row does not have yet, before the next one of it. *there* = column and first byte of those it has."""
    row = grid.rows[number]
    start, end = _start_tag(grid, row.span[0])
    tag = grid.data[start:end]
    if end == row.span[1]:  # an empty row
        opened = _SPANS.sub(b"", tag[:-2].rstrip()) + b">"
        line = opened + b"".join(made.values()) + f"</{grid.prefix}row>".encode()
        return [(start, end, number, 0, line)]
    cuts = [(start, end, number, 0, _SPANS.sub(b"", tag))] if _SPANS.search(tag) else []
    for column, new in made.items():
        at = next((begin for c, begin in there if c > column), row.inner)
        cuts.append((at, at, number, column, new))
    return cuts


def _new_rows(grid: Grid, rows: Mapping[int, Mapping[int, bytes]]) -> list[tuple[int, int, int, int, bytes]]:
    """Rows that the sheet does not have yet, each before the next one that it has."""
    p = grid.prefix
    lines = {n: f'<{p}row r="{n}">'.encode() + b"".join(c.values()) + f"</{p}row>".encode() for n, c in rows.items()}
    start, end = grid.sheet_data
    if lines and grid.inner == end:  # <sheetData/>
        body = b"".join(lines[n] for n in sorted(lines))
        return [(start, end, 0, 0, f"<{p}sheetData>".encode() + body + f"</{p}sheetData>".encode())]
    there = sorted(grid.rows)
    cuts = []
    for number, line in lines.items():
        later = bisect_right(there, number)
        at = grid.rows[there[later]].span[0] if later < len(there) else grid.inner
        cuts.append((at, at, number, 0, line))
    return cuts


def _wider(grid: Grid, added: Iterable[Place]) -> list[tuple[int, int, int, int, bytes]]:
    """Say that the sheet is larger now, when it said how large it is."""
    if grid.dimension is None:
        return []
    (start, end), ref = grid.dimension
    area = read_range(ref)
    if area is None:
        return []
    rows, columns = zip(*added, strict=True)
    top, left = min(area[0], *rows), min(area[1], *columns)
    bottom, right = max(area[2], *rows), max(area[3], *columns)
    if (top, left, bottom, right) == area:
        return []
    new = f"{column_letters(left - 1)}{top}:{column_letters(right - 1)}{bottom}".encode()
    return [(start, end, 0, 0, grid.data[start:end].replace(ref.encode(), new, 1))]


# ---- the workbook ----------------------------------------------------------------------------------------------------
def recalculating(main: bytes) -> bytes:
    """The workbook part, telling that formulas are to be worked out when the file is opened."""
    found = _CALC.search(main)
    if found:
        tag = START.match(main, found.start())
        if tag is None:
            raise ValueError("calcPr")
        bare = _FLAG.sub(b"", tag[0])
        end = b"/>" if bare.endswith(b"/>") else b">"
        new = bare[: -len(end)].rstrip() + b' fullCalcOnLoad="1"' + end
        return main[: found.start()] + new + main[tag.end() :]
    for name in _BEFORE_CALC:
        ends = list(re.finditer(rb"</(\w+:)?%s\s*>|<(\w+:)?%s\b[^>]*/>" % (name.encode(), name.encode()), main))
        if ends:
            prefix = ends[-1][1] or ends[-1][2] or b""
            at = ends[-1].end()
            return main[:at] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + main[at:]
    raise ValueError("sheets")


def _zip(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same zip with other content in some parts: order, names, dates and kind of packing stay."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            kept = zipfile.ZipInfo(info.filename, info.date_time)
            kept.compress_type = (
                info.compress_type if info.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
            )
            kept.external_attr, kept.create_system, kept.comment = info.external_attr, info.create_system, info.comment
            new.writestr(kept, b"" if info.is_dir() else parts[info.filename])
    return out.getvalue()
