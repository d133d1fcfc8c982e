"""The holiday table: its years, the missing one marked, and the import of the next, with the due dates that change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from envdesk.desk.words import NONE
from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import ChipState
from envdesk.gui.labels import label
from envdesk.gui.page import Context
from envdesk.gui.section import FieldBox, row
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import _, plural
from envdesk.present import settings_page
from envdesk.present.settings_page import CalendarYear

MOST_YEARS, MOST_CHANGED, TEXT_HIGH = 7, 8, 112


class CalendarPart(Part):
    """Years and import."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(
            ctx, "calendar", _("节假日表"),
            _("办理期限按工作日计算，国务院每年 11 月前后公布下一年的安排，公布后在这里导入。没有导入的年份先按周一至周五推算。"),
        )  # fmt: skip
        theme = ctx.theme
        self.words += "\n" + _("放假 调休 上班 工作日 期限 通知 导入")
        years = [
            Column("year", _("年份"), 92), Column("off", _("工作日里放假（天）"), 160, "number"),
            Column("work", _("周末上班（天）"), 140, "number"), Column("state", _("状态"), 0, "chip"),
        ]  # fmt: skip
        self.years = RowsModel(years, parent=self)
        self.year_table = LedgerTable(theme, self.years)
        self.year_table.show_at_most(MOST_YEARS)
        self.year_table.main.setAccessibleName(_("节假日表的年份"))
        self.body.addWidget(self.year_table)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(
            _("把“国务院办公厅关于部分节假日安排的通知”全文粘贴到这里；\n或一行一天：2027-01-01,休,元旦")
        )
        theme.fix(self.text, height=TEXT_HIGH)
        self.box = FieldBox(theme, _("导入一年"), self.text)
        self.text.textChanged.connect(lambda: self.box.set_problem("", ""))
        self.take = Button(theme, _("导入粘贴的内容"), self.import_text, kind="primary")
        self.file = Button(theme, _("从文件导入"), self.import_file, icon="folder-open")
        self.result = label("", "table", wrap=True)
        self.doubts = label("", "caption", tone="amber", wrap=True)
        changed = [
            Column("form", _("表"), 160), Column("no", _("编号"), 150), Column("old", _("原来的期限"), 130),
            Column("new", _("现在的期限")),
        ]  # fmt: skip
        self.changed = RowsModel(changed, parent=self)
        self.changed_table = LedgerTable(theme, self.changed)
        self.changed_table.show_at_most(MOST_CHANGED)
        self.changed_table.main.setAccessibleName(_("变了的期限"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        theme.pad(column, (tokens.S4, tokens.S3, tokens.S4, tokens.S4), tokens.S2)
        column.addWidget(self.box)
        column.addLayout(row(theme, self.take, self.file, None))
        column.addWidget(self.result)
        column.addWidget(self.doubts)
        self.body.addWidget(inner)
        self.body.addWidget(self.changed_table)
        for widget in (self.result, self.doubts, self.changed_table):
            widget.hide()

    def read(self) -> None:  # noqa: D102 - the part's
        self.ctx.operations.read(lambda w: settings_page.calendar_years(w.desk), self.show_years, owner=self)

    def on_changed(self, kinds: frozenset[str]) -> None:  # noqa: D102 - the part's
        if not kinds.isdisjoint({"calendar", "*"}):
            self.read()

    def show_years(self, years: Sequence[CalendarYear]) -> None:
        """Show the years; what is missing is said by word and colour."""
        there, gone = ChipState(_("已导入"), "green", "check"), ChipState(_("未导入"), "amber", "triangle")
        self.years.fill([
            Row(
                str(y.year),
                (str(y.year), NONE, NONE, gone) if y.missing
                else (str(y.year), str(y.days_off), str(y.weekend_work), there),
            )
            for y in years
        ])  # fmt: skip
        missing = [str(y.year) for y in years if y.missing]
        self.beside.setText(_("{years} 未导入").format(years="、".join(missing)) if missing else "")

    def import_text(self) -> None:
        """Import what was pasted."""
        text = self.text.toPlainText()
        if not text.strip():
            self.box.set_problem("error", _("先粘贴通知的全文，或者从文件导入。"))
            self.text.setFocus()
            return
        self._import(text)

    def import_file(self) -> None:
        """Import a file."""
        chosen = self.ctx.ask.open_file(_("选节假日表"), _("表或通知 (*.csv *.txt)"))
        if chosen is not None:
            self._import(chosen)

    def _import(self, source: Path | str) -> None:
        self.ctx.operations.do(
            lambda w: settings_page.import_calendar(w.desk, source), done=self._imported, refused=self._refused,
            undo=False, title=_("正在导入节假日表"), owner=self,
        )  # fmt: skip

    def _refused(self, error: Refused) -> bool:
        self.box.set_problem("error", error.all_problems()[0].message)
        self.text.setFocus()
        return True

    def _imported(self, outcome: dict[str, Any]) -> None:
        self.text.clear()
        self.box.set_problem("", "")
        changed = outcome["changed"]
        years = "、".join(str(y) for y in outcome["years"])
        words = plural("有 {count} 条期限变了：", len(changed)) if changed else _("没有期限因此改变。")
        self.result.setText(_("已导入 {years} 年。").format(years=years) + words)
        self.result.show()
        self.doubts.setText("\n".join(p.message for p in outcome["doubts"]))
        self.doubts.setVisible(bool(outcome["doubts"]))
        forms = self.ctx.catalogue.forms
        self.changed.fill([
            Row(
                f"{n}",
                (forms[c["form"]].title, c["record_no"] or "", str(c["old"] or "")[:10], Cell(str(c["new"])[:10], bold=True)),
            )
            for n, c in enumerate(changed)
        ])  # fmt: skip
        self.changed_table.setVisible(bool(changed))

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.text
