"""Moving in a form by keys: fields, sections, problems."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from envdesk.errors import Problem
from envdesk.gui.form.editor import Editor
from envdesk.gui.form.rows import RowsEditor
from envdesk.gui.form.section_view import SectionView
from envdesk.present.form_session import FormSession, key_of


class Moving(QWidget):
    """What :class:`~envdesk.gui.form.view.FormView` does about the focus.

    Signals:
        last_passed: Enter in the last field.
    """

    last_passed = Signal()
    session: FormSession | None
    sections: list[SectionView]
    found: dict[str, list[Problem]]
    _goal: QWidget | None
    _arrive: QTimer

    def flush(self) -> None:
        """Carry everything typed to the session."""

    def editor(self, key: str) -> Editor | None:
        """The editor of a field."""
        raise NotImplementedError

    def section_of(self, key: str) -> SectionView | None:
        """The section a field stands in."""
        raise NotImplementedError

    def _shown(self, key: str) -> bool:
        raise NotImplementedError

    def _wanted(self, view: SectionView) -> bool:
        raise NotImplementedError

    def _show_section(self, view: SectionView) -> None:
        raise NotImplementedError

    def stops(self) -> list[str]:
        """Keys one can go to, in order."""
        session = self.session
        if session is None:
            return []
        return [k for v in self.sections for k in v.keys if self._shown(k) and not session.form.field(k).computed]

    def focus_key(self, key: str, *, first: bool = True) -> bool:
        """Go to a field."""
        view = self.section_of(key)
        if view is None:
            return False
        view.build()
        self._show_section(view)
        if view.checklist is not None and key in view.checklist.rows:
            view.checklist.focus_row(key)
            self._goal = view.checklist.rows[key]
            self._arrive.start()
            return True
        editor = view.editors.get(key)
        if editor is None:
            return False
        editor.focus_first()
        self._goal = view.boxes[key] if not isinstance(editor, RowsEditor) else self.window().focusWidget()
        self._arrive.start()
        return True

    def next_after(self, key: str) -> None:
        """Enter: on to the next field."""
        self._go(key, 1)

    def back_before(self, key: str) -> None:
        """Back to the field before."""
        self._go(key, -1)

    def _go(self, key: str, step: int) -> None:
        stops = self.stops()
        at = stops.index(key) + step if key in stops else 0
        if 0 <= at < len(stops):
            self.focus_key(stops[at])
        elif step > 0:
            self.last_passed.emit()

    def focus_start(self) -> None:
        """Go to the first wrong, else the first empty field that is wanted, else the first."""
        session = self.session
        if session is None:
            return
        stops = self.stops()
        wrong = [k for k in stops if any(p.severity == "error" for p in self.found.get(k, ()))]
        empty = [k for k in stops if session.raw.get(k) in (None, "", [])]
        must = {key_of(p) for p in session.problems() if p.code == "required" and p.severity == "error"}
        must |= {k for k in ("people",) if k in empty}
        for key in (*wrong, *(k for k in empty if k in must), *stops):
            if self.focus_key(key):
                return

    def current_key(self) -> str:
        """Key of the field with the focus."""
        focus = self.window().focusWidget()
        for view in self.sections:
            if view.checklist is not None and focus is not None and view.checklist.isAncestorOf(focus):
                return next((k for k, r in view.checklist.rows.items() if r.isAncestorOf(focus)), "")
            for key, box in view.boxes.items():
                if focus is not None and box.isAncestorOf(focus):
                    return key
        return ""

    def next_problem(self) -> bool:
        """F8: the next problem after the field with the focus, errors and warnings before hints."""
        self.flush()
        stops = self.stops()
        order: list[str] = []
        for severities in (("error", "warning"), ("hint",)):
            keys = [k for k in stops if any(p.severity in severities for p in self.found.get(k, ()))]
            if keys:
                order = keys
                break
        if not order:
            return False
        here = self.current_key()
        at = stops.index(here) if here in stops else -1
        return self.go_to_problem(next((k for k in order if stops.index(k) > at), order[0]))

    def go_to_problem(self, key: str) -> bool:
        """Go to a field's problem, in rows to the cell."""
        editor = self.editor(key)
        found = self.found.get(key, [])
        if isinstance(editor, RowsEditor) and found and "[" in (found[0].field or ""):
            position, _sep, cell = (found[0].field or "").partition("[")[2].partition("].")
            editor.focus_row(int(position.rstrip("]") or 0), cell)
            return True
        return self.focus_key(key)

    def next_section(self, step: int = 1) -> None:
        """Alt+↓ ↑: the first field of the next section."""
        shown = [v for v in self.sections if self._wanted(v)]
        here = self.section_of(self.current_key())
        at = shown.index(here) + step if here in shown else 0
        if 0 <= at < len(shown):
            self.go_section(shown[at].section.id)

    def go_section(self, section_id: str) -> None:
        """Go to the first field of a section."""
        view = next((v for v in self.sections if v.section.id == section_id), None)
        stops = self.stops()
        if view is not None:
            key = next((k for k in view.keys if k in stops), None)
            if key is not None:
                self.focus_key(key)
