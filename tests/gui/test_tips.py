"""What is cut says all of it: tool tips of lines, cells, lists, chips; long names leave the others their room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from envdesk.gui import tips
from envdesk.gui.chips import chip_state
from envdesk.gui.finds import Find
from envdesk.gui.form.chips_field import ChipFlow
from envdesk.gui.form.line import Line
from envdesk.gui.form.popup import ENOUGH, WIDEST, Item, Popup
from envdesk.gui.frame_bars import TopBar
from envdesk.gui.labels import Elided
from envdesk.gui.search_box import LineField
from envdesk.gui.subject.band import FigureBand
from envdesk.gui.table_model import Cell, Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.tips import MOST, tip
from envdesk.present.subject_file import Number

LONG = "超长企业名称有限责任公司" * 8
SHORT = "佳达鞋业"
MARKUP = "<b>佳达</b>&<img src=x>\n第二行" + LONG


def words(text: str) -> str:
    """Read a tool tip as Qt shows it."""
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@pytest.fixture
def asked(monkeypatch):
    """``asked(widget, point)`` rests the pointer on a point and returns what comes up, "" = nothing."""
    shown = [""]

    class Tip:
        """In place of Qt's, which goes away a moment later."""

        @staticmethod
        def showText(_at: QPoint, text: str, _widget: QWidget, _box: QRect) -> None:
            shown[0] = text

        @staticmethod
        def hideText() -> None:
            shown[0] = ""

    monkeypatch.setattr(tips, "QToolTip", Tip)

    def ask(widget: QWidget, point: QPoint) -> str:
        shown[0] = "nobody was asked"
        QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, point, widget.mapToGlobal(point)))
        return words(shown[0])

    return ask


@pytest.mark.usefixtures("qapp")
def test_markup_in_a_tip_is_text_and_its_lines_stay():
    assert words(tip(MARKUP)) == MARKUP
    assert tip("") == tip(" \n ") == ""
    assert len(words(tip("长" * 5000))) == MOST


def test_a_line_without_the_focus_ends_in_dots_and_gives_its_words(theme, show):
    line, other = Line(theme), Line(theme)
    window = show(line, other)
    window.resize(240, 120)
    other.setFocus()
    line.setText(SHORT)
    short = line.grab().toImage()
    assert line.toolTip() == ""
    line.setText(LONG)
    line.setCursorPosition(0)
    cut = line.grab().toImage()
    assert words(line.toolTip()) == LONG
    assert cut != short
    line.setFocus()
    line.deselect()
    line.setCursorPosition(0)
    whole = line.grab().toImage()
    assert line.toolTip() == ""  # where the words scroll nothing is said over them
    assert whole != cut


def test_a_hidden_word_is_not_told(theme, show):
    line, other = LineField(theme), Line(theme)
    show(line, other).resize(200, 120)
    other.setFocus()
    line.setEchoMode(LineField.EchoMode.Password)
    line.setText("secret" * 20)
    line.grab()
    assert "secret" not in words(line.toolTip())


def test_a_cut_cell_gives_its_words_and_a_whole_one_nothing(theme, qtbot, asked):
    columns = (Column("name", "名称", 120), Column("state", "状态", 88, "chip"), Column("place", "地点"))
    rows = [
        Row("1", (SHORT, chip_state("已办结", "green"), MARKUP)),
        Row("2", (LONG, chip_state("还有12个工作日", "grey"), Cell(SHORT, bold=True))),
    ]
    table = LedgerTable(theme, RowsModel(columns, rows))
    qtbot.addWidget(table)
    table.resize(420, 200)
    table.show()

    def at(row: int, column: int) -> str:
        return asked(table.main.viewport(), table.main.visualRect(table.model.index(row, column)).center())

    assert (at(0, 0), at(0, 1), at(0, 2)) == ("", "", MARKUP)
    assert (at(1, 0), at(1, 1), at(1, 2)) == (LONG, "还有12个工作日", "")


def test_the_first_cell_stands_under_the_title_of_its_panel(theme, qtbot):
    table = LedgerTable(
        theme, RowsModel((Column("name", "名称", 120), Column("place", "地点")), [Row("1", ("█", "█"))])
    )
    qtbot.addWidget(table)
    table.resize(420, 200)
    table.show()
    image = table.main.viewport().grab().toImage()
    row = table.main.visualRect(table.model.index(0, 0)).center().y()
    ground = image.pixelColor(8, row)
    first = next(x for x in range(4, 100) if image.pixelColor(x, row) != ground)
    assert 15 <= first <= 18


def test_a_list_under_a_field_is_as_wide_as_its_words_and_gives_cut_ones(theme, show, asked):
    line = Line(theme)
    window = show(line)
    window.resize(1000, 400)
    popup = Popup(theme, line)
    popup.offer([Item(1, SHORT, "石陂联社 · 石陂大街215号自编101铺 · DX-2024-0013"), Item(2, LONG * 2, "DX-2024-0014")])
    assert popup.width() > line.fontMetrics().horizontalAdvance(SHORT)
    high = popup.height() // 2
    assert asked(popup, QPoint(40, high // 2)) == ""
    assert asked(popup, QPoint(40, high + high // 2)) == f"{LONG * 2}\nDX-2024-0014"
    assert popup.width() <= max(theme.px(WIDEST), line.width())


def test_a_list_stands_under_its_field_when_enough_of_it_fits(theme, show):
    holder, line = QWidget(), Line(theme)
    line.setParent(holder)
    line.setGeometry(0, 400, 300, 32)
    show(holder).resize(400, 640)
    popup = Popup(theme, line)
    popup.offer([Item(n, f"第{n}个") for n in range(20)])
    assert popup.y() > line.mapTo(line.window(), line.rect().bottomLeft()).y()
    assert popup._most >= ENOUGH


def test_a_cut_chip_of_a_field_gives_its_words(theme, show, asked):
    chips = ChipFlow(theme)
    show(chips).resize(200, 100)
    chips.set_texts([SHORT, LONG])
    chips.grab()
    first, second = chips._boxes
    assert asked(chips, first.center()) == ""
    assert asked(chips, second.center()) == LONG


@pytest.mark.usefixtures("theme")
def test_a_lone_ellipsis_is_not_drawn(show):
    label = Elided(LONG)
    show(label)
    label.resize(label.fontMetrics().horizontalAdvance("…") + 4, 20)
    cut = label.grab().toImage()
    assert words(label.toolTip()) == LONG
    label.setText("")
    assert label.grab().toImage() == cut


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_long_operator_leaves_the_office_its_room(theme, show, scale):
    theme.set_scale(scale)
    bar = TopBar(theme, operator="欧阳" * 25, office="均禾街道综合执法办", placeholder="搜索企业、工单、记录…")
    show(bar).resize(round(860 * scale), 80)
    bar.grab()
    assert bar.office.isVisible()
    assert bar.office.geometry().right() <= bar.width()
    assert bar.operator.geometry().right() < bar.office.x()
    assert words(bar.operator.toolTip()) == "欧阳" * 25
    bar.show_operator("李敏")
    bar.grab()
    assert bar.operator.toolTip() == ""
    assert bar.operator.width() == bar.operator.sizeHint().width()


def test_a_key_steps_back_where_the_sentence_would_be_cut(theme, show):
    field = LineField(theme, "在列出的里面找", icon="search", key="Ctrl+F")
    show(field)
    field.resize(220, 32)
    assert field._key == "Ctrl+F"
    field.resize(160, 32)
    assert field._key == ""
    field.resize(220, 32)
    assert field._key == "Ctrl+F"


def test_six_figures_stand_in_two_lines_where_they_are_narrow(theme, show):
    band = FigureBand(theme)
    band.show_numbers([Number("今年行政检查", f"{n} 次", "") for n in range(6)])
    window = show(band)
    window.resize(800, 300)
    one = band.height()
    window.resize(440, 300)
    assert band.height() == 2 * one
    window.resize(800, 300)
    assert band.height() == one


def test_a_find_that_is_cut_gives_its_words(theme, show, asked):
    from envdesk.gui.search_box import SearchBox

    box = SearchBox(theme, "搜索")
    show(box).resize(500, 200)
    box.setFocus()
    box.setText("超长")
    box.show_finds("超长", [Find(LONG, "石马桃红西街", number="DX-1"), Find(SHORT, "石马"), *([Find(LONG)] * 30)])
    view = box.list
    assert asked(view.viewport(), view.visualRect(box.finds.index(0, 0)).center()) == f"{LONG}\n石马桃红西街"
    assert asked(view.viewport(), view.visualRect(box.finds.index(1, 0)).center()) == ""
    last = view.indexAt(QPoint(20, view.viewport().height() - 1))
    assert not last.isValid() or view.visualRect(last).bottom() <= view.viewport().height()  # none is cut by the edge


def test_a_name_cut_in_the_menu_is_told(running):
    app = running()
    window = app.window
    window.user.operator = LONG
    menu: QMenu = window.top.menu
    menu.aboutToShow.emit()
    action = next(a for a in menu.actions() if a.text().startswith("超长"))
    assert action.text() != LONG
    assert words(action.toolTip()) == LONG
