"""Buttons, segments, filters, search, dialogs: by keyboard, and what they tell a screen reader."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu

from envdesk.gui import tokens
from envdesk.gui.act_dialog import ActDialog
from envdesk.gui.bars import CoverageBar, MonthBars
from envdesk.gui.buttons import KINDS, Button, KeyHint, Link
from envdesk.gui.check_box import CheckBox
from envdesk.gui.crash_dialog import CrashDialog
from envdesk.gui.dialogs import Question
from envdesk.gui.empty import Empty
from envdesk.gui.filter_chip import FilterChip
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import PART, Elided, label
from envdesk.gui.page import Act
from envdesk.gui.register.foot import ListFoot
from envdesk.gui.search_box import Find, Finds, LineField, SearchBox
from envdesk.gui.section import FieldBox
from envdesk.gui.segments import Segments
from envdesk.gui.unlock_dialogs import UnlockDialog

Key = Qt.Key
DAY = [(w, w) for w in ("上午", "下午", "夜间", "全天")]


# -------------------------------------------------------------------------------------------------------------- buttons
@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Space])
@pytest.mark.parametrize("kind", KINDS)
def test_button_is_pressed_by_keyboard(theme, qtbot, kind, key, show):
    pressed = []
    button = Button(theme, "保存", lambda: pressed.append(1), kind=kind, icon="save", key="Ctrl+S")
    show(button)
    button.setFocus()
    qtbot.keyClick(button, key)

    assert pressed == [1]


def test_button_says_text_and_key_apart(theme, qtbot):
    button = Button(theme, "保存", key="Ctrl+S")
    qtbot.addWidget(button)

    assert (button.accessibleName(), button.accessibleDescription(), button.text()) == ("保存", "Ctrl+S", "保存")


def test_button_has_room_for_everything_at_each_scale(theme, qtbot):
    button = Button(theme, "登记检查", kind="primary", icon="clipboard-check", key="Ctrl+N")
    qtbot.addWidget(button)
    small = button.sizeHint()
    theme.set_scale(2.0)

    assert small.height() == 32
    assert button.sizeHint().height() == 64
    assert abs(button.sizeHint().width() - 2 * small.width()) <= 6


def test_disabled_button_does_nothing(theme, qtbot, show):
    pressed = []
    button = Button(theme, "保存", lambda: pressed.append(1))
    show(button)
    button.setEnabled(False)
    qtbot.keyClick(button, Key.Key_Return)

    assert pressed == []


def test_link_and_check_box_by_keyboard(theme, qtbot, show):
    pressed = []
    link, box = Link(theme, "导入", lambda: pressed.append(1)), CheckBox(theme, "要求保密")
    show(link, box)
    qtbot.keyClick(link, Key.Key_Return)
    qtbot.keyClick(box, Key.Key_Space)

    assert pressed == [1]
    assert box.isChecked()


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_the_box_is_whole_at_any_scale(theme, show, scale):
    theme.set_scale(scale)
    box = CheckBox(theme, "加口令")
    show(box)
    image, side = box.grab().toImage(), theme.px(tokens.BOX)
    middle, centre = image.height() // 2, theme.px(tokens.BOX) // 2
    across = [image.pixelColor(x, middle).lightness() for x in range(side)]
    down = [image.pixelColor(centre, middle - side // 2 + n).lightness() for n in range(side)]
    assert across == across[::-1] == down
    assert image.pixelColor(side, middle) == image.pixelColor(side + 1, middle), "nothing of it is outside"


# ------------------------------------------------------------------------------------------------------------- segments
def test_segments_by_arrows_and_numbers(theme, qtbot, show):
    seg = Segments(theme, DAY)
    show(seg)
    told = []
    seg.changed.connect(told.append)
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Left, Key.Key_4, Key.Key_Home):
        qtbot.keyClick(seg, key)

    assert told == ["下午", "夜间", "下午", "全天", "上午"]
    assert seg.accessibleDescription() == "上午"


def test_segments_can_be_empty_when_allowed(theme, qtbot, show):
    seg = Segments(theme, DAY, optional=True)
    show(seg)
    qtbot.keyClick(seg, "2")
    assert seg.value == "下午"
    qtbot.keyClick(seg, Key.Key_Delete)
    assert seg.value == ""


@pytest.mark.parametrize("width", [188, 300])
def test_segments_in_little_room_leave_every_word_its_margin(theme, show, width):
    words = ("月", "季", "半年", "年", "自定")
    box = Segments(theme, [(w, w) for w in words], even=True)
    box.setFixedWidth(width)
    show(box)
    cells = [box.cell(n) for n in range(len(words))]
    wide = theme.metrics("table", bold=True).horizontalAdvance
    assert all(cell.width() >= wide(word) + 2 * tokens.S2 for cell, word in zip(cells, words, strict=True))
    assert (cells[0].left(), cells[-1].right()) == (0, width - 1)
    assert all(one.right() + 1 == other.left() for one, other in pairwise(cells))


def test_segments_by_mouse(theme, qtbot, show):
    seg = Segments(theme, DAY)
    show(seg)
    qtbot.mouseClick(seg, Qt.MouseButton.LeftButton, pos=seg.cell(2).center())

    assert seg.value == "夜间"


# --------------------------------------------------------------------------------------------------------------- filter
def test_filter_opens_and_is_taken_away_by_keyboard(theme, qtbot, show):
    chip, menu = FilterChip(theme, "状态"), QMenu()
    qtbot.addWidget(menu)
    chip.set_menu(menu)
    menu.addAction("办理中")
    show(chip)
    qtbot.keyClick(chip, Key.Key_F4)
    assert menu.isVisible()
    menu.hide()
    chip.set_words("办理中")
    with qtbot.waitSignal(chip.cleared):
        qtbot.keyClick(chip, Key.Key_Backspace)
    assert chip.words == ""


def test_filter_is_taken_away_by_its_cross(theme, qtbot, show):
    chip = FilterChip(theme, "状态")
    show(chip)
    chip.set_words("办理中")
    chip.adjustSize()
    with qtbot.waitSignal(chip.cleared):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 12, chip.height() // 2))


# ---------------------------------------------------------------------------------------------------------------- focus
def test_ring_follows_the_focus_two_pixels_outside(theme, show):
    one, two = QLineEdit(), Button(theme, "保存")
    window = show(one, two)
    ring = FocusRing(theme, window)
    two.setFocus()

    assert ring.target is two
    assert ring.geometry() == two.geometry().adjusted(-4, -4, 4, 4)
    one.setFocus()
    assert ring.target is one
    one.hide()
    assert ring.target is not one


def test_ring_leaves_views_alone_that_draw_their_own(theme, show):
    one = QLineEdit()
    one.setProperty("ring", "own")
    window = show(one, QLineEdit())
    ring = FocusRing(theme, window)
    window.findChildren(QLineEdit)[1].setFocus()
    one.setFocus()

    assert ring.target is None


# --------------------------------------------------------------------------------------------------------------- fields
def test_problem_is_shown_under_the_field_and_told(theme, qtbot):
    box = FieldBox(theme, "检查日期", QLineEdit(), required=True, hint="打印前补上即可。")
    qtbot.addWidget(box)
    box.set_problem("error", "检查日期不能晚于今天。")
    assert box.editor.property("problem") == "error"
    assert box.editor.accessibleDescription() == "检查日期不能晚于今天。"
    box.set_problem("", "")
    assert box.editor.property("problem") == ""
    assert box.editor.accessibleDescription() == "打印前补上即可。"


@pytest.mark.usefixtures("theme")
def test_markup_in_data_is_text(qtbot):
    for made in (label("<b>粗</b>"), Elided("<img src=x>")):
        qtbot.addWidget(made)
        assert made.textFormat() == Qt.TextFormat.PlainText


def test_icon_of_a_field_can_be_pressed(theme, qtbot, show):
    pressed = []
    line = LineField(theme, after="calendar", pressed=lambda: pressed.append(1))
    show(line)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() - 12, line.height() // 2))

    assert pressed == [1]


# --------------------------------------------------------------------------------------------------------------- search
def test_search_asks_after_typing_rests_and_opens_by_keyboard(theme, qtbot, show):
    box, other = SearchBox(theme, "搜索"), QLineEdit()
    show(other, box)
    other.setFocus()
    box.start()
    with qtbot.waitSignal(box.asked) as asked:
        qtbot.keyClicks(box, "jd")
    box.show_finds("jd", [Find("佳达鞋业", "企业", page="record"), Find("佳达路", "工单", page="record")])
    assert asked.args == ["jd"]
    assert box.list.isVisible()
    qtbot.keyClick(box, Key.Key_Down)
    with qtbot.waitSignal(box.chosen) as chosen:
        qtbot.keyClick(box, Key.Key_Return)
    assert chosen.args[0].text == "佳达路"
    assert not box.list.isVisible()


def test_escape_gives_the_focus_back(theme, qtbot, show):
    box, other = SearchBox(theme, "搜索"), QLineEdit()
    show(other, box)
    other.setFocus()
    box.start()
    qtbot.keyClicks(box, "x")
    qtbot.keyClick(box, Key.Key_Escape)

    assert other.hasFocus()
    assert box.text() == ""


def test_answer_to_other_words_is_dropped(theme, show):
    box = SearchBox(theme, "搜索")
    show(box)
    box.setFocus()
    box.setText("新")
    box.show_finds("旧", [Find("旧的")])

    assert not box.list.isVisible()


@pytest.mark.usefixtures("qapp")
def test_finds_model(qtmodeltester):
    model = Finds()
    model.fill([Find(str(n)) for n in range(5)])
    qtmodeltester.check(model)


# -------------------------------------------------------------------------------------------------------------- dialogs
UNSEAL = Question("解除 2026年8月 的月结", "解除后 8月的数可以改动。", "解除月结", "保持月结", "不解除", reason=5)


def test_act_needs_a_reason_and_the_safe_button_is_the_default(theme, qtbot):
    dialog = ActDialog(theme, UNSEAL)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == UNSEAL.title
    assert dialog.safe.isDefault()
    assert not dialog.act.isEnabled()
    qtbot.keyClicks(dialog.reason, "12345")
    assert dialog.act.isEnabled()
    qtbot.keyClick(dialog.act, Key.Key_Return)
    assert dialog.result() == 1
    assert dialog.text() == "12345"


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_line_of_a_question_is_shown(theme, qtbot, scale):
    theme.set_scale(scale)
    lines = "\n".join("R31：工单办结 18 件，收到 17 件，办结多于收到，请核对是否有上月结转。" for _n in range(5))
    dialog = ActDialog(theme, Question("打印正式报表", lines, "打印", "先去核对", danger=False))
    qtbot.addWidget(dialog)
    dialog.show()
    words = next(w for w in dialog.findChildren(QLabel) if w.text() == lines)
    assert words.height() >= words.heightForWidth(words.width())
    assert dialog.width() == theme.px(tokens.DIALOG)


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_parts_of_a_high_dialog_do_not_lie_over_each_other(theme, qtbot, scale):
    theme.set_scale(scale)
    dialog = CrashDialog(theme, ValueError(), kept=True, log_file=Path("logs/envdesk.log"))
    qtbot.addWidget(dialog)
    dialog.show()
    parts = [dialog.layout().itemAt(n) for n in range(dialog.layout().count())]
    seen = [part.geometry() for part in parts if not part.isEmpty()]
    assert len(seen) == 5
    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(seen))
    assert seen[-1].bottom() < dialog.height() < dialog.screen().availableGeometry().height()


def test_a_dialog_grows_for_what_it_says_later(theme, qtbot):
    dialog = UnlockDialog(theme, Path("台账.envdesk"), lambda _typed: "口令或恢复码不对。" * 9)
    qtbot.addWidget(dialog)
    dialog.show()
    low = dialog.height()
    qtbot.keyClicks(dialog.line, "x")
    qtbot.keyClick(dialog.line, Key.Key_Return)
    said = next(w for w in dialog.findChildren(QLabel) if w.text().startswith("口令或恢复码不对"))
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()))
    assert dialog.height() > low


def test_a_message_without_a_choice_has_one_button(theme, qtbot):
    dialog = ActDialog(theme, Question("打不开台账", "已经在另一台电脑上打开。", "知道了", "", danger=False))
    qtbot.addWidget(dialog)
    dialog.show()
    assert [b.text() for b in dialog.findChildren(Button) if b.isVisible()] == ["知道了"]
    assert not dialog.findChildren(KeyHint)
    assert dialog.act.isDefault()
    assert dialog.focusWidget() is dialog.act


def test_the_ring_around_a_field_stays_clear_of_its_label(theme, show):
    box = FieldBox(theme, "工单编号", QLineEdit(), required=True)
    show(box)
    ring = box.editor.geometry().top() - 2 * theme.px(tokens.FOCUS)
    assert box.label.geometry().bottom() < ring


def test_escape_does_not_do_it(theme, qtbot):
    dialog = ActDialog(theme, UNSEAL)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Key.Key_Escape)

    assert dialog.result() == 0
    assert not dialog.isVisible()


# ----------------------------------------------------------------------------------------------------------- empty, bars
def test_empty_has_one_sentence_one_button_one_link(theme, qtbot, show):
    done = []
    act = Act("登记工单", lambda: done.append("act"), "Ctrl+N", kind="primary")
    empty = Empty(theme, "9月还没有登记投诉工单。", act, ("从 Excel 导入", lambda: done.append("link")))
    show(empty)
    qtbot.keyClick(empty.button, Key.Key_Return)
    qtbot.keyClick(empty.link, Key.Key_Return)

    assert done == ["act", "link"]


def picture(widget):
    """The widget drawn on white."""
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    image.fill(QColor("#FFFFFF"))
    widget.render(image)
    return image


@pytest.mark.parametrize("values", [(), (None,) * 12, (0,) * 12, (5, None, 3), (1e9, 0.1)])
def test_bars_stand_where_something_was_counted(theme, qtbot, values):
    bars = MonthBars(theme, values)
    qtbot.addWidget(bars)
    bars.resize(bars.sizeHint())
    image = picture(bars)
    drawn = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert (len(drawn) > 1) is any(values)


@pytest.mark.parametrize(
    ("values", "there"), [((), False), ((None,) * 12, False), ((0,) * 12, True), ((5, None, 3), True)]
)
def test_a_rate_of_zero_is_drawn_an_unknown_one_is_not(theme, qtbot, values, there):
    bare, bars = MonthBars(theme, (), rate=True), MonthBars(theme, values, rate=True)
    for made in (bare, bars):
        qtbot.addWidget(made)
        made.resize(bars.sizeHint())
    assert (picture(bars) != picture(bare)) is there


@pytest.mark.parametrize(("share", "filled"), [(0, False), (0.42, True), (1, True), (1.3, True)])
def test_coverage_is_filled_up_to_its_share(theme, qtbot, share, filled):
    empty, full, bar = (CoverageBar(theme, s, None) for s in (0, 1, share))
    for made in (empty, full, bar):
        qtbot.addWidget(made)
        made.resize(100, 14)
    assert (picture(bar) != picture(empty)) is filled
    assert (picture(bar) == picture(full)) is (share >= 1)


def test_file_dialogs_open_where_the_last_file_was(qapp, monkeypatch, tmp_path):
    from PySide6.QtWidgets import QFileDialog

    from envdesk.gui.dialogs import Ask
    from envdesk.gui.theme import Theme

    began = []

    def choose(_parent, _title, start, _kinds):
        began.append(Path(start))
        return str(tmp_path / "十月.pdf"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    ask = Ask(Theme(qapp))

    assert ask.save_file("另存", "月报.pdf", "PDF (*.pdf)") == tmp_path / "十月.pdf"
    ask.save_file("另存", "季报.pdf", "PDF (*.pdf)")

    assert began[0].is_absolute()
    assert began[0].parent != Path.cwd()
    assert began[1] == tmp_path / "季报.pdf"


def test_buttons_under_an_empty_list_stay_at_the_left(theme, qtbot):
    foot = ListFoot(theme, [Act("打印", lambda: None), Act("导出", lambda: None)])
    qtbot.addWidget(foot)
    foot.resize(1200, 44)
    foot.show_chosen(0, current=False)
    foot.totals.show_totals(())
    foot.show()

    assert max(b.geometry().right() for b in foot.buttons.values()) < 600


def test_a_title_with_the_room_it_asks_for_is_not_shortened(theme, qtbot):
    title = Elided("", "page")
    qtbot.addWidget(title)
    for scale in (1.0, 1.25, 1.5, 1.75, 2.0):
        theme.set_scale(scale)
        for text in ("涉VOCs企业检查", "12345/信访工单", "今日"):
            title.setText(text)
            title.resize(title.fontMetrics().horizontalAdvance(text), 60)
            title.grab()
            assert title.toolTip() == "", (scale, text)


def test_a_line_in_parts_loses_its_last_part_before_words_are_cut(qtbot):
    line = Elided(f"月报表 · 2026年9月{PART}第 1 页，共 4 页{PART}草稿")
    qtbot.addWidget(line)
    width = line.fontMetrics().horizontalAdvance
    for shown in (line.text(), line.text().rpartition(PART)[0], "月报表 · 2026年9月"):
        line.resize(width(shown), 20)
        assert line.shown() == shown
    assert line.least() == width("月报表 · 2026年9月")
    line.resize(line.least() - 1, 20)
    assert line.shown().startswith("月报表")
    assert line.shown().endswith("…")
