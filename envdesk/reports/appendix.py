"""附：指标来源: the record numbers behind each figure, pages after the table on demand. Numbers only, nothing personal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from envdesk.reports.document import Block, Column, Group, Notes, Row, Table, Title, inline

TITLE = "附：指标来源"
PER_ROW = 40
"""Record numbers in one row: a row never breaks over the page."""
COLUMNS = (
    Column("工作类别", 24, "centre"),
    Column("指标名称", 52),
    Column("单位", 15, "centre"),
    Column("本期", 18, "right"),
    Column("记录数", 16, "right"),
    Column("记录编号", 140),
)
NOTES = (
    "每个数由所列记录得出，没有记录的指标不列；括号内“补录”“更正”为月结后补录、更正的记录。",
    "比率列分母的全部记录，“未计入”为不在分子内的记录；同一记录可得出几个数。",
)


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind one figure.

    Attributes:
        counted: numbers of the records that count; ``missed`` those of a rate's denominator that do not.
    """

    category: str
    title: str
    measure: str
    text: str
    counted: tuple[str, ...]
    missed: tuple[str, ...] = ()


def blocks(figures: Sequence[Behind]) -> tuple[Block, ...]:
    """Compose the appendix."""
    by: dict[str, list[Row]] = {}
    for figure in figures:
        by.setdefault(figure.category, []).extend(_rows(figure))
    groups = tuple(Group(tuple(rows), category) for category, rows in by.items())
    return (
        Title(TITLE, apart=True),
        Table(COLUMNS, groups, category=0, size=8.5, row_mm=6.0, dense=True),
        Notes(NOTES),
    )


def _rows(figure: Behind) -> Iterable[Row]:
    """Rows of one figure, the first with its name and numbers."""
    total = str(len(figure.counted) + len(figure.missed))
    head = (figure.title, figure.measure, figure.text, total)
    for words, numbers in (("", figure.counted), ("未计入：", figure.missed)):
        for at in range(0, len(numbers), PER_ROW):
            text = words * (not at) + "、".join(numbers[at : at + PER_ROW])
            yield Row(tuple(inline(c) for c in (*head, text)))
            head = (f"{figure.title}（续）", "", "", "")
