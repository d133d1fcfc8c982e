"""The guide through the first record, by keys: from the first start to the printed sheet, with what can go wrong."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication
from small_desk import words_of
from typist import Ctrl, Key, Typist

from envdesk.clock import Clock
from envdesk.desk import records
from envdesk.gui.prefs import GUIDE, GUIDED, UNGUIDED
from envdesk.present import first_start
from envdesk.present.first_start import Answers
from envdesk.present.guide import ABOUT, LOOK, MUST, SAVE, Saved


@pytest.fixture
def office_file(data_dir):
    """What the first start makes of its three answers."""
    answers = Answers("均禾街道综合执法办", "白云区", "李敏 执法人员\n陈立 环保员", "石马社区\n清湖联社")
    return first_start.make(data_dir / "台账.envdesk", answers, clock=Clock(datetime(2026, 10, 9, 9, 41))).path


@pytest.fixture
def typist(running):
    app = running()
    app.window.start()
    app.window.activateWindow()
    return Typist(app).until(app.window.isActiveWindow).rest(0.2)


def strip(typist):
    return typist.page.guiding.strip


def now(typist):
    """Id of the step to take, and its sentence as it stands in the strip."""
    typist.rest(0.2)
    assert strip(typist).isVisible()
    return typist.page.guiding.now.step.id, strip(typist).words.text()


def begin(typist, number):
    """Enter on one of the forms that 今日 offers."""
    typist.press(Key.Key_Down, times=number).enter().rest(0.2)
    typist.until(lambda: typist.window.current == "form" and typist.page.session is not None).rest(0.2)
    return typist


def test_from_the_first_start_to_the_printed_sheet_by_keys(typist, ask, tmp_path):
    begin(typist, 1)
    assert typist.page.session.form.id == "site_dust_patrol"
    assert typist.here == "people"
    assert now(typist)[0] == ABOUT
    assert "到“监管对象”打名称的几个字" in now(typist)[1]
    typist.pick("people", "李敏").rest().pick("people", "陈立").rest()
    typist.to("subject_id")
    assert now(typist)[1].startswith("在“监管对象”里打名称的几个字。")
    assert not strip(typist).field_button.isVisible()

    typist.say("石马新村三期工地")
    popup = typist.view.editor("subject_id").popup
    typist.until(popup.isVisible).rest()
    assert "选“新建”那一行" in now(typist)[1]
    typist.enter().rest(0.2)
    panel = typist.view.open_panel()
    assert panel is not None
    assert "补齐新建" in now(typist)[1]
    for _n in range(12):
        if not panel.isVisible():
            break
        here = next(k for k, e in panel.editors.items() if e.isAncestorOf(QApplication.focusWidget()))
        if here == "types" and not panel.editors[here].value():
            typist.say("建设工地").rest(0.1)
        elif here in ("address", "location"):
            typist.say("石马路8号")
        typist.enter().rest(0.2)
    assert not panel.isVisible()
    step, words = now(typist)
    assert (step, words.startswith("还差 6 项必填。")) == (MUST, True)
    assert typist.page.guiding.now.steps[0].done

    typist.press(Key.Key_0, Ctrl).rest(0.2)
    assert now(typist)[0] in (LOOK, SAVE)
    for _n in range(3):
        if typist.page.session.rec:
            break
        typist.press(Key.Key_S, Ctrl).rest(0.2)
    typist.until(lambda: typist.page.guiding.saved is not None).rest(0.2)
    said = strip(typist).words.text()
    assert said.startswith("YC-2026-0001 登记好了，在“检查巡查”的台账里")
    assert said.endswith("报表里已经数进：10月巡查工地 1 个次。")
    assert all(s.done for s in strip(typist).steps.steps)
    assert typist.app.prefs.get(GUIDE) == ""

    ask.path = tmp_path / "巡查.pdf"
    assert QApplication.focusWidget() is strip(typist).acts[0]
    typist.enter().rest(0.3)
    if QApplication.activePopupWidget() is not None:  # a form with several papers asks which
        typist.enter().rest(0.3)
    typist.until(ask.path.is_file).rest(0.2)
    assert "石马新村三期工地" in words_of(ask.path.read_bytes())
    typist.press(Key.Key_Tab).enter().rest(0.2)
    assert typist.window.current == "register"
    assert typist.page.list.state.of == "site_dust_patrol"
    typist.window.go("today")
    typist.rest(0.2)
    assert typist.page.welcome is None or not typist.page.welcome.isVisible()


def test_a_wrong_value_on_the_way_leads_to_its_field(typist):
    begin(typist, 2)
    assert now(typist)[0] == MUST
    typist.to("received_at").press(Key.Key_A, Ctrl).say("昨天下午吧").press(Key.Key_Tab).rest(0.2)
    step, words = now(typist)
    assert (step, words.startswith("有红字的要改好才能保存：")) == (LOOK, True)
    assert typist.here != "received_at"
    strip(typist).field_button.setFocus()
    typist.enter().rest()
    assert typist.here == "received_at"
    typist.press(Key.Key_A, Ctrl).say("2026-10-08 09:00").enter().rest(0.2)
    assert now(typist)[0] == MUST
    look = next(s for s in typist.page.guiding.now.steps if s.id == LOOK)
    assert look.done


def order(typist, number="YL1"):
    typist.to("order_no").say(number).to("content").say("夜间噪声扰民").rest(0.2)


def test_f6_reaches_the_guide_and_esc_there_sends_it_away_for_good(typist):
    begin(typist, 2)
    typist.say("YL1").rest()
    for _n in range(6):
        if typist.page.guiding.has_focus():
            break
        typist.press(Key.Key_F6).rest()
    assert typist.page.guiding.has_focus()
    typist.press(Key.Key_Escape).rest()
    assert typist.window.current == "form"
    assert not strip(typist).isVisible()
    assert typist.here == "order_no"
    assert typist.page.session.raw["order_no"] == "YL1"
    assert typist.app.prefs.get(GUIDE) == UNGUIDED
    typist.press(Key.Key_Escape).rest(0.2)
    assert typist.window.current == "today"
    typist.press(Key.Key_G, Ctrl).rest(0.3)
    assert not strip(typist).isVisible()


def test_who_goes_away_finds_what_was_typed_and_the_guide(typist):
    begin(typist, 2)
    typist.say("YL7").enter().rest(0.6)
    typist.press(Key.Key_Escape).rest(0.3)
    assert typist.window.current == "today"
    offered = typist.page.welcome.cells[0]
    assert QApplication.focusWidget() is offered
    assert offered.text().startswith("接着填：12345/信访工单")
    typist.enter().rest(0.3)
    assert typist.page.session.raw["order_no"] == "YL7"
    step, words = now(typist)
    assert (step, words.startswith("还差 1 项必填。有 * 的：内容。")) == (MUST, True)


def test_the_last_step_leads_to_the_report_and_to_the_next_record(typist):
    begin(typist, 2)
    order(typist)
    assert now(typist)[0] in (LOOK, SAVE)
    typist.save(new=False)
    typist.until(lambda: typist.page.guiding.saved is not None).rest(0.2)
    acts = {b.text(): b for b in strip(typist).acts}
    assert list(acts) == ["打印这张表", "看台账", "看报表里的数", "再登记一件"]
    typist.press(Key.Key_Tab, times=3).enter().rest(0.3)
    assert (typist.page.session.rec, typist.page.session.form.id) == ("", "work_order")
    assert not strip(typist).isVisible()


def test_save_and_new_says_where_the_record_is_and_leaves_the_cursor_in_the_next(typist):
    begin(typist, 2)
    order(typist)
    typist.save()
    typist.until(lambda: typist.page.guiding.saved is not None).rest(0.2)
    assert "GD-2026-0001 登记好了" in strip(typist).words.text()
    assert typist.here == "order_no"
    assert "再登记一件" not in [b.text() for b in strip(typist).acts]


def test_it_is_asked_for_again_from_the_menu(typist):
    typist.app.prefs.put(GUIDE, UNGUIDED)
    typist.app.operations.do(
        lambda w: records.add(w.desk, "work_order", [{
            "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声", "warnings": "accept",
        }])
    )  # fmt: skip
    typist.rest(0.2)
    assert not typist.page.welcome.isVisible()
    menu = typist.window.top.menu
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text() == "跟着引导登记一件").trigger()
    typist.rest(0.3)
    assert typist.page.welcome.isVisible()
    begin(typist, 0)
    assert typist.app.prefs.get(GUIDE) == GUIDED
    assert now(typist)[0] == ABOUT


@pytest.mark.parametrize("form", ["vocs_check", "other_ledger", "enforcement_case", "outfall_patrol"])
def test_other_forms_are_guided_as_well(typist, form):
    typist.window.go("form", form=form, guide=True)
    typist.rest(0.3)
    assert now(typist)[0] in (ABOUT, MUST)


def test_a_stored_record_has_no_guide(typist):
    typist.app.prefs.put(GUIDE, GUIDED)
    made = typist.app.wait(lambda w: records.add(w.desk, "work_order", [{
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声", "warnings": "accept",
    }]))  # fmt: skip
    typist.window.go("form", form="work_order", id=made.value.ids[0])
    typist.rest(0.3)
    assert not strip(typist).isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_nothing_of_the_strip_is_cut_and_no_field_is_covered(typist, scale):
    typist.app.theme.set_scale(scale)
    begin(typist, 1)
    shown = strip(typist)

    def fits():
        typist.rest(0.2)
        for part in (shown.steps, shown.count, shown.words, shown.field_button, shown.leave_button, *shown.acts):
            if part.isVisible():
                place = QRect(part.mapTo(shown, QPoint(0, 0)), part.size())
                assert shown.rect().contains(place), part
                assert part.width() >= part.minimumSizeHint().width(), part
        words = shown.words
        assert words.height() >= words.heightForWidth(words.width())
        area = typist.page.area
        assert area.mapTo(typist.page, QPoint(0, 0)).y() >= shown.geometry().bottom()
        assert area.height() > 100 * scale / 2

    fits()
    guiding = typist.page.guiding
    guiding._kept = True
    counted = "10月巡查工地 1 个次"
    guiding._show_saved(Saved("work_order", "", "YC-2026-0001", "inspections", "2026-10", "site_visits", counted))
    fits()
    if scale < 2:  # a sentence that would break beside the buttons stands over them
        assert shown.words.heightForWidth(shown.words.width()) == shown.words.heightForWidth(5_000)
    guiding.dismiss()
