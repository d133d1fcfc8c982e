"""What a start reads before the day's list is on the screen; without a clock, in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from envdesk import paths
from envdesk.formdef import kept

#: Starts the program as a double click does, and says what was read when the list was filled, and what was in it.
START = """
import sys
from envdesk import __main__ as program
from envdesk.gui import display
display.has_display = lambda: True
import importlib.abc, importlib.machinery

def said(fill):
    def shown(self, groups):
        fill(self, groups)
        from PySide6 import QtWidgets
        from PySide6.QtWidgets import QApplication
        print(len(self.due.rows), *sorted(sys.modules))
        print(*sorted(vars(QtWidgets)))
        print(QApplication.focusWidget() is self or self.window().focusWidget() is self)
        for window in QApplication.topLevelWidgets():
            window.close()
    return shown

class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "envdesk.gui.today.due":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            module.DueList.fill = said(module.DueList.fill)
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Watch())
sys.argv[1:] = []
sys.exit(program.main())
"""

LATER = {
    "the command line": ("envdesk.cli",),
    "compiling definitions": ("envdesk.formdef.loader", "envdesk.formdef.compile", "tomllib"),
    "computing figures": ("envdesk.desk.figures", "envdesk.figures.engine", "envdesk.figures.standing"),
    "writing": ("envdesk.store.save", "envdesk.desk.records", "envdesk.store.undo", "uuid_utils", "sqlite_utils"),
    "backups and keys": ("envdesk.store.backup", "envdesk.store.crypt", "envdesk.store.attachments"),
    "searching": ("envdesk.present.search", "pypinyin"),
    "a second start": ("PySide6.QtNetwork",),
    "dialogs, help and keys": ("envdesk.gui.act_dialog", "envdesk.present.help", "envdesk.gui.keys_dialog"),
    "writing the log": ("logging.handlers",),
    "papers": ("reportlab", "jinja2", "babel", "openpyxl", "PIL", "pypdfium2", "envdesk.reports"),
}


@pytest.fixture(scope="module")
def started(tmp_path_factory, request):
    """What a second start of a small office read: number of rows, modules, classes of Qt, whether the list has the keys."""
    home = tmp_path_factory.mktemp("家")
    folder = home / "EnvDesk"
    folder.mkdir()
    shutil.copyfile(request.getfixturevalue("small")[0], folder / "台账.envdesk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "user_data_dir", lambda: folder)
        kept.load([paths.forms_dir()])
    env = os.environ | {"XDG_DATA_HOME": str(home), "LOCALAPPDATA": str(home), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, env=env, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    modules, classes, focused = done.stdout.splitlines()
    rows, *names = modules.split()
    return int(rows), set(names), set(classes.split()), focused == "True"


def test_the_list_is_there_and_has_the_keys(started):
    rows, _names, _classes, focused = started
    assert rows > 5
    assert focused


@pytest.mark.parametrize("what", LATER)
def test_what_the_list_does_not_need_is_read_later(started, what):
    _rows, names, _classes, _focused = started
    assert [name for name in LATER[what] if name in names] == []


def test_a_start_reads_a_limited_number_of_our_modules(started):
    _rows, names, _classes, _focused = started
    assert "envdesk.present.today" in names
    assert len([name for name in names if name.startswith("envdesk.")]) <= 88


def test_no_class_of_qt_is_made_that_nobody_uses(started):
    """One call that returns a widget Qt made itself (``viewport()``) makes all classes of widgets: 13 ms."""
    _rows, _names, classes, _focused = started
    assert {"QListView", "QMainWindow"} <= classes
    assert {"QStyle", "QGraphicsView", "QFileDialog", "QDialog", "QWizard"}.isdisjoint(classes)
