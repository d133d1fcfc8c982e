"""上报: check, seal, write, read back, the code; a received file checked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from envdesk.desk import office, records
from envdesk.exchange.package_check import verify
from envdesk.gui.buttons import Button
from envdesk.gui.pages import form, send
from envdesk.gui.send.received import same_code

Key, Control, Alt = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ORDER = {
    "order_no": "20260910-0001", "source": "12345", "kind": "投诉", "pollution": ["大气-油烟"],
    "received_at": "2026-09-10 09:00", "content": "夜间有异味", "location": "石马新村东侧", "warnings": "accept",
}  # fmt: skip


@pytest.fixture
def app(running, office_file, qtbot):
    with office.opened(office_file, operator="李敏", as_of="2026-10-09") as desk:
        outcome = records.add(desk, "work_order", [ORDER]).value
        assert not outcome.refused, [p.as_dict() for p in outcome.problems]
    made = running({"send": send.PAGE, "form": form.PAGE})
    made.window.go("send")
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    rest(qtbot, made)
    return made


def rest(qtbot, app):
    qtbot.waitUntil(lambda: not app.tasks.active, timeout=20_000)


def status(page):
    return {name: card.mark.status for name, card in page.cards.items()}


def test_last_month_is_checked_when_the_page_opens(app):
    page = app.window.page
    assert (page.period, page.month.text()) == ("2026-09", "2026年9月")
    assert status(page)["check"] in ("done", "warn")
    assert (status(page)["sealed"], status(page)["write"], status(page)["verified"]) == ("warn", "next", "later")
    assert "诉求人" in " ".join(
        page.cards["masked"].lines.itemAt(n).widget().text() for n in range(page.cards["masked"].lines.count())
    )
    assert page.first.hasFocus()


def test_what_is_listed_uses_the_room_under_the_buttons_too(app):
    app.theme.set_scale(1.5)
    app.window.resize(1366, 768)
    card = app.window.page.cards["check"]
    holder, again = card.holder, card.findChildren(Button)[0]
    right = again.mapTo(card, again.rect().topRight()).x()
    assert holder.mapTo(card, holder.rect().topRight()).x() >= right


def test_in_little_room_the_check_of_a_file_stands_under_the_steps(app, qtbot):
    page = app.window.page
    app.window.resize(1366, 768)
    last = page.cards["receipt"]

    def below():
        return page.received.y() > last.y()

    qtbot.waitUntil(lambda: not below())
    app.theme.set_scale(2.0)
    qtbot.waitUntil(below)
    assert page.received.width() == last.width() <= page.area.viewport().width()


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_what_is_wrong_with_a_passphrase_is_seen_in_a_low_window(app, qtbot, scale):
    page = app.window.page
    app.window.resize(1366, 768)
    before = page.area.height()
    app.theme.set_scale(scale)
    qtbot.waitUntil(lambda: page.area.height() < before)  # laid out anew
    page.locked.setChecked(True)
    page.secret.setText("123")
    page.write()

    def seen():
        top = page.secret_box.mapTo(page.area.viewport(), page.secret_box.rect().topLeft()).y()
        return top >= 0 and top + page.secret_box.height() <= page.area.viewport().height()

    qtbot.waitUntil(seen)
    assert page.secret.hasFocus()
    assert page.area.verticalScrollBar().value() > 0
    assert page.area.verticalScrollBar().value() in {card.y() for card in page.cards.values()}  # none is cut above


def test_months_by_keyboard_not_beyond_this_one(app, qtbot):
    page = app.window.page
    qtbot.keyClick(page, Key.Key_Left, Alt)
    rest(qtbot, app)
    assert page.period == "2026-08"
    for _n in range(4):
        qtbot.keyClick(page, Key.Key_Right, Alt)
        rest(qtbot, app)
    assert page.period == "2026-10"
    assert not page.seal_button.isEnabled()  # it is not over


def test_sealing_here(app, qtbot):
    page = app.window.page
    qtbot.keyClick(page.seal_button, Key.Key_Return)
    qtbot.waitUntil(lambda: status(page)["sealed"] == "done", timeout=20_000)
    assert not page.seal_button.isVisible()


def test_written_read_back_and_the_code_copied(app, qtbot, ask, tmp_path):
    page, ask.path = app.window.page, tmp_path / "报.envpack"
    qtbot.keyClick(page, Key.Key_S, Control)
    qtbot.waitUntil(lambda: status(page)["verified"] == "done", timeout=20_000)
    sha = verify(ask.path).sha256
    assert page.code.text().replace(" ", "") == sha.upper()
    assert page.copy_button.hasFocus()
    qtbot.keyClick(page.copy_button, Key.Key_Return)
    assert QGuiApplication.clipboard().text() == sha
    assert "区里" in page.cards["receipt"].words.text()

    ask.path.write_bytes(ask.path.read_bytes()[:-1] + b"x")
    qtbot.keyClick(page.read_button, Key.Key_Return)
    qtbot.waitUntil(lambda: status(page)["verified"] == "stop", timeout=20_000)
    assert "校验不通过" in page.cards["verified"].words.text()
    assert not page.copy_button.isEnabled()


def test_a_place_that_cannot_be_written_is_said_in_the_step(app, qtbot, ask, tmp_path):
    page, ask.path = app.window.page, tmp_path / "别的.envpack"
    ask.path.write_text("别的文件", "utf-8")
    page.write()
    qtbot.waitUntil(lambda: status(page)["write"] == "stop", timeout=20_000)
    assert "别的.envpack" in page.cards["write"].words.text()
    assert ask.path.read_text("utf-8") == "别的文件"


def test_nothing_is_written_when_no_place_is_chosen(app, qtbot, ask):
    page = app.window.page
    page.write()
    rest(qtbot, app)
    assert len(ask.asked) == 1
    assert status(page)["write"] == "next"


def test_a_passphrase_is_checked_beside_the_field(app, qtbot, ask, tmp_path, typed):
    page, ask.path = app.window.page, tmp_path / "密.envpack"
    page.locked.setFocus()
    qtbot.keyClick(page.locked, Key.Key_Space)
    assert page.secret.hasFocus()
    typed(page.secret, "短")
    page.write()
    assert page.secret.accessibleDescription() == "口令至少 8 个字。"
    page.secret.clear()
    typed(page.secret, "均禾2026九月报")
    page.write()
    assert page.secret.accessibleDescription() == "两次写的口令不一样。"
    assert page.secret_again.hasFocus()
    typed(page.secret_again, "均禾2026九月报")
    page.write()
    qtbot.waitUntil(lambda: status(page)["verified"] == "done", timeout=20_000)

    received = page.received
    received.open()
    qtbot.waitUntil(received.secret_box.isVisible, timeout=20_000)
    assert received.secret.hasFocus()
    typed(received.secret, "不是这个口令")
    qtbot.keyClick(received.secret, Key.Key_Return)
    qtbot.waitUntil(lambda: received.secret.property("problem") == "error", timeout=20_000)
    received.secret.clear()
    typed(received.secret, "均禾2026九月报")
    qtbot.keyClick(received.secret, Key.Key_Return)
    qtbot.waitUntil(lambda: received.found is not None, timeout=20_000)
    assert received.chip.state.word == "校验通过"


def test_without_attachments_masks_the_firms_too_and_keeps_the_focus(app, qtbot):
    page = app.window.page
    page.bare.setFocus()
    qtbot.keyClick(page.bare, Key.Key_Return)
    qtbot.waitUntil(lambda: page.state.bare, timeout=20_000)
    texts = [page.cards["masked"].lines.itemAt(n).widget().text() for n in range(page.cards["masked"].lines.count())]
    assert any("联系" in t for t in texts)
    assert page.bare.hasFocus()


def test_a_change_after_writing_is_said(app, qtbot, ask, tmp_path):
    page, ask.path = app.window.page, tmp_path / "报.envpack"
    page.write()
    qtbot.waitUntil(lambda: status(page)["verified"] == "done", timeout=20_000)
    assert not page.stale.isVisible()
    app.operations.do(lambda w: records.add(w.desk, "grid", [{"name": "石马社区"}]))
    qtbot.waitUntil(page.stale.isVisible, timeout=20_000)


def test_a_received_file(app, qtbot, ask, tmp_path, typed):
    page, ask.path = app.window.page, tmp_path / "报.envpack"
    page.write()
    qtbot.waitUntil(lambda: status(page)["verified"] == "done", timeout=20_000)
    received, sha = page.received, page.state.again.sha256
    qtbot.keyClick(received.choose, Key.Key_Return)
    qtbot.waitUntil(lambda: received.found is not None, timeout=20_000)
    texts = [cell.text() for cell in received._cells]
    assert ("均禾街道综合执法办" in texts, "2026年9月" in texts, sha in texts) == (True, True, True)
    typed(received.code, sha[:4] + "-" + sha[4:8] + "-" + sha[8:12])
    assert received.code_box.editor.accessibleDescription() == "与文件的校验值一致。"
    typed(received.code, "0000")
    assert received.code.property("problem") == "error"

    data = bytearray(ask.path.read_bytes())
    data[len(data) // 2] ^= 1
    ask.path.write_bytes(data)
    received.open()
    qtbot.waitUntil(lambda: received.chip.state.word == "校验不通过", timeout=20_000)
    assert received.found is None


@pytest.mark.parametrize(
    ("typed", "same"),
    [("AB12-cd34-EF56", True), ("ab12 cd34", True), ("ab12cd", False), ("ab12cd35", False), ("", False)],
)
def test_codes_as_they_are_typed(typed, same):
    assert same_code(typed, "ab12cd34ef56" + "0" * 52) is same
