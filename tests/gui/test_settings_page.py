"""设置: found, changed in place, checked beside the field; lists, calendar, forms, backup, restore, appearance."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import threading
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from settings_desk import app, go, people, rest  # noqa: F401 - fixtures

from envdesk.desk import office, records
from envdesk.errors import Problem
from envdesk.gui import tokens
from envdesk.gui.pages import settings
from envdesk.gui.settings.group_list import GAP
from envdesk.gui.settings.lines import SettingsPart
from envdesk.gui.settings.list_part import ListPart
from envdesk.present import small_lists
from envdesk.present.keeping_page import kept

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier
NOTICE_2027 = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕7号
一、元旦：1月1日至3日放假，共3天。
二、春节：2月5日至12日放假调休，共8天。1月31日（星期日）、2月20日（星期六）上班。
三、清明节：4月3日至5日放假，共3天。
四、劳动节：5月1日至5日放假调休，共5天。4月25日（星期日）、5月8日（星期六）上班。
五、端午节：6月9日放假，共1天。
六、中秋节：9月15日放假，共1天。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（星期日）、10月9日（星期六）上班。
"""


def line(page, key):
    return next(p.lines[key] for p in page.all_parts() if isinstance(p, SettingsPart) and key in p.lines)


def stored(app, key):
    return app.wait(lambda w: office.setting(w.desk, key))


def test_a_small_list_gives_its_room_to_what_stands_in_it(app, qtbot):
    app.window.resize(1366, 768)
    long = "欧阳上官" * 12
    app.wait(lambda w: records.add(w.desk, "person", [{"name": long, "role": "执法人员", "warnings": "accept"}]))
    part = next(p for p in go(qtbot, app, "people") if isinstance(p, ListPart))
    part.read()
    rest(qtbot, app)
    view, titles = part.table.main, [c.title for c in part.model.columns]
    assert view.horizontalScrollBar().maximum() == 0
    assert not any(view.isColumnHidden(n) for n in range(len(titles)))
    caption = app.theme.metrics("caption")
    assert all(view.columnWidth(n) >= caption.horizontalAdvance(t) + 16 for n, t in enumerate(titles))
    assert view.columnWidth(titles.index("姓名")) > 2 * view.columnWidth(titles.index("岗位"))
    assert "—" in part.model.row_at(0).cells


# ---- the page ------------------------------------------------------------------------------------------------------
def test_every_setting_has_a_place(app):
    page = app.window.page
    shown = {k for p in page.all_parts() if isinstance(p, SettingsPart) for k in p.lines}
    assert shown == set(page.ctx.catalogue.settings)
    lists = {p.form_id for p in page.all_parts() if p.name.startswith("list:")}
    assert lists == {f.id for f in page.ctx.catalogue.forms.values() if f.kind != "shared" and f.group == "基础名单"}


def test_groups_by_keyboard(app, qtbot):
    page = app.window.page
    assert page.list.hasFocus()
    qtbot.keyClick(page.list, Key.Key_Down)
    assert page.group == "people"
    assert page.parts["people"][0].isVisible()
    assert not page.parts["office"][0].isVisible()
    rest(qtbot, app)
    qtbot.keyClick(page.list, Key.Key_Return)
    assert page.isAncestorOf(QApplication.focusWidget())
    assert page.parts["people"][0].table.main.hasFocus()


def test_the_current_group_is_seen_at_every_scale(app, qtbot):
    go(qtbot, app, "about")
    page, shown = app.window.page, app.window.page.rail.viewport()
    app.window.resize(1366, 768)
    app.theme.set_scale(1.5)

    def seen():
        box = page.list.current_box()
        top = page.list.mapTo(shown, box.topLeft()).y()
        return top >= 0 and top + box.height() <= shown.height()

    qtbot.waitUntil(seen)
    assert page.list.height() > shown.height()  # there is something to scroll
    go(qtbot, app, "backup")
    app.theme.set_scale(2.0)
    rest(qtbot, app)
    app.theme.set_scale(1.5)
    rest(qtbot, app)
    qtbot.waitUntil(seen)
    assert page.rail.viewport().height() % app.theme.px(tokens.ROW + GAP) == 0  # nor below
    assert page.rail.verticalScrollBar().value() % app.theme.px(tokens.ROW + GAP) == 0  # no group is half cut above


def test_no_group_is_empty(app):
    groups = {s.group for s in app.window.ctx.catalogue.settings.values()}
    assert [g.id for g in settings.specs(app.window.ctx) if not (groups & set(g.settings) or g.lists or g.parts)] == []


def test_what_waits_is_marked(app):
    assert app.window.page.list.marked == {"people"}  # a badge has run out


def test_a_setting_is_changed_in_place_and_back(app, qtbot, typed):
    page = app.window.page
    field = line(page, "office_name").editor
    field.setFocus()
    field.selectAll()
    typed(field, "石马街道环保办")
    qtbot.keyClick(field, Key.Key_Return)
    qtbot.waitUntil(lambda: app.window.toast.text == "单位名称：石马街道环保办")
    rest(qtbot, app)
    assert stored(app, "office_name") == "石马街道环保办"
    assert app.window.top.office.text() == "石马街道环保办"
    app.window.toast._act.click()
    rest(qtbot, app)
    assert stored(app, "office_name") == field.text() == "均禾街道综合执法办"


def test_what_does_not_fit_stays_typed_with_its_sentence(app, qtbot, typed):
    go(qtbot, app, "deadlines")
    page = app.window.page
    row = line(page, "report_day")
    row.editor.setFocus()
    row.editor.selectAll()
    typed(row.editor, "40")
    qtbot.keyClick(row.editor, Key.Key_Tab)
    qtbot.waitUntil(lambda: bool(row.problem))
    assert row.problem == "“月报日”不能大于 28，现在是“40”。"
    assert (row.editor.text(), row.editor.property("problem")) == ("40", "error")
    page.on_changed(frozenset({"setting"}))
    rest(qtbot, app)
    assert row.editor.text() == "40"
    row.editor.setFocus()
    qtbot.keyClick(row.editor, Key.Key_Escape)
    assert (row.editor.text(), row.problem) == ("5", "")
    assert stored(app, "report_day") == "5"


def test_marks_choices_and_back_to_the_default(app, qtbot):
    go(qtbot, app, "deadlines")
    row = line(app.window.page, "late_next_day")
    row.editor.setFocus()
    qtbot.keyClick(row.editor, Key.Key_Left)
    rest(qtbot, app)
    assert stored(app, "late_next_day") == "1"
    assert row.default.isVisible()
    assert row.default.text() == "恢复默认：否"
    qtbot.keyClick(row.default, Key.Key_Return)
    rest(qtbot, app)
    assert stored(app, "late_next_day") == "0"
    assert not row.default.isVisible()
    assert row.editor.hasFocus()


def test_search_shows_lines_of_all_groups(app, qtbot, typed):
    page = app.window.page
    qtbot.keyClick(page, Key.Key_F, Control)
    assert page.search.hasFocus()
    typed(page.search, "下班")
    qtbot.waitUntil(lambda: page.list.found == {"deadlines"})
    assert line(page, "work_end").isVisible()
    assert not line(page, "report_day").isVisible()
    qtbot.keyClick(page.search, Key.Key_Return)
    assert line(page, "late_next_day").editor.hasFocus()

    page.search.setFocus()
    page.search.selectAll()
    typed(page.search, "yrby")
    qtbot.waitUntil(lambda: page.list.found == frozenset())
    assert page.nothing.isVisible()
    qtbot.keyClick(page.search, Key.Key_Escape)
    assert page.list.found is None
    assert line(page, "office_name").isVisible()

    for words, group in (("bf", "backup"), ("深色", "look"), ("执法证号", "people")):
        page.search.selectAll()
        typed(page.search, words)
        qtbot.waitUntil(lambda group=group: page.list.found is not None and group in page.list.found)
        rest(qtbot, app)


# ---- lists ---------------------------------------------------------------------------------------------------------
def test_people_are_listed_opened_and_added(app, qtbot):
    part = go(qtbot, app, "people")[0]
    rows = [part.model.row_at(n) for n in range(part.model.rowCount())]
    assert [r.cells[0] for r in rows] == ["李敏", "陈立"]
    assert (rows[0].cells[1].word, rows[1].faded) == ("证件过期", True)
    part.table.setFocus()
    qtbot.keyClick(part.table.main, Key.Key_Return)
    rest(qtbot, app)
    page = app.window.page
    assert (app.window.current, page.params["id"], page.params["back"]) == (
        "form", rows[0].id, ("settings", {"group": "people"}),
    )  # fmt: skip
    app.window.go("settings", group="people")
    rest(qtbot, app)
    qtbot.keyClick(part.add_button, Key.Key_Return)
    rest(qtbot, app)
    assert (app.window.current, app.window.page.session.rec) == ("form", "")
    app.operations.do(lambda w: records.add(w.desk, "person", [{"name": "何静"}]))
    rest(qtbot, app)
    app.window.go("settings", group="people")
    rest(qtbot, app)
    assert part.model.rowCount() == 3


# ---- calendar ------------------------------------------------------------------------------------------------------
def test_the_next_year_is_imported_from_the_pasted_notice(app, qtbot, typed):
    order = {
        "order_no": "1", "source": "12345", "kind": "投诉", "pollution": ["大气-油烟"], "content": "异味",
        "received_at": "2026-12-22 09:00", "signed_at": "2026-12-22 09:00", "location": "石马", "warnings": "accept",
    }  # fmt: skip
    app.held.desk.store.clock = app.held.desk.store.clock.__class__(datetime(2026, 12, 28, 9, 0))
    outcome = app.wait(lambda w: records.add(w.desk, "work_order", [order]).value)
    assert not outcome.refused, [p.as_dict() for p in outcome.problems]
    part = go(qtbot, app, "calendar")[0]
    assert part.years.row_at(0).cells[3].word == "未导入"
    assert part.years.row_at(0).cells[1:3] == ("—", "—"), "what is not known is a dash, as in the other lists"
    assert part.beside.text() == "2027 未导入"
    part.text.setFocus()
    typed(part.text, "一、元旦：1月1日")
    qtbot.keyClick(part.take, Key.Key_Return)
    qtbot.waitUntil(lambda: part.text.property("problem") == "error")
    assert part.text.toPlainText() == "一、元旦：1月1日"
    part.text.setPlainText(NOTICE_2027)
    qtbot.keyClick(part.take, Key.Key_Return)
    qtbot.waitUntil(part.result.isVisible)
    rest(qtbot, app)
    assert part.result.text() == "已导入 2027 年。有 1 条期限变了："
    assert [c.text if hasattr(c, "text") else c for c in part.changed.row_at(0).cells][1:] == [
        outcome.created[0]["record_no"], "2027-01-05", "2027-01-06",
    ]  # fmt: skip
    assert (part.years.row_at(0).id, part.years.row_at(0).cells[3].word) == ("2027", "已导入")
    assert part.beside.text() == ""
    assert part.text.toPlainText() == ""


def test_changed_due_dates_are_listed(app, qtbot):
    part = go(qtbot, app, "calendar")[0]
    change = {"form": "work_order", "record_no": "GD-2026-0001", "old": "2027-01-04", "new": "2027-01-05"}
    doubt = Problem("calendar_few", "2027 年只有 3 天。", "hint")
    part._imported({"years": [2027], "changed": [change], "doubts": [doubt]})
    assert "有 1 条期限变了" in part.result.text()
    assert part.doubts.isVisible()
    row = part.changed.row_at(0)
    assert (row.cells[0], row.cells[1], row.cells[2], row.cells[3].text) == (
        "12345/信访工单", "GD-2026-0001", "2027-01-04", "2027-01-05",
    )  # fmt: skip


def test_a_year_from_a_file_and_nothing_pasted(app, qtbot, ask, tmp_path):
    part = go(qtbot, app, "calendar")[0]
    part.import_text()
    assert "先粘贴" in part.text.accessibleDescription()
    ask.path = tmp_path / "2027.csv"
    ask.path.write_text("date,kind,name\n" + "\n".join(f"2027-01-{d:02},休,元旦" for d in range(1, 4)), "utf-8")
    qtbot.keyClick(part.file, Key.Key_Return)
    qtbot.waitUntil(part.result.isVisible)
    rest(qtbot, app)
    assert part.doubts.text()


# ---- forms ---------------------------------------------------------------------------------------------------------
def test_forms_with_version_and_check(app, qtbot, monkeypatch):
    bad = [Problem("form_error", "person.toml:3 写错了。", field="person.name")]
    monkeypatch.setattr(small_lists, "lint", lambda _catalogue: bad)
    part = go(qtbot, app, "forms")[0]
    qtbot.waitUntil(lambda: part.found is not None)
    rows = {part.model.row_at(n).id: part.model.row_at(n) for n in range(part.model.rowCount())}
    assert rows["grid"].cells[5].word == "检查通过"
    assert rows["person"].cells[5].word == "1 处要改"
    assert rows["grid"].cells[3] == app.window.ctx.catalogue.forms["grid"].version[:8]
    part.table.go_to(list(rows).index("person"))
    assert part.said.text() == "person.toml:3 写错了。"

    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.keyClick(part.folder, Key.Key_Return)
    rest(qtbot, app)
    assert opened == [str(app.held.desk.path.parent / "forms")]


def test_forms_say_that_they_are_being_checked_and_stand_by_group(app, qtbot, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(small_lists, "lint", lambda _catalogue: [go_on.wait(20)][:0])
    app.window.go("settings", group="forms")
    part = app.window.page.parts["forms"][0]
    try:
        assert {part.model.row_at(n).cells[5].word for n in range(part.model.rowCount())} == {"正在检查"}
        assert part.beside.text().endswith("正在检查…")
        app.window.go("settings", group="forms")
        assert part.beside.text().endswith("正在检查…"), "also when the group is opened again meanwhile"
    finally:
        go_on.set()
    rest(qtbot, app)
    assert {part.model.row_at(n).cells[5].word for n in range(part.model.rowCount())} == {"检查通过"}
    assert "正在" not in part.beside.text()
    groups = [part.model.row_at(n).cells[1] for n in range(part.model.rowCount())]
    assert len([n for n, g in enumerate(groups) if n == 0 or groups[n - 1] != g]) == len(set(groups))
    assert groups[-1] == "基础名单"


def test_in_little_room_editors_and_buttons_stand_under_the_words(app, qtbot):
    page = app.window.page
    app.window.resize(1366, 768)
    row = line(page, "office_name")

    def under(editor, words):
        return editor.mapTo(page, editor.rect().topLeft()).y() >= words.mapTo(page, words.rect().bottomLeft()).y()

    qtbot.waitUntil(lambda: not under(row.editor, row.effect))
    app.theme.set_scale(2.0)
    qtbot.waitUntil(lambda: under(row.editor, row.effect))
    for group in ("forms", "checks", "backup", "look"):
        go(qtbot, app, group)
        shown = page.area.viewport().width()
        assert [
            p.name for p in page.parts[group] if p.mapTo(page.area.viewport(), p.rect().topRight()).x() > shown
        ] == []


def test_a_word_paper_of_ones_own_is_made_once_and_opened(app, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    part = go(qtbot, app, "forms")[0]
    qtbot.waitUntil(lambda: part.found is not None)
    rows = [part.model.row_at(n).id for n in range(part.model.rowCount())]
    part.table.go_to(rows.index("rectification"))
    made = app.held.desk.path.parent / "sheets" / "rectification.docx"
    qtbot.keyClick(part.paper, Key.Key_Return)
    rest(qtbot, app)
    assert opened == [str(made)]
    made.write_bytes(made.read_bytes() + b" ")  # what the office did to it stays
    before = made.read_bytes()
    qtbot.keyClick(part.paper, Key.Key_Return)
    rest(qtbot, app)
    assert made.read_bytes() == before


# ---- backup --------------------------------------------------------------------------------------------------------
def test_backup_with_its_proof_looked_into_and_restored(app, qtbot, ask):
    part = go(qtbot, app, "backup")[0]
    of_one = (part.table, part.verify_button, part.restore_button)
    assert part.nothing.isVisible()
    assert not any(w.isVisible() for w in of_one)
    qtbot.keyClick(part.now, Key.Key_Return)
    qtbot.waitUntil(lambda: part.model.rowCount() == 1, timeout=20_000)
    assert not part.nothing.isVisible()
    assert all(w.isVisible() for w in of_one)
    assert "打开核对过" in part.said.words.text()
    part.table.setFocus()
    qtbot.keyClick(part.verify_button, Key.Key_Return)
    qtbot.waitUntil(lambda: part.said.words.text().startswith("备份完好：均禾街道综合执法办"), timeout=20_000)

    app.operations.do(lambda w: records.add(w.desk, "grid", [{"name": "石马社区"}]))
    rest(qtbot, app)
    app.window.go("form", form="grid")
    rest(qtbot, app)
    old_form = app.window.page
    app.window.go("settings", group="backup")
    rest(qtbot, app)
    desk = app.held.desk
    qtbot.keyClick(part.restore_button, Key.Key_Return)
    assert ask.asked[-1].reason == 5
    rest(qtbot, app)
    assert app.held.desk is desk  # not wanted

    ask.reason = "登记错了，退回到早上"
    qtbot.keyClick(part.restore_button, Key.Key_Return)
    qtbot.waitUntil(lambda: part.said.words.text().startswith("已恢复"), timeout=20_000)
    rest(qtbot, app)
    assert app.held.desk is not desk
    assert app.wait(lambda w: records.listing(w.desk, "grid")) == []
    assert app.wait(lambda w: w.desk.operator) == "李敏"
    noted = app.wait(lambda w: w.desk.store.con.query("SELECT kind, who, what FROM outgoing"))
    assert noted[-1][0] == "restore"
    assert noted[-1][2].endswith("：登记错了，退回到早上")
    assert [k.aside for k in app.wait(lambda w: kept(w.desk))].count(True) == 1
    assert part.model.rowCount() == 2
    app.window.go("form", form="grid")
    rest(qtbot, app)
    assert app.window.page is not old_form


def test_a_broken_backup_is_refused_and_the_file_stays_open(app, qtbot, ask, tmp_path):
    part = go(qtbot, app, "backup")[0]
    ask.path, ask.reason = tmp_path / "坏.envdesk", "试一试恢复"
    ask.path.write_bytes(b"SQLite format 3\0" + b"x" * 4080)
    qtbot.keyClick(part.other_button, Key.Key_Return)
    qtbot.waitUntil(part.said.isVisible, timeout=20_000)
    assert part.said.words.text() == "打不开：这个文件不是备份，或者用的是另一个密钥。"
    assert app.wait(lambda w: len(records.listing(w.desk, "person"))) == 2


def test_backup_elsewhere_and_check(app, qtbot, ask, tmp_path):
    part, check, _encrypt = go(qtbot, app, "backup")
    ask.path = tmp_path / "U盘.envdesk"
    qtbot.keyClick(part.elsewhere, Key.Key_Return)
    qtbot.waitUntil(lambda: "U盘.envdesk" in part.said.words.text(), timeout=20_000)
    assert ask.path.is_file()
    qtbot.keyClick(part.elsewhere, Key.Key_Return)
    rest(qtbot, app)
    assert part.said.words.property("tone") == "red"
    qtbot.keyClick(check.button, Key.Key_Return)
    qtbot.waitUntil(lambda: check.said.words.text() == "检查通过，没有发现问题。", timeout=20_000)
    check.show_problems([Problem("x", f"问题 {n}") for n in range(30)])
    assert check.said.words.text().endswith("还有 10 项。")


# ---- appearance ----------------------------------------------------------------------------------------------------
def test_looks_and_operator(app, qtbot, typed):
    part = go(qtbot, app, "look")[0]
    part.mode.setFocus()
    qtbot.keyClick(part.mode, Key.Key_End)
    assert (app.theme.mode, app.prefs.get("mode")) == ("dark", "dark")
    part.scale.setFocus()
    qtbot.keyClick(part.scale, Key.Key_3)
    assert (app.theme.scale, app.prefs.get("scale")) == (1.5, 1.5)
    app.window.top.menu.aboutToShow.emit()
    within = [a for m in app.window.top.menu.actions() if m.menu() for a in m.menu().actions()]
    assert [a.text() for a in within if a.isChecked()] == ["深色", "150%"]
    qtbot.keyClick(part.scale, Key.Key_1)
    part.operator.setFocus()
    part.operator.selectAll()
    qtbot.keyClick(part.operator, Key.Key_Delete)
    qtbot.keyClick(part.operator, Key.Key_Return)
    assert part.rows["operator"].problem == "请填写操作人的姓名。"
    typed(part.operator, "陈立")
    assert part.rows["operator"].problem == ""
    qtbot.keyClick(part.operator, Key.Key_Return)
    rest(qtbot, app)
    assert (app.window.top.operator.text(), app.prefs.get("operator")) == ("陈立", "陈立")
    assert app.wait(lambda w: (w.desk.operator, w.desk.store.who)) == ("陈立", "陈立")
