"""A month of an office by keyboard alone: orders, outings and checks typed into the window, the report printed from it.

The records are the worked examples W1 and W2 of the domain notes and the orders of a street's year (84 received, 83
closed). Keys only; files are chosen in the system's dialog, which answers here.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pypdfium2
import pytest
import shiboken6
import xlsxwriter
from PySide6.QtWidgets import QApplication
from typist import Ctrl, Key, Shift, Typist

from envdesk.clock import Clock
from envdesk.gui.app import App
from envdesk.gui.prefs import Prefs

ORDERS = {
    "a": ("2023-05-25", "2023-06-08", {"closed_at": "2023-06-07"}),
    "b": ("2023-05-29", "2023-06-12", {"closed_at": "2023-06-15"}),
    "c": ("2023-06-02", "2023-06-16", {"closed_at": "2023-06-10"}),
    "d": ("2023-06-20", "2023-07-05", {}),
    "e": ("2023-06-26", "2023-07-11", {}),
    "f": ("2023-06-05", "2023-06-19", {"extension": ("2023-06-18", "2023-07-03"), "closed_at": "2023-06-30"}),
    "g": ("2023-06-08", "", {"returned": "2023-06-09"}),
    "h": ("2023-06-12", "2023-06-28", {"dup_of": "c", "closed_at": "2023-06-12"}),
    "i": ("2023-06-15", "2023-06-30", {}),
}
FIRMS = [f"第{n}鞋厂" for n in "一二三四五"]


@pytest.fixture
def desk(qapp, office_file, ask):
    """``desk(now)`` starts the program on the office as on a day."""
    apps = []

    def close():
        while apps:
            app = apps.pop()
            app.close()
            app.theme.setParent(None)
            shiboken6.delete(app.theme)

    def start(now):
        close()
        app = App(qapp, prefs=Prefs(), ask=ask, hooks=False)
        app.open(office_file, operator="李敏", clock=Clock(datetime.fromisoformat(now)))
        app.window.resize(1366, 768)
        app.window.show()
        app.window.activateWindow()
        apps.append(app)
        app.window.start()
        return Typist(app).until(app.window.isActiveWindow).rest()

    yield start
    close()
    QApplication.processEvents()


def number(letter):
    return f"JH2306-{letter}"


def type_order(typist, letter):
    """One order, all of it on the form."""
    received, due, more = ORDERS[letter]
    assert typist.here == "order_no"
    typist.say(number(letter)).enter().say(received).enter().say("夜间有机器噪声，影响休息。")
    typist.press(Key.Key_Tab).say("投诉").enter()
    typist.say("噪声-工业").enter().enter()
    typist.say("石马桃红西街").enter()
    if "dup_of" in more:
        typist.to("dup_of").say(number(more["dup_of"]))
        typist.until(typist.view.editor("dup_of").popup.isVisible).rest().enter()
    if due:
        typist.fill("due_date", due)
    if "extension" in more:
        applied, new_due = more["extension"]
        typist.to("extensions").press(Key.Key_Plus).say(applied).enter().say("需要监测").enter().say(applied).enter()
        typist.press(Key.Key_1).enter().say(new_due)
    if "closed_at" in more:
        typist.fill("handler", "陈七").to("verdict").say("属实").enter().say("已责令改正")
        typist.fill("closed_at", more["closed_at"])
    if "returned" in more:
        typist.fill("return_at", more["returned"]).enter().say("不属本街").enter().say(more["returned"])
        typist.to("return_ok").press(Key.Key_1)
    typist.save()


def text_of(path):
    document = pypdfium2.PdfDocument(str(path))
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text.replace("\r", "")


def row_of(text, title):
    """The words of a table row that begin with *title* up to the end of its line."""
    return next(line for line in text.split("\n") if title in line)


def print_report(typist, ask, out, *, kind="", period=""):
    """报表 → the period → Ctrl+S."""
    typist.open("报表")
    typist.until(lambda: typist.page.made is not None).rest()
    if kind:
        typist.press(Key.Key_Tab, Shift).press(Key.Key_Right, times=kind).rest().press(Key.Key_Tab).rest()
        typist.enter().rest()
    typist.press(Key.Key_Home).enter().rest()
    while typist.page.period > period:
        typist.press(Key.Key_Down).enter().rest()
    typist.until(lambda: typist.page.made is not None and typist.page.made.report.period.text == period).rest()
    ask.path = out
    typist.press(Key.Key_S, Ctrl).rest(0.2)
    return text_of(out)


def test_orders_of_a_month(desk, ask, tmp_path, capsys):
    typist = desk("2023-06-30T18:00")
    typist.press(Key.Key_G, Ctrl).rest()
    for letter in ORDERS:
        before = typist.keys
        type_order(typist, letter)
        if letter == "i":
            short = typist.keys - before
    report = made(typist, ask, tmp_path / "六月.pdf", "2023-06")
    figures = {line.id: line.text for line in report.figures}
    assert {k: figures[k] for k in ("wo_received", "wo_rate", "wo_ontime_rate")} == {
        "wo_received": "6", "wo_rate": "50.00%", "wo_ontime_rate": "60.00%",
    }  # fmt: skip
    assert {k: report.computed.results[k].text for k in ("wo_carry_in", "wo_dup", "wo_due")} == {
        "wo_carry_in": "2", "wo_dup": "1", "wo_due": "5",
    }  # fmt: skip
    text = text_of(tmp_path / "六月.pdf")
    assert ("50.00%" in row_of(text, "12345等工单办结率"), "60.00%" in text) == (True, True)
    with capsys.disabled():
        print(f"\n  an order of six fields: {short} keys besides the content")

    typist = desk("2023-07-05T09:00")  # the next week: d is closed, the same month printed again
    typist.press(Key.Key_K, Ctrl).say(number("d"))
    typist.until(typist.window.top.search.list.isVisible).rest().enter().rest()
    typist.fill("handler", "陈七").to("verdict").say("属实").enter().say("已停产").fill("closed_at", "2023-07-03").save(
        new=False
    )
    assert "66.67%" in print_report(typist, ask, tmp_path / "再印.pdf", period="2023-06")


def choose_sheet(typist, title):
    """Ctrl+N on 今日, ↓ to the sheet, Enter."""
    typist.open("今日").press(Key.Key_N, Ctrl)
    menu = QApplication.activePopupWidget()
    while title not in menu.activeAction().text():
        typist.press(Key.Key_Down)
    typist.enter().rest()


def new_subject(typist, name, kinds, industry):
    """A subject made on the spot, under the field that looks for it."""
    editor = typist.to("subject_id").view.editor("subject_id")
    typist.say(name).until(lambda: editor.popup.isVisible() and "新建" in editor.popup.items[-1].text).rest()
    typist.enter().until(lambda: editor.panel is not None and editor.panel.isVisible()).rest()
    panel = editor.panel
    answers = {"types": kinds, "address": ["石马路1号"], "industry": [industry], "register_from": ["2023-01-01"]}
    for _n in range(20):
        if not panel.isVisible():
            return
        key = next((k for k, box in panel.boxes.items() if box.isAncestorOf(QApplication.focusWidget())), "")
        for word in answers.pop(key, ()):
            typist.say(word)
            if key in ("types", "industry"):
                typist.enter()
        if key != "industry":
            typist.enter()
        typist.rest()
    raise AssertionError("the panel did not close")


def people(typist, *names):
    for name in names:
        editor = typist.to("people").view.editor("people")
        typist.say(name).until(editor.popup.isVisible).rest().enter()


def test_field_work_of_a_day(desk, ask, tmp_path):
    typist = desk("2023-06-06T10:00")
    choose_sheet(typist, "现场检查记录")
    people(typist, "张三", "李四", "王五")
    for firm in FIRMS:
        new_subject(typist, firm, ("工业企业", "涉VOCs企业"), "制鞋")
        typist.save()
    typist.press(Key.Key_Escape).rest()

    typist = desk("2023-06-06T21:30")
    choose_sheet(typist, "工地扬尘巡查")
    people(typist, "张三", "李四")
    new_subject(typist, "白云一号工地", ("建设工地",), "建筑")
    typist.to("six_1").press(Key.Key_0, Ctrl).rest().save(new=False)

    typist = desk("2023-06-30T18:00")
    report = made(typist, ask, tmp_path / "六月.pdf", "2023-06")
    got = {line.id: line.text for line in report.figures}
    wanted = {"outing_cnt": "2", "person_times": "5", "insp_visits": "5", "site_visits": "1"}
    assert {k: got[k] for k in wanted} == wanted
    text = text_of(tmp_path / "六月.pdf")
    assert "2023年6月生态环境工作月报表" in text.replace("\n", "")


def orders_of_a_year(path, count):
    """The first *count* of the 84 orders as an office's own table."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("台账")
    rows = [("工单编号", "来源", "派单时间", "内容", "诉求类型", "污染类型", "地点", "承办人", "办结日期", "是否属实",
             "处理情况", "办结方式")]  # fmt: skip
    for n in range(count):
        day = date(2023, 1, 5) + timedelta(days=4 * n)
        rows.append((
            f"2023{n:05}", "12345", day.isoformat(), f"第{n}件：夜间有胶水味", "投诉", "大气-恶臭异味", "样例路", "李敏",
            (day + timedelta(days=5)).isoformat(), "属实", "已责令整改", "办结",
        ))  # fmt: skip
    for r, cells in enumerate(rows):
        sheet.write_row(r, 0, cells)
    book.close()
    return path


def test_the_orders_of_a_year_typed_and_imported(desk, ask, tmp_path):
    """Report 004: 84 received, 83 closed = 98.81 %. 80 come from the office's table, the last four are typed."""
    typist = desk("2023-12-31T17:00")
    typist.open("投诉信访")
    ask.path = orders_of_a_year(tmp_path / "工单.xlsx", 80)
    typist.press(Key.Key_I, Ctrl).until(typist.page.importing.isVisible).rest()
    typist.enter().until(lambda: "80" in typist.window.toast.text).rest()  # 导入 has the focus
    typist.press(Key.Key_N, Ctrl).rest()
    for n in range(80, 84):
        day = date(2023, 1, 5) + timedelta(days=4 * n)
        typist.say(f"2023{n:05}").enter().say(day.isoformat()).enter().say("夜间有胶水味").press(Key.Key_Tab)
        typist.say("投诉").enter().say("大气-恶臭异味").enter().enter().say("样例路")
        if n < 83:
            typist.fill("handler", "李敏").to("verdict").say("属实").enter().say("已责令整改")
            typist.fill("closed_at", "2023-12-31")
        typist.save()
    text = print_report(typist, ask, tmp_path / "全年.pdf", kind=3, period="2023")
    assert {line.id: line.text for line in typist.page.made.report.figures}["wo_rate"] == "98.81%"
    assert "98.81%" in row_of(text, "12345等工单办结率")
    assert "84" in row_of(text, "12345等工单收到")


def made(typist, ask, out, period):
    print_report(typist, ask, out, period=period)
    return typist.page.made.report
