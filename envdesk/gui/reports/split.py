"""A figure split by 社区, 行业, 承办人…: a line a word with its value, the whole in the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.labels import PART, Elided, hairline, label
from envdesk.gui.section import row
from envdesk.gui.sheet_print import open_file
from envdesk.gui.table_model import Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present import figure_split
from envdesk.present.figure_split import SplitView

if TYPE_CHECKING:
    from envdesk.gui.page import Page
    from envdesk.present.report_preview import Report

FILES = "Excel (*.xlsx);;PDF (*.pdf);;Word (*.docx);;CSV (*.csv)"


class SplitPane(QWidget):
    """One table; Enter shows the records of a word, Ctrl+C copies the table.

    Signals:
        asked: the line whose records are wanted.
        left: back to the records of the whole.
        copied: how many lines went to the clipboard.
        saved: the table is to be written to a file.
    """

    asked = Signal(object)
    left = Signal()
    copied = Signal(int)
    saved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view: SplitView | None = None
        columns = (
            Column("word", "", 0, sortable=False), Column("text", _("本期"), 84, "number", sortable=False),
            Column("change", _("同比"), 92, "number", sortable=False),
        )  # fmt: skip
        self.table = LedgerTable(theme, RowsModel(columns))
        self.table.main.setAccessibleName(_("分项"))
        self.table.setMinimumHeight(1)  # in a low window what stands over them is shown in full
        self._title, self._note = Elided("", "caption"), label("", "caption", wrap=True)
        self.back = Button(theme, _("全部记录"), self.left.emit, kind="quiet", key="Alt+Left", row=True)
        self.copy = Button(theme, _("复制"), self.copy_table, icon="copy", key="Ctrl+C", row=True)
        self.save = Button(theme, _("另存"), self.saved.emit, icon="download", row=True)
        column, head, foot = QVBoxLayout(self), QWidget(), QWidget()
        theme.pad(column)
        top = QVBoxLayout(head)
        theme.pad(top, (tokens.S4, tokens.S2, tokens.S3, tokens.S2), tokens.S1)
        row(theme, self._title, self.back, into=top)
        top.addWidget(self._note)
        theme.fix(foot, height=tokens.ROW)
        line = row(theme, self.copy, self.save, None, KeyHint(theme, ("Return",), _("看记录")))
        theme.pad(line, (tokens.S4, 0, tokens.S4, 0), tokens.S2)
        foot.setLayout(line)
        for part in (head, hairline(theme), self.table, hairline(theme), foot):
            column.addWidget(part, int(part is self.table))
        self.table.started.connect(lambda r: self.asked.emit(r.data))
        key = QShortcut(QKeySequence(self.copy.key), self, self.copy_table)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)  # elsewhere it copies what is marked in a field

    def show_split(self, view: SplitView) -> None:
        """Show a figure split."""
        self.view = view
        whole = view.text if view.text.endswith("%") else f"{view.text}{view.measure}"
        self._title.setText(f"{view.title} {whole}{PART}{_('按{by}分').format(by=view.by_title)}")
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        model = self.table.model
        assert isinstance(model, RowsModel)  # noqa: S101 - made above
        word, *others = model.columns
        model.columns = (Column("word", view.by_title, word.width, sortable=False), *others)
        rows = [
            Row(x.figure, (x.word, Cell(x.text, bold=True), Cell(short(x.change), "soft")), data=x) for x in view.lines
        ]
        total = Row("@total", (_("合计"), view.text, Cell(short(view.change), "soft")), total=True)
        model.fill([*rows, total])
        self.table.go_to(0)
        self.save.setEnabled(bool(view.lines))

    def copy_table(self) -> None:
        """Copy the table as text that Excel and Word take as cells."""
        if self.view is not None:
            QGuiApplication.clipboard().setText(self.view.as_text())
            self.copied.emit(len(self.view.lines))


def short(change: str) -> str:
    """Return a change as a narrow column shows it: -7.20个百分点 → -7.20点."""
    return change.replace("个百分点", _("点"))


def tell_copied(page: Page, count: int) -> None:
    """Say that a table went to the clipboard."""
    page.ctx.operations.tell(plural("已复制表格，{count} 行，可以粘贴到 Excel 或 Word。", count), "done")


def save_split(page: Page, report: Report, view: SplitView) -> None:
    """Ask for a file and write the table into it."""
    name = _("{title}-按{by}-{period}").format(title=view.title, by=view.by_title, period=report.period.title)
    name = "".join(c for c in name if c not in r'\/:*?"<>|')
    out = page.ctx.ask.save_file(_("另存"), f"{name}.xlsx", FILES)
    if out is None:
        return

    def done(_value: object) -> None:
        said = _("已另存为 {name}。").format(name=out.name)
        page.ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

    page.ctx.operations.read(lambda w: figure_split.save(w.desk, report, view, out), done, title=_("另存"), owner=page)
