"""自己的报表: choose figures, conditions, order and words of a table; every change is kept and seen on the paper.

Opened with ``name`` (an own table), ``source`` (to copy) and ``period``; all may be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from envdesk.desk import own_reports
from envdesk.desk.dimensions import conditions
from envdesk.errors import Refused
from envdesk.figures.period import parse_period
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.check_box import CheckBox
from envdesk.gui.labels import hairline, label
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.reports import pdf
from envdesk.gui.reports.choose import ChoiceList, Item
from envdesk.gui.reports.paper import PaperView
from envdesk.gui.reports.rows_list import RowsList
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, row, scrolled
from envdesk.gui.tasks import Task, Work
from envdesk.gui.workbook.pick import PickPane
from envdesk.i18n import _
from envdesk.present import book_desk, own_desk, report_preview as preview
from envdesk.present.book_desk import Choice
from envdesk.present.own_desk import Line, OwnLine
from envdesk.reports.template import Template

LEFT, ROWS, QUIET_MS = 188, 348, 500
TIGHT, LEAST_ROWS = 760, 96
"""Width of the page below which the paper gives way, and the height the list of rows keeps."""


@dataclass(frozen=True)
class Offer:
    """What can be chosen."""

    own: tuple[OwnLine, ...]
    sources: tuple[tuple[str, str], ...]
    period: str
    figures: tuple[Choice, ...]


class TemplatePage(Page):
    """One table."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.layout_: Template | None = None
        self.name, self.period = "", ""
        self._filling = False
        self._task: Task | None = None
        self.own = ChoiceList(theme, _("自己的报表"))
        self.copies = Menu(theme, self)
        self.copy_button = Button(theme, _("照着做一份"), menu=self.copies)
        self.new_button = Button(theme, _("从空白做"), self.start_empty)
        self.called, self.titled = LineField(theme), LineField(theme)
        self.called_box = FieldBox(theme, _("名称"), self.called, required=True)
        self.titled_box = FieldBox(theme, _("表题"), self.titled)
        self.titled.setToolTip(_("印成“2026年9月＋表题＋月报表”。"))
        self.rows = RowsList(theme)
        self.words, self.note = LineField(theme), LineField(theme)
        self.words_box, self.note_box = (
            FieldBox(theme, _("行的名称"), self.words),
            FieldBox(theme, _("备注"), self.note),
        )
        self.part = CheckBox(theme, _("是上一行的其中数"))
        self.columns = Menu(theme, self)
        self.columns_button = Button(theme, _("栏目"), menu=self.columns)
        self.paper = PaperView(theme, ctx.tasks)
        self.pick = PickPane(theme, take=_("加进报表"), rows=True)
        self.said = label("", "caption", tone="red", wrap=True)
        self.set_head(
            _("自己的报表"),
            actions=[
                Act(_("加指标"), self.add, "Insert", "plus"),
                Act(_("加类别"), self.add_category),
                Act(_("删除这份"), self.delete),
                Act(_("用它出报表"), self.use, icon="file-chart-column", kind="primary"),
            ],
        )
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(QUIET_MS)
        self._rest.timeout.connect(self.keep_now)
        self._lay_out()
        self._connect()
        self.first = self.rows
        self.panes = (self.own, self.rows, self.paper)
        self._show()

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        left, inner = QWidget(), QWidget()
        self._left, self._middle = left, QFrame()
        self._middle.setProperty("kind", "paper")
        column, rows, middle = QVBoxLayout(left), QVBoxLayout(inner), QVBoxLayout(self._middle)
        theme.pad(middle)
        middle.addWidget(scrolled(inner, kind="clear", over=True))
        theme.pad(column, (tokens.S3, tokens.S3, tokens.S3, tokens.S3), tokens.S2)
        theme.pad(rows, (tokens.S3, tokens.S3, tokens.S3, tokens.S3), tokens.S2)
        column.addWidget(label(_("自己的报表"), "strong-table", tone="grey"))
        column.addWidget(self.own, 1)
        column.addLayout(row(theme, self.copy_button, None))
        column.addLayout(row(theme, self.new_button, None))
        column.addLayout(row(theme, Link(theme, _("回到报表"), lambda: self.ctx.go("reports")), None))
        rows.addLayout(row(theme, self.called_box, self.titled_box))
        rows.addWidget(self.rows, 1)
        rows.addLayout(row(theme, self.words_box, self.note_box))
        rows.addLayout(row(theme, self.part, None, self.columns_button))
        rows.addWidget(self.said)
        self.centre = QStackedWidget()
        self.centre.addWidget(self.paper)
        self.centre.addWidget(self.pick)
        columns = QHBoxLayout()
        theme.pad(columns)
        self._line = hairline(theme, vertical=True)
        for pane in (left, hairline(theme, vertical=True), self._middle, self._line):
            columns.addWidget(pane)
        columns.addWidget(self.centre, 1)
        self.body.addWidget(hairline(theme))
        self.body.addLayout(columns, 1)
        theme.changed.connect(self.fold)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """In little room there is no paper beside the rows, and figures are chosen in the place of both."""
        theme, wide = self.ctx.theme, self.width() / self.ctx.theme.scale
        tight, choosing = wide < TIGHT, self.centre.currentWidget() is self.pick
        theme.fix(self._left, width=LEFT)
        theme.fix(self._middle, width=wide - LEFT - 2 if tight else ROWS)
        self._middle.setVisible(not (tight and choosing))
        self.centre.setVisible(not tight or choosing)
        self._line.setVisible(not tight)
        self.rows.setMinimumHeight(theme.px(LEAST_ROWS))

    def _connect(self) -> None:
        self.own.picked.connect(self.open)
        self.called.editingFinished.connect(self._rename)
        self.titled.textEdited.connect(lambda text: self._change(lambda t: replace(t, title=text)))
        self.rows.current.connect(self._show_line)
        self.rows.shifted.connect(self._shift)
        self.rows.wanted.connect(self.add)
        self.rows.removed.connect(self._remove)
        self.rows.worded.connect(self._word)
        for field in (self.words, self.note):
            field.returnPressed.connect(self.rows.setFocus)
        self.words.textEdited.connect(lambda text: self._change_line(lambda t, n: own_desk.titled(t, n, text)))
        self.note.textEdited.connect(lambda text: self._change_line(lambda t, n: own_desk.noted(t, n, text)))
        self.part.toggled.connect(lambda on: self._change_line(lambda t, n: own_desk.parted(t, n, part=on)))
        self.pick.taken.connect(lambda figure, _measure: self._take(figure))
        self.pick.left.connect(self._leave_pick)
        self.pick.looked.connect(self._conditions)
        for key, words in own_desk.COLUMN_TITLES.items():
            action = self.columns.addAction(_(words))
            action.setCheckable(True)
            action.setEnabled(key != "current")
            action.triggered.connect(
                lambda on, key=key: self._change(lambda t: own_desk.with_column(t, key, on=on))
            )  # fmt: skip

    # ---- choosing ------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show what *params* ask for; without any, what was shown stays."""
        name, source = str(params.get("name") or ""), str(params.get("source") or "")
        self.period = str(params.get("period") or self.period)

        def done(found: Offer) -> None:
            self.period = self.period or found.period
            self.pick.offer(found.figures)
            self._show_own(found)
            wanted = name or self.name or (found.own[0].id if found.own else "")
            if source:
                self.start_copy(source)
            elif wanted and (self.layout_ is None or name):
                self.open(wanted)

        self.ctx.operations.read(_offer, done, owner=self)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Templates or figures are others now."""
        self.ctx.operations.read(_offer, self._show_own, owner=self)
        if kinds != frozenset({"template"}):
            self._print()

    def _show_own(self, found: Offer) -> None:
        self.own.fill([Item(t.id, t.id, t.note) for t in found.own], self.name)
        self.copies.clear()
        for source, title in found.sources:
            self.copies.addAction(title.replace("&", "&&"), partial(self.start_copy, source))

    def open(self, name: str) -> None:
        """Open an own table."""
        self.ctx.operations.read(lambda w: own_reports.table(w.desk, name), lambda t: self._open(t, name), owner=self)

    def start_copy(self, source: str) -> None:
        """Begin with a copy of a table."""
        self.ctx.operations.read(
            lambda w: own_desk.copied(w.desk, source), lambda t: self._open(t, "", keep=True), owner=self
        )

    def start_empty(self) -> None:
        """Begin without rows."""
        self.ctx.operations.read(lambda w: own_desk.empty(w.desk), lambda t: self._open(t, ""), owner=self)

    def _open(self, layout: Template, name: str, *, keep: bool = False) -> None:
        self.layout_, self.name = layout, name
        self.own.mark(name)
        self._show()
        self.rows.setFocus()
        if keep:
            self.keep_now()
        self._print()
        if not layout.figures:
            self.add()

    # ---- showing -------------------------------------------------------------------------------------------------
    def _show(self, at: tuple[int, int] | None = None) -> None:
        layout = self.layout_
        for text in (_("加指标"), _("加类别"), _("删除这份"), _("用它出报表")):
            self.buttons[text].setEnabled(layout is not None)
        for widget in (self.called, self.titled, self.rows, self.columns_button):
            widget.setEnabled(layout is not None)
        self._filling = True
        self.called.setText(layout.id if layout else "")
        self.titled.setText(layout.title if layout else "")
        for action, key in zip(self.columns.actions(), own_desk.COLUMN_TITLES, strict=True):
            action.setChecked(layout is not None and key in layout.columns)
        self._filling = False
        self.rows.show_lines(own_desk.lines(layout, self.ctx.catalogue) if layout else (), at)
        self._show_line()
        self.set_subtitle(_("改了就存") if layout else _("照月报表做一份，或从空白做"))

    def _show_line(self) -> None:
        line = self.rows.line
        self._filling = True
        self.words.setText(line.own if line else "")
        self.words.setPlaceholderText(line.title if line else "")
        self.note.setText(line.note if line else "")
        self.part.setChecked(bool(line and line.part))
        self._filling = False
        self.words.setEnabled(line is not None)
        for widget in (self.note, self.part):
            widget.setEnabled(line is not None and line.row >= 0)

    # ---- changing ------------------------------------------------------------------------------------------------
    def _change(self, change: Callable[[Template], Template], at: tuple[int, int] | None = None) -> None:
        """Change the table, show it, keep and print it after a rest."""
        if self.layout_ is None or self._filling:
            return
        self.layout_ = change(self.layout_)
        line = self.rows.line
        at = at or ((line.category, line.row) if line else None)
        self.rows.show_lines(own_desk.lines(self.layout_, self.ctx.catalogue), at)
        self._rest.start()

    def _change_line(self, change: Callable[[Template, Line], Template]) -> None:
        line = self.rows.line
        if line is not None and not self._filling:
            keep = self.words.text(), self.words.cursorPosition(), self.note.cursorPosition()
            self._change(lambda t: change(t, line))
            self.words.setCursorPosition(min(keep[1], len(self.words.text())))
            self.note.setCursorPosition(keep[2])

    def _shift(self, step: int) -> None:
        line = self.rows.line
        if line is not None and self.layout_ is not None:
            made, at = own_desk.moved(self.layout_, line, step)
            self._change(lambda _t: made, at)

    def _remove(self) -> None:
        line = self.rows.line
        if line is not None:
            self._change(lambda t: own_desk.without(t, line))
            self._show_line()

    def _word(self) -> None:
        self.words.setFocus()
        self.words.selectAll()

    def add(self) -> None:
        """Choose a figure for a new row behind the current one."""
        if self.layout_ is not None:
            self.centre.setCurrentWidget(self.pick)
            self.fold()
            self.pick.show_cell("", "", "", "", bound=False, formula=False)
            self.pick.start()

    def add_category(self) -> None:
        """Begin a category behind the current line."""
        if self.layout_ is not None:
            made, at = own_desk.with_category(self.layout_, self.rows.line)
            self._change(lambda _t: made, at)
            self._word()

    def _take(self, figure: str) -> None:
        if self.layout_ is not None:
            made, at = own_desk.added(self.layout_, self.rows.line, figure)
            self._leave_pick()
            self._change(lambda _t: made, at)

    def _leave_pick(self) -> None:
        self.centre.setCurrentWidget(self.paper)
        self.fold()
        self.rows.setFocus()

    def _conditions(self, figure: str) -> None:
        if figure.startswith("@"):
            return
        self.ctx.operations.read(
            lambda w: conditions(w.desk, figure), lambda found: self.pick.show_conditions(figure, found), owner=self
        )

    # ---- keeping -------------------------------------------------------------------------------------------------
    def _rename(self) -> None:
        if self.layout_ is not None and self.called.text().strip() != self.layout_.id:
            self._change(lambda t: replace(t, id=self.called.text().strip()))
            self.keep_now()

    def keep(self) -> None:
        """Keep what was changed just now."""
        if self._rest.isActive():
            self.keep_now()

    def keep_now(self) -> None:
        """Keep the table and print it; say beside it what can not be kept."""
        self._rest.stop()
        made, old = self.layout_, self.name
        if made is None or not made.figures:
            return

        def refused(error: Refused) -> bool:
            problems = error.all_problems()
            name = any(p.code in ("template_name", "required") for p in problems)
            self.called_box.set_problem("error" if name else "", problems[0].message if name else "")
            self.said.setText("" if name else "\n".join(p.message for p in problems[:3]))
            return True

        def done(name: str) -> None:
            self.called_box.set_problem("", "")
            self.said.setText("")
            self.name = name

        self.ctx.operations.do(
            lambda w: own_reports.save(w.desk, made, old=old), done=done, refused=refused, undo=False, owner=self
        )
        self._print()

    def _print(self) -> None:
        """Show the table as a draft on paper."""
        layout, period = self.layout_, self.period
        if self._task is not None:
            self._task.cancel()
        if layout is None or not period or not layout.figures:
            self.paper.show_paper(None)
            return

        def show(paper: pdf.Paper) -> None:
            self.paper.show_paper(paper)
            self.set_subtitle(_("改了就存") + f"    {parse_period(period).title}")

        self._task = self.ctx.tasks.run(
            lambda w: pdf.opened(own_desk.preview(w.desk, layout, period).data), done=show, failed=self._unprinted,
            owner=self,
        )  # fmt: skip

    def _unprinted(self, error: Exception) -> None:
        """What can not be printed is said when it is kept; anything else is a failure."""
        self.paper.show_paper(None)
        if not isinstance(error, Refused):
            self.ctx.operations.fail(error)

    def delete(self) -> None:
        """删除这份."""
        self._rest.stop()
        name, layout = self.name, self.layout_
        self.layout_, self.name = None, ""
        self._show()
        self.paper.show_paper(None)
        if not name or layout is None:
            return

        def back() -> None:
            self._open(replace(layout, id=name), "", keep=True)

        self.ctx.operations.do(
            lambda w: own_reports.delete(w.desk, name), undo=False, owner=self,
            done=lambda _v: self.ctx.operations.tell(
                _("已删除“{name}”。").format(name=name), "done", act=(_("恢复"), back)
            ),
        )  # fmt: skip

    def use(self) -> None:
        """用它出报表: to the reports with this table chosen."""
        self.keep()
        if self.name:
            self.ctx.go("reports", period=self.period, template=self.name)


def _offer(work: Work) -> Offer:
    desk = work.desk
    figures = tuple(c for c in book_desk.choices(desk) if not c.id.startswith("@"))
    return Offer(own_desk.mine(desk), own_desk.sources(desk), preview.suggested(desk), figures)


PAGE = PageSpec(
    "template",
    TemplatePage,
    rail="reports",
    shots=(
        Shot("template", {"period": "2026-09"}),
        Shot("template-add", {"period": "2026-09"}, lambda page: page.add()),
    ),
)
