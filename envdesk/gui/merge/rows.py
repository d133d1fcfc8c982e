"""The streets as rows of a table, and the sum under them."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from envdesk.desk.words import NONE, Chip
from envdesk.gui import tokens
from envdesk.gui.chips import ChipState
from envdesk.gui.table_model import Cell, Column, Row
from envdesk.gui.table_paint import inside
from envdesk.gui.tables import LedgerTable
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.merge_desk import MergeDesk, Numbers, Street

STATE = 124
"""Room for 12 处冲突待定: a state is never cut; names take what is left."""

#: Numbers that stand out when there are any: their place in :meth:`Numbers.as_tuple` → tone.
_TONES = {4: "amber", 5: "red"}


def columns() -> Sequence[Column]:
    """Return the columns."""
    counted = (
        ("received", _("收到"), 54), ("new", _("新增"), 54), ("updated", _("更新"), 48), ("superseded", _("被取代"), 58),
        ("conflict", _("冲突"), 48), ("rejected", _("拒绝"), 48),
    )  # fmt: skip
    return (
        Column("name", _("街镇"), sortable=False), Column("time", _("文件时间"), 90, sortable=False),
        *(Column(key, title, wide, "number", sortable=False) for key, title, wide in counted),
        Column("state", _("状态"), STATE, "chip", sortable=False), Column("act", "", 84, "act", sortable=False),
    )  # fmt: skip


def chip_of(chip: Chip) -> ChipState:
    """Return a chip as it is drawn."""
    return ChipState(chip.word, chip.tone, chip.shape, chip.struck)


def rows_of(desk: MergeDesk) -> list[Row]:
    """Return a row for each street."""
    return [_row(s) for s in desk.streets]


class TotalLine(QWidget):
    """The sum under the table, always in sight, its numbers under the columns."""

    def __init__(self, theme: Theme, table: LedgerTable) -> None:
        super().__init__()
        self._theme, self._table = theme, table
        self._cells: Sequence[str | Cell] = ()
        theme.fix(self, height=tokens.ROW)
        table.main.horizontalScrollBar().valueChanged.connect(lambda _value: self.update())

    def show_total(self, desk: MergeDesk) -> None:
        """Show the sum of a desk."""
        said = plural("已收 {count} 个", desk.received)
        self._cells = (said, "", *_numbers(desk.total, quiet=False))
        texts = (c.text if isinstance(c, Cell) else c for c in self._cells)
        heads = (c.title for c in columns())
        self.setAccessibleName("，".join(f"{h} {t}" for h, t in zip(heads, texts, strict=False) if t))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, view = self._theme, QPainter(self), self._table.main
        painter.fillRect(self.rect(), theme.colour("ground"))
        painter.fillRect(QRect(0, 0, self.width(), theme.px(tokens.HAIR)), theme.colour("line"))
        painter.setFont(theme.font("table", bold=True))
        for n, cell in enumerate(self._cells):
            text, tone = (cell.text, cell.tone) if isinstance(cell, Cell) else (cell, "")
            cell_box = QRect(view.columnViewportPosition(n), 0, view.columnWidth(n), self.height())
            box = inside(theme, cell_box, n, self._table.model)
            painter.setPen(theme.colour(tone or "text"))
            right = Qt.AlignmentFlag.AlignRight if n > 1 else Qt.AlignmentFlag.AlignLeft
            painter.drawText(box, int(right | Qt.AlignmentFlag.AlignVCenter), text)


def _row(street: Street) -> Row:
    time = Cell(street.time or NONE, "soft")
    numbers = _numbers(street.numbers) if street.numbers is not None else (Cell(NONE, "soft"),) * 6
    return Row(street.id, (street.name, time, *numbers, chip_of(street.chip), street.words), data=street)


def _numbers(numbers: Numbers, *, quiet: bool = True) -> tuple[str | Cell, ...]:
    out: list[str | Cell] = []
    for n, count in enumerate(numbers.as_tuple()):
        tone = _TONES.get(n, "") if count else "soft" if n in _TONES and quiet else ""
        out.append(Cell(str(count), tone) if tone else str(count))
    return tuple(out)
