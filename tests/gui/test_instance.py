"""A second start, and files the program is opened with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from envdesk import __main__ as program
from envdesk.cli.call import Call
from envdesk.desk import exchange, office
from envdesk.gui import app as running_app, instance
from envdesk.gui.page import found


@pytest.fixture
def listening(qapp, data_dir):  # noqa: ARG001 - sockets need it
    db = data_dir / "台账.envdesk"
    heard = []
    made = instance.Listener(db)
    made.asked.connect(heard.append)
    assert made.listening
    yield db, heard
    made.close()


def second_start(db, opened=None):
    """Start again as Windows does: in another process."""
    code = (
        "import sys; from pathlib import Path; from envdesk.gui import instance\n"
        "print(instance.hand_over(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None))"
    )
    words = [sys.executable, "-c", code, str(db), str(opened or "")]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def said(process, qtbot):
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    return process.communicate()[0].strip()


def test_second_start_reaches_the_first_window(listening, qtbot, data_dir):
    db, heard = listening
    Path(f"{db}.lock").touch()

    assert said(second_start(db, data_dir / "上报 文件.envpack"), qtbot) == "True"
    assert Path(heard[0]) == (data_dir / "上报 文件.envpack").resolve()


def test_another_file_has_a_window_of_its_own(listening, qtbot, data_dir):
    _db, heard = listening
    other = data_dir / "别的.envdesk"
    Path(f"{other}.lock").touch()

    assert said(second_start(other), qtbot) == "False"
    assert heard == []


def test_first_start_asks_nobody(data_dir, monkeypatch):
    monkeypatch.setattr(instance, "name_of", lambda _db: pytest.fail("asked"))

    assert not instance.hand_over(data_dir / "台账.envdesk")


@pytest.mark.parametrize("name", ["上报 十月.envpack", "台账.ENVDESK"])
def test_file_from_the_explorer_is_opened(monkeypatch, tmp_path, name):
    seen = {}
    monkeypatch.setattr(sys, "argv", ["EnvDesk.exe", str(tmp_path / name)])
    monkeypatch.setattr("envdesk.gui.display.has_display", lambda: True)
    monkeypatch.setattr(running_app, "main", lambda *a, **k: seen.update(k, db=a[0]) or 0)

    assert program.main() == 0
    assert seen["opened"] == tmp_path / name
    assert seen["db"] is None


def test_verbs_are_no_files(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["envdesk-cmd.exe", "forms"])
    monkeypatch.setattr("envdesk.cli.run", lambda words, _window: words)

    assert program.main() == ["forms"]
    assert Call


def test_package_is_checked_and_backup_is_not_worked_in(running, office_file, qtbot, tmp_path):
    with office.opened(office_file) as desk:
        exchange.export(desk, tmp_path / "上报.envpack")
    app = running(found())

    running_app._show_opened(app.window, tmp_path / "上报.envpack")
    received = app.window.page.received
    qtbot.waitUntil(lambda: received.found is not None)
    assert "上报.envpack" in received.found.path.name

    running_app._show_opened(app.window, tmp_path / "备份" / "台账-20261001-080000.envdesk")
    assert app.window.current == "settings"
    assert app.window.page.group == "backup"
    assert "恢复到这份" in app.window.toast.text
    qtbot.waitUntil(lambda: not app.tasks.active)


def test_window_comes_to_the_front_from_the_task_bar(running, qtbot):
    app = running()
    app.window.showMinimized()

    running_app._come(app.window, None)

    qtbot.waitUntil(app.window.isActiveWindow)
    assert not app.window.isMinimized()
    assert QApplication.activeWindow() is app.window
