"""报表: choose a period, see the paper as it prints, ask every figure for its records, print, seal.

Opened with ``period`` (as text), ``template`` and ``figure`` (its records are shown at once); all may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from envdesk.figures.period import parse_period
from envdesk.gui.buttons import Button, Link
from envdesk.gui.chips import ChipState
from envdesk.gui.empty import Empty
from envdesk.gui.labels import PART, hairline
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.reports import pdf, places, split
from envdesk.gui.reports.bars import Reasons, Tabs, ZoomBar
from envdesk.gui.reports.changes import ChangesTab
from envdesk.gui.reports.choose import RANGE, WIDE, ChoosePane
from envdesk.gui.reports.given import GivenMenu
from envdesk.gui.reports.paper import FIT, PaperView
from envdesk.gui.reports.pdf import Paper
from envdesk.gui.reports.places import Place
from envdesk.gui.reports.rules import RulesTab
from envdesk.gui.reports.sources import SourcesTab
from envdesk.gui.reports.verbs import Verbs
from envdesk.gui.reports.words import WordsTab
from envdesk.gui.tasks import State, Task, Work
from envdesk.i18n import _
from envdesk.present import figure_split, given, own_words, report_preview as preview
from envdesk.present.report_preview import Changes, EvidenceView, PeriodLine, Report, TemplateLine
from envdesk.reports.document import Mark

RIGHT, RIGHT_WORDS, RIGHT_WIDE, LEFT_NARROW, NARROW, WIDE_FROM = 332, 356, 420, 188, 1080, 1500
RIGHT_LEAST, MIDDLE_LEAST = 260, 140
"""Widths of the columns beside the paper; below and from which width of the page they are narrower and wider."""
KEPT = 6
"""Reports kept to go back and forth between."""
SOURCES, RULES, CHANGES, WORDS = range(4)
MONTHLY = "monthly"


@dataclass(frozen=True)
class Made:
    """A report with its paper."""

    report: Report
    paper: Paper
    notes: tuple[str, ...]
    draft: bool
    marks: tuple[Mark, ...] = ()

    @property
    def story(self) -> bool:
        """True for a letter or a brief, False for a table."""
        return self.report.story is not None


@dataclass(frozen=True)
class Choices:
    """What can be chosen, and what is proposed."""

    kind: str
    periods: tuple[PeriodLine, ...]
    templates: tuple[TemplateLine, ...]
    suggested: str


class ReportsPage(Page):
    """The reports."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.made: Made | None = None
        self.period, self.template = "", MONTHLY
        self._figure = ""
        self._kept: dict[tuple[str, str], Made] = {}
        self._task: Task | None = None
        self._later: list[Task] = []
        book = Link(theme, _("填上级的 Excel 表格"), lambda: ctx.go("workbook", period=self.period))
        own = Link(theme, _("编自己的报表"), lambda: ctx.go("template", period=self.period))
        self.choose = ChoosePane(theme, ctx.clock, "", own, book)
        self.paper = PaperView(theme, ctx.tasks)
        self.sources, self.rules, self.changes = SourcesTab(theme), RulesTab(theme), ChangesTab(theme)
        self.words = WordsTab(theme)
        self.reasons = Reasons(theme, lambda: self.show_tab(RULES))
        self.zoom = ZoomBar(theme, self.paper)
        self.verbs = Verbs(self)
        self.stopped = Empty(
            theme, _("报表没有生成。"), Act(_("重新生成"), self.again, icon="refresh-cw", kind="plain")
        )
        self.tabs = Tabs(
            theme,
            (
                (_("数字来源"), self.sources),
                (_("勾稽"), self.rules),
                (_("变化"), self.changes),
                (_("自己的话"), self.words),
            ),
        )
        self.tabs.bar.setTabVisible(WORDS, False)
        self._make_head()
        self._lay_out()
        self.first = self.choose.periods
        self.panes = (self.choose.periods, self.paper, self.tabs)
        self._connect()

    # ---- building ------------------------------------------------------------------------------------------------
    def _make_head(self) -> None:
        verbs = self.verbs
        self.set_head(
            _("报表"),
            actions=[
                Act(_("打印"), verbs.print_it, "Ctrl+P", icon="printer"),
                Act(_("另存 PDF"), verbs.save, "Ctrl+S", icon="download"),
                Act(_("复制文字"), verbs.copy_text, "Ctrl+Shift+C", icon="copy"),
                Act(_("解除月结"), verbs.unseal, icon="lock-open"),
                Act(_("月结"), verbs.seal, icon="lock", kind="primary"),
            ],
        )
        menu = Menu(self.ctx.theme, self)
        menu.addAction(_("另存 Word") + "\tCtrl+Shift+W", lambda: verbs.save(kind=".docx"))
        menu.addAction(_("另存 Excel") + "\tCtrl+Shift+E", lambda: verbs.save(kind=".xlsx"))
        menu.addSeparator()
        self._draft_verbs = (
            menu.addAction(_("打印草稿"), lambda: verbs.print_it(draft=True)),
            menu.addAction(_("另存草稿"), lambda: verbs.save(draft=True)),
        )
        menu.addSeparator()
        self.with_evidence = menu.addAction(_("打印、另存时附指标来源"))
        self.with_evidence.setCheckable(True)
        self.given = GivenMenu(self.ctx.theme, verbs.save_again, self)
        menu.addMenu(self.given)
        menu.addAction(_("全部已出具的、核对校验码"), lambda: self.ctx.go("issued", period=self.period))
        menu.addSeparator()
        menu.addAction(_("放大") + "\tCtrl++", lambda: self.paper.step_zoom(1))
        menu.addAction(_("缩小") + "\tCtrl+-", lambda: self.paper.step_zoom(-1))
        menu.addAction(_("适合页宽") + "\tCtrl+0", lambda: self.paper.set_zoom(FIT))
        menu.addAction(_("只看报表") + "\tF9", self.only_paper)
        self.more = Button(self.ctx.theme, _("更多"), menu=menu)
        at = self._head_row.indexOf(self.buttons[_("打印")])
        self._head_row.insertWidget(at, self.zoom)
        self._head_row.insertWidget(at + 3, self.more)

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        middle = QWidget()
        column = QVBoxLayout(middle)
        theme.pad(column)
        self.centre = QStackedWidget()
        self.centre.addWidget(self.paper)
        self.centre.addWidget(self.stopped)
        column.addWidget(self.reasons)
        column.addWidget(self.centre, 1)
        self.right = QFrame()
        self.right.setProperty("kind", "paper")
        inner = QVBoxLayout(self.right)
        theme.pad(inner)
        inner.addWidget(self.tabs, 1)
        self._rules_line = vertical = hairline(theme, vertical=True)
        columns = QHBoxLayout()
        theme.pad(columns)
        columns.addWidget(self.choose)
        columns.addWidget(middle, 1)
        columns.addWidget(vertical)
        columns.addWidget(self.right)
        self.body.addWidget(hairline(theme))
        self.body.addLayout(columns, 1)

    def _connect(self) -> None:
        self.choose.kind_picked.connect(self._read_periods)
        self.choose.period_picked.connect(self.want)
        self.choose.template_picked.connect(lambda template: self.want(self.period, template))
        self.paper.picked.connect(self.sources.mark)
        self.paper.asked.connect(self.show_figure)
        self.paper.turned.connect(lambda _page: self._write_head())
        self.sources.picked.connect(self.paper.pick)
        self.sources.asked.connect(self.show_figure)
        self.changes.asked.connect(self.show_figure)
        self.words.saved.connect(self.verbs.keep_words)
        self.sources.opened.connect(self.open_record)
        self.sources.parted.connect(self.split_figure)
        self.sources.split.copied.connect(lambda count: split.tell_copied(self, count))
        self.sources.split.saved.connect(self._save_split)
        self.rules.opened.connect(self.open_record)
        self.rules.listed.connect(lambda form, ids: self.ctx.go("register", form=form, ids=ids))
        for sequence, act in (
            ("Ctrl++", lambda: self.paper.step_zoom(1)), ("Ctrl+=", lambda: self.paper.step_zoom(1)),
            ("Ctrl+-", lambda: self.paper.step_zoom(-1)), ("Ctrl+0", lambda: self.paper.set_zoom(FIT)),
            ("F9", self.only_paper), ("Alt+Left", self.sources.step_back), ("F5", self.again),
            ("F4", self.sources.offer_ways),
            ("Ctrl+Shift+P", lambda: self.verbs.print_it(draft=True)),
            ("Ctrl+Shift+W", lambda: self.verbs.save(kind=".docx")),
            ("Ctrl+Shift+E", lambda: self.verbs.save(kind=".xlsx")),
            ("Alt+1", lambda: self.show_tab(SOURCES)), ("Alt+2", lambda: self.show_tab(RULES)),
            ("Alt+3", lambda: self.show_tab(CHANGES)), ("Alt+4", lambda: self.show_tab(WORDS)),
        ):  # fmt: skip
            self.key(sequence, act)

    # ---- choosing ------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show what *params* ask for; without any, what was shown stays."""
        period, template = str(params.get("period") or ""), str(params.get("template") or "")
        self._figure = str(params.get("figure") or "")
        if self.made is not None and not period and not template:
            if self._figure:
                self.show_figure(self._figure)
            return
        kind = _kind(period) if period else self.choose.kinds.value

        def done(found: Choices) -> None:
            self.choose.show_kind(found.kind)
            chosen = period or self.period or found.suggested
            self.choose.show_periods(found.periods, chosen)
            self.choose.show_templates(found.templates, template or self.template)
            self.want(chosen, template, figure=self._figure)

        self.ctx.operations.read(lambda w: _choices(w, kind), done, owner=self)

    def _read_periods(self, kind: str) -> None:
        def done(found: Choices) -> None:
            self.choose.show_periods(found.periods, self.period)

        if kind == RANGE:
            if self.period:
                self.choose.range.show_period(parse_period(self.period))
            return
        self.ctx.operations.read(lambda w: _choices(w, kind), done, owner=self)

    def want(self, period: str, template: str = "", *, figure: str = "") -> None:
        """Make a report and show it; one that is being made is given up."""
        self.period, self.template, self._figure = period, template or self.template, figure
        if self.choose.kinds.value == RANGE:
            self.choose.range.show_period(parse_period(period))
        for task in (self._task, *self._later):
            if task is not None:
                task.cancel()
        self._task, self._later = None, []
        found = self._kept.get((self.period, self.template))
        if found is not None:
            self.show_made(found)
            return
        self._allow(None)
        self.set_subtitle(_("正在生成 {period}…").format(period=parse_period(period).title))
        wanted, layout = self.period, self.template
        task = self._task = self.ctx.operations.read(
            lambda w: make(w, wanted, layout), self.show_made, title=_("生成报表"), owner=self
        )
        task.finished.connect(self._over)

    def _over(self) -> None:
        """The making of a report ended; say so when the wanted one was stopped by the user or failed."""
        if self._task is not None and self._task.state in (State.CANCELLED, State.FAILED):
            self.made = None
            self.reasons.hide()
            self.paper.show_paper(None)
            self.centre.setCurrentWidget(self.stopped)
            self.set_subtitle("")

    def again(self) -> None:
        """Make the report again."""
        self._kept.clear()
        self.want(self.period, figure=self._shown_figure())

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Figures may be others now; a paper that was given out changes none."""
        if kinds == {"issued"}:
            self._read_given()
            return
        self._kept.clear()
        if self.period:
            self.activate({"period": self.period, "template": self.template, "figure": self._shown_figure()})

    def _shown_figure(self) -> str:
        return self.sources.evidence.figure if self.sources.evidence is not None else ""

    # ---- showing -------------------------------------------------------------------------------------------------
    def show_made(self, made: Made) -> None:
        """Show a report."""
        self.made = made
        self._kept[self.period, self.template] = made
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))
        report, paper = made.report, made.paper
        self.centre.setCurrentWidget(self.paper)
        self.paper.show_paper(paper)
        self.sources.show_figures(report.figures)
        self.rules.show_rules(report.rules)
        told = report.rules.chip
        self.tabs.set_words(RULES, _("勾稽"), ChipState(told.word, told.tone, told.shape))
        self.choose.note.setText(report.cut_words)
        self.reasons.show_report(report, draft=made.draft, notes=made.notes)
        self._allow(made)
        self._write_head()
        read = self.ctx.operations.read
        if not made.story and self.tabs.current() == WORDS:
            self.tabs.show_page(SOURCES)
        self.tabs.bar.setTabVisible(WORDS, made.story)
        self.tabs.set_words(SOURCES, _("来源") if made.story else _("数字来源"))  # room for a fourth tab
        self._fit()
        self._show_places(places.of_marks(made.marks))
        self._later = [read(lambda w: preview.changes(w.desk, report), self._show_changes, owner=self)]
        if made.story:
            self._later.append(read(lambda w: own_words.own(w.desk, report), self.words.show_own, owner=self))
        self.with_evidence.setVisible(not made.story)
        self._read_given()
        if self._figure:
            self.show_figure(self._figure)

    def _read_given(self) -> None:
        """Read which papers of the period were given out."""
        if self.made is not None:
            report = self.made.report
            read = self.ctx.operations.read
            self._later.append(read(lambda w: given.given_out(w.desk, report), self.given.show_papers, owner=self))

    def _show_places(self, found: Mapping[str, Place]) -> None:
        doubted = (
            {f for r in (*self.made.report.rules.block, *self.made.report.rules.warn) for f in r.figures}
            if self.made
            else ()
        )
        self.paper.show_places(found, doubted)
        if self._figure:
            self.paper.pick(self._figure)

    def _show_changes(self, changes: Changes) -> None:
        count = self.changes.show_changes(changes)
        self.tabs.set_words(CHANGES, _("变化 {count}").format(count=count) if count else _("变化"))

    def _write_head(self) -> None:
        if self.made is None:
            return
        pages = _("第 {page} 页，共 {pages} 页").format(page=self.paper.page + 1, pages=self.made.paper.pages)
        self.set_subtitle(f"{self.made.report.title}{PART}{pages}")

    def _allow(self, made: Made | None) -> None:
        """Offer what can be done with the report."""
        print_it, save = self.buttons[_("打印")], self.buttons[_("另存 PDF")]
        seal, unseal = self.buttons[_("月结")], self.buttons[_("解除月结")]
        draft = made is not None and made.draft
        story = made is not None and made.story
        self.buttons[_("复制文字")].setVisible(story)
        print_it.set_text(_("打印草稿") if draft else _("打印"))
        save.set_text(_("另存草稿") if draft else _("另存为") if story else _("另存 PDF"))
        sealed = made is not None and made.report.sealed
        can_seal = made is not None and not draft and not sealed and made.report.period.kind == "month"
        for button in (print_it, save, self.more):
            button.setEnabled(made is not None)
        seal.setVisible(not sealed)
        seal.setEnabled(can_seal)
        unseal.setVisible(sealed)
        for verb in self._draft_verbs:
            verb.setVisible(not draft)

    def show_figure(self, figure: str) -> None:
        """Show the records behind a figure."""
        if self.made is None:
            return
        self._figure = figure
        self.show_tab(SOURCES)
        if not self.sources.is_part(figure):  # a part stands in no cell: the whole stays marked
            self.sources.mark(figure)
            self.paper.pick(figure)
        report = self.made.report

        def done(found: EvidenceView) -> None:
            self.sources.show_evidence(found)
            self.sources.records.setFocus()

        self._later.append(
            self.ctx.operations.read(lambda w: preview.evidence(w.desk, report, figure), done, owner=self)
        )

    def split_figure(self, figure: str, by: str) -> None:
        """Split a figure by a dimension."""
        if self.made is not None:
            report, show = self.made.report, self.sources.show_split
            task = self.ctx.operations.read(lambda w: figure_split.split(w.desk, report, figure, by), show, owner=self)
            self._later.append(task)

    def _save_split(self) -> None:
        view = self.sources.split.view
        if self.made is not None and view is not None:
            split.save_split(self, self.made.report, view)

    def show_tab(self, number: int) -> None:
        """Show a tab and give it the focus."""
        if not self.tabs.bar.isTabVisible(number):
            return
        self.right.show()
        self.tabs.show_page(number)
        target = {SOURCES: self.sources.current, CHANGES: self.changes.table, WORDS: self.words.area}.get(number)
        (target or self.tabs.bar).setFocus()

    def open_record(self, form: str, rec: str) -> None:
        """Open a record; Esc leads back here."""
        self.ctx.go("form", form=form, id=rec, back=("reports", {}))

    # ---- room ----------------------------------------------------------------------------------------------------
    def only_paper(self) -> None:
        """Hide what stands beside the paper, or show it again."""
        hide = self.choose.isVisible() or self.right.isVisible()
        for part in (self.choose, self.right, self._rules_line):
            part.setVisible(not hide)
        if hide:
            self.paper.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the columns their width."""
        wide = self.width() / self.ctx.theme.scale
        narrow = wide < NARROW
        right = RIGHT_WORDS if self.made is not None and self.made.story else RIGHT
        most = wide - LEFT_NARROW - MIDDLE_LEAST if narrow else RIGHT_WIDE
        self.ctx.theme.fix(self.right, width=min(RIGHT_WIDE if wide >= WIDE_FROM else right, max(most, RIGHT_LEAST)))
        self.zoom.setVisible(not narrow)  # its verbs are in the menu too
        self.ctx.theme.fix(self.choose, width=LEFT_NARROW if narrow else WIDE)


def _kind(period: str) -> str:
    kind = parse_period(period).kind
    return kind if kind in preview.KINDS else RANGE


def _choices(work: Work, kind: str) -> Choices:
    found = preview.periods(work.desk, kind)
    return Choices(kind, found, preview.templates(work.desk), preview.suggested(work.desk))


def make(work: Work, period: str, template: str) -> Made:
    """Compute a report and print it."""
    work.report(0, 3, _("汇总数字"))
    report = preview.compute(work.desk, period, template)
    work.report(1, 3, _("排版"))
    printed = preview.paper(work.desk, report)
    work.report(2, 3, _("排版"))
    return Made(report, pdf.opened(printed.data), printed.notes, preview.is_draft(work.desk, report), printed.marks)


def _ask_visits(page: ReportsPage) -> None:
    page.show_figure("insp_visits")


def _ask_rate(page: ReportsPage) -> None:
    page.show_figure("wo_rate")


PAGE = PageSpec(
    "reports",
    ReportsPage,
    shots=(
        Shot("reports", {"period": "2026-09"}),
        Shot("reports-figure", {"period": "2026-09"}, _ask_rate),
        Shot("reports-rules", {"period": "2026-09"}, lambda page: page.show_tab(RULES)),
        Shot("reports-changes", {"period": "2026-09"}, lambda page: page.show_tab(CHANGES)),
        Shot("reports-running", {"period": "2026-10"}),
        Shot("reports-letter", {"period": "2026-09", "template": "work-004"}),
        Shot("reports-letter-figure", {"period": "2026-09", "template": "work-004"}, _ask_visits),
        Shot("reports-words", {"period": "2026-09", "template": "work-004"}, lambda page: page.show_tab(WORDS)),
        Shot("reports-brief", {"period": "2026-09", "template": "brief"}),
        Shot("reports-range", {"period": "2026-10-05..2026-10-09"}),
    ),
)
