"""The lists of a group: keyboard, filters, search, order, many rows, preview, void and undo, export, import."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

sys.path.insert(0, str(Path(__file__).parent))

import register_office as office

from envdesk.gui.pages import register
from envdesk.gui.virtual_model import PAGE as ROWS

Key, Mod = Qt.Key, Qt.KeyboardModifier
PHONE = "13800005678"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("小办") / "台账.envdesk"
    return path, office.build(path)


@pytest.fixture
def ids(made):
    return made[1]


@pytest.fixture
def office_file(made, data_dir) -> Path:
    """The small office instead of an empty one."""
    path = data_dir / "office.envdesk"
    shutil.copyfile(made[0], path)
    return path


@pytest.fixture
def app(running, qtbot):
    started = running({"register": register.PAGE, "form": office.FORM, "subjects": office.FORM})
    started.window.activateWindow()
    qtbot.waitUntil(started.window.isActiveWindow)
    return started


def opened(app, **params):
    """The page, settled, with the focus where it starts."""
    app.window.go("register", **({"group": "投诉信访", "form": "work_order"} | params))
    office.settle(app)
    page = app.window.page
    page.list.focus_list()
    return page


def column(page, key: str) -> int:
    return next(n for n, c in enumerate(page.list.model.columns) if c.key == key)


def shown(page, key: str) -> list[str]:
    model, at = page.list.model, column(page, key)
    return [model.data(model.index(n, at)) for n in range(model.rowCount())]


def texts(widget) -> str:
    return "\n".join(w.text() for w in widget.findChildren(QLabel))


def press(qtbot, page, key, mod=Mod.NoModifier) -> None:
    qtbot.keyClick(page.list.table.main, key, mod)


def operations(app) -> int:
    return app.wait(lambda w: w.desk.store.con.value("SELECT max(no) FROM operation"))


# ---- opening -------------------------------------------------------------------------------------------------------
def test_a_group_opens_on_this_year_with_the_newest_first(app):
    page = opened(app)

    assert page.title == "投诉信访"
    assert page._subtitle.text() == "2026年 5 条"
    assert shown(page, "order_no")[:3] == ["20261009-0034", "20261008-0021", "20260917-0317"]
    assert shown(page, "state")[:3] == ["待签收", "今天到期", "已超期1天"]
    assert page.list.table.row().data.number == "GD-2026-0003"
    assert app.window.rail.list.lit == "register:投诉信访"
    assert "待签收 1" in page.list.foot.totals.texts


def test_the_number_people_know_stands_first_and_stays(app):
    page = opened(app)
    table = page.list.table

    assert page.list.model.columns[1].key == "order_no"
    assert not table.left.isColumnHidden(1)
    assert table.main.isColumnHidden(1)


def test_model_is_sound(app, qtmodeltester):
    page = opened(app)
    qtmodeltester.check(page.list.model)


def test_forms_of_a_group_are_tabs(app, qtbot):
    page = opened(app, group="检查巡查", form="visit")
    assert page._subtitle.text() == "2026年 4 条"
    page.strip.setFocus()
    qtbot.keyClick(page.strip, Key.Key_End)
    office.settle(app)
    assert page.list.state.of == "outing"
    qtbot.keyClick(page, Key.Key_PageDown, Mod.ControlModifier)
    office.settle(app)
    assert page.list.state.of == "visit"
    assert page.strip.more.isVisible()


def test_the_totals_of_one_list_are_not_shown_under_another(app, qtbot):
    page = opened(app)
    totals = page.list.foot.totals
    assert totals.texts
    place = page.list.foot.buttons["打印"].x()
    app.window.go("register", group="投诉信访", form="supervision_case")
    qtbot.waitUntil(lambda: page.list.state.of == "supervision_case")
    assert not totals.texts
    office.settle(app)
    assert page.list.foot.buttons["打印"].x() == place


def test_an_empty_list_says_so_in_one_sentence_and_offers_the_form(app, qtbot):
    page = opened(app, period="2019")
    empty = page.list._nothing

    assert empty.sentence.text() == "2019年还没有12345/信访工单记录。"
    assert empty.link is not None
    assert empty.button.hasFocus()
    assert page.list.preview.shown is None
    assert not page.list.preview.isVisible()
    qtbot.keyClick(empty.button, Key.Key_Return)
    assert app.window.current == "form"
    assert app.window.page.params["form"] == "work_order"


def test_the_preview_comes_back_with_the_first_record_there_is(app):
    page = opened(app, period="2019")
    assert not page.list.preview.isVisible()
    page = opened(app, period="2026")
    assert page.list.preview.isVisible()


# ---- filters, period, search, order --------------------------------------------------------------------------------
def test_a_filter_by_keyboard(app, qtbot):
    page = opened(app, period="")
    chip = page.list.bar.chips["source"]
    chip.setFocus()
    qtbot.keyClick(chip, Key.Key_Down)
    office.settle(app)
    assert [(i.text, i.beside) for i in chip.popup.items] == [("12345", "5"), ("来访", "1")]
    qtbot.keyClick(chip, Key.Key_Down)
    qtbot.keyClick(chip, Key.Key_Space)
    office.settle(app)
    assert (chip.words, page.list.model.rowCount()) == ("来访", 1)
    assert page._subtitle.text() == "6 条，列出 1 条"
    qtbot.keyClick(chip, Key.Key_Escape)
    assert not chip.popup.isVisible()
    qtbot.keyClick(chip, Key.Key_Backspace)
    office.settle(app)
    assert page.list.model.rowCount() == 6


def test_the_same_filter_of_another_list_has_its_own_name_and_place(app):
    bar = opened(app).list.bar

    def named():
        return {key: chip.accessibleName() for key, chip in bar.chips.items()}

    orders, order = named(), list(bar.chips)
    assert orders["source"] == "筛选：来源"
    opened(app, group="检查巡查", form="vocs_check")
    assert named()["source"] == "筛选：检查来源"
    opened(app)
    assert named() == orders
    assert list(bar.chips) == order


def test_a_value_is_found_by_its_pinyin(app, qtbot):
    page = opened(app, period="")
    chip = page.list.bar.chips["handler"]
    chip.setFocus()
    qtbot.keyClick(chip, Key.Key_F4)
    office.settle(app)
    qtbot.keyClicks(chip, "cl")
    assert chip.popup.row.text == "陈立"


def test_a_total_filters_by_its_state(app, qtbot):
    page = opened(app)
    totals = page.list.foot.totals
    totals.setFocus()
    at = next(n for n, text in enumerate(totals.texts) if text.startswith("待签收"))
    for _n in range(at):
        qtbot.keyClick(totals, Key.Key_Right)
    qtbot.keyClick(totals, Key.Key_Return)
    office.settle(app)
    assert shown(page, "order_no") == ["20261009-0034"]


def test_periods_by_keyboard_and_one_of_ones_own(app, qtbot):
    page = opened(app)
    segments, panel = page.list.bar.segments, page.list.period_panel
    segments.setFocus()
    qtbot.keyClick(segments, Key.Key_Home)
    office.settle(app)
    assert page.list.model.rowCount() == 2
    qtbot.keyClick(segments, Key.Key_5)
    assert panel.isVisible()
    panel.first.clear()
    panel.last.clear()
    panel.first.setText("昨年")
    qtbot.keyClick(panel.first, Key.Key_Return)
    assert panel.isVisible()
    assert "昨年" in texts(panel)
    panel.first.clear()
    qtbot.keyClicks(panel.first, "2025-10")
    qtbot.keyClick(panel.first, Key.Key_Return)
    office.settle(app)
    assert not panel.isVisible()
    assert shown(page, "order_no") == ["20251003-0001"]


def test_search_in_the_list(app, qtbot, typed):
    page = opened(app)
    qtbot.keyClick(page, Key.Key_F, Mod.ControlModifier)
    search = page.list.bar.search
    assert search.hasFocus()
    typed(search, "佳达")
    search.textEdited.emit(search.text())
    qtbot.keyClick(search, Key.Key_Down)
    office.settle(app)
    assert page.list.table.main.hasFocus()
    assert shown(page, "order_no") == ["20260917-0317"]
    search.setFocus()
    qtbot.keyClick(search, Key.Key_Escape)
    office.settle(app)
    assert page.list.model.rowCount() == 5


def test_sorts_by_every_column_and_back(app):
    page = opened(app, period="")
    for n, head in enumerate(page.list.model.columns):
        if head.sortable:
            page.list.table.sort(n)
            office.settle(app)
            assert page.list.model.rowCount() == 6
            assert page.list.table.current == 0
    page.list.table.sort(column(page, "order_no"))
    office.settle(app)
    first = shown(page, "order_no")
    page.list.table.sort(column(page, "order_no"))
    office.settle(app)
    assert shown(page, "order_no") == first[::-1]


def test_what_was_asked_of_a_list_is_remembered(app):
    page = opened(app, period="2025")
    page.show_form("supervision_case")
    office.settle(app)
    page.show_form("work_order")
    office.settle(app)
    assert page.list.state.period == "2025"


# ---- many rows -----------------------------------------------------------------------------------------------------
def fill(work, ids, count: int) -> None:
    """Copies of one closed order, far faster than entering them."""
    con = work.desk.store.con
    [row] = con.dicts("SELECT * FROM t_work_order WHERE id = ?", (ids["已结"],))
    over = {
        "id": "printf('w%07d', i)", "record_no": "printf('GD-2026-%06d', i + 99)", "order_no": "printf('26%06d', i)",
        "received_at": "date('2026-01-01', (i % 280) || ' days') || 'T10:00'", "closed_at": "'2026-10-08'",
    }  # fmt: skip
    picked = ", ".join(over.get(c, f"?{n + 1}") for n, c in enumerate(row))
    names = ", ".join(f'"{c}"' for c in row)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    with con.atomic():
        con.execute(f"{numbers} INSERT INTO t_work_order ({names}) SELECT {picked} FROM n", list(row.values()))


def test_hundred_thousand_rows_open_sort_and_end_at_once(app, ids, qtbot):
    page = opened(app)
    few = min(_time_to_rows(app, page) for _n in range(3))
    app.wait(lambda w: fill(w, ids, 100_000))
    many = min(_time_to_rows(app, page) for _n in range(3))
    print(f"\nrows after go: few {few * 1000:.0f} ms, 100,000 {many * 1000:.0f} ms, ratio {many / few:.1f}")
    office.settle(app)
    assert page.list.model.rowCount() == 100_005
    assert page._subtitle.text() == "2026年 100005 条"

    def ready() -> bool:
        row = page.list.table.row()
        return row is not None and page.list.table.current == 100_004

    start = time.perf_counter()
    press(qtbot, page, Key.Key_End)
    qtbot.waitUntil(ready, timeout=20_000)
    print(f"end {(time.perf_counter() - start) * 1000:.0f} ms")
    assert page.list.table.row().data.number.startswith("GD-2026-")
    assert len(page.list.model._pages) <= 4
    start = time.perf_counter()
    with qtbot.waitSignal(page.list.model.counted, timeout=20_000):
        page.list.table.sort(column(page, "order_no"))
    print(f"sort by a text {(time.perf_counter() - start) * 1000:.0f} ms")
    office.settle(app)


def _time_to_rows(app, page) -> float:
    """Seconds from opening the list to its first rows on the screen."""
    page.list._states.clear()
    office.settle(app)
    before = page.list._reading
    start = time.perf_counter()
    app.window.go("register", group="投诉信访", form="work_order")
    while before is page.list._reading or page.list._reading.active:
        QApplication.processEvents()
    page.list.table.main.viewport().repaint()
    return time.perf_counter() - start


# ---- rows ----------------------------------------------------------------------------------------------------------
def test_enter_starts_the_next_step_and_f2_opens(app, qtbot, ids):
    page = opened(app)
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Down)
    office.settle(app)
    press(qtbot, page, Key.Key_Return)
    assert app.window.current == "form"
    asked = app.window.page.params
    assert (asked["form"], asked["id"], asked["section"]) == ("work_order", ids["超期"], "close")
    assert asked["back"] == ("register", {"group": "complaints", "form": "work_order"})
    page = opened(app)
    press(qtbot, page, Key.Key_F2)
    assert "section" not in app.window.page.params


def test_ctrl_n_opens_an_empty_form_or_asks_which(app, qtbot):
    page = opened(app)
    qtbot.keyClick(page, Key.Key_N, Mod.ControlModifier)
    assert app.window.page.params["form"] == "work_order"
    page = opened(app, group="检查巡查", form="visit")
    qtbot.keyClick(page, Key.Key_N, Mod.ControlModifier)
    menu = QApplication.activePopupWidget()
    assert [a.text() for a in menu.actions()][:2] == ["&1  现场检查记录", "&2  涉VOCs企业检查"]
    qtbot.keyClick(menu, Key.Key_2)
    assert not menu.isVisible()
    assert app.window.page.params["form"] == "vocs_check"


def test_the_preview_shows_the_row_masked_and_goes_away_by_space(app, qtbot, ids):
    page = opened(app)
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Down)
    office.settle(app)
    said = texts(page.list.preview)
    assert page.list.preview.shown.rec == ids["超期"]
    assert "佳达鞋业" in said
    assert "张**" in said
    assert PHONE not in said
    press(qtbot, page, Key.Key_Space)
    assert not page.list.preview.isVisible()
    press(qtbot, page, Key.Key_Space)
    assert page.list.preview.isVisible()


def test_the_preview_is_laid_out_anew_at_another_scale(app):
    app.window.resize(1920, 1080)
    app.theme.set_scale(1.5)
    pane = opened(app, search="0317").list.preview
    assert pane.isVisible()

    def places():
        office.settle(app)
        return {w.text(): w.mapTo(pane._inner, w.rect().topLeft()) for w in pane._inner.findChildren(QLabel)}

    app.theme.set_scale(1.0)
    after, found = places(), pane.shown
    pane.show_nothing()
    pane.show_record(found)
    assert after == places()


def test_a_masked_value_is_shown_with_a_reason_that_is_logged(app, ask):
    page = opened(app, search="0317")
    pane = page.list.preview
    before = operations(app)
    pane._facts._eyes["phone"].click()
    office.settle(app)
    assert operations(app) == before
    ask.reason = "回访诉求人"
    pane._facts._eyes["phone"].click()
    office.settle(app)
    assert pane._facts._values["phone"].text() == PHONE
    assert operations(app) == before + 1


def test_links_of_the_preview_lead_on(app, ids):
    page = opened(app, search="0317")
    page.list.preview.linked.emit("subject", ids["佳达"])
    assert app.window.current == "subjects"
    assert app.window.page.params["id"] == ids["佳达"]


def test_place_and_ticks_stay_when_something_changes_elsewhere(app, qtbot, ids):
    app.wait(lambda w: fill(w, ids, 3 * ROWS))
    page = opened(app)
    page.list.table.go_to(ROWS + 30)
    office.settle(app)
    press(qtbot, page, Key.Key_Insert)
    office.settle(app)
    here, ticked = page.list.table.row().id, page.list.model.checked

    def add(work):
        from envdesk.desk import records

        new = {"source": "来访", "received_at": "2026-10-09T09:00", "content": "异味", "warnings": "accept"}
        return records.add(work.desk, "work_order", [new])

    app.operations.do(add)
    office.settle(app)
    assert page.list.table.row().id == here
    assert page.list.table.current == ROWS + 32
    assert page.list.model.checked == ticked


def test_void_several_in_one_operation_and_undo(app, ask, qtbot):
    page = opened(app)
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Insert)
    press(qtbot, page, Key.Key_Insert)
    assert page.list.foot.words.text() == "选中 2 条"
    number = page.list.table.row().data.number
    before = operations(app)
    press(qtbot, page, Key.Key_Delete)
    office.settle(app)
    assert (ask.asked[-1].title, operations(app)) == ("作废 2 条记录", before)
    ask.reason = "重复登记"
    press(qtbot, page, Key.Key_Delete)
    office.settle(app)
    assert operations(app) == before + 1
    assert page.list.model.rowCount() == 3
    assert page.list.model.checked == ()
    assert page.list.table.row().data.number == number
    assert app.window.toast.text == "已作废 2 条。"
    page.list.bar.void.emit(True)
    office.settle(app)
    assert shown(page, "state") == ["作废", "作废"]
    page.list.bar.void.emit(False)
    qtbot.keyClick(page, Key.Key_Z, Mod.ControlModifier)
    office.settle(app)
    assert page.list.model.rowCount() == 5


def test_f6_goes_through_the_panes(app, qtbot):
    page = opened(app)
    stops = []
    for _n in range(6):
        qtbot.keyClick(app.window, Key.Key_F6)
        now = QApplication.focusWidget()
        stops.append(next((n for n, p in enumerate(page.panes) if p is now or p.isAncestorOf(now)), -1))
    assert [s for s in stops if s >= 0][:4] == [2, 3, 0, 1]


def test_the_tab_key_comes_to_everything_from_list_to_chips_find_preview_and_foot(app, qtbot):
    page = opened(app)
    page.list.focus_list()
    seen = []
    for _n in range(60):
        focus = QApplication.focusWidget()
        if focus in seen:
            break
        seen.append(focus)
        qtbot.keyClick(focus, Key.Key_Tab)
    view = page.list
    stops = [view.table.main, view.bar.segments, view.bar.search, view.preview.area, *view.foot.buttons.values()]
    stops += page.buttons.values()
    assert [w for w in stops if w not in seen] == []
    assert [seen.index(w) for w in stops] == sorted(seen.index(w) for w in stops)
    assert app.window.rail.list in seen
    assert seen[0] is view.table.main
