"""上级表格: a superior's Excel form; say once what stands in its cells, fill it for any period.

Opened with ``name`` (a kept one), ``path`` (a file) and ``period``; all may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from envdesk.desk.book_values import Filled
from envdesk.desk.dimensions import Condition, conditions
from envdesk.exchange.book_binding import CellBinding, ListBinding
from envdesk.exchange.book_grid import cell_name
from envdesk.figures.period import parse_period
from envdesk.gui import tokens
from envdesk.gui.buttons import Link
from envdesk.gui.empty import Empty
from envdesk.gui.labels import hairline, label
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.reports.choose import RANGE, WIDE, ChoosePane
from envdesk.gui.search_box import LineField
from envdesk.gui.section import Notice
from envdesk.gui.tasks import Task, Work
from envdesk.gui.workbook.grid import GridTable, Place
from envdesk.gui.workbook.list_pick import ListPane
from envdesk.gui.workbook.pick import PickPane
from envdesk.gui.workbook.troubles import Troubles
from envdesk.gui.workbook.verbs import Verbs
from envdesk.i18n import _, plural
from envdesk.present import book_desk, book_lists, report_preview as preview
from envdesk.present.book_desk import Choice, KeptLine, Sheet
from envdesk.present.book_lists import FormLine, Proposal
from envdesk.present.report_preview import PeriodLine, TemplateLine

RIGHT, RIGHT_NARROW, LEFT_NARROW, NARROW, TIGHT, CALLED = 332, 288, 188, 1080, 840, 160


@dataclass(frozen=True)
class Choices:
    """What can be chosen."""

    kind: str
    periods: tuple[PeriodLine, ...]
    suggested: str
    kept: tuple[KeptLine, ...]
    figures: tuple[Choice, ...]


class WorkbookPage(Page):
    """One workbook."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.sheet: Sheet | None = None
        self.filled: Filled | None = None
        self.period, self.tab = "", ""
        self.asking = False
        self._task: Task | None = None
        self._placing: CellBinding | ListBinding | None = None
        back = Link(theme, _("回到报表"), lambda: ctx.go("reports"))
        self.choose = ChoosePane(theme, ctx.clock, _("记住的上级表格"), back)
        self.grid, self.pick, self.lists = GridTable(theme), PickPane(theme), ListPane(theme)
        self.tabs = QTabBar()
        self.troubles = Troubles(theme, ctx.catalogue)
        self.notice = Notice(theme, "")
        self.verbs = Verbs(self)
        self.called = LineField(theme, _("存时取名"))
        self.called.setAccessibleName(_("名称"))
        theme.fix(self.called, width=CALLED)
        self.empty = Empty(
            theme, _("打开上级发来的 Excel 表格，指明每一格填什么；下个月的表会认出来，不用再指。"),
            Act(_("打开表格"), self.open_file, icon="file-spreadsheet", kind="primary"),
        )  # fmt: skip
        self.set_head(
            _("上级表格"),
            actions=[
                Act(_("打开表格"), self.open_file, "Ctrl+O", "file-spreadsheet"),
                Act(_("不再记住"), self.verbs.forget),
                Act(_("填好另存"), self.verbs.save, "Ctrl+S", "download", "primary"),
            ],
        )
        self._lay_out()
        self.first = self.grid
        self.panes = (self.choose.periods, self.grid, self.right)
        self._connect()
        self._show_sheet()

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("工作表"))
        middle, inner = QWidget(), QVBoxLayout()
        stack = QWidget()
        stack.setLayout(inner)
        theme.pad(inner)
        bottom = QHBoxLayout()
        theme.pad(bottom, (tokens.S3, tokens.S1, tokens.S3, tokens.S1), tokens.S2)
        bottom.addWidget(self.tabs, 1)
        bottom.addWidget(label(_("名称"), "table"))
        bottom.addWidget(self.called)
        inner.addWidget(self.notice)
        inner.addWidget(self.grid, 1)
        inner.addWidget(hairline(theme))
        inner.addLayout(bottom)
        self.centre = QStackedWidget()
        self.centre.addWidget(self.empty)
        self.centre.addWidget(stack)
        column = QVBoxLayout(middle)
        theme.pad(column)
        column.addWidget(self.centre, 1)
        self.right = QFrame()
        self.right.setProperty("kind", "paper")
        theme.fix(self.right, width=RIGHT)
        theme.fix(self.choose, width=WIDE)
        self.beside = QStackedWidget()
        self.beside.addWidget(self.pick)
        self.beside.addWidget(self.lists)
        side = QVBoxLayout(self.right)
        theme.pad(side)
        side.addWidget(self.beside, 1)
        side.addWidget(self.troubles)
        columns = QHBoxLayout()
        theme.pad(columns)
        for part in (self.choose, hairline(theme, vertical=True)):
            columns.addWidget(part)
        columns.addWidget(middle, 1)
        columns.addWidget(hairline(theme, vertical=True))
        columns.addWidget(self.right)
        self.body.addWidget(hairline(theme))
        self.body.addLayout(columns, 1)

    def _connect(self) -> None:
        self.choose.kind_picked.connect(self._kind_picked)
        self.choose.period_picked.connect(self.want)
        self.choose.template_picked.connect(self.open_kept)
        self.grid.asked.connect(self._asked)
        self.grid.cleared.connect(self.clear)
        self.grid.moved.connect(self._show_cell)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.pick.taken.connect(self.bind)
        self.pick.left.connect(lambda: self._ask(on=False))
        self.pick.cleared.connect(self.clear)
        self.pick.looked.connect(self._read_conditions)
        self.pick.list_wanted.connect(self._start_list)
        self.lists.form_picked.connect(self._propose)
        self.lists.taken.connect(self.bind_list)
        self.lists.left.connect(self._leave_list)
        self.called.editingFinished.connect(self.verbs.rename)
        self.troubles.lost_picked.connect(self._to_lost)
        self.troubles.cell_picked.connect(self._to_cell)
        self.key("Ctrl+PgDown", lambda: self.tabs.setCurrentIndex(self.tabs.currentIndex() + 1))
        self.key("Ctrl+PgUp", lambda: self.tabs.setCurrentIndex(max(0, self.tabs.currentIndex() - 1)))
        self.key("Alt+Left", lambda: self.ctx.go("reports"))
        self.ctx.theme.changed.connect(self.fold)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """Make the columns narrower; in very little room periods and choices of a cell stand beside the grid in turn."""
        seen = self.window().width() - self.mapTo(self.window(), QPoint()).x()  # the page may be wider than that
        wide = min(self.width(), seen) / self.ctx.theme.scale
        self.ctx.theme.fix(self.choose, width=LEFT_NARROW if wide < NARROW else WIDE)
        self.ctx.theme.fix(self.right, width=RIGHT_NARROW if wide < NARROW else RIGHT)
        self.choose.setVisible(wide >= TIGHT or not self.asking)
        self.right.setVisible(self.sheet is not None and (wide >= TIGHT or self.asking))

    def _ask(self, *, on: bool) -> None:
        """Let the choices of a cell be seen, or give the focus back to the grid."""
        self.asking = on
        self.fold()
        if not on:
            self.grid.setFocus()

    # ---- choosing ------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show what *params* ask for; without any, what was shown stays."""
        path, name, period = params.get("path"), str(params.get("name") or ""), str(params.get("period") or "")
        kind = _kind(period) if period else self.choose.kinds.value

        def done(found: Choices) -> None:
            self.pick.offer(found.figures)
            self.choose.show_kind(found.kind)
            self._show_kept(found.kept)
            self.want(period or self.period or found.suggested)
            self.choose.show_periods(found.periods, self.period)
            if path:
                self.open_path(Path(path))
            elif name or (self.sheet is None and found.kept):
                self.open_kept(name or found.kept[0].name)

        self.ctx.operations.read(lambda w: _choices(w, kind), done, owner=self)

    def _kind_picked(self, kind: str) -> None:
        if kind == RANGE:
            if self.period:
                self.choose.range.show_period(parse_period(self.period))
            return
        self.ctx.operations.read(
            lambda w: preview.periods(w.desk, kind), lambda p: self.choose.show_periods(p, self.period), owner=self
        )

    def _show_kept(self, kept: tuple[KeptLine, ...]) -> None:
        name = self.sheet.name if self.sheet is not None else ""
        self.choose.show_templates([TemplateLine(k.name, k.name, k.note) for k in kept], name)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Figures may be others now; so may what is kept."""
        if kinds != frozenset({"workbook"}):
            self.want(self.period)
        self.ctx.operations.read(lambda w: book_desk.kept(w.desk), self._show_kept, owner=self)

    def open_file(self) -> None:
        """打开表格."""
        path = self.ctx.ask.open_file(_("打开上级表格"), "Excel (*.xlsx)")
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a file, known or not."""
        self.ctx.operations.read(
            lambda w: book_desk.received(w.desk, path), self.show_sheet, title=_("打开表格"), owner=self
        )

    def open_kept(self, name: str) -> None:
        """Open a kept workbook."""
        self.ctx.operations.read(lambda w: book_desk.known(w.desk, name), self.show_sheet, owner=self)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show an opened workbook."""
        self.sheet, self.filled, self._placing = sheet, None, None
        self.choose.templates.mark(sheet.name)
        self.called.setText(sheet.name)
        bound = sheet.bindings.names()
        self.tab = next((n for n in bound if n in sheet.grids), sheet.sheets[0] if sheet.sheets else "")
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for name in sheet.sheets:
            self.tabs.addTab(name)
        self.tabs.setCurrentIndex(sheet.sheets.index(self.tab) if self.tab else -1)
        self.tabs.blockSignals(False)
        self._leave_list()
        self._show_sheet()
        self.grid.setFocus()
        self.compute()

    def show_nothing(self) -> None:
        """Show no workbook."""
        self.sheet = self.filled = None
        self._show_sheet()
        self.set_subtitle("")

    def show_name(self) -> None:
        """Show the name of the workbook."""
        self._show_bound()

    def _tab_changed(self, number: int) -> None:
        if self.sheet is not None and 0 <= number < len(self.sheet.sheets):
            self.tab = self.sheet.sheets[number]
            self._show_sheet()

    def _show_sheet(self) -> None:
        sheet = self.sheet
        self.centre.setCurrentIndex(0 if sheet is None else 1)
        for text in (_("填好另存"), _("不再记住")):
            self.buttons[text].setEnabled(sheet is not None)
        self.fold()
        view = sheet.grids.get(self.tab) if sheet is not None else None
        first = sorted(b.place for b in sheet.bindings.cells if b.sheet == self.tab) if sheet is not None else []
        self.grid.show_sheet(view, first[0] if first else (1, 1))
        self._show_bound()

    # ---- filling -------------------------------------------------------------------------------------------------
    def want(self, period: str) -> None:
        """Fill for a period."""
        if not period:
            return
        self.period = period
        if self.choose.kinds.value == RANGE:
            self.choose.range.show_period(parse_period(period))
        self.compute()

    def compute(self) -> None:
        """Work out the values of the bound cells."""
        if self._task is not None:
            self._task.cancel()
        sheet, period = self.sheet, self.period
        self.filled = None
        if sheet is None or not period:
            return
        self._task = self.ctx.operations.read(
            lambda w: book_desk.compute(w.desk, sheet, period), self._show_filled, title=_("汇总数字"), owner=self
        )

    def _show_filled(self, made: tuple[Sheet, Filled]) -> None:
        placed, self.filled = made
        if self.sheet is not None and placed.bindings is not self.sheet.bindings:
            before = self.sheet.bindings.names()
            self.sheet = placed
            if self.tab in before and self.tab not in placed.bindings.names():
                self.tabs.setCurrentIndex(placed.sheets.index(placed.bindings.names()[before.index(self.tab)]))
                return
        self._show_bound()

    def _show_bound(self) -> None:
        """Tint what is bound, with the values it gets; say what is wrong."""
        sheet, filled = self.sheet, self.filled
        if sheet is None:
            return
        bound: dict[Place, str] = {}
        for b in sheet.bindings.every:
            if b.sheet == self.tab:
                for place in b.cells() if isinstance(b, ListBinding) else (b.place,):
                    bound[place] = self.title_of(b)
        values = book_desk.shown(sheet, filled, self.tab) if filled is not None else {}
        wrong: dict[Place, str] = {}
        for problem in filled.problems if filled is not None else ():
            for b in sheet.bindings.every:
                if b.name == problem.field and b.sheet == self.tab:
                    wrong[b.place] = problem.message
        self.grid.sheet.show_bound(bound, values, wrong)
        self.troubles.show_sheet(sheet, filled)
        said = book_desk.words(sheet, filled)
        self.notice.set_text(said)
        self.notice.setToolTip(said)
        self.notice.setVisible(bool(said))
        self._show_cell()
        count = len(sheet.bindings.cells) + len(sheet.bindings.lists)
        said = plural("已指定 {count} 处", count) if count else _("还没有指定要填的单元格")
        self.set_subtitle(f"{sheet.name or sheet.book.name}    {parse_period(self.period).title}    {said}"
                          if self.period else sheet.name)  # fmt: skip

    def title_of(self, b: CellBinding | ListBinding) -> str:
        """What is bound, in words."""
        return book_desk.title_in(self.ctx.catalogue, b)

    def _to_lost(self, number: int) -> None:
        """The next Enter in the grid gives a place to a binding that was not found."""
        if self.sheet is None or self.sheet.match is None:
            return
        self._placing = self.sheet.match.lost[number]
        words = _("选好单元格，按 Enter 放“{what}”。").format(what=self.title_of(self._placing))
        self.notice.set_text(words)
        self.notice.show()
        self.grid.setFocus()

    def _to_cell(self, name: str) -> None:
        sheet = self.sheet
        for b in sheet.bindings.every if sheet is not None else ():
            if b.name == name and sheet is not None:
                self.tabs.setCurrentIndex(sheet.sheets.index(b.sheet))
                self.grid.go(b.place)
        self.grid.setFocus()

    # ---- one cell ------------------------------------------------------------------------------------------------
    def _show_cell(self) -> None:
        sheet = self.sheet
        if sheet is None or not self.tab:
            return
        place = self.grid.place
        found = book_desk.bound_at(sheet, self.tab, place)
        near, heads, measure = book_desk.around(sheet, self.tab, place)
        cell = self.grid.sheet.cell(place)
        now = self.title_of(found) if found is not None else ""
        self.pick.filters = {}
        self.pick.set_measure(measure)
        self.pick.show_cell(cell_name(place), now, near, heads, bound=found is not None, formula=cell.formula)
        if isinstance(found, CellBinding):
            self.pick.show_binding(found.figure, found.measure)

    def _read_conditions(self, figure: str) -> None:
        if figure.startswith("@"):
            self.pick.show_conditions(figure, ())
            return

        def done(found: tuple[Condition, ...]) -> None:
            self.pick.show_conditions(figure, found)

        self.ctx.operations.read(lambda w: conditions(w.desk, figure), done, owner=self)

    def _asked(self, typed: str) -> None:
        if self.sheet is None or self.grid.sheet.cell(self.grid.place).formula:
            return
        if self._placing is not None:
            self._place()
        else:
            self._leave_list(focus=False)
            self._ask(on=True)
            self.pick.start(typed)

    def _place(self) -> None:
        """Give a binding whose place was not found the current cell."""
        lost, self._placing = self._placing, None
        if isinstance(lost, CellBinding):
            self.bind(lost.figure, lost.measure)
        elif lost is not None:
            self._start_list()

    def bind(self, figure: str, measure: str) -> None:
        """Put a figure into the current cell; the next one below becomes current."""
        self._bind(CellBinding(self.tab, self.grid.place, figure, measure))

    def bind_list(self, proposal: Proposal) -> None:
        """Let a list begin in the current cell."""
        self._bind(proposal.binding())

    def _bind(self, new: CellBinding | ListBinding) -> None:
        sheet = self.sheet
        if sheet is None:
            return

        def done(made: Sheet) -> None:
            self._leave_list()
            self._changed(made)
            self.grid.step_down()
            self._ask(on=False)

        self.ctx.operations.read(lambda w: book_desk.bind(w.desk, sheet, new), done, owner=self)

    def clear(self) -> None:
        """Bind nothing in the current cell."""
        if self.sheet is not None:
            made = book_desk.unbind(self.sheet, self.tab, self.grid.place)
            if made is not self.sheet:
                self._changed(made)

    def _changed(self, made: Sheet) -> None:
        """Something else is bound: keep it, unless something is still to be placed."""
        self.sheet = made
        self._show_bound()
        self.compute()
        if (made.match is None or not made.match.lost) and (made.bindings.cells or made.bindings.lists):
            self.ctx.operations.do(
                lambda w: book_desk.keep(w.desk, made, "" if made.name else self.called.text()), done=lambda value: self._kept(value["name"]), undo=False,
                owner=self,
            )  # fmt: skip

    def _kept(self, name: str) -> None:
        if self.sheet is not None:
            self.sheet = replace(self.sheet, name=name)
            self.called.setText(name)

    # ---- lists ---------------------------------------------------------------------------------------------------
    def _start_list(self) -> None:
        def done(found: tuple[FormLine, ...]) -> None:
            self.beside.setCurrentWidget(self.lists)
            self._ask(on=True)
            self.lists.start(cell_name(self.grid.place), found)

        self.ctx.operations.read(lambda w: book_lists.forms(w.desk), done, owner=self)

    def _propose(self, form: str) -> None:
        sheet, tab, place = self.sheet, self.tab, self.grid.place
        if sheet is None:
            return
        keys = book_lists.keys(self.ctx.catalogue.form(form))
        self.ctx.operations.read(
            lambda w: book_lists.propose(w.desk, sheet, tab, place, form),
            lambda found: self.lists.show_proposal(found, keys),
            owner=self,
        )

    def _leave_list(self, *, focus: bool = True) -> None:
        if self.beside.currentWidget() is self.lists:
            self.beside.setCurrentWidget(self.pick)
            if focus:
                self._ask(on=False)


def _kind(period: str) -> str:
    kind = parse_period(period).kind
    return kind if kind in preview.KINDS else RANGE


def _choices(work: Work, kind: str) -> Choices:
    desk = work.desk
    return Choices(
        kind, preview.periods(desk, kind), preview.suggested(desk), book_desk.kept(desk), book_desk.choices(desk)
    )


PAGE = PageSpec("workbook", WorkbookPage, rail="reports", shots=(Shot("workbook", {"period": "2026-09"}),))
