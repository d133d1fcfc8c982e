"""Several words or people: chosen ones as chips over the line, more by typing; Backspace takes the last one away."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.errors import Problem, problem
from envdesk.formdef.model import Field
from envdesk.formdef.types import BadValue, find_choice
from envdesk.gui import tokens
from envdesk.gui.form.choices import full, words
from envdesk.gui.form.editor import Editor, Env, editor_for
from envdesk.gui.form.finding import fits, told
from envdesk.gui.form.line import Line
from envdesk.gui.form.popup import Item, Popup
from envdesk.gui.theme import Theme
from envdesk.gui.tips import show_tip
from envdesk.i18n import _
from envdesk.present.picker import Item as Found

SIDE, GAP = 8, 6


class ChipFlow(QWidget):
    """Chips that wrap; × takes one away.

    Signals:
        removed: index of the chip.
    """

    removed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._texts: tuple[str, ...] = ()
        self._boxes: list[QRect] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """Words shown."""
        return self._texts

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show chips."""
        if tuple(texts) != self._texts:
            self._texts = tuple(texts)
            self.setVisible(bool(self._texts))
            self.updateGeometry()
            self.update()

    def _lay_out(self, width: int) -> int:
        px, metrics = self._theme.px, self._theme.metrics("caption")
        high, gap, x, y = px(tokens.CHIP), px(tokens.S1), 0, 0
        self._boxes = []
        for text in self._texts:
            wide = min(metrics.horizontalAdvance(text) + px(2 * SIDE + GAP + tokens.ICON_SMALL), width)
            if x and x + wide > width:
                x, y = 0, y + high + gap
            self._boxes.append(QRect(x, y, wide, high))
            x += wide + gap
        return y + high if self._texts else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay_out(width)

    def sizeHint(self) -> QSize:
        width = self.width() or self._theme.px(200)
        return QSize(self._theme.px(120), self._lay_out(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._lay_out(self.width() or self._theme.px(200)))

    def resizeEvent(self, event: object) -> None:
        high = self._lay_out(self.width())
        if high != self.height():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for text, box in zip(self._texts, self._boxes, strict=True):
                if box.contains(event.pos()):
                    cut = self._theme.metrics("caption").horizontalAdvance(text) > self._words(box).width() + 1
                    return show_tip(event, self, text if cut else "", box)
        return super().event(event)

    def _words(self, box: QRect) -> QRect:
        """Return where the words of a chip stand."""
        return box.adjusted(self._theme.px(SIDE), 0, -self._theme.px(SIDE + GAP + tokens.ICON_SMALL), 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._lay_out(self.width())
        for n, box in enumerate(self._boxes):
            if box.contains(event.position().toPoint()) and event.position().x() > box.right() - self._theme.px(24):
                self.removed.emit(n)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        self._lay_out(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        for text, box in zip(self._texts, self._boxes, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("green_tint"))
            painter.drawRoundedRect(box, px(tokens.RADIUS_CHIP), px(tokens.RADIUS_CHIP))
            painter.setPen(QPen(theme.colour("green")))
            room = self._words(box)
            shown = theme.metrics("caption").elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
            at = QPoint(
                box.right() - px(SIDE + tokens.ICON_SMALL) + 2, box.center().y() - px(tokens.ICON_SMALL) // 2 + 1
            )
            painter.drawPixmap(at, theme.pixmap("x", "green", tokens.ICON_SMALL, self.devicePixelRatioF()))


class ChipsEditor(Editor):
    """A line with a list and the chosen ones as chips under it."""

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.line = Line(env.theme, icon="chevron-down")
        self.face = self.line
        self.setFocusProxy(self.line)
        self.chips = ChipFlow(env.theme)
        self.column.addWidget(self.line)
        self.column.addWidget(self.chips)
        self.popup = Popup(env.theme, self.line)
        self.line.popup = self.popup
        self.popup.picked.connect(self.picked)
        self.chips.removed.connect(self.remove)
        self.line.asked.connect(self.open_list)
        self.line.textEdited.connect(self.typed)
        self.line.left.connect(self._leave)
        self.line.passed.connect(self._pass)
        self.line.installEventFilter(self)
        self.items: list[Any] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            if event.key() == Qt.Key.Key_Backspace and not self.line.text() and self.items:
                self.remove(len(self.items) - 1)
                return True
            if event.key() == Qt.Key.Key_Down and self.is_at_rest():
                self.open_list()
                return True
        return False

    # ---- for subclasses ------------------------------------------------------------------------------------------
    def name(self, item: Any) -> str:
        """Words of one chosen item."""
        return str(item)

    def open_list(self) -> None:
        """Show all that is offered."""

    def typed(self, text: str) -> None:
        """Offer what fits."""

    def picked(self, item: Item) -> None:
        """Take or drop what was picked."""

    def resolve(self, text: str) -> None:
        """Take the words typed in full."""

    # ---- value ---------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        return list(self.items)

    def set_value(self, value: Any) -> None:
        self.items = list(value or []) if not isinstance(value, str) else [value]
        self.show_items()

    def show_items(self) -> None:
        """Show the chosen ones."""
        names = [self.name(i) for i in self.items]
        self.chips.set_texts(names)
        self.line.setPlaceholderText("" if names else self.hint())

    def hint(self) -> str:
        """Soft words of an empty field."""
        return _("选择或输入首字母")

    def describe(self, name: str, message: str) -> None:
        chosen = "、".join(self.name(i) for i in self.items)
        super().describe(name, " ".join(t for t in (chosen, message) if t))

    def is_at_rest(self) -> bool:
        return not self.popup.isVisible()

    def toggle(self, item: Any) -> None:
        """Take or drop an item."""
        self.items = [i for i in self.items if i != item] if item in self.items else [*self.items, item]
        self.show_items()
        self.say()

    def remove(self, index: int) -> None:
        """Drop a chosen one."""
        if self.isEnabled():
            del self.items[index]
            self.show_items()
            self.say()

    def _leave(self) -> None:
        if self.line.text().strip():
            self.resolve(self.line.text().strip())
        self.settled.emit()

    def _pass(self) -> None:
        """Enter: take what was typed and wait for the next; on to the next field when nothing is typed."""
        if not self.line.text().strip():
            self.passed.emit()
            return
        self.resolve(self.line.text().strip())
        if self.line.text().strip():  # not understood: it stays, and is said when the field is left
            self.passed.emit()


@editor_for("multichoice")
class MultiChoiceEditor(ChipsEditor):
    """Several words of a list, of one or two levels."""

    kind = "multichoice"

    def name(self, item: Any) -> str:
        choice = self.field.choice(str(item))
        return full(choice) if choice is not None else str(item)

    def _items(self, typed: str = "") -> list[Item]:
        offered = words(self.field)
        parents = {c.parent for c in offered if c.parent and (fits(typed, full(c)) or fits(typed, c.label))}
        return [
            Item(c.code, c.label, c.hint, level=int(bool(c.parent)), checked=c.code in self.items)
            for c in offered
            if fits(typed, full(c)) or fits(typed, c.label) or c.code in parents or fits(typed, c.parent or " ")
        ]

    def open_list(self) -> None:
        self.popup.offer(self._items(), max(self.popup.current, 0))

    def typed(self, text: str) -> None:
        items = self._items(text.strip())
        best = next((n for n, i in enumerate(items) if text.strip() and fits(text, i.text)), 0)
        self.popup.offer(items, best)

    def picked(self, item: Item) -> None:
        if self.line.text():
            self.line.clear()
            self.popup.hide()
        self.toggle(item.value)
        if self.popup.isVisible():
            self.popup.refresh(self._items())

    def toggle(self, item: Any) -> None:
        super().toggle(item)
        order = {c.code: n for n, c in enumerate(self.field.choices)}
        self.items.sort(key=lambda c: order.get(c, len(order)))
        self.show_items()

    def resolve(self, text: str) -> None:
        try:
            code = find_choice(self.field, text)
        except BadValue:
            return
        self.line.clear()
        if code not in self.items:
            self.toggle(code)

    def problems(self) -> list[Problem]:
        left = self.line.text().strip()
        if not left or self.line.hasFocus():
            return []
        return [problem("bad_choice", field=self.field.key, label=self.field.label, value=left[:60])]


@editor_for("people")
class PeopleEditor(ChipsEditor):
    """People: chips and a picker. An unknown name is taken as it is typed and added to the list of people at saving."""

    kind = "people"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(tokens.QUIET_MS // 2)
        self._quiet.timeout.connect(self._ask)

    def name(self, item: Any) -> str:
        return self.env.names.get(str(item), str(item))

    def hint(self) -> str:
        return _("姓名或首字母")

    def open_list(self) -> None:
        self._ask()

    def typed(self, text: str) -> None:
        if text.strip():
            self._quiet.start()
        else:
            self._quiet.stop()
            self.env.finder.forget(self)
            self.popup.hide()

    def _ask(self) -> None:
        text = self.line.text().strip()
        self.env.finder.seek(self.field, text, self._found, day=self.env.day(), owner=self)

    def _found(self, found: Sequence[Found]) -> None:
        typed = self.line.text().strip()
        if not self.line.hasFocus():
            return
        self.env.names |= {f.rec: f.name for f in found}
        items = [Item(f.rec, f.name, told(f), checked=f.rec in self.items) for f in found]
        if typed and not any(f.name == typed for f in found):
            items.append(Item(typed, _("加入“{name}”").format(name=typed), _("新人员"), icon="plus"))
        self.popup.offer(items)

    def picked(self, item: Item) -> None:
        typed = bool(self.line.text())
        self.line.clear()
        self.toggle(item.value)
        if typed or item.checked is None:
            self.popup.hide()
        else:
            self._ask()

    def resolve(self, text: str) -> None:
        self._quiet.stop()
        self.popup.hide()
        known = next((i for i, n in self.env.names.items() if n == text), text)
        self.line.clear()
        if known not in self.items:
            self.toggle(known)
