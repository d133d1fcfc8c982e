"""Tables of a Word file: ruled ones from cells with spans, and ruleless ones that put things side by side."""

from __future__ import annotations

from collections.abc import Sequence

from envdesk.reports import word_kit as kit
from envdesk.reports.document import Span, plain
from envdesk.reports.measure import spread_label
from envdesk.reports.ruled import Cell, Ruled, placed

#: Rules in eighths of a point: inner, frame.
RULE, FRAME = 4, 6
#: A row with more running text than this (characters) may go on over the page.
LONG = 300
#: Rows that stay together with signatures below.
LAST = 3
_ALIGN = {"left": "left", "centre": "center", "right": "right"}


def ruled_table(made: Ruled, *, sticks: bool = False) -> str:
    """Write a ruled block; ``sticks`` = its last rows stay with what follows."""
    at: dict[tuple[int, int], Cell] = {}
    covered: dict[tuple[int, int], Cell] = {}
    for r, c, cell in placed(made.rows):
        at[r, c] = cell
        for below in range(r + 1, r + cell.rows):
            covered[below, c] = cell
    kept = _kept(made, sticks=sticks)
    rows = []
    for r in range(len(made.rows)):
        cells, c = [], 0
        while c < len(made.widths):
            here = at.get((r, c)) or covered[r, c]
            cells.append(_cell(made, r, c, here, opened=(r, c) in at, keep=r in kept))
            c += here.cols
        rows.append(_row(made, r, cells))
    return _table(made.widths, "".join(rows), _borders(), made.look.pad_x, min(made.look.pad_y, 2.0))


def plain_table(widths: Sequence[float], cells: Sequence[str], *, pad: float = 3.0) -> str:
    """Write one row of cells without rules; each cell is a sequence of paragraphs."""
    row = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{kit.twips(w)}" w:type="dxa"/></w:tcPr>{c}</w:tc>'
        for w, c in zip(widths, cells, strict=True)
    )
    return _table(widths, f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>", "", pad, 0)


def _table(widths: Sequence[float], rows: str, borders: str, pad_x: float, pad_y: float) -> str:
    columns = "".join(f'<w:gridCol w:w="{kit.twips(w)}"/>' for w in widths)
    margins = "".join(
        f'<w:{side} w:w="{kit.twips(v)}" w:type="dxa"/>'
        for side, v in (("top", pad_y), ("left", pad_x), ("bottom", pad_y), ("right", pad_x))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{kit.twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _borders() -> str:
    sides = [("top", FRAME), ("left", FRAME), ("bottom", FRAME), ("right", FRAME), ("insideH", RULE), ("insideV", RULE)]
    return f"<w:tblBorders>{''.join(_side(name, size) for name, size in sides)}</w:tblBorders>"


def _side(name: str, size: int) -> str:
    return f'<w:{name} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'


def _kept(made: Ruled, *, sticks: bool) -> set[int]:
    """Rows never parted from the next: a total from its 其中, a category's first row, the last rows from signatures."""
    count = len(made.rows)
    kept = {r for r in range(count - 1) if made.mark(r + 1).tied}
    kept |= {r for r in range(count - 1) if made.mark(r).heavy and not made.mark(r + 1).heavy}
    kept |= set(range(count)) if made.whole else set()
    return kept | set(range(max(0, count - LAST), count)) if sticks else kept


def _row(made: Ruled, r: int, cells: Sequence[str]) -> str:
    head = made.mark(r).head
    long = any(len(plain(cell.content)) > LONG for cell in made.rows[r] if cell.rows == 1)
    look = "" if long else "<w:cantSplit/>"
    height = made.look.head if head else made.look.row
    height = max([height, *(c.least for c in made.rows[r] if c.rows == 1)])
    look += f'<w:trHeight w:val="{kit.twips(height)}" w:hRule="atLeast"/>' if height else ""
    look += "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(made: Ruled, r: int, c: int, cell: Cell, *, opened: bool, keep: bool) -> str:
    width = sum(made.widths[c : c + cell.cols])
    look = f'<w:tcW w:w="{kit.twips(width)}" w:type="dxa"/>'
    look += f'<w:gridSpan w:val="{cell.cols}"/>' if cell.cols > 1 else ""
    look += ('<w:vMerge w:val="restart"/>' if opened else "<w:vMerge/>") if cell.rows > 1 else ""
    above = made.mark(r).heavy or (r > 0 and made.mark(r - 1).head)
    look += f"<w:tcBorders>{_side('top', FRAME)}</w:tcBorders>" if above and opened and r else ""
    if cell.pad is not None:
        pad = kit.twips(cell.pad)
        look += f'<w:tcMar><w:left w:w="{pad}" w:type="dxa"/><w:right w:w="{pad}" w:type="dxa"/></w:tcMar>'
    look += f'<w:vAlign w:val="{"top" if cell.valign == "top" else "center"}"/>'
    text = _paragraphs(made, cell, width, keep=keep) if opened else kit.paragraph(style="EnvCell", keep=keep)
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{text}</w:tc>"


def _paragraphs(made: Ruled, cell: Cell, width: float, *, keep: bool) -> str:
    style = "EnvLabel" if cell.label else "EnvCell"
    size = cell.size or made.look.size
    shown = 0.0 if size == 9.0 else size
    leading = cell.leading or made.look.leading
    content = cell.content
    if cell.spread:
        content = tuple(Span(spread_label(p.text, width, size), p.bold) if isinstance(p, Span) else p for p in content)
    align = "both" if cell.justify else _ALIGN[cell.align]
    if cell.label and cell.align == "left":
        align = "center"
    words = kit.runs(content, size=shown, label=cell.label)
    out = kit.paragraph(words, style=style, align=align, keep=keep, line=leading)
    if cell.foot:
        out += kit.paragraph(kit.run(cell.foot, size=shown), style=style, align="right", keep=keep, before=6)
    return out
