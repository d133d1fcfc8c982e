"""报表: a figure split by 来源, 社区…: opened, gone into and back by keys, copied, saved."""

# ruff: noqa: F811 - fixtures are taken over by name

from dataclasses import replace

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication
from reports_desk import hands, office_file  # noqa: F401 - fixtures
from small_desk import Alt, Ctrl, Key

OPENED = {"period": "2026", "figure": "wo_received"}


@pytest.fixture
def split(hands):
    """The figure split by its source, by keys alone."""
    hands.press(Key.Key_F4)
    menu = QApplication.activePopupWidget()
    digit = next(n for n, a in enumerate(menu.actions(), 1) if "按来源分" in a.text())
    hands.bot.keyClick(menu, Key(Key.Key_0 + digit))
    hands.settle()
    return hands.page.sources.split


def test_a_figure_is_split_and_gone_into_and_back(hands, split):
    sources = hands.page.sources
    assert sources.current is split.table
    assert split.table.isAncestorOf(hands.focus)
    assert split.view.by_title == split.table.model.columns[0].title == "来源"
    words = [line.word for line in split.view.lines]
    assert "12345" in words
    hands.press(Key.Key_Down, times=words.index("12345"))
    hands.press(Key.Key_Return)
    assert sources.evidence.figure == "wo_received:source=12345"
    assert sources.evidence.text == split.view.lines[words.index("12345")].text
    assert sources.current is sources.records
    assert sources.by.isHidden()
    assert hands.page.paper.figure == "wo_received"  # the whole stays marked on the paper
    hands.press(Key.Key_Left, Alt)
    assert sources.current is split.table
    assert split.table.row().data.word == "12345"
    hands.press(Key.Key_Left, Alt)
    assert sources.current is sources.records
    assert sources.evidence.figure == "wo_received"
    hands.press(Key.Key_Left, Alt)
    assert sources.current is sources.figures


def test_in_little_room_the_button_gives_up_its_key_before_the_switch_is_cut(hands):
    sources, theme = hands.page.sources, hands.window.ctx.theme
    sources.which.set_items([("all", "全部 31"), ("counted", "计入 24"), ("missed", "未计入 7")])
    for size, scale, key in (((1366, 768), 2.0, ""), ((1920, 1080), 1.0, "F4")):
        theme.set_scale(scale)
        hands.window.resize(*size)
        hands.settle()
        assert sources.by._shown_key() == key
        assert sources.which.width() >= sources.which.sizeHint().width()


def test_the_line_of_the_whole_opens_nothing(hands, split):
    hands.press(Key.Key_End)
    assert split.table.row().total
    hands.press(Key.Key_Return)
    assert hands.page.sources.current is split.table


def test_the_table_is_copied(hands, split):
    hands.press(Key.Key_C, Ctrl)
    assert QApplication.clipboard().text() == split.view.as_text()
    assert "已复制表格" in hands.window.toast.text


def test_the_table_is_saved(hands, split, tmp_path, ask):
    ask.path = tmp_path / "来源.xlsx"
    split.save.setFocus()
    hands.press(Key.Key_Return)
    cells = [c for row in openpyxl.load_workbook(ask.path).active.iter_rows(values_only=True) for c in row]
    assert "12345" in cells
    assert "已另存为 来源.xlsx。" in hands.window.toast.text


def test_a_figure_without_ways_offers_none(hands):
    sources = hands.page.sources
    assert sources.by.isVisible()
    sources.show_evidence(replace(sources.evidence, ways=()))
    assert sources.by.isHidden()
    hands.press(Key.Key_F4)
    assert QApplication.activePopupWidget() is None


def test_another_report_begins_with_its_figures(hands, split):
    hands.page.want("2026-09")
    hands.settle()
    assert hands.page.sources.current is hands.page.sources.figures
    assert split.view is None
