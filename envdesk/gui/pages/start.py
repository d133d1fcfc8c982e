"""The first start: three questions make the office's file; or a sample office is made to try the program with.

It stands in a window of its own (:mod:`envdesk.gui.start_window`); as a page of the frame it is only photographed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from envdesk import paths
from envdesk.errors import Problem, Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.labels import Elided, label
from envdesk.gui.page import Context, Page, PageSpec, Shot
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, Panel, scrolled
from envdesk.gui.segments import Segments
from envdesk.gui.tasks import Task, Work
from envdesk.i18n import _
from envdesk.present import first_start
from envdesk.present.first_start import Answers, Made

WIDE, SIDE, LINES = 980, 284, 120
STACK_BELOW, ONE_BELOW = 860, 560


class StartPage(Page):
    """Asks and makes.

    Signals:
        made: a :class:`~envdesk.present.first_start.Made`: the file is there.
    """

    made = Signal(object)

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.hide_head()
        theme = ctx.theme
        self.path, self.forms = paths.default_db(), ()
        self.sample_folder = paths.user_data_dir() / "sample"
        self.task: Task | None = None
        self._fields(theme)
        inner = QWidget()
        outer, middle, columns = QVBoxLayout(inner), QVBoxLayout(), QHBoxLayout()
        self._columns = columns
        theme.pad(outer, (tokens.S5, tokens.S6, tokens.S5, tokens.S5))
        theme.pad(middle, spacing=tokens.S4)
        theme.pad(columns, spacing=tokens.S4)
        self._body = body = QWidget()
        body.setLayout(middle)
        body.setMaximumWidth(theme.px(WIDE))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(body, 100)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(1)
        middle.addWidget(label(_("第一次使用环保台账"), "page"))
        middle.addWidget(label(_("回答几个问题就能开始登记。写的都可以以后在“设置”里改。"), "soft", wrap=True))
        middle.addLayout(columns)
        columns.addWidget(self._questions(), 1)
        self.trial = self._trial()
        columns.addWidget(self.trial, 0, Qt.AlignmentFlag.AlignTop)
        self.area = scrolled(inner, kind="clear")
        self.body.addWidget(self.area, 1)
        self.first, self.panes = self.office, (self.office, self.sample_button)
        self.key("Ctrl+S", self.create_button.click)
        theme.changed.connect(self.fold)

    def fold(self) -> None:
        """In little room the sample stands under the questions, and each question is on a line of its own."""
        theme, wide = self.ctx.theme, self.width() / self.ctx.theme.scale
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._body.setMaximumWidth(theme.px(WIDE))
        self._columns.setDirection(down if wide < STACK_BELOW else across)
        for pair in self._pairs:
            pair.setDirection(down if wide < ONE_BELOW else across)
        theme.fix(self.trial, width=wide - 2 * tokens.S5 if wide < STACK_BELOW else SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.fold()

    def _fields(self, theme: Any) -> None:
        self.role = Segments(theme, [(role, _(word)) for role, word in first_start.ROLES.items()])
        self.role.setAccessibleName(_("哪一级用"))
        self.role.setToolTip(_("区、县用的台账合并各街道报来的文件，建好后不能再改。"))
        self.office = LineField(theme, _("例如：均禾街道综合执法办"))
        self.district = LineField(theme, _("例如：白云区"))
        self.people, self.grids = _lines(theme, _("李敏 执法人员\n陈立 环保员")), _lines(theme, _("石马社区\n清湖联社"))
        self.boxes = {
            first_start.OFFICE: FieldBox(
                theme, _("单位名称"), self.office, required=True, hint=_("印在表头和落款处。")
            ),
            first_start.DISTRICT: FieldBox(theme, _("所属区县"), self.district, hint=_("印在表头，上报时使用。")),
            first_start.PEOPLE: FieldBox(
                theme, _("人员"), self.people, required=True,
                hint=_("一行一人：姓名 岗位（可不写），第一行写自己。"),
            ),
            first_start.GRIDS: FieldBox(
                theme, _("社区、联社、村居"), self.grids, caption=_("可空"), hint=_("一行一个，可以从表格里整列粘贴。")
            ),
        }  # fmt: skip
        for key, editor in ((first_start.OFFICE, self.office), (first_start.DISTRICT, self.district)):
            editor.textEdited.connect(lambda _text, key=key: self.boxes[key].set_problem("", ""))
            editor.returnPressed.connect(self.focusNextChild)
        for key, area in ((first_start.PEOPLE, self.people), (first_start.GRIDS, self.grids)):
            area.textChanged.connect(lambda key=key: self.boxes[key].set_problem("", ""))
        self.passphrase, self.again = LineField(theme, _("可空，空着就不加密")), LineField(theme, "")
        for line, key in ((self.passphrase, first_start.PASS), (self.again, first_start.AGAIN)):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.returnPressed.connect(self.focusNextChild)
            line.textEdited.connect(lambda _text, key=key: self.boxes[key].set_problem("", ""))
        self.boxes |= {
            first_start.PASS: FieldBox(
                theme, _("口令"), self.passphrase,
                hint=_("电脑或U盘丢了，没有口令的人打不开。建好后给一张恢复码，请打印收好。"),
            ),
            first_start.AGAIN: FieldBox(theme, _("再写一次"), self.again),
        }  # fmt: skip
        self.create_button = Button(theme, _("建台账"), self.make, kind="primary", icon="check", key="Ctrl+S")
        self.sample_button = Button(theme, _("用样例数据试用"), self.make_sample)
        self.place = Elided("", "caption")
        self.move_link = Link(theme, _("换个位置"), self.choose_place, role="caption")

    def _questions(self) -> Panel:
        theme = self.ctx.theme
        panel = Panel(theme, padding=tokens.S5, spacing=tokens.S3)
        self._pairs: list[QHBoxLayout] = []
        for number, title, keys in (
            ("1", _("哪个单位，属于哪个区"), (first_start.OFFICE, first_start.DISTRICT)),
            ("2", _("有哪些人，管哪些社区"), (first_start.PEOPLE, first_start.GRIDS)),
            ("3", _("要不要加密（建议加）"), (first_start.PASS, first_start.AGAIN)),
        ):
            head = QHBoxLayout()
            theme.pad(head, spacing=tokens.S3)
            head.addWidget(label(f"{number}　{title}", "section"), 1)
            if first_start.OFFICE in keys:
                head.addWidget(self.role)
            panel.body.addLayout(head)
            pair = QHBoxLayout()
            theme.pad(pair, spacing=tokens.S4)
            self._pairs.append(pair)
            for key in keys:
                pair.addWidget(self.boxes[key], 1)
            panel.body.addLayout(pair)
        foot = QHBoxLayout()
        theme.pad(foot, (0, tokens.S1, 0, 0), tokens.S2)
        foot.addWidget(self.create_button)
        foot.addWidget(self.place, 1)
        foot.addWidget(self.move_link)
        panel.body.addLayout(foot)
        return panel

    def _trial(self) -> QFrame:
        theme = self.ctx.theme
        panel = Panel(theme, padding=tokens.S5, spacing=tokens.S3)
        theme.fix(panel, width=SIDE)
        panel.body.addWidget(label(_("先试一试"), "section"))
        panel.body.addWidget(
            label(
                _("做一个虚构的街道，两年的检查、工单、整改都在里面，随便改，不影响以后的正式台账。"),
                "table",
                wrap=True,
            )
        )
        panel.body.addWidget(self.sample_button)
        panel.body.addWidget(label(_("大约十几秒，数据都在这台电脑上。"), "caption", wrap=True))
        return panel

    # ---- what it does --------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Show where the file will be."""
        self.path = Path(params.get("path") or self.path)
        self.forms = tuple(params.get("forms") or self.forms)
        self.place.setText(_("存在 {path}").format(path=self.path))

    def answers(self) -> Answers:
        """Return what was typed."""
        return Answers(
            self.office.text(), self.district.text(), self.people.toPlainText(), self.grids.toPlainText(),
            self.passphrase.text(), self.again.text(), self.role.value,
        )  # fmt: skip

    def choose_place(self) -> None:
        """Ask where the file shall be."""
        chosen = self.ctx.ask.save_file(_("台账存在哪里"), str(self.path), _("台账 (*.envdesk)"))
        if chosen is not None:
            self.path = chosen if chosen.suffix else chosen.with_suffix(".envdesk")
            self.place.setText(_("存在 {path}").format(path=self.path))

    def make(self) -> None:
        """Make the office's file."""
        self.show_problems(first_start.check(self.answers()))
        if self.wrong:
            return
        answers, path, forms = self.answers(), self.path, self.forms
        self._run(lambda _work: first_start.make(path, answers, forms), _("正在建台账"))

    def make_sample(self) -> None:
        """Make the sample office."""
        folder, forms = self.sample_folder, self.forms

        def fn(work: Work) -> Made:
            return first_start.make_sample(folder, forms, report=work.report)

        self._run(fn, _("正在做样例台账"))

    def _run(self, fn: Any, title: str) -> None:
        if self.task is not None and self.task.active:
            return
        self._enable(on=False)
        self.task = self.ctx.tasks.run(fn, done=self.made.emit, failed=self._failed, on="pool", owner=self)
        self.task.finished.connect(self._ended)
        self.ctx.operations.started.emit(self.task, title)

    def _ended(self) -> None:
        self._enable(on=True)

    def _enable(self, *, on: bool) -> None:
        for button in (self.create_button, self.sample_button, self.move_link):
            button.setEnabled(on)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused) and error.problems:
            self.show_problems(error.problems)
        else:
            self.ctx.operations.handle(error)

    @property
    def wrong(self) -> bool:
        """True while a sentence stands beside a question."""
        return any(box.editor.property("problem") for box in self.boxes.values())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put sentences beside the questions and the cursor into the first of them."""
        placed = first_start.place(problems)
        for key, box in self.boxes.items():
            box.set_problem("error" if key in placed else "", placed[key].message if key in placed else "")
        for key, box in self.boxes.items():
            if key in placed:
                box.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                self.area.ensureWidgetVisible(self.create_button)  # what is pressed next, if there is room for both
                self.area.ensureWidgetVisible(box)
                line = placed[key].index
                if line is not None and isinstance(box.editor, QPlainTextEdit):
                    cursor = box.editor.textCursor()
                    cursor.setPosition(box.editor.document().findBlockByNumber(line).position())
                    box.editor.setTextCursor(cursor)
                return


def _lines(theme: Any, example: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setPlaceholderText(example)
    made.setTabChangesFocus(True)
    theme.fix(made, height=LINES)
    return made


def _wrong(page: StartPage) -> None:
    page.office.setText("均禾街道综合执法办")
    page.people.setPlainText("李敏 执法人员\n陈立 环保员\n李敏 网格员")
    page.grids.setPlainText("石马社区\n清湖联社")
    page.make()


PAGE = PageSpec("start", StartPage, hidden=True, shots=(Shot("start"), Shot("start-wrong", prepare=_wrong)))
