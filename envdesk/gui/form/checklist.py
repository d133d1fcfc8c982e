"""A checklist: a row per item, answered with 1 2 3; only a failing row opens its note, photos and what follows."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from envdesk.errors import Problem
from envdesk.formdef.model import Field, Form
from envdesk.gui import tokens
from envdesk.gui.form.editor import ENTER, Env
from envdesk.gui.form.failing import FailingPanel
from envdesk.gui.form.line import scroll_to
from envdesk.gui.labels import Elided, label, set_tone
from envdesk.gui.section import IconLabel
from envdesk.gui.segments import Segments

NOT_CONCERNED = "不涉及"
ANSWERS, ANSWERS_NARROW, NARROW = 252, 210, 520
FINDINGS = "findings"


def failing(field: Field) -> tuple[str, ...]:
    """Answers that open the panel: all but the first and 不涉及."""
    return tuple(c.code for c in field.choices[1:] if c.code != NOT_CONCERNED)


def passing(field: Field) -> str:
    """The answer that says that all is well."""
    return field.choices[0].code


class CheckRow(QWidget):
    """One item.

    Signals:
        answered: the new answer (by key or mouse), after the panel was opened or closed; ``moved`` says go on.
        step: +1 or -1, to the next row or the one before.
        typed: something in the panel changed; ``settled`` it was left.
    """

    answered = Signal(str)
    step = Signal(int)
    typed = Signal()
    settled = Signal()

    def __init__(self, env: Env, form: Form, field: Field, number: int, text: str) -> None:
        super().__init__()
        self.env, self.form, self.field = env, form, field
        self.kept: dict[str, Any] = {}
        self.panel: FailingPanel | None = None
        theme = env.theme
        self.letter = label(chr(ord("A") + number % 26), "table", tone="grey")
        theme.fix(self.letter, width=16)
        self.words = Elided(text)
        self.words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.points = Elided(field.points or field.hint, "caption")
        items = [(c.code, c.label) for c in field.choices if not c.off]
        self.segments = Segments(theme, items, row=True, keys=True, optional=True, bad=failing(field), even=True)
        self.segments.setAccessibleName(f"{text} {field.points}".strip())
        theme.fix(self.segments, width=ANSWERS)
        self.strip = QWidget()
        self.strip.setProperty("ring", "here")
        theme.fix(self.strip, height=tokens.ROW)
        line = QHBoxLayout(self.strip)
        theme.pad(line, spacing=tokens.S2)
        line.addWidget(self.letter)
        line.addWidget(self.words)
        line.addWidget(self.points, 1)
        line.addWidget(self.segments)
        self.problem = QWidget()
        self._mark, self._sentence = IconLabel(theme, "circle-alert", "red", size=13), label("", "caption", tone="red")
        under = QHBoxLayout(self.problem)
        theme.pad(under, (24, 0, 0, 4), 5)
        under.addWidget(self._mark)
        under.addWidget(self._sentence, 1)
        self.problem.hide()
        column = QVBoxLayout(self)
        theme.pad(column)
        column.addWidget(self.strip)
        column.addWidget(self.problem)
        self.column = column
        self.setFocusProxy(self.segments)
        self.segments.installEventFilter(self)
        self.segments.changed.connect(self._changed)
        self._by_key = False

    # ---- keys ----------------------------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = event.key()
        offered = [c.code for c in self.field.choices if not c.off]
        if Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(offered):
            self.answer(offered[key - Qt.Key.Key_1], go_on=True)
            return True
        if key in ENTER or key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if key in ENTER and self.is_open and self.panel is not None:
                self.panel.focus_first()
            else:
                self.step.emit(-1 if key == Qt.Key.Key_Up else 1)
            return True
        return False

    @property
    def value(self) -> str:
        """The answer, "" when there is none."""
        return self.segments.value

    @property
    def is_open(self) -> bool:
        """True while the item fails."""
        return self.value in failing(self.field)

    def answer(self, code: str, *, go_on: bool = False) -> None:
        """Answer as the user does."""
        self._by_key = go_on
        if code == self.value:
            if go_on and not self.is_open:
                self.step.emit(1)
            elif go_on and self.panel is not None:
                self.panel.focus_first()
        else:
            self.segments.choose(code)
        self._by_key = False

    def _changed(self) -> None:
        go_on = self._by_key
        self.show_panel()
        self.answered.emit(self.value)
        if self.is_open and self.panel is not None:
            self.panel.focus_first()
            QTimer.singleShot(0, self, lambda: scroll_to(self))  # when it has its room
        elif go_on:
            self.step.emit(1)

    # ---- the panel -----------------------------------------------------------------------------------------------
    def show_panel(self) -> None:
        """Open or hide the panel as the answer asks; what was typed in it stays."""
        if self.is_open and self.panel is None:
            self.panel = FailingPanel(self.env, self.form, self.field, self.words.text())
            self.panel.typed.connect(self.typed)
            self.panel.settled.connect(self.settled)
            self.panel.passed.connect(lambda: self.step.emit(1))
            self.column.addWidget(self.panel)
        if self.panel is not None:
            self.panel.setVisible(self.is_open)
        set_tone(self.letter, "red" if self.is_open else "grey")

    def set_value(self, code: Any) -> None:
        """Show an answer without telling."""
        if self.segments.value != (code or ""):
            self.segments.set_value(str(code or ""))
        if self.is_open != (self.panel is not None and self.panel.isVisibleTo(self)):
            self.show_panel()

    def show_problem(self, found: Problem | None) -> None:
        """Say what is wrong with the answer."""
        self.problem.setVisible(found is not None)
        if found is not None:
            tone, icon = {"error": ("red", "circle-alert"), "warning": ("amber", "triangle-alert")}.get(
                found.severity, ("grey", "info")
            )
            self._mark.set_icon(icon, {"grey": "soft"}.get(tone, tone))
            self._sentence.setText(found.message)
            set_tone(self._sentence, tone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < self.env.theme.px(NARROW)
        if self.points.isHidden() is not narrow:
            self.points.setVisible(not narrow)
            self.words.setSizePolicy(
                QSizePolicy.Policy.Expanding if narrow else QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred
            )
            self.env.theme.fix(self.segments, width=ANSWERS_NARROW if narrow else ANSWERS)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.env.theme
        QPainter(self).fillRect(0, 0, self.width(), theme.px(tokens.HAIR), theme.colour("line"))


class Checklist(QWidget):
    """The rows of a section.

    Args:
        env: as of editors.
        form: the form.
        fields: the items.
        texts: words of the items (a wording set may replace the labels).
        get: raw value of a key; ``put`` changes raw values.

    Signals:
        passed: on from the last row; ``backed`` back from the first.
        typed: something in a panel changed: :meth:`write` is wanted soon; ``settled`` now.
    """

    passed = Signal()
    backed = Signal()
    typed = Signal()
    settled = Signal()

    def __init__(
        self,
        env: Env,
        form: Form,
        fields: list[Field],
        texts: Mapping[str, str],
        get: Callable[[str], Any],
        put: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__()
        self.env, self.form, self._get, self._put = env, form, get, put
        self.rows: dict[str, CheckRow] = {}
        self._notes = {f.note_of: f.key for f in form.fields if f.note_of}
        column = QVBoxLayout(self)
        env.theme.pad(column)
        for n, field in enumerate(fields):
            row = CheckRow(env, form, field, n, texts.get(field.key, field.label))
            row.answered.connect(lambda code, k=field.key: self._answered(k, code))
            row.step.connect(lambda by, k=field.key: self._step(k, by))
            row.typed.connect(self.typed)
            row.settled.connect(self.settled)
            self.rows[field.key] = row
            column.addWidget(row)

    # ---- between the rows and the session ------------------------------------------------------------------------
    def show_values(self) -> None:
        """Show the session's values."""
        findings = {str(r.get("item")): r for r in self._get(FINDINGS) or [] if isinstance(r, Mapping)}
        for key, row in self.rows.items():
            row.set_value(self._get(key))
            if row.is_open and row.panel is not None:
                finding = findings.get(key, {})
                note = self._get(self._notes[key]) if key in self._notes else ""
                row.panel.set_value(finding, str(finding.get("desc") or note or ""), self._photos(row))

    def _photos(self, row: CheckRow) -> list[dict[str, Any]]:
        return [p for p in self._get("photos") or [] if p.get("caption") == row.words.text()]

    def _answered(self, key: str, code: str) -> None:
        row = self.rows[key]
        changes: dict[str, Any] = {key: code or None}
        if row.is_open and row.panel is not None:
            note = str(self._get(self._notes[key]) or "") if key in self._notes else row.kept.get("desc", "")
            row.panel.set_value(row.kept, note or str(row.kept.get("desc") or ""), self._photos(row))
            changes |= self._panel_values(key, row.panel)
        else:
            changes |= self._without(key)
        self._put(changes)

    def _without(self, key: str) -> dict[str, Any]:
        """The findings without the item's; it is kept in case the answer changes back."""
        if not self.form.has(FINDINGS):
            return {}
        rows = list(self._get(FINDINGS) or [])
        mine = next((r for r in rows if r.get("item") == key), None)
        if mine is None:
            return {}
        self.rows[key].kept = dict(mine)
        return {FINDINGS: [r for r in rows if r is not mine]}

    def _panel_values(self, key: str, panel: FailingPanel) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        text = panel.note.toPlainText()
        if key in self._notes and text != (self._get(self._notes[key]) or ""):
            changes[self._notes[key]] = text
        if self.form.has(FINDINGS):
            rows = [dict(r) for r in self._get(FINDINGS) or []]
            at = next((n for n, r in enumerate(rows) if r.get("item") == key), len(rows))
            before = rows[at] if at < len(rows) else {}
            wanted = {**before, **panel.finding(), "item": key, "desc": text}
            if wanted != before:
                rows[at:] = [wanted, *rows[at + 1 :]]
                changes[FINDINGS] = rows
        return changes

    def write(self) -> None:
        """Carry what is typed in the open panels to the session."""
        for key, row in self.rows.items():
            if row.is_open and row.panel is not None and row.panel.dirty:
                row.panel.dirty = False
                changes = self._panel_values(key, row.panel)
                mine = row.panel.photos.value() if row.panel.photos is not None else None
                if mine is not None and mine != self._photos(row):
                    others = [p for p in self._get("photos") or [] if p.get("caption") != row.words.text()]
                    changes["photos"] = others + mine
                if changes:
                    self._put(changes)

    def clear_hidden_notes(self) -> dict[str, Any]:
        """Notes of items that no longer fail and whose panel was open here: they are not saved."""
        out = {}
        for key, row in self.rows.items():
            note = self._notes.get(key)
            if note and row.panel is not None and not row.is_open and self._get(note):
                row.kept = {**row.kept, "desc": self._get(note)}
                out[note] = ""
        return out

    def answer_rest(self) -> None:
        """其余全部符合: the first answer for all without one."""
        changes: dict[str, Any] = {}
        for key, row in self.rows.items():
            if not row.value:
                changes[key] = passing(row.field)
                row.segments.set_value(passing(row.field))
        if changes:
            self._put(changes)

    def counts(self) -> tuple[int, int]:
        """Answered and all items."""
        return sum(1 for key in self.rows if self._get(key)), len(self.rows)

    def waits(self, where: str) -> bool:
        """Tell whether a note (``findings[0].desc``) is just being written."""
        position, _sep, key = where.partition(f"{FINDINGS}[")[2].partition("].")
        findings = self._get(FINDINGS) or [] if self.form.has(FINDINGS) else []
        if key != "desc" or not position.isdigit() or int(position) >= len(findings):
            return False
        row = self.rows.get(str(findings[int(position)].get("item")))
        return row is not None and row.panel is not None and row.panel.note.hasFocus()

    # ---- moving --------------------------------------------------------------------------------------------------
    def _step(self, key: str, by: int) -> None:
        keys = list(self.rows)
        at = keys.index(key) + by
        if 0 <= at < len(keys):
            self.focus_row(keys[at])
        elif by > 0:
            self.passed.emit()
        else:
            self.backed.emit()

    def focus_row(self, key: str) -> None:
        """Go to an item."""
        self.rows[key].segments.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_first(self) -> None:
        """Go to the first item without an answer, else the first."""
        self.focus_row(next((k for k, r in self.rows.items() if not r.value), next(iter(self.rows))))

    def show_problems(self, by_key: Mapping[str, Problem], findings: list[Problem]) -> None:
        """Show problems of answers and of the findings they made."""
        rows = [str(r.get("item")) for r in self._get(FINDINGS) or []] if self.form.has(FINDINGS) else []
        for key, row in self.rows.items():
            row.show_problem(by_key.get(key))
            if row.panel is not None:
                at = rows.index(key) if key in rows else -1
                mine = [p for p in findings if (p.field or "").startswith(f"{FINDINGS}[{at}]")]
                row.panel.show_problems(mine)
