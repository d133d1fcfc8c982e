"""自己的话: places for the user's own paragraphs of a narrative report, and the sentences that were left out of it."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import Elided, hairline, label
from envdesk.gui.reports.choose import LINE, ChoiceList, Item
from envdesk.gui.section import row, scrolled
from envdesk.gui.theme import Theme
from envdesk.gui.whole_lines import WholeLines
from envdesk.i18n import _, plural
from envdesk.present.own_words import Own, Slot

SLOTS_SHOWN, SLOTS_LEAST, SLOTS_SHARE = 7, 2, 0.3
"""Lines of places shown at once, where there is room and where there is little; their share of the height."""


class Writing(QPlainTextEdit):
    """Plain text of several lines. Ctrl+Enter saves, Tab moves on.

    Signals:
        left: the user went elsewhere, or asked to save.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.left.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class WordsTab(QWidget):
    """Choose a place, write, go on: what was written is kept with the period.

    Signals:
        saved: template, period, place, text.
    """

    saved = Signal(str, str, str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.own: Own | None = None
        self.slot: Slot | None = None
        self.slots = ChoiceList(theme, _("写在哪里"))
        self.slots.setProperty("kind", "paper")
        self.hint = label("", "caption", wrap=True)
        self.area = Writing()
        self.area.setAccessibleName(_("自己的话"))
        self.keep = Button(theme, _("保存"), self.store, row=True)
        self.keep.setToolTip(_("保存 Ctrl+Enter"))
        self.back = Button(theme, _("恢复上一次"), self.restore, row=True)
        self.state = Elided("", "caption")
        self.left_title = label("", "strong-table", tone="grey")
        self.left = WholeLines()
        self.left.setAccessibleName(_("没有写进报告的"))
        inner, around = QWidget(), QVBoxLayout(self)
        theme.pad(around)
        around.addWidget(scrolled(inner, kind="clear"))  # a low window has no room for everything
        column = QVBoxLayout(inner)
        theme.pad(column, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2)
        column.addWidget(self.slots)
        column.addWidget(self.hint)
        column.addWidget(self.area, 4)
        column.addLayout(row(theme, self.keep, self.back, self.state, spacing=tokens.S2))
        column.addWidget(hairline(theme))
        column.addWidget(self.left_title)
        column.addWidget(self.left, 3)
        for part in (self.area, self.left):
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is left over
        self.slots.picked.connect(self.choose)
        self.area.left.connect(self.store)
        self.area.textChanged.connect(self._typed)
        theme.changed.connect(self._room_for_slots)

    # ---- showing -------------------------------------------------------------------------------------------------
    def show_own(self, own: Own | None) -> None:
        """Show the places of a report; the place and what is being written in it stay."""
        same = (
            self.own is not None
            and own is not None
            and (own.template, own.period) == (self.own.template, self.own.period)
        )
        self.own = own
        if own is None:
            self.slot = None
            return
        chosen = (
            self.slot.id if same and self.slot is not None else next((s.id for s in own.slots if s.text), "problems")
        )
        if chosen not in {s.id for s in own.slots}:
            chosen = own.slots[0].id
        items = [
            Item(s.id, ("\u3000" if s.level > 1 else "") + s.title, _("已写") if s.text else "") for s in own.slots
        ]
        self.slots.fill(items, chosen)
        self._room_for_slots()
        self._show_slot(chosen, typing=same and self.area.hasFocus())
        self.left_title.setText(plural("没有写进报告的 {count} 处", len(own.left_out)))
        self.left.setPlainText("\n".join((*own.remarks, *own.left_out, own.fonts)))

    def _room_for_slots(self) -> None:
        """Whole lines only, as many as the height allows."""
        line, count = self._theme.px(LINE), max(len(self.slots.choices.items), 1)
        fitting = max(int(self.height() * SLOTS_SHARE) // line, SLOTS_LEAST)
        self.slots.setFixedHeight(line * min(count, fitting, SLOTS_SHOWN))
        self.area.setMinimumHeight(self._theme.px(tokens.CONTROL))
        self.left.setMinimumHeight(self._theme.px(2 * tokens.CONTROL))
        self.slots.scrollTo(self.slots.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room_for_slots()

    def choose(self, slot: str) -> None:
        """Go to a place; what is unsaved in the one before is saved."""
        self.store()
        self._show_slot(slot)
        self.area.setFocus()

    def _show_slot(self, name: str, *, typing: bool = False) -> None:
        if self.own is None:
            return
        self.slot = next(s for s in self.own.slots if s.id == name)
        self.hint.setText(self.slot.hint)
        if not typing and self.area.toPlainText() != self.slot.text:
            self.area.setPlainText(self.slot.text)
        self._typed()

    def _typed(self) -> None:
        """Say what is saved and what is not."""
        if self.slot is None:
            return
        dirty = self._text() != self.slot.text
        self.keep.setEnabled(dirty)
        self.back.setVisible(self.slot.before is not None and not dirty)
        words = _("还没有保存。") if dirty else ""
        if not dirty and self.slot.saved:
            words = _("已保存 {when}").format(when=self.slot.saved)
        self.state.setText(words)

    def _text(self) -> str:
        return "\n".join(line.rstrip() for line in self.area.toPlainText().split("\n")).strip("\n")

    # ---- doing ---------------------------------------------------------------------------------------------------
    def store(self) -> None:
        """Save what was written, if anything changed."""
        if self.own is None or self.slot is None or self._text() == self.slot.text:
            return
        self.saved.emit(self.own.template, self.own.period, self.slot.id, self._text())

    def restore(self) -> None:
        """Bring back what stood here before."""
        if self.slot is not None and self.slot.before is not None:
            self.area.setPlainText(self.slot.before)
            self.store()
