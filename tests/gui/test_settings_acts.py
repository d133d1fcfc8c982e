"""设置: the ledger encrypted, any operation taken back, small lists imported."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from settings_desk import app, go, people, rest  # noqa: F401 - fixtures

from envdesk.desk import office, records, seals
from envdesk.gui import tokens
from envdesk.present import unlock
from envdesk.store.crypt import is_encrypted

Key = Qt.Key


# ---- encryption ----------------------------------------------------------------------------------------------------
def test_a_plain_ledger_is_encrypted_and_a_plain_copy_made_with_a_reason(app, qtbot, ask, tmp_path, office_file):
    part = go(qtbot, app, "backup")[2]
    codes = []
    part.open_code = codes.append
    part.secret.setFocus()
    qtbot.keyClicks(part.secret, "杨柳".encode().hex())
    qtbot.keyClick(part.secret, Key.Key_Tab)
    qtbot.keyClicks(part.again, "anders")
    qtbot.keyClick(part.again, Key.Key_Return)
    assert part.box._message.text() == "两次写的口令不一样。"
    assert not is_encrypted(office_file)
    part.again.selectAll()
    qtbot.keyClicks(part.again, "杨柳".encode().hex())
    qtbot.keyClick(part.again, Key.Key_Return)
    rest(qtbot, app)
    assert is_encrypted(office_file)
    assert part.said.text().startswith("台账已加密")
    [code] = codes
    assert unlock.fits(office_file, unlock.key_of(code, office_file))
    assert "李敏" in [r["name"] for r in app.wait(lambda w: records.listing(w.desk, "person"))]  # it goes on
    assert part.beside.text() == "已加密"
    assert not part.ask.isVisible()

    ask.path = tmp_path / "副本.envdesk"
    part.plain_button.click()  # no reason, no copy
    rest(qtbot, app)
    assert not ask.path.exists()
    ask.reason = "市里要求核对"
    part.plain_button.click()
    rest(qtbot, app)
    assert not is_encrypted(ask.path)
    assert is_encrypted(office_file)
    with office.opened(ask.path) as copy:
        assert "李敏" in [r["name"] for r in records.listing(copy, "person")]
    noted = app.wait(lambda w: w.desk.store.con.query("SELECT kind, what FROM outgoing"))
    assert noted == [("decrypt", "副本.envdesk：市里要求核对")]
    app.wait(lambda w: records.add(w.desk, "grid", [{"name": "石马"}]))


# ---- what was done -------------------------------------------------------------------------------------------------
def told(part):
    return [(n.said, n.state) for n in part.lines]


def test_any_operation_is_listed_and_taken_back(app, qtbot):
    app.wait(lambda w: records.add(w.desk, "grid", [{"name": "石马"}]))
    app.wait(lambda w: records.edit(w.desk, "person", "李敏", {"role": "环保员", "warnings": "accept"}))
    app.wait(lambda w: records.add(w.desk, "grid", [{"name": "平沙"}]))
    [part] = go(qtbot, app, "operations")
    assert [said.split()[0] for said, _state in told(part)][:4] == ["登记", "修改", "登记", "登记"]
    assert told(part)[-1][1] == "note"  # what a new ledger starts from
    part.table.setFocus()
    qtbot.keyClick(part.table.main, Key.Key_Down)
    qtbot.keyClick(part.table.main, Key.Key_Down)
    number = part.table.row().data.no
    part.undo_button.setFocus()
    qtbot.keyClick(part.undo_button, Key.Key_Space)
    rest(qtbot, app)
    assert [g["name"] for g in app.wait(lambda w: records.listing(w.desk, "grid"))] == ["平沙"]
    assert told(part)[0] == (f"撤销 第 {number} 号：网格/社区/联社 1 条", "done")
    gone = next(n for n in part.lines if n.no == number)
    assert gone.state == "undone"
    assert "已撤销第" in app.window.toast.text


@pytest.mark.parametrize(("size", "scale"), [((1366, 768), 1.5), ((1920, 1080), 1.0)])
def test_the_list_of_operations_and_its_buttons_fit_into_the_page(app, qtbot, size, scale):
    for n in range(30):
        app.wait(lambda w, n=n: records.add(w.desk, "grid", [{"name": f"石马{n}"}]))
    app.window.resize(*size)
    app.theme.set_scale(scale)
    [part] = go(qtbot, app, "operations")
    rest(qtbot, app)
    area = app.window.page.area
    assert part.undo_button.mapTo(area, part.undo_button.rect().bottomLeft()).y() <= area.height()
    assert part.table.height() >= 5 * app.theme.px(tokens.ROW)  # the head and four rows


def test_what_later_work_stands_on_is_named(app, qtbot, ask):
    app.wait(lambda w: records.edit(w.desk, "person", "李敏", {"role": "环保员", "warnings": "accept"}))
    app.wait(lambda w: records.edit(w.desk, "person", "李敏", {"role": "其他", "warnings": "accept"}))
    [part] = go(qtbot, app, "operations")
    part.table.go_to(1)
    part.undo_button.click()
    rest(qtbot, app)
    assert f"之后的操作 {part.lines[0].no} 改动过同样的内容" in app.window.toast.text
    assert part.lines[1].state == "done"
    assert ask.asked == []


def test_an_operation_of_a_sealed_month_is_taken_back_with_a_reason(app, qtbot, ask):
    order = {
        "source": "12345",
        "order_no": "A1",
        "received_at": "2026-09-08T09:00",
        "content": "噪声",
        "warnings": "accept",
    }
    app.wait(lambda w: records.add(w.desk, "work_order", [order]))
    app.wait(lambda w: seals.seal(w.desk, "2026-09"))
    [part] = go(qtbot, app, "operations")
    at = next(n for n, one in enumerate(part.lines) if "GD-2026-0001" in one.said)
    part.table.go_to(at)
    part.undo_button.click()
    rest(qtbot, app)
    assert [q.title for q in ask.asked] == [f"撤销第 {part.lines[at].no} 号操作"]
    assert len(app.wait(lambda w: records.listing(w.desk, "work_order"))) == 1
    ask.reason = "登记错了"
    part.undo_button.click()
    rest(qtbot, app)
    assert app.wait(lambda w: records.listing(w.desk, "work_order")) == []
    assert part.lines[0].said.endswith("，原因：登记错了")


def test_a_list_of_people_is_imported_in_the_settings(app, qtbot, ask, tmp_path):
    part = go(qtbot, app, "people")[0]
    page = app.window.page
    part.import_button.setFocus()
    qtbot.keyClick(part.import_button, Key.Key_Space)  # no file is chosen: the template is offered
    assert page.stack.currentWidget() is page.importing
    assert page.importing.sentence.text() == "从表格导入“人员”"
    ask.path = tmp_path / "模板.xlsx"
    assert page.importing.nothing.button.hasFocus()
    qtbot.keyClick(page.importing.nothing.link, Key.Key_Space)
    rest(qtbot, app)
    book = load_workbook(ask.path)
    sheet = book.active
    heads = [str(c.value or "").rstrip("*") for c in sheet[1]]
    for head, value in (("姓名", "欧阳小样"), ("岗位", "环保员")):
        assert any(head in h for h in heads), heads
        sheet.cell(3, next(n for n, h in enumerate(heads, 1) if head in h), value)
    book.save(tmp_path / "人员.xlsx")
    ask.path = tmp_path / "人员.xlsx"
    page.importing.nothing.button.click()
    rest(qtbot, app)
    assert "1 行都能导入" in page.importing.sentence.text(), page.importing.sentence.text()
    page.importing.act.click()
    rest(qtbot, app)
    assert page.stack.currentIndex() == 0
    assert "欧阳小样" in [r["name"] for r in app.wait(lambda w: records.listing(w.desk, "person"))]
