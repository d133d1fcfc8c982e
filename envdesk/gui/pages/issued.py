"""已出具的报表: all official papers that were given out, any of them saved again, and whose a 校验码 is.

Opened with ``period`` (where 回到报表 leads); it may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from envdesk.desk.words import NONE
from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.empty import Empty
from envdesk.gui.labels import hairline, label, set_tone
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.search_box import LineField
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import _, plural
from envdesk.present import given
from envdesk.present.given import CodeAnswer, GivenPaper

CODE = 320


class IssuedPage(Page):
    """The papers, and a field for a 校验码."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.period = ""
        self.code = LineField(theme, _("报表左下角的校验码，或扫码得到的文字"), icon="search", key="Ctrl+F")
        self.code.setAccessibleName(_("校验码"))
        theme.fix(self.code, width=CODE)
        self.check_button = Button(theme, _("核对"), self.check)
        self.answer = label("", "table", wrap=True)
        columns = [
            Column("number", _("出具编号"), 112), Column("span", _("报告期"), 168), Column("title", _("报表")),
            Column("kind", _("格式"), 64), Column("code", _("校验码"), 140), Column("at", _("出具时间"), 140),
            Column("who", _("出具人"), 84),
        ]  # fmt: skip
        self.model = RowsModel(columns, parent=self)
        self.table = LedgerTable(theme, self.model)
        self.table.main.setAccessibleName(_("已出具的报表"))
        self.nothing = Empty(theme, _("还没有出具过报表。在报表页打印或另存正式的，就会列在这里。"))
        self.set_head(
            _("已出具的报表"),
            actions=[
                Act(_("回到报表"), self.leave, icon="arrow-left"),
                Act(_("另存一份"), self.save_again, "Ctrl+S", icon="download", kind="primary"),
            ],
        )
        self._lay_out()
        self.first, self.panes = self.code, (self.code, self.table)
        self.code.returnPressed.connect(self.check)
        self.table.current_changed.connect(self._allow)
        self.table.started.connect(lambda _row: self.save_again())
        self.key("Esc", self.leave)
        self.key("Ctrl+F", self._to_code)
        self._allow(None)

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        line = QHBoxLayout()
        theme.pad(line, (tokens.S5, 0, tokens.S5, tokens.S2), tokens.S2)
        line.addWidget(self.code)
        line.addWidget(self.check_button)
        line.addStretch(1)
        told = QVBoxLayout()
        theme.pad(told, (tokens.S5, 0, tokens.S5, tokens.S3))
        told.addWidget(self.answer)
        self.answer.hide()
        paper = QFrame()
        paper.setProperty("kind", "paper")
        inner = QVBoxLayout(paper)
        theme.pad(inner)
        inner.addWidget(self.table)
        inner.addWidget(self.nothing)
        self.body.addLayout(line)
        self.body.addLayout(told)
        self.body.addWidget(hairline(theme))
        self.body.addWidget(paper, 1)

    # ---- showing -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Read the papers."""
        self.period = str(params.get("period") or self.period)
        self.code.clear()
        self.answer.hide()
        self._read()

    def on_changed(self, kinds: frozenset[str]) -> None:
        """A paper was given out, or another file is open."""
        if not kinds.isdisjoint({"issued", "file"}):
            self._read()

    def _read(self) -> None:
        self.ctx.operations.read(lambda w: given.all_given(w.desk), self.show_papers, owner=self)

    def show_papers(self, papers: tuple[GivenPaper, ...]) -> None:
        """Show the papers, newest first."""
        self.model.fill([
            Row(p.number, (p.number, p.span, p.title, p.format.upper(), p.code or NONE, p.at, p.who), data=p)
            for p in papers
        ])  # fmt: skip
        self.table.setVisible(bool(papers))
        self.nothing.setVisible(not papers)
        self.set_subtitle(plural("{count} 份", len(papers)) if papers else "")
        self._allow(self.table.row())

    def _allow(self, row: Row | None) -> None:
        self.buttons[_("另存一份")].setEnabled(row is not None)

    # ---- doing ---------------------------------------------------------------------------------------------------
    def _to_code(self) -> None:
        self.code.setFocus()
        self.code.selectAll()

    def check(self) -> None:
        """Tell whose the code is, and go to its paper."""
        code = self.code.text().strip()
        if not code:
            self._to_code()
            return
        self.ctx.tasks.run(
            lambda w: given.check_code(w.desk, code), done=self._answered, failed=self._unknown, owner=self
        )

    def _answered(self, found: CodeAnswer) -> None:
        self._say(found.words, found.tone)
        at = next((n for n in range(self.model.rowCount()) if self._paper(n).number == found.number), None)
        if at is not None:
            self.table.go_to(at)

    def _unknown(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self._say(error.all_problems()[0].message, "red")
            self._to_code()
        else:
            self.ctx.operations.fail(error)

    def _say(self, words: str, tone: str) -> None:
        set_tone(self.answer, tone)
        self.answer.setText(words)
        self.answer.show()

    def _paper(self, number: int) -> GivenPaper:
        row = self.model.row_at(number)
        assert row is not None  # noqa: S101 - a number of this list
        return row.data  # type: ignore[no-any-return]

    def save_again(self) -> None:
        """Save the current paper as it was given out."""
        row = self.table.row()
        if row is None:
            return
        paper: GivenPaper = row.data
        kinds = f"{paper.format.upper()} (*.{paper.format})"
        out = self.ctx.ask.save_file(_("另存已出具的报表"), f"{paper.number}.{paper.format}", kinds)
        if out is None:
            return
        out = out if out.suffix.lower() == f".{paper.format}" else out.with_name(f"{out.name}.{paper.format}")
        self.ctx.operations.do(
            lambda w: given.save_again(w.desk, paper.number, out),
            said=_("已另存为 {name}，与出具时逐字节相同。").format(name=out.name), undo=False, title=_("另存"), owner=self,
        )  # fmt: skip

    def leave(self) -> None:
        """Back to the reports."""
        self.ctx.go("reports", **({"period": self.period} if self.period else {}))


def _give_out(page: IssuedPage) -> None:
    """Picture: some papers, one of them looked up."""
    from dataclasses import replace

    one = GivenPaper("2026-0003", "2026年9月", "生态环境工作", "pdf", "3F09-77AC-10DE", "2026-10-02 09:41", "李敏")
    more = (
        replace(one, number="2026-0002", format="docx", at="2026-10-02 09:38"),
        replace(
            one,
            number="2026-0001",
            span="2026年第三季度",
            title="街道工作情况报告",
            code="",
            at="2026-10-02 09:30",
            who="陈志强",
        ),
    )
    page.show_papers((one, *more))
    page.code.setText("3f0977ac10de")
    page._say(  # noqa: SLF001 - its own page
        "校验码 3F09-77AC-10DE 对应2026年9月的报表（生态环境工作，数据截至 2026-09-30）；与月结一致（2026-10-02，李敏）；"
        "出具过 2 份，最近一份 2026-0003（2026-10-02 09:41）；各数与现在的台账一致。",
        "green",
    )


PAGE = PageSpec("issued", IssuedPage, rail="reports", shots=(Shot("issued", prepare=_give_out), Shot("issued-none")))
