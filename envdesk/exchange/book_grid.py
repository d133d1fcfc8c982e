"""The cells of a sheet and where each stands in the bytes of its part, so that one can be exchanged and no other moves.

Positions are (row, column), both from 1; a range is (top, left, bottom, right).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from envdesk.exchange.sheets import column_letters, column_number

Place = tuple[int, int]
Range = tuple[int, int, int, int]
Span = tuple[int, int]
"""First byte and the one after the last."""

MOST_ROW, MOST_COLUMN = 1_048_576, 16_384
MOST_CELLS = 400_000
_NAME = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
#: A start tag, also an empty one; an attribute may hold ">".
START = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
#: Where a part says in which writing it is; anything but UTF-8 is left alone.
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")


def cell_name(place: Place) -> str:
    """(6, 4) → D6."""
    return f"{column_letters(place[1] - 1)}{place[0]}"


def read_name(text: str) -> Place | None:
    """D6 → (6, 4); None when it is no cell of a sheet."""
    match = _NAME.fullmatch(text.strip().upper())
    if not match:
        return None
    place = int(match[2]), column_number(match[1]) + 1
    return place if place[0] <= MOST_ROW and place[1] <= MOST_COLUMN else None


def read_range(text: str) -> Range | None:
    """A1:C3 → (1, 1, 3, 3); a single cell is a range of one."""
    first, _, last = text.partition(":")
    a, b = read_name(first), read_name(last or first)
    if a is None or b is None:
        return None
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


@dataclass(slots=True)
class Cell:
    """One cell that the part has.

    Attributes:
        kind: text, number, bool, error or "" (nothing in it).
        text: as stored: the text, the number as written.
        style: number of its style.
        formula: None, or the text of its formula ("" of a shared or other one that stands elsewhere).
        span: in the bytes. ``value`` the same of its ``<v>`` with tags, None without.
    """

    kind: str
    text: str
    style: int
    formula: str | None
    span: Span
    value: Span | None = None
    typed: bool = False


@dataclass(slots=True)
class RowPart:
    """One row that the part has: its bytes, where its content ends, its style (-1 = none) and height in points."""

    span: Span
    inner: int
    style: int = -1
    height: float | None = None
    hidden: bool = False


@dataclass(slots=True)
class Columns:
    """Columns first … last: width in characters, style, hidden."""

    first: int
    last: int
    width: float | None
    style: int
    hidden: bool


@dataclass
class Grid:
    """A sheet as read.

    Attributes:
        data: bytes of its part. ``prefix`` of its elements ("" or ``x:``).
        sheet_data: span of ``<sheetData>``; ``inner`` where its content ends.
        dimension: span of ``<dimension …/>``, None without.
    """

    data: bytes = field(repr=False)
    cells: dict[Place, Cell] = field(default_factory=dict)
    rows: dict[int, RowPart] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    columns: list[Columns] = field(default_factory=list)
    sheet_data: Span = (0, 0)
    inner: int = 0
    dimension: tuple[Span, str] | None = None
    prefix: str = ""
    _merged: dict[Place, Range] | None = field(default=None, repr=False)

    @property
    def extent(self) -> Place:
        """Last row and last column that hold or merge anything."""
        rows = max([1, *(r for r, _c in self.cells), *(m[2] for m in self.merges)])
        columns = max([1, *(c for _r, c in self.cells), *(m[3] for m in self.merges)])
        return rows, columns

    @property
    def merged(self) -> dict[Place, Range]:
        """Cells of merged ranges → their range. Ranges of whole columns are cut to what the sheet uses."""
        if self._merged is None:
            self._merged = {}
            last_row, last_column = self.extent
            for m in self.merges:
                for r in range(m[0], min(m[2], last_row) + 1):
                    for c in range(m[1], min(m[3], last_column) + 1):
                        self._merged[r, c] = m
        return self._merged

    def anchor(self, place: Place) -> Place:
        """The upper left cell of the merged range in which *place* lies, else *place*."""
        m = self.merged.get(place)
        return (m[0], m[1]) if m else place

    def text(self, place: Place) -> str:
        """Stored text of a cell, that of the whole range inside a merged one."""
        cell = self.cells.get(self.anchor(place))
        return cell.text if cell else ""

    def style_of(self, place: Place) -> int:
        """Style of a cell, also of one the part does not have: that of its row, else of its column."""
        cell = self.cells.get(place)
        if cell is not None:
            return cell.style
        row = self.rows.get(place[0])
        if row is not None and row.style >= 0:
            return row.style
        return next((k.style for k in self.columns if k.first <= place[1] <= k.last), 0)


def read_grid(data: bytes, strings: Sequence[str]) -> Grid:
    """Read a worksheet part.

    Args:
        data: bytes of the part, UTF-8.
        strings: the shared texts of the workbook.

    Raises:
        ValueError: it is not well-formed, declares a document type, or is in another writing than UTF-8.
    """
    found = _ENCODING.match(data[:200].lstrip(b"\xef\xbb\xbf"))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (found and found[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise ValueError("encoding")
    reader = _Reader(data, strings)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = reader.doctype
    reader.parser = parser
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last piece
    except expat.ExpatError as exc:
        raise ValueError(str(exc)) from exc
    if not reader.grid.sheet_data[1]:
        raise ValueError("sheetData")
    return reader.grid


class _Reader:
    """Takes what the parser finds; elements count by their local names and where they stand."""

    parser: expat.XMLParserType

    def __init__(self, data: bytes, strings: Sequence[str]) -> None:
        self.grid = Grid(data)
        self._data, self._strings = data, strings
        self._path: list[str] = []
        self._open: list[int] = []
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._place: Place = (0, 0)
        self._texts: dict[str, list[str]] = {}
        self._value: Span | None = None
        self._shared = False

    def doctype(self, *_args: object) -> None:
        """Office writes none."""
        raise ValueError("document type")

    # ---- elements ------------------------------------------------------------------------------------------------
    def start(self, name: str, attrs: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(":")[2]
        at = self.parser.CurrentByteIndex
        self._path.append(local)
        self._open.append(at)
        depth = len(self._path)
        if depth == 1:
            self.grid.prefix = name.removesuffix(local)
        elif depth == 2 and local == "dimension":
            self.grid.dimension = (self._tag(at), attrs.get("ref", ""))
        elif depth == 3 and self._path[1] == "sheetData" and local == "row":
            self._begin_row(attrs)
        elif depth == 4 and self._path[1] == "sheetData" and local == "c":
            self._begin_cell(attrs)
        elif depth == 5 and local == "f" and self._path[1] == "sheetData":
            self._texts["f"] = []
        elif depth == 3 and self._path[1] == "mergeCells" and local == "mergeCell":
            found = read_range(attrs.get("ref", ""))
            if found:
                self.grid.merges.append(found)
        elif depth == 3 and self._path[1] == "cols" and local == "col":
            width = float(attrs["width"]) if attrs.get("width") else None
            self.grid.columns.append(
                Columns(int(attrs["min"]), int(attrs["max"]), width, int(attrs.get("style", 0)), _true(attrs, "hidden"))
            )

    def words(self, text: str) -> None:
        """Text inside an element."""
        if len(self._path) > 4 and self._path[1] == "sheetData" and "rPh" not in self._path:
            kind = self._path[-1]
            if kind in ("v", "f", "t"):
                self._texts.setdefault(kind, []).append(text)

    def end(self, _name: str) -> None:
        """An element ends."""
        local, depth = self._path[-1], len(self._path)
        began = self._open.pop()
        span = began, self._end_of(began)
        if len(self._path) > 1 and self._path[1] == "sheetData":
            if depth == 5 and local == "v":
                self._value = span
            elif depth == 4 and local == "c":
                self._end_cell(span)
            elif depth == 3 and local == "row":
                row = self.grid.rows[self._row]
                row.span, row.inner = span, self._inner(span)
            elif depth == 2:
                self.grid.sheet_data, self.grid.inner = span, self._inner(span)
        self._path.pop()

    def _begin_row(self, attrs: dict[str, str]) -> None:
        self._row = int(attrs["r"]) if attrs.get("r") else self._row + 1
        self._column = 0
        style = int(attrs.get("s", 0)) if _true(attrs, "customFormat") else -1
        height = float(attrs["ht"]) if attrs.get("ht") else None
        self.grid.rows[self._row] = RowPart((0, 0), 0, style, height, _true(attrs, "hidden"))

    def _begin_cell(self, attrs: dict[str, str]) -> None:
        place = read_name(attrs.get("r", ""))
        self._column = place[1] if place else self._column + 1
        self._place = (self._row, self._column)
        self._cell, self._texts, self._value = attrs, {}, None

    def _end_cell(self, span: Span) -> None:
        if len(self.grid.cells) >= MOST_CELLS:
            raise ValueError(f"> {MOST_CELLS}")
        kind = self._cell.get("t", "n")
        raw = "".join(self._texts.get("t" if kind == "inlineStr" else "v", ()))
        if kind == "s":
            raw = self._strings[int(raw)] if raw else ""
        if not raw:
            kind = ""
        formula = "".join(self._texts["f"]) if "f" in self._texts else None
        name = {"s": "text", "str": "text", "inlineStr": "text", "b": "bool", "e": "error", "": ""}.get(kind, "number")
        self.grid.cells[self._place] = Cell(
            name, raw, int(self._cell.get("s", 0)), formula, span, self._value, "t" in self._cell
        )

    # ---- bytes ---------------------------------------------------------------------------------------------------
    def _tag(self, at: int) -> Span:
        match = START.match(self._data, at)
        if match is None:
            raise ValueError(f"tag at {at}")
        return match.span()

    def _end_of(self, began: int) -> int:
        """The byte after an element that ends here; an empty one ends with its only tag."""
        first = self._tag(began)
        if self._data[first[1] - 2 : first[1] - 1] == b"/":
            return first[1]
        return self._data.index(b">", self.parser.CurrentByteIndex) + 1

    def _inner(self, span: Span) -> int:
        """Where the content of an element ends; the end itself of one without content."""
        if self._data[span[1] - 2 : span[1] - 1] == b"/":
            return span[1]
        return self._data.rindex(b"</", span[0], span[1])


def _true(attrs: dict[str, str], name: str) -> bool:
    return attrs.get(name) in ("1", "true")


def inside(place: Place, ranges: Iterable[Range]) -> bool:
    """True when *place* lies in one of the ranges."""
    return any(a <= place[0] <= c and b <= place[1] <= d for a, b, c, d in ranges)
