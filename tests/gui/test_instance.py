"""A second start, and files the program is opened with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from PySide6.QtWidgets import QApplication

from envdesk import __main__ as program
from envdesk.cli.call import Call
from envdesk.desk import exchange, office
from envdesk.gui import app as running_app, first, instance
from envdesk.gui.page import found, known
from envdesk.gui.pages import PAGES


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
    held = FileLock(f"{db}.lock")
    held.acquire()

    assert said(second_start(db, data_dir / "上报 文件.envpack"), qtbot) == "True"
    held.release()
    assert Path(heard[0]) == (data_dir / "上报 文件.envpack").resolve()


def test_a_window_that_is_just_starting_is_waited_for(qapp, data_dir, monkeypatch):  # noqa: ARG001 - sockets need it
    db, made = data_dir / "台账.envdesk", []
    monkeypatch.setattr(instance.time, "sleep", lambda _s: made.append(instance.Listener(db)))

    assert instance.reach(db) is not None
    assert len(made) == 1
    made[0].close()


def test_another_file_has_a_window_of_its_own(listening, qtbot, data_dir):
    _db, heard = listening
    other = data_dir / "别的.envdesk"
    with FileLock(f"{other}.lock"):
        assert said(second_start(other), qtbot) == "False"
    assert heard == []


def test_first_start_asks_nobody(data_dir, monkeypatch):
    (data_dir / "台账.envdesk.lock").touch()  # left by a crash
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


# -------------------------------------------------------------------------------------------------------- first sight
def test_first_sight_stands_until_the_window_does(office_file, monkeypatch):
    seen = []

    def loop(*_a):
        seen.extend(type(w).__name__ for w in QApplication.topLevelWidgets() if w.isVisible())
        return 0

    monkeypatch.setattr(QApplication, "exec", loop)
    sight = first.show(office_file)
    assert sight.painted

    assert running_app.main(office_file, operator="李敏", as_of="2026-10-09", sight=sight) == 0
    assert "MainWindow" in seen
    assert "FirstSight" not in seen


def test_no_first_sight_for_a_second_start(office_file):
    with FileLock(f"{office_file}.lock"):
        assert first.show(office_file) is None


def test_pages_are_known_without_reading_them():
    said = {name: (spec.rail, spec.hidden) for name, spec in found().items()}

    assert {name: said.get(name) for name in PAGES} == PAGES
    assert {name: (spec.rail, spec.hidden) for name, spec in known().items()} == said


def test_first_sight_reads_little():
    code = (
        "import sys, envdesk.gui.first\n"
        "print(len([m for m in sys.modules if m.startswith('envdesk.')]), 'sqlcipher3' in sys.modules)"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True)

    count, database = done.stdout.split()
    assert int(count) < 12
    assert database == "False"
