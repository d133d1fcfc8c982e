"""Fixtures of the window's tests: a theme, tasks that end, a small office, no timer left running."""

from __future__ import annotations

import gc
import shutil
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from envdesk.clock import Clock
from envdesk.desk import office
from envdesk.gui.app import App, make_qt
from envdesk.gui.page import PageSpec
from envdesk.gui.prefs import Prefs
from envdesk.gui.tasks import Tasks
from envdesk.gui.theme import Theme

sys.path.insert(0, str(Path(__file__).parent))  # helpers beside the tests
NOW = datetime(2026, 10, 9, 9, 41)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what it cannot do; that is no fault of ours."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one application object, made as the program makes it."""
    made = make_qt()
    gc.collect()
    gc.freeze()  # what is there from the start is none of a test's, and is not looked through after each
    return made


@pytest.fixture
def theme(qapp) -> Iterator[Theme]:
    """Light colours at 100 %."""
    made = Theme(qapp, "light")
    yield made
    qapp.setStyleSheet("")
    shiboken6.delete(made)


@pytest.fixture
def show(qtbot):
    """``show(*widgets)`` puts them into one window that is active, kept until the test ends."""
    kept: list[QWidget] = []

    def shown(*widgets: QWidget) -> QWidget:
        window = QWidget()
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(window)
        kept.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return shown


def type_text(widget: QWidget, text: str) -> None:
    """Type as an input method does: words arrive at once."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def typed():
    """``typed(widget, text)``: what a Chinese input method does."""
    return type_text


class Unhandled:
    """Collects what would go to the crash dialog."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []

    def __call__(self, error: BaseException) -> None:
        self.errors.append(error)


@pytest.fixture
def unhandled() -> Unhandled:
    return Unhandled()


@pytest.fixture
def tasks(qapp: QApplication, unhandled: Unhandled) -> Iterator[Tasks]:  # noqa: ARG001 - signals need it
    """A runner without a desk."""
    made = Tasks(lambda: None, unhandled=unhandled)
    yield made
    made.close()
    QApplication.processEvents()


class Answers:
    """Answers questions instead of a person; the last one asked is kept."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.path: Path | None = None
        self.paths: list[Path] = []
        self.asked: list[object] = []

    def act(self, question):
        self.asked.append(question)
        return self.reason

    def open_file(self, title, kinds):
        self.asked.append(title)
        return self.path

    def open_files(self, title, kinds):
        self.asked.append(title)
        return self.paths or ([self.path] if self.path is not None else [])

    def save_file(self, title, name, kinds):
        self.asked.append(title)
        return self.path

    def folder(self, title):
        self.asked.append(title)
        return self.path


@pytest.fixture
def ask() -> Answers:
    return Answers()


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory) -> Path:
    """An office as ``init`` leaves it, made once; closed, to be copied."""
    path = tmp_path_factory.mktemp("空") / "office.envdesk"
    office.init(path, office="均禾街道综合执法办", clock=Clock(NOW))
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small office of pages and papers, made once: its file and the ids of its records."""
    from small_desk import build

    path = tmp_path_factory.mktemp("小") / "台账.envdesk"
    return path, build(path)


@pytest.fixture
def small_file(data_dir, small) -> Path:
    """A copy of the small office, to be the ``office_file`` of a module."""
    return Path(shutil.copyfile(small[0], data_dir / "台账.envdesk"))


@pytest.fixture
def office_file(data_dir, blank_file) -> Path:
    """An office without records."""
    return Path(shutil.copyfile(blank_file, data_dir / "office.envdesk"))


@pytest.fixture
def running(qapp, office_file, ask):
    """Start the program on the office: ``running(pages) -> App``; it is closed after the test."""
    apps: list[App] = []

    def start(pages: dict[str, PageSpec] | None = None) -> App:
        app = App(qapp, prefs=Prefs(), ask=ask, hooks=False)
        app.theme.set_mode("light")
        app.open(office_file, operator="李敏", clock=Clock(NOW), pages=pages)
        app.window.resize(1366, 768)
        app.window.show()
        apps.append(app)
        return app

    yield start
    for app in apps:
        app.close()
        app.theme.setParent(None)
        shiboken6.delete(app.theme)
    QApplication.processEvents()


@pytest.fixture(autouse=True)
def _no_leaked_timers(qapp: QApplication) -> Iterator[None]:  # noqa: ARG001 - before any other
    """Fail when a test leaves a timer of ours running or a thread behind."""
    yield
    QApplication.sendPostedEvents(None, 0)
    QApplication.processEvents()
    for widget in QApplication.topLevelWidgets():
        if shiboken6.isValid(widget) and not widget.isVisible():
            widget.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    running = [t for t in gc.get_objects() if isinstance(t, QTimer) and shiboken6.isValid(t) and t.isActive()]
    names = [t.name for t in threading.enumerate() if t.name.startswith(("desk", "pool"))]
    assert ([(t, t.parent(), t.interval()) for t in running], names) == ([], [])
