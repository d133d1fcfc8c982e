"""One word of a list: segments for up to four, a line with a list for more; yes, no or not filled in."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from envdesk.errors import Problem
from envdesk.formdef.model import Choice, Field
from envdesk.formdef.types import BadValue, parse_bool, parse_choice
from envdesk.gui import tokens
from envdesk.gui.form.editor import ENTER, Editor, Env, editor_for
from envdesk.gui.form.finding import fits
from envdesk.gui.form.popup import Item, Popup
from envdesk.gui.form.texts import LineEditor
from envdesk.gui.segments import Segments
from envdesk.i18n import _

SEGMENTS = 4
ROOM = 300
"""Widest row of segments, in logical pixels: what a column has on a small screen."""
YES, NO = "1", "0"


def words(field: Field) -> list[Choice]:
    """Choices that are offered."""
    return [c for c in field.choices if not c.off]


def full(choice: Choice) -> str:
    """The word as it is read: with the upper word before it."""
    return f"{choice.parent}-{choice.label}" if choice.parent else choice.label


class SegmentEditor(Editor):
    """Up to four words side by side; 1..4 choose, Delete clears, Enter moves on."""

    kind = "segments"

    def __init__(self, env: Env, field: Field, items: list[tuple[str, str]], bad: tuple[str, ...] = ()) -> None:
        super().__init__(env, field)
        self.segments = Segments(env.theme, items, optional=True, bad=bad)
        self.face = self.segments
        self.setFocusProxy(self.segments)
        self.column.addWidget(self.segments)
        self.segments.changed.connect(self._chosen)
        self.segments.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        enter = event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if enter:
            self.passed.emit()
        return enter

    def _chosen(self) -> None:
        self.say()

    def value(self) -> Any:
        return self.segments.value or None

    def set_value(self, value: Any) -> None:
        if self.segments.value != (value or ""):
            self.segments.set_value(str(value or ""))


@editor_for("bool")
class BoolEditor(SegmentEditor):
    """是, 否 or not filled in."""

    kind = "bool"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field, [(YES, _("是")), (NO, _("否"))])

    def value(self) -> Any:
        chosen = self.segments.value
        return None if not chosen else int(chosen == YES)

    def set_value(self, value: Any) -> None:
        try:
            stored = None if value in (None, "") else parse_bool(self.field, value, self.env.reading)
        except BadValue:
            stored = None
        self.segments.set_value("" if stored is None else YES if stored else NO)


@editor_for("choice")
class ComboEditor(LineEditor):
    """A line with a list: type a part or the pinyin initials, Enter takes the current one. F4 shows all."""

    kind = "combo"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field, icon="chevron-down")
        self._code: str | None = None
        self._before = ""
        self._popup: Popup | None = None
        self.line.textEdited.connect(self._typed)
        self.line.asked.connect(self.open_list)
        self.line.left.disconnect(self.settled)
        self.line.left.connect(self._leave)
        self.line.passed.disconnect(self.passed)
        self.line.passed.connect(self._pass)
        self.line.installEventFilter(self)

    @classmethod
    def fitting(cls, env: Env, field: Field) -> Editor:
        """Segments where they fit, else a line with a list."""
        offered = words(field)
        metrics = env.theme.metrics("table", bold=True)
        wide = sum(metrics.horizontalAdvance(c.label) + 2 * env.theme.px(tokens.S3) for c in offered)
        if len(offered) <= SEGMENTS and wide <= env.theme.px(ROOM) and not any(c.parent for c in offered):
            return SegmentEditor(env, field, [(c.code, c.label) for c in offered])
        return cls(env, field)

    def placeholder(self) -> str:
        return _("选择或输入首字母")

    # ---- value ---------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        text = self.line.text().strip()
        if self._code is not None and text == self._text(self._code):
            return self._code
        return text or None

    def _text(self, code: str) -> str:
        choice = self.field.choice(code)
        return full(choice) if choice is not None else code

    def set_value(self, value: Any) -> None:
        code = str(value) if value else None
        self._code = code if code and self.field.choice(code) else None
        text = self._text(code) if code else ""
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def problems(self) -> list[Problem]:
        value = self.value()
        if value is None or self.field.choice(value) is not None:
            return []
        try:
            parse_choice(self.field, value, self.env.reading)
        except BadValue as bad:
            return [bad.problem]
        return []

    # ---- the list ------------------------------------------------------------------------------------------------
    def _items(self, typed: str) -> list[Item]:
        return [
            Item(c.code, c.label, c.hint, level=int(bool(c.parent)))
            for c in words(self.field)
            if fits(typed, full(c)) or fits(typed, c.label) or (c.hint and typed and typed in c.hint)
        ]

    def _list(self) -> Popup:
        if self._popup is None:
            self._popup = Popup(self.env.theme, self.line)
            self._popup.picked.connect(self._picked)
            self.line.popup = self._popup
        return self._popup

    def open_list(self) -> None:
        """Show all words, the chosen one current."""
        items = self._items("")
        at = next((n for n, i in enumerate(items) if i.value == self._code), 0)
        self._list().offer(items, at)

    def is_at_rest(self) -> bool:
        return self._popup is None or not self._popup.isVisible()

    def _typed(self, text: str) -> None:
        if text.strip():
            self._list().offer(self._items(text))
        else:
            self._code = None
            if self._popup is not None:
                self._popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            and self.is_at_rest()
        ):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return False

    def step(self, by: int) -> None:
        """Take the next or the word before."""
        codes = [c.code for c in words(self.field)]
        at = codes.index(self._code) if self._code in codes else (-1 if by > 0 else len(codes))
        at = max(0, min(at + by, len(codes) - 1))
        self.set_value(codes[at])
        self.say()

    def _picked(self, item: Item) -> None:
        self.set_value(item.value)
        self.line.selectAll()
        self.say()
        self.passed.emit()

    def _resolve(self) -> None:
        """Take the word that the text spells out."""
        value = self.value()
        if value is not None and self.field.choice(value) is None:
            try:
                self.set_value(parse_choice(self.field, value, self.env.reading))
            except BadValue:
                return
            self.changed.emit()
        elif value is not None:
            self.set_value(value)

    def _leave(self) -> None:
        self._resolve()
        self.settled.emit()

    def _pass(self) -> None:
        self._resolve()
        self.passed.emit()
