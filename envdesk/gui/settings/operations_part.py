"""操作记录: what was done, when and by whom; an operation that still stands can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.chips import ChipState
from envdesk.gui.dialogs import Question
from envdesk.gui.page import Context
from envdesk.gui.section import row
from envdesk.gui.settings.part import Part
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import N_, _, plural
from envdesk.present import operation_log
from envdesk.present.operation_log import MOST, Line

MOST_ROWS, LEAST_ROWS, FOOT_ROWS, REASON = 12, 4, 2, 5
"""Rows at first, in a low window, and those whose room the buttons under them take; least length of a reason."""
CHIPS = {
    "done": (N_("有效"), "green", "check"), "undone": (N_("已撤销"), "grey", "back"), "note": (N_("只作记录"), "grey", "ring"),
}  # fmt: skip


class OperationsPart(Part):
    """The newest operations."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(
            ctx, "operations", _("操作记录"),
            _("谁在什么时候做了什么，一件一个号，不能改也不能删。选一件可以撤销；之后又改过同样内容的，先撤销后面的。"),
        )  # fmt: skip
        self.words += "\n" + _("撤销 历史 日志 谁改的 作废 恢复")
        columns = [
            Column("no", _("号"), 56, "number"), Column("at", _("时间"), 132), Column("who", _("操作人"), 84),
            Column("what", _("做了什么")), Column("state", _("现在"), 112, "chip"),
        ]  # fmt: skip
        self.model = RowsModel(
            columns, order=lambda row, key: getattr(row.data, "said" if key == "what" else key), parent=self
        )
        self.table = LedgerTable(ctx.theme, self.model)
        self.table.show_at_most(MOST_ROWS)
        self.table.main.setAccessibleName(_("操作记录"))
        self.undo_button = Button(ctx.theme, _("撤销这一件"), self.take_back, icon="undo-2", row=True)
        self.older_button = Button(ctx.theme, _("看更早的"), self.read_older, row=True)
        self.lines: tuple[Line, ...] = ()
        foot = QWidget()
        line = row(ctx.theme, self.undo_button, None, self.older_button)
        ctx.theme.pad(line, (tokens.S4, tokens.S2, tokens.S4, tokens.S3), tokens.S2)
        foot.setLayout(line)
        self.body.addWidget(self.table)
        self.body.addWidget(foot)
        self.table.current_changed.connect(self._allow)
        self._allow(None)

    def read(self) -> None:  # noqa: D102 - the part's
        self.ctx.operations.read(lambda w: operation_log.lines(w.desk), self.show_lines, owner=self)

    def read_older(self) -> None:
        """Show the operations before those that are shown, too."""
        last = self.lines[-1].no if self.lines else 0
        self.ctx.operations.read(
            lambda w: operation_log.lines(w.desk, last), lambda found: self.show_lines((*self.lines, *found)), owner=self
        )  # fmt: skip

    def on_changed(self, kinds: frozenset[str]) -> None:  # noqa: D102 - the part's
        if kinds:
            self.read()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show operations, newest first."""
        more = len(lines) - len(self.lines) == MOST or len(lines) == MOST
        self.lines = tuple(lines)
        self.model.fill([
            Row(str(n.no), (str(n.no), n.at, n.who, n.said, self._chip(n)), data=n, faded=n.state == "undone")
            for n in lines
        ])  # fmt: skip
        self.older_button.setVisible(more and lines[-1].no > 1)
        self.beside.setText(plural("最近 {count} 件", len(lines)))
        self._allow(self.table.row())

    @staticmethod
    def _chip(line: Line) -> ChipState:
        word, tone, shape = CHIPS[line.state]
        return ChipState(_(word), tone, shape)

    def _allow(self, row: Row | None) -> None:
        self.undo_button.setEnabled(row is not None and row.data.state == "done")

    # ---- taking back ---------------------------------------------------------------------------------------------
    def take_back(self) -> None:
        """Take the current operation back."""
        row = self.table.row()
        if row is not None and row.data.state == "done":
            self._take_back(row.data)

    def _take_back(self, line: Line, why: str = "", *, keep_touched: bool = False) -> None:
        self.ctx.operations.do(
            lambda w: operation_log.take_back(w.desk, line.no, keep_touched=keep_touched, why=why),
            said=_("已撤销第 {no} 号：{what}。").format(no=line.no, what=line.said), undo=False,
            refused=lambda error: self._refused(error, line, keep_touched=keep_touched), title=_("正在撤销"), owner=self,
        )  # fmt: skip

    def _refused(self, error: Refused, line: Line, *, keep_touched: bool) -> bool:
        """A sealed month wants a reason; of many records those that changed since can stay."""
        problems = error.all_problems()
        if any(p.code == "sealed" for p in problems):
            question = Question(
                _("撤销第 {no} 号操作").format(no=line.no),
                _("它改动过已月结的月份。撤销要写原因，原因会记入操作记录，月结后的报表会标明变化。"),
                _("写明原因并撤销"), _("不撤销"), reason=REASON,
            )  # fmt: skip
            why = self.ctx.ask.act(question)
            if why:
                self._take_back(line, why, keep_touched=keep_touched)
            return True
        if not operation_log.in_the_way(error) or not line.bulk or keep_touched:
            return False
        question = Question(
            _("撤销第 {no} 号操作").format(no=line.no),
            problems[0].message + _("也可以只撤销没有再改过的那些，改过的留着。"),
            _("撤销没改过的"), _("不撤销"), danger=False,
        )  # fmt: skip
        if self.ctx.ask.act(question) is not None:
            self._take_back(line, keep_touched=True)
        return True

    def show_rows(self, rows: int, *, alone: bool) -> None:  # noqa: D102 - the part's
        self.table.show_at_most(max(rows - FOOT_ROWS, LEAST_ROWS))

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return self.table
