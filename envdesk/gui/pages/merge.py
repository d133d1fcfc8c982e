"""合并台, the desk of a district: its streets and their files, street × form, conflicts and receipts.

Opened with ``period``. Files are looked at first (a trial that stores nothing) and merged when somebody has seen what
would happen; the files looked at are the page's own and gone when the program ends.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from envdesk.errors import Refused
from envdesk.exchange.conflicts import BACK, TAKE
from envdesk.figures.period import month_of, parse_period
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint, Link
from envdesk.gui.dialogs import Question
from envdesk.gui.empty import Empty
from envdesk.gui.labels import PART, Elided, label
from envdesk.gui.merge import sealed
from envdesk.gui.merge.clash import ClashPanel
from envdesk.gui.merge.files import FilesPanel
from envdesk.gui.merge.heat import HeatTable
from envdesk.gui.merge.months import MonthPicker
from envdesk.gui.merge.rows import TotalLine, columns, rows_of
from envdesk.gui.merge.taking import Taking
from envdesk.gui.page import Act, Context, Page, PageSpec
from envdesk.gui.section import Notice, Panel, row
from envdesk.gui.sheet_print import open_file
from envdesk.gui.table_model import Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.tasks import Work
from envdesk.i18n import _, plural
from envdesk.present import merge_desk
from envdesk.present.merge_desk import Clash, Details, Heat, HeatCell, HeatRow, MergeDesk, Street, Trial

SIDE, LEAST, REASON, SHARE, BETWEEN = 322, 620, 5, 0.55, 40
MOST = 16_777_215
"""Qt's own largest width: no limit."""
PAPERS = "PDF (*.pdf);;Excel (*.xlsx)"
RECEIPTS = "PDF (*.pdf);;Excel (*.xlsx);;JSON (*.json)"


class MergePage(Page):
    """The streets of one period."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.period = ""
        self.desk: MergeDesk | None = None
        self.heat = Heat((), ())
        self.taking = Taking(ctx, self)
        self.opened = False
        self._looked: tuple[Path, ...] = ()
        self.picker = MonthPicker(theme)
        self.model = RowsModel(columns(), parent=self)
        self.table = LedgerTable(theme, self.model, frozen=0)
        self.table.main.setAccessibleName(_("街镇"))
        self.cells = HeatTable(theme)
        self.clash, self.files = ClashPanel(theme), FilesPanel(theme)
        self.note = Notice(theme, "", self._note_acts(theme))
        self._lay_out(theme)
        self._connect()
        self.setAcceptDrops(True)
        acts = [
            Act(_("打印汇总"), self.print_board, "Ctrl+P", "printer"),
            Act(_("收街道文件"), self.taking.choose, "Ctrl+O", "package-open", "primary"),
        ]
        self.set_head(_("合并台"), extra=(self.picker,), actions=acts, tight=True)
        self.first = self.table
        self.panes = (self.table, self.cells, self.side)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Alt+Left", lambda: self.step_month(-1)), ("Alt+Right", lambda: self.step_month(1)), ("F5", self.refresh),
            ("Ctrl+Return", self.taking.merge_passed), ("Escape", self.back_to_list),
        )  # fmt: skip
        for sequence, act in keys:
            self.key(sequence, act)

    def _note_acts(self, theme: Any) -> QWidget:
        held, self.hint = QWidget(), KeyHint(theme, ("Ctrl+Enter",), "")
        self.all = Link(theme, _("合并通过的"), self.taking.merge_passed)
        self.none = Link(theme, _("都移去"), lambda: self.taking.drop(self.trials))
        line = row(theme, self.all, self.hint, self.none)
        held.setLayout(line)
        return held

    def _lay_out_left(self, theme: Any) -> None:
        self.noted = QWidget()
        over = QVBoxLayout(self.noted)
        theme.pad(over, (0, 0, 0, tokens.S2))
        over.addWidget(self.note)
        self.noted.hide()
        self.left, streets, board = QWidget(), Panel(theme, padding=0), Panel(theme, padding=2)
        self.total = TotalLine(theme, self.table)
        streets.body.addWidget(self.table)
        streets.body.addWidget(self.total)
        self._streets = streets
        self.rule = Elided("", "caption")
        self.rule.setText(_("偏少：不到前三个月平均的一半。未报：前三个月有，本月没有。"))
        self.sight = label("", "caption")
        self.paging = KeyHint(theme, ("PgDn",), _("下一屏"))
        head = row(theme, label(_("街镇 × 台账"), "section"), self.rule, self.sight, self.paging)
        theme.pad(head, (0, tokens.S2, 0, tokens.S2), tokens.S2)
        self.nothing = Empty(theme, _("还没有哪个街镇的记录。"))
        self.shown = QStackedWidget()
        self.shown.addWidget(self.cells)
        self.shown.addWidget(self.nothing)
        self.shown.setMinimumHeight(1)  # a window may be lower than its parts would like
        board.body.addWidget(self.shown)
        column = QVBoxLayout(self.left)
        theme.pad(column, spacing=0)
        column.addWidget(self.noted)
        column.addWidget(streets)
        column.addLayout(head)
        column.addWidget(board, 1)

    def _lay_out(self, theme: Any) -> None:
        self._lay_out_left(theme)
        self.side = QStackedWidget()
        self.side.addWidget(self.files)
        self.side.addWidget(self.clash)
        self.right, beside = QWidget(), QVBoxLayout()
        self.back = Button(theme, _("返回街镇"), self.back_to_list, kind="quiet", icon="arrow-left", key="Esc")
        theme.pad(beside, spacing=tokens.S1)
        beside.addWidget(self.back)
        beside.addWidget(self.side, 1)
        self.right.setLayout(beside)
        self.right.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        inner = QWidget()
        both = QHBoxLayout(inner)
        theme.pad(both, (tokens.S5, 0, tokens.S5, tokens.S3), tokens.S4)
        both.addWidget(self.left, 1)
        both.addWidget(self.right)
        act = Act(_("收街道文件"), self.taking.choose, "Ctrl+O", "package-open", "primary")
        words = _("还没有收到街道的上报文件。先填好应报街道，没有报的才列得出来。")
        self.empty = Empty(theme, words, act, (_("填应报街道"), lambda: self.ctx.go("settings", group="office")))
        self.whole = QStackedWidget()
        self.whole.addWidget(inner)
        self.whole.addWidget(self.empty)
        self.body.addWidget(self.whole, 1)
        theme.changed.connect(self._fit)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._current)
        self.table.started.connect(self._start)
        self.picker.stepped.connect(self.step_month)
        self.picker.chosen.connect(self.start)
        self.taking.changed.connect(self._taken)
        self.cells.opened.connect(self.open_records)
        self.cells.scrolled.connect(self._say_sight)
        self.clash.moved.connect(self._ask_affected)
        self.clash.decided.connect(self.decide)
        self.files.merging.connect(self.taking.merge)
        self.files.dropped.connect(self.taking.drop)
        self.files.unlocking.connect(self.taking.unlock)
        self.files.printing.connect(self.print_receipt)
        self.files.urging.connect(self.urge)
        self.files.taking.connect(self.taking.choose)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Files that were looked at and not merged."""
        return self.taking.trials

    def _taken(self, looked: tuple[Path, ...], unlocked: bool) -> None:  # noqa: FBT001 - Qt's
        """Other files wait; go to the street of those just looked at."""
        self._looked = looked
        if not unlocked:
            self.opened = False
            self._fit()
            self.table.setFocus()
        self.refresh()

    # ---- reading -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show the period asked for, or the one shown before, or last month."""
        wanted = str(params.get("period") or self.period)
        if wanted != self.period or self.desk is None:
            self.start(wanted)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Read again whatever changed."""
        if self.desk is not None and kinds:
            self.refresh()

    def start(self, period: str) -> None:
        """Show a period ("" = last month)."""
        self.period = period
        self.refresh()

    def refresh(self) -> None:
        """Read the period again."""
        period, trials = self.period, self.trials

        def fn(work: Work) -> tuple[MergeDesk, Heat]:
            shown = merge_desk.read(work.desk, period or merge_desk.last_month(work.desk), trials)
            return shown, merge_desk.heat(work.desk, shown.period, shown.streets)

        def came(found: tuple[MergeDesk, Heat]) -> None:
            if period == self.period and trials == self.trials:
                self.show_desk(*found)

        self.ctx.operations.read(fn, came, owner=self)

    def show_desk(self, desk: MergeDesk, heat: Heat) -> None:
        """Show what was read; the street the user is on stays."""
        self.period = desk.period
        self.desk, self.heat = desk, heat
        self.picker.show_month(desk.title, self.ctx.clock.today())
        self.set_subtitle(PART.join(filter(None, (desk.sentence, desk.counted))))
        here = self.street
        self.model.fill(rows_of(desk))
        self.total.show_total(desk)
        ids = [s.id for s in desk.streets]
        looked = [s.id for s in desk.streets if any(t.path in self._looked for t in s.files)]
        wanted = looked[0] if looked else here.id if here is not None else ""
        self._looked = ()
        self.table.go_to(ids.index(wanted) if wanted in ids else 0)
        self.cells.show_heat(heat)
        self.nothing.sentence.setText(self._why_empty(desk))
        self.shown.setCurrentWidget(self.cells if heat.forms else self.nothing)
        self.whole.setCurrentIndex(0 if desk.streets else 1)
        self.first = self.table if desk.streets else self.empty.button
        self.buttons[_("打印汇总")].setEnabled(bool(desk.streets))
        self._show_note()
        self._fit()
        self._show_side()
        self.fit_head()
        self.ctx.recount()

    def _why_empty(self, desk: MergeDesk) -> str:
        if desk.received:
            return _("收到的文件里，这一期和前三个月都没有记录。")
        return _("这一期还没有收到上报文件。")

    def _show_note(self) -> None:
        passed = sum(t.passed for t in self.trials)
        locked, refused = sum(t.locked for t in self.trials), sum(t.refused for t in self.trials)
        parts = [
            plural("{count} 个通过", passed) if passed else "", plural("{count} 个要口令", locked) if locked else "",
            plural("{count} 个不能收", refused) if refused else "",
        ]  # fmt: skip
        self.note.set_text(_("试合并：{what}。还没有合并进来。").format(what="，".join(p for p in parts if p)))
        self.all.setVisible(passed > 0)
        self.hint.setVisible(passed > 0)
        self.noted.setVisible(bool(self.trials))

    def step_month(self, step: int) -> None:
        """Go to the month before or after; not beyond this one."""
        if not self.period:
            return
        here = parse_period(self.period)
        to = month_of((here.end + timedelta(days=1)) if step > 0 else (here.start - timedelta(days=1)))
        if to.start <= self.ctx.clock.today() and to.start >= date(2000, 1, 1):
            self.start(to.text)

    def waits(self) -> Mapping[str, int]:
        """Files looked at wait, too."""
        if self.desk is None:
            return {}
        return {"merge": sum(1 for s in self.desk.streets if s.files and not s.conflicts)}

    # ---- the street at the right -----------------------------------------------------------------------------------
    @property
    def street(self) -> Street | None:
        """The street the user is on."""
        found = self.table.row()
        return found.data if found is not None and isinstance(found.data, Street) else None

    def _current(self, found: Row | None) -> None:
        if found is not None and found.data is not None:
            self.cells.show_street(found.id)
        self._show_side()

    def _show_side(self) -> None:
        """Show what there is to be said about the current street: its conflicts first."""
        street = self.street
        if street is None:
            return
        settle = bool(street.conflicts) and not street.files

        def fn(work: Work) -> tuple[tuple[Clash, ...], Details]:
            clashes = merge_desk.clashes(work.desk, street.office) if settle else ()
            return clashes, merge_desk.details(work.desk, street)

        def came(found: tuple[tuple[Clash, ...], Details]) -> None:
            if self.street is not street:
                return
            clashes, said = found
            inside, before = self.side.isAncestorOf(self.focusWidget() or self), self.side.currentWidget()
            self.files.show_details(said)
            if clashes:
                self.side.setCurrentWidget(self.clash)
                self.clash.busy = False
                self.clash.show_clashes(clashes)
            else:
                self.side.setCurrentWidget(self.files)
            if inside and before is not self.side.currentWidget():
                self._focus_side()
            elif inside and not self.side.isAncestorOf(self.focusWidget() or self):
                self.table.setFocus()

        self.ctx.operations.read(fn, came, owner=self)

    def _ask_affected(self, found: Clash) -> None:
        period = self.period
        self.ctx.operations.read(
            lambda w: merge_desk.affected(w.desk, found, period),
            lambda titles: self.clash.show_affected(found.id, titles), owner=self,
        )  # fmt: skip

    def _start(self, _row: Row) -> None:
        """Enter on a row, or its button: do what it asks for, at the right."""
        street = self.street
        if street is None:
            return
        if street.act == "urge":
            self.urge()
            return
        if street.act == "merge":
            self.taking.merge([t for t in street.files if t.passed])
            return
        self.opened = True
        self._fit()
        self._focus_side()

    def _focus_side(self) -> None:
        if self.side.currentWidget() is self.clash:
            self.clash.keep.setFocus()
        else:
            self.files.start()

    def back_to_list(self) -> None:
        """Esc: from the right back to the streets."""
        if self.opened or self.side.isAncestorOf(self.focusWidget() or self):
            self.opened = False
            self._fit()
            self.table.setFocus()

    def _fit(self) -> None:
        """Give the streets the height they need, up to half; in a narrow window the right takes the place of the left."""
        px = self.ctx.theme.px
        narrow = self.width() < px(LEAST + SIDE + 2 * tokens.S5 + tokens.S4)
        self.right.setMinimumWidth(0 if narrow else px(SIDE))
        self.right.setMaximumWidth(MOST if narrow else px(SIDE))
        self.left.setVisible(not narrow or not self.opened)
        self.right.setVisible(not narrow or self.opened)
        self.back.setVisible(narrow)
        rows = self.model.rowCount() + 2
        bar = self.table.main.horizontalScrollBar()
        extra = bar.sizeHint().height() if bar.maximum() > 0 else 0
        wanted = rows * px(tokens.ROW) + 2 * px(tokens.HAIR) + extra
        room = self.whole.height() - px(tokens.S3 + BETWEEN)
        room -= self.noted.sizeHint().height() if self.trials else 0
        self._streets.setFixedHeight(max(min(wanted, round(room * SHARE)), px(tokens.ROW * 3)))
        self._say_sight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say_sight(self) -> None:
        first, last = self.cells.in_sight()
        count = len(self.heat.rows)
        words = _("第 {first}–{last} 个，共 {count} 个").format(first=first, last=last, count=count)
        self.sight.setText(words if last else "")
        self.paging.setVisible(last > 0 and last - first + 1 < count)

    def open_records(self, street: HeatRow, cell: HeatCell) -> None:
        """The records of one street and one form."""
        if not street.office:
            self.ctx.operations.tell(_("{street}的上报文件还没有收到，没有记录可看。").format(street=street.name))
            return
        self.ctx.go("register", form=cell.form, period=self.period, filters={"@office": (street.office,)})

    # ---- deciding ------------------------------------------------------------------------------------------------
    def decide(self, found: Clash, way: str, why: str = "") -> None:
        """Settle a conflict."""
        self.clash.busy = True
        words = _("退回街道：{what}。") if way == BACK else _("留下{side}：{what}。")
        side = found.sides[1 if way == TAKE else 0].word
        said = words.format(side=side, what=f"{found.street} {found.form_title} {found.what}".strip())

        def refused(error: Refused) -> bool:
            self.clash.busy = False
            question = Question(
                _("改动已月结的期间"),
                _("这条记录在区里已月结的期间。写明原因后改用另一份，列入“变化”。"),
                _("留乙"),
                _("先不定"),
                reason=REASON,
                danger=False,
            )
            return sealed.asked(self.ctx, error, why, question, lambda reason: self.decide(found, way, reason))

        self.ctx.operations.do(
            lambda w: merge_desk.decide(w.desk, found, way, why), said=said, refused=refused, owner=self
        )  # fmt: skip

    # ---- paper ---------------------------------------------------------------------------------------------------
    def print_board(self) -> None:
        """Ctrl+P: street × form as a paper."""
        shown, heat = self.desk, self.heat
        if shown is None or not shown.streets:
            return
        out = self.ctx.ask.save_file(_("打印汇总"), f"{merge_desk.board_name(shown)}.pdf", PAPERS)
        if out is not None:
            self._write(out, lambda w: merge_desk.print_board(w.desk, shown, heat, out))

    def print_receipt(self) -> None:
        """The receipt of the current street, to print or to give back on the stick."""
        found, shown = self.files.details, self.desk
        if found is None or shown is None:
            return
        out = self.ctx.ask.save_file(_("存回执"), f"{merge_desk.receipt_name(found, shown.title)}.pdf", RECEIPTS)
        if out is not None:
            self._write(out, lambda w: merge_desk.write_receipt(w.desk, found, shown.title, out))

    def _write(self, out: Path, fn: Callable[[Work], object]) -> None:
        def done(_value: object) -> None:
            said = _("已生成 {name}。").format(name=out.name)
            self.ctx.operations.tell(said, act=(_("打开"), lambda: open_file(out)))

        self.ctx.operations.read(fn, done, title=_("打印 {title}").format(title=out.stem), owner=self)

    def urge(self) -> None:
        """Copy a message to a street that has not reported."""
        if self.desk is not None and self.street is not None:
            QGuiApplication.clipboard().setText(merge_desk.urging(self.desk, self.street))
            self.ctx.operations.tell(
                _("催报{street}的话已复制，可以粘贴到群里或短信里。").format(street=self.street.name)
            )

    # ---- dropping ------------------------------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.taking.look_at([p for p in paths if p.is_file()])


PAGE = PageSpec("merge", MergePage)
