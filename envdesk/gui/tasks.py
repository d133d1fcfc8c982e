"""Work off the GUI thread: one database thread for everything that touches the desk, one pool for the rest.

``run`` starts a function and returns at once. Its result comes back on the GUI thread by a queued signal, to ``done``
or ``failed``; a task that was cancelled says nothing, and one whose owner is gone neither. Futures are always read: an
exception nobody handles goes to ``unhandled`` (the crash dialog).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from envdesk.errors import Cancelled

if TYPE_CHECKING:
    from envdesk.desk.office import Desk

Where = Literal["desk", "pool"]
PAINTED = 30
"""Milliseconds in which what was shown is on the screen."""
REPORT_EVERY = 0.1
"""Seconds between two reports of progress that reach the window."""


class State(Enum):
    """Where a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Work:
    """What a running function gets: the desk (on the database thread only), progress and the wish to stop."""

    def __init__(self, task: Task, desk: Desk | None, told: Callable[[Task, int, int, str], object]) -> None:
        self._task = task
        self._desk = desk
        self._told = told
        self._reported = 0.0

    @property
    def desk(self) -> Desk:
        """The open desk."""
        if self._desk is None:
            raise RuntimeError("the desk belongs to the database thread: run(..., on='desk')")
        return self._desk

    @property
    def cancelled(self) -> bool:
        """True when the user wants it to stop."""
        return self._task.stopping.is_set()

    def check(self) -> None:
        """Stop here when the user wants it to.

        Raises:
            Cancelled: he does.
        """
        if self.cancelled:
            raise Cancelled

    def report(self, done: int, total: int = 0, text: str = "") -> None:
        """Say how far it is, as often as wanted; also a place to stop (:meth:`check`)."""
        self.check()
        now = time.monotonic()
        if now - self._reported >= REPORT_EVERY or (total and done >= total):
            self._reported = now
            self._told(self._task, done, total, text)


class Listeners:
    """Functions called on the GUI thread; one whose widget is gone is left out."""

    def __init__(self) -> None:
        self._all: list[Callable[..., object]] = []

    def connect(self, fn: Callable[..., object]) -> None:
        """Call *fn* from now on."""
        self._all.append(fn)

    def emit(self, *args: object) -> None:
        """Call all."""
        for fn in tuple(self._all):
            receiver = getattr(fn, "__self__", None)
            if not isinstance(receiver, QObject) or shiboken6.isValid(receiver):
                fn(*args)


class Task:
    """One started piece of work.

    No QObject: its last reference may be dropped on a worker's thread. Everything but ``stopping`` belongs to the GUI
    thread; workers reach it through :class:`Tasks` only.

    Attributes:
        progressed: called with done, total (0 = unknown), words.
        finished: called when it is over in whatever way, after done or failed.
    """

    def __init__(self, owner: QObject | None, fn: Callable[[Work], Any]) -> None:
        self.progressed, self.finished = Listeners(), Listeners()
        self._fn: Callable[[Work], Any] | None = fn
        self.stopping = threading.Event()
        self._guard = threading.Lock()
        self._at_work = False
        self.state = State.WAITING
        self._owner = owner
        self._done: Callable[[Any], object] | None = None
        self._failed: Callable[[Exception], object] | None = None
        self._interrupt: Callable[[], object] | None = None
        self._unhandled: Callable[[BaseException], object] | None = None

    def cancel(self) -> None:
        """Ask it to stop: at its next report, or in the middle of a statement of the database."""
        self.stopping.set()
        with self._guard:  # never a statement of the task after it
            if self._at_work and self._interrupt is not None:
                self._interrupt()

    @property
    def active(self) -> bool:
        """True until it is over."""
        return self.state in (State.WAITING, State.RUNNING)

    def _finish(self, value: object, error: BaseException | None) -> None:
        wanted = self._owner is None or shiboken6.isValid(self._owner)
        done, failed = self._done, self._failed
        self._fn = self._done = self._failed = None
        try:
            if self.stopping.is_set() or isinstance(error, Cancelled):
                self.state = State.CANCELLED
            elif error is None:
                self.state = State.DONE
                if wanted and done is not None:
                    done(value)
            else:
                self.state = State.FAILED
                if failed is not None and wanted and isinstance(error, Exception):
                    failed(error)
                elif self._unhandled is not None:
                    self._unhandled(error)
        finally:
            self.finished.emit()


class Tasks(QObject):
    """Starts work and brings results home.

    Signals:
        busy: number of tasks that are not over.
    """

    busy = Signal(int)
    _over = Signal(object, object, object)
    _told = Signal(object, int, int, str)

    def __init__(
        self,
        desk: Callable[[], Desk | None],
        *,
        interrupt: Callable[[], object] | None = None,
        unhandled: Callable[[BaseException], object] | None = None,
        pool_size: int = 2,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._interrupt = interrupt
        self.unhandled = unhandled
        self._db = ThreadPoolExecutor(1, "desk")
        self._pool = ThreadPoolExecutor(pool_size, "pool")
        self._open: set[Task] = set()
        # One object that outlives all workers carries everything home: a task may be gone while its worker still emits.
        self._over.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        fn: Callable[[Work], Any],
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[[int, int, str], object] | None = None,
        on: Where = "desk",
        owner: QObject | None = None,
        after: int = 0,
    ) -> Task:
        """Run *fn* off the GUI thread.

        Args:
            fn: gets a :class:`Work`; must not touch a widget.
            done: called with its result on the GUI thread.
            failed: called with its exception (``Refused`` too); without it the exception is unhandled.
            progress: called with done, total, words.
            on: "desk" = the database thread, in the order of the calls; "pool" = any thread, no desk.
            owner: results are dropped when this object is gone.
            after: milliseconds before it starts, so that what was just shown is painted first (:data:`PAINTED`).

        Returns:
            The task; ``task.cancel()`` stops it.
        """
        task = Task(owner, fn)
        task._done, task._failed = done, failed  # noqa: SLF001 - one module
        task._interrupt = self._interrupt if on == "desk" else None  # noqa: SLF001
        task._unhandled = self._report_unhandled  # noqa: SLF001
        if progress is not None:
            task.progressed.connect(progress)
        self._open.add(task)
        self.busy.emit(len(self._open))
        if after:
            wait = QTimer(self)
            wait.setSingleShot(True)
            wait.timeout.connect(wait.deleteLater)
            wait.timeout.connect(lambda: self._start(task, on))
            wait.start(after)
        else:
            self._start(task, on)
        return task

    def _start(self, task: Task, on: Where) -> None:
        executor = self._db if on == "desk" else self._pool
        executor.submit(self._work, task, on).add_done_callback(lambda f: self._hand_over(task, f))

    def cancel_all(self) -> None:
        """Ask everything to stop."""
        for task in tuple(self._open):
            task.cancel()

    @property
    def active(self) -> int:
        """Number of tasks that are not over."""
        return len(self._open)

    def close(self) -> None:
        """Stop everything and wait for the threads to end. The last thing to happen to it."""
        self.cancel_all()
        for wait in self.findChildren(QTimer):
            wait.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._db.shutdown(wait=True, cancel_futures=True)
        self._open.clear()

    def _work(self, task: Task, on: Where) -> Any:
        fn = task._fn  # noqa: SLF001 - one module
        if fn is None or task.stopping.is_set():
            raise Cancelled
        task.state = State.RUNNING
        with task._guard:  # noqa: SLF001
            task._at_work = True  # noqa: SLF001
        try:
            return fn(Work(task, self._desk() if on == "desk" else None, self._told.emit))
        finally:
            with task._guard:  # noqa: SLF001
                task._at_work = False  # noqa: SLF001

    def _hand_over(self, task: Task, future: Future[Any]) -> None:
        """Carry the outcome to the GUI thread; called on the worker's."""
        error = Cancelled() if future.cancelled() else future.exception()
        self._over.emit(task, None if error else future.result(), error)

    def _finish(self, task: Task, value: object, error: BaseException | None) -> None:
        self._open.discard(task)
        try:
            task._finish(value, error)  # noqa: SLF001 - one module
        finally:
            self.busy.emit(len(self._open))

    def _progress(self, task: Task, done: int, total: int, text: str) -> None:
        if task in self._open and not task.stopping.is_set():
            task.progressed.emit(done, total, text)

    def _report_unhandled(self, error: BaseException) -> None:
        if self.unhandled is None:
            raise error
        self.unhandled(error)
