"""The forms in use: version, where they come from, what the check of their definitions says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from envdesk.errors import Problem
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import ChipState
from envdesk.gui.labels import label
from envdesk.gui.page import Context
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.tasks import Task, Work
from envdesk.i18n import _, plural
from envdesk.present import papers, small_lists
from envdesk.present.small_lists import FormLine

MOST_ROWS, LEAST_ROWS = 14, 3


class FormsPart(Part):
    """All forms in one table."""

    def __init__(self, ctx: Context) -> None:
        self.again = Button(ctx.theme, _("重新检查"), self.check, icon="refresh-cw", row=True)
        self.folder = Button(ctx.theme, _("打开本单位表样文件夹"), self.open_folder, icon="folder-open", row=True)
        self.paper = Button(ctx.theme, _("做本单位单据"), self.make_paper, icon="file-text", row=True)
        super().__init__(
            ctx, "forms", _("表样"),
            _("每张表是一个文件。把新表的文件放进本单位表样文件夹，下次打开台账就有这张表。"),
            right=(self.paper, self.folder, self.again),
        )  # fmt: skip
        self.words += "\n" + _("版本 检查 自定义 增加表")
        columns = [
            Column("title", _("表")), Column("group", _("类别"), 84), Column("fields", _("栏目"), 60, "number"),
            Column("version", _("版本"), 88), Column("own", _("来源"), 84), Column("state", _("检查"), 112, "chip"),
        ]  # fmt: skip
        self.model = RowsModel(columns, parent=self)
        self.table = LedgerTable(ctx.theme, self.model)
        self.table.show_at_most(MOST_ROWS)
        self.table.main.setAccessibleName(_("表样"))
        self.said = label("", "table", tone="red", wrap=True)
        self.said.setContentsMargins(
            ctx.theme.px(tokens.S4), ctx.theme.px(tokens.S2), ctx.theme.px(tokens.S4), ctx.theme.px(tokens.S3)
        )
        self.said.hide()
        self.table.current_changed.connect(self._tell)
        self.body.addWidget(self.table)
        self.body.addWidget(self.said)
        ctx.theme.pad(self.body, (0, 0, 0, tokens.S2))
        self.task: Task | None = None
        self.found: Sequence[Problem] | None = None

    def read(self) -> None:  # noqa: D102 - the part's
        if self.found is None and not self.checking:
            self.check()
        else:
            self._show()

    def check(self) -> None:
        """Check all definitions, off-thread."""
        if self.task is not None and self.task.active:
            return
        catalogue = self.ctx.catalogue

        def done(found: list[Problem]) -> None:
            self.found = found

        def fn(_work: Work) -> list[Problem]:
            return small_lists.check(catalogue)

        self.found = None
        self.task = self.ctx.operations.read(fn, done, on="pool", owner=self)
        self.task.finished.connect(self._show)
        self._show()

    @property
    def checking(self) -> bool:
        """True while the definitions are being checked."""
        return self.found is None and self.task is not None and self.task.active

    def _show(self) -> None:
        lines = small_lists.form_lines(self.ctx.catalogue, self.found)
        self.model.fill([Row(line.id, self._cells(line), data=line) for line in lines])
        count = plural("{count} 张表", len(lines))
        self.beside.setText(count if not self.checking else _("{count}，正在检查…").format(count=count))

    def _cells(self, line: FormLine) -> tuple[str | ChipState, ...]:
        state = ChipState(_("正在检查"), "blue", "half") if self.checking else ChipState(_("没有检查"), "grey", "ring")
        if line.problems is not None:
            bad = plural("{count} 处要改", len(line.problems))
            state = ChipState(bad, "red", "cross") if line.problems else ChipState(_("检查通过"), "green", "check")
        own = _("本单位") if line.own else _("程序自带")
        return line.title, line.group, str(line.fields), line.version, own, state

    def _tell(self, row: Row | None) -> None:
        said = row.data.problems if row is not None and row.data is not None else ()
        self.said.setText("\n".join(said or ()))
        self.said.setVisible(bool(said))

    def make_paper(self) -> None:
        """Open the office's own Word paper of the form in the current row; it is made when there is none."""
        row = self.table.row()
        if row is None:
            return
        form = row.id

        def done(path: Path) -> None:
            said = _("已打开 {name}：把《》里的项目排成本单位的样子，保存后打印 Word 就用它。").format(name=path.name)
            self.ctx.operations.tell(said)
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        self.ctx.operations.read(lambda w: papers.own_word(w.desk, form), done, owner=self)

    def open_folder(self) -> None:
        """Open the folder of the office's own forms; it is made when it is not there."""

        def fn(work: Work) -> str:
            folder = small_lists.own_folder(work.desk.path)
            folder.mkdir(exist_ok=True)
            return str(folder)

        self.ctx.operations.read(fn, lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(path)), owner=self)

    def show_rows(self, rows: int, *, alone: bool) -> None:  # noqa: D102 - the part's
        self.table.show_at_most(max(rows, LEAST_ROWS))

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.table
