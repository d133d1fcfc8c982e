"""F1: the page of what is on the screen, found and read by keyboard."""

from __future__ import annotations

import zipfile

import pytest
from form_keys import Hands
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from envdesk import __version__
from envdesk.gui import crash_dialog
from envdesk.gui.dialogs import Ask
from envdesk.gui.page import found
from envdesk.gui.pages import PAGES
from envdesk.present import help as topics

Key = Qt.Key


@pytest.fixture
def hands(running):
    return Hands(running(found()))


def f1(hands):
    hands.press(Key.Key_F1)
    hands.settle(0.1)
    return hands.window.help.shown


def test_every_page_of_the_window_has_a_page_of_help():
    assert {name for name, (_rail, hidden) in PAGES.items() if not hidden} <= set(topics.TOPICS)


def test_f1_on_a_field_opens_its_form_at_the_field(hands):
    hands.open("work_order")
    hands.to("content")

    shown = f1(hands)

    assert shown.isVisible()
    assert shown.shown.id == "form:work_order"
    assert shown.text.textCursor().block().text() == "内容"


def test_f1_on_a_page_and_search_by_keyboard(hands):
    hands.window.go("today")
    hands.settle()

    shown = f1(hands)
    assert shown.shown.id == "today"
    shown.search.setText("杀毒软件")
    assert shown.shown.id == "trouble"
    assert shown.list.count() < len(shown.topics)
    shown.search.setText("没有这样的词")
    assert not shown.nothing.isHidden()
    hands.press(Key.Key_Escape)
    shown.search.clear()
    assert shown.list.count() == len(shown.topics)
    shown.close()
    assert QApplication.topLevelWidgets()


def test_links_lead_nowhere_outside(hands):
    shown = f1(hands)

    assert not shown.text.openLinks()
    assert not shown.text.openExternalLinks()


# ----------------------------------------------------------------------------------------------------- about, support
def test_about_shows_version_and_licences(hands, qtbot):
    hands.window.go("settings", group="about")
    hands.settle()
    about, licences = hands.page.parts["about"]

    assert __version__ in about.words
    qtbot.waitUntil(lambda: licences.model.rowCount() > 10)
    names = [licences.model.row_at(n).id for n in range(licences.model.rowCount())]
    assert "Noto Serif SC, Noto Sans SC" in names
    licences.table.go_to(names.index("Lucide"))
    assert licences.table.row().cells[1] == "—", "a part without a version"
    assert "Permission" in licences.text.toPlainText()
    hands.settle()
    line = licences.text.document().firstBlock().layout().lineAt(0).height()
    room = licences.text.viewport().height() - round(licences.text.document().documentMargin())
    assert room > line
    assert room % line == 0, "no line is cut in its middle"


def test_support_is_collected_where_the_user_wants_it(hands, ask, qtbot, tmp_path):
    hands.window.go("settings", group="about")
    hands.settle()
    about = hands.page.parts["about"][0]
    ask.path = tmp_path / "支持.zip"

    about.collect_button.click()

    qtbot.waitUntil(lambda: "支持.zip" in about.said.text())
    with zipfile.ZipFile(tmp_path / "支持.zip") as pack:
        assert "facts.json" in pack.namelist()


def test_crash_dialog_collects_what_failed(theme, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(Ask, "save_file", lambda *_a: tmp_path / "出错.zip")
    dialog = crash_dialog.CrashDialog(
        theme, ValueError("王小明"), kept=True, log_file=tmp_path / "logs" / "envdesk.log"
    )
    qtbot.addWidget(dialog)

    dialog.gather.click()

    with zipfile.ZipFile(tmp_path / "出错.zip") as pack:
        error = pack.read("error.txt").decode("utf-8")
    assert "ValueError" in error
    assert "王小明" not in error
    assert "出错.zip" in dialog.said.text()


class OnAnotherScreen(crash_dialog.CrashDialog):
    """Is given a size of its own by the system when it is put on another screen."""

    def showEvent(self, event):
        super().showEvent(event)
        self.resize(self.width(), 30)


def test_a_dialog_put_on_another_screen_is_as_high_as_its_parts(theme, qtbot):
    dialog = OnAnotherScreen(theme, ValueError(), kept=True, log_file=None)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.height() == dialog.sizeHint().height()


def test_the_help_can_be_read_at_200_percent_too(hands):
    shown = f1(hands)
    high = shown.list.visualItemRect(shown.list.item(0)).height()
    hands.window.ctx.theme.set_scale(2.0)
    hands.settle(0.1)
    assert shown.list.visualItemRect(shown.list.item(0)).height() == 2 * high
    assert shown.text.width() > shown.side.width()


def test_the_help_opens_as_large_as_its_words_want_and_keeps_the_size_a_user_gave_it(hands):
    theme, help_ = hands.window.ctx.theme, hands.window.help
    hands.window.resize(1366, 768)
    help_.open_here()
    low = help_.shown.height()
    help_.shown.close()
    theme.set_scale(1.5)
    hands.settle(0.2)
    help_.open_here()
    hands.settle(0.2)
    assert help_.shown.height() > low
    help_.shown.resize(600, 500)
    theme.set_mode("dark")
    hands.settle(0.2)
    assert (help_.shown.width(), help_.shown.height()) == (600, 500)
