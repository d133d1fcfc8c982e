"""Work off the GUI thread: order, progress, cancelling, failing, closing."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication, QWidget

from envdesk.clock import Clock
from envdesk.desk.office import Done
from envdesk.errors import Cancelled, refuse
from envdesk.gui.operations import Operations
from envdesk.gui.progress import ProgressPanel
from envdesk.gui.tasks import State, Tasks
from envdesk.gui.tokens import PROGRESS_AFTER_MS


@pytest.fixture
def operations(tasks) -> Operations:
    return Operations(tasks, Clock())


def over(qtbot, task):
    qtbot.waitUntil(lambda: not task.active)


def test_result_comes_back_on_the_gui_thread(tasks, qtbot):
    got = []
    tasks.run(
        lambda _work: threading.current_thread().name,
        done=lambda v: got.append((v, QThread.currentThread())),
        on="pool",
    )
    qtbot.waitUntil(lambda: bool(got))

    assert got[0][0].startswith("pool")
    assert got[0][1] is QApplication.instance().thread()


def test_database_work_is_done_one_by_one_in_order(tasks, qtbot):
    seen: list[tuple[int, str]] = []
    for n in range(20):
        tasks.run(lambda _work, n=n: seen.append((n, threading.current_thread().name)))
    qtbot.waitUntil(lambda: len(seen) == 20)

    assert [n for n, _name in seen] == list(range(20))
    assert len({name for _n, name in seen}) == 1


def test_desk_is_out_of_reach_in_the_pool(tasks, qtbot):
    errors = []
    tasks.run(lambda work: work.desk, failed=errors.append, on="pool")
    qtbot.waitUntil(lambda: bool(errors))

    assert isinstance(errors[0], RuntimeError)


def test_progress_arrives_and_cancel_stops(tasks, qtbot):
    steps, begun = [], threading.Event()

    def slow(work):
        for n in range(10_000):
            work.report(n, 10_000, "步")
            begun.set()
            time.sleep(0.002)

    task = tasks.run(slow, done=lambda _v: pytest.fail("ended"), progress=lambda *p: steps.append(p), on="pool")
    qtbot.waitUntil(lambda: bool(steps))
    task.cancel()
    over(qtbot, task)

    assert task.state is State.CANCELLED
    assert steps[0][1:] == (10_000, "步")


def test_waiting_work_can_be_cancelled(tasks, qtbot):
    gate, ran = threading.Event(), []
    tasks.run(lambda _work: gate.wait(5))
    second = tasks.run(lambda _work: ran.append(1))
    second.cancel()
    gate.set()
    over(qtbot, second)

    assert ran == []


def test_statement_of_the_database_is_interrupted(qtbot):
    pulled = threading.Event()
    tasks = Tasks(lambda: None, interrupt=pulled.set)
    task = tasks.run(lambda _work: pulled.wait(5))
    qtbot.waitUntil(lambda: task.state is State.RUNNING)
    task.cancel()
    over(qtbot, task)

    assert pulled.is_set()
    tasks.close()


def test_nobody_hears_of_work_whose_owner_is_gone(tasks, qtbot):
    owner, gate, heard = QObject(), threading.Event(), []
    task = tasks.run(lambda _work: gate.wait(5), done=heard.append, owner=owner)
    owner.deleteLater()
    del owner
    QApplication.sendPostedEvents(None, 52)
    gate.set()
    over(qtbot, task)

    assert heard == []


def test_failure_nobody_handles_is_reported(tasks, unhandled, qtbot):
    tasks.run(lambda _work: 1 / 0)
    qtbot.waitUntil(lambda: bool(unhandled.errors))

    assert isinstance(unhandled.errors[0], ZeroDivisionError)


def test_cancelled_is_silent(tasks, unhandled, qtbot):
    def stop(_work):
        raise Cancelled

    task = tasks.run(stop, failed=lambda _e: pytest.fail("told"))
    over(qtbot, task)

    assert unhandled.errors == []


@pytest.mark.usefixtures("qapp")
def test_closing_waits_and_leaves_no_thread():
    tasks = Tasks(lambda: None)
    tasks.run(lambda _work: time.sleep(0.05))
    tasks.run(lambda _work: time.sleep(0.05), on="pool")
    tasks.close()

    assert not [t for t in threading.enumerate() if t.name.startswith(("desk", "pool"))]


# ----------------------------------------------------------------------------------------------------------- operations
def test_verb_tells_what_changed_and_offers_undo(operations, qtbot):
    said, changed = [], []
    operations.said.connect(said.append)
    operations.changed.connect(changed.append)
    operations.do(lambda _work: Done(3, frozenset({"work_order"})), said=lambda n: f"已作废 {n} 条工单。")
    qtbot.waitUntil(lambda: bool(changed))

    assert changed == [frozenset({"work_order"})]
    assert (said[0].text, said[0].undo) == ("已作废 3 条工单。", True)
    assert operations.last_saved


def test_refusal_is_said_once(operations, qtbot, unhandled):
    said = []
    operations.said.connect(said.append)

    def verb(_work):
        raise refuse("stale", record_no="GD-2026-0001")

    with qtbot.waitSignal(operations.said):
        operations.do(verb)

    assert [s.tone for s in said] == ["refused"]
    assert "GD-2026-0001" in said[0].text
    assert unhandled.errors == []


def test_page_may_show_a_refusal_itself(operations, qtbot):
    shown = []

    def verb(_work):
        raise refuse("why_needed")

    operations.said.connect(lambda _s: pytest.fail("said twice"))
    task = operations.do(verb, refused=lambda e: shown.append(e.code) or True)
    over(qtbot, task)

    assert shown == ["why_needed"]


def test_failure_of_a_verb_goes_to_the_crash_dialog(operations, unhandled, qtbot):
    operations.do(lambda _work: {}["没有"])
    qtbot.waitUntil(lambda: bool(unhandled.errors))

    assert isinstance(unhandled.errors[0], KeyError)


# ------------------------------------------------------------------------------------------------------------- progress
def test_short_work_shows_no_panel(theme, tasks, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    panel = ProgressPanel(theme, parent)
    task = tasks.run(lambda _work: None)
    panel.follow(task, "导入")
    over(qtbot, task)
    qtbot.wait(PROGRESS_AFTER_MS + 50)

    assert not panel.isVisible()


def test_long_work_shows_a_panel_that_stops_it(theme, tasks, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(600, 300)
    parent.show()
    panel = ProgressPanel(theme, parent)

    def slow(work):
        for n in range(100_000):
            work.report(n, 100_000)
            time.sleep(0.001)

    task = tasks.run(slow, on="pool")
    panel.follow(task, "导入 2025 年工单台账")
    qtbot.waitUntil(panel.isVisible, timeout=PROGRESS_AFTER_MS + 1000)
    border = panel.grab().toImage().pixelColor(0, panel.height() // 2)
    assert border == theme.colour("edge")  # it lies over words of a page
    qtbot.keyClick(panel, "\x1b")
    over(qtbot, task)

    assert not panel.isVisible()
