"""Tables: models under Qt's own tester, a hundred thousand rows, keyboard, ticks, frozen columns."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from envdesk.gui import tokens
from envdesk.gui.chips import chip_state
from envdesk.gui.table_model import CHECK, Cell, Column, Row, RowsModel
from envdesk.gui.table_paint import first_margin
from envdesk.gui.tables import LedgerTable
from envdesk.gui.virtual_model import PAGE, PAGES_KEPT, VirtualModel

Key = Qt.Key
COLUMNS = (CHECK, Column("no", "编号", 112), Column("state", "状态", 104, "chip"), Column("place", "地点"),
           Column("left", "剩余", 86, "number"))  # fmt: skip
MANY = 100_000


class Numbers:
    """A source of invented rows; remembers what was read."""

    on = "pool"

    def __init__(self, count: int = MANY, error: Exception | None = None) -> None:
        self.total, self.error = count, error
        self.read: list[tuple[int, str, bool]] = []

    def count(self, work):
        return self.total

    def rows(self, work, offset, limit, sort, *, descending):
        if self.error is not None and self.read:
            raise self.error
        self.read.append((offset, sort, descending))
        numbers = range(offset, min(offset + limit, self.total))
        return [row(self.total - 1 - n if descending else n) for n in numbers]

    def ids(self, work):
        return [str(n) for n in range(self.total)]


def row(n: int) -> Row:
    return Row(str(n), (f"GD-{n:06}", chip_state("办理中", "blue"), f"第{n}号", Cell(str(n), "red")))


@pytest.fixture
def rows_model() -> RowsModel:
    return RowsModel(COLUMNS, [row(n) for n in range(50)], order=lambda r, _key: int(r.id))


def opened(model, qtbot, theme) -> LedgerTable:
    table = LedgerTable(theme, model, frozen=2)
    qtbot.addWidget(table)
    table.resize(900, 400)
    table.show()
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    table.setFocus()
    return table


def settled(qtbot, model: VirtualModel) -> None:
    def quiet() -> bool:
        QApplication.processEvents()
        return not model.waiting and not model._tasks.active

    qtbot.waitUntil(quiet)


# --------------------------------------------------------------------------------------------------------------- models
def test_rows_model_is_sound(rows_model, qtmodeltester):
    qtmodeltester.check(rows_model)


def test_rows_model_stays_sound_when_sorted_and_filled(rows_model, qtmodeltester):
    qtmodeltester.check(rows_model)
    rows_model.sort(1, Qt.SortOrder.DescendingOrder)
    rows_model.check(3)
    rows_model.fill([row(n) for n in range(3)])

    assert rows_model.row_at(0).id == "2"
    assert rows_model.checked == ()


def test_virtual_model_is_sound(tasks, qtbot, qtmodeltester):
    model = VirtualModel(tasks, COLUMNS)
    with qtbot.waitSignal(model.counted):
        model.set_source(Numbers(350))
    qtmodeltester.check(model)
    settled(qtbot, model)


def test_hundred_thousand_rows_open_at_once(tasks, qtbot, theme):
    source = Numbers()
    model = VirtualModel(tasks, COLUMNS)
    table = opened(model, qtbot, theme)
    start = time.monotonic()
    with qtbot.waitSignal(model.counted):
        model.set_source(source)
    settled(qtbot, model)

    assert time.monotonic() - start < 2
    assert model.rowCount() == MANY
    assert table.row().id == "0"
    assert len(source.read) <= 2


def test_jump_to_the_end_reads_only_what_is_seen(tasks, qtbot, theme):
    source = Numbers()
    model = VirtualModel(tasks, COLUMNS)
    table = opened(model, qtbot, theme)
    with qtbot.waitSignal(model.counted):
        model.set_source(source)
    qtbot.keyClick(table.main, Key.Key_End)
    qtbot.waitUntil(lambda: table.row() is not None)
    settled(qtbot, model)

    assert table.row().id == str(MANY - 1)
    assert len(source.read) <= 4


def test_scrolling_far_keeps_memory_small(tasks, qtbot):
    model = VirtualModel(tasks, COLUMNS)
    with qtbot.waitSignal(model.counted):
        model.set_source(Numbers())
    for page in range(PAGES_KEPT + 10):
        model.row_at(page * PAGE)
        settled(qtbot, model)

    assert len(model._pages) <= PAGES_KEPT
    assert model.row_at(5) is None
    settled(qtbot, model)


@pytest.mark.parametrize("column", [1, 2, 3, 4])
def test_sorts_by_any_column_in_the_source(tasks, qtbot, column):
    source = Numbers(500)
    model = VirtualModel(tasks, COLUMNS)
    with qtbot.waitSignal(model.counted):
        model.set_source(source)
    with qtbot.waitSignal(model.counted):
        model.sort(column, Qt.SortOrder.DescendingOrder)
    settled(qtbot, model)

    assert source.read[-1] == (0, COLUMNS[column].key, True)
    assert model.row_at(0).id == "499"


def test_stale_pages_are_not_shown_after_sorting(tasks, qtbot):
    model = VirtualModel(tasks, COLUMNS)
    with qtbot.waitSignal(model.counted):
        model.set_source(Numbers(1000))
    model.row_at(900)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    settled(qtbot, model)
    model.row_at(900)
    settled(qtbot, model)

    assert model.row_at(900).id == "99"


def test_failure_to_read_is_told(tasks, qtbot):
    model = VirtualModel(tasks, COLUMNS)
    with qtbot.waitSignal(model.counted):
        model.set_source(Numbers(1000, ValueError("x")))
    with qtbot.waitSignal(model.failed):
        model.row_at(900)
    settled(qtbot, model)


def test_all_rows_can_be_ticked_without_reading_them(tasks, qtbot):
    model = VirtualModel(tasks, COLUMNS)
    with qtbot.waitSignal(model.counted):
        model.set_source(Numbers(5000))
    with qtbot.waitSignal(model.checked_changed):
        model.check_everything()
    assert len(model.checked) == 5000
    model.check_everything()
    assert model.checked == ()
    settled(qtbot, model)


# ---------------------------------------------------------------------------------------------------------------- table
def test_arrows_move_both_views_together(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    for _n in range(30):
        qtbot.keyClick(table.main, Key.Key_Down)

    assert table.row().id == "30"
    assert table.left.verticalScrollBar().value() == table.main.verticalScrollBar().value() > 0
    assert table.left.selectionModel() is table.main.selectionModel()


def test_enter_f2_and_space(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    with qtbot.waitSignal(table.started) as started:
        qtbot.keyClick(table.main, Key.Key_Return)
    with qtbot.waitSignal(table.opened) as f2:
        qtbot.keyClick(table.main, Key.Key_F2)
    with qtbot.waitSignal(table.previewed):
        qtbot.keyClick(table.main, Key.Key_Space)

    assert started.args[0].id == f2.args[0].id == "0"


def test_ticks_by_keyboard(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    qtbot.keyClick(table.main, Key.Key_Insert)
    qtbot.keyClick(table.main, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert rows_model.checked == ("0", "1", "2")
    qtbot.keyClick(table.main, Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert rows_model.checked == ("0", "1")
    qtbot.keyClick(table.main, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert rows_model.checked == ()
    qtbot.keyClick(table.main, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(rows_model.checked) == 50


def test_box_is_pressed_by_mouse(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    spot = table.left.visualRect(rows_model.index(2, 0)).center()
    qtbot.mouseClick(table.left.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    assert rows_model.checked == ("2",)
    assert table.main.hasFocus()


def test_sorting_has_a_menu_for_the_keyboard(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    menu = table.menu()
    qtbot.addWidget(menu)
    sorts = next(a.menu() for a in menu.actions() if a.text() == "排序")
    next(a for a in sorts.actions() if a.text() == "按编号排序").trigger()
    assert rows_model.sorted_by == (1, False)
    table.sort(1)
    assert rows_model.sorted_by == (1, True)


def test_current_row_keeps_its_record_when_sorted(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    table.go_to(7)
    table.sort(1)
    table.sort(1)

    assert table.row().id == "7"


def test_total_cannot_be_ticked_or_opened(qtbot, theme):
    model = RowsModel(COLUMNS, [row(1), Row("sum", ("合计", "", "", "1"), total=True)])
    table = opened(model, qtbot, theme)
    model.check_all()
    assert model.checked == ("1",)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert model.row_at(1).total
    assert table.model is model


def test_numbers_stand_at_the_right(rows_model):
    right = rows_model.data(rows_model.index(0, 4), Qt.ItemDataRole.TextAlignmentRole)

    assert right & Qt.AlignmentFlag.AlignRight


def test_rows_are_34_high_at_100_percent(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    assert table.main.rowHeight(0) == table.left.rowHeight(0) == 34
    theme.set_scale(1.5)
    assert table.main.rowHeight(0) == table.left.rowHeight(0) == 51
    theme.set_scale(1.0)
    assert table.main.rowHeight(0) == table.left.rowHeight(0) == 34


def test_another_scale_keeps_the_row_at_the_upper_edge_there_and_whole(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    table.main.verticalScrollBar().setValue(7 * 34)
    for scale in (1.5, 1.25, 1.0):
        theme.set_scale(scale)
        QApplication.processEvents()
        assert (
            table.main.verticalScrollBar().value()
            == 7 * table.main.rowHeight(0)
            == table.left.verticalScrollBar().value()
        )


def test_the_current_row_stays_in_sight_when_the_table_becomes_lower(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    table.go_to(8)
    for high in (240, 150):
        table.resize(900, high)
        QApplication.processEvents()
        here = table.main.visualRect(table.main.currentIndex())
        assert here.top() >= 0
        assert here.bottom() < table.main.viewport().height()


def test_tab_leaves_the_table(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    qtbot.keyClick(table.main, Key.Key_Tab)

    assert table.current == 0


def test_a_table_of_few_rows_is_as_high_as_they_are_at_every_scale(qtbot, theme):
    model = RowsModel(
        (Column("no", "编号", 112), Column("place", "地点")), [Row(str(n), (str(n), "石马")) for n in range(7)]
    )
    table = LedgerTable(theme, model)
    table.show_at_most(5)
    qtbot.addWidget(table)
    table.setFixedWidth(600)
    table.show()
    for scale in (1.0, 1.25, 1.75, 2.0):
        theme.set_scale(scale)
        assert table.height() == 6 * theme.px(tokens.ROW)
        model.fill([Row("a", ("a", "清湖")), Row("b", ("b", "石马"))])
        qtbot.waitUntil(lambda: table.height() == 3 * theme.px(tokens.ROW))
        assert table.main.verticalScrollBar().maximum() == 0, "all rows are seen"
        model.fill([Row(str(n), (str(n), "石马")) for n in range(7)])
    theme.set_scale(1.0)


def test_filling_again_keeps_the_user_on_the_record(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    table.go_to(3)
    rows_model.fill([row(n) for n in (9, 8, 3, 1)])
    assert (table.current, table.row().id) == (2, "3")
    rows_model.fill([row(n) for n in (9, 8)])
    assert table.row().id == "9"


def test_words_of_the_first_column_stand_in_line_with_a_title_above():
    assert [first_margin(n, c.kind) for n, c in enumerate(COLUMNS)] == [0, 0, 0, 0, 0], "a box needs no margin"
    assert (first_margin(0, "text"), first_margin(1, "text")) == (tokens.S4 - tokens.S2, 0)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_table_shows_whole_rows(rows_model, qtbot, theme, scale):
    theme.set_scale(scale)
    table = opened(rows_model, qtbot, theme)
    row = theme.px(tokens.ROW)
    for high in (400, 401, 455):
        table.resize(900, high)
        qtbot.waitUntil(lambda: table.main.viewport().height() % row == 0)
        assert table.main.viewport().height() == table.left.viewport().height() > row
    rows_model.fill([])
    table.resize(900, 410)
    qtbot.waitUntil(lambda: table.main.height() == 410)
    theme.set_scale(1.0)


def test_other_room_leaves_a_whole_row_at_the_upper_edge(rows_model, qtbot, theme):
    table = opened(rows_model, qtbot, theme)
    row, bar = theme.px(tokens.ROW), table.main.verticalScrollBar()
    bar.setValue(3 * row + 12)
    table.resize(table.width(), 6 * row + 5)
    qtbot.waitUntil(lambda: table.main.viewport().height() == 5 * row)
    assert bar.value() == 3 * row
