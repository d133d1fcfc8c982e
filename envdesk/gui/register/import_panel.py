"""A file before it is imported: what was understood, what is wrong in which row, and then the import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from envdesk.errors import Refused
from envdesk.exchange.importer import Imported
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, tighten
from envdesk.gui.chips import ChipState
from envdesk.gui.dialogs import Question
from envdesk.gui.empty import Empty
from envdesk.gui.focus import lead
from envdesk.gui.labels import Elided, hairline, label, set_tone
from envdesk.gui.page import Act, Context
from envdesk.gui.register import heads
from envdesk.gui.register.foot import HIGH
from envdesk.gui.register.heads import HeadsTable
from envdesk.gui.section import IconLabel, row
from envdesk.gui.sheet_print import open_file
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import N_, _, plural
from envdesk.present import register_desk
from envdesk.present.register_desk import Looked

SHEETS = "Excel / CSV (*.xlsx *.xls *.csv)"
SEALED_REASON = 5
#: severity -> (word, tone, shape).
SEVERITIES = {
    "error": (N_("要改"), "red", "cross"), "warning": (N_("提醒"), "amber", "triangle"), "hint": (N_("说明"), "grey", "ring"),
}  # fmt: skip


class ImportPanel(QWidget):
    """Takes the place of the list while a file is looked at.

    Signals:
        closed: back to the list.
        taken: the file was imported; form id.
    """

    closed = Signal()
    taken = Signal(str)

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        theme = ctx.theme
        self.ctx = ctx
        self.form = ""
        self.looked: Looked | None = None
        self.mark = IconLabel(theme, "info")
        self.sentence, self.columns = label("", "section"), Elided("", "table", tone="grey")
        self.unknown = Elided("", "table", tone="amber")
        self.heads = HeadsTable(theme)
        self.assign = Button(theme, _("指定栏目"), self.turn, icon="table", row=True)
        columns = [
            Column("row", _("行"), 64, "number"), Column("severity", _("结果"), 92, "chip"),
            Column("label", _("栏目"), 160), Column("words", _("哪里不对，怎么改")),
        ]  # fmt: skip
        self.model = RowsModel(columns, order=self._order, parent=self)
        self.table = LedgerTable(theme, self.model)
        self.table.main.setAccessibleName(_("问题"))
        self.act = Button(theme, _("导入"), self.take, kind="primary", icon="upload")
        self.marked = Button(theme, _("把问题写回表格"), self.write_back, icon="file-spreadsheet")
        self.again = Button(theme, _("改好了，再看一遍"), self.look_again, icon="refresh-cw")
        self.other = Button(theme, _("换个文件"), self.choose, icon="folder-open")
        self.template = Button(theme, _("下载模板"), self.save_template, icon="download")
        self.back = Button(theme, _("返回列表"), self.closed.emit, icon="arrow-left")
        self.nothing = Empty(
            theme, _("没有现成的表格，先下载模板，填好再选。自己的表格也行，列名相近的会自动认出来。"),
            Act(_("选文件"), self.choose, icon="folder-open", kind="primary"), (_("下载模板"), self.save_template),
        )  # fmt: skip
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        head, line, foot = QVBoxLayout(), QHBoxLayout(), QFrame()
        theme.pad(head, (tokens.S5, 0, tokens.S5, tokens.S3), tokens.S1)
        theme.pad(line, spacing=tokens.S2)
        line.addWidget(self.mark)
        line.addWidget(self.sentence, 1)
        head.addLayout(line)
        row(theme, self.columns, self.assign, into=head)
        head.addWidget(self.unknown)
        paper = QFrame()
        paper.setProperty("kind", "paper")
        inner = QVBoxLayout(paper)
        theme.pad(inner)
        inner.addWidget(self.table)
        inner.addWidget(self.heads)
        inner.addWidget(self.nothing)
        foot.setProperty("kind", "foot")
        theme.fix(foot, height=HIGH + tokens.S1)
        buttons = QHBoxLayout(foot)
        theme.pad(buttons, (tokens.S5, 0, tokens.S5, 0), tokens.S2)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        for button in (self.template, self.other, self.again, self.marked, self.act):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        theme.pad(column)
        column.addLayout(head)
        column.addWidget(hairline(theme))
        column.addWidget(paper, 1)
        column.addWidget(foot)
        lead(self, lambda: self.table)
        theme.changed.connect(self._fit)
        self.heads.assigned.connect(self._assign)

    def _fit(self) -> None:
        """Let the buttons of the foot fit."""
        px = self.ctx.theme.px
        shown = [
            b for b in (self.back, self.template, self.other, self.again, self.marked, self.act) if not b.isHidden()
        ]
        tighten(shown, self.width() - 2 * px(tokens.S5), px(tokens.S2))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self._fit()

    @staticmethod
    def _order(row: Row, key: str) -> object:
        found = row.data
        return {"row": found.row, "severity": list(SEVERITIES).index(found.severity), "label": found.label}.get(
            key, found.words
        )

    # ---- looking -------------------------------------------------------------------------------------------------
    def start(self, form: str, then: Callable[[], object]) -> None:
        """Ask for a file for *form* and look at it; *then* is called when there is something to show.

        Who has no file yet is offered the template.
        """
        path = self.ctx.ask.open_file(_("从表格导入"), SHEETS)
        if path is not None:
            self.look(form, path, then)
        elif self.looked is None or self.form != form:
            self.show_nothing(form)
            then()
            if self.nothing.button is not None:
                self.nothing.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_nothing(self, form: str) -> None:
        """No file was chosen yet."""
        self.form, self.looked = form, None
        title = self.ctx.catalogue.forms[form].title
        self.mark.set_icon("upload", "soft")
        set_tone(self.sentence, "")
        self.sentence.setText(_("从表格导入“{form}”").format(form=title))
        self._show_found(found=False)

    def _show_found(self, *, found: bool) -> None:
        """What was found in a file, or that there is none yet."""
        self.nothing.setVisible(not found)
        for part in (self.columns, self.table, self.act, self.template, self.other, self.assign):
            part.setVisible(found)
        self.heads.hide()
        if not found:
            for part in (self.unknown, self.marked, self.again):
                part.hide()
        self._fit()

    def turn(self) -> None:
        """Show which column is which field, or the problems again."""
        self._show_heads(self.heads.isHidden())
        (self.table if self.heads.isHidden() else self.heads.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_heads(self, on: bool) -> None:  # noqa: FBT001 - a switch
        self.heads.setVisible(on)
        self.table.setVisible(not on)
        self.assign.set_text(_("看问题") if on else _("指定栏目"))

    def _assign(self, header: str, key: str) -> None:
        """A header means a field from now on: look at the file again."""
        heads.keep(self.ctx.prefs, self.form, header, key)
        self.look_again()

    def look(self, form: str, path: Path, then: Callable[[], object] | None = None) -> None:
        """Judge a file; nothing is stored."""
        said = heads.kept(self.ctx.prefs, form)

        def done(looked: Looked) -> None:
            again = self.looked is not None and self.looked.path == looked.path and self.heads.isVisible()
            self.show_looked(looked)
            if then is not None:
                then()
            if again or not looked.columns:
                self._show_heads(True)
                self.heads.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            (self.table if looked.errors or looked.warnings else self.act).setFocus(Qt.FocusReason.OtherFocusReason)

        self.ctx.operations.read(
            lambda w: register_desk.look(w.desk, form, path, said=said), done,
            title=_("核对 {name}").format(name=path.name), owner=self,
        )  # fmt: skip

    def show_looked(self, looked: Looked) -> None:
        """Show what was found."""
        self.form, self.looked = looked.form, looked
        self._show_found(found=True)
        errors, warnings = looked.errors, looked.warnings
        self._show_heads(False)
        self.heads.show_heads(looked.heads, register_desk.fields(self.ctx.catalogue, looked.form), looked.said)
        if not looked.columns:
            self.sentence.setText(_("{name}：一列也没有认出来，请指定哪一列是哪一栏。").format(name=looked.path.name))
            self.mark.set_icon("circle-alert", "red")
        elif errors:
            words = _("{name}：{rows} 行里有 {bad} 行要改，改好才能导入。")
            rows = {t.row for t in looked.troubles if t.severity == "error"}
            self.sentence.setText(words.format(name=looked.path.name, rows=looked.rows, bad=len(rows)))
            self.mark.set_icon("circle-alert", "red")
        elif warnings:
            words = plural(
                "{name}：{rows} 行都能导入，有 {count} 条提醒请先看一遍。",
                warnings,
                name=looked.path.name,
                rows=looked.rows,
            )
            self.sentence.setText(words)
            self.mark.set_icon("triangle-alert", "amber")
        else:
            self.sentence.setText(plural("{name}：{count} 行都能导入。", looked.rows, name=looked.path.name))
            self.mark.set_icon("check", "green")
        set_tone(self.sentence, "red" if errors or not looked.columns else "")
        pairs = [head if head == name else f"{head}→{name}" for head, name in looked.columns]
        sheet = _("工作表“{sheet}”，").format(sheet=looked.sheet) if looked.sheet else ""
        self.columns.setText(sheet + _("认出 {count} 列：{columns}").format(count=len(pairs), columns="、".join(pairs)))
        self.unknown.setText(_("不认识、不会导入的列：{columns}").format(columns="、".join(looked.unknown)))
        self.unknown.setVisible(bool(looked.unknown))
        self.model.fill([self._row(n) for n in range(len(looked.troubles))])
        self.act.set_text(
            _("接受提醒并导入")
            if warnings and not errors
            else plural("导入 {count} 条", looked.rows)
            if not errors
            else _("导入")
        )
        self.act.setEnabled(bool(looked.columns) and not errors)
        self.columns.setVisible(bool(looked.columns))
        self.marked.setVisible(bool(errors or warnings) and looked.path.suffix.lower() == ".xlsx")
        self.again.setVisible(bool(errors or warnings))
        self._fit()

    def _row(self, n: int) -> Row:
        assert self.looked is not None  # noqa: S101 - called while it is shown
        found = self.looked.troubles[n]
        word, tone, shape = SEVERITIES[found.severity]
        row = str(found.row) if found.row else _("整张表")
        return Row(str(n), (row, ChipState(_(word), tone, shape), found.label or "—", found.words), data=found)

    def look_again(self) -> None:
        """The user has mended the file."""
        if self.looked is not None:
            self.look(self.looked.form, self.looked.path)

    def choose(self) -> None:
        """Look at another file."""
        if self.form:
            self.start(self.form, lambda: None)

    # ---- doing ---------------------------------------------------------------------------------------------------
    def take(self, why: str = "") -> None:
        """Import what was looked at."""
        looked = self.looked
        if looked is None:
            return

        def done(outcome: Imported) -> None:
            if outcome.refused:  # the file or the ledger changed since
                self.look_again()
            else:
                self.taken.emit(looked.form)

        self.ctx.operations.do(
            lambda w: register_desk.take(w.desk, looked, why), done=done, refused=self._refused,
            said=lambda o: "" if o.refused else plural("已导入 {count} 条。", len(o.ids)),
            title=_("导入 {name}").format(name=looked.path.name), owner=self,
        )  # fmt: skip

    def _refused(self, error: Refused) -> bool:
        """A row lies in a sealed month: ask why."""
        if not any(p.code == "sealed" for p in error.all_problems()) and error.code != "sealed":
            return False
        question = Question(
            _("导入到已月结的月份"), _("表里有日期落在已月结的月份。补录要写原因，原因会记入操作记录，月结后的报表会标明变化。"),
            _("写明原因并导入"), _("不导入"), reason=SEALED_REASON,
        )  # fmt: skip
        why = self.ctx.ask.act(question)
        if why:
            self.take(why)
        return True

    def write_back(self) -> None:
        """Write the user's workbook with the problems marked in it, and open it."""
        looked = self.looked
        if looked is None:
            return
        out = self.ctx.ask.save_file(
            _("把问题写回表格"), _("{name}-要改.xlsx").format(name=looked.path.stem), "Excel (*.xlsx)"
        )
        if out is None:
            return

        def done(_looked: Looked) -> None:
            said = _("已写好 {name}，要改的格子标了颜色。").format(name=out.name)
            self.ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

        self.ctx.operations.read(
            lambda w: register_desk.look(w.desk, looked.form, looked.path, out, said=looked.said), done, owner=self
        )

    def save_template(self) -> None:
        """Write the empty sheet of the form."""
        from envdesk.desk import exchange

        if not self.form:
            return
        form = self.ctx.catalogue.forms[self.form]
        name = _("{title}-模板.xlsx").format(title=form.title.replace("/", "、"))
        out = self.ctx.ask.save_file(_("下载模板"), name, "Excel (*.xlsx)")
        if out is None:
            return

        def done(path: Path) -> None:
            said = _("已写好 {name}。").format(name=path.name)
            self.ctx.operations.tell(said, act=(_("打开"), lambda: open_file(path)))

        self.ctx.operations.read(lambda w: exchange.template(w.desk.catalogue, form.id, out), done, owner=self)
