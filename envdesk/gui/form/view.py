"""The form between its panes: all sections, the values carried between editors and session, problems beside fields.

What is typed reaches the session after a moment of quiet or when the field is left; the session judges at once, rules
that look things up follow after :data:`tokens.QUIET_MS` on the database thread.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import shiboken6
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from envdesk.errors import Problem
from envdesk.formdef.model import Field
from envdesk.gui import tokens
from envdesk.gui.form.editor import Editor, Env
from envdesk.gui.form.line import scroll_to
from envdesk.gui.form.moving import Moving
from envdesk.gui.form.new_panel import NewPanel
from envdesk.gui.form.pickers import RefEditor
from envdesk.gui.form.rows import RowsEditor
from envdesk.gui.form.section_view import SectionView
from envdesk.gui.form.texts import LineEditor
from envdesk.gui.labels import label
from envdesk.present import form_desk
from envdesk.present.form_session import FormSession, key_of

SOON_MS = 90
"""Quiet after a key before the record is judged."""
WIDEST = 1080
"""Fields wider than that are read badly."""
AT_ONCE = 2
"""Sections built before the form is shown; the others follow one by one."""


class FormView(Moving):
    """The centre.

    Signals:
        changed: the session has something new to keep as a draft.
        judged: problems or values are others; section list and foot want to know.
    """

    changed = Signal()
    judged = Signal()

    def __init__(self, env: Env, reveal: Callable[[], object]) -> None:
        super().__init__()
        self.env = env
        self._reveal = reveal
        self.session: FormSession | None = None
        self.sections: list[SectionView] = []
        self.texts: Mapping[str, str] = {}
        self.follows: frozenset[str] = frozenset()
        self.computed: Mapping[str, Any] = {}
        self.revealed = True
        self.tried = False
        self._pending: set[str] = set()
        self.found: dict[str, list[Problem]] = {}
        self._soon = _timer(self, SOON_MS, self.flush)
        self._quiet = _timer(self, tokens.QUIET_MS, self._look_up)
        self._later = _timer(self, 0, self._build_next)
        self._arrive = _timer(self, 0, self._show_goal)
        self._goal: QWidget | None = None
        self.column = QVBoxLayout(self)
        env.theme.pad(self.column, (tokens.S5, tokens.S1, tokens.S5, tokens.S5))
        self.general = label("", "table", tone="red", wrap=True)
        self.column.addWidget(self.general)
        self.general.hide()
        self._fit_width()
        env.theme.changed.connect(self._fit_width)
        env.day = self._day

    def _fit_width(self) -> None:
        self.setMaximumWidth(self.env.theme.px(WIDEST))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    # ---- opening -------------------------------------------------------------------------------------------------
    def load(
        self, session: FormSession, texts: Mapping[str, str], *, follows: frozenset[str] = frozenset(), upto: str = ""
    ) -> None:
        """Show a session; sections after the first (and the one of *upto*) are built right after."""
        for timer in (self._soon, self._quiet, self._later):
            timer.stop()
        self._pending.clear()
        self._goal, self.session = None, None
        gone, self.sections = self.sections, []
        for old in gone:  # hiding moves the focus: by now nobody listens
            self.column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.session, self.texts, self.follows, self.computed = session, texts, follows, dict(session.old)
        self.revealed, self.tried = not session.rec, False
        while (item := self.column.takeAt(1)) is not None:  # the stretch
            del item
        for section in session.form.sections:
            view = SectionView(
                self.env, session.form, section, texts, self._get, self.put, self._masked, self._reveal,
                typed=self._typed,
            )  # fmt: skip
            view.settled.connect(self.settle)
            view.passed.connect(self.next_after)
            view.backed.connect(self.back_before)
            self.sections.append(view)
            self.column.addWidget(view)
        self.column.addStretch(1)
        for n, view in enumerate(self.sections):
            if n < AT_ONCE or upto in view.keys:
                view.build()
        self.refresh()
        self._later.start()
        self._quiet.start()

    def _build_next(self) -> None:
        view = next((v for v in self.sections if not v.built), None)
        if view is not None:
            view.build()
            self._show_section(view)
            self._grow()
            self._later.start()
        if self._goal is not None:
            self._arrive.start()

    def _show_goal(self) -> None:
        """Bring the field one went to into sight, again while sections above it are being built."""
        goal, there = self._goal, QApplication.focusWidget()
        if goal is not None and shiboken6.isValid(goal):
            if there is not None and self.isAncestorOf(there) and not (goal is there or goal.isAncestorOf(there)):
                goal = there  # who has gone on meanwhile is not taken back
            scroll_to(goal)
        if all(v.built for v in self.sections):
            self._goal = None

    def build_all(self) -> None:
        """Build what is not built yet."""
        for view in self.sections:
            view.build()
        self.refresh()

    def _masked(self, field: Field) -> bool:
        session = self.session
        return bool(
            session and not self.revealed and field.pii and field.type == "text" and session.raw.get(field.key)
            and field.key not in session.touched
        )  # fmt: skip

    def reveal(self) -> None:
        """Show personal data in full from now on."""
        self.revealed = True
        for view in self.sections:
            for key in [k for k, e in view.editors.items() if e.kind == "masked"]:
                view.rebuild(key)
        self.refresh()

    # ---- values --------------------------------------------------------------------------------------------------
    def _get(self, key: str) -> Any:
        return self.session.raw.get(key) if self.session is not None else None

    def _day(self) -> str:
        session = self.session
        if session is None or not session.form.date:
            return ""
        return str(session.values.get(session.form.date) or "")[:10]

    def editor(self, key: str) -> Editor | None:
        """The editor of a field, building its section."""
        for view in self.sections:
            if key in view.keys:
                view.build()
                return view.editors.get(key)
        return None

    def section_of(self, key: str) -> SectionView | None:
        """The section a field stands in."""
        return next((v for v in self.sections if key in v.section.keys), None)

    def _typed(self, key: str) -> None:
        self._pending.add(key)
        self._soon.start()

    def settle(self, key: str) -> None:
        """A field was left or something was chosen: judge now."""
        self._pending.add(key)
        self.flush()

    def flush(self) -> None:
        """Carry everything typed to the session."""
        self._soon.stop()
        session = self.session
        if session is None:
            return
        pending, self._pending = self._pending, set()
        changes: dict[str, Any] = {}
        for view in self.sections:
            if not view.built or not pending & set(view.keys):
                continue
            if view.checklist is not None:
                view.checklist.write()
            for key in pending & set(view.editors):
                value = view.editors[key].value()
                if not same(value, session.raw.get(key)):
                    changes[key] = value
        if changes:
            self.put(changes, but=frozenset(changes))
        elif pending:
            self.refresh()

    def put(self, changes: dict[str, Any], *, but: frozenset[str] = frozenset()) -> None:
        """Change raw values; editors of others than *but* show them."""
        session = self.session
        if session is None:
            return
        for key, value in changes.items():
            session.set(key, value)
        for view in self.sections:
            if not view.built:
                continue
            for key, value in changes.items():
                if key in view.editors and key not in but:
                    view.editors[key].set_value(value_of(value))
            if view.checklist is not None and {"findings", "photos"} & set(changes):
                view.checklist.show_values()
        self.refresh()
        self.changed.emit()
        self._quiet.start()

    def _look_up(self) -> None:
        session = self.session
        if session is None:
            return

        def done(found: form_desk.Again) -> None:
            if self.session is not session:
                return
            self.computed = found.computed
            self.env.names |= found.names
            taken = form_desk.take_defaults(session, found.defaults)
            for view in self.sections:
                for key in taken:
                    if key in view.editors and key not in self._pending:
                        _fill_in(view.editors[key], session.raw[key])
            self.refresh()
            if taken:
                self._quiet.start()

        follows = self.follows
        self.env.operations.read(lambda _w: form_desk.judge_again(session, follows), done, owner=self)

    def open_panel(self) -> NewPanel | None:
        """The panel of a new record that is open."""
        editors = (e for v in self.sections for e in v.editors.values() if isinstance(e, RefEditor))
        return next((e.panel for e in editors if e.panel is not None and e.panel.isVisible()), None)

    def close_panel(self) -> bool:
        """Close the panel of a new record that is open; tells whether there was one."""
        panel = self.open_panel()
        if panel is not None:
            panel.leave()
        return panel is not None

    # ---- problems ------------------------------------------------------------------------------------------------
    def problems(self) -> list[Problem]:
        """What is worth saying now, editors' own findings first."""
        session = self.session
        if session is None:
            return []
        own = [p for v in self.sections if v.built for e in v.editors.values() for p in e.problems()]
        said = {(p.field, p.code) for p in own}
        rest = [p for p in session.problems() if self._worth_saying(session, p) and (p.field, p.code) not in said]
        hidden = session.hidden | self._choosing()
        return [p for p in (*own, *rest) if key_of(p) not in hidden]

    def _choosing(self) -> set[str]:
        """Fields whose list is open: what is typed there is a question, not an answer."""
        return {k for v in self.sections if v.built for k, e in v.editors.items() if not e.is_at_rest()}

    def _worth_saying(self, session: FormSession, p: Problem) -> bool:
        """A field that is empty and where nobody was yet is no reproach, before saving is tried."""
        key = key_of(p)
        if p.code == "required" and not self.tried and self._awaited(key, p.field or ""):
            return False
        early = not self.tried and key not in session.touched and session.raw.get(key) in (None, "", [])
        return session.worth_saying(p) and not (early and p.code.startswith("rule:"))

    def _awaited(self, key: str, where: str) -> bool:
        """Tell whether one is in the row whose cell is empty, and has not been at the cell."""
        rows = next((v.editors[key] for v in self.sections if key in v.editors), None)
        lists = [v.checklist for v in self.sections if v.checklist is not None]
        return (isinstance(rows, RowsEditor) and rows.waits(where)) or any(c.waits(where) for c in lists)

    def counts(self) -> dict[str, int]:
        """Errors, warnings and hints that are said."""
        out = {"error": 0, "warning": 0, "hint": 0}
        for found in self.found.values():
            for p in found:
                out[p.severity] += 1
        return out

    def refresh(self) -> None:
        """Show problems, and hide what is not asked for."""
        if self.session is None:
            return
        self.found = {}
        for p in self.problems():
            self.found.setdefault(key_of(p), []).append(p)
        for view in self.sections:
            if view.built:
                self._show_section(view)
            else:
                view.setVisible(self._wanted(view))
        known = {k for v in self.sections for k in v.section.keys}
        general = [p.message for key, found in self.found.items() if key not in known for p in found]
        self.general.setText("\n".join(general))
        self.general.setVisible(bool(general))
        self._grow()
        self.judged.emit()

    def _grow(self) -> None:
        """Take the height that is needed now: the scroll area gives it a moment later, and squeezes the fields till then."""
        self.column.invalidate()  # a section that was just shown is not in its sum yet
        needed = self.minimumSizeHint().height()
        if self.isVisible() and needed > self.height():
            self.resize(self.width(), needed)

    def _wanted(self, view: SectionView) -> bool:
        session = self.session
        return session is not None and any(self._shown(k) for k in view.keys)

    def _shown(self, key: str) -> bool:
        session = self.session
        if session is None or key in session.hidden:
            return False
        return session.form.field(key).stored or self.computed.get(key) is not None

    def _show_section(self, view: SectionView) -> None:
        session = self.session
        if session is None:
            return
        view.setVisible(self._wanted(view))
        findings = self.found.get("findings", [])
        if view.checklist is not None:
            firsts = {k: self.found[k][0] for k in view.checklist.rows if k in self.found}
            view.checklist.show_problems(firsts, findings)
        for key, box in view.boxes.items():
            view.columns.set_shown(box, self._shown(key))
            editor, found = view.editors[key], self.found.get(key, [])
            if editor.field.computed:
                editor.set_value(_computed_text(editor.field, self.computed.get(key)))
            if isinstance(editor, RowsEditor):
                self._prepare_rows(editor)
                editor.set_row_problems(found)
                found = [p for p in found if "]" not in (p.field or "")]
            worst = found[0] if found else None
            box.set_required(key in session.must or editor.field.required == "always")
            box.set_problem(worst.severity if worst else "", worst.message if worst else "")
        view.columns.arrange()

    def _prepare_rows(self, editor: RowsEditor) -> None:
        session = self.session
        if session is None:
            return
        key = editor.field.key
        links = frozenset(s.link for s in session.form.spawns if s.list == key)

        def hidden(rows: list[dict[str, Any]]) -> list[frozenset[str]]:
            judged = form_desk.hidden_cells(session, key, rows)
            more = [{k for k in links if not r.get(k)} | ({"item"} if r.get("item") in items else set()) for r in rows]
            return [h | m for h, m in zip(judged, more, strict=True)]

        items = {f.key: self.texts.get(f.key, f.label) for f in session.form.fields if f.checklist}
        editor.hidden = hidden
        editor.titled = lambda row: items.get(str(row.get("item") or ""), "")


def _fill_in(editor: Editor, value: Any) -> None:
    """Show a proposed value; where the cursor waits already, typing replaces it."""
    editor.set_value(value)
    if isinstance(editor, LineEditor) and editor.line.hasFocus():
        editor.line.selectAll()


def _computed_text(field: Field, value: Any) -> str:
    from envdesk.formdef.types import show

    return show(field, value, reveal=True) if value is not None else "—"


def value_of(value: Any) -> Any:
    """A value an editor may keep."""
    return [dict(v) if isinstance(v, dict) else v for v in value] if isinstance(value, list) else value


def same(one: Any, other: Any) -> bool:
    """Tell whether two raw values are the same; nothing is nothing."""
    empty: tuple[Any, ...] = (None, "", [])
    return one == other or (one in empty and other in empty)


def _timer(parent: QWidget, msec: int, on: Callable[[], object]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(msec)
    timer.timeout.connect(on)
    return timer
