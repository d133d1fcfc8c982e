"""The window: pages, panes, search, undo, folding, leaving, failing; nothing is left running."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from envdesk.desk import records
from envdesk.desk.office import load_forms
from envdesk.errors import refuse
from envdesk.gui import crash, crash_dialog, tokens
from envdesk.gui.app import App, main
from envdesk.gui.operations import Said
from envdesk.gui.page import Act, Page, PageSpec, found
from envdesk.gui.prefs import Prefs
from envdesk.gui.rail import GROUPS, Entry, Rail, RailModel, entries, forms_of
from envdesk.store import recent

Key = Qt.Key


class Notes(Page):
    """A page with two lines and a verb."""

    def __init__(self, ctx):
        super().__init__(ctx)
        self.set_head("记事", "两行", [Act("登记", self.add, "Ctrl+N", kind="primary")])
        self.one, self.two = QLineEdit(), QLineEdit()
        self.body.addWidget(self.one)
        self.body.addWidget(self.two)
        self.first, self.panes = self.one, (self.one, self.two)
        self.seen, self.kept, self.stay, self.added = [], 0, False, 0

    def add(self):
        self.added += 1

    def activate(self, params):
        self.seen.append(("activate", params))

    def on_changed(self, kinds):
        self.seen.append(("changed", kinds))

    def may_leave(self):
        return not self.stay

    def keep(self):
        self.kept += 1


PAGES = {
    "today": PageSpec("today", Notes),
    "register": PageSpec("register", Notes),
    "settings": PageSpec("settings", Notes),
}


@pytest.fixture
def app(running, qtbot) -> App:
    made = running(PAGES)
    made.window.start()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    qtbot.waitUntil(lambda: not made.tasks.active)
    return made


def test_start_shows_the_first_page_with_the_focus_in_it(app):
    page = app.window.page

    assert app.window.current == "today"
    assert page.one.hasFocus()
    assert page.seen == [("activate", {})]
    assert "记事" in app.window.windowTitle()


def test_rail_by_keyboard(app, qtbot):
    rail = app.window.rail.list
    rail.setFocus()
    qtbot.keyClick(rail, Key.Key_Down)
    qtbot.keyClick(rail, Key.Key_Return)

    assert app.window.current == "register"
    assert app.window.page.seen == [("activate", {"group": "检查巡查"})]


def test_f6_goes_round_and_back(app, qtbot):
    window, page = app.window, app.window.page
    seen = []
    for _n in range(4):
        qtbot.keyClick(window, Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert seen == [page.two, window.rail.list, window.top.search, page.one]
    qtbot.keyClick(window, Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.top.search.hasFocus()


def test_ctrl_k_searches_places_and_records(app, qtbot, typed):
    window = app.window
    qtbot.keyClick(window, Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.top.search.hasFocus()
    typed(window.top.search, "设置")
    qtbot.waitUntil(window.top.search.list.isVisible)
    qtbot.waitUntil(lambda: not app.tasks.active)
    qtbot.keyClick(window.top.search, Key.Key_Return)

    assert window.current == "settings"


def test_page_key_works_wherever_the_focus_is(app, qtbot):
    page = app.window.page
    app.window.rail.list.setFocus()
    qtbot.keyClick(app.window.rail.list, Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert page.added == 1


def test_key_of_a_hidden_page_is_silent(app, qtbot):
    first = app.window.page
    app.window.go("register")
    qtbot.keyClick(app.window, Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert (first.added, app.window.page.added) == (0, 1)


def test_page_may_refuse_to_be_left(app):
    page = app.window.page
    page.stay = True

    assert app.window.go("register") is False
    assert app.window.current == "today"
    assert page.kept == 1
    page.stay = False


def test_change_reaches_the_shown_page_now_and_the_hidden_one_later(app, qtbot):
    window, today = app.window, app.window.page
    window.go("register")
    register = window.page
    window.ctx.operations.do(lambda work: records.add(work.desk, "grid", [{"name": "石马联社"}]), said="已登记。")
    qtbot.waitUntil(lambda: ("changed", frozenset({"grid"})) in register.seen)
    assert ("changed", frozenset({"grid"})) not in today.seen
    window.go("today")
    assert ("changed", frozenset({"grid"})) in today.seen
    qtbot.waitUntil(lambda: not app.tasks.active)


def test_done_is_in_the_status_bar_and_ctrl_z_takes_it_back(app, qtbot):
    window = app.window
    window.ctx.operations.do(lambda work: records.add(work.desk, "grid", [{"name": "石马联社"}]), said="已登记。")
    qtbot.waitUntil(lambda: window.toast.text == "已登记。")
    assert window.status.said.text() == "已保存 09:41"
    assert window.status.undo.isVisible()
    window.rail.list.setFocus()
    qtbot.keyClick(window.rail.list, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.toast.text == "已撤销。")
    qtbot.waitUntil(lambda: not app.tasks.active)

    assert app.wait(lambda work: records.listing(work.desk, "grid")) == []


@pytest.mark.parametrize(("scale", "lines"), [(1.0, 2), (1.5, 2), (2.0, 3)])
def test_a_toast_breaks_a_line_only_where_it_has_to(app, scale, lines):
    left = "没有打印 ZG-2026-0052：“存在的问题”里有工单 GD-2026-0198 诉求人的姓名，请改写后再打印。"
    app.window.resize(1366, 768)
    for _again in range(2):
        app.theme.set_scale(scale)
        QApplication.processEvents()
        app.window._say(Said("已生成 整改通知书.pdf。", "note", act=("打开", lambda: None), details=(left,)))
        words = app.window.toast._words
        QApplication.processEvents()
        assert round(words.heightForWidth(words.width()) / words.fontMetrics().lineSpacing()) == lines
        assert words.height() >= words.heightForWidth(words.width())
        assert left in app.window.status.said.text()
        app.theme.set_scale(1.0)


def test_refusal_is_shown_in_toast_and_status_bar(app, qtbot):
    def verb(_work):
        raise refuse("undo_nothing")

    app.window.ctx.operations.do(verb)
    qtbot.waitUntil(lambda: app.window.toast.text != "")

    assert app.window.toast.text == app.window.status.said.text() == "没有可以撤销的操作。"


def test_rail_folds_below_1200_pixels(app):
    window = app.window
    assert not window.rail.folded
    window.resize(1199, 768)
    assert window.rail.folded
    assert window.rail.width() == 48
    window.resize(1366, 768)
    app.theme.set_scale(1.25)
    assert window.rail.folded
    app.theme.set_scale(1.0)
    assert not window.rail.folded


def test_appearance_is_changed_and_kept(app):
    menu: QMenu = app.window.top.menu
    menu.aboutToShow.emit()
    within = [a for m in menu.actions() if m.menu() for a in m.menu().actions()]
    next(a for a in within if a.text() == "深色").trigger()
    next(a for a in within if a.text() == "150%").trigger()

    assert (app.theme.dark, app.theme.scale) == (True, 1.5)
    assert (app.prefs.get("mode"), app.prefs.get("scale")) == ("dark", 1.5)


def test_closing_keeps_drafts_and_may_be_refused(app):
    page = app.window.page
    page.stay = True
    app.window.close()
    assert app.window.isVisible()
    assert page.kept == 1
    page.stay = False
    app.window.close()
    assert not app.window.isVisible()


def test_nothing_runs_after_closing(running):
    before = set(threading.enumerate())
    app = running(PAGES)
    app.window.start()
    app.window.ctx.operations.tell("已保存。")
    app.close()

    assert set(threading.enumerate()) == before
    assert app.window is None


def test_standing_facts_can_be_buttons(app, qtbot):
    pressed = []
    status = app.window.status
    status.set_fact("calendar", "节假日表：2027 未导入", icon="calendar", tone="amber", on=lambda: pressed.append(1))
    qtbot.keyClick(status._facts["calendar"], Key.Key_Return)
    assert pressed == [1]
    status.set_fact("calendar", "")
    assert "calendar" not in status._facts


# ----------------------------------------------------------------------------------------------------------------- rail
def test_every_register_is_in_one_group(running):
    catalogue = running(PAGES).window.ctx.catalogue
    there = [f for g in GROUPS for f in forms_of(catalogue, g)]

    assert len(there) == len(set(there))
    assert "work_order" in forms_of(catalogue, "投诉信访")
    assert "rectification" in forms_of(catalogue, "整改执法")
    assert "vocs_check" in forms_of(catalogue, "检查巡查")


def test_rail_shows_only_what_has_a_page(running):
    catalogue = running(PAGES).window.ctx.catalogue

    assert [e.key for e in entries(catalogue, ["today"]) if e.part == "item"] == ["today"]
    whole = [e.text for e in entries(catalogue, ["today", "register", "subjects", "reports", "send", "settings"])]
    assert [t for t in whole if t] == ["今日", "登记", *GROUPS, "监管对象", "报表", "上报", "设置"]
    assert "合并台" in [e.text for e in entries(catalogue, ["register", "merge"], district=True)]


@pytest.mark.usefixtures("theme")
def test_rail_model(qtmodeltester):
    model = RailModel([Entry("a", "今日", "calendar"), Entry("", "登记", part="title"), Entry("b", "设置", "lock")])
    model.count({"a": 7})
    qtmodeltester.check(model)
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleDescriptionRole) == "7 件待办"


def test_titles_of_the_rail_are_skipped(theme, qtbot):
    rail = Rail(
        theme, [Entry("a", "今日", "lock", "x"), Entry("", "登记", part="title"), Entry("b", "检查", "lock", "y")]
    )
    qtbot.addWidget(rail)
    rail.resize(168, 600)
    rail.show()
    rail.light("a")
    qtbot.keyClick(rail.list, Key.Key_Down)

    assert rail.list.currentIndex().row() == 2


def test_pages_are_found():
    specs = found()

    assert specs["gallery"].hidden
    assert all(name == spec.name for name, spec in specs.items())


def test_gallery_is_drawn_in_every_look(running, qtbot):
    app = running(found())
    app.window.go("gallery")
    for mode in ("light", "dark"):
        app.theme.set_mode(mode)
        for scale in (1.0, 1.5, 2.0):
            app.theme.set_scale(scale)
            QApplication.processEvents()
            assert not app.window.grab().isNull()
    qtbot.waitUntil(lambda: not app.tasks.active)


# ---------------------------------------------------------------------------------------------------------------- crash
def fail_with_a_name():
    raise KeyError("张三 13812345678 李四@example.com")


def failure() -> BaseException:
    try:
        fail_with_a_name()
    except KeyError as exc:
        return exc
    raise AssertionError


def test_details_say_where_but_not_who():
    text = crash.describe(failure())

    assert "KeyError" in text
    assert "fail_with_a_name" in text
    assert not any(word in text for word in ("张三", "13812345678", "李四", "example.com"))


def test_log_file_holds_no_personal_data(data_dir, logs):
    logs.allow("unhandled|draft")
    handler = crash.open_log(data_dir / "logs")
    logger = logging.getLogger("envdesk.gui")
    error = failure()
    logger.error("unhandled", exc_info=(type(error), error, error.__traceback__))
    logger.info("opened %s", "石马联社 13812345678")
    crash.close_log(handler)
    text = (data_dir / "logs" / "envdesk.log").read_text("utf-8")

    assert "KeyError" in text
    assert not any(word in text for word in ("张三", "13812345678", "李四", "石马"))


def test_failure_on_another_thread_is_shown_on_the_gui_thread(qtbot, logs):
    logs.allow("unhandled")
    shown = []
    failures = crash.Failures(lambda e: shown.append((e, threading.current_thread())))
    before = threading.excepthook
    failures.install()
    try:
        thread = threading.Thread(target=fail_with_a_name)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(shown))
    finally:
        failures.remove()

    assert shown[0][1] is threading.main_thread()
    assert threading.excepthook is before


def test_crash_dialog_keeps_drafts_and_copies_details(app, qtbot, monkeypatch):
    seen = []

    def shown(dialog):
        qtbot.keyClick(dialog.copy, Key.Key_Return)
        seen.append((dialog.details.toPlainText(), QApplication.clipboard().text()))
        return 1

    monkeypatch.setattr(crash_dialog.CrashDialog, "exec", shown)
    before = app.window.page.kept
    app.show_failure(failure())

    assert app.window.page.kept == before + 1
    assert seen[0][0] == seen[0][1]
    assert "EnvDesk" in seen[0][0]
    assert "张三" not in seen[0][0]


def test_failing_work_reaches_the_crash_dialog(app, qtbot, logs, monkeypatch):
    logs.allow("unhandled")
    shown = []
    monkeypatch.setattr(crash_dialog.CrashDialog, "exec", lambda _dialog: shown.append(1))
    app.window.ctx.operations.do(lambda _work: fail_with_a_name())
    qtbot.waitUntil(lambda: bool(shown))
    app.wait(lambda _work: None)  # the thread goes on, and it was said once
    assert shown == [1]


# ------------------------------------------------------------------------------------------------------------ main, prefs
@pytest.mark.usefixtures("qapp")
def test_main_opens_and_ends(office_file, monkeypatch):
    seen = []
    monkeypatch.setattr(QApplication, "exec", lambda *_a: seen.append(QApplication.topLevelWidgets()) or 0)

    assert main(office_file, operator="李敏", as_of="2026-10-09") == 0
    assert seen
    assert recent.known()[1] == office_file  # an upgrade backs it up


@pytest.mark.usefixtures("qapp")
def test_main_says_why_a_desk_cannot_be_opened(data_dir, monkeypatch):
    from envdesk.gui.act_dialog import ActDialog

    said = []
    monkeypatch.setattr(ActDialog, "exec", lambda dialog: said.append(dialog.windowTitle()))

    assert main(data_dir / "none.envdesk") == 1
    assert said == ["打不开台账"]


def test_choices_of_this_pc_survive(data_dir):
    path = data_dir / "window.json"
    Prefs(path).put("mode", "dark")
    assert Prefs(path).get("mode") == "dark"
    Path(path).write_text("{broken", "utf-8")
    assert Prefs(path).get("mode", "system") == "system"


def test_said_is_plain():
    assert Said("a").undo is False


def test_in_little_room_buttons_of_the_head_give_way_to_the_title(app):
    page = app.window.page
    acts = [
        Act(words, page.add, key, icon="printer") for words, key in (("打印一遍", "Ctrl+P"), ("另存一份", "Ctrl+E"))
    ]
    title = "均禾佳达鞋业有限公司的档案"
    page.set_head(title, "", [*acts, Act("登记检查", page.add, "Ctrl+N", kind="primary")])
    wide = sum(b.sizeHint().width() for b in page.buttons.values())
    app.theme.set_scale(2.0)
    app.window.resize(960, 600)
    QApplication.processEvents()
    page.set_head(title, "", [*acts, Act("登记检查", page.add, "Ctrl+N", kind="primary")])
    QApplication.processEvents()
    QApplication.processEvents()
    buttons = list(page.buttons.values())
    assert sum(b.width() for b in buttons) < 2 * wide
    assert buttons[0].toolTip() == "打印一遍"
    assert page._title.geometry().right() <= buttons[0].geometry().left()
    app.theme.set_scale(1.0)


def test_a_shorter_title_leaves_no_hole_after_it(app):
    page = app.window.page
    for title in ("汛期环境安全隐患排查", "今日"):
        page.set_head(title, "2026年10月9日")
        QApplication.processEvents()
    for scale in (1.5, 1.0):
        app.theme.set_scale(scale)
        QApplication.processEvents()
    gap = page._subtitle.geometry().left() - page._title.geometry().left()
    assert gap <= page._title.fontMetrics().horizontalAdvance("今日") + 2 * page.ctx.theme.px(12)


@pytest.mark.parametrize(("scale", "high"), [(1.0, 600), (2.0, 768)])
def test_no_entry_of_the_rail_is_out_of_sight_in_a_low_window(theme, qtbot, scale, high):
    theme.set_scale(scale)
    pages = ["today", "register", "subjects", "reports", "send", "settings"]
    rail = Rail(theme, entries(load_forms(), pages, district=False))
    qtbot.addWidget(rail)
    rail.fold(folded=True)
    rail.resize(96, high)
    rail.show()
    view = rail.list
    last = view.visualRect(view.model().index(view.model().rowCount() - 1, 0))
    assert last.bottom() < view.viewport().height()
    assert last.height() >= theme.px(tokens.CONTROL_ROW)
