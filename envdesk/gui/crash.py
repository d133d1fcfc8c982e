"""When the program fails: a log without personal data, and a dialog that keeps the draft and lets details be copied.

Values never reach the log: of an exception it keeps the type, where it was raised, and its message with everything
that could be a name, a number or an address blotted out.
"""

from __future__ import annotations

import logging
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from envdesk import __version__
from envdesk.errors import Refused
from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.dialogs import Ask, ColumnDialog
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import label
from envdesk.gui.theme import Theme
from envdesk.i18n import _

LOG_BYTES, LOG_FILES = 512_000, 5
DETAILS_HEIGHT = 200
log = logging.getLogger("envdesk.gui")

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
_BLOTTED = re.compile(r"[^\x00-\x7f]+|\d{4,}|[\w.+-]+@[\w.-]+")


def scrub(text: str) -> str:
    """Blot out what could be personal: quoted values, words that are not ASCII, long numbers, mail addresses."""
    return _BLOTTED.sub("□", _QUOTED.sub("'□'", text))


def describe(error: BaseException) -> str:
    """Return type, scrubbed message and places of an exception and its causes; no values, no lines of text."""
    parts, seen = [], set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        said = current.code if isinstance(current, Refused) else scrub(str(current))
        frames = [_place(f) for f in traceback.extract_tb(current.__traceback__)]
        parts.append("\n".join([f"{type(current).__name__}: {said}", *frames]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\n".join(parts)


def _place(frame: traceback.FrameSummary) -> str:
    parts = Path(frame.filename).parts
    start = parts.index("envdesk") if "envdesk" in parts else max(len(parts) - 2, 0)
    return f"  {'/'.join(parts[start:])}:{frame.lineno} {frame.name}"


def facts() -> str:
    """Return the versions a report needs."""
    return f"EnvDesk {__version__} · Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}"


def open_log(folder: Path) -> logging.Handler:
    """Write the program's log to ``envdesk.log`` in *folder*, five files of half a megabyte."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "envdesk.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Scrubbing("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("envdesk")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to a log."""
    logging.getLogger("envdesk").removeHandler(handler)
    handler.close()


class _Scrubbing(logging.Formatter):
    """Formats exceptions by :func:`describe` and blots out arguments of messages."""

    def format(self, record: logging.LogRecord) -> str:
        args = record.args
        if isinstance(args, tuple) and args:
            record = logging.makeLogRecord(record.__dict__)
            record.args = tuple(scrub(a) if isinstance(a, str) else a for a in args)
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return describe(ei[1]) if ei and ei[1] is not None else ""


class Failures(QObject):
    """Brings every failure nobody handled to the GUI thread, wherever it happened, and shows it once.

    Signals:
        failed: an exception; emitted on any thread, received on the GUI thread.
    """

    failed = Signal(object)

    def __init__(self, show: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._showing = False
        self._before: tuple[Any, Any] | None = None
        self.failed.connect(self._received, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over what Python does with unhandled exceptions, of all threads."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._excepthook
        threading.excepthook = self._thread_hook

    def remove(self) -> None:
        """Give it back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None

    def report(self, error: BaseException) -> None:
        """Log an exception and show it; from any thread."""
        log.error("unhandled", exc_info=(type(error), error, error.__traceback__))
        self.failed.emit(error)

    def _excepthook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            app = QApplication.instance()
            if app is not None:
                app.quit()
            return
        self.report(error.with_traceback(trace))

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)

    def _received(self, error: BaseException) -> None:
        if self._showing:  # one dialog; the log has them all
            return
        self._showing = True
        try:
            self._show(error)
        finally:
            self._showing = False


class CrashDialog(ColumnDialog):
    """Says that something failed, that what was typed is kept, and gives details to copy."""

    def __init__(
        self, theme: Theme, error: BaseException, *, kept: bool, log_file: Path | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, tokens.DIALOG_WIDE, parent)
        self.setWindowTitle(_("程序出错"))
        self._theme = theme
        column, foot = QVBoxLayout(self), QHBoxLayout()
        theme.pad(column, (tokens.S4, tokens.S4, tokens.S4, tokens.S4), tokens.S3)
        theme.pad(foot, spacing=tokens.S2)
        column.addWidget(label(_("程序出错，刚才的操作没有完成"), "section"))
        told = _("正在填写的内容已存为草稿，已保存的记录没有影响。") if kept else _("已保存的记录没有影响。")
        more = _("可以继续使用。把下面的详情发给技术人员，里面没有姓名、电话和地址。")
        column.addWidget(label(f"{told}{more}", "table", wrap=True))
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(_("出错详情"))
        self.details.setPlainText(f"{facts()}\n\n{describe(error)}")
        theme.fix(self.details, height=DETAILS_HEIGHT)
        column.addWidget(self.details)
        if log_file is not None:
            where = label(_("记录文件：{path}").format(path=log_file), "caption", wrap=True)
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(where)
        self._log_folder = log_file.parent if log_file is not None else None
        self.copy = Button(theme, _("复制详情"), self.copy_details, icon="copy")
        self.gather = Button(theme, _("收集支持信息"), self.collect, icon="package")
        self.go_on = Button(theme, _("继续使用"), self.accept, kind="primary")
        self.go_on.setDefault(True)
        foot.addStretch(1)
        foot.addWidget(self.gather)
        foot.addWidget(self.copy)
        foot.addWidget(self.go_on)
        self.said = label("", "caption", wrap=True)
        self.said.hide()
        column.addWidget(self.said)
        column.addLayout(foot)
        self._ring = FocusRing(theme, self)
        self.go_on.setFocus()

    def collect(self) -> None:
        """Write log and details into an archive for a technician; of the file itself nothing, it may be what failed."""
        from envdesk.desk import support

        out = Ask(self._theme).save_file(_("支持信息存在哪里"), _("环保台账支持信息.zip"), "ZIP (*.zip)")
        if out is None:
            return
        try:
            made = support.collect(
                out, error=self.details.toPlainText(), logs=self._log_folder, more={"qt": qVersion()}
            )
        except Refused as exc:
            self.said.setText(exc.all_problems()[0].message)
        else:
            self.said.setText(_("已收集到 {path}，可以发给技术人员。").format(path=made))
        self.said.show()

    def copy_details(self) -> None:
        """Put the details on the clipboard."""
        QApplication.clipboard().setText(self.details.toPlainText())
