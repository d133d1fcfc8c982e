"""Builds everything: application, theme, desk, tasks, window. The one place where objects are made and joined."""

from __future__ import annotations

import faulthandler
import getpass
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from envdesk import i18n, paths
from envdesk.clock import Clock
from envdesk.desk import office
from envdesk.desk.office import Desk
from envdesk.errors import Refused
from envdesk.formdef.model import Catalogue
from envdesk.gui import crash, instance
from envdesk.gui.collector import Collector
from envdesk.gui.dialogs import Ask
from envdesk.gui.display import has_display
from envdesk.gui.first import PREFS, FirstSight, make_qt
from envdesk.gui.operations import Operations
from envdesk.gui.pages import PAGES
from envdesk.gui.prefs import LANGUAGE, Prefs
from envdesk.gui.tasks import Tasks
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present import today
from envdesk.store import recent
from envdesk.store.file import is_encrypted

if TYPE_CHECKING:
    from envdesk.gui.dialogs import Asking
    from envdesk.gui.page import PageSpec
    from envdesk.gui.window import MainWindow

__all__ = ["App", "OpenDesk", "has_display", "main", "make_qt"]
READ_ON_MS = 400
FIRST_PAGE = "today"
LOGS, FAULTS, OPERATOR = "logs", "faults.log", "operator"
log = logging.getLogger("envdesk.gui")


class OpenDesk:
    """Holds the desk while the program runs; opened, changed and closed on the database thread."""

    def __init__(self) -> None:
        self.desk: Desk | None = None
        self._stack = ExitStack()
        self._again: tuple[Path, dict[str, Any], Clock | None] | None = None

    def open(self, path: Path, clock: Clock | None = None, **options: Any) -> Desk:
        """Open the office's file; *clock* instead of the one of the options."""
        self._again = (path, options, clock)
        desk = self._stack.enter_context(office.opened(path, **options))
        if clock is not None:
            desk.store.clock = clock
            desk = replace(desk, clock=clock)
        self.desk = desk
        return desk

    @contextmanager
    def closed_file(self) -> Iterator[Path]:
        """Close the file for work that needs it closed (a restore), and open it again whatever comes of it."""
        if self._again is None:
            raise RuntimeError("no desk was opened")
        path = self._again[0]
        self.close()
        try:
            yield path
        finally:
            path, options, clock = self._again  # the key may be another one now
            self.open(path, clock, **options)

    def opens_with(self, key: bytes) -> None:
        """Open the file with this key from now on."""
        if self._again is not None:
            path, options, clock = self._again
            self._again = (path, options | {"key": key, "key_file": None}, clock)

    def work_as(self, operator: str) -> None:
        """Let another person work from now on."""
        if self.desk is None or self._again is None:
            return
        self.desk.store.who = operator
        self.desk = replace(self.desk, operator=operator)
        path, options, clock = self._again
        self._again = (path, options | {"operator": operator}, clock)

    def close(self) -> None:
        """Close it."""
        self.desk = None
        self._stack.close()

    def interrupt(self) -> None:
        """Stop the statement that runs; from any thread."""
        if self.desk is not None:
            self.desk.store.con.raw.interrupt()


class App(QObject):
    """The running program around one open desk.

    Attributes:
        theme, tasks, operations, window: as every page gets them in its context.
    """

    def __init__(
        self,
        qt: QApplication,
        *,
        prefs: Prefs | None = None,
        ask: Asking | None = None,
        log_folder: Path | None = None,
        hooks: bool = True,
    ) -> None:
        super().__init__()
        self._qt = qt
        self.prefs = prefs or Prefs()
        self._log = crash.open_log(log_folder) if log_folder is not None else None
        self._log_file = log_folder / "envdesk.log" if log_folder is not None else None
        self.theme = Theme(qt, self.prefs.get("mode", "system"), float(self.prefs.get("scale", 1.0)))
        self._ask = ask or Ask(self.theme)
        self.failures = crash.Failures(self.show_failure, self)
        if hooks:
            self.failures.install()
        self._collector = Collector(self)
        self.held = OpenDesk()
        self.tasks = Tasks(
            lambda: self.held.desk, interrupt=self.held.interrupt, unhandled=self.failures.report, parent=self
        )
        self.window: MainWindow | None = None
        self.starting: Any = None
        self.listener: instance.Listener | None = None
        self.sight: FirstSight | None = None
        self._closed = False
        self._next_page = QTimer(self)
        self._next_page.setSingleShot(True)
        self._next_page.setInterval(READ_ON_MS)
        self._next_page.timeout.connect(self._read_page)

    def open(
        self,
        path: Path,
        *,
        forms: Iterable[Path] = (),
        operator: str = "",
        as_of: str = "",
        key_file: Path | None = None,
        key: bytes | None = None,
        clock: Clock | None = None,
        pages: dict[str, PageSpec] | None = None,
    ) -> MainWindow:
        """Open a desk and build the window over it.

        Raises:
            Refused: the desk cannot be opened.
        """
        options = {"forms": tuple(forms), "operator": operator, "as_of": as_of, "key_file": key_file, "key": key}
        opened = self.begin(lambda _work: self._open(path, options, clock))
        if pages is None:  # kept by the file until the page asks; what goes wrong the page is told again
            self.tasks.run(lambda work: today.due_list(work.desk), failed=lambda _error: None)
        from envdesk.gui.page import Context, known, load  # read while the file is opened, like all that follows
        from envdesk.gui.window import MainWindow

        if pages is None:
            load(FIRST_PAGE)
        desk, facts = opened()
        self.operations = Operations(self.tasks, desk.clock, self)
        ctx = Context(
            theme=self.theme,
            tasks=self.tasks,
            operations=self.operations,
            catalogue=desk.catalogue,
            clock=desk.clock,
            ask=self._ask,
            prefs=self.prefs,
            operator=operator,
            office=facts["office"],
            district=facts["role"] == "district",
            held=self.held,
        )
        self.window = MainWindow(ctx, known() if pages is None else pages)
        return self.window

    def _open(self, path: Path, options: dict[str, Any], clock: Clock | None) -> tuple[Desk, dict[str, str]]:
        desk = self.held.open(path, clock, **options)
        return desk, {"office": office.setting(desk, "office_name"), "role": desk.store.meta("role")}

    def first_start(self, path: Path, forms: Iterable[Path] = (), *, sample: bool = False) -> Any:
        """Ask for the office in a window of its own; None when the user closed it."""
        from envdesk.gui.page import Context

        operations = Operations(self.tasks, Clock(), self)
        nothing = Catalogue({}, {}, {}, {}, (), {})
        ctx = Context(self.theme, self.tasks, operations, nothing, Clock(), self._ask, self.prefs)
        from envdesk.gui.start_window import StartWindow

        window = self.starting = StartWindow(ctx, path, forms)
        try:
            made = window.ask(sample=sample)
            if made is not None and made.key is not None:
                self.show_recovery(made)
            return made
        finally:
            self.starting = None
            window.deleteLater()
            operations.deleteLater()

    def speak(self) -> None:
        """Use the language this PC has chosen."""
        i18n.use(str(self.prefs.get(LANGUAGE, i18n.SOURCE)), paths.resource("locale"))

    def ask_key(self, path: Path) -> bytes | None:
        """Return the key this account keeps, or ask for the passphrase until it fits; None when the user gave up."""
        from envdesk.gui.unlock_dialogs import UnlockDialog
        from envdesk.present import unlock
        from envdesk.store import account

        kept = account.kept(path)
        if kept is not None and unlock.fits(path, kept):
            return kept
        found: list[bytes] = []

        def attempt(text: str) -> str:
            key = unlock.key_of(text, path)
            if not self.wait(lambda _work: unlock.fits(path, key)):
                return _("口令或恢复码不对。")
            found.append(key)
            return ""

        dialog = UnlockDialog(self.theme, path, attempt)
        QTimer.singleShot(0, self, self.end_sight)
        dialog.exec()
        dialog.deleteLater()
        return found[0] if found else None

    def show_recovery(self, made: Any) -> None:
        """Show the recovery code of a ledger that was just made encrypted."""
        from envdesk.gui.unlock_dialogs import RecoveryDialog
        from envdesk.present.unlock import recovery_code

        dialog = RecoveryDialog(self.theme, self._ask, made.office, recovery_code(made.key))
        dialog.exec()
        dialog.deleteLater()

    def wait(self, fn: Any) -> Any:
        """Run something on the database thread and wait for it with the window alive."""
        return self.begin(fn)()

    def begin(self, fn: Any) -> Callable[[], Any]:
        """Begin something on the database thread; what is returned waits for its outcome with the window alive."""
        outcome: dict[str, Any] = {}
        task = self.tasks.run(
            fn, done=lambda v: outcome.update(value=v), failed=lambda e: outcome.update(error=e)
        )  # fmt: skip

        def wait() -> Any:
            if task.active:
                loop = QEventLoop()
                task.finished.connect(loop.quit)
                loop.exec()
            if "error" in outcome:
                raise outcome["error"]
            return outcome.get("value")

        return wait

    def end_sight(self) -> None:
        """Take away what stood on the screen before the window."""
        if self.sight is not None:
            self.sight.close()
            self.sight.deleteLater()
            self.sight = None

    def listen(self, path: Path, come: Callable[[str], object]) -> None:
        """Hear of a second start as soon as the first page has all it asked for."""

        def quiet(active: int) -> None:
            if not active and self.listener is None and not self._closed:
                self.listener = instance.Listener(path, self)
                self.listener.asked.connect(come)

        self.tasks.busy.connect(quiet)

    def read_on(self) -> None:
        """Read the modules of the pages that were not opened yet, one after the other while nothing is done."""
        from envdesk.gui.page import loaded

        left = [name for name in PAGES if not loaded(name)]
        if not left or self._closed:
            return
        self._next_page.start()

    def _read_page(self) -> None:
        from envdesk.gui.page import load, loaded

        left = [name for name in PAGES if not loaded(name)]
        if left and not self.tasks.active:
            load(left[0])
        self.read_on()

    def show_failure(self, error: BaseException) -> None:
        """Keep drafts and show the crash dialog."""
        kept = False
        if self.window is not None:
            try:
                kept = self.window.keep()
            except Exception:  # the failure we show is the first one
                log.exception("draft not kept")
        from envdesk.gui.crash_dialog import CrashDialog

        dialog = CrashDialog(self.theme, error, kept=kept, log_file=self._log_file, parent=self.window)
        dialog.exec()
        dialog.deleteLater()

    def close(self) -> None:
        """Close window, desk and threads; nothing is left running."""
        if self._closed:
            return
        self._closed = True
        self._next_page.stop()
        self.end_sight()
        if self.listener is not None:
            self.listener.close()
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
        self.tasks.cancel_all()
        self.wait(lambda _work: self.held.close())
        self.tasks.close()
        self.failures.remove()
        self._collector.stop()
        if self._log is not None:
            crash.close_log(self._log)
            self._log = None


def main(
    db: Path | None = None,
    forms: Iterable[Path] = (),
    operator: str = "",
    as_of: str = "",
    key_file: Path | None = None,
    *,
    sample: bool = False,
    opened: Path | None = None,
    sight: FirstSight | None = None,
) -> int:
    """Open the window on a desk and run until it is closed.

    Args:
        db: the office's file; None = the one in the user's data folder.
        forms: folders with more forms.
        operator: who works here; "" = whom this PC knows.
        as_of: day at which the clock stands still, "" = the real one.
        key_file: key of an encrypted file.
        sample: open the sample office, made when it is not there.
        sight: what stands on the screen until the window does.
        opened: file that the program was opened with: a package to check, a backup, or a data file.

    Returns:
        0 when closed by the user or handed to the window that is open already, 1 when the desk could not be opened
        (its sentence was shown).
    """
    qt = make_qt()
    folder = paths.user_data_dir()
    logs = folder / LOGS
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / FAULTS).open("a", encoding="utf-8") as faults:
        faulthandler.enable(faults)
        app = App(qt, prefs=Prefs(folder / PREFS), log_folder=logs)
        app.speak()
        try:
            if opened is not None and opened.suffix.lower() == instance.OFFICE and not is_backup(opened):
                db, opened = opened, None
            path = db or paths.default_db()
            if not sample and instance.hand_over(path, opened):
                return 0
            app.sight, key = sight, None
            if sample or (db is None and not path.is_file()):
                from envdesk.present.first_start import SAMPLE

                QTimer.singleShot(0, app, app.end_sight)  # when the other window is there: without any, Qt would end
                made = app.first_start(path, forms, sample=sample)
                if made is None:
                    return 0
                path, operator, key = made.path, operator or made.operator, made.key
                if not sample and made.operator != SAMPLE:
                    app.prefs.put(OPERATOR, operator)
            who = operator or app.prefs.get(OPERATOR, "") or getpass.getuser()
            if key is None and key_file is None and is_encrypted(path) and (key := app.ask_key(path)) is None:
                return 0
            window = app.open(path, forms=forms, operator=who, as_of=as_of, key_file=key_file, key=key)
            window.start()
            geometry = app.prefs.get("window")
            if geometry:
                window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
                window.show()
            else:
                window.showMaximized()
            app.end_sight()
            if not sample:
                recent.note(path)
            app.listen(path, lambda file: _come(window, Path(file) if file else None))
            if opened is not None:
                _show_opened(window, opened)
            app.read_on()
            return int(qt.exec())
        except Refused as exc:
            QTimer.singleShot(0, app, app.end_sight)
            _tell_refused(app, exc)
            return 1
        finally:
            app.close()
            faulthandler.disable()


def is_backup(path: Path) -> bool:
    """Tell whether a data file is a backup, which is restored and never worked in."""
    from envdesk.store import backup

    return path.resolve().parent.name == backup.FOLDER


def _come(window: MainWindow, opened: Path | None) -> None:
    instance.to_front(window)
    if opened is not None:
        _show_opened(window, opened)


def _show_opened(window: MainWindow, opened: Path) -> None:
    """Show a file that the program was opened with."""
    if opened.suffix.lower() == instance.PACKAGE:
        window.go("send", received=str(opened))
    elif is_backup(opened):
        window.go("settings", group="backup")
        from envdesk.gui.operations import Said

        window.toast.say(Said(_("这是一份备份。要用它，在这里选中，点“恢复到这份”。")))


def _tell_refused(app: App, error: Refused) -> None:
    from envdesk.gui.act_dialog import ActDialog
    from envdesk.gui.dialogs import Question

    question = Question(_("打不开台账"), str(error), act=_("知道了"), safe="", danger=False)
    dialog = ActDialog(app.theme, question)
    dialog.exec()
    dialog.deleteLater()
