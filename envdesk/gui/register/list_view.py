"""A list of records: filters, table, foot, preview. It reads, keeps its place and tells what the user wants to do."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.empty import Empty
from envdesk.gui.focus import lead, tab_before
from envdesk.gui.labels import hairline
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context
from envdesk.gui.preview_pane import PreviewPane
from envdesk.gui.register import columns
from envdesk.gui.register.filter_bar import CUSTOM, FilterBar
from envdesk.gui.register.foot import ListFoot
from envdesk.gui.register.looking import WAIT_MS, Looking
from envdesk.gui.register.period_panel import PeriodPanel
from envdesk.gui.register.reading import Beginning, Rest, begin, rest
from envdesk.gui.register.source import ListModel, ListSource, Shape
from envdesk.gui.table_model import Row
from envdesk.gui.tables import LedgerTable
from envdesk.gui.tasks import Task, Work
from envdesk.i18n import _
from envdesk.present import list_query as query
from envdesk.present.list_query import ListState, opening, period_chips

PREVIEW_FROM = 980
"""Width of the list, at 100 %, from which the preview is open unless the user closed it."""
PREVIEW = "preview"
REST_MS = 2 * WAIT_MS
"""The totals come after the preview of the first row."""


class ListView(QWidget):
    """One list at a time; what was asked of each is remembered.

    Args:
        ctx: of the page.
        acts: buttons of the foot.
        periods: offer periods.
        empty: (state, filtered) -> sentence, button and link for an empty list.
        open_words: words of the preview's button.

    Signals:
        summed: the sentence beside the title.
        started: Enter on a row; opened: F2 on a row.
        linked: form and id of another record, from the preview.
        print_wanted: the current record is to be printed.
        void_wanted: Delete on the table.
    """

    summed = Signal(str)
    started = Signal(object)
    opened = Signal(object)
    linked = Signal(str, str)
    print_wanted = Signal()
    void_wanted = Signal()

    def __init__(
        self,
        ctx: Context,
        acts: Sequence[Act],
        empty: Callable[[ListState, bool], tuple[str, Act | None, tuple[str, Callable[[], object]] | None]],
        *,
        open_words: str = "",
        periods: bool = True,
    ) -> None:
        super().__init__()
        theme = ctx.theme
        self.ctx, self._empty, self._periods = ctx, empty, periods
        self.state: ListState | None = None
        self._source = ListSource(ListState(""))
        self._first_rows: Sequence[Row] = ()
        self._states: dict[str, ListState] = {}
        self._shape: Shape | None = None
        self.mixed = False
        self.table: LedgerTable | None = None
        self.model: ListModel | None = None
        self._reading: Task | None = None
        self._waiting: list[Task] = []
        self._wish: bool | None = ctx.prefs.get(PREVIEW)
        self._acts = (Act(open_words or _("打开"), lambda: self._emit(self.opened), "F2"), *acts)
        self.bar = FilterBar(theme)
        self.preview = PreviewPane(theme, open_words=open_words)
        self.foot = ListFoot(theme, (*acts, Act(_("栏目"), self.choose_columns, icon="table")))
        self.period_panel = PeriodPanel(theme, ctx.clock, self.bar.segments, self._take_period)
        self.paper = QFrame()
        self.paper.setProperty("kind", "paper")
        self.stack = QStackedLayout(self.paper)
        self._nothing: Empty | None = None
        self._bare = False
        self._lay_out()
        self._rest_soon = QTimer(self)
        self._rest_soon.setSingleShot(True)
        self._rest_soon.setInterval(REST_MS)
        self._rest_soon.timeout.connect(self._read_rest)
        self._fit_soon = QTimer(self)
        self._fit_soon.setSingleShot(True)
        self._fit_soon.setInterval(0)
        self._fit_soon.timeout.connect(self.fit)
        ctx.theme.changed.connect(self._fit_soon.start)
        self.looking = Looking(ctx, self.preview, self)
        self._connect()
        lead(self, lambda: self.table)
        QWidget.setTabOrder(self.bar.search, self.preview.area)

    def _lay_out(self) -> None:
        theme = self.ctx.theme
        left, both, column = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for layout in (left, both, column):
            theme.pad(layout)
        left.addWidget(self.paper, 1)
        left.addWidget(self.foot)
        self._edge = hairline(theme, vertical=True)
        both.addLayout(left, 1)
        both.addWidget(self._edge)
        both.addWidget(self.preview)
        column.addWidget(self.bar)
        column.addWidget(hairline(theme))
        column.addLayout(both, 1)

    def _connect(self) -> None:
        bar, pane = self.bar, self.preview
        bar.period.connect(self._period)
        bar.filtered.connect(lambda key, values: self._change(lambda s: s.filtered(key, values)))
        bar.searched.connect(lambda words: self._change(lambda s: s.searching(words)))
        bar.void.connect(lambda on: self._change(lambda s: replace(s.voided(on), sort="")))
        bar.wanted.connect(self._offer)
        bar.left.connect(self.focus_list)
        self.foot.totals.chosen.connect(self._only)
        pane.step.connect(lambda: self._emit(self.started))
        pane.opened.connect(lambda: self._emit(self.opened if pane.shown and pane.shown.step else self.started))
        pane.printed.connect(self.print_wanted.emit)
        pane.linked.connect(self.linked.emit)

    # ---- which list ----------------------------------------------------------------------------------------------
    def open(self, of: str, change: Callable[[ListState], ListState] | None = None) -> None:
        """Show the list of a form as it was left, or as it opens; *change* asks for something more."""
        known = self._states.get(of)

        own = columns.kept(self.ctx.prefs, of)

        def state(work: Work) -> ListState:
            found = (known or opening(work.desk, of)).showing(own)
            return change(found) if change else found

        self._read(state)

    def _keep(self, state: ListState) -> ListState:
        """Remember what is asked of a list, but not that it was narrowed to some records by another page."""
        self.state = state
        if not state.chosen:
            self._states[state.of] = state
        return state

    def _change(self, make: Callable[[ListState], ListState]) -> None:
        if self.state is not None:
            state = self._keep(make(self.state))
            self._read(lambda _work: state)

    def _read(self, wanted: Callable[[Work], ListState]) -> None:
        before, order = self._shape, self.model.order if self.model is not None else ("", True)
        self._rest_soon.stop()
        for task in (*self._waiting, self._reading):
            if task is not None and task.active:
                task.cancel()
        self._reading = self.ctx.operations.read(lambda w: begin(w, wanted(w), before, order), self._show, owner=self)

    def _show(self, found: Beginning) -> None:
        self._source = found.source
        state = self._keep(found.source.state)
        self.mixed = found.mixed
        if found.shape != self._shape:
            self._make_table(found.shape)
            self.foot.totals.show_totals(())  # those of the list before
        self._first_rows = found.rows
        assert self.model is not None  # noqa: S101 - just made
        self._show_bar(state, found.periods, found.filters)
        self.fit()
        self.model.show_list(self._source, found.count, found.rows)
        self.looking.at(self.table.row() if self.table is not None else None)
        if found.more:
            model = self.model
            self._later(found.source.count, model.grow)
        self._rest_soon.start()

    def _show_bar(
        self, state: ListState, periods: Sequence[query.PeriodChip], filters: Sequence[query.FilterChip]
    ) -> None:
        shown = periods if self._periods else ()
        self.bar.show_list(shown, filters, state.search, void=state.void, can_void=not self.mixed)

    def _make_table(self, shape: Shape) -> None:
        before, had_focus = self.table, False
        if before is not None:
            had_focus = before.main.hasFocus()
        self._shape = shape
        model = ListModel(self.ctx.tasks, shape.for_table(), self)
        table = LedgerTable(self.ctx.theme, model, frozen=2)
        table.acts = self._acts
        table.offer, table.on_head = self._offer_more, self.choose_columns
        table.main.setAccessibleName(_("记录"))
        table.current_changed.connect(self._current)
        table.started.connect(self.started.emit)
        table.opened.connect(self.opened.emit)
        table.previewed.connect(lambda: self.show_preview(not self.preview.isVisible()))
        table.main.installEventFilter(self)
        model.counted.connect(self._counted)
        model.checked_changed.connect(self._say_chosen)
        model.failed.connect(self.ctx.operations.handle)
        self.stack.addWidget(table)
        self.stack.setCurrentWidget(table)
        tab_before(self.bar.segments, table.main)  # list, chips, find, preview, foot
        if self.hasFocus():
            table.setFocus()
        self.table, self.model = table, model
        if before is not None:
            if had_focus:
                table.setFocus()
            self.stack.removeWidget(before)
            before.main.removeEventFilter(self)
            before.hide()
            before.model.deleteLater()
            before.deleteLater()

    # ---- columns -------------------------------------------------------------------------------------------------
    def _offer_more(self, menu: Menu) -> None:
        """Add to the menu of the table: counting by a column, and which columns there are."""
        counts = Menu(self.ctx.theme, menu, _("计数"))
        shown = {c.key for c in self.model.columns} if self.model is not None else set()
        for key, chip in self.bar.chips.items():
            if key in shown:
                counts.addAction(_("按{name}计数").format(name=chip.name)).triggered.connect(
                    lambda _on=False, key=key: self.bar.ask(key)
                )
        if counts.actions():
            menu.addMenu(counts)
        menu.addAction(_("栏目")).triggered.connect(lambda: self.choose_columns())  # noqa: PLW0108 - drops `checked`

    def choose_columns(self, where: QPoint | None = None) -> None:
        """Offer the columns at a place on the screen, else over their button."""
        source = self._source

        def show(found: query.ColumnChoice) -> None:
            menu = columns.ColumnsMenu(self.ctx.theme, found, self, unseen=self._unseen())
            menu.chosen.connect(self._take_columns)
            if where is not None:
                menu.popup(where)
            else:
                menu.under(self.foot.buttons[_("栏目")], above=True)

        self._later(lambda w: source.current(w).choice(), show)

    def _unseen(self) -> list[str]:
        """Columns that are hidden for want of room."""
        if self.table is None or self.model is None:
            return []
        return [c.key for n, c in enumerate(self.model.columns) if n > 1 and self.table.main.isColumnHidden(n)]

    def _take_columns(self, keys: tuple[str, ...]) -> None:
        if self.state is not None:
            columns.keep(self.ctx.prefs, self.state.of, keys)
            self._change(lambda s: s.showing(keys))

    def fit(self) -> None:
        """Give the columns widths for what is on the first page."""
        if self.table is None or self._shape is None or self.model is None:
            return
        theme = self.ctx.theme
        room = (self.paper.width() - theme.px(tokens.S3)) / theme.scale
        self.model.columns, hidden = self._shape.fitted(theme, self._first_rows, room)
        for n in range(2, len(self.model.columns)):
            self.table.main.setColumnHidden(n, n in hidden)
        self.table.fit()

    def _read_rest(self) -> None:
        source = self._source
        if self.model is None or self.model.source is not source:
            return

        def show(found: Rest) -> None:
            self.foot.totals.show_totals(found.totals)
            self.summed.emit(found.summary)

        self._later(lambda w: rest(w, source), show)

    def _later(self, work: Callable[[Work], Any], done: Callable[[Any], object]) -> None:
        """Read what may wait; it is given up when another list is asked for."""
        source = self._source
        task = self.ctx.operations.read(work, lambda v: done(v) if source is self._source else None, owner=self)
        self._waiting = [t for t in self._waiting if t.active] + [task]

    # ---- what is shown -------------------------------------------------------------------------------------------
    def _counted(self, count: int) -> None:
        state = self.state
        if state is None or self.table is None:
            return
        self.looking.sentence = "" if count else _("没有可预览的记录。")
        if count:
            if self.stack.currentWidget() is not self.table:
                focus = self._nothing is not None and self._nothing.isAncestorOf(self.focusWidget() or self)
                self.stack.setCurrentWidget(self.table)
                if focus:
                    self.table.setFocus()
            if self.table.current < 0:
                self.table.go_to(0)
        else:
            had = self.table.main.hasFocus()
            filtered = bool(state.search or state.filters)
            if self._nothing is not None:
                self.stack.removeWidget(self._nothing)
                self._nothing.deleteLater()
            self._nothing = Empty(self.ctx.theme, *self._empty(state, filtered))
            self.stack.addWidget(self._nothing)
            self.stack.setCurrentWidget(self._nothing)
            if had and self._nothing.button is not None:
                self._nothing.button.setFocus()
            self.looking.at(None)
        self._bare = not count and not (state.search or state.filters)
        self._fold()
        self._say_chosen()

    def _say_chosen(self) -> None:
        if self.model is not None and self.table is not None:
            self.foot.show_chosen(len(self.model.checked), current=self.table.row() is not None)

    def _current(self, row: Row | None) -> None:
        if self.model is not None and self.table is not None:
            if row is not None:
                self.model.place = (self.table.current, row.id)
            self._say_chosen()
        self.looking.at(row)

    # ---- preview -------------------------------------------------------------------------------------------------
    def show_preview(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Show or hide the preview, as the user wants it from now on."""
        self._wish = on
        self.ctx.prefs.put(PREVIEW, on)
        self._fold()

    def _fold(self) -> None:
        wide = self.width() / self.ctx.theme.scale >= PREVIEW_FROM
        on = (wide if self._wish is None else self._wish) and not self._bare  # beside an empty register is nothing
        if on is self.preview.isHidden():
            had = self.preview.isAncestorOf(self.focusWidget() or self)
            self.preview.setVisible(on)
            self._edge.setVisible(on)
            self._fit_soon.start()
            self.looking.look()
            if had and not on:
                self.focus_list()

    def step(self, row: Row) -> object:
        """Return the next step of a row as far as the preview knows it."""
        shown = self.preview.shown
        return shown.step if shown is not None and shown.rec == row.id else None

    # ---- what the user does --------------------------------------------------------------------------------------
    def _emit(self, signal: object) -> None:
        row = self.table.row() if self.table is not None else None
        if row is not None:
            signal.emit(row)  # type: ignore[attr-defined]

    def _period(self, text: str) -> None:
        if text == CUSTOM:
            self.period_panel.open(self.state.period if self.state is not None else "")
        else:
            self._take_period(text)

    def _take_period(self, text: str) -> None:
        self._change(lambda s: s.in_period(text))

    def _offer(self, key: str) -> None:
        source = self._source
        self.ctx.operations.read(
            lambda w: source.current(w).options(key), lambda options: self.bar.offer(key, options), owner=self
        )

    def _only(self, value: str) -> None:
        key = next((k for k in (query.STATE, "result") if k in self.bar.chips), "")
        if key:
            self._change(lambda s: s.filtered(key, () if dict(s.filters).get(key) == (value,) else (value,)))

    def clear_filters(self) -> None:
        """Take filters and search away."""
        self.bar.search.clear()
        self._change(lambda s: s.cleared())

    def chosen(self) -> tuple[list[tuple[str, str]], list[str]]:
        """Return (form, id) of the current row when nothing is ticked, and the ids of the ticked ones."""
        if self.model is not None and self.model.checked:
            return [], list(self.model.checked)
        row = self.table.row() if self.table is not None else None
        return ([(row.data.form, row.id)] if row is not None else []), []

    def keys_of(self, work: Work, chosen: tuple[list[tuple[str, str]], list[str]]) -> list[tuple[str, str]]:
        """Return (form, id) of what :meth:`chosen` gave, in the order of the list; on the database thread."""
        one, many = chosen
        return self._source.keys(work, many) if many else one

    def untick(self) -> None:
        """Take all ticks away."""
        if self.model is not None:
            self.model.check_ids([])

    def read_again(self) -> None:
        """Something changed: read the list and the preview again, the place is kept."""
        if self.model is None or self.state is None:
            return
        source, state = self._source, self.state
        self.model.read_again()

        def heads(work: Work) -> tuple[Sequence[query.PeriodChip], Sequence[query.FilterChip]]:
            return period_chips(work.desk, state), source.current(work).filters()

        def show(found: tuple[Sequence[query.PeriodChip], Sequence[query.FilterChip]]) -> None:
            if self.state is state:
                self._show_bar(state, *found)

        self._later(heads, show)
        self._rest_soon.start()
        self.looking.at(self.table.row() if self.table is not None else None)

    def focus_list(self) -> None:
        """Put the focus into the table, or on the button of an empty list."""
        target: QWidget | None = self.table
        if self._nothing is not None and self.stack.currentWidget() is self._nothing:
            target = self._nothing.button
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            self.void_wanted.emit()
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        self._fit_soon.start()
