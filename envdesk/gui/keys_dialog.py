"""The overview of keys (Ctrl+/): what can be done without the mouse, by place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import hairline, label
from envdesk.gui.section import scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import N_, _

KEYS_WIDE = 96
COLUMN, COLUMN_OF_TWO = 352, 380

Line = tuple[tuple[str, ...], str]
Group = tuple[str, tuple[Line, ...]]
#: Title -> keys and what they do; three columns, read downwards.
GROUPS: tuple[tuple[Group, ...], ...] = (
    (
        (N_("到处都能用"), (
            (("Ctrl+K",), N_("搜索企业、工单、记录")),
            (("Ctrl+N",), N_("登记一条新的")),
            (("Ctrl+G",), N_("登记工单（今日页）")),
            (("F6",), N_("换到下一块：导航、搜索、页面、状态栏")),
            (("Ctrl+Z",), N_("撤销刚才的操作")),
            (("Esc",), N_("返回，没写完的留作草稿")),
            (("F1",), N_("这一页、这一栏的说明")),
            (("Ctrl+/",), N_("看这张快捷键表")),
        )),
        (N_("报表"), (
            (("Enter",), N_("看数字来源")),
            (("F4",), N_("一个数字按社区、行业等分开看")),
            (("Alt+Left",), N_("回到全部数字")),
            (("Ctrl+P",), N_("打印")),
            (("Ctrl+S",), N_("另存")),
            (("F9",), N_("只看报表")),
        )),
    ),
    (
        (N_("列表"), (
            (("Up", "Down"), N_("选一条")),
            (("Enter",), N_("做下一步")),
            (("F2",), N_("打开记录")),
            (("Space",), N_("看右边的预览")),
            (("Insert",), N_("勾选，再到下一条")),
            (("Ctrl+F",), N_("在列表里找")),
            (("Ctrl+E",), N_("导出")),
            (("Ctrl+I",), N_("导入")),
            (("Delete",), N_("作废")),
            (("Ctrl+PgDown",), N_("换下一张表")),
        )),
        (N_("日期怎么写"), (
            (("10-9",), N_("今年10月9日")),
            (("20261009",), N_("年月日连着写")),
            (("今天",), N_("还有昨天、前天、明天")),
            (("F4",), N_("打开日历，PgUp、PgDn 翻月")),
        )),
    ),
    (
        (N_("填表"), (
            (("Enter",), N_("下一栏")),
            (("Tab",), N_("下一栏，多行文字里也用它")),
            (("1", "2", "3"), N_("选答案：符合、不符合、不涉及")),
            (("Ctrl+0",), N_("其余全部符合")),
            (("F4",), N_("打开可选的内容")),
            (("Alt+Down",), N_("下一节")),
            (("Alt+Up",), N_("上一节")),
            (("F8",), N_("下一处要改的地方")),
            (("F2",), N_("这一栏改过什么")),
            (("+",), N_("在列表里添加一行")),
            (("Ctrl+Delete",), N_("删除这行")),
            (("Ctrl+T",), N_("同一次检查再填一张表")),
            (("Ctrl+D",), N_("带入上次填的")),
            (("Ctrl+S",), N_("保存")),
            (("Ctrl+Enter",), N_("保存并新增")),
            (("Ctrl+P",), N_("打印")),
        )),
    ),
)  # fmt: skip
#: The same in two columns, for little room.
TWO = ((*GROUPS[0], GROUPS[1][0]), (*GROUPS[2], GROUPS[1][1]))


#: Lines to go with a key where the dialog has less room than its lines; a page is what is seen, less one line.
STEPS = {"Down": 1, "Up": -1, "Home": -1000, "End": 1000}
PAGES = {"PgDown": 1, "PgUp": -1}


class KeysDialog(QDialog):
    """Shows the keys; Esc or Enter closes it, ↓ ↑ PgDn PgUp scroll.

    All columns keep to the same lines, so that no line is cut where it scrolls.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("快捷键"))
        self._gap = theme.px(tokens.S1)
        word = label("国", "table")
        word.ensurePolished()
        self._line = word.sizeHint().height() + self._gap
        outer, columns, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        theme.pad(outer, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(columns, (0, 0, tokens.S3, 0), tokens.S5)
        theme.pad(foot, spacing=tokens.S2)
        most = parent.size() * 0.94 if parent is not None else None
        shown, wide = GROUPS, _width(theme, len(GROUPS), COLUMN)
        if most is not None and wide > most.width():
            shown, wide = TWO, _width(theme, len(TWO), COLUMN_OF_TWO)
        head = label(_("快捷键"), "section")
        outer.addWidget(head)
        inner = QWidget()
        inner.setLayout(columns)
        for groups in shown:
            column = QVBoxLayout()
            theme.pad(column)
            for n, (title, lines) in enumerate(groups):
                if n:
                    column.addSpacing(self._line + self._gap)
                column.addLayout(self._group(theme, _(title), lines))
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.area = scrolled(inner, kind="clear")
        self.rule = hairline(theme)
        self.rule.hide()
        self.area.verticalScrollBar().rangeChanged.connect(self._keep_lines_whole)
        framed = QVBoxLayout()
        theme.pad(framed)
        framed.addWidget(self.area, 1)
        framed.addWidget(self.rule)
        outer.addLayout(framed, 1)
        self.close_button = Button(theme, _("知道了"), self.accept, kind="primary")
        self.close_button.setDefault(True)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        outer.addLayout(foot)
        self._ring = FocusRing(theme, self)
        words = columns.totalHeightForWidth(wide - 2 * theme.px(tokens.S4))
        self._around = theme.px(2 * tokens.S4 + 2 * tokens.S3 + tokens.CONTROL + 2) + head.sizeHint().height()
        wanted = QSize(wide, words + self._around)
        self.resize(wanted.boundedTo(most) if most is not None else wanted)
        self._scroll_by_lines()
        self.close_button.setFocus()

    def _keep_lines_whole(self, _low: int, high: int) -> None:
        """Leave the room of a line that would not be seen whole empty, over a hairline, where it scrolls."""
        self.rule.setVisible(high > 0)
        rest = (self.area.height() + self._gap) % self._line if high else 0
        self.area.setViewportMargins(0, 0, 0, rest)

    def _scroll_by_lines(self) -> None:
        """Keys and wheel go by lines."""
        bar, seen = self.area.verticalScrollBar(), self.height() - self._around
        bar.setSingleStep(self._line)
        page = max(seen // self._line - 1, 1)
        for key, lines in {**STEPS, **{k: n * page for k, n in PAGES.items()}}.items():
            act = QShortcut(QKeySequence(key), self).activated
            act.connect(lambda by=lines * self._line: bar.setValue(bar.value() + by))

    def _group(self, theme: Theme, title: str, lines: Sequence[Line]) -> QGridLayout:
        grid = QGridLayout()
        theme.pad(grid, spacing=(tokens.S3, tokens.S1))
        grid.addWidget(label(title, "strong-table", tone="grey"), 0, 0, 1, 2)
        for n in range(len(lines) + 1):
            grid.setRowMinimumHeight(n, self._line - self._gap)
        for n, (keys, words) in enumerate(lines, 1):
            hint = KeyHint(theme, keys)
            hint.setMinimumWidth(theme.px(KEYS_WIDE))
            grid.addWidget(hint, n, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(_(words), "table", wrap=True), n, 1)
        grid.setColumnStretch(1, 1)
        return grid


def _width(theme: Theme, columns: int, column: float) -> int:
    """Return the width of the dialog."""
    return theme.px(columns * column + (columns - 1) * tokens.S5 + 2 * tokens.S4 + tokens.S3)
