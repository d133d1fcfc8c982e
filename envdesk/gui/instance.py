"""One window per data file: a second start brings the first window to the front and hands it the file it was given.

A file that is in use has its lock file beside it, so a first start asks nobody and loses no time; the running program
listens once its window stands.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

WAIT = 1500
"""Milliseconds to wait for the other window."""
BETWEEN = 50
"""Milliseconds between two tries to reach it."""
PACKAGE, OFFICE = ".envpack", ".envdesk"


def name_of(db: Path) -> str:
    """Name under which the program with *db* open listens; of this user alone."""
    import getpass
    import hashlib  # here, not above: both cost a start more than they look

    text = f"{getpass.getuser()}\n{str(db.resolve()).casefold()}"
    return f"EnvDesk-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def in_use(db: Path) -> bool:
    """Tell whether a program has *db* open: its lock file is held (one may be left by a crash, or by Linux)."""
    lock = Path(f"{db}.lock")
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:  # Windows refuses to open a file that is held so
        return True
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def reach(db: Path) -> Any:
    """Reach the window that has *db* open, None when there is none; one just starting listens when it has its list."""
    from PySide6.QtNetwork import QLocalSocket

    socket, tries = QLocalSocket(), WAIT // BETWEEN
    for n in range(tries):
        socket.connectToServer(name_of(db))
        if socket.waitForConnected(WAIT):
            return socket
        if n < tries - 1:
            time.sleep(BETWEEN / 1000)
    return None


def hand_over(db: Path, opened: Path | None = None) -> bool:
    """Let the window that has *db* open come to the front and take *opened*; False when there is none."""
    if not in_use(db):
        return False
    socket = reach(db)
    if socket is None:
        return False
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # else Windows only lets the other one blink
    said = {"open": str(opened.resolve()) if opened is not None else ""}
    socket.write(json.dumps(said).encode() + b"\n")
    socket.flush()
    heard = bool(socket.waitForReadyRead(WAIT)) and bytes(socket.readAll().data()).startswith(b"ok")
    socket.disconnectFromServer()
    return heard


class Listener(QObject):
    """Hears of a second start.

    Signals:
        asked: the file that it was given, "" = none.
    """

    asked = Signal(str)

    def __init__(self, db: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(name_of(db))  # left by a crash; the data file is ours, so nobody else listens
        self._server.newConnection.connect(self._came)
        self.listening = self._server.listen(name_of(db))

    def _came(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is None:
            return
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(lambda: self._read(socket))
        if socket.bytesAvailable():
            self._read(socket)

    def _read(self, socket: Any) -> None:
        if not socket.canReadLine():
            return
        try:
            said = json.loads(socket.readLine().data())
            opened = str(said.get("open", ""))
        except (ValueError, AttributeError):
            opened = ""
        socket.write(b"ok\n")
        socket.flush()
        self.asked.emit(opened)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()


def to_front(window: QWidget) -> None:
    """Bring a window before all others."""
    window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
