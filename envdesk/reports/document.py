"""The neutral document: what a paper says, in blocks, without points or fonts.

Composers (``monthly``, ``sheet``) make it from figures and records; ``pdf`` draws it, and renderers for Word and Excel
read the same blocks. Lengths are millimetres. Text is plain data, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Literal

Align = Literal["left", "centre", "right"]


# ---- inside a line -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Span:
    """Words.

    Attributes:
        bold: the label face (Hei). ``keep`` = on one line if they fit (a label inside a cell).
        figure: id of the figure these words print, so that a preview can lead to its records.
    """

    text: str
    bold: bool = False
    keep: bool = False
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A check box and its label, never parted."""

    label: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """An underlined space to write on, *mm* wide."""

    mm: float


Inline = tuple[Span | Tick | Blank, ...]
GAP = Span("\u3000")


def inline(*parts: str | Span | Tick | Blank) -> Inline:
    """Build inline content; bare strings become spans, empty ones vanish."""
    return tuple(Span(p) if isinstance(p, str) else p for p in parts if p != "")


def ticks(labels: Iterable[str], chosen: Iterable[str] = ()) -> Inline:
    """Return a list of check boxes, a full space between them."""
    marked, out = set(chosen), list[Span | Tick | Blank]()
    for label in labels:
        if out:
            out.append(GAP)
        out.append(Tick(label, label in marked))
    return tuple(out)


def plain(content: Inline) -> str:
    """Return inline content as text, boxes as ☐ ☑ and blanks as underscores."""
    out = []
    for part in content:
        if isinstance(part, Span):
            out.append(part.text)
        elif isinstance(part, Tick):
            out.append(("☑" if part.on else "☐") + part.label)
        else:
            out.append("_" * max(1, round(part.mm / 2)))
    return "".join(out)


# ---- blocks --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Title:
    """Head of the paper: optional office line above, optional boxed mark (内部·含个人信息) top right.

    ``apart``: begins a page, in Excel a sheet (an appendix with columns of its own).
    """

    text: str
    office: str = ""
    mark: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class InfoLine:
    """One line with words at the left, centre and right."""

    left: Inline = ()
    centre: Inline = ()
    right: Inline = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; ``numeric`` columns are set to the right."""

    title: str
    mm: float
    align: Align = "left"

    @property
    def numeric(self) -> bool:
        """True for columns of figures."""
        return self.align == "right"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row, without the category column. ``tied`` = never parted from the row above (其中 rows)."""

    cells: tuple[Inline, ...]
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one category; the title fills the merged category cell and is re-opened with （续）."""

    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose header row stands on each page.

    Attributes:
        columns: all columns, the category column included.
        groups: rows by category; one untitled group for a plain table.
        category: position of the merged category column, None = none.
        side: words of a merged label cell left of the whole table (办理经过), ``side_mm`` wide.
        joined: drawn without a gap under the block above.
        size: type size in points; ``row_mm`` least height of a row; ``blank_rows`` empty rows to fill by hand.
        dense: close lines, for tables of figures.
    """

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    category: int | None = None
    side: str = ""
    side_mm: float = 0.0
    joined: bool = False
    size: float = 9.5
    row_mm: float = 8.0
    blank_rows: int = 0
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value.

    Attributes:
        long: running text: set from the top, justified, may go on over the page.
        foot: words at the right of the cell's foot (签名：　　年　月　日).
        min_mm: least height.
    """

    label: str
    value: Inline = ()
    long: bool = False
    foot: str = ""
    min_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Rows of one, two or three pairs, ruled. ``title`` = heading row across the block."""

    rows: tuple[tuple[Pair, ...], ...]
    title: str = ""
    joined: bool = False
    size: float = 10.0
    label_mm: float = 26.0


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line of a checklist: what is looked at, what to look for, the boxes and the words written beside."""

    title: str
    point: str = ""
    choices: tuple[Tick | Span, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """序号 | 检查项目 | 检查要点 | 检查结果 | 问题记录."""

    items: tuple[CheckItem, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class LongText:
    """A box across the page: bold label, then running text or boxes; ``min_mm`` leaves room to write."""

    label: str
    content: Inline = ()
    joined: bool = False
    min_mm: float = 8.0


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code and the words under it."""

    data: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """注： numbered notes with hanging indent (one note stands without a number), an optional QR code at the right."""

    items: tuple[str, ...]
    qr: Qr | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as file bytes (any format Pillow reads), None = a frame to paste one into."""

    data: bytes | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PhotoGrid:
    """Pictures in 4:3 frames, ``per_row`` in a row."""

    photos: tuple[Photo, ...]
    per_row: int = 2


@dataclass(frozen=True, slots=True)
class Series:
    """Values of a chart, one for each label (None = nothing to draw), and the same as printed."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of figures, to be looked at in black and white; every value stands beside its bar.

    Attributes:
        kind: ``columns`` = upright bars over time, one or two series; ``bars`` = lying bars of parts, longest first;
            ``shares`` = lying bars in a frame of 100 %.
        title: words over it, unit included. ``labels``: under the columns (a line break allowed) or before the bars.
        note: a line under it.
    """

    kind: Literal["columns", "bars", "shares"]
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts side by side, ``per_row`` in a row, each *mm* high, under an optional heading (附图)."""

    charts: tuple[Chart, ...]
    title: str = ""
    per_row: int = 2
    mm: float = 50.0


@dataclass(frozen=True, slots=True)
class SignLine:
    """Signature words in one line, room to sign after each; the last stands at the right."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Boxed places to sign: rows of labels, each with an empty cell; a label 日期 gets the words 年 月 日."""

    rows: tuple[tuple[str, ...], ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """主送机关: the line under the title, ending in a colon, not indented."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number written out: level 1 一、 (Hei), 2 （一） (Kai), 3 1. (text face). Never last on a page."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its first line indented by two characters unless ``flush`` (a name to write to)."""

    content: Inline
    flush: bool = False


@dataclass(frozen=True, slots=True)
class Attachments:
    """附件说明 under the text: numbered when there are several, without end marks."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignOff:
    """署名 centred over 成文日期 (``day`` in words), with room above for the seal."""

    office: str
    day: str


@dataclass(frozen=True, slots=True)
class Caption:
    """A short heading inside a sheet, in Hei; never last on a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """Figures side by side: (number, unit, label)."""

    items: tuple[tuple[str, str, str], ...]

    def table(self) -> Table:
        """Return the figures as a table, for Word and Excel."""
        columns = tuple(Column(label, 27.5, "centre") for _number, _unit, label in self.items)
        return Table(columns, (Group((Row(tuple(inline(f"{n}{unit}") for n, unit, _label in self.items)),)),))


@dataclass(frozen=True, slots=True)
class MonthBars:
    """Two bars for each month and a mark where something came in.

    Attributes:
        months: (year, month) in order.
        bars: (title, value of each month), at most two; the first is drawn grey, the second black.
        marks: (title, how many in each month); a diamond where there is one.
    """

    months: tuple[tuple[int, int], ...]
    bars: tuple[tuple[str, tuple[int, ...]], ...]
    marks: tuple[str, tuple[int, ...]]

    def table(self) -> Table:
        """Return the values as a table, for Word and Excel."""
        columns = (Column("月份", 20), *(Column(f"{m}月", 12.1, "right") for _year, m in self.months))
        rows = tuple(
            Row((inline(title), *(inline(str(v) if v else "") for v in values)))
            for title, values in (*self.bars, self.marks)
        )
        return Table(columns, (Group(rows),), size=8.5)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a timeline; ``mark`` = done (○), found (●) or order (◇)."""

    day: str
    mark: Literal["done", "found", "order"]
    kind: str
    what: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, newest first, along a rail of marks."""

    steps: tuple[Step, ...]

    def table(self) -> Table:
        """Return the lines as a table; the marks are characters, for Word and Excel."""
        columns = (
            Column("日期", 24, "centre"), Column("", 9, "centre"), Column("类别", 14, "centre"), Column("事项", 75),
            Column("结果", 43),
        )  # fmt: skip
        signs = {"done": "○", "found": "●", "order": "◇"}
        rows = tuple(
            Row(tuple(inline(t) for t in (s.day, signs[s.mark], s.kind, s.what, s.result))) for s in self.steps
        )
        return Table(columns, (Group(rows),), size=9, row_mm=6.1, dense=True)


Block = (
    Title | InfoLine | Table | KeyValues | Checklist | LongText | Notes | PhotoGrid | Charts | SignLine | Signatures
    | Addressee | Heading | Paragraph | Attachments | SignOff | Caption | Band | MonthBars | Timeline
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands outside the type area of each page.

    Attributes:
        running: left words over continuation pages; ``running_right`` right ones.
        foot_left, foot_right: words beside the folio.
        folio: where 第n页 共m页 stands.
        watermark: large grey words behind everything (草稿).
    """

    running: str = ""
    running_right: str = ""
    foot_left: str = ""
    foot_right: str = ""
    folio: Literal["centre", "right"] = "centre"
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole paper; ``official`` = set as an official letter after GB/T 9704 (no running heads, folio — 1 —)."""

    title: str
    blocks: tuple[Block, ...]
    author: str = ""
    subject: str = ""
    landscape: bool = False
    official: bool = False
    furniture: Furniture = field(default_factory=Furniture)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a figure was printed: page from 0; left, top, right, bottom in points from the upper left corner.

    ``row``: the whole row of its table, () in running text.
    """

    figure: str
    page: int
    box: tuple[float, float, float, float]
    row: tuple[float, float, float, float] | tuple[()] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file: its bytes, its pages and what the user should know about it (characters without a glyph …).

    ``marks``: where its figures stand (PDF only).
    """

    data: bytes
    pages: int
    notes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()


def all_text(document: Document) -> str:
    """Return every word of the paper (what a search for personal data looks through before a print)."""
    return "\n".join(_words(document))


def _words(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        if value and isinstance(value[0], (Span, Tick, Blank)):
            yield plain(value)
        else:
            for item in value:
                yield from _words(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _words(getattr(value, part.name))
