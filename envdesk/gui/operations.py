"""Doing things: a verb of the desk on the database thread, and what is said about it.

Three endings: done (status bar, toast with 撤销 when asked for, one ``changed`` signal), refused (its sentence shown
once, in the same words everywhere), anything else (crash dialog). Cancelled work says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from envdesk.errors import Refused
from envdesk.gui.tasks import Task, Tasks, Work
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.clock import Clock
    from envdesk.desk.office import Done


@dataclass(frozen=True)
class Said:
    """A sentence for the toast and the status bar."""

    text: str
    tone: str = "done"  # done | refused | note
    undo: bool = False
    act: tuple[str, Callable[[], object]] | None = None
    details: tuple[str, ...] = field(default=())


class Operations(QObject):
    """Runs verbs.

    Signals:
        changed: kinds of records that changed (form ids; ``*`` = anything).
        said: a :class:`Said` for toast and status bar.
        started: a long task and its title, for the progress panel.
    """

    changed = Signal(object)
    said = Signal(object)
    started = Signal(object, str)

    def __init__(self, tasks: Tasks, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._clock = clock
        self.last_saved = ""

    def do(
        self,
        fn: Callable[[Work], Done],
        *,
        said: str | Callable[[Any], str] = "",
        done: Callable[[Any], object] | None = None,
        refused: Callable[[Refused], bool] | None = None,
        undo: bool = True,
        title: str = "",
        owner: QObject | None = None,
    ) -> Task:
        """Run a verb.

        Args:
            fn: gets a :class:`~envdesk.gui.tasks.Work`, calls a verb with ``work.desk`` and returns its ``Done``.
            said: sentence when done, or a function of ``Done.value`` that makes it; "" = only the status bar's time.
            done: called with ``Done.value``, before the pages hear of the change.
            refused: gets a refusal first; returns True when it has shown it (beside a field).
            undo: the toast offers 撤销.
            title: work that may take long: a panel with progress and 停下 after 600 ms.
            owner: ``done`` is not called when this object is gone.
        """

        def finish(outcome: Done) -> None:
            if outcome.changed:
                self.last_saved = self._clock.now().strftime("%H:%M")
            if done is not None:
                done(outcome.value)
            text = said(outcome.value) if callable(said) else said
            if text or outcome.changed:
                self.said.emit(Said(text, undo=undo and bool(outcome.changed)))
            if outcome.changed:
                self.changed.emit(outcome.changed)

        def fail(error: Exception) -> None:
            if isinstance(error, Refused):
                if refused is None or not refused(error):
                    self.refuse(error)
            else:
                self.fail(error)

        task = self._tasks.run(fn, done=finish, failed=fail, owner=owner)
        if title:
            self.started.emit(task, title)
        return task

    def read(
        self,
        fn: Callable[[Work], Any],
        done: Callable[[Any], object],
        *,
        title: str = "",
        on: Any = "desk",
        owner: QObject | None = None,
        after: int = 0,
    ) -> Task:
        """Read something; a refusal is shown once, like that of a verb."""
        task = self._tasks.run(fn, done=done, failed=self.handle, on=on, owner=owner, after=after)
        if title:
            self.started.emit(task, title)
        return task

    def undo(self) -> Task:
        """Take the last operation back (Ctrl+Z)."""
        from envdesk.desk import records

        return self.do(lambda work: records.undo(work.desk), said=_("已撤销。"), undo=False)

    def handle(self, error: Exception) -> None:
        """Show a refusal; anything else is a failure of the program."""
        if isinstance(error, Refused):
            self.refuse(error)
        else:
            self.fail(error)

    def refuse(self, error: Refused) -> None:
        """Show the sentence of a refusal, once."""
        problems = [p.message for p in error.all_problems()]
        first = problems[0] if problems else str(error)
        self.said.emit(Said(first, "refused", details=tuple(problems[1:])))

    def tell(
        self,
        text: str,
        tone: str = "note",
        act: tuple[str, Callable[[], object]] | None = None,
        details: tuple[str, ...] = (),
    ) -> None:
        """Say a sentence; *act* is the text and function of the button beside it, *details* are lines under it."""
        self.said.emit(Said(text, tone, act=act, details=details))

    def fail(self, error: BaseException) -> None:
        """Hand a failure of the program to the crash dialog."""
        if self._tasks.unhandled is None:
            raise error
        self._tasks.unhandled(error)
