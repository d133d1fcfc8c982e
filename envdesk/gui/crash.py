"""When the program fails: a log without personal data, and every failure brought to the dialog that shows it.

Values never reach the log: of an exception it keeps the type, where it was raised, and its message with everything
that could be a name, a number or an address blotted out.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtWidgets import QApplication

from envdesk import __version__
from envdesk.errors import Refused

LOG_BYTES, LOG_FILES = 512_000, 5
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
    import platform

    return f"EnvDesk {__version__} · Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}"


def open_log(folder: Path) -> logging.Handler:
    """Write the program's log to ``envdesk.log`` in *folder*, five files of half a megabyte."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = _Log(folder / "envdesk.log")
    handler.setFormatter(_Scrubbing("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("envdesk")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to a log."""
    logging.getLogger("envdesk").removeHandler(handler)
    handler.close()


class _Log(logging.Handler):
    """The file itself, and what it takes to write it, only come with the first message: most starts have none."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(
                self._path, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True
            )
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


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
