"""Whole records by keyboard, drafts, what is masked, stale and sealed."""

from __future__ import annotations

import gc
import time

import pytest
from form_keys import PEOPLE, SUBJECT, Alt, Ctrl, Hands, Key, pages
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from envdesk.desk import records, seals
from envdesk.errors import refuse
from envdesk.gui.form.view import FormView, _fill_in
from envdesk.store import drafts


@pytest.fixture
def hands(running):
    return Hands(running(pages()))


def test_an_order_is_in_with_four_fields(hands, capsys):
    hands.window.go("form", form="work_order")
    hands.settle()
    assert hands.view.current_key() == "order_no"
    hands.type("YL2610090001").enter().enter()
    hands.say("市民反映鞋厂夜间有刺激性气味，要求处理。").press(Key.Key_Tab)
    hands.type("ts").enter()
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    with capsys.disabled():
        print(f"\n  12345: {hands.keys} keys besides the content")
    [order] = hands.rows("work_order")
    assert (order["order_no"], order["source"], order["kind"]) == ("YL2610090001", "12345", "投诉")
    assert order["received_at"] == "2026-10-09T09:41"
    assert hands.keys <= 6
    assert "GD-2026-0001" in hands.window.toast.text


def fill_check(hands):
    hands.add("person", *PEOPLE)
    hands.add("subject", SUBJECT)
    hands.window.go("form", form="vocs_check")
    hands.settle()
    assert hands.view.current_key() == "people"
    hands.type("zqm")
    hands.settle()
    hands.enter().type("cl")
    hands.settle()
    hands.enter()
    while hands.view.current_key() != "subject_id":
        hands.enter()
    hands.type("jdxy")
    hands.settle()
    hands.enter()
    while hands.view.current_key() != "A":
        hands.press(Key.Key_Down, Alt)
    for answer in (1, 1, 1, 3, 3, 1):
        hands.press(Key(Key.Key_0 + answer))
    assert hands.view.current_key() == "G"
    hands.press(Key.Key_2).say("已超更换周期 23 天").enter().enter()
    hands.say("限期整改").enter()
    hands.say("2026-10-24").enter()
    assert hands.view.current_key() == "ledger"
    hands.press(Key.Key_0, Ctrl)
    hands.settle()


def test_a_check_with_a_finding_by_keyboard(hands):
    fill_check(hands)
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    if not hands.session.rec:  # warnings: once more acknowledges
        hands.press(Key.Key_S, Ctrl)
        hands.settle()
    made = hands.get("vocs_check", hands.session.rec)
    assert (made["A"], made["G"], made["ledger"], made["result"]) == ("符合", "不符合", "符合", "发现问题")
    [finding] = made["findings"]
    assert (finding["item"], finding["desc"], finding["action"]) == ("G", "已超更换周期 23 天", "限期整改")
    assert (finding["due"], made["G_note"]) == ("2026-10-24", "已超更换周期 23 天")
    [rectification] = hands.rows("rectification")
    assert rectification["due"] == "2026-10-24"
    assert rectification["record_no"] in hands.window.toast.text
    assert made["people"] == ["周启明", "陈立"]


def test_an_answer_taken_back_keeps_the_text_in_the_draft(hands):
    fill_check(hands)
    row = next(v for v in hands.view.sections if v.checklist).checklist.rows["G"]
    hands.view.focus_key("G")
    hands.press(Key.Key_1)
    hands.settle()
    assert not row.panel.isVisible()
    assert hands.session.raw["findings"] == []
    assert hands.session.raw["result"] == "未发现问题"
    assert hands.session.raw["G_note"] == "已超更换周期 23 天"
    hands.view.focus_key("G")
    hands.press(Key.Key_2)
    hands.settle()
    [finding] = hands.session.raw["findings"]
    assert (finding["desc"], finding["due"], row.panel.note.toPlainText()) == (
        "已超更换周期 23 天", "2026-10-24", "已超更换周期 23 天",
    )  # fmt: skip


def test_a_draft_comes_back_exactly(hands):
    hands.open("work_order").to("order_no").say("YL01").to("location").say("石马路")
    hands.to("received_at")
    hands.focus().selectAll()
    hands.say("前天下午")
    hands.settle(0.8)
    assert "草稿 09:41 已保存" in hands.page.foot.kept.text()
    draft = hands.session.draft
    hands.open("vocs_check")
    hands.open(draft=draft)
    shown = [hands.editor(k).line.text() for k in ("order_no", "location", "received_at")]
    assert shown == ["YL01", "石马路", "前天下午"]
    assert "无法识别" in hands.said("received_at")
    assert hands.page.foot.wrong.text() == "2 处要改" or "1 处要改" in hands.page.foot.wrong.text()


def test_f8_goes_from_problem_to_problem(hands):
    hands.open("work_order").press(Key.Key_S, Ctrl)
    hands.settle()
    first = hands.view.current_key()
    hands.press(Key.Key_F8)
    second = hands.view.current_key()
    assert {first, second} == {"order_no", "content"}
    assert "请填写" in hands.said("content")
    assert hands.page.foot.wrong.text() == "2 处要改"


def test_warnings_are_acknowledged_by_saving_again(hands):
    [subject] = hands.add("subject", SUBJECT)
    hands.open("vocs_check", prefill={"subject_id": subject, "people": [], "extra_people": 2, "visit_kind": "行政检查"})
    hands.to("session").press(Key.Key_1)
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert not hands.session.rec
    assert "待确认" in hands.page.foot.open.text()
    assert hands.page.foot.save_button.text() == "确认并保存"
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert hands.session.rec


def test_personal_data_is_masked_until_a_reason_is_given(hands, ask):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声", "complainant": "张三丰",
    })  # fmt: skip
    hands.open("work_order", id=order)
    assert (hands.editor("complainant").kind, hands.editor("complainant").line.text()) == ("masked", "张**")
    ask.reason = "核实来电"
    hands.to("complainant").press(Key.Key_F4)
    hands.settle()
    assert hands.editor("complainant").line.text() == "张三丰"
    assert not hands.session.dirty


def test_history_of_a_field(hands):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声", "location": "石马路",
    })  # fmt: skip
    hands.app.wait(lambda w: records.edit(w.desk, "work_order", order, {"location": "石马村", "warnings": "accept"}))
    hands.open("work_order", id=order).to("location").press(Key.Key_F2)
    hands.settle()
    texts = [w.text() for w in hands.page.pane.findChildren(type(hands.page.view.general)) if w.isVisible()]
    assert "石马路 → 石马村" in texts
    hands.press(Key.Key_Escape)
    assert not hands.page.pane.in_history


def seen(hands):
    """Words of the pane at the right."""
    return [w.text() for w in hands.page.pane.findChildren(type(hands.page.view.general)) if w.isVisible()]


def test_an_order_tells_what_happened_to_it_beside_its_form(hands):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声", "signed_at": "2026-10-08T10:30",
    })  # fmt: skip
    hands.open("work_order")
    assert "经过" not in seen(hands)
    hands.open("work_order", id=order)
    hands.settle()
    words = seen(hands)
    assert "经过" in words
    assert any("签收" in text for text in words[words.index("经过") :])


def test_a_draft_that_could_not_be_kept_is_not_said_to_be(hands, monkeypatch):
    hands.open("work_order").to("location").say("石马路")
    hands.settle(0.6)
    assert hands.page.foot.kept.text() == "草稿 09:41 已保存"

    def full():
        raise refuse("disk_full")

    monkeypatch.setattr(hands.session, "keep_draft", full)
    hands.say("8号")
    hands.settle(0.6)
    assert hands.page.foot.kept.text() == "草稿没有保存"
    assert "磁盘已满" in hands.window.toast.text


def test_the_tab_key_comes_to_every_button_of_the_foot(hands):
    hands.open("work_order")
    foot = hands.page.foot
    foot.print_button.setFocus()
    hands.press(Key.Key_Tab)
    assert foot.new_button.hasFocus()
    hands.page.list.setFocus()
    seen = []
    for _n in range(6):
        hands.press(Key.Key_Tab)
        seen.append(hands.focus())
    assert foot.print_button in seen
    foot.setFocus()
    assert foot.save_button.hasFocus()


def test_f2_again_shows_the_history_of_the_whole_record(hands):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声", "location": "石马路",
    })  # fmt: skip
    change = {"location": "石马村", "handler": "陈立", "warnings": "accept"}
    hands.app.wait(lambda w: records.edit(w.desk, "work_order", order, change))
    hands.open("work_order", id=order).to("location").press(Key.Key_F2)
    hands.settle()
    assert not any("陈立" in text for text in seen(hands))
    hands.press(Key.Key_F2)
    hands.settle()
    words = seen(hands)
    assert "地点：石马路 → 石马村" in words
    assert "承办人：— → 陈立" in words
    assert "登记" in words
    hands.press(Key.Key_Escape)
    assert not hands.page.pane.in_history


def test_a_stored_record_is_voided_on_its_form_and_what_was_typed_goes_with_it(hands, ask):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声",
    })  # fmt: skip
    hands.open("work_order")
    assert "作废" not in hands.page.buttons
    hands.open("work_order", id=order).to("location").say("石马路")
    hands.settle(0.6)
    assert hands.app.wait(lambda w: len(drafts.drafts(w.desk.store))) == 1
    hands.page.buttons["作废"].setFocus()
    hands.press(Key.Key_Space)  # asked for a reason, none given
    assert [q.title for q in ask.asked] == ["作废 GD-2026-0001"]
    assert len(hands.rows("work_order")) == 1
    ask.reason = "重复登记"
    hands.press(Key.Key_Space)
    hands.settle()
    assert hands.rows("work_order") == []
    assert hands.app.wait(lambda w: drafts.drafts(w.desk.store)) == []
    hands.press(Key.Key_Z, Ctrl)
    hands.settle()
    assert [r["order_no"] for r in hands.rows("work_order")] == ["A1"]


def test_a_stale_record_is_opened_again_with_what_was_typed(hands, ask):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声",
    })  # fmt: skip
    hands.open("work_order", id=order).to("location").say("石马路")
    hands.settle()
    hands.app.wait(lambda w: records.edit(w.desk, "work_order", order, {"handler": "陈立", "warnings": "accept"}))
    ask.reason = ""
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert ask.asked
    assert hands.session.raw["handler"] == "陈立"
    assert hands.editor("location").line.text() == "石马路"
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert hands.get("work_order", order)["location"] == "石马路"


def test_a_sealed_month_asks_for_the_reason(hands, ask):
    hands.app.wait(lambda w: seals.seal(w.desk, "2026-09"))
    hands.open("work_order").say("A2").to("received_at")
    hands.focus().selectAll()
    hands.say("2026-09-20 10:00").to("content").say("油烟")
    ask.reason = "区局要求补录"
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert ask.asked
    assert hands.session.rec
    assert hands.get("work_order", hands.session.rec)["received_at"] == "2026-09-20T10:00"


def test_another_sheet_on_the_same_visit(hands):
    fill_check(hands)
    first = hands.session
    hands.page.open_sheet("hazardous_waste_check")
    hands.settle()
    assert hands.session.form.id == "hazardous_waste_check"
    assert hands.session.raw["people"] == first.raw["people"]
    assert hands.session.raw["subject_id"] == first.raw["subject_id"]
    assert hands.page._same_visit() == "同一次检查 2 张表：涉VOCs、危险废物"


def test_save_and_new_keeps_the_team(hands):
    fill_check(hands)
    team = hands.session.raw["people"]
    for _n in range(2):
        if hands.session.raw["subject_id"]:
            hands.press(Key.Key_Return, Ctrl)
            hands.settle()
    assert not hands.session.rec
    assert (hands.session.raw["people"], hands.session.raw["subject_id"]) == (team, None)


def test_esc_closes_what_is_open_before_it_leaves(hands):
    hands.open("vocs_check").to("campaign_id").say("百日攻坚")
    hands.settle()
    hands.press(Key.Key_Escape)
    hands.editor("campaign_id").open_new()
    hands.settle()
    panel = hands.editor("campaign_id").panel
    assert panel.isVisible()
    hands.press(Key.Key_Escape)
    assert not panel.isVisible()
    assert hands.editor("campaign_id").line.text() == "百日攻坚"
    assert hands.window.page is hands.page


def test_visibility_is_live(hands):
    hands.open("vocs_check")
    carbon = next(v for v in hands.view.sections if v.section.id == "carbon")
    assert not carbon.isVisibleTo(hands.view)
    hands.to("facility_kind").say("一次性活性炭吸附").enter()
    hands.settle()
    assert carbon.isVisibleTo(hands.view)


def test_a_form_opens_soon_and_a_key_costs_little(hands, capsys):
    hands.open("work_order")
    times = []
    for form in ("vocs_check", "site_dust_patrol", "subject"):
        start = time.perf_counter()
        hands.window.go("form", form=form)
        while hands.session is None or hands.session.form.id != form:
            QApplication.processEvents()
        hands.window.grab()
        times.append((time.perf_counter() - start) * 1000)
        hands.settle()
    hands.open("vocs_check").to("site_person")
    plain = QLineEdit(hands.window)
    plain.show()

    def cost(line):
        spent = []
        for n in range(300):
            if n % 40 == 0:
                line.clear()
            event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
            start = time.perf_counter()
            QApplication.sendEvent(line, event)
            spent.append(time.perf_counter() - start)
        return sorted(spent)[150] * 1e6

    bare, ours = cost(plain), cost(hands.editor("site_person").line)
    with capsys.disabled():
        print(f"\n  opened in {', '.join(f'{t:.0f}' for t in times)} ms; a key {ours:.0f} µs, plain {bare:.0f} µs")
    assert ours <= 5 * bare + 40


def test_opening_many_forms_leaves_nothing(hands):
    for _round in range(2):
        for form in ("vocs_check", "work_order", "outfall_patrol"):
            hands.open(form)
    gc.collect()
    QApplication.sendPostedEvents(None, 52)
    before = len(hands.window.findChildren(QLineEdit))
    for form in ("vocs_check", "work_order", "outfall_patrol"):
        hands.open(form)
    gc.collect()
    QApplication.sendPostedEvents(None, 52)
    assert len(hands.window.findChildren(QLineEdit)) <= before + 2
    assert len(hands.window.findChildren(FormView)) == 1


def test_enter_passes_a_list_and_leaves_a_row_nothing_was_typed_in(hands):
    hands.open("work_order").to("extensions").enter()
    assert hands.view.current_key() == "handler"
    assert hands.session.raw.get("extensions") in (None, [])
    hands.to("extensions").press(Key.Key_Plus)
    editor = hands.editor("extensions")
    assert len(editor.cards) == 1
    hands.enter()
    assert (len(editor.cards), hands.view.current_key()) == (0, "handler")
    hands.to("extensions").press(Key.Key_Plus).say("2026-10-08").enter()
    assert (len(editor.cards), hands.view.current_key()) == (1, "extensions")


def test_an_empty_cell_of_a_new_row_is_no_reproach_before_one_has_been_there(hands):
    hands.open("work_order").to("extensions").press(Key.Key_Plus).say("2026-10-08").enter().settle()
    card = hands.editor("extensions").cards[0]
    assert "extensions" not in hands.view.found
    hands.enter().settle()
    assert [p.field for p in hands.view.found["extensions"]] == ["extensions[0].reason"]
    hands.to("handler").settle()
    assert {p.field for p in hands.view.found["extensions"]} == {"extensions[0].reason", "extensions[0].new_due"}
    assert card.boxes["new_due"]._message.text() == "请填写“新时限”。"


def test_the_note_of_a_failing_item_is_missed_when_it_was_left_empty(hands):
    hands.open("vocs_check").to("A").press(Key.Key_2).settle()
    assert "findings" not in hands.view.found
    hands.press(Key.Key_Tab).settle()
    assert [p.field for p in hands.view.found["findings"]] == ["findings[0].desc"]


def test_a_text_that_cannot_be_read_does_not_hide_what_is_missing(hands):
    hands.open("work_order").to("repeat_no").type("x").press(Key.Key_S, Ctrl).settle()
    assert {"repeat_no", "order_no", "content"} <= set(hands.view.found)


def test_a_section_has_its_height_as_soon_as_it_is_built(hands, monkeypatch):
    monkeypatch.setattr(FormView, "_build_next", lambda _view: None)
    hands.window.go("form", form="vocs_check")
    hands.settle()
    for view in hands.view.sections[2:]:
        view.build()
        hands.view._show_section(view)
        at_once = view.minimumSizeHint().height()
        QApplication.processEvents()
        assert at_once == view.minimumSizeHint().height() > 40


def test_fields_stand_in_two_columns_at_1280_and_in_the_middle_of_a_wide_screen(hands):
    hands.window.resize(1280, 720)
    hands.open("work_order")
    assert hands.page.pane.isVisible()
    assert all(view.columns.two for view in hands.view.sections if view.fields)
    hands.window.resize(1920, 1080)
    hands.settle()
    room = hands.page.area.viewport().width()
    left, right = hands.view.x(), room - hands.view.x() - hands.view.width()
    assert left > 0
    assert abs(left - right) <= 1


def test_a_field_seen_from_the_top_is_shown_with_the_heading(hands):
    bar = hands.open("work_order").page.area.verticalScrollBar()
    hands.to("closed_at")
    assert bar.value() > 0
    hands.to("received_at")
    assert bar.value() == 0


def test_who_has_gone_on_is_not_taken_back_to_the_field_before(hands):
    hands.open("work_order").window.resize(1366, 560)
    hands.view.focus_key("closed_at")
    hands.view.editor("extensions").add()
    hands.settle()
    cell = QApplication.focusWidget()
    assert hands.view.editor("extensions").isAncestorOf(cell)
    assert cell.visibleRegion().boundingRect() == cell.rect()


def test_nothing_to_say_beside_the_form_leaves_the_room_to_it(hands):
    hands.open("vocs_check")
    assert hands.page.pane.isVisible()
    hands.open("grid")
    assert not hands.page.pane.isVisible()
    hands.open("work_order")
    assert hands.page.pane.isVisible()


def test_enter_takes_a_person_typed_in_a_hurry_and_waits_for_the_next(hands):
    hands.open("vocs_check").to("people").say("张三").enter().say("李四").enter()
    assert (hands.session.raw["people"], hands.view.current_key()) == (["张三", "李四"], "people")
    hands.enter()
    assert hands.view.current_key() != "people"


def test_a_proposed_value_that_comes_late_is_replaced_by_what_is_typed(hands):
    hands.open("work_order").to("due_date")
    editor = hands.editor("due_date")
    editor.line.clear()
    _fill_in(editor, "2026-10-20")
    hands.say("2026-10-15")
    assert editor.line.text() == "2026-10-15"
