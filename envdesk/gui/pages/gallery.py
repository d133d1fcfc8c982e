"""All widgets in all states on one page, to be looked at next to the drawings; no way leads here from the rail."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.bars import CoverageBar, MonthBars
from envdesk.gui.buttons import Button, KeyHint, Link
from envdesk.gui.check_box import CheckBox
from envdesk.gui.chips import Chip, ChipState, chip_state
from envdesk.gui.empty import Empty
from envdesk.gui.filter_chip import FilterChip
from envdesk.gui.form.wrap import Wrap
from envdesk.gui.labels import label
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, Notice, Panel, row, scrolled
from envdesk.gui.segments import Segments
from envdesk.gui.table_model import CHECK, Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.i18n import _

STATES = (
    ("草稿", "grey"), ("待签收", "blue"), ("办理中", "blue"), ("还有3个工作日", "amber"), ("今天到期", "amber"),
    ("延期至 10-24", "amber"), ("已超期2天", "red"), ("不满意重办", "red"), ("阶段性办结", "amber"), ("待审核", "blue"),
    ("已办结", "green"), ("复查不合格", "red"), ("合并办结", "grey"), ("已退回", "grey"), ("已月结", "grey"),
    ("作废", "grey"), ("在产", "green"), ("已关停取缔", "grey"), ("未收到", "grey"),
)  # fmt: skip
MONTHS = (17, 16, 11, 12, 18, 19, 20, 19, 22, 21, 21, 5)
RATES = (97, 98, 99, 94.5, 97.5, 98, 99, 96.5, 96, 99, 96.15, 77.78)


THREE_FROM = 1190
"""Width, at 100 %, from which there are three columns."""


class GalleryPage(Page):
    """Three columns, as in the drawing of the parts; two where they would not fit."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.set_head(_("部件"), actions=[Act(_("提示"), self._toast, "Ctrl+T", icon="info")])
        inner = QWidget()
        columns = QHBoxLayout(inner)
        theme.pad(columns, (tokens.S5, 0, tokens.S5, tokens.S4), tokens.S4)
        self._parts: tuple[tuple[QWidget, ...], ...] = (
            (self._buttons(), self._fields(), self._choices()),
            (self._states(), self._table(), self._bars()),
            (self._empty(), self._notes(), self._keys_shown()),
        )
        self._columns = [QVBoxLayout() for _part in self._parts]
        for column in self._columns:
            theme.pad(column, spacing=10)
            columns.addLayout(column, 1)
        self._arrange()
        theme.changed.connect(self._arrange)
        self.body.addWidget(scrolled(inner, kind="clear"), 1)
        self.first = self.focused
        self.panes = (self.focused, self.table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two or three columns."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        first, second, third = self._parts
        wide = self.width() / self.ctx.theme.scale >= THREE_FROM
        held = (first, second, third) if wide else ((*first, *third), second, ())
        for column, panels in zip(self._columns, held, strict=True):
            while column.takeAt(0) is not None:
                pass
            for panel in panels:
                column.addWidget(panel)
            column.addStretch(1)
        outer = self._columns[0].parent()
        if isinstance(outer, QHBoxLayout):
            outer.setStretch(2, int(wide))
            outer.setSpacing(self.ctx.theme.px(tokens.S4))

    def _toast(self) -> None:
        self.ctx.operations.tell(_("已作废 3 条工单。"))

    def _panel(self, title: str, *parts: QWidget | QHBoxLayout | QGridLayout) -> Panel:
        panel = Panel(self.ctx.theme, padding=tokens.S3, spacing=tokens.S2)
        if title:
            panel.body.addWidget(label(title, "strong"))
        for part in parts:
            if isinstance(part, QWidget):
                panel.body.addWidget(part)
            else:
                panel.body.addLayout(part)
        return panel

    def _buttons(self) -> Panel:
        theme = self.ctx.theme
        self.focused = Button(theme, _("打印"), kind="primary")
        off, row_off = Button(theme, _("停用")), Button(theme, _("不可用"), row=True)
        for button in (off, row_off):
            button.setEnabled(False)
        save = Button(theme, _("保存"), kind="primary", icon="save", key="Ctrl+S")
        first = row(theme, save, Button(theme, _("登记整改"), kind="primary"), self.focused, None)
        second = row(theme, Button(theme, _("导出"), icon="download"), Button(theme, _("焦点")), off, None)
        third = row(
            theme, Button(theme, _("作废"), kind="danger", icon="trash-2"), Button(theme, _("展开"), kind="quiet"),
            Button(theme, _("签收"), row=True), Button(theme, _("登记复查"), kind="primary", row=True), row_off, None,
        )  # fmt: skip
        return self._panel(_("按钮"), first, second, third)

    def _fields(self) -> Panel:
        theme = self.ctx.theme
        grid = QGridLayout()
        theme.pad(grid, spacing=(tokens.S4, tokens.S1))

        def line(text: str = "", **parts: str) -> LineField:
            made = LineField(theme, parts.pop("placeholder", ""), **parts)  # type: ignore[arg-type]
            made.setText(text)
            made.setCursorPosition(0)
            return made

        boxes = [
            FieldBox(theme, _("平常"), line("均禾佳达鞋业有限公司"), required=True),
            FieldBox(theme, _("日期"), line("2026-10-09", after="calendar")),
            FieldBox(theme, _("出错"), line("2026-10-12")),
            FieldBox(theme, _("要确认"), line("720", unit="mg/g")),
            FieldBox(theme, _("提示"), line(placeholder=_("姓名")), hint=_("打印前补上即可。")),
            FieldBox(theme, _("单位在框内"), line("860.0", unit="kg"), caption=_("可空")),
            FieldBox(theme, _("停用"), line("XC-2026-1043"), caption=_("自动")),
            FieldBox(theme, _("选择"), line("限期整改", key="F4", after="chevron-down")),
        ]
        boxes[2].set_problem("error", _("检查日期不能晚于今天。"))
        boxes[3].set_problem("warning", _("颗粒炭一般不低于 800。"))
        boxes[6].editor.setEnabled(False)
        plain = QLineEdit("石马联社 03")
        plain.setReadOnly(True)
        plain.setProperty("plain", True)
        boxes.append(FieldBox(theme, _("只读"), plain, caption=_("按企业")))
        boxes.append(FieldBox(theme, _("遮住的"), line("138****5678", after="eye")))
        for n, box in enumerate(boxes):
            grid.addWidget(box, n // 2, n % 2)
            grid.setColumnStretch(n % 2, 1)
            box.editor.setMinimumWidth(1)
        return self._panel(_("输入框"), grid)

    def _choices(self) -> Panel:
        theme = self.ctx.theme
        parts = Segments(theme, [(w, w) for w in ("上午", "下午", "夜间", "全天")])
        parts.set_value("下午")
        check = Segments(
            theme, [(w, w) for w in ("符合", "不符合")], row=True, keys=True, optional=True, bad=["不符合"]
        )
        check.set_value("不符合")
        air = FilterChip(theme, "类型")
        air.set_words("大气")
        box = CheckBox(theme, _("要求保密"), on=True)
        chips = row(theme, box, air, FilterChip(theme, _("网格")), FilterChip(theme, _("条件"), add=True), None)
        return self._panel(_("选项"), row(theme, parts, None), row(theme, check, None), chips)

    def _states(self) -> Panel:
        theme = self.ctx.theme
        chips = Wrap(theme, gap=tokens.S2)
        for word, tone in STATES:
            chips.add(Chip(theme, chip_state(word, tone)))
        return self._panel(_("状态：词＋形＋色"), chips)

    def _table(self) -> LedgerTable:
        columns = [
            CHECK, Column("name", _("表格行")), Column("state", _("状态"), 104, "chip"),
            Column("due", _("期限"), 64, "number"), Column("left", _("剩余"), 60, "number"),
        ]  # fmt: skip
        rows = [
            Row("1", (_("平常"), chip_state("办理中", "blue"), "10-20", "8")),
            Row("2", (_("指针在上"), chip_state("待签收", "blue"), "10-22", "10")),
            Row("3", (_("已选中"), chip_state("已办结", "green"), "10-20", "—")),
            Row("4", (_("当前行（有焦点）"), chip_state("已超期1天", "red"), "10-08", Cell("−1", "red"))),
            Row("5", (_("已月结的行"), chip_state("已月结"), "08-31", "—"), faded=True),
            Row("6", (_("作废：重复登记"), chip_state("作废"), "—", "—"), strike=True),
            Row("7", (_("合计"), "", "84 件", ""), total=True),
        ]
        model = RowsModel(columns, rows, parent=self)
        self.table = LedgerTable(self.ctx.theme, model, frozen=1)
        model.check_ids(["3", "4"])
        self.table.go_to(3)
        self.table.hover(1)
        self.ctx.theme.fix(self.table, height=tokens.ROW * 8 + 1)
        return self.table

    def _bars(self) -> Panel:
        theme = self.ctx.theme
        bar = CoverageBar(theme, 0.42, 0.773)
        line = row(
            theme, label("制鞋", "table"), bar, label("63/150", "table"), label("差 53 家", "table", tone="amber")
        )
        line.setStretch(1, 1)
        spark = row(theme, MonthBars(theme, MONTHS), MonthBars(theme, RATES, rate=True), None, spacing=tokens.S5)
        link = Link(theme, _("导入"), ink="amber")
        notice = Notice(theme, _("2027 年节假日表未导入，1月的期限先按周末推算。"), link)
        return self._panel(_("覆盖条与提示牌"), line, spark, notice)

    def _empty(self) -> Panel:
        act = Act(_("登记工单"), self._toast, "Ctrl+N", icon="plus", kind="primary")
        return self._panel("", Empty(self.ctx.theme, "9月还没有登记投诉工单。", act, (_("从 Excel 导入"), self._toast)))

    def _notes(self) -> Panel:
        texts = ("page", "section", "strong", "", "table", "caption", "soft")
        panel = self._panel(_("字"), *(label("今年检查覆盖 2026-10-09 98.81%", role) for role in texts))
        panel.body.addWidget(Chip(self.ctx.theme, ChipState(_("没有形状的"), "blue")), 0, Qt.AlignmentFlag.AlignLeft)
        return panel

    def _keys_shown(self) -> Panel:
        theme = self.ctx.theme
        hints = (("Enter",), _("下一栏")), (("Ctrl+S",), _("保存")), (("Up", "Down"), _("选择"))
        return self._panel(_("快捷键"), row(theme, *(KeyHint(theme, k, w) for k, w in hints), None, spacing=tokens.S3))


PAGE = PageSpec("gallery", GalleryPage, rail="today", shots=(Shot("gallery"),), hidden=True)
