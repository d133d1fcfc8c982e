"""A list inside a record: one card per row, all cell types, problems beside the cells."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy, QVBoxLayout, QWidget

from envdesk.desk.words import row_texts
from envdesk.errors import Problem
from envdesk.formdef.model import Field
from envdesk.formdef.types import parse
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.form.box import Box
from envdesk.gui.form.editor import ENTER, Editor, Env, editor_for, make
from envdesk.gui.form.flow import Columns
from envdesk.gui.form.line import scroll_to
from envdesk.gui.labels import Elided
from envdesk.gui.section import row as in_row
from envdesk.gui.tips import set_tip
from envdesk.i18n import _

Row = dict[str, Any]


class Card(QFrame):
    """One row.

    Signals:
        changed, settled: as of an editor.
        passed: Enter in the last cell.
        unwanted: Enter while nothing was typed.
    """

    changed = Signal()
    settled = Signal()
    passed = Signal()
    unwanted = Signal()

    def __init__(self, env: Env, field: Field, owner: RowsEditor) -> None:
        super().__init__()
        self.env, self.field, self.owner = env, field, owner
        self.kept: Row = {}
        self._began: Row | None = None
        self._fresh: set[str] = set()
        self.boxes: dict[str, Box] = {}
        self.editors: dict[str, Editor] = {}
        self.setProperty("kind", "panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        env.theme.pad(column, (tokens.S3, tokens.S1, tokens.S3, tokens.S3), tokens.S1)
        self.title = Elided("", "strong-table")
        self.up = Button(
            env.theme, _("上移"), lambda: owner.move_card(self, -1), kind="quiet", icon="arrow-up", row=True
        )
        self.remove = Button(env.theme, _("删除"), lambda: owner.delete(self), kind="quiet", icon="trash-2", row=True)
        for button in (self.up, self.remove):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column.addLayout(in_row(env.theme, self.title, self.up, self.remove, spacing=tokens.S1))
        self.cells = Columns(env.theme)
        column.addWidget(self.cells)
        for sub in field.fields:
            if sub.stored:
                self._add(sub)
        self.cells.arrange()

    def _add(self, sub: Field) -> None:
        editor = make(self.env, sub)
        box = Box(self.env.theme, sub.label, editor, required=sub.required == "always", hint=sub.hint)
        if sub.help:
            set_tip(box.label, sub.help)
        editor.changed.connect(self.changed)
        editor.settled.connect(lambda k=sub.key: self._settle(k))
        editor.passed.connect(lambda k=sub.key: self._next(k))
        self.editors[sub.key], self.boxes[sub.key] = editor, box
        self.cells.add(box, wide=editor.wide)

    def untouched(self) -> bool:
        """Tell whether the row holds no more than it began with."""
        return not self.kept.get("id") and self.value() == self._began

    def _settle(self, key: str) -> None:
        self._fresh.discard(key)
        self.settled.emit()

    def waits(self, key: str) -> bool:
        """Tell whether one is still on the way to this cell of a new row: that it is empty is no reproach yet."""
        focus = QApplication.focusWidget()
        return key in self._fresh and focus is not None and self.isAncestorOf(focus)

    def _next(self, key: str) -> None:
        if self.untouched():
            self.unwanted.emit()
            return
        keys = [k for k, b in self.boxes.items() if b.isVisibleTo(self)]
        at = keys.index(key) + 1 if key in keys else 0
        if at < len(keys):
            self.editors[keys[at]].focus_first()
        else:
            self.passed.emit()

    def value(self) -> Row:
        """The row as it is typed: texts, and what no cell shows (its id)."""
        out = dict(self.kept)
        for key, editor in self.editors.items():
            sub = self.field.sub(key)
            if sub is None:
                continue
            got = editor.value()
            if got in (None, "", []) and key not in self.kept:
                continue
            out[key] = got
        return out

    def set_value(self, value: Mapping[str, Any]) -> None:
        """Show a row."""
        self._began = None
        self._fresh.clear()
        self.kept = dict(value)
        for key, editor in self.editors.items():
            sub = self.field.sub(key)
            if sub is not None:
                editor.set_value(value.get(key))

    def begin(self, value: Mapping[str, Any]) -> None:
        """Show a new row."""
        self.set_value(value)
        self._began = self.value()
        self._fresh = set(self.editors)

    def focus_first(self) -> None:
        """Put the focus into the first empty cell."""
        shown = [k for k, b in self.boxes.items() if b.isVisibleTo(self)]
        empty = [k for k in shown if self.editors[k].value() in (None, "", [])]
        for key in (*empty, *shown):
            self.editors[key].focus_first()
            return

    def to_sight(self) -> None:
        """Bring the cell with the focus into sight; a new row has its place only a turn after it was made."""
        there = QApplication.focusWidget()
        scroll_to(there if there is not None and self.isAncestorOf(there) else self)

    def show_problems(self, problems: list[Problem]) -> None:
        """Show each beside its cell."""
        by_key: dict[str, Problem] = {}
        for p in problems:
            by_key.setdefault((p.field or "").partition("].")[2], p)
        for key, box in self.boxes.items():
            found = by_key.get(key) or next(iter(self.editors[key].problems()), None)
            box.set_problem(found.severity if found else "", found.message if found else "")


@editor_for("rows")
class RowsEditor(Editor):
    """Cards, one per row. + (or Ctrl+Insert) adds, Ctrl+Delete takes the current one away, Ctrl+↑ ↓ move it.

    Enter walks through as everywhere: past the button when there is nothing to add, and out of a row nothing was typed
    in, which goes away again.

    Attributes:
        hidden: keys of cells hidden in a row of given values (the view judges it).
        titled: words of a row's head.
        fixed: rows that are made elsewhere (a checklist) and are deleted there.
    """

    kind = "rows"
    wide = True

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.env.theme.pad(self.column, spacing=tokens.S2)
        self.cards: list[Card] = []
        self._spare: list[Card] = []
        self.hidden: Callable[[list[Row]], list[frozenset[str]]] = lambda rows: [frozenset() for _r in rows]
        self.titled: Callable[[Row], str] = lambda _row: ""
        self.add_button = Button(env.theme, _("添加{label}").format(label=field.label), self.add, icon="plus", row=True)
        self.face_button = self.add_button
        self.setFocusProxy(self.add_button)
        self.hint = KeyHint(env.theme, ("+",), _("添加一行"))
        self.hint_delete = KeyHint(env.theme, ("Ctrl+Delete",), _("删除这行"))
        self.foot = QWidget()
        foot = in_row(env.theme, self.add_button, self.hint, self.hint_delete, None)
        self.foot.setLayout(foot)
        self.column.addWidget(self.foot)
        self.add_button.installEventFilter(self)
        self._show()

    # ---- value ---------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        return [card.value() for card in self.cards]

    def set_value(self, value: Any) -> None:
        rows = [r for r in value or [] if isinstance(r, Mapping)]
        if rows == self.value() and len(rows) == len(self.cards):
            return
        while len(self.cards) > len(rows):
            self._drop(self.cards[-1])
        while len(self.cards) < len(rows):
            self._make()
        for card, row in zip(self.cards, rows, strict=True):
            card.set_value(row)
        self._show()

    def _make(self) -> Card:
        card = self._spare.pop() if self._spare else self._new_card()
        self.cards.append(card)
        self.column.insertWidget(len(self.cards) - 1, card)
        card.show()
        return card

    def _new_card(self) -> Card:
        card = Card(self.env, self.field, self)
        card.changed.connect(self.changed)
        card.settled.connect(self._settle)
        card.passed.connect(lambda c=card: self._next(c))
        card.unwanted.connect(lambda c=card: self._leave_untouched(c))
        for child in card.findChildren(QWidget):
            child.installEventFilter(self)
        return card

    def _drop(self, card: Card) -> None:
        self.cards.remove(card)
        self.column.removeWidget(card)
        card.hide()
        card.set_value({})
        card.show_problems([])
        self._spare.append(card)

    def _settle(self) -> None:
        self._show()
        self.settled.emit()

    def _show(self) -> None:
        rows = [c.value() for c in self.cards]
        for n, (card, hidden) in enumerate(zip(self.cards, self.hidden(rows), strict=True)):
            title = self.titled(rows[n])
            card.title.setText(f"{n + 1}  {title}" if title else str(n + 1))
            card.up.setVisible(n > 0)
            for key, box in card.boxes.items():
                card.cells.set_shown(box, key not in hidden)
            card.cells.arrange()
        self.hint_delete.setVisible(bool(self.cards))

    # ---- doing ---------------------------------------------------------------------------------------------------
    def add(self) -> None:
        """Add a row with the defaults of its cells and go to it."""
        card = self._make()
        card.begin(row_texts(self.field, [self._defaults()])[0])
        self._show()
        self.say()
        card.focus_first()
        QTimer.singleShot(0, card, card.to_sight)

    def _defaults(self) -> Row:
        given = [s for s in self.field.fields if s.default is not None and s.stored and s.type != "ref"]
        return {s.key: parse(s, s.default, self.env.reading) for s in given}

    def delete(self, card: Card) -> None:
        """Take a row away."""
        at = self.cards.index(card)
        self._drop(card)
        self._show()
        self.say()
        if self.cards:
            self.cards[min(at, len(self.cards) - 1)].focus_first()
        else:
            self.add_button.setFocus()

    def move_card(self, card: Card, step: int) -> None:
        """Move a row up or down."""
        at = self.cards.index(card)
        to = at + step
        if 0 <= to < len(self.cards):
            self.cards[at], self.cards[to] = self.cards[to], self.cards[at]
            self.column.removeWidget(card)
            self.column.insertWidget(to, card)
            self._show()
            self.say()

    def _next(self, card: Card) -> None:
        at = self.cards.index(card) + 1
        if at < len(self.cards):
            self.cards[at].focus_first()
        else:
            self.add_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _leave_untouched(self, card: Card) -> None:
        """Enter in a row nothing was typed in: it was not wanted."""
        self._drop(card)
        self._show()
        self.say()
        self.add_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.passed.emit()

    def focus_first(self) -> None:
        if self.cards:
            self.cards[0].focus_first()
        else:
            self.add_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_row(self, position: int, key: str) -> None:
        """Go to a cell."""
        if 0 <= position < len(self.cards):
            editor = self.cards[position].editors.get(key)
            if editor is not None:
                editor.focus_first()
            else:
                self.cards[position].focus_first()

    def _on_button(self, event: QKeyEvent) -> bool:
        """Enter goes on to the next field, + adds a row."""
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if event.type() != QEvent.Type.KeyPress or not plain:
            return False
        if event.key() in ENTER:
            self.passed.emit()
        elif event.text() in ("+", "＋"):
            self.add()
        else:
            return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.add_button and isinstance(event, QKeyEvent) and self._on_button(event):
            return True
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != Qt.KeyboardModifier.ControlModifier:
            return False
        card = next((c for c in self.cards if isinstance(watched, QWidget) and c.isAncestorOf(watched)), None)
        key = event.key()
        mine = key == Qt.Key.Key_Insert or (
            card is not None and key in (Qt.Key.Key_Delete, Qt.Key.Key_Up, Qt.Key.Key_Down)
        )
        if not mine:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if key == Qt.Key.Key_Insert:
            self.add()
        elif card is not None and key == Qt.Key.Key_Delete:
            self.delete(card)
        elif card is not None:
            self.move_card(card, -1 if key == Qt.Key.Key_Up else 1)
            focus = card.focusWidget()
            if focus is not None:
                focus.setFocus()
        return True

    # ---- problems ------------------------------------------------------------------------------------------------
    def waits(self, where: str) -> bool:
        """Tell whether one is still on the way to a cell (``list[0].key``) of a row that was just added."""
        position, _sep, key = where.partition("[")[2].partition("].")
        return position.isdigit() and int(position) < len(self.cards) and self.cards[int(position)].waits(key)

    def problems(self) -> list[Problem]:
        out: list[Problem] = []
        for n, card in enumerate(self.cards):
            for key, editor in card.editors.items():
                where = f"{self.field.key}[{n}].{key}"
                out += [Problem(p.code, p.message, p.severity, where) for p in editor.problems()]
        return out

    def set_row_problems(self, problems: list[Problem]) -> None:
        for n, card in enumerate(self.cards):
            mine = [p for p in problems if (p.field or "").startswith(f"{self.field.key}[{n}]")]
            card.show_problems(mine)
