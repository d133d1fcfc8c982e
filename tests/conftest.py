"""What every test gets, and the noise no test may make.

Fixtures to ask for: ``data_dir`` (an empty folder for one office), ``logs`` (to allow an expected warning),
``slow_size`` (how much a slow test does). Autouse guards fail a test that logs a warning nobody expected, leaves a
thread running, or brings Qt in from outside tests/gui.

A slow test is marked ``slow`` and sizes itself: ``n = slow_size(bounded=200, full=20_000)``; one that makes no sense
in small is marked ``slow(full=True)`` and runs only under ``ENVDESK_SLOW=full``. ``ENVDESK_SLOW=off`` leaves all out.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from envdesk import i18n, sql
from envdesk.desk import office
from envdesk.formdef.loader import load

HERE = Path(__file__).resolve().parent
SLOW_MODES = ("off", "bounded", "full")
SLOW = os.environ.get("ENVDESK_SLOW", "bounded")

# Before anything imports Qt: no test needs a screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# dev: new examples each run, failures kept in .hypothesis. ci: the same examples for the same code, and no clock in it.
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_configure() -> None:
    """Refuse a mistyped mode: it would silently run less."""
    if SLOW not in SLOW_MODES:
        raise pytest.UsageError(f"ENVDESK_SLOW={SLOW!r}: use one of {', '.join(SLOW_MODES)}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run did not ask for."""
    asked = config.option.markexpr
    kept, left_out = [], []
    for item in items:
        bench = item.get_closest_marker("bench") is not None and "bench" not in asked
        slow = item.get_closest_marker("slow")
        too_slow = slow is not None and (SLOW == "off" or (slow.kwargs.get("full", False) and SLOW != "full"))
        (left_out if bench or too_slow else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def is_gui(path: Path) -> bool:
    """Tell whether a test file lies in tests/gui, the place for Qt."""
    return path.is_relative_to(HERE / "gui")


# ----------------------------------------------------------------------------------------------------------- fixtures
@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty folder for one office, with a Chinese name and a space as users have them."""
    folder = tmp_path / "环保 台账"
    folder.mkdir()
    return folder


@pytest.fixture
def slow_size() -> Callable[..., int]:
    """Return how much a slow test does in this run."""

    def size(*, bounded: int, full: int) -> int:
        return full if SLOW == "full" else bounded

    return size


# ------------------------------------------------------------------------------------------------------------- guards
@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the data folder of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("LOCAL_APPDATA", "APPDATA"):  # Windows itself is asked there, not its variables
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{name}", str(home / name.lower()))


@pytest.fixture(scope="session", autouse=True)
def _forms_once() -> Iterator[None]:
    """Compile the same files once: two thirds of the time of a short command. Catalogues are frozen."""
    known: dict[tuple[tuple[Path, int, int], ...], object] = {}

    def load_once(folders):
        files = [p for folder in folders for p in sorted(Path(folder).glob("*.toml"))]
        state = tuple((p, p.stat().st_mtime_ns, p.stat().st_size) for p in files)
        if state not in known:
            known[state] = load(folders)
        return known[state]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "load", load_once)
        yield


@pytest.fixture(autouse=True)
def _no_power_cut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test cuts the power: its files need not reach the disk at every commit. ``durable`` keeps them as they are."""
    if request.node.get_closest_marker("durable") is None:
        ours = sql.Connection.write_ahead

        def write_ahead(con: sql.Connection) -> None:
            ours(con)
            con.execute("PRAGMA synchronous = OFF")

        monkeypatch.setattr(sql.Connection, "write_ahead", write_ahead)


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Every test starts and ends in the source language."""
    i18n.use(i18n.SOURCE)
    yield
    i18n.use(i18n.SOURCE)


class Logs(logging.Handler):
    """Collects warnings and worse of the ``envdesk`` logger; what was not allowed fails the test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._records: list[logging.LogRecord] = []
        self._allowed: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def allow(self, pattern: str) -> None:
        """Expect at least one message that *pattern* finds."""
        self._allowed.append(re.compile(pattern))

    def faults(self) -> list[str]:
        said = [r.getMessage() for r in self._records]
        unexpected = [
            f"unexpected log: {r.levelname} {r.name}: {text}"
            for r, text in zip(self._records, said, strict=True)
            if not any(p.search(text) for p in self._allowed)
        ]
        silent = [p.pattern for p in self._allowed if not any(p.search(text) for text in said)]
        return unexpected + [f"expected log did not come: {pattern}" for pattern in silent]


@pytest.fixture(autouse=True)
def logs() -> Iterator[Logs]:
    """Fail on an unexpected warning in the log; ``logs.allow("pattern")`` expects one."""
    handler = Logs()
    logger = logging.getLogger("envdesk")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    faults = handler.faults()
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fail when a test leaves a thread behind; one that is just ending gets two seconds."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + 2
    while left := [t for t in threading.enumerate() if t not in before and t.is_alive()]:
        if time.monotonic() > end:
            pytest.fail(f"threads left running: {', '.join(t.name for t in left)}", pytrace=False)
        left[0].join(0.05)


def _qt_modules() -> set[str]:
    return {m for m in sys.modules if m.split(".")[0] in {"PySide6", "shiboken6"} or m.startswith("envdesk.gui")}


@pytest.fixture(autouse=True)
def _no_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when a test outside tests/gui brings Qt in.

    pytest-qt itself loads the basic Qt modules, so only new ones show here; test_project.py looks at the imports of the
    test files and imports the whole program in a clean process.
    """
    before = _qt_modules()
    yield
    new = _qt_modules() - before
    if new and not is_gui(request.path):
        pytest.fail(f"Qt came in outside tests/gui: {', '.join(sorted(new))}", pytrace=False)
