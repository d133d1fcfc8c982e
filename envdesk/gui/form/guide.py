"""The guide over a form: a strip that says the one next thing to do, and where the record is when it is saved.

It covers nothing and waits for nobody: what it says follows what is typed (:mod:`envdesk.present.guide`).
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import label
from envdesk.gui.prefs import GUIDE, GUIDED, UNGUIDED
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present import guide
from envdesk.present.guide import Guide, Saved, Seen, Step

if TYPE_CHECKING:
    from envdesk.gui.pages.form import FormPage

DISC, GAP, BETWEEN = 20, 6, 20


class Steps(QWidget):
    """① 选监管对象 — ② 填必填项 — ③ 保存; in little room only the step to take keeps its words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.steps: Sequence[Step] = ()
        self.at = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[Step], at: int) -> None:
        """Show steps and which is next; behind the last one all are done."""
        if (steps, at) != (self.steps, self.at):
            self.steps, self.at = steps, at
            self.updateGeometry()
            self.update()

    def _wide(self, n: int, *, words: bool) -> int:
        px = self._theme.px
        said = self._theme.metrics("table", bold=n == self.at).horizontalAdvance(self.steps[n].title) if words else 0
        return px(DISC) + (px(GAP) + said if words else 0)

    def _all(self, *, words: bool) -> int:
        between = self._theme.px(BETWEEN) * max(len(self.steps) - 1, 0)
        return sum(self._wide(n, words=words or n == self.at) for n in range(len(self.steps))) + between

    def sizeHint(self) -> QSize:
        return QSize(self._all(words=True), self._theme.px(DISC) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._all(words=False), self._theme.px(DISC) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words, x, side = self._all(words=True) <= self.width(), 0, px(DISC)
        top = (self.height() - side) // 2
        for n, step in enumerate(self.steps):
            now = n == self.at
            if n:
                painter.setPen(QPen(theme.colour("edge"), px(tokens.HAIR)))
                middle = self.height() // 2
                painter.drawLine(x - px(BETWEEN) + px(GAP), middle, x - px(GAP), middle)
            disc = QRect(x, top, side, side)
            self._disc(painter, disc, step, n, now=now)
            if words or now:
                painter.setFont(theme.font("table", bold=now))
                painter.setPen(theme.colour("text" if now else "soft"))
                room = QRect(disc.right() + px(GAP) + 1, 0, self.width(), self.height())
                painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), step.title)
            x += self._wide(n, words=words or now) + px(BETWEEN)

    def _disc(self, painter: QPainter, disc: QRect, step: Step, n: int, *, now: bool) -> None:
        theme, px = self._theme, self._theme.px
        filled = now or step.done
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(theme.colour("edge"), px(tokens.HAIR)))
        painter.setBrush(theme.colour("green") if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc)
        if step.done and not now:
            icon, inset = px(tokens.ICON_SMALL), (disc.width() - px(tokens.ICON_SMALL)) // 2
            tick = theme.pixmap("check", "on_green", tokens.ICON_SMALL, self.devicePixelRatioF())
            painter.drawPixmap(disc.left() + inset, disc.top() + inset, icon, icon, tick)
            return
        painter.setFont(theme.font("caption", bold=now))
        painter.setPen(theme.colour("on_green" if filled else "soft"))
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), str(n + 1))


class GuideStrip(QFrame):
    """The strip.

    Args:
        theme: colours and sizes.
        to_field: goes to the field the sentence is about.
        dismiss: the guide is not wanted, or not needed any more.
    """

    def __init__(self, theme: Theme, to_field: Callable[[], object], dismiss: Callable[[], object]) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "guide")
        self.steps = Steps(theme)
        self.count = label("", "caption")
        self.words = label("", "", wrap=True)
        self.words.setMinimumWidth(1)
        self.field_button = Button(theme, _("去填"), to_field, row=True)
        self.leave_button = Button(theme, _("不用引导"), dismiss, kind="faint", row=True)
        self.acts: list[Button] = []
        self._head = QWidget()
        self._top, self._line, self._buttons = QHBoxLayout(self._head), QHBoxLayout(), QHBoxLayout()
        theme.pad(self._top, spacing=tokens.S3)
        theme.pad(self._line, spacing=tokens.S2)
        theme.pad(self._buttons, spacing=tokens.S2)
        self._top.addWidget(self.steps)
        self._top.addWidget(self.count)
        self._top.addStretch(1)
        self._top.addWidget(self.leave_button)
        self._line.addWidget(self.words, 1)
        self._line.addLayout(self._buttons)
        self._buttons.addWidget(self.field_button)
        column = QVBoxLayout(self)
        theme.pad(column, (tokens.S5, tokens.S2, tokens.S5, tokens.S2), tokens.S1)
        column.addWidget(self._head)
        column.addLayout(self._line)
        theme.changed.connect(self._fold)
        self.hide()

    def _fold(self) -> None:
        """Where the sentence would break beside the buttons, they stand under it."""
        px = self._theme.px
        said = self.words.fontMetrics().horizontalAdvance(self.words.text()) + px(tokens.S2)
        narrow = bool(self.acts) and said + self._buttons.sizeHint().width() + 2 * px(tokens.S5) > self.width()
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._line.setDirection(way)
        self._head.setVisible(not narrow)  # all ticked: the sentence says it
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag.AlignRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def show_guide(self, found: Guide, *, there: bool) -> None:
        """Show what is next; *there* = the cursor is in that field already."""
        self._clear()
        self.steps.show_steps(found.steps, found.at)
        self.field_button.set_text(_("去改") if found.step.id == guide.LOOK else _("去填"))
        self.field_button.setVisible(bool(found.field) and not there)
        self.leave_button.set_text(_("不用引导"))
        self._say(found.count, found.words)

    def show_saved(self, steps: Sequence[Step], words: str, acts: Sequence[Button]) -> None:
        """Say where the record is now, and what can be done with it."""
        self._clear()
        done = [Step(s.id, s.title, done=True) for s in steps]
        self.steps.show_steps(done, len(done))
        self.field_button.hide()
        self.leave_button.set_text(_("知道了"))
        self.acts = list(acts)
        for button in self.acts:
            self._buttons.addWidget(button)
        self._buttons.addWidget(self.leave_button)
        self._say(_("都做完了"), words)
        self._fold()

    def _say(self, count: str, words: str) -> None:
        if words != self.words.text():
            self.words.setText(words)
            self.setAccessibleName(_("引导"))
            self.setAccessibleDescription(f"{count}：{words}")
        self.count.setText(count)
        self.show()

    def _clear(self) -> None:
        gone, self.acts = self.acts, []
        for button in gone:
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        if gone:
            self._top.addWidget(self.leave_button)
            self._fold()


class Guiding:
    """Leads through the first record of the page."""

    def __init__(self, page: FormPage) -> None:
        self._page = page
        self.strip = GuideStrip(page.ctx.theme, self.to_field, self.dismiss)
        self.now: Guide | None = None
        self.saved: Saved | None = None
        self._met = self._kept = False
        self._steps: Sequence[Step] = ()
        self._last = ""

    @property
    def running(self) -> bool:
        """True while it goes along with the record that is open."""
        session = self._page.session
        on = self._page.ctx.prefs.get(GUIDE) == GUIDED
        return on and session is not None and guide.guides(session)

    def begin(self, *, asked: bool) -> None:
        """Something is going to be opened; *asked* = the guide shall go along."""
        self._kept = False
        if asked:
            self._page.ctx.prefs.put(GUIDE, GUIDED)

    def opened(self) -> None:
        """A form is shown."""
        self._met, self._last, self.now = False, "", None
        if self._kept:  # what was just saved, or the next one after it
            return
        self.saved = None
        self.strip.hide()
        self.follow()

    def follow(self) -> None:
        """Something was typed, judged or left."""
        page, session = self._page, self._page.session
        if session is None or self._kept or not self.running:
            return
        view = page.view
        said = [p for found in view.found.values() for p in found]
        self._last = view.current_key() or self._last
        making = view.open_panel() is not None
        seen = Seen(said, page.env.names, self._last, making, page.saving.asking, self._met)
        self.now = guide.guide(session, seen)
        self._met = any(s.id == guide.LOOK for s in self.now.steps)
        self._steps = self.now.steps
        self.strip.show_guide(self.now, there=view.current_key() == self.now.field)

    def to_field(self) -> None:
        """Go to the field the sentence is about."""
        if self.now is not None and self.now.field:
            self._page.view.focus_key(self.now.field)

    def dismiss(self) -> None:
        """It is not wanted: it does not come again by itself."""
        had = self.has_focus()
        if self.saved is None:
            self._page.ctx.prefs.put(GUIDE, UNGUIDED)
        self._kept, self.saved, self.now = False, None, None
        self.strip.hide()
        if had and not (self._last and self._page.view.focus_key(self._last)):
            self._page.view.focus_start()

    def has_focus(self) -> bool:
        """True when the keys go to the strip."""
        focus = self._page.window().focusWidget()
        return focus is not None and self.strip.isAncestorOf(focus)

    # ---- saved ---------------------------------------------------------------------------------------------------
    def finish(self, rec: str) -> None:
        """The record was saved: the guide has done its work, and says where it is."""
        page, session = self._page, self._page.session
        if session is None or self.now is None:
            return
        page.ctx.prefs.put(GUIDE, "")
        self._kept, form = True, session.form.id

        def done(found: Saved) -> None:
            if self._kept:
                self._show_saved(found)

        page.ctx.operations.read(lambda w: guide.saved(w.desk, form, rec), done, owner=page)

    def _show_saved(self, found: Saved) -> None:
        page, theme = self._page, self._page.ctx.theme
        self.saved = found
        here = page.session is not None and page.session.rec == found.rec
        acts = [
            Button(theme, _("打印这张表"), self.print_it, kind="primary", icon="printer", row=True),
            Button(theme, _("看台账"), self.to_register, icon="list", row=True),
        ]
        if found.figure:
            acts.append(Button(theme, _("看报表里的数"), self.to_report, icon="file-chart-column", row=True))
        if here:
            acts.append(Button(theme, _("再登记一件"), self.again, icon="plus", row=True))
        self.strip.show_saved(self._steps, found.words, acts)
        if here and page.isVisible() and not page.session.dirty:  # type: ignore[union-attr]
            acts[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def print_it(self) -> None:
        """Print the record that was saved."""
        found = self.saved
        if found is not None:
            self._page.printing.start(self._page, found.form, found.rec, found.number, self.strip.acts[0])

    def to_register(self) -> None:
        """Show the register it is in."""
        if self.saved is not None:
            self._page.ctx.go("register", form=self.saved.form)

    def to_report(self) -> None:
        """Show the figure that counts it, with the records behind it."""
        if self.saved is not None:
            self._page.ctx.go("reports", period=self.saved.period, figure=self.saved.figure)

    def again(self) -> None:
        """The next of the same kind."""
        self._kept = False
        self._page.keep()
        self._page.open_next()
