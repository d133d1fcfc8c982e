"""Every field type with right and wrong values: the sentence stands beside it, the text stays."""

from __future__ import annotations

import pytest
from form_keys import PEOPLE, SUBJECT, Ctrl, Hands, Key, pages
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from envdesk.gui.form.editor import REGISTRY, make
from envdesk.gui.form.marks import section_marks

LONG = "均禾街道" * 50


@pytest.fixture
def hands(running):
    return Hands(running(pages()))


def test_every_type_of_every_form_has_an_editor(hands):
    hands.open("vocs_check")
    catalogue = hands.page.ctx.catalogue
    fields = [f for form in catalogue.forms.values() for f in form.fields]
    fields += [s for f in fields for s in f.fields]
    kinds = {make(hands.page.env, f).kind for f in {f.type: f for f in fields}.values()}
    assert {f.type for f in fields} <= set(REGISTRY)
    assert "" not in kinds


WRONG = [
    ("work_order", "received_at", "2026年13月40日", "无法识别"),
    ("work_order", "received_at", "明年", "无法识别"),
    ("work_order", "repeat_no", "两次", "无法识别"),
    ("work_order", "repeat_no", "0", "不能小于"),
    ("work_order", "phone", "12", "不像电话"),
    ("work_order", "kind", "表扬", "没有"),
    ("vocs_check", "visit_date", "2027-01-01", "不能"),
    ("vocs_check", "time_from", "25:70", "无法识别"),
    ("vocs_check", "low_voc_pct", "12.345", "位小数"),
    ("vocs_check", "low_voc_pct", "120", "不能大于"),
    ("vocs_check", "subject_id", "没有这家", "找不到"),
    ("vocs_check", "facility_kind", "蒸汽机", "没有"),
    ("subject", "usc_code", "91440101MA5XXXXXX0", "校验不通过"),
    ("subject", "must_declare_years", "去年", "无法识别"),
    ("subject", "name", LONG, "最多"),
    ("enforcement_case", "fine_fen", "一万", "无法识别"),
    ("enforcement_case", "fine_fen", "12.345", "无法识别"),
]


@pytest.mark.parametrize(("form", "key", "text", "words"), WRONG)
def test_a_wrong_value_keeps_its_text_and_says_why(hands, form, key, text, words):
    hands.open(form, prefill={"types": ["产废单位"]} if form == "subject" else None).to(key)
    hands.focus().selectAll()
    hands.say(text)
    hands.to("remark")
    hands.settle()
    assert words in hands.said(key)
    assert hands.editor(key).line.text() == text
    assert hands.editor(key).face.property("problem") == "error"
    hands.page.keep()
    hands.settle()
    draft = hands.session.draft
    hands.open(draft=draft)
    if hands.editor(key).kind != "multichoice":  # what is no choice yet is not kept
        assert hands.editor(key).line.text() == text


RIGHT = [
    ("vocs_check", "visit_date", "20260605", "2026-06-05", "2026-06-05"),
    ("vocs_check", "visit_date", "2026.6.5", "2026-06-05", "2026-06-05"),
    ("vocs_check", "visit_date", "6-5", "2026-06-05", "2026-06-05"),
    ("vocs_check", "visit_date", "今天", "2026-10-09", "2026-10-09"),
    ("vocs_check", "time_from", "0930", "09:30", "09:30"),
    ("vocs_check", "time_from", "9点5分", "09:05", "09:05"),
    ("work_order", "received_at", "昨天 8:05", "2026-10-08 08:05", "2026-10-08T08:05"),
    ("vocs_check", "low_voc_pct", "12.5", "12.5", 12.5),
    ("enforcement_case", "fine_fen", "12,345.6", "12,345.6", 1_234_560),
    ("work_order", "kind", "ts", "投诉", "投诉"),
    ("subject", "must_declare_years", "2024、2025", "2024、2025", [2024, 2025]),
]


@pytest.mark.parametrize(("form", "key", "text", "shown", "stored"), RIGHT)
def test_what_people_type_is_read(hands, form, key, text, shown, stored):
    hands.open(form).to(key)
    hands.focus().selectAll()
    hands.say(text).enter()
    hands.settle()
    assert (hands.editor(key).line.text(), hands.session.values[key]) == (shown, stored)
    assert not hands.said(key)


def test_a_long_name_with_breaks_and_emoji_stays_one_line(hands):
    hands.open("subject").to("name")
    QApplication.clipboard().setText("佳达\r\n鞋业😀\t（一厂）")
    hands.press(Key.Key_V, Ctrl)
    hands.settle()
    assert hands.editor("name").line.text() == "佳达 鞋业😀 （一厂）"
    assert hands.session.values["name"] == "佳达 鞋业😀 （一厂）"


def test_long_text_keeps_breaks_and_grows(hands):
    hands.open("work_order").to("content")
    area = hands.editor("content").area
    before = area.height()
    hands.say("市民反映夜间噪声").enter(5).say("第六行😀")
    hands.settle()
    assert hands.session.values["content"] == "市民反映夜间噪声\n\n\n\n\n第六行😀"
    assert area.height() > before
    hands.press(Key.Key_Tab)
    assert hands.view.current_key() == "kind"


def test_segments_by_number_and_yes_no_empty(hands):
    hands.open("vocs_check").to("session").press(Key.Key_3)
    assert hands.session.values["session"] == "夜间"
    hands.to("badge_shown").press(Key.Key_1)
    assert hands.session.values["badge_shown"] == 1
    hands.press(Key.Key_2)
    assert hands.session.values["badge_shown"] == 0
    hands.press(Key.Key_Delete)
    assert hands.session.values["badge_shown"] is None


def test_a_list_opens_with_f4_and_esc_keeps_the_text(hands):
    hands.open("vocs_check").to("source").press(Key.Key_F4)
    editor = hands.editor("source")
    assert not editor.is_at_rest()
    hands.press(Key.Key_Escape)
    assert editor.is_at_rest()
    assert editor.line.text() == "日常检查"
    hands.press(Key.Key_F4).press(Key.Key_Down, times=2).enter()
    assert hands.session.values["source"] == "投诉举报"
    assert hands.window.page is hands.page


def test_two_levels_are_chosen_by_letters_and_backspace(hands):
    hands.open("work_order").to("pollution").type("ecyw")
    hands.enter()
    hands.say("油烟").enter()
    hands.settle()
    assert hands.session.values["pollution"] == ["大气-恶臭异味", "大气-油烟"]
    assert hands.editor("pollution").chips.texts == ("大气-恶臭异味", "大气-油烟")
    hands.press(Key.Key_Backspace)
    assert hands.session.values["pollution"] == ["大气-恶臭异味"]
    hands.press(Key.Key_F4)
    assert [i.level for i in hands.editor("pollution").popup.items][:3] == [0, 1, 1]


def test_a_calendar_by_keys(hands):
    hands.open("vocs_check").to("visit_date").press(Key.Key_F4).press(Key.Key_Up).press(Key.Key_Left).enter()
    assert hands.session.raw["visit_date"] == "2026-10-01"


def test_people_are_picked_or_added(hands):
    hands.add("person", *PEOPLE)
    hands.open("vocs_check").to("people").type("zqm")
    hands.settle()
    hands.enter().say("新来的").enter()
    hands.settle()
    editor = hands.editor("people")
    assert editor.chips.texts == ("周启明", "新来的")
    assert hands.session.raw["people"][1] == "新来的"


def test_a_subject_is_found_by_initials_or_made_on_the_spot(hands):
    hands.add("subject", SUBJECT)
    hands.open("vocs_check").to("subject_id").type("jdxy")
    hands.settle()
    hands.enter()
    hands.settle()
    assert hands.editor("subject_id").line.text() == "均禾佳达鞋业有限公司"
    assert hands.page.pane.shown.name == "佳达鞋业"
    hands.to("campaign_id").say("百日攻坚")
    hands.settle()
    hands.press(Key.Key_F4).press(Key.Key_F4)
    hands.settle()
    hands.enter()
    hands.settle()
    panel = hands.editor("campaign_id").panel
    assert panel.isVisible()
    panel.save()
    hands.settle()
    assert not panel.isVisible() or panel.boxes
    made = hands.rows("campaign")
    if not made:  # a campaign asks for its days
        for key, editor in panel.editors.items():
            if key in ("start", "end"):
                editor.line.setText("2026-10-01")
                editor.say()
        panel.save()
        hands.settle()
        made = hands.rows("campaign")
    assert [m["name"] for m in made] == ["百日攻坚"]
    assert hands.session.raw["campaign_id"] == made[0]["id"]


def test_rows_are_added_moved_and_deleted_by_keys(hands):
    hands.open("work_order").to("revisit").press(Key.Key_Insert, Ctrl)
    hands.say("昨天").enter()
    hands.press(Key.Key_F4) if hands.focus().__class__.__name__ == "Line" else None
    editor = hands.editor("revisit")
    editor.cards[0].editors["result"].set_value("满意")
    editor.cards[0].editors["result"].say()
    hands.press(Key.Key_Insert, Ctrl).say("abc").enter()
    hands.settle()
    assert [r.get("date") for r in hands.session.raw["revisit"]] == ["2026-10-08", "abc"]
    box = editor.cards[1].boxes["date"]
    assert "无法识别" in box._message.text()
    assert editor.cards[1].editors["date"].line.text() == "abc"
    editor.cards[1].editors["date"].focus_first()
    hands.press(Key.Key_Up, Ctrl)
    assert [r.get("date") for r in hands.session.raw["revisit"]] == ["abc", "2026-10-08"]
    hands.press(Key.Key_Delete, Ctrl)
    assert [r.get("date") for r in hands.session.raw["revisit"]] == ["2026-10-08"]


def test_rows_added_in_a_narrow_form_are_not_squeezed(hands):
    hands.app.theme.set_scale(1.5)
    hands.open("work_order").to("extensions").press(Key.Key_Insert, Ctrl).press(Key.Key_Insert, Ctrl)
    hands.settle()
    editor = hands.editor("extensions")
    assert not editor.cards[1].cells.two
    squeezed = [
        (n, key)
        for n, card in enumerate(editor.cards)
        for key, box in card.boxes.items()
        if box.height() < box.minimumSizeHint().height()
    ]
    assert len(editor.cards) == 2
    assert squeezed == []


def test_photos_are_dropped_tagged_and_removed(hands, data_dir):
    picture = data_dir / "20261009_092200.png"
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    assert image.save(str(picture))
    hands.open("vocs_check").to("photos")
    editor = hands.editor("photos")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture)), QUrl.fromLocalFile(str(data_dir / "没有.jpg"))])
    editor.paste(data)
    hands.settle()
    assert len(hands.session.raw["photos"]) == 1
    assert hands.session.raw["photos"][0]["sha256"]
    assert "找不到文件" in hands.said("photos")
    hands.press(Key.Key_Left)
    editor.kind_of.choose("整改前")
    hands.settle()
    assert hands.session.raw["photos"][0]["tag"] == "整改前"
    hands.press(Key.Key_Delete)
    hands.settle()
    assert hands.session.raw["photos"] == []


def test_a_list_says_what_is_closed_and_who_has_no_badge(hands):
    grid = hands.add("grid", {"name": "石马"})[0]
    hands.add("subject", SUBJECT | {"grid_id": grid, "status": "已关停取缔", "status_from": "2026-03-22"})
    hands.add("person", *PEOPLE, {"name": "何静"})
    hands.open("vocs_check").to("subject_id").say("佳达").settle()
    assert hands.editor("subject_id").popup.items[0].beside.startswith("已关停取缔 · 佳达鞋业 · ")
    hands.to("people").press(Key.Key_F4).settle()
    beside = {i.text: i.beside for i in hands.editor("people").popup.items}
    assert beside["何静"].startswith("无执法证")
    assert "无执法证" not in beside["陈立"]


def test_a_star_stands_where_something_must_be_filled_in_as_things_are(hands):
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "YL1", "received_at": "2026-10-08T09:00", "content": "噪声",
    })  # fmt: skip

    def marked():
        view = next(v for v in hands.view.sections if "order_no" in v.boxes)
        return view.boxes["order_no"]._marked

    hands.open("work_order", id=order)
    assert marked()  # filled in as it is
    hands.to("source")
    hands.focus().selectAll()
    hands.say("来访").enter()
    hands.settle()
    assert not marked()


def test_the_head_of_a_record_has_its_number_in_full_before_the_keys_of_buttons(hands):
    grid = hands.add("grid", {"name": "石马"})[0]
    [firm] = hands.add("subject", SUBJECT | {"grid_id": grid})
    hands.add("person", *PEOPLE)
    [check] = hands.add("vocs_check", {
        "subject_id": firm, "visit_date": "2026-10-08", "session": "上午", "people": ["周启明", "陈立"],
    })  # fmt: skip
    hands.app.theme.set_scale(1.5)
    hands.window.resize(1366, 768)
    hands.open("vocs_check", id=check)
    head, buttons = hands.page.visit, hands.page.buttons.values()
    assert head.text().split() == ["VC-2026-0001", "上午", "周启明、陈立"]
    assert head.shown().split()[0] == "VC-2026-0001"
    assert all(b._tight == 1 for b in buttons)  # their words stay
    hands.window.resize(1920, 1080)
    hands.settle()
    assert head.shown() == head.text()


def test_a_section_has_no_tick_while_a_rule_asks_for_something_in_it(hands):
    hands.add("person", *PEOPLE)
    hands.open("vocs_check")
    first = hands.view.sections[0].section.id

    def shape():
        return next(m.shape for m in section_marks(hands.session, hands.view) if m.id == first)

    assert shape() == "half"  # nobody was there
    hands.to("subject_id").say("佳达").settle()
    about = hands.view.section_of("subject_id").section.id
    assert next(m.shape for m in section_marks(hands.session, hands.view) if m.id == about) == "half"  # not found yet
    hands.to("people").say("陈立").enter()
    hands.settle()
    assert shape() == "check"
