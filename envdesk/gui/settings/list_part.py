"""A small list (people, grids, terms …) as a table; a row is opened and added on the form page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from envdesk.desk.words import NONE, Chip
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label
from envdesk.gui.page import Context
from envdesk.gui.register.source import chip_of, shape_of
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import CHECK, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import _, plural
from envdesk.present import small_lists
from envdesk.present.small_lists import ListTable

MOST_ROWS, LEAST_ROWS = 15, 3


class ListPart(Part):
    """One small list."""

    def __init__(self, ctx: Context, form_id: str, group: str, take: Callable[[str], object]) -> None:
        """*take* imports a table of a form."""
        form = ctx.catalogue.forms[form_id]
        self.form_id, self.group = form_id, group
        self.add_button = Button(ctx.theme, _("添加"), self.add, icon="plus", row=True)
        self.import_button = Button(ctx.theme, _("导入"), lambda: take(form_id), icon="upload", row=True)
        super().__init__(ctx, f"list:{form_id}", form.title, form.help, right=(self.import_button, self.add_button))
        self.add_button.setAccessibleName(_("添加{name}").format(name=form.title))
        self.import_button.setAccessibleName(_("导入{name}").format(name=form.title))
        self.words += "\n" + "\n".join(f.label for f in form.fields)
        self._shape = shape_of(small_lists.heads(ctx.catalogue, form_id), "")
        self._rows: tuple[Row, ...] = ()
        self._most = MOST_ROWS
        self.model = RowsModel(self._shape.for_table()[1:], parent=self)
        self.table = LedgerTable(ctx.theme, self.model)
        self.table.show_at_most(MOST_ROWS)
        self.table.main.setAccessibleName(form.title)
        self.table.started.connect(self.open)
        self.table.opened.connect(self.open)
        self.nothing = label(_("还没有{name}，按“添加”登记。").format(name=form.title), "soft")
        self.body.addWidget(self.table)
        self.empty = QWidget()
        line = QHBoxLayout(self.empty)
        ctx.theme.pad(line, (tokens.S4, 0, tokens.S4, tokens.S4))
        line.addWidget(self.nothing)
        self.body.addWidget(self.empty)
        ctx.theme.pad(self.body, (0, 0, 0, tokens.S2))
        ctx.theme.changed.connect(self._fit)

    def _fit(self) -> None:
        theme = self.ctx.theme
        bar = tokens.S3 if len(self._rows) > self._most else 0
        room = self.width() / theme.scale - 2 * tokens.HAIR - tokens.S2 - bar + CHECK.width
        columns, hidden = self._shape.fitted(theme, self._rows, room)
        self.model.columns = self._filled(columns[1:], {n - 1 for n in hidden})
        for n in range(len(self.model.columns)):
            self.table.main.setColumnHidden(n, n + 1 in hidden)
        self.table.fit()

    def _filled(self, columns: tuple[Column, ...], hidden: set[int]) -> tuple[Column, ...]:
        """Let one of the columns take what is left, so that rows reach across; at best the one that was to."""
        shown = [n for n in range(len(columns)) if n not in hidden]
        if not shown or any(not columns[n].width for n in shown):
            return columns
        wanted = [n for n in shown if not self._shape.shown[n].width]
        rest = wanted[0] if wanted else shown[0]
        return tuple(replace(c, width=0) if n == rest else c for n, c in enumerate(columns))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self._fit()

    def read(self) -> None:  # noqa: D102 - the part's
        self.ctx.operations.read(lambda w: small_lists.table(w.desk, self.form_id), self.show_table, owner=self)

    def on_changed(self, kinds: frozenset[str]) -> None:  # noqa: D102 - the part's
        if self.form_id in kinds or "*" in kinds:
            self.read()

    def show_table(self, found: ListTable) -> None:
        """Show the rows."""
        self._rows = rows = tuple(
            Row(r.id, tuple(chip_of(c) if isinstance(c, Chip) else c or NONE for c in r.cells), faded=r.over)
            for r in found.rows
        )
        self.model.fill(rows)
        self.beside.setText(plural("{count} 条", len(rows)))
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._fit()

    def _back(self) -> tuple[str, dict[str, str]]:
        return "settings", {"group": self.group}

    def add(self) -> None:
        """Add a row on the form page."""
        self.ctx.go("form", form=self.form_id, back=self._back())

    def open(self, row: Row) -> None:
        """Open a row on the form page."""
        self.ctx.go("form", form=self.form_id, id=row.id, back=self._back())

    def show_rows(self, rows: int, *, alone: bool) -> None:  # noqa: D102 - the part's
        self._most = max(rows if alone else min(rows, MOST_ROWS), LEAST_ROWS)
        self.table.show_at_most(self._most)
        self._fit()

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.table if not self.table.isHidden() else self.add_button
