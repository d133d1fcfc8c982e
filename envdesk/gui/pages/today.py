"""今日: what is due by urgency, the month in eight figures, coverage of the year, drafts to finish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from envdesk.desk import registers, todo
from envdesk.desk.registers import TITLES
from envdesk.gui import tokens
from envdesk.gui.buttons import KeyHint
from envdesk.gui.empty import Empty
from envdesk.gui.filter_chip import DayChip
from envdesk.gui.labels import PART, label
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.prefs import GUIDE, UNGUIDED
from envdesk.gui.section import Panel, row, scrolled
from envdesk.gui.tasks import PAINTED, Task
from envdesk.gui.today.due import DueList
from envdesk.gui.today.month import MonthPanel
from envdesk.gui.today.side import CoveragePanel, DraftsPanel
from envdesk.i18n import _, plural
from envdesk.present import today
from envdesk.present.today import DraftLine, Line

if TYPE_CHECKING:
    from envdesk.gui.tasks import Work
    from envdesk.gui.today.welcome import Welcome
    from envdesk.present.today.month import Coverage, MonthFigures
    from envdesk.store.drafts import Draft

NARROW, SIDE_NARROW = 1000, 284
"""Below this width of the page the right third takes less."""
STACKED = 760
"""Below this one it goes under the list."""
FOOT = 32
NO_LIMIT = (1 << 24) - 1
"""Qt's largest width."""
ORDER = "work_order"
LAST_SHEET = "last_sheet"
"""Sheets in the menu that a digit reaches."""


class TodayPage(Page):
    """The first page of a day."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.list = DueList(theme)
        self.month = MonthPanel(theme)
        self.coverage = CoveragePanel(theme)
        self.drafts = DraftsPanel(theme)
        self.day = DayChip(theme, ctx.clock)
        self.sheets = Menu(theme, self)
        self._done, self._later = label("", "caption"), label("", "caption")
        self.empty = Empty(
            theme, _("本月没有要办的事。"), Act(_("登记检查"), self.new_sheet, icon="clipboard-check", kind="plain")
        )
        self.welcome: Welcome | None = None
        self._bare = self._asked = False
        self.set_head(
            _("今日"),
            actions=[
                Act(_("登记工单"), self.new_order, "Ctrl+G", icon="message-square-text"),
                Act(_("登记检查"), self.new_sheet, "Ctrl+N", icon="clipboard-check", kind="primary"),
            ],
            extra=[self.day],
        )
        self._fill_sheets()
        self._lay_out()
        self.first = self.list
        self.panes = (self.list, self.month, self.coverage, self.drafts)
        self.list.started.connect(self.start)
        self.list.opened.connect(self.open_line)
        self.day.asked.connect(lambda _day: self._read_list())
        for sequence, days in (("Alt+Right", 1), ("Alt+Left", -1)):
            self.key(sequence, partial(self.day.step, days))
        self.month.asked.connect(self.show_figure)
        self.coverage.asked.connect(self.show_coverage)
        self.drafts.opened.connect(lambda ident: self._go_form(draft=ident))
        self.drafts.discarded.connect(self.discard)

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        panel = Panel(theme, padding=tokens.HAIR)
        holder = QWidget()
        self._either = QStackedLayout(holder)
        self._either.addWidget(self.list)
        self._either.addWidget(self.empty)
        foot = QFrame()
        foot.setProperty("kind", "foot")
        theme.fix(foot, height=FOOT)
        self._opens = KeyHint(theme, ("F2",), _("打开记录"))
        line = row(
            theme, KeyHint(theme, ("Up", "Down"), _("选择")), KeyHint(theme, ("Return",), _("开始")),
            self._opens, None, self._later, self._done, spacing=tokens.S4,
        )  # fmt: skip
        theme.pad(line, (tokens.S4, 0, tokens.S4, 0), tokens.S4)
        foot.setLayout(line)
        panel.body.addWidget(holder, 1)
        panel.body.addWidget(foot)
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        theme.pad(column, (0, 0, tokens.S5, 0), tokens.S3)
        for part in (self.month, self.coverage, self.drafts):
            column.addWidget(part)
        column.addStretch(1)
        self._column = column
        self._scroll = scrolled(self._side, kind="clear", over=True)
        self._both = both = QHBoxLayout()
        theme.pad(both, (tokens.S5, 0, 0, tokens.S4), tokens.S4)
        left = QVBoxLayout()
        self._left = left
        left.addWidget(panel)
        both.addLayout(left, 2)
        both.addWidget(self._scroll)
        self.body.addLayout(both, 1)

    def _fill_sheets(self) -> None:
        """Fill the menu of 登记检查: the sheet used last first."""
        self.sheets.clear()
        last = self.ctx.prefs.get(LAST_SHEET, "")
        forms = [f for f in self.ctx.catalogue.forms.values() if registers.group_of(f) == "inspections"]
        ordered = sorted(forms, key=lambda f: f.id != last)
        self.sheets.add_numbered((form.title, partial(self.open_sheet, form.id)) for form in ordered)

    # ---- reading -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Read everything; with ``guide`` a first record is offered in the place of the list.

        It is of today or of the day *params* come back to; the list is painted before the figures are asked for.
        """
        self._asked = bool(params.get("guide"))
        self.day.show_day(params.get("on"))
        self._read_all()

    def _read_all(self) -> None:
        self._read_list().finished.connect(self._read_figures)

    def _back(self) -> tuple[str, dict[str, Any]]:
        """Where a record leads back to: the day that was looked at."""
        return ("today", {"on": self.day.day} if self.day.day is not None else {})

    def _read_list(self) -> Task:
        self.day.show_day(self.day.day)
        on = self.day.day
        return self.ctx.operations.read(
            lambda w: (today.due_list(w.desk, on), today.drafts(w.desk)), self.show_list, owner=self
        )

    def _read_figures(self) -> None:
        def ask(fn: Callable[[Work], Any], done: Callable[[Any], object]) -> None:
            self.ctx.operations.read(fn, done, owner=self, after=PAINTED)

        if not self.month.cells[0].figure:  # a first view: what is new, then the months behind it
            ask(lambda w: _month().figures(w.desk, series=False), self.show_month)
        ask(lambda w: _month().figures(w.desk), self.show_month)
        ask(lambda w: _month().coverage(w.desk), self.show_bars)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Anything may wait or count."""
        self._read_all()

    def show_list(self, found: tuple[today.DueList, tuple[DraftLine, ...]]) -> None:
        """Show what is due, and the drafts."""
        due, drafts = found
        ahead = self.day.day is not None
        self.set_subtitle(due.date_words + (PART + _("从现在到那天都没有办的话") if ahead else ""))
        focus = self.window().focusWidget()  # in a window that is not active yet, too
        shown = self._either.currentWidget()
        had = focus is self.list or (shown is not None and focus is not None and shown.isAncestorOf(focus))
        self.list.fill(due.groups)
        self._bare = due.bare and not self.ctx.district
        offered = self._offer(drafts) if self._bare or self._asked else None
        self._either.setCurrentWidget(offered or (self.list if due.groups else self.empty))
        self._opens.setVisible(offered is None)
        self.first = self._goal()
        if had or (self.isVisible() and self.focusWidget() is None):
            self.focus_list()
        self._done.setText(plural("今天已办 {count} 件", due.done))
        self._later.setText(plural("下月以后还有 {count} 件", due.later) if due.later else "")
        self._later.setVisible(bool(due.later))
        self.drafts.fill(drafts)
        some = int(bool(drafts))  # no white sheet where nothing stands on it
        self._column.setStretchFactor(self.drafts, some)
        self._column.setStretch(self._column.count() - 1, 1 - some)

    def _offer(self, drafts: tuple[DraftLine, ...]) -> Welcome:
        """What a first record can be; not read where the office has some."""
        if self.welcome is None:
            from envdesk.gui.today.welcome import Welcome
            from envdesk.present.guide import offered

            more = (_("登记别的检查"), self.new_sheet)
            lists = (_("先导入企业名单"), lambda: self.ctx.go("subjects"))
            self.welcome = Welcome(self.ctx.theme, offered(self.ctx.catalogue), more, lists)
            self.welcome.chosen.connect(self.begin)
            self.welcome.resumed.connect(lambda ident: self._go_form(draft=ident))
            self.welcome.left.connect(self._leave_offer)
            self._either.addWidget(self.welcome)
        self.welcome.fill(drafts if self._bare else (), first=self._bare, guided=self._guided())
        return self.welcome

    def _leave_offer(self) -> None:
        if self._asked:
            self.activate({})

    def _offering(self) -> bool:
        return self.welcome is not None and self._either.currentWidget() is self.welcome

    def _guided(self) -> bool:
        return self._asked or self.ctx.prefs.get(GUIDE) != UNGUIDED

    def _goal(self) -> QWidget | None:
        """What takes the keys: the list, or what stands in its place."""
        if self.welcome is not None and self._offering():
            return self.welcome.first()
        return self.list if self.list.due.rows else self.empty.button

    def focus_list(self) -> None:
        """Give the focus to the list, or to what stands in its place."""
        if self.first is not None:
            self.first.setFocus()

    def show_month(self, month: MonthFigures) -> None:
        """Show the figures of the month."""
        self.month.fill(month)

    def show_bars(self, coverage: Coverage) -> None:
        """Show the coverage of the year."""
        self.coverage.fill(coverage)

    # ---- starting things -----------------------------------------------------------------------------------------
    def start(self, line: Line) -> None:
        """Start the next step of a line."""
        if line.form == "report":
            self.ctx.go("reports", period=line.rec)
        elif line.records:
            group = TITLES.get(line.icon, "")
            self.ctx.go("register", group=group, form=line.form, ids=line.records)
        elif line.step.new:
            prefill = {"subject_id": line.subject} if line.subject else None
            self.ctx.go("form", form=line.form, prefill=prefill, section=line.step.section, back=self._back())
        else:
            self.ctx.go("form", form=line.form, id=line.rec, section=line.step.section, back=self._back())

    def open_line(self, line: Line) -> None:
        """Open the record itself."""
        if line.form != "report" and line.rec:
            self.ctx.go("form", form=line.form, id=line.rec, back=self._back())
        else:
            self.start(line)

    def new_order(self) -> None:
        """登记工单."""
        self.begin(ORDER)

    def begin(self, form_id: str) -> None:
        """Open an empty form."""
        self._go_form(form=form_id)

    def _go_form(self, **what: str) -> None:
        """Open a form; the guide goes along with a first one."""
        along = {"guide": True} if self._offering() and self._guided() else {}
        self.ctx.go("form", **what, back=self._back(), **along)

    def new_sheet(self) -> None:
        """登记检查: ask which sheet; the one used last is under the cursor."""
        self.sheets.under(self.buttons[_("登记检查")])

    def open_sheet(self, form_id: str) -> None:
        """Open an empty sheet."""
        self.ctx.prefs.put(LAST_SHEET, form_id)
        self._fill_sheets()
        self.begin(form_id)

    def show_figure(self, period: str, figure: str) -> None:
        """Show the records behind a figure of the month."""
        self.ctx.go("reports", period=period, figure=figure)

    def show_coverage(self, figure: str) -> None:
        """Show whom the coverage of the year is about."""
        self.ctx.go("reports", period=str(self.ctx.clock.today().year), figure=figure)

    # ---- drafts --------------------------------------------------------------------------------------------------
    def discard(self, line: DraftLine) -> None:
        """Throw a draft away; the toast offers to put it back."""

        def done(draft: Draft | None) -> None:
            if draft is not None:
                words = _("已丢弃草稿“{title}”。").format(title=line.title)
                self.ctx.operations.tell(words, "done", (_("放回"), lambda: self._put_back(draft)))
            self._read_list()

        self.ctx.operations.read(lambda w: todo.drop_draft(w.desk, line.id), done, owner=self)

    def _put_back(self, draft: Draft) -> None:
        def done(_value: None) -> None:
            self.ctx.operations.tell(_("草稿已放回。"), "done")
            self._read_list()

        self.ctx.operations.read(lambda w: todo.put_back_draft(w.desk, draft), done, owner=self)

    # ---- room ----------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        wide = self.width() / self.ctx.theme.scale
        if wide < STACKED:
            self._both.setDirection(QHBoxLayout.Direction.TopToBottom)
            self._both.setStretch(1, 1)
            self.ctx.theme.pad(self._left, (0, 0, tokens.S5, 0))
            self.ctx.theme.fix(self._scroll)  # no width of its own
            self._scroll.setMinimumWidth(0)
            self._scroll.setMaximumWidth(NO_LIMIT)
        else:
            self._both.setDirection(QHBoxLayout.Direction.LeftToRight)
            self._both.setStretch(1, 0)
            self.ctx.theme.pad(self._left)
            side = tokens.SIDE if wide >= NARROW else SIDE_NARROW
            self.ctx.theme.fix(self._scroll, width=side + tokens.S5)


def _month() -> ModuleType:
    """What computes the figures; not read before the list is there."""
    from envdesk.present.today import month

    return month


PAGE = PageSpec("today", TodayPage, shots=(Shot("today"),))
