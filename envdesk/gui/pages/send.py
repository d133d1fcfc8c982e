"""上报: the steps from a checked month to a file on the stick that was read back; and the check of a received file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from envdesk.desk import seals
from envdesk.errors import Refused
from envdesk.figures.finding import Finding
from envdesk.figures.period import Period, month_of, parse_period
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.check_box import CheckBox
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.labels import label
from envdesk.gui.menus import Menu
from envdesk.gui.page import Act, Context, Page, PageSpec, Shot
from envdesk.gui.search_box import LineField
from envdesk.gui.section import FieldBox, Notice, row, scrolled
from envdesk.gui.send.received import Received
from envdesk.gui.send.step_card import StepCard
from envdesk.gui.tasks import Work
from envdesk.i18n import _
from envdesk.present import handover
from envdesk.present.handover import Handover

SECRET, MONTHS, MOST_RULES, STACK_BELOW = 220, 12, 6, 920
LEAST_SECRET = 8
STEPS = ("check", "sealed", "masked", "write", "verified", "receipt")


class SendPage(Page):
    """One month on its way."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        theme = ctx.theme
        self.state: Handover | None = None
        self.period = ""
        self.months = Menu(theme, self)
        self.month = Button(theme, "", menu=self.months)
        self.stale = Notice(
            theme, _("写入以后记录又有改动。要把改动报上去，再写入一次。"), Link(theme, _("写入"), self.write)
        )
        self.stale.hide()
        self._parts(theme)
        inner = QWidget()
        self.columns = columns = QHBoxLayout(inner)
        left = QVBoxLayout()
        theme.pad(columns, (tokens.S5, 0, tokens.S5, tokens.S5), tokens.S4)
        theme.pad(left, spacing=tokens.S2)
        left.addWidget(self.stale)
        for card in self.cards.values():
            left.addWidget(card)
        left.addStretch(1)
        self.received = Received(ctx)
        theme.fix(self.received, width=tokens.PREVIEW)
        columns.addLayout(left, 1)
        columns.addWidget(self.received, 0, Qt.AlignmentFlag.AlignTop)
        self.area = scrolled(inner, kind="clear", over=True)
        self.body.addWidget(self.area, 1)
        self.set_head(
            _("上报"), extra=(self.month,), actions=[Act(_("写入U盘"), self.write, "Ctrl+S", "upload", "primary")]
        )
        self.first = self.buttons[_("写入U盘")]
        self.panes = (self.month, self.received)
        self.key("Alt+Left", lambda: self.step_month(-1))
        self.key("Alt+Right", lambda: self.step_month(1))
        self.key("F5", self.again)
        theme.changed.connect(self.fold)

    def fold(self) -> None:
        """In little room the check of a received file stands under the steps."""
        wide = self.width() / self.ctx.theme.scale
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self.columns.setDirection(down if wide < STACK_BELOW else across)
        self.ctx.theme.fix(self.received, width=wide - 2 * tokens.S5 if wide < STACK_BELOW else tokens.PREVIEW)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.fold()

    def _parts(self, theme: Any) -> None:
        """Make what stands in the cards."""
        self.check_button = Button(theme, _("重新核对"), self.again, row=True)
        self.seal_button = Button(theme, _("月结"), self.seal, row=True, icon="lock")
        self.copy_button = Button(theme, _("复制校验值"), self.copy, row=True, icon="copy")
        self.read_button = Button(theme, _("再读回一次"), self.read_back, row=True)
        self.cards = {
            "check": StepCard(theme, 1, self.check_button),
            "sealed": StepCard(theme, 2, self.seal_button),
            "masked": StepCard(theme, 3),
            "write": StepCard(theme, 4),
            "verified": StepCard(theme, 5, self.copy_button, self.read_button),
            "receipt": StepCard(theme, 6),
        }
        self.bare = CheckBox(theme, _("不带照片和附件，企业联系人也遮盖"))
        self.bare.toggled.connect(self._choose)
        self.locked = CheckBox(theme, _("加口令（U盘丢了，别人打不开）"))
        self.locked.toggled.connect(self._show_secret)
        self.secret, self.secret_again = LineField(theme), LineField(theme)
        self.secret_box = FieldBox(theme, _("口令"), self.secret, required=True, hint=_("至少 8 个字，电话告诉区里。"))
        for line in (self.secret, self.secret_again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.textEdited.connect(lambda _text: self.secret_box.set_problem("", ""))
        self.again_box = FieldBox(theme, _("再写一次"), self.secret_again, required=True)
        self.secrets = QWidget()
        pair = row(theme, self.secret_box, self.again_box, None, spacing=tokens.S4)
        for box in (self.secret_box, self.again_box):
            theme.fix(box, width=SECRET)
        theme.pad(pair, spacing=tokens.S4)
        self.secrets.setLayout(pair)
        self.cards["masked"].add(self.bare)
        self.cards["write"].add(self.locked)
        self.cards["write"].add(self.secrets)
        self.secrets.hide()
        self.code = label("", "table", wrap=True)
        self.code.setAccessibleName(_("校验值"))
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.cards["verified"].add(self.code)

    # ---- reading -------------------------------------------------------------------------------------------------
    def activate(self, params: Mapping[str, Any]) -> None:
        """Check the period asked for, or the one shown before, or last month."""
        wanted = str(params.get("period") or self.period or "")
        if params.get("received"):
            self.received.take(Path(str(params["received"])))
        if self.state is None or wanted != self.period or self.state.written is None:
            self.start(wanted or self._last_month().text)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Check again; a written file stays what it is."""
        if self.state is None:
            return
        if self.state.written is not None and kinds != frozenset({"seal"}):
            self.stale.show()
        else:
            self.start(self.period)

    def start(self, period: str) -> None:
        """Check a period."""
        self.period = period
        self.month.set_text(parse_period(period).title)
        self._fill_months()
        bare = self.bare.isChecked()

        def fn(work: Work) -> Handover:
            found = handover.start(work.desk, period)
            return handover.choose(work.desk, found, bare=True) if bare else found

        self.ctx.operations.read(fn, self._came, title=_("正在核对"), owner=self)

    def again(self) -> None:
        """Check the same period again."""
        self.start(self.period)

    def _came(self, state: Handover) -> None:
        if state.period == self.period:
            self.stale.hide()
            self.show_state(state)

    def _last_month(self) -> Period:
        return month_of(month_of(self.ctx.clock.today()).start - timedelta(days=1))

    def _fill_months(self) -> None:
        self.months.clear()
        shown: Period | None = month_of(self.ctx.clock.today())
        for _n in range(MONTHS):
            if shown is None:
                break
            self.months.addAction(shown.title).triggered.connect(
                lambda _on=False, text=shown.text: self.start(text)
            )  # fmt: skip
            shown = shown.previous()

    def step_month(self, step: int) -> None:
        """Go to the month before or after; not beyond this one."""
        here = parse_period(self.period)
        to = month_of((here.end + timedelta(days=1)) if step > 0 else (here.start - timedelta(days=1)))
        if to.start <= self.ctx.clock.today() and to.start >= date(2000, 1, 1):
            self.start(to.text)

    # ---- showing -------------------------------------------------------------------------------------------------
    def show_state(self, state: Handover) -> None:
        """Show where the handover is."""
        self.state = state
        for step in state.steps():
            self.cards[step.id].show_step(step.title, step.status, step.words)
        self._show_rules(state)
        self._show_masked(state)
        self.seal_button.setVisible(not state.is_sealed)
        self.seal_button.setEnabled(not state.blocked and parse_period(state.period).end < self.ctx.clock.today())
        self.buttons[_("写入U盘")].setEnabled(not state.blocked)
        self._show_code(state)
        told = _("把U盘和校验值交给区里，区里用同一个程序核对校验值。")
        self.cards["receipt"].words.setText(
            f"{self.cards['receipt'].words.text()}。{told}" if not state.receipt else ""
        )

    def _show_rules(self, state: Handover) -> None:
        failed = [f for f in state.findings if f.status == "fail" and f.level in ("block", "warn")]
        lines: list[QWidget] = [self._rule(f) for f in sorted(failed, key=lambda f: f.level)[:MOST_RULES]]
        if len(failed) > MOST_RULES:
            more = _("还有 {count} 项，在报表页的“勾稽”里看。").format(count=len(failed) - MOST_RULES)
            lines.append(label(more, "caption"))
        self.cards["check"].show_lines(lines)

    def _rule(self, found: Finding) -> QWidget:
        theme = self.ctx.theme
        made = QWidget()
        stops = found.level == "block"
        chip = ChipState(_("不通过"), "red", "cross") if stops else ChipState(_("提示"), "amber", "triangle")
        line = QHBoxLayout(made)
        theme.pad(line, spacing=tokens.S2)
        line.addWidget(Chip(theme, chip), 0, Qt.AlignmentFlag.AlignTop)
        words = label(found.message, "table", wrap=True)
        words.setContentsMargins(0, theme.px(tokens.HAIR), 0, 0)  # its first line in line with the chip and the link
        line.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        if found.records:
            first = found.records[0]
            name = first.get("record_no") or _("看记录")
            if len(found.records) > 1:
                name = _("{name} 等 {count} 条").format(name=name, count=len(found.records))
            link = Link(theme, name, lambda: self._open(first))
            theme.fix(link, height=tokens.CHIP)
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _open(self, record: Mapping[str, Any]) -> None:
        self.ctx.go("form", form=record["form"], id=record["id"], back=("send", {"period": self.period}))

    def _show_masked(self, state: Handover) -> None:
        lines: list[QWidget] = []
        for masked in state.masked:
            words = _("{form}：{fields}").format(form=masked.title, fields="、".join(masked.fields))
            lines.append(label(words, "caption", wrap=True))
        self.cards["masked"].show_lines(lines)

    def _show_code(self, state: Handover) -> None:
        card = self.cards["verified"]
        for button in (self.copy_button, self.read_button):
            button.setVisible(state.written is not None)
        self.copy_button.setEnabled(state.again is not None)
        self.code.setVisible(state.again is not None)
        if state.again is not None:
            sha = state.again.sha256.upper()
            self.code.setText(" ".join(sha[n : n + 8] for n in range(0, len(sha), 8)))
        elif state.written is not None and state.problem is not None:
            card.show_step(card.title.text().partition("　")[2], "stop", state.problem.message)
        card.holder.setVisible(state.again is not None)

    # ---- doing ---------------------------------------------------------------------------------------------------
    def _choose(self, bare: bool) -> None:  # noqa: FBT001 - Qt's
        state = self.state
        if state is not None:
            self.ctx.operations.read(
                lambda w: handover.choose(w.desk, state, bare=bare), self.show_state, owner=self
            )  # fmt: skip

    def _show_secret(self, on: bool) -> None:  # noqa: FBT001 - Qt's
        self.secrets.setVisible(on)
        if on:
            self.secret.setFocus()

    def seal(self) -> None:
        """Seal the month."""
        period = self.period
        title = parse_period(period).title
        self.ctx.operations.do(
            lambda w: seals.seal(w.desk, period), said=_("{period}已月结。").format(period=title), undo=False,
            title=_("正在月结"), owner=self,
        )  # fmt: skip

    def _secret(self) -> str | None:
        """Return the passphrase, "" for none, None when it is not right yet."""
        if not self.locked.isChecked():
            return ""
        text = self.secret.text()
        wrong = ""
        if len(text) < LEAST_SECRET:
            wrong = _("口令至少 {count} 个字。").format(count=LEAST_SECRET)
        elif text != self.secret_again.text():
            wrong = _("两次写的口令不一样。")
        self.secret_box.set_problem("error" if wrong else "", wrong)
        if wrong:
            (self.secret if len(text) < LEAST_SECRET else self.secret_again).setFocus()
            self._see("write")
        return None if wrong else text

    def _see(self, step: str) -> None:
        """Scroll to a step when it has the height of what it says now."""
        QTimer.singleShot(0, self, lambda: self._scroll_to(self.cards[step]))

    def _scroll_to(self, card: StepCard) -> None:
        """Scroll as little as shows a step whole with none cut at the upper edge."""
        bar, top = self.area.verticalScrollBar(), card.y()
        least = min(top + card.height() - self.area.viewport().height(), top)
        if not least <= bar.value() <= top:
            bar.setValue(next(c.y() for c in self.cards.values() if c.y() >= least))

    def write(self) -> None:
        """Ask for a place, write the file there and read it back."""
        state, secret = self.state, self._secret()
        if state is None or state.blocked or secret is None:
            return
        self.ctx.operations.read(
            lambda w: handover.file_name(w.desk, state), lambda name: self._write_to(state, name, secret), owner=self
        )

    def _write_to(self, state: Handover, name: str, secret: str) -> None:
        out = self.ctx.ask.save_file(_("写到U盘的哪里"), name, _("上报文件 (*.envpack)"))
        if out is None:
            return

        def fn(work: Work) -> Handover:
            work.report(0, 2, _("写入 {name}").format(name=out.name))
            written = handover.write(work.desk, state, out, secret)
            if written.written is None:
                return written
            work.report(1, 2, _("读回核对"))
            return handover.read_back(written, secret)

        self.ctx.operations.read(fn, self.show_written, title=_("正在写入上报文件"), owner=self)

    def show_written(self, state: Handover) -> None:
        """Show what came of writing or reading back."""
        self.stale.hide()
        self.show_state(state)
        self._see("verified" if state.written is not None else "write")
        if state.again is not None:
            self.copy_button.setFocus()
        elif state.problem is not None:
            self.ctx.operations.refuse(Refused("handover", {}, [state.problem]))

    def read_back(self) -> None:
        """Read the written file again (the stick was taken out and put back)."""
        state, secret = self.state, self.secret.text() if self.state is not None and self.state.encrypted else ""
        if state is None or state.written is None:
            return
        fresh = replace(state, again=None, problem=None)
        self.ctx.operations.read(
            lambda _work: handover.read_back(fresh, secret),
            self.show_written,
            on="pool",
            title=_("正在读回"),
            owner=self,
        )

    def copy(self) -> None:
        """Copy the code."""
        if self.state is not None and self.state.again is not None:
            QGuiApplication.clipboard().setText(self.state.again.sha256)
            self.ctx.operations.tell(_("校验值已复制。"))


def shots() -> tuple[Shot, ...]:
    """Return the pictures: before, and a file that was written."""
    import tempfile
    from pathlib import Path

    def written(page: SendPage) -> None:
        state = page.state
        page.locked.setChecked(False)
        page.secret.clear()
        out = Path(tempfile.mkdtemp()) / "上报.envpack"
        if state is not None:
            page.ctx.operations.read(
                lambda w: handover.read_back(handover.write(w.desk, state, out)),
                page.show_written,
                owner=page,
            )

    def locked(page: SendPage) -> None:
        page.locked.setChecked(True)
        page.secret.setText("123")
        page.write()

    def fresh(page: SendPage) -> None:
        page.locked.setChecked(False)
        page.again()

    checks: tuple[tuple[str, Callable[[Any], object]], ...] = (
        ("send", fresh), ("send-locked", locked), ("send-written", written)
    )  # fmt: skip
    return tuple(Shot(name, {"period": "2026-09"}, act) for name, act in checks)


PAGE = PageSpec("send", SendPage, shots=shots())
