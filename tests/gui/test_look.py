"""Colours, sizes, icons, and that nothing holds a colour of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.chips import SHAPES, WORDS, Chip, ChipState, chip_state, due_state, measure, paint_chip
from envdesk.gui.labels import Elided, label
from envdesk.gui.reports.choose import ChoiceList, Item
from envdesk.gui.section import scrolled
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.gui.tokens import DARK, LIGHT, contrast

ROOT = Path(__file__).resolve().parents[2]
SETS = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("ground", "paper", "green_tint", "hover")


@SETS
@pytest.mark.parametrize("word", ["text", "soft", "green", "amber", "red", "blue"])
def test_words_can_be_read_on_every_ground(colours, word):
    for ground in GROUNDS:
        assert contrast(getattr(colours, word), getattr(colours, ground)) >= 4.5, ground


@SETS
@pytest.mark.parametrize("tone", tokens.TONES)
def test_words_can_be_read_on_their_chip(colours, tone):
    word, ground = tokens.TONES[tone]

    assert contrast(getattr(colours, word), getattr(colours, ground)) >= 4.5


@SETS
def test_words_can_be_read_on_green_and_on_the_toast(colours):
    assert contrast(colours.on_green, colours.green) >= 4.5
    assert contrast(colours.on_green, colours.green_hover) >= 4.5
    assert contrast(colours.paper, colours.text) >= 4.5
    assert contrast(colours.green_tint, colours.text) >= 4.5
    assert contrast(colours.red, colours.red_tint) >= 4.5


@SETS
def test_edges_and_focus_can_be_seen(colours):
    for ground in ("paper", "ground", "green_tint"):
        assert contrast(colours.edge, getattr(colours, ground)) >= 3
        assert contrast(colours.blue, getattr(colours, ground)) >= 3


def test_no_other_module_holds_a_colour():
    guilty = [
        f"{path.name}:{n}"
        for path in (ROOT / "envdesk" / "gui").rglob("*.py")
        if path.name != "tokens.py"
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"#[0-9A-Fa-f]{6}\b|QColor\(\d|setStyleSheet\(f?[\"'][^\"']*\d+px", line)
    ]

    assert guilty == []


def test_light_and_dark_are_switched_live(theme, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")

    assert theme.dark
    assert theme.colour("paper").name().upper() == DARK.paper


def test_scale_reaches_layouts_and_widgets(theme, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    outer, inner = QHBoxLayout(widget), QHBoxLayout()
    outer.addLayout(inner)
    theme.pad(outer, (24, 0, 24, 0), 8)
    theme.pad(inner, spacing=4)
    theme.fix(widget, height=32)

    theme.set_scale(1.5)

    assert (outer.contentsMargins().left(), outer.spacing(), inner.spacing()) == (36, 12, 6)
    assert widget.height() == 48
    assert theme.font("body").pixelSize() == 21


def test_a_head_takes_its_room_back_when_the_scale_goes_down(theme, qtbot):
    title = Elided("监管对象", "page")
    qtbot.addWidget(title)
    title.show()
    before = title.sizeHint().width()
    theme.set_scale(1.5)
    title.setMinimumWidth(title.sizeHint().width())
    assert title.minimumWidth() > before
    theme.set_scale(1.0)
    assert title.sizeHint().width() == before


def test_scale_stays_between_100_and_200_percent(theme):
    theme.set_scale(5)
    assert theme.scale == 2.0
    theme.set_scale(0.1)
    assert theme.scale == 1.0


def test_digits_are_of_equal_width(theme):
    for bold in (False, True):
        metrics = theme.metrics("table", bold=bold)
        assert len({metrics.horizontalAdvance(str(d) * 10) for d in range(10)}) == 1


def test_regular_and_bold_are_real_faces(theme):
    from PySide6.QtGui import QFontInfo

    assert QFontInfo(theme.font("body")).family() == theme.families[0]
    assert QFontInfo(theme.font("body", bold=True)).family() == theme.families[1]


def test_every_icon_named_in_the_code_exists(theme):
    there = set(theme.icons.names())
    named = set()
    for path in (ROOT / "envdesk" / "gui").rglob("*.py"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r'icon="([a-z0-9-]+)"', text))
        named |= set(re.findall(r'pixmap\(\s*"([a-z0-9-]+)"', text))

    assert named - there == set()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_every_icon_can_be_drawn(theme, ratio):
    for name in theme.icons.names():
        image = theme.pixmap(name, "text", 16, ratio).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())), name


def test_icons_are_kept(theme):
    assert theme.pixmap("save", "text") is theme.pixmap("save", "text")


def drawn(shape: str, theme) -> bytes:
    image = QImage(40, 24, QImage.Format.Format_RGB32)
    image.fill(theme.colour("paper"))
    painter = QPainter(image)
    paint_chip(painter, QRect(0, 0, 40, 24), ChipState("", "blue", shape), theme)
    painter.end()
    return bytes(image.constBits())


def test_shapes_differ_without_colour(theme):
    pictures = {shape: drawn(shape, theme) for shape in SHAPES}

    assert len(set(pictures.values())) == len(SHAPES) >= 10


@pytest.mark.parametrize(("tone", "ground"), [("grey", "paper"), ("green", "paper"), ("amber", "amber_tint")])
def test_a_chip_stands_out_from_the_tint_of_a_chosen_row(theme, tone, ground):
    image = QImage(60, 24, QImage.Format.Format_RGB32)
    image.fill(theme.colour("green_tint"))
    painter = QPainter(image)
    box = paint_chip(painter, QRect(0, 0, 60, 24), ChipState("停", tone), theme, selected=True)
    painter.end()
    assert image.pixelColor(box.left() + 3, box.center().y()) == theme.colour(ground)


def test_words_have_known_shapes():
    assert {shape for _word, shape in WORDS} <= set(SHAPES)
    assert chip_state("已办结", "green").shape == "check"
    assert chip_state("作废").strike
    assert chip_state("什么", "violet").tone == "grey"


def test_deadline_chips_say_how_long():
    assert due_state(-2).word == "已超期2天"
    assert due_state(0) == ChipState("今天到期", "amber", "triangle")
    assert due_state(3).tone == "amber"
    assert due_state(4).tone == "grey"


def test_chip_is_as_large_as_it_says(theme, qtbot):
    chip = Chip(theme, chip_state("已超期2天", "red"))
    qtbot.addWidget(chip)

    assert chip.sizeHint() == measure(theme, chip.state)
    assert chip.accessibleName() == "已超期2天"


def test_a_margin_is_the_same_when_the_bar_went_while_the_page_was_away(theme, qtbot):
    inner = QWidget()
    column = QVBoxLayout(inner)
    theme.pad(column, (0, 0, tokens.S5, 0))
    tall = QLabel("高")
    tall.setFixedHeight(300)
    column.addWidget(tall)
    area, pages = scrolled(inner, over=True), QStackedWidget()
    for page in (QWidget(), area):
        pages.addWidget(page)
    qtbot.addWidget(pages)
    pages.resize(400, 200)
    pages.show()
    pages.setCurrentWidget(area)
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    pages.setCurrentIndex(0)
    pages.resize(400, 600)
    pages.setCurrentWidget(area)
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisibleTo(area))
    assert area.viewport().width() == area.width()


def test_words_that_reach_into_a_number_are_drawn_once(theme, qtbot):
    model = RowsModel((Column("who", "承办人", 90), Column("left", "剩余", 140, "number")))
    model.fill([Row("1", ("", "")), Row("2", ("阳" * 10, "9"))])
    table = LedgerTable(theme, model)
    qtbot.addWidget(table)
    table.resize(260, 120)
    table.show()
    box, each = table.main.visualRect(model.index(1, 0)), theme.metrics("table").horizontalAdvance("阳")
    left = box.left() + theme.px(tokens.S4)

    def glyph(number: int) -> QImage:
        return table.main.viewport().grab(QRect(left + number * each, box.top(), each, box.height() - 2)).toImage()

    beyond = (box.right() - left) // each + 1
    assert glyph(beyond) == glyph(1)
    assert glyph(1) != glyph(12)


def test_the_bar_of_a_page_lies_over_its_margin_and_moves_nothing(theme, qtbot):
    inner = QWidget()
    column = QVBoxLayout(inner)
    theme.pad(column, (0, 0, tokens.S5, 0))
    tall = QLabel("高")
    column.addWidget(tall)
    area = scrolled(inner, over=True)
    qtbot.addWidget(area)
    area.resize(400, 200)
    area.show()
    before = tall.width()
    tall.setFixedHeight(900)
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    qtbot.waitUntil(lambda: tall.height() == 900)
    assert tall.width() == before
    bar = area.verticalScrollBar()
    assert area.childAt(area.width() - bar.width() // 2, 100) in (bar, bar.parentWidget()), (
        "and it can be taken hold of"
    )
    tall.setFixedHeight(20)
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())
    assert (tall.width(), area.viewport().width()) == (before, area.width())


def test_words_that_fit_when_the_page_is_laid_out_again_are_not_cut_at_their_end(theme, qtbot):
    inner = QWidget()
    column = QVBoxLayout(inner)
    theme.pad(column, (0, 0, tokens.S5, 0))
    words = label("状态 停产/停工，自2026-10-05 " * 22, wrap=True)
    column.addWidget(words)
    column.addStretch(1)
    area = scrolled(inner, over=True)
    qtbot.addWidget(area)
    area.show()
    for high in range(400, 180, -4):  # somewhere in between they just fit, or just do not
        area.resize(400, high)
        qtbot.wait(1)
        shown = area.verticalScrollBar().isVisible()
        assert inner.width() == area.width(), f"{high} high, bar {shown}"


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_list_of_choices_shows_whole_lines(theme, show, scale):
    choices = ChoiceList(theme, "报告期")
    theme.set_scale(scale)
    choices.fill([Item(str(n), f"2026年{n}月") for n in range(1, 13)], "2")
    choices.setFixedHeight(theme.px(200))
    show(choices)
    line = choices.sizeHintForRow(0)
    assert choices.viewport().height() == choices.height() // line * line < choices.height()
    theme.set_scale(1.0)
