"""数字来源: the figures of a report, the records behind the one that was picked, and that one split (按社区, 按行业)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint, tighten
from envdesk.gui.labels import Elided, hairline, label
from envdesk.gui.menus import Menu
from envdesk.gui.reports.split import SplitPane, short
from envdesk.gui.section import row
from envdesk.gui.segments import Segments
from envdesk.gui.table_model import Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.theme import Theme
from envdesk.i18n import N_, _, plural
from envdesk.present.figure_split import SplitView
from envdesk.present.report_preview import EvidenceRow, EvidenceView, FigureLine

FIGURES = (
    Column("title", N_("指标"), 0, sortable=False), Column("text", N_("本期"), 72, "number", sortable=False),
    Column("change", N_("同比"), 84, "number", sortable=False),
)  # fmt: skip
RECORDS = (
    Column("number", N_("编号"), 78), Column("day", N_("日期"), 54), Column("title", N_("名称"), 0), Column("words", N_("计入"), 68),
)  # fmt: skip
INDENT = "\u3000"
LOW = 320
"""Below this height the records need the room of the line under them."""
ALL, COUNTED, MISSED = "all", "counted", "missed"


class SourcesTab(QWidget):
    """Three views over each other: all figures, the records of one, one split by a dimension. Enter goes in, Alt+← back.

    Signals:
        picked: figure the user is on in the list.
        asked: figure whose records are wanted.
        opened: form and id of a record to open.
        parted: figure and dimension by which it is to be split.
    """

    picked = Signal(str)
    asked = Signal(str)
    opened = Signal(str, str)
    parted = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.evidence: EvidenceView | None = None
        self._lines: dict[str, FigureLine] = {}
        self.figures = LedgerTable(theme, RowsModel(tuple(_named(c) for c in FIGURES)))
        self.figures.main.setAccessibleName(_("报表的数字"))
        self.records = LedgerTable(theme, RowsModel(tuple(_named(c) for c in RECORDS)))
        self.records.main.setAccessibleName(_("数字背后的记录"))
        self.records.setMinimumHeight(1)  # in a low window what stands over them is shown in full
        self._back = Button(theme, _("全部指标"), self.step_back, kind="quiet", key="Alt+Left", row=True)
        self.split = SplitPane(theme)
        self._whole: EvidenceView | None = None
        self._ways = Menu(theme, self)
        self.by = Button(theme, _("分项"), menu=self._ways, key="F4", row=True)
        self._crumb, self._value = Elided("", "caption"), label("", "page")
        self._sum, self._note = Elided("", "table"), label("", "caption", wrap=True)
        self.which = Segments(theme, [(ALL, _("全部"))], row=True)
        self.which.setAccessibleName(_("哪些记录"))
        self._more = label("", "caption")
        self._either = QStackedLayout(self)
        self._either.addWidget(self.figures)
        self._either.addWidget(self._one())
        self._either.addWidget(self.split)
        self.figures.current_changed.connect(lambda r: self.picked.emit(r.id) if r is not None and r.data else None)
        self.figures.started.connect(lambda r: self.asked.emit(r.id))
        self.records.started.connect(self._open)
        self.records.opened.connect(self._open)
        self.which.changed.connect(lambda _value: self._fill_records())
        self.split.asked.connect(lambda line: self.asked.emit(line.figure))
        self.split.left.connect(self.step_back)

    def _one(self) -> QWidget:
        theme = self._theme
        page, head = QWidget(), QWidget()
        column, top = QVBoxLayout(page), QVBoxLayout(head)
        theme.pad(column)
        theme.pad(top, (tokens.S4, tokens.S2, tokens.S3, tokens.S2), tokens.S1)
        row(theme, self._crumb, self._back, into=top)
        row(theme, self._value, self._sum, into=top)
        top.addWidget(self._note)
        row(theme, self.which, None, self.by, spacing=tokens.S1, into=top)
        self._foot = foot = QWidget()
        theme.fix(foot, height=tokens.ROW)
        line = row(theme, self._more, None, KeyHint(theme, ("Return",), _("打开记录")))
        theme.pad(line, (tokens.S4, 0, tokens.S4, 0), tokens.S2)
        foot.setLayout(line)
        column.addWidget(head)
        column.addWidget(hairline(theme))
        column.addWidget(self.records, 1)
        column.addWidget(hairline(theme))
        column.addWidget(foot)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self._foot.setVisible(self.height() >= self._theme.px(LOW))
        self._fit_by()

    def _fit_by(self) -> None:
        """分项 gives up its key before the switch beside it is cut."""
        px = self._theme.px
        tighten(
            [self.by], self.width() - px(tokens.S4 + tokens.S3 + tokens.S1) - self.which.sizeHint().width(), 0, (0, 1)
        )

    # ---- figures -------------------------------------------------------------------------------------------------
    def show_figures(self, lines: Sequence[FigureLine]) -> None:
        """List the figures of a report, by category."""
        self._lines = {line.id: line for line in lines}
        rows: list[Row] = []
        category = ""
        for line in lines:
            if line.category != category:
                category = line.category
                rows.append(Row(f"@{category}", (category, "", ""), total=True))
            title = INDENT + _("其中：{title}").format(title=line.title) if line.part else line.title
            text = f"{line.text}*" if line.marked else line.text
            cells = (title, Cell(text, bold=True), Cell(short(line.change), "soft"))
            rows.append(Row(line.id, cells, data=line))
        self.figures.blockSignals(True)
        model = self.figures.model
        assert isinstance(model, RowsModel)  # noqa: S101 - made above
        model.fill(rows)
        self.figures.go_to(next((n for n, row_ in enumerate(rows) if not row_.total), 0))
        self.figures.blockSignals(False)
        self.show_all()

    def mark(self, figure: str) -> None:
        """Go to a figure in the list; says nothing."""
        model = self.figures.model
        number = next((n for n in range(model.rowCount()) if (r := model.row_at(n)) and r.id == figure), -1)
        if number >= 0 and number != self.figures.current:
            self.figures.blockSignals(True)
            self.figures.go_to(number)
            self.figures.blockSignals(False)

    @property
    def current(self) -> QWidget:
        """The table that is shown."""
        return (self.figures, self.records, self.split.table)[self._either.currentIndex()]

    def step_back(self) -> None:
        """From the records of a part to the parts, from the parts to all records, from those to all figures."""
        view, whole, evidence = self.split.view, self._whole, self.evidence
        if view is None or whole is None or evidence is None:
            self.show_all()
            return
        if self.current is self.records:
            self._either.setCurrentIndex(2)
            self.evidence = whole
        else:
            self.show_evidence(whole)
        self.current.setFocus()

    def show_all(self) -> None:
        """Go back to all figures."""
        had = self.evidence is not None and self._has_focus()
        self._either.setCurrentIndex(0)
        self.evidence = self._whole = self.split.view = None
        if had:
            self.figures.setFocus()

    def _has_focus(self) -> bool:
        now = self.window().focusWidget()
        return now is not None and self.isAncestorOf(now)

    # ---- records -------------------------------------------------------------------------------------------------
    def show_evidence(self, evidence: EvidenceView) -> None:
        """Show the records behind a figure, or behind a part of the one that is split."""
        self.evidence = evidence
        part = self.is_part(evidence.figure)
        if not part:
            self._whole = self.split.view = None
        self._back.set_text(_("分项") if part else _("全部指标"))
        self._offer(() if part else evidence.ways)
        line = self._lines.get(evidence.figure)
        self._crumb.setText(f"{line.category} · {evidence.title}" if line is not None else evidence.title)
        self._value.setText(evidence.text)
        self._sum.setText(evidence.sum_words)
        self._note.setText(evidence.note)
        self._note.setVisible(bool(evidence.note))
        items = [(ALL, _("全部 {count}").format(count=evidence.total))]
        if evidence.missed:
            items.append((COUNTED, _("计入 {count}").format(count=evidence.counted)))
            items.append((MISSED, _("未计入 {count}").format(count=evidence.missed)))
        self.which.set_items(items)
        self.which.set_value(ALL)
        self._fit_by()
        self.records.main.setColumnHidden(len(RECORDS) - 1, not any(r.words for r in evidence.rows))
        self.records.fit()
        self._fill_records()
        self._either.setCurrentIndex(1)

    def is_part(self, figure: str) -> bool:
        """True for a part of the figure that is split."""
        view = self.split.view
        return view is not None and any(line.figure == figure for line in view.lines)

    def _offer(self, ways: Sequence[tuple[str, str]]) -> None:
        """Offer by what the figure can be split."""
        self._ways.clear()
        self._ways.add_numbered((_("按{by}分").format(by=title), partial(self._part, way)) for way, title in ways)
        self.by.setVisible(bool(ways))

    def _part(self, way: str) -> None:
        if self.evidence is not None:
            self.parted.emit(self.evidence.figure, way)

    def offer_ways(self) -> None:
        """F4: open the menu of what the figure can be split by."""
        if self._either.currentIndex() == 1 and self.by.isVisible():
            self._ways.under(self.by)

    def show_split(self, view: SplitView) -> None:
        """Show a figure split."""
        self._whole = self.evidence
        self.split.show_split(view)
        self._either.setCurrentIndex(2)
        self.split.table.setFocus()

    def _fill_records(self) -> None:
        evidence = self.evidence
        if evidence is None:
            return
        wanted = {ALL: (True, False), COUNTED: (True,), MISSED: (False,)}[self.which.value]
        shown = [r for r in evidence.rows if r.counted in wanted]
        model = self.records.model
        assert isinstance(model, RowsModel)  # noqa: S101 - made above
        model.fill([_record(r, n) for n, r in enumerate(shown)])
        total = {ALL: evidence.total, COUNTED: evidence.counted, MISSED: evidence.missed}[self.which.value]
        rest = total - len(shown)
        self._more.setText(plural("还有 {count} 条", rest) if rest > 0 else plural("共 {count} 条", total))

    def _open(self, line: Row) -> None:
        record: EvidenceRow = line.data
        self.opened.emit(record.form, record.rec)


def _named(column: Column) -> Column:
    return Column(column.key, _(column.title), column.width, column.kind, column.sortable)


def _record(r: EvidenceRow, n: int) -> Row:
    words = Cell(r.words, "amber", bold=True) if not r.counted else Cell(r.words, "soft")
    return Row(f"{r.form}/{r.rec}/{n}", (r.number, r.day, r.title, words), data=r)
