"""Which column of a file is which field: the headers of the file, each with the field it fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.gui.menus import Menu
from envdesk.gui.prefs import Prefs
from envdesk.gui.table_model import Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.theme import Theme
from envdesk.i18n import _

SAID = "import_columns"
Fields = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def kept(prefs: Prefs, form: str) -> dict[str, str]:
    """Return what the user said of headers of files for a form: header → key."""
    found = prefs.get(SAID)
    mine = found.get(form) if isinstance(found, dict) else None
    return {h: k for h, k in mine.items() if isinstance(k, str)} if isinstance(mine, dict) else {}


def keep(prefs: Prefs, form: str, header: str, key: str) -> None:
    """Remember what a header means, for the next file that has it."""
    found = prefs.get(SAID)
    others = found if isinstance(found, dict) else {}
    prefs.put(SAID, others | {form: kept(prefs, form) | {header: key}})


class HeadsTable(QWidget):
    """One line a header; Enter offers the fields, by section.

    Signals:
        assigned: header and key of the field, "" = it is not imported.
    """

    assigned = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fields: Fields = ()
        columns = (
            Column("head", _("表格里的列"), 280, sortable=False), Column("field", _("导入到"), 0, sortable=False),
            Column("act", "", 96, "act", sortable=False),
        )  # fmt: skip
        self.table = LedgerTable(theme, RowsModel(columns))
        self.table.main.setAccessibleName(_("表格里的列"))
        column = QVBoxLayout(self)
        theme.pad(column)
        column.addWidget(self.table)
        self.table.started.connect(self._offer)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.table.main.verticalScrollBar().setValue(0)  # what was filled while it was hidden scrolled in another room
        self.table.go_to(self.table.current)

    def show_heads(self, heads: Sequence[tuple[str, str]], fields: Fields, said: Mapping[str, str]) -> None:
        """Show the headers of a file with the fields they fill."""
        self._fields = fields
        labels = {key: label for _title, mine in fields for key, label in mine}
        rows = []
        for head, key in heads:
            words = labels.get(key, key) if key else _("不导入") if head in said else _("没有认出来")
            tone = "" if key else "soft" if head in said else "amber"
            rows.append(Row(head, (head, Cell(words, tone), _("指定")), data=key))
        model = self.table.model
        assert isinstance(model, RowsModel)  # noqa: S101 - made above
        model.fill(rows)

    def _offer(self, row: Row) -> None:
        """Offer the fields for a header, under its line."""
        menu = Menu(self._theme, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setAccessibleName(_("导入到"))
        menu.addAction(_("不导入")).triggered.connect(partial(self._take, row.id, ""))
        menu.addSeparator()
        for title, fields in self._fields:
            part = Menu(self._theme, menu, title.replace("&", "&&"), long=True)
            for key, label in fields:
                made = part.addAction(label.replace("&", "&&"))
                made.triggered.connect(partial(self._take, row.id, key))
            menu.addMenu(part)
        view = self.table.main
        box = view.visualRect(self.table.model.index(self.table.current, 1))
        menu.popup(view.viewport().mapToGlobal(box.bottomLeft() + QPoint(0, 1)))
        menu.setActiveAction(menu.actions()[0])

    def _take(self, head: str, key: str, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's `checked`
        self.assigned.emit(head, key)
