"""A small list (people, grids, terms …) as a table; a row is opened and added on the form page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from envdesk.desk.words import Chip
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import ChipState
from envdesk.gui.labels import label
from envdesk.gui.page import Context
from envdesk.gui.section import row
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import _, plural
from envdesk.present import small_lists
from envdesk.present.list_query.shape import Column as Shown
from envdesk.present.small_lists import ListTable

MOST_ROWS = 15


def _width(column: Shown) -> float:
    """Return the width of a column, wide enough for its title."""
    return max(column.width, len(column.title) * tokens.TEXT["table"] + tokens.S5) if column.width else 0


class ListPart(Part):
    """One small list."""

    def __init__(self, ctx: Context, form_id: str, group: str) -> None:
        form = ctx.catalogue.forms[form_id]
        self.form_id, self.group = form_id, group
        self.add_button = Button(ctx.theme, _("添加"), self.add, icon="plus", row=True)
        super().__init__(ctx, f"list:{form_id}", form.title, form.help, right=(self.add_button,))
        self.add_button.setAccessibleName(_("添加{name}").format(name=form.title))
        self.words += "\n" + "\n".join(f.label for f in form.fields)
        kinds = {"right": "number"}
        columns = [
            Column(c.key, c.title, _width(c), "chip" if c.kind == "state" else kinds.get(c.align, "text"), c.sortable)  # type: ignore[arg-type]
            for c in small_lists.heads(ctx.catalogue, form_id)
        ]
        self.model = RowsModel(columns, parent=self)
        self.table = LedgerTable(ctx.theme, self.model)
        self.table.show_at_most(MOST_ROWS)
        self.table.main.setAccessibleName(form.title)
        self.table.started.connect(self.open)
        self.table.opened.connect(self.open)
        self.nothing = label(_("还没有{name}，按“添加”登记。").format(name=form.title), "soft")
        self.body.addWidget(self.table)
        self.empty = QWidget()
        line = row(ctx.theme, self.nothing)
        ctx.theme.pad(line, (tokens.S4, 0, tokens.S4, tokens.S4))
        self.empty.setLayout(line)
        self.body.addWidget(self.empty)
        ctx.theme.pad(self.body, (0, 0, 0, tokens.S2))

    def read(self) -> None:  # noqa: D102 - the part's
        self.ctx.operations.read(lambda w: small_lists.table(w.desk, self.form_id), self.show_table, owner=self)

    def on_changed(self, kinds: frozenset[str]) -> None:  # noqa: D102 - the part's
        if self.form_id in kinds or "*" in kinds:
            self.read()

    def show_table(self, found: ListTable) -> None:
        """Show the rows."""
        rows = [
            Row(
                r.id,
                tuple(ChipState(c.word, c.tone, c.shape, c.struck) if isinstance(c, Chip) else c for c in r.cells),
                faded=r.over,
            )
            for r in found.rows
        ]
        self.model.fill(rows)
        self.beside.setText(plural("{count} 条", len(rows)))
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)

    def _back(self) -> tuple[str, dict[str, str]]:
        return "settings", {"group": self.group}

    def add(self) -> None:
        """Add a row on the form page."""
        self.ctx.go("form", form=self.form_id, back=self._back())

    def open(self, row: Row) -> None:
        """Open a row on the form page."""
        self.ctx.go("form", form=self.form_id, id=row.id, back=self._back())

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.table if not self.table.isHidden() else self.add_button
