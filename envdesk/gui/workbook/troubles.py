"""What has to be done before a workbook can be filled: places not found again, lists without room, failed rules."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.desk.book_values import Filled
from envdesk.exchange.book_grid import cell_name
from envdesk.formdef.model import Catalogue
from envdesk.gui import tokens
from envdesk.gui.labels import label
from envdesk.gui.reports.choose import ChoiceList, Item
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.book_desk import Sheet, title_in

LINE, MOST = 31, 5


class Troubles(QWidget):
    """A list under the right column; hidden while there is nothing.

    Signals:
        lost_picked: number of a binding whose place was not found.
        cell_picked: name of a cell (月报!D6).
    """

    lost_picked = Signal(int)
    cell_picked = Signal(str)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._theme, self._catalogue = theme, catalogue
        self.title = label("", "strong-table", tone="red")
        self.list = ChoiceList(theme, _("要处理的地方"))
        column = QVBoxLayout(self)
        theme.pad(column, (tokens.S4, 0, tokens.S4, tokens.S3), tokens.S1)
        column.addWidget(self.title)
        column.addWidget(self.list)
        self.list.picked.connect(self._picked)
        self.hide()

    def show_sheet(self, sheet: Sheet | None, filled: Filled | None) -> None:
        """Show what stands in the way of a workbook."""
        lost = sheet.match.lost if sheet is not None and sheet.match is not None else ()
        items = [
            Item(
                f"lost {n}",
                title_in(self._catalogue, b),
                _("原在 {cell}").format(cell=cell_name(b.place)),
                "red",
                "cross",
            )
            for n, b in enumerate(lost)
        ]
        if filled is not None:
            items += [Item(f"cell {p.field}", p.message, "", "red", "cross") for p in filled.problems]
            items += [Item(f"rule {f.rule}", f"{f.rule} {f.message}", "", "red", "cross") for f in filled.stopped]
        self.list.fill(items, "")
        self.setVisible(bool(items))
        self.title.setText(plural("{count} 处要处理", len(items)))
        self._theme.fix(self.list, height=LINE * min(max(len(items), 1), MOST) + 2)

    def _picked(self, item: str) -> None:
        kind, _space, rest = item.partition(" ")
        if kind == "lost":
            self.lost_picked.emit(int(rest))
        elif kind == "cell":
            self.cell_picked.emit(rest)
