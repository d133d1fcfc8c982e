"""变化: figures that differ from the period before, and from what was sealed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from envdesk.gui.empty import Empty
from envdesk.gui.reports.split import short
from envdesk.gui.table_model import Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.report_preview import Change, Changes


class ChangesTab(QWidget):
    """One table; Enter shows the records of a figure.

    Signals:
        asked: figure whose records are wanted.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        columns = (
            Column("title", _("指标"), 0, sortable=False),
            Column("values", _("原来→现在"), 122, "number", sortable=False),
            Column("change", _("变化"), 86, "number", sortable=False),
        )
        self.table = LedgerTable(theme, RowsModel(columns))
        self.table.main.setAccessibleName(_("变化"))
        self.empty = Empty(theme, _("没有变化。"))
        self._either = QStackedLayout(self)
        self._either.addWidget(self.table)
        self._either.addWidget(self.empty)
        self.table.started.connect(lambda r: self.asked.emit(r.data.id))

    def show_changes(self, changes: Changes) -> int:
        """Show what differs; return how many figures, those since the seal when there is one."""
        rows: list[Row] = []
        if changes.sealed_at:
            rows.append(Row("@seal", (_("月结以来"), changes.sealed_at[:10], changes.sealed_by), total=True))
            late = plural("{count} 次", changes.late)
            rows.append(Row("@late", (_("补录、更正"), late, ""), data=None, faded=True, total=True))
            rows += _rows(changes.since_seal, "seal")
        if changes.last_title:
            rows.append(Row("@last", (_("与{period}比").format(period=changes.last_title), "", ""), total=True))
            rows += _rows(changes.since_last, "last")
        model = self.table.model
        assert isinstance(model, RowsModel)  # noqa: S101 - made above
        model.fill(rows)
        self.table.go_to(next((n for n, row in enumerate(rows) if not row.total), 0))
        words = _("没有变化。") if changes.last_title else _("这样的时间段没有上期可比。")
        self.empty.sentence.setText(words)
        self._either.setCurrentWidget(self.table if rows else self.empty)
        return len(changes.since_seal) if changes.sealed_at else len(changes.since_last)


def _rows(changes: Sequence[Change], of: str) -> list[Row]:
    return [
        Row(f"{of}/{c.id}", (c.title, f"{c.then}→{c.now}", Cell(short(c.change), c.tone or "soft")), data=c)
        for c in changes
    ]
