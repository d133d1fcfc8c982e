"""An encrypted ledger: chosen at the first start, opened with the passphrase or the recovery code."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.gui.app import App
from envdesk.gui.prefs import Prefs
from envdesk.gui.unlock_dialogs import RecoveryDialog, UnlockDialog
from envdesk.present import first_start, unlock
from envdesk.present.first_start import Answers
from envdesk.store.file import is_encrypted

Key = Qt.Key
WORDS = "石马 路 8 号院"
ANSWERS = Answers("均禾街道综合执法办", "白云区", "李敏 执法人员", "石马社区", WORDS, WORDS)


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    path = tmp_path_factory.mktemp("加密") / "台账.envdesk"
    return first_start.make(path, ANSWERS)


@pytest.fixture
def app(qapp, ask):
    made = App(qapp, prefs=Prefs(), ask=ask, hooks=False)
    yield made
    made.close()
    made.theme.setParent(None)
    shiboken6.delete(made.theme)
    QApplication.processEvents()


def test_the_answers_are_checked(data_dir):
    def found(first, second):
        return {p.field for p in first_start.check(Answers("办", "", "李敏", "", first, second))}

    assert found("", "") == set()
    assert found("1234567", "1234567") == {first_start.PASS}
    assert found("12345678", "1234567x") == {first_start.AGAIN}
    with pytest.raises(Refused):
        first_start.make(data_dir / "x.envdesk", Answers("办", "", "李敏", "", "短", "短"))
    assert list(data_dir.iterdir()) == []


def test_passphrase_and_recovery_code_open_it_and_nothing_else(locked):
    assert is_encrypted(locked.path)
    assert b"\xe7\x9f\xb3\xe9\xa9\xac" not in locked.path.read_bytes()
    code = unlock.recovery_code(locked.key)
    assert len(code.replace(" ", "")) == 64
    for text in (WORDS, f"  {WORDS} ", code, code.upper().replace(" ", "-")):
        assert unlock.fits(locked.path, unlock.key_of(text, locked.path)), text
    for text in ("石马路8号", code.replace(code[0], "0" if code[0] != "0" else "1")):
        assert not unlock.fits(locked.path, unlock.key_of(text, locked.path)), text


def test_the_window_asks_for_it_until_it_fits(app, locked):
    seen = []

    def type_into():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, UnlockDialog)
        QTest.keyClicks(dialog.line, "wrong words")
        QTest.keyClick(dialog.line, Key.Key_Return)
        seen.append((dialog.box._message.text(), dialog.line.text()))
        dialog.line.setText(WORDS)
        QTest.keyClick(dialog.line, Key.Key_Return)

    QTimer.singleShot(100, type_into)
    key = app.ask_key(locked.path)
    assert seen == [("口令或恢复码不对。", "wrong words")]
    window = app.open(locked.path, operator="李敏", key=key, clock=Clock())
    assert window.ctx.office == "均禾街道综合执法办"


def test_leaving_opens_nothing(app, locked):
    QTimer.singleShot(100, lambda: QTest.keyClick(QApplication.activeModalWidget(), Key.Key_Escape))
    assert app.ask_key(locked.path) is None


def test_the_recovery_code_is_shown_and_saved(theme, ask, locked, tmp_path):
    code = unlock.recovery_code(locked.key)
    dialog = RecoveryDialog(theme, ask, "均禾街道综合执法办", code)
    ask.path = tmp_path / "恢复码.txt"
    dialog.save_button.click()
    dialog.copy_button.click()
    text = ask.path.read_text("utf-8")
    assert "均禾街道综合执法办环保台账恢复码" in text
    assert code.replace(" ", "") in "".join(text.split())
    assert [w.text() for w in dialog.findChildren(QLabel) if len(w.text()) == 4] == code.split()
    assert QApplication.clipboard().text() == code
    dialog.deleteLater()
