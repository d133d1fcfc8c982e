"""A form file dropped into the office's folder has everything in the window; wrong values of every kind stay and are said."""

from __future__ import annotations

import pypdfium2
import pytest
from form_keys import Ctrl, Hands, Key

FORM = """
id = "every_kind"
title = "夜间施工登记"
prefix = "YS"
group = "噪声"
blocks = ["base"]
date = "day"
name = "place"
columns = ["record_no", "day", "place", "level", "decibel"]
search = ["place"]

[[section]]
title = "各种栏目"

[[section.field]]
key = "day"
label = "日期"
type = "date"
required = true
default_sql = ":today"
max = "today"

[[section.field]]
key = "place"
label = "工地"
type = "text"
required = true
max_len = 10

[[section.field]]
key = "level"
label = "功能区"
type = "choice"
choices = ["1类", "2类", "3类", "4类", "无"]

[[section.field]]
key = "kinds"
label = "机械"
type = "multichoice"
choices = ["泵车", "挖机", "打桩机"]

[[section.field]]
key = "count"
label = "台数"
type = "int"
min = 0

[[section.field]]
key = "decibel"
label = "噪声值"
type = "decimal"
decimals = 1
min = 20
max = 140
unit = "dB(A)"

[[section.field]]
key = "deposit"
label = "押金"
type = "money"

[[section.field]]
key = "at"
label = "时刻"
type = "time"

[[section.field]]
key = "moment"
label = "到场时间"
type = "datetime"

[[section.field]]
key = "firm"
label = "施工单位"
type = "ref"
ref = "subject"

[[section.field]]
key = "years"
label = "年度"
type = "ints"

[[section.field]]
key = "story"
label = "经过"
type = "long_text"
max_len = 20

[[section.field]]
key = "readings"
label = "读数"
type = "rows"

[[section.field.field]]
key = "value"
label = "读数值"
type = "decimal"
decimals = 1
required = true

[[state]]
word = "超标"
when = "decibel > 55"
tone = "red"

[[state]]
word = "已登记"
when = "1"
tone = "grey"

[[figure]]
id = "night_sites"
title = "夜间施工登记"
measure = "次"
date = "day"

[[figure]]
id = "night_over_rate"
title = "夜间施工超标率"
measure = "%"
share = "night_sites"
hit = "decibel > 55"
"""

WRONG = {
    "day": ("下雨天", "无法识别"), "place": ("某某路某某号某某工地二期", "最多 10 个字"), "level": ("九类", "没有“九类”"),
    "kinds": ("飞机", "没有“飞机”"), "count": ("两台", "请填写数字"), "decibel": ("300", "不能大于 140"),
    "deposit": ("很多", "请填写数字"), "at": ("25:99", "时间"), "moment": ("2026-13-40 09:00", "无法识别"),
    "firm": ("没有这家企业", "找不到"), "years": ("今年", "年度"), "story": ("字" * 25, "最多 20 个字"),
}  # fmt: skip


@pytest.fixture
def hands(office_file, running):
    folder = office_file.parent / "forms"
    folder.mkdir()
    (folder / "every_kind.toml").write_text(FORM, encoding="utf-8")
    made = Hands(running())
    made.window.start()
    made.settle(0.1)
    return made


def shown(hands, key):
    """What stands in a field."""
    editor = hands.editor(key)
    return editor.area.toPlainText() if hasattr(editor, "area") else editor.line.text()


def test_wrong_values_are_said_beside_the_field_and_stay(hands):
    hands.open("every_kind")
    for key, (text, _said) in WRONG.items():
        hands.to(key)
        if hasattr(hands.focus(), "selectAll"):
            hands.focus().selectAll()
        hands.say(text).press(Key.Key_Tab)
    hands.to("readings").press(Key.Key_Plus).say("很吵").press(Key.Key_Tab)
    hands.settle()
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert not hands.session.rec
    for key, (text, said) in WRONG.items():
        assert shown(hands, key) == text, key
        assert hands.said(key), key
        assert said in hands.said(key), (key, hands.said(key))
    card = hands.editor("readings").cards[0]
    assert card.editors["value"].line.text() == "很吵"
    assert "请填写数字" in card.boxes["value"]._message.text()
    assert hands.page.foot.wrong.text().startswith("13 ")


def test_a_form_dropped_into_the_folder_has_page_list_sheet_and_figure(hands, ask, tmp_path):
    hands.window.go("register", form="every_kind")
    hands.settle()
    assert "夜间施工登记" in [t.title for t in hands.page.tabs]
    hands.press(Key.Key_N, Ctrl)
    hands.settle()
    assert hands.session.form.id == "every_kind"
    hands.to("place").say("云山二期")
    hands.to("decibel").say("61.5").press(Key.Key_S, Ctrl)
    hands.settle()
    rec = hands.session.rec
    assert rec
    ask.path = tmp_path / "表.pdf"
    hands.press(Key.Key_P, Ctrl)
    hands.settle()
    document = pypdfium2.PdfDocument(str(ask.path))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert "夜间施工登记" in text.replace(" ", "")
    assert "61.5" in text

    hands.window.go("register", form="every_kind")
    hands.settle()
    model = hands.page.list.model
    assert model.rowCount() == 1
    assert "云山二期" in [str(c) for c in model.row_at(0).cells]

    hands.window.go("reports", period="2026-10")
    hands.settle()
    line = next(f for f in hands.page.made.report.figures if f.id == "night_over_rate")
    assert (line.category, line.text) == ("本单位的表", "100%")
    hands.page.show_figure("night_sites")
    hands.settle()
    assert [r.data.rec for r in [hands.page.sources.records.model.row_at(0)]] == [rec]
