"""``python -m envdesk``: the window where somebody could see it, words and exit codes where nobody could."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from envdesk import __main__ as program
from envdesk.cli import run
from envdesk.gui import app, first
from envdesk.gui.display import has_display


@pytest.mark.parametrize(
    ("env", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, True),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, False),
        ({"QT_QPA_PLATFORM": "minimal"}, False),
    ],
)
def test_has_display(monkeypatch, env, shown):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert has_display() is shown


def test_windows_has_a_display(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert has_display()


def test_without_a_display_it_says_so_and_lists_the_verbs(capsys):
    assert run([]) == 2
    out, err = capsys.readouterr()
    assert err.strip() == "没有图形界面，窗口打不开。可以用下面的命令："
    assert "sample" in out
    assert "backup" in out


def test_without_a_verb_the_window_opens_on_the_file(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(app, "main", lambda *a, **k: seen.append((a, k)) or 0)
    monkeypatch.setattr(first, "show", lambda _db: None)
    db = tmp_path / "台账.envdesk"
    assert run(["--db", str(db), "--as", "李敏", "--as-of", "2026-10-09"], program.open_window) == 0
    assert run([], program.open_window) == 0
    assert run(["sample"], program.open_window) == 0
    assert seen == [
        ((db, [], "李敏", "2026-10-09", None), {"sample": False, "opened": None, "sight": None}),
        ((None, [], "", "", None), {"sample": False, "opened": None, "sight": None}),
        ((None, [], "", "", None), {"sample": True, "opened": None, "sight": None}),
    ]


def test_main_hands_the_window_over_only_with_a_display(monkeypatch):
    import envdesk.cli
    import envdesk.gui.display

    given = []
    monkeypatch.setattr(envdesk.cli, "run", lambda argv, window: given.append((argv, window)) or 0)
    monkeypatch.setattr(sys, "argv", ["envdesk", "check"])
    for shown in (True, False):
        monkeypatch.setattr(envdesk.gui.display, "has_display", lambda shown=shown: shown)
        assert program.main() == 0
    assert given == [(["check"], program.open_window), (["check"], None)]


def test_verbs_never_import_qt():
    code = (
        "import sys; from envdesk.__main__ import main; sys.argv = ['envdesk', 'lint-forms']; code = main();"
        " sys.exit(code or any(m.startswith(('PySide6', 'shiboken')) for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
