"""报表: letters and briefs: figures in running text, the user's own paragraphs, text for a chat group, Word files."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import docx
import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from reports_desk import hands, office_file  # noqa: F401 - fixtures
from small_desk import Alt, Ctrl, Key, Shift

from envdesk.gui import tokens
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.pages.reports import WORDS
from envdesk.gui.reports.choose import LINE
from envdesk.i18n import _

OPENED = {"period": "2026-09", "template": "work-004"}


def words_of(data):
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


def write(hands, text):
    hands.page.words.area.insertPlainText(text)  # an input method types for the user
    hands.settle()


def test_templates_are_listed_tables_first(hands):
    ids = [i.id for i in hands.page.choose.templates.choices.items]
    assert ids == ["monthly", "brief", "work-004", "work-000", "work-001", "work-002", "work-003"]


def test_a_letter_shows_its_figures_and_they_lead_to_records(hands):
    page = hands.page
    assert page.made.report.title.startswith("街道工作情况报告 · 2026年9月")
    assert set(page.paper.places) == {line.id for line in page.made.report.figures}
    assert "wo_received" in page.paper.places
    assert all(line.category for line in page.made.report.figures)
    box = page.paper.figure_box("wo_received").center().toPoint()
    page.paper.pick("wo_received")
    stroke = tokens.FOCUS / 2
    frame, words = page.paper.frame_box("wo_received"), page.paper.figure_box("wo_received")
    assert frame.adjusted(stroke, stroke, -stroke, -stroke).contains(words), "no stroke of a digit lies under it"
    box = page.paper.figure_box("wo_received").center().toPoint()
    hands.click(page.paper.viewport(), box)
    assert page.sources.evidence.figure == "wo_received"
    assert page.sources.evidence.total == 3


def test_arrows_go_through_the_text(hands):
    page = hands.page
    page.paper.setFocus()
    hands.press(Key.Key_Down)
    assert page.paper.figure == next(iter(page.paper.places))


def test_own_words_are_kept_with_the_period_and_printed(hands):
    page = hands.page
    hands.press(Key.Key_4, Alt)
    assert page.tabs.current() == WORDS
    assert page.words.slot.id == "problems"
    assert hands.focus is page.words.area
    assert "存在问题" not in words_of(page.made.paper.data)
    write(hands, "部分企业台账不全。")
    assert page.words.state.text() == "还没有保存。"
    hands.press(Key.Key_Return, Ctrl)
    assert "存在问题部分企业台账不全。" in words_of(page.made.paper.data)
    assert page.words.state.text().startswith("已保存 2026-10-09")
    assert page.words.area.hasFocus()
    page.want("2026-08")
    hands.settle()
    assert page.words.area.toPlainText() == ""
    page.want("2026-09")
    hands.settle()
    assert page.words.area.toPlainText() == "部分企业台账不全。"


def test_leaving_the_field_saves_and_the_last_text_comes_back(hands):
    page = hands.page
    page.show_tab(WORDS)
    write(hands, "甲。")
    page.choose.periods.setFocus()
    hands.settle()
    assert page.words.slot.text == "甲。"
    page.words.area.setFocus()
    page.words.area.setPlainText("乙。")
    hands.press(Key.Key_Return, Ctrl)
    assert page.words.slot.text == "乙。"
    page.words.back.click()
    hands.settle()
    assert page.words.slot.text == "甲。"
    assert "甲。" in words_of(page.made.paper.data)


def test_another_place_is_chosen_by_keyboard(hands):
    page = hands.page
    page.show_tab(WORDS)
    page.words.slots.setFocus()
    hands.press(Key.Key_Home).press(Key.Key_Return)
    assert page.words.slot.id == "to"
    assert "街道党工委" in page.words.hint.text()
    write(hands, "区生态环境分局")
    hands.press(Key.Key_Return, Ctrl)
    assert "区生态环境分局：" in words_of(page.made.paper.data)


def test_places_are_shown_in_whole_lines(hands):
    page, theme = hands.page, hands.window.ctx.theme
    page.show_tab(WORDS)
    heights = set()
    for high in (600, 700, 768, 1080):
        hands.window.resize(1366, high)
        hands.settle()
        heights.add(page.words.slots.height())
        assert page.words.slots.height() % theme.px(LINE) == 0
    assert len(heights) > 1


def test_what_was_left_out_is_shown_in_whole_lines(hands):
    words = hands.page.words
    hands.page.show_tab(WORDS)
    for high, scale in ((768, 1.0), (700, 1.0), (768, 1.5)):
        hands.window.ctx.theme.set_scale(scale)
        hands.window.resize(1366, high)
        hands.settle()
        line = words.left.document().firstBlock().layout().lineAt(0).height()
        room = words.left.viewport().height() - round(words.left.document().documentMargin())
        assert room >= line
        assert room % line == 0, "no line is cut in its middle"
    words.left.setPlainText("为 0，没有写进句子")
    assert words.left.viewportMargins().bottom() == 0
    assert words.left.verticalScrollBar().maximum() == 0, "what fits needs no bar"
    assert words.state.mapTo(words, words.state.rect().center()).y() == pytest.approx(
        words.keep.mapTo(words, words.keep.rect().center()).y(), abs=2
    ), "what is saved is said beside the button"


def test_in_little_room_the_chip_keeps_its_number_and_no_tab_is_cut(hands):
    tabs, theme = hands.page.tabs, hands.window.ctx.theme
    tabs.set_words(1, "勾稽", ChipState("4 项提示", "amber", "triangle"))
    tabs.set_words(2, "变化 35")
    for scale, word in ((2.0, "4"), (1.0, "4 项提示")):
        theme.set_scale(scale)
        hands.window.resize(1366, 768)
        hands.settle()
        chip = tabs.bar.findChild(Chip)
        assert (chip.state.word, chip.accessibleName()) == (word, "4 项提示")
        assert all(tabs.bar.tabRect(n).right() < tabs.width() - tabs.bar.x() for n in range(4))
    tabs.set_words(1, "勾稽", ChipState("全部通过", "green", "check"))
    assert tabs.bar.findChild(Chip).state.word == "全部通过"


def test_the_title_of_a_letter_is_read_in_full_before_keys_of_buttons(hands):
    page = hands.page
    hands.window.resize(1366, 768)
    hands.settle()
    title = page.made.report.title
    assert page._subtitle.shown().startswith(title)
    hands.window.resize(1280, 768)
    hands.settle()
    assert page._subtitle.shown().startswith(title)
    assert "…" not in page._subtitle.shown()


def test_what_was_left_out_and_claims_in_own_words_are_said(hands):
    page = hands.page
    page.show_tab(WORDS)
    write(hands, "已全部完成。")
    hands.press(Key.Key_Return, Ctrl)
    said = page.words.left.toPlainText()
    assert "“全部”" in said.splitlines()[0]
    assert "为 0 或没有数据" in said
    assert "公文字体" in said


def test_a_table_has_no_place_for_words(hands):
    page = hands.page
    page.want("2026-09", "monthly")
    hands.settle()
    assert not page.tabs.bar.isTabVisible(WORDS)
    assert not page.buttons[_("复制文字")].isVisible()
    hands.press(Key.Key_4, Alt)
    assert page.tabs.current() != WORDS


def test_a_brief_goes_to_the_clipboard(hands):
    page = hands.page
    page.want("2026-09", "brief")
    hands.settle()
    QGuiApplication.clipboard().clear()
    QTest.keyClick(hands.focus or hands.window, Qt.Key.Key_C, Ctrl | Shift)
    hands.settle()
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0].endswith("2026年9月工作情况")
    assert "收到12345等工单3件" in text
    assert "\u3000" not in text


def test_saving_as_excel_by_the_keyboard(hands, tmp_path, ask):
    ask.path = tmp_path / "报告"
    hands.press(Key.Key_E, Ctrl | Shift)
    book = openpyxl.load_workbook(tmp_path / "报告.xlsx")
    assert any("收到12345等涉环保投诉3件" in str(row[0].value) for row in book["正文"].iter_rows())
    rows = {row[7].value: row for row in book["数据"].iter_rows(min_row=3)}
    found = rows["wo_received"]
    assert (found[4].value, found[5].value, found[6].value) == (3, "件", "2026年9月1日—30日")


def test_a_draft_in_excel_says_so_on_both_sheets(hands, tmp_path, ask):
    ask.path = tmp_path / "草稿.xlsx"
    hands.page.verbs.save(draft=True, kind=".xlsx")
    hands.settle()
    book = openpyxl.load_workbook(tmp_path / "草稿.xlsx")
    assert all("（草稿）" in page["A1"].value for page in book)


def test_saving_as_word_and_as_text(hands, tmp_path, ask):
    page = hands.page
    for name in ("报告.docx", "报告.txt", "报告"):
        ask.path = tmp_path / name
        page.verbs.save()
        hands.settle()
    assert page.verbs._title(draft=False).endswith("2026年9月生态环境治理工作情况报告")
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "报告.docx")).paragraphs)
    assert "收到12345等涉环保投诉3件" in text
    assert "收到12345等涉环保投诉3件" in (tmp_path / "报告.txt").read_text("utf-8")
    assert (tmp_path / "报告.pdf").read_bytes().startswith(b"%PDF")
