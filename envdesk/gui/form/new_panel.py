"""Making a small record on the spot: the panel that opens under a reference when a name is new."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from envdesk.desk.office import Done
from envdesk.formdef.model import Field, Form
from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.form.box import Box
from envdesk.gui.form.editor import Editor, Env
from envdesk.gui.labels import label
from envdesk.gui.section import row
from envdesk.i18n import _
from envdesk.present.form_desk import Outcome
from envdesk.present.form_session import FormSession, key_of


def asked(form: Form) -> list[Field]:
    """Fields such a panel asks for: the name and what must be there."""
    must = [f for f in form.typed() if f.key == form.name or f.required == "always" or f.required_when]
    return sorted(must, key=lambda f: f.key != form.name)


class NewPanel(QFrame):
    """Asks for the name and what must be filled in.

    Signals:
        made: id and name of the new record.
        left: it was closed without one; the text in the line stays.
    """

    made = Signal(str, str)
    left = Signal()

    def __init__(self, env: Env, form_id: str) -> None:
        super().__init__()
        self.env, self.form = env, env.catalogue.form(form_id)
        self.session: FormSession | None = None
        self.editors: dict[str, Editor] = {}
        self.boxes: dict[str, Box] = {}
        self.setProperty("kind", "panel")
        column = QVBoxLayout(self)
        env.theme.pad(column, (tokens.S3, tokens.S2, tokens.S3, tokens.S3), tokens.S2)
        column.addWidget(label(_("新建{title}").format(title=self.form.title), "strong-table"))
        self.fields = QVBoxLayout()
        env.theme.pad(self.fields, spacing=tokens.S2)
        column.addLayout(self.fields)
        self.save_button = Button(env.theme, _("建立"), self.save, kind="primary", row=True)
        self.leave_button = Button(env.theme, _("先不建"), self.leave, row=True)
        column.addLayout(
            row(env.theme, KeyHint(env.theme, ("Esc",), _("保留输入的文字")), None, self.leave_button, self.save_button)
        )
        self.hide()

    def open(self, name: str) -> None:
        """Ask for a record of this name."""
        prefill = {self.form.name: name}
        form_id = self.form.id
        self.env.operations.read(lambda w: FormSession.new(w.desk, form_id, prefill), self._opened, owner=self)

    def _opened(self, session: FormSession) -> None:
        from envdesk.gui.form.editor import make

        if self.session is not None:
            self.session.close()
        self.session = session
        session.touched.add(self.form.name)
        for field in asked(self.form):
            if field.key not in self.editors:
                editor = make(self.env, field)
                box = Box(self.env.theme, field.label, editor, required=bool(field.required), hint=field.hint)
                editor.settled.connect(lambda k=field.key: self._settle(k))
                editor.passed.connect(lambda k=field.key: self._next(k))
                self.editors[field.key], self.boxes[field.key] = editor, box
                self.fields.addWidget(box)
            self.editors[field.key].set_value(session.raw.get(field.key))
        self.show()
        self._refresh()
        keys = list(self.editors)
        first = next(
            (k for k in keys if session.raw.get(k) in (None, "", []) and self.boxes[k].isVisibleTo(self)), keys[0]
        )
        self.editors[first].focus_first()

    def _settle(self, key: str) -> None:
        if self.session is not None and self.editors[key].value() != self.session.raw.get(key):
            self.session.set(key, self.editors[key].value())
            self._refresh()

    def _refresh(self) -> None:
        session = self.session
        if session is None:
            return
        for key, box in self.boxes.items():
            box.setVisible(key not in session.hidden and self._wanted(key))
            worst = next((p for p in session.problems_at(key) if session.worth_saying(p)), None)
            box.set_problem(worst.severity if worst else "", worst.message if worst else "")

    def _wanted(self, key: str) -> bool:
        field = self.form.field(key)
        if key == self.form.name or field.required == "always" or self.session is None:
            return True
        return any(p.code == "required" for p in self.session.problems_at(key)) or bool(self.session.raw.get(key))

    def _next(self, key: str) -> None:
        self._settle(key)
        keys = [k for k in self.editors if self.boxes[k].isVisibleTo(self)]
        at = keys.index(key) + 1
        if at < len(keys):
            self.editors[keys[at]].focus_first()
        else:
            self.save()

    def save(self) -> None:
        """Make the record."""
        session = self.session
        if session is None:
            return
        for key in self.editors:
            self._settle(key)
        kind = self.form.id
        session.accepted = True

        def work(_work: object) -> Done:
            outcome = session.save()
            return Done(outcome, frozenset() if outcome.refused or not outcome.ids else frozenset({kind}))

        self.env.operations.do(work, done=self._saved, undo=False, owner=self)

    def _saved(self, outcome: Outcome) -> None:
        session = self.session
        if session is None:
            return
        if outcome.refused or not outcome.ids:
            session.touched |= {key_of(p) for p in outcome.problems}
            self._refresh()
            bad = next((k for k in self.editors if session.problems_at(k)), None)
            if bad is not None:
                self.editors[bad].focus_first()
            return
        name = str(session.values.get(self.form.name) or "")
        self.hide()
        self.made.emit(outcome.ids[0], name)

    def leave(self) -> None:
        """Close it; nothing is made."""
        self.hide()
        self.left.emit()
