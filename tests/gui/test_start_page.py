"""The first start: three questions, wrong answers beside them, the file made whole or not at all, the sample office."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication

from envdesk.desk import office, records
from envdesk.errors import refuse
from envdesk.formdef.loader import load
from envdesk.gui import app as program
from envdesk.gui.app import App
from envdesk.gui.prefs import Prefs
from envdesk.gui.rail import entries
from envdesk.gui.window import MainWindow
from envdesk.present import first_start
from envdesk.present.first_start import Answers, Made

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier
NAME = "均禾街道综合执法办"


@pytest.fixture
def app(qapp, ask):
    made = App(qapp, prefs=Prefs(), ask=ask, hooks=False)
    yield made
    made.close()
    made.theme.setParent(None)
    shiboken6.delete(made.theme)


@pytest.fixture
def start(app, data_dir, qtbot):
    """``start(act)``: show the first start, run *act(window)* in it, return what came of it."""

    def run(act, *, sample=False, path=data_dir / "台账.envdesk"):
        def go():
            window = app.starting
            window.page.sample_folder = data_dir / "sample"
            window.activateWindow()
            try:
                qtbot.waitUntil(window.isActiveWindow)
                act(window)
            except BaseException:
                window.close()
                raise

        QTimer.singleShot(0, go)
        return app.first_start(path, sample=sample)

    return run


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.page.task is None or not window.page.task.active, timeout=20_000)


def test_three_answers_by_keyboard_make_the_office(start, data_dir, qtbot, typed):
    def act(window):
        page = window.page
        assert page.office.hasFocus()
        typed(page.office, NAME)
        qtbot.keyClick(page.office, Key.Key_Return)
        assert page.district.hasFocus()
        typed(page.district, "白云区")
        qtbot.keyClick(page.district, Key.Key_Return)
        assert page.people.hasFocus()
        typed(page.people, "李敏 执法人员\n陈立，环保员\n\n何静")
        qtbot.keyClick(page.people, Key.Key_Tab)
        assert page.grids.hasFocus()
        typed(page.grids, "石马社区\n清湖联社\n")
        qtbot.keyClick(page.grids, Key.Key_S, Control)

    made = start(act)

    assert made == Made(data_dir / "台账.envdesk", "李敏", 3, 2, NAME)
    assert [p.name for p in data_dir.iterdir() if ".new" in p.name] == []
    with office.opened(made.path) as desk:
        assert (office.setting(desk, "office_name"), office.setting(desk, "district")) == (NAME, "白云区")
        people = {r["name"]: r["role"] for r in records.listing(desk, "person")}
        assert people == {"李敏": "执法人员", "陈立": "环保员", "何静": None}
        assert {r["name"] for r in records.listing(desk, "grid")} == {"石马社区", "清湖联社"}


def test_a_district_is_chosen_by_keyboard_and_gets_the_merge_desk(start, qtbot, typed):
    def act(window):
        page = window.page
        assert page.role.value == "street"
        qtbot.keyClick(page.office, Key.Key_Backtab)
        assert page.role.hasFocus()
        qtbot.keyClick(page.role, Key.Key_Right)
        qtbot.keyClick(page.role, Key.Key_Tab)
        typed(page.office, "区生态环境分局")
        typed(page.people, "何静")
        qtbot.keyClick(page.people, Key.Key_S, Control)

    made = start(act)

    with office.opened(made.path) as desk:
        assert office.is_district(desk)
        keys = {e.page for e in entries(desk.catalogue, ["merge", "send"], district=True)}
    assert "merge" in keys
    assert "send" not in keys


def test_wrong_answers_keep_the_text_and_say_it_beside(start, data_dir, qtbot, typed):
    def act(window):
        page = window.page
        typed(page.people, "李敏 执法人员\n陈立 局长\n")
        qtbot.keyClick(page.people, Key.Key_S, Control)
        assert page.office.hasFocus()
        assert page.office.property("problem") == "error"
        assert page.office.accessibleDescription() == "请填写“单位名称”。"
        typed(page.office, NAME)
        assert page.office.property("problem") == ""
        qtbot.keyClick(page.office, Key.Key_S, Control)
        settle(qtbot, window)
        assert page.people.toPlainText() == "李敏 执法人员\n陈立 局长\n"
        assert page.people.accessibleDescription().startswith("第 2 行：没有“局长”这个岗位，可以写 执法人员、")
        assert page.people.textCursor().blockNumber() == 1
        assert not (data_dir / "台账.envdesk").exists()
        window.close()

    assert start(act) is None


@pytest.mark.parametrize(
    ("answers", "key", "words"),
    [
        (Answers(NAME, "", "", ""), "people", "至少写一个人"),
        (Answers(NAME, "", "李敏\n李敏 环保员", ""), "people", "第 2 行：“李敏”写了两次"),
        (Answers(NAME, "", "李敏 执法人员 副主任", ""), "people", "第 1 行：一行写一个人"),
        (Answers(NAME, "", "李敏", "石马社区\n石马社区"), "grids", "第 2 行：“石马社区”写了两次"),
        (Answers("街" * 51, "", "李敏", ""), "office", "最多 50 个字"),
    ],
)
def test_what_is_wrong_with_answers(answers, key, words):
    found = first_start.place(first_start.check(answers))
    assert list(found) == [key]
    assert words in found[key].message


def test_a_place_that_is_taken_is_said_and_nothing_is_lost(start, data_dir, qtbot, typed):
    there = data_dir / "台账.envdesk"
    there.write_text("别的文件", "utf-8")

    def act(window):
        typed(window.page.office, NAME)
        typed(window.page.people, "李敏")
        window.page.create_button.click()
        settle(qtbot, window)
        assert "台账.envdesk" in window.toast.text
        window.close()

    assert start(act) is None
    assert there.read_text("utf-8") == "别的文件"


def test_in_little_room_what_is_wrong_and_the_button_are_seen_together(start, qtbot, typed):
    def act(window):
        page = window.page
        window.ctx.theme.set_scale(1.5)
        window.resize(1366, 768)
        for field, words in (
            (page.office, NAME),
            (page.people, "李敏"),
            (page.passphrase, "x" * 12),
            (page.again, "y" * 12),
        ):
            typed(field, words)
        qtbot.keyClick(page.again, Key.Key_S, Control)
        assert page.again.hasFocus()
        room = page.area.viewport()
        for part in (page.boxes[first_start.AGAIN], page.create_button):
            top = part.mapTo(room, QPoint(0, 0)).y()
            assert top >= 0
            assert top + part.height() <= room.height()
        window.close()

    assert start(act) is None


def test_another_place(start, data_dir, ask, typed):
    ask.path = data_dir / "别处"

    def act(window):
        typed(window.page.office, NAME)
        typed(window.page.people, "李敏")
        window.page.move_link.click()
        window.page.create_button.click()

    assert start(act).path == data_dir / "别处.envdesk"


def test_a_failure_leaves_no_half_office(data_dir, monkeypatch):
    def fail(*_args, **_more):
        raise refuse("bad_path", path="x", detail="满")

    monkeypatch.setattr(first_start.records, "add", fail)
    with pytest.raises(type(refuse("bad_path"))):
        first_start.make(data_dir / "台账.envdesk", Answers(NAME, "", "李敏", ""))
    assert list(data_dir.iterdir()) == []


def test_the_sample_office_with_progress_once_a_month(start, data_dir, qtbot, monkeypatch):
    monkeypatch.setattr(first_start, "SAMPLE_RECORDS", 60)
    seen = []

    def act(window):
        window.progress.show_progress = lambda *far: seen.append(far)
        qtbot.keyClick(window.page.sample_button, Key.Key_Return)

    made = start(act)
    assert made.operator == "样例"
    assert seen
    with office.opened(made.path) as desk:
        assert records.listing(desk, "inspection")
    assert first_start.make_sample(data_dir / "sample") == made


def test_stopping_the_sample_leaves_nothing(start, data_dir, qtbot):
    def act(window):
        window.page.sample_button.click()
        qtbot.waitUntil(lambda: window.page.task.state.value == "running")
        window.page.task.cancel()
        settle(qtbot, window)
        assert window.page.create_button.isEnabled()
        window.close()

    assert start(act) is None
    assert list((data_dir / "sample").glob("*.envdesk*")) == []


def test_main_asks_first_and_remembers_who_works_here(qapp, data_dir, monkeypatch):
    monkeypatch.setattr(program.paths, "user_data_dir", lambda: data_dir / "用户")
    opened = []

    def first_start_of(_self, path, _forms, *, sample):
        assert (path.name, sample) == ("台账.envdesk", False)
        return first_start.make(path, Answers(NAME, "", "李敏", ""))

    def run(_qt):
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        opened.append((window.ctx.operator, window.top.operator.text(), window.ctx.office))
        return 0

    monkeypatch.setattr(App, "first_start", first_start_of)
    monkeypatch.setattr(type(qapp), "exec", run)
    assert program.main() == 0
    assert opened == [("李敏", "李敏", NAME)]
    assert Prefs(data_dir / "用户" / "window.json").get("operator") == "李敏"

    monkeypatch.setattr(App, "first_start", lambda *_a, **_k: None)
    assert program.main(sample=True) == 0
    assert len(opened) == 1


def test_forms_know_the_roles():
    from envdesk import paths

    catalogue = load([paths.forms_dir()])
    found = first_start.check(Answers(NAME, "", "李敏 主任", ""), catalogue)
    assert found[0].index == 0
