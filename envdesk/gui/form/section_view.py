"""One section in the centre: heading, checklist, fields. Built when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from envdesk.formdef.model import Field, Form, Section
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.form.box import Box
from envdesk.gui.form.checklist import Checklist, passing
from envdesk.gui.form.editor import Editor, Env, make
from envdesk.gui.form.flow import Columns
from envdesk.gui.form.texts import MaskedEditor, ShownEditor
from envdesk.gui.labels import Elided, label
from envdesk.gui.tips import set_tip
from envdesk.i18n import _


class SectionView(QWidget):
    """A section.

    Args:
        env: as of editors.
        form: the form.
        section: the section.
        texts: labels by key (a wording set may replace those of the form).
        get: raw value of a key; ``put`` changes raw values.
        masked: tells whether a field is shown masked; ``reveal`` asks for the reason.
        typed: called with the key on every key stroke; no signal, because it must cost next to nothing.

    Signals:
        settled: key whose editor was left or chosen; ``passed`` Enter in it; ``backed`` ↑ in its first row.
    """

    settled = Signal(str)
    passed = Signal(str)
    backed = Signal(str)

    def __init__(  # noqa: PLR0913 - what it reads and writes
        self,
        env: Env,
        form: Form,
        section: Section,
        texts: Mapping[str, str],
        get: Callable[[str], Any],
        put: Callable[[dict[str, Any]], None],
        masked: Callable[[Field], bool],
        reveal: Callable[[], object],
        *,
        typed: Callable[[str], object],
    ) -> None:
        super().__init__()
        self.env, self.form, self.section, self.texts = env, form, section, texts
        self._get, self._put, self._masked, self._reveal, self._typed = get, put, masked, reveal, typed
        self.built = False
        self.boxes: dict[str, Box] = {}
        self.editors: dict[str, Editor] = {}
        self.checklist: Checklist | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        fields = [form.field(k) for k in section.keys]
        self.items = [f for f in fields if f.checklist and f.type == "choice"]
        notes = {f.key for f in fields if f.note_of in {i.key for i in self.items}}
        self.fields = [f for f in fields if f not in self.items and f.key not in notes]
        self.keys = [*(f.key for f in self.items), *(f.key for f in self.fields)]

    def build(self) -> None:
        """Make its widgets and show the values."""
        if self.built:
            return
        self.built = True
        theme = self.env.theme
        column = QVBoxLayout(self)
        theme.pad(column, (0, tokens.S1, 0, tokens.S3), tokens.S1)
        head = QWidget()
        theme.fix(head, height=tokens.CONTROL)
        line = QHBoxLayout(head)
        theme.pad(line, spacing=tokens.S2)
        self.heading = label(self.section.title, "section")
        line.addWidget(self.heading)
        if self.items and self.form.help:
            line.addWidget(Elided(self.form.help, "caption"), 1)
        else:
            line.addStretch(1)
        column.addWidget(head)
        if self.items:
            self._build_checklist(column, line)
        self.columns = Columns(theme)
        column.addWidget(self.columns)
        for field in self.fields:
            self._add(field)
        self.columns.arrange()
        if not self.fields:
            self.columns.hide()
        for n in range(column.count()):
            item = column.itemAt(n)
            part = item.widget() if item is not None else None
            if part is not None and (part is not self.columns or self.fields):
                part.show()  # Qt shows what comes into a visible widget a turn later, and till then it has no height

    def _build_checklist(self, column: QVBoxLayout, line: QHBoxLayout) -> None:
        word = self.items[0].choice(passing(self.items[0]))
        text = _("其余全部{word}").format(word=word.label if word else "")
        self.rest = Button(self.env.theme, text, self.answer_rest, key="Ctrl+0", row=True)
        line.addWidget(self.rest)
        checklist = Checklist(self.env, self.form, self.items, self.texts, self._get, self._put)
        checklist.passed.connect(lambda: self.passed.emit(self.items[-1].key))
        checklist.backed.connect(lambda: self.backed.emit(self.items[0].key))
        checklist.typed.connect(lambda: self._typed(self.items[0].key))
        checklist.settled.connect(lambda: self.settled.emit(self.items[0].key))
        checklist.show_values()
        column.addWidget(checklist)
        self.checklist = checklist

    def answer_rest(self) -> None:
        """Ctrl+0."""
        if self.checklist is not None:
            self.checklist.answer_rest()

    def _editor(self, field: Field) -> Editor:
        if field.computed:
            return ShownEditor(self.env, field)
        if self._masked(field):
            return MaskedEditor(self.env, field, self._reveal)
        return make(self.env, field)

    def _add(self, field: Field) -> Box:
        editor = self._editor(field)
        if not field.computed:
            editor.set_value(self._get(field.key))
        text = self.texts.get(field.key, field.label)
        caption = _("自动") if field.computed else ""
        box = Box(self.env.theme, text, editor, required=field.required == "always", caption=caption, hint=field.hint)
        if field.help:
            set_tip(box.label, field.help)
            set_tip(editor, field.help)
        key = field.key
        editor.changed.connect(lambda: self._typed(key))
        editor.settled.connect(lambda: self.settled.emit(key))
        editor.passed.connect(lambda: self.passed.emit(key))
        self.editors[key], self.boxes[key] = editor, box
        self.columns.add(box, wide=editor.wide)
        return box

    def rebuild(self, key: str) -> None:
        """Make the editor of a field again (it was revealed)."""
        old = self.boxes.get(key)
        if old is None:
            return
        parts = self.columns
        box = self._add(self.form.field(key))
        parts.swap(old, box)
        parts.arrange()
        old.deleteLater()

    def show_values(self) -> None:
        """Show the session's values."""
        for key, editor in self.editors.items():
            if not editor.field.computed:
                editor.set_value(self._get(key))
        if self.checklist is not None:
            self.checklist.show_values()
