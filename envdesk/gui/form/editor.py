"""One editor per field type, behind one protocol.

An editor shows and takes the *raw* value of a :class:`~envdesk.present.form_session.FormSession`: text for textual
types, the stored value for the rest. What was typed stays in it, right or wrong.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field as attribute
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from envdesk.formdef.model import Field
from envdesk.formdef.types import Context as Reading
from envdesk.gui import tokens
from envdesk.gui.theme import Theme

if TYPE_CHECKING:
    from envdesk.clock import Clock
    from envdesk.errors import Problem
    from envdesk.formdef.model import Catalogue
    from envdesk.gui.form.finding import Finder
    from envdesk.gui.operations import Operations

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass
class Env:
    """What editors are given.

    Attributes:
        theme: colours and sizes.
        operations: reading on the database thread.
        catalogue: the compiled forms.
        clock: where "today" comes from.
        finder: finds records and people by fragments; knows names of ids.
        names: names of referenced records and people, by id, filled by the finder.
        day: main date of the record as typed now ("" = none): pickers offer who was in post then.
        files: takes photos and documents in, shows them.
    """

    theme: Theme
    operations: Operations
    catalogue: Catalogue
    clock: Clock
    finder: Finder
    names: dict[str, str] = attribute(default_factory=dict)
    day: Callable[[], str] = lambda: ""
    files: Any = None

    @property
    def reading(self) -> Reading:
        """What parsing needs."""
        return Reading(self.clock.today())


class Editor(QWidget):
    """Edits one field.

    Signals:
        changed: the user typed; :meth:`value` is new. Cheap: emitted on every key.
        settled: the user chose or left: judge now.
        passed: Enter: on to the next field.

    Attributes:
        kind: family name, for tests and styles.
        wide: takes both columns.
        face: the widget that shows a problem by its border (None = none does).
    """

    changed = Signal()
    settled = Signal()
    passed = Signal()
    kind = ""
    wide = False

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__()
        self.env, self.field = env, field
        self.face: QWidget | None = None
        self.column = QVBoxLayout(self)
        env.theme.pad(self.column, spacing=tokens.S1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # ---- protocol ------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        """Return what is typed or chosen."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value without telling."""
        raise NotImplementedError

    def set_problem(self, severity: str) -> None:
        """Show by colour that something is wrong: "error", "warning", ""."""
        if self.face is not None and (self.face.property("problem") or "") != severity:
            self.face.setProperty("problem", severity)
            self.face.style().unpolish(self.face)
            self.face.style().polish(self.face)
            self.face.update()

    def focus_first(self) -> None:
        """Put the focus where typing starts."""
        (self.face or self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def problems(self) -> list[Problem]:
        """Return what only the editor can see (a name that was not found), rows named ``list[0].key``."""
        return []

    def set_row_problems(self, problems: list[Problem]) -> None:
        """Show problems of rows inside; those without a row are the box's."""

    def describe(self, name: str, message: str) -> None:
        """Say what it is to those who do not see it."""
        target = self.face or self
        target.setAccessibleName(name)
        target.setAccessibleDescription(message)

    def is_at_rest(self) -> bool:
        """Tell whether no list or panel of it is open."""
        return True

    # ---- for subclasses ------------------------------------------------------------------------------------------
    def say(self) -> None:
        """Tell that something was chosen."""
        self.changed.emit()
        self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.passed.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)


Made = TypeVar("Made", bound=type[Editor])
REGISTRY: dict[str, type[Editor]] = {}


def editor_for(*types: str) -> Callable[[Made], Made]:
    """Register an editor class for field types."""

    def register(cls: Made) -> Made:
        for name in types:
            REGISTRY[name] = cls
        return cls

    return register


def make(env: Env, field: Field) -> Editor:
    """Make the editor of a field."""
    if field.type not in REGISTRY:
        from envdesk.gui.form import attach, chips_field, choices, dates, pickers, rows, texts  # noqa: F401 - register
    cls = REGISTRY[field.type]
    choose = getattr(cls, "fitting", None)
    return choose(env, field) if choose else cls(env, field)
