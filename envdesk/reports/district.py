"""Papers of a district: the receipt a street gets for its file, and the board street × form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from envdesk.i18n import _
from envdesk.reports.document import (
    Block,
    Column,
    Document,
    Furniture,
    Group,
    InfoLine,
    KeyValues,
    Notes,
    Pair,
    Row,
    SignLine,
    Table,
    Title,
    inline,
)

#: Room of the type area, mm: upright and lying.
UPRIGHT, LYING = 178.0, 265.0
NUMBER_MM, STREET_MM, LEAST_MM, WIDEST_MM = 10.0, 34.0, 13.0, 24.0
#: Smallest share of a column of words of the receipt.
FORM_MM = 52.0


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """One file: what it is, what became of its records by form, and what else is to be said."""

    facts: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[int]]]
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """The receipt of a street; ``heads`` are the words over the numbers of :attr:`ReceiptPart.rows`."""

    street: str
    office: str
    period: str
    heads: Sequence[str]
    parts: Sequence[ReceiptPart]
    generated: datetime


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """Street × form; ``rows`` hold the street, its state, and a text for each of ``forms``."""

    office: str
    period: str
    sentence: str
    forms: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[str]]]
    generated: datetime
    notes: Sequence[str] = ()


def compose_receipt(paper: ReceiptPaper) -> Document:
    """Lay a receipt out."""
    title = _("上报文件回执")
    blocks: list[Block] = [
        Title(title, paper.office),
        InfoLine(inline(_("报送单位：{name}").format(name=paper.street)), (), inline(paper.period)),
    ]
    for part in paper.parts:
        pairs = [Pair(name, inline(words)) for name, words in part.facts]
        rows = (pairs[:1], *(pairs[n : n + 2] for n in range(1, len(pairs), 2)))
        blocks.append(KeyValues(tuple(tuple(row) for row in rows), size=9.5))
        blocks.append(_receipt_table(paper.heads, part))
        if part.remarks:
            blocks.append(Notes(tuple(part.remarks)))
    blocks.append(SignLine((_("区经办人："), _("日期："))))
    return Document(title, tuple(blocks), paper.office, paper.period, furniture=_furniture(title, paper.generated))


def _receipt_table(heads: Sequence[str], part: ReceiptPart) -> Table:
    each = (UPRIGHT - NUMBER_MM - FORM_MM) / max(len(heads), 1)
    columns = (
        Column(_("序号"), NUMBER_MM, "centre"), Column(_("表"), FORM_MM),
        *(Column(head, each, "right") for head in heads),
    )  # fmt: skip
    lines = [
        Row((inline(str(n)), inline(name), *(inline(str(v)) for v in values)))
        for n, (name, values) in enumerate(part.rows, 1)
    ]
    if lines:
        sums = [sum(values[n] for _name, values in part.rows) for n in range(len(heads))]
        lines.append(Row((inline(_("合计")), inline(""), *(inline(str(v)) for v in sums)), tied=True))
    return Table(columns, (Group(tuple(lines)),), size=9.0, row_mm=6.2, dense=True, blank_rows=0 if lines else 1)


def compose_board(paper: BoardPaper) -> Document:
    """Lay the board out."""
    title = _("各街镇上报情况表")
    room = LYING - NUMBER_MM - 2 * STREET_MM
    each = min(max(room / max(len(paper.forms), 1), LEAST_MM), WIDEST_MM)
    used = each * len(paper.forms)
    street = (LYING - NUMBER_MM - used) / 2 if used > room else STREET_MM
    columns = (
        Column(_("序号"), NUMBER_MM, "centre"), Column(_("街镇"), street), Column(_("状态"), street),
        *(Column(form, each, "centre") for form in paper.forms),
    )  # fmt: skip
    lines = [
        Row((inline(str(n)), inline(name), inline(state), *(inline(text) for text in cells)))
        for n, (name, state, cells) in enumerate(paper.rows, 1)
    ]
    table = Table(columns, (Group(tuple(lines)),), size=8.5, row_mm=6.2, dense=True, blank_rows=0 if lines else 1)
    blocks: list[Block] = [
        Title(title, paper.office), InfoLine(inline(paper.period), (), inline(paper.sentence)), table,
    ]  # fmt: skip
    if paper.notes:
        blocks.append(Notes(tuple(paper.notes)))
    blocks.append(SignLine((_("审核："), _("制表："))))
    return Document(
        title, tuple(blocks), paper.office, paper.period, landscape=True, furniture=_furniture(title, paper.generated)
    )


def _furniture(title: str, generated: datetime) -> Furniture:
    printed = _("打印时间 {time}").format(time=f"{generated:%Y-%m-%d %H:%M}")
    return Furniture(running=f"续表\u3000{title}", foot_right=printed)
