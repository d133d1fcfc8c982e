"""A group of the rail: the lists of its forms.

Opened with ``group`` (title or id); ``form`` shows one of its forms, ``filters`` (key → values), ``period``, ``search``
and ``void`` ask for something, ``ids`` narrows the list to these records, whenever they happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from envdesk.desk.registers import TITLES
from envdesk.desk.steps import Step
from envdesk.figures.period import parse_period
from envdesk.gui.labels import hairline
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.register.acts import RowActs
from envdesk.gui.register.import_panel import ImportPanel
from envdesk.gui.register.list_view import ListView
from envdesk.gui.register.tabs import FormTabs
from envdesk.gui.table_model import Row
from envdesk.i18n import _
from envdesk.present import register_desk
from envdesk.present.list_query import ListState, Tab, tabs

#: What the button of a form says; other forms say 登记.
NEW = {"work_order": "登记工单", "rectification": "登记整改", "enforcement_case": "登记案件"}


class RegisterPage(Page):
    """One group at a time."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.group = ""
        self.tabs: tuple[Tab, ...] = ()
        self._tabs: dict[str, tuple[Tab, ...]] = {}
        self._of: dict[str, str] = {}
        self.strip = FormTabs(theme)
        self.acts = RowActs(ctx)
        self.list = ListView(ctx, self.acts.foot(), self._empty)
        self.acts.on(self.list)
        self.importing = ImportPanel(ctx)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.importing)
        self._tab_line = hairline(theme)
        self.body.addWidget(self.strip)
        self.body.addWidget(self._tab_line)
        self._gap = QWidget()
        theme.fix(self._gap, height=10)
        self.body.addWidget(self._gap)
        self.body.addWidget(self.stack, 1)
        self.first = self.list
        self.panes = (self.list.bar, self.list.paper, self.list.preview, self.list.foot)
        self._connect()

    def _connect(self) -> None:
        view = self.list
        view.summed.connect(self.set_subtitle)
        view.started.connect(self.start)
        view.opened.connect(self.open_record)
        view.linked.connect(self.follow)
        self.strip.chosen.connect(self.show_form)
        self.importing.closed.connect(self.show_list)
        self.importing.taken.connect(self._imported)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+F", view.bar.start_search), ("Ctrl+P", self.acts.print_sheets),
            ("Ctrl+Shift+P", self.acts.print_list), ("Ctrl+E", self.acts.export),
            ("Ctrl+PgDown", lambda: self.strip.step(1)), ("Ctrl+PgUp", lambda: self.strip.step(-1)),
        )  # fmt: skip
        for sequence, act in keys:
            self.key(sequence, act)

    # ---- opening -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show a group, as it was left unless *params* ask for something."""
        if not params and self.group:
            return
        if params.get("form") == "subject":  # they have a page of their own
            QTimer.singleShot(
                0, self, lambda: self.ctx.go("subjects", **{k: v for k, v in params.items() if k != "form"})
            )
            return
        group = register_desk.group_id(str(params.get("group") or _group_of(self.ctx, str(params.get("form") or ""))))
        other = group != self.group
        self.group = group
        if other:
            self.set_head(_(TITLES[group]))
            self.show_list()

        def show(found: tuple[Tab, ...]) -> None:
            if self.group != group:
                return
            self.tabs = self._tabs[group] = found
            of = str(params.get("form") or self._of.get(group) or found[0].id)
            self._show(of, lambda s: asked(s, params))

        known = self._tabs.get(group)
        if known is not None:
            show(known)
        else:
            self.ctx.operations.read(lambda w: tabs(w.desk, group), show, owner=self)

    def show_form(self, of: str) -> None:
        """Show another form of the group."""
        self._show(of, None)

    def _show(self, of: str, change: Callable[[ListState], ListState] | None) -> None:
        self.stack.setCurrentWidget(self.list)
        self.first = self.list
        self._of[self.group] = of
        self.strip.show_items([(t.id, t.title) for t in self.tabs], of)
        several = len(self.tabs) > 1
        self.strip.setVisible(several)
        self._tab_line.setVisible(several)
        self._gap.setVisible(several)
        title = _(TITLES[self.group])
        acts = [Act(_("导入"), self.import_file, "Ctrl+I", icon="upload"), self._new_act(of)]
        self.set_head(
            title, self._subtitle.text() if self.list.state and self.list.state.of == of else "", acts, tight=several
        )
        self.list.open(of, change)

    def _new_act(self, of: str) -> Act:
        return Act(_(NEW[of]) if of in NEW else _("登记"), self.new, "Ctrl+N", icon="plus", kind="primary")

    def show_list(self) -> None:
        """Back from a file to the list."""
        self.stack.setCurrentWidget(self.list)
        self.first = self.list
        if self.isVisible():
            self.list.focus_list()

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Read again whatever changed: a list shows names and states of other records, too."""
        self.list.read_again()

    def rail_key(self) -> str:
        """Light the group."""
        return f"register:{TITLES.get(self.group, '')}"

    # ---- records -------------------------------------------------------------------------------------------------
    def _back(self) -> tuple[str, dict[str, Any]]:
        here: dict[str, Any] = {"group": self.group, "form": self._of.get(self.group, "")}
        state = self.list.state
        if state is not None and state.chosen:
            here["ids"] = state.chosen
        return ("register", here)

    def start(self, row: Row) -> None:
        """Enter: the next step of a record, else the record."""
        step = self.list.step(row)
        if isinstance(step, Step) and step.section and not step.new:
            self.ctx.go("form", form=row.data.form, id=row.id, section=step.section, back=self._back())
        else:
            self.open_record(row)

    def open_record(self, row: Row) -> None:
        """F2: the record."""
        self.ctx.go("form", form=row.data.form, id=row.id, back=self._back())

    def follow(self, form: str, rec: str) -> None:
        """A link of the preview."""
        if form == "subject":
            self.ctx.go("subjects", id=rec, back=self._back())
        else:
            self.ctx.go("form", form=form, id=rec, back=self._back())

    def new(self) -> None:
        """Ctrl+N: a new record of the form shown; with several forms in the list, which one is asked."""
        self._with_form(_("登记哪张表"), lambda form: self.ctx.go("form", form=form, back=self._back()))

    def import_file(self) -> None:
        """Ctrl+I: a file for the form shown."""
        self._with_form(_("导入哪张表"), lambda form: self.importing.start(form, self._show_import))

    def _show_import(self) -> None:
        self.stack.setCurrentWidget(self.importing)
        self.first = self.importing

    def _imported(self, form: str) -> None:
        self.show_list()
        if self._of.get(self.group) != form:
            self.show_form(form)

    def _with_form(self, title: str, then: Callable[[str], object]) -> None:
        of = self._of.get(self.group, "")
        if register_desk.fillable(self.ctx.catalogue, of):
            then(of)
            return
        menu = Menu(self.ctx.theme, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setAccessibleName(title)
        fillable = [tab for tab in self.tabs if register_desk.fillable(self.ctx.catalogue, tab.id)]
        menu.add_numbered((tab.title, partial(then, tab.id)) for tab in fillable)
        button = self.buttons.get(_("登记"))
        menu.under(button if button is not None else self)

    # ---- nothing -------------------------------------------------------------------------------------------------
    def _empty(
        self,
        state: ListState,
        filtered: bool,  # noqa: FBT001 - handed over as it is
    ) -> tuple[str, Act | None, tuple[str, Callable[[], object]] | None]:
        if filtered:
            return _("没有符合条件的记录。"), Act(_("清除条件"), self.list.clear_filters, icon="x"), None
        title = next((t.title for t in self.tabs if t.id == state.of), "").removeprefix(_("全部"))
        span = parse_period(state.period).title if state.period else ""
        if state.void:
            return _("没有作废的记录。"), Act(_("看没有作废的"), self._live), None
        sentence = _("{period}还没有{form}记录。").format(period=span, form=title)
        return sentence, self._new_act(state.of), (_("从 Excel 导入"), self.import_file)

    def _live(self) -> None:
        self.list.bar.void.emit(False)


def _group_of(ctx: Context, form: str) -> str:
    from envdesk.desk.registers import group_of

    found = ctx.catalogue.forms.get(form)
    return group_of(found) if found is not None else ""


def asked(state: ListState, params: Mapping[str, Any]) -> ListState:
    """A list's state with what the parameters ask for."""
    if "ids" in params:
        return state.of_records([str(i) for i in params["ids"]])
    if "period" in params:
        state = state.in_period(str(params["period"]))
    if "search" in params:
        state = state.searching(str(params["search"]))
    if "filters" in params:
        state = state.cleared() if "search" not in params else state
        for key, values in dict(params["filters"]).items():
            state = state.filtered(key, tuple(values))
    return state.voided(bool(params["void"])) if "void" in params else state


def _filtered(page: RegisterPage) -> None:
    """Picture: a filter that holds, some ticks, an open list of values."""
    page.list.bar.filtered.emit("source", ("12345", "来访"))


def _ticked(page: RegisterPage) -> None:
    if page.list.model is not None and page.list.table is not None:
        for n in (0, 3, 4):
            page.list.model.check(n)
        page.list.bar.wanted.emit("pollution")


_SAMPLE = register_desk.Looked(
    "work_order", Path("2025年工单台账.xlsx"), "工单", 2400, 2397,
    (("工单编号", "工单编号"), ("来源", "来源"), ("派单日期", "派单时间"), ("诉求内容", "内容"), ("地址", "地点")),
    ("备注2", "领导批示"),
    (
        register_desk.Trouble(0, "", "hint", "列“备注2”不认识，不导入；可以指定它是哪一栏，或把列名改成模板里的。"),
        register_desk.Trouble(0, "", "hint", "列“领导批示”不认识，不导入；可以指定它是哪一栏，或把列名改成模板里的。"),
        register_desk.Trouble(12, "派单时间", "error", "“派单时间”的日期“2025-13-01”无法识别，请按 2026-10-09 的样子填写。"),
        register_desk.Trouble(31, "来源", "error", "“来源”没有“12345热线转”这个选项，是不是“12345”？"),
        register_desk.Trouble(407, "工单编号", "error", "“工单编号”与第 388 行相同。"),
        register_desk.Trouble(512, "办结日期", "warning", "办结日期晚于期限 12 天，请确认。"),
    ),
)  # fmt: skip


def _importing(page: RegisterPage) -> None:
    """Picture: a table with problems."""
    page.importing.show_looked(_SAMPLE)
    page._show_import()  # noqa: SLF001 - its own page


PAGE = PageSpec(
    "register",
    RegisterPage,
    rail="register:{group}",
    shots=(
        Shot("register", {"group": "投诉信访", "form": "work_order", "period": "2026"}, _ticked),
        Shot("register-filtered", {"group": "投诉信访", "form": "work_order"}, _filtered),
        Shot("register-visits", {"group": "检查巡查", "form": "visit"}),
        Shot("register-vocs", {"group": "检查巡查", "form": "vocs_check"}),
        Shot("register-rectify", {"group": "整改执法", "form": "rectification"}),
        Shot("register-import", {"group": "投诉信访", "form": "work_order"}, _importing),
        Shot("register-empty", {"group": "台账报表", "form": "publicity_event", "period": "2020"}),
    ),
)
