"""A register on paper: many records as lines of one table, A4 landscape.

Row numbers, the header on each page, a line of totals, what it holds said above it. Columns get the room that their
words need, long text is wrapped and never cut. The cells come as text: masking is done where they are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from envdesk.i18n import _
from envdesk.reports.document import (
    Align,
    Block,
    Column,
    Document,
    Furniture,
    Group,
    InfoLine,
    Notes,
    Row,
    SignLine,
    Table,
    Title,
    inline,
)

#: Width of the type area and of the column of row numbers, mm.
ROOM_MM, NUMBER_MM = 265.0, 10.0
#: Type sizes in points, tried in this order until the narrowest columns fit.
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
PT = 25.4 / 72
#: Padding of a cell, both sides together, points.
PAD = 10.0
#: A word longer than this (mm) may be broken.
LONGEST_WORD = 36.0
#: A word of a choice this short (em) stands in one line.
SHORT_WORD = 6.0
#: Type gets smaller, down to this size, while texts take more lines than this.
SMALL, FEW_LINES = 8.0, 4.0
#: Part of the lines that a width has to suit.
USUAL = 0.94
Kind = Literal["text", "number", "date", "moment", "state", "figure"]
_ALIGN: dict[str, Align] = {"date": "centre", "moment": "centre", "state": "centre", "figure": "right"}
_RUN = re.compile(r"[!-~]+")
_NARROW = re.compile(r"[ -~]")
_CAPITAL = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its title, what stands in it, its width in mm (0 = by its words) and the sum of it ("" = none)."""

    title: str
    kind: Kind = "text"
    mm: float = 0.0
    total: str = ""


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """What a register says.

    Attributes:
        rows: cells as text, one for each of *heads*.
        span: the period, or the day as of which it holds.
        filters: what narrows it, in words ("" = nothing).
        part: whose part of it this is (承办人：李敏).
        sums: words beside the number of lines (已办结 12，超期 3).
        notes: sentences below the table.
        sign: words to sign after.
    """

    title: str
    office: str
    heads: tuple[Head, ...]
    rows: Sequence[Sequence[str]]
    generated: datetime
    span: str = ""
    filters: str = ""
    part: str = ""
    sums: str = ""
    notes: tuple[str, ...] = ()
    sign: tuple[str, ...] = ()


def compose_register(paper: RegisterPaper) -> Document:
    """Lay a register out as a document."""
    size, widths = _widths(paper.heads, paper.rows)
    columns = (
        Column(_("序号"), NUMBER_MM, "centre"),
        *(Column(h.title, mm, _ALIGN.get(h.kind, "left")) for h, mm in zip(paper.heads, widths, strict=True)),
    )
    lines = [
        Row((inline(str(n)), *(inline(text) for text in cells)), tied=False) for n, cells in enumerate(paper.rows, 1)
    ]
    if lines:
        lines.append(_totals(paper))
    table = Table(columns, (Group(tuple(lines)),), size=size, row_mm=6.2, dense=True, blank_rows=0 if lines else 1)
    blocks: list[Block] = [Title(paper.title, paper.office), *_info(paper), table]
    notes = tuple(n for n in (*paper.notes, "" if lines else _("没有符合条件的记录。")) if n)
    blocks.append(Notes(notes))
    if paper.sign:
        blocks.append(SignLine(tuple(f"{w}：" for w in paper.sign)))
    return Document(
        title=paper.title + (f" {paper.part}" if paper.part else ""),
        blocks=tuple(blocks),
        author=paper.office,
        subject=paper.span,
        landscape=True,
        furniture=Furniture(
            running=f"续表\u3000{paper.title}",
            running_right="\u3000".join(t for t in (paper.part, paper.span) if t),
            foot_left=_("个人信息已遮住"),
            foot_right=_("打印时间 {time}").format(time=f"{paper.generated:%Y-%m-%d %H:%M}"),
        ),
    )


def _info(paper: RegisterPaper) -> list[InfoLine]:
    count = _("共{count}条").format(count=len(paper.rows))
    out = [InfoLine(inline(paper.part or paper.span), inline(paper.span if paper.part else ""), inline(count))]
    if paper.filters:
        out.append(InfoLine(inline(_("范围：{words}").format(words=paper.filters))))
    return out


def _totals(paper: RegisterPaper) -> Row:
    """合计: how many lines, and the sums that mean something."""
    cells = [h.total for h in paper.heads]
    free = next((n for n, text in enumerate(cells) if not text), None)
    if free is not None:
        cells[free] = _("{count}条").format(count=len(paper.rows))
        if paper.sums:
            wide = max((n for n, text in enumerate(cells) if not text), key=lambda n: _natural(paper, n), default=free)
            cells[wide] = paper.sums if wide != free else f"{cells[free]}：{paper.sums}"
    return Row((inline(_("合计")), *(inline(text) for text in cells)), tied=True)


def _natural(paper: RegisterPaper, n: int) -> float:
    return max((width_of(str(row[n])) for row in paper.rows), default=0.0)


# ---- widths ------------------------------------------------------------------------------------------------------
def width_of(text: str) -> float:
    """Width of the longest line of *text* in em, near enough to share out room."""
    return max((_em(line) for line in text.split("\n")), default=0.0)


def _em(line: str) -> float:
    """A hanzi is 1 em wide, a capital about 0.7, other characters 0.56."""
    narrow = len(_NARROW.findall(line))
    return len(line) - 0.44 * narrow + 0.16 * len(_CAPITAL.findall(line))


def _least(text: str) -> float:
    """Width of the longest word of *text* in em; hanzi may be parted, four of them stay together."""
    runs = max((_em(run) for run in _RUN.findall(text)), default=0.0)
    return max(runs, min(4.0, _em(text)))


def _usual(found: Iterable[float]) -> float:
    """Width that nearly all have: a few long ones do not take the room of everybody else."""
    widths = sorted(found)
    return widths[int(len(widths) * USUAL)] if widths else 0.0


def _widths(heads: Sequence[Head], rows: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
    """Share the room: (type size, width of each column in mm)."""
    room = ROOM_MM - NUMBER_MM
    least_em, want_em = list[float](), list[float]()
    for n, head in enumerate(heads):
        texts = [row[n] for row in rows]
        # a title may stand in two lines, a sum may not
        low = max(_em(head.title) / 2 + 0.5, _em(head.total), _usual(map(_least, texts)))
        all_of_it = max(low, _em(head.title), _usual(map(width_of, texts)))
        least_em.append(max(low, min(all_of_it, SHORT_WORD)) if head.kind == "state" else low)
        want_em.append(low if head.kind == "moment" else all_of_it)
    for size in SIZES:
        em, pad = size * PT, PAD * PT
        least = [h.mm or min(e * em, LONGEST_WORD) + pad for h, e in zip(heads, least_em, strict=True)]
        want = [h.mm or max(e * em + pad, low) for h, e, low in zip(heads, want_em, least, strict=True)]
        fits = sum(least) <= room
        if fits and (size <= SMALL or sum(_at(FEW_LINES, least, want, em)) <= room):
            return size, _shared(least, want, room, em, [bool(h.mm) for h in heads])
    return size, [w * room / sum(least) for w in least]


def _at(lines: float, least: Sequence[float], want: Sequence[float], em: float) -> list[float]:
    """Widths at which texts take so many lines; a broken line wastes about a character."""
    waste, pad = min(lines - 1, 1.0) * 1.3 * em, PAD * PT
    return [max(low, min(w, (w - pad) / lines + pad + waste)) for low, w in zip(least, want, strict=True)]


def _shared(
    least: Sequence[float], want: Sequence[float], room: float, em: float, fixed: Sequence[bool]
) -> list[float]:
    """Give every column the width at which all texts take about as many lines, which makes the rows lowest."""

    def at(lines: float) -> list[float]:
        return _at(lines, least, want, em)

    if sum(at(1)) <= room:
        out = at(1)
        spare = room - sum(out)
        takers = [n for n in range(len(out)) if not fixed[n]] or list(range(len(out)))
        whole = sum(out[n] for n in takers)
        return [w + spare * w / whole if n in takers else w for n, w in enumerate(out)]
    few, many = 1.0, 200.0
    for _step in range(40):
        middle = (few + many) / 2
        few, many = (middle, many) if sum(at(middle)) > room else (few, middle)
    out = at(many)
    out[max(range(len(out)), key=lambda n: want[n])] += room - sum(
        out
    )  # little, or less than nothing when all is tight
    return out
