"""合并台 by keyboard: files looked at, merged, conflicts settled, taken back, printed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLabel
from small_desk import Alt, Ctrl, Hands, Key, beside, words_of

from envdesk.desk import seals
from envdesk.gui.chips import ChipState, measure
from envdesk.gui.merge.clash import rich
from envdesk.gui.page import known
from envdesk.gui.pages import merge
from envdesk.gui.rail import entries
from envdesk.gui.table_paint import inside
from envdesk.present.merge_desk import Piece

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "build_spec"))

import district_sample

STREETS = ("云溪街道", "石桥街道", "江湾街道")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A district with nothing merged, and the files of three streets."""
    return district_sample.build(tmp_path_factory.mktemp("区"), STREETS)


@pytest.fixture(scope="module")
def clashing(made, tmp_path_factory):
    """The same with both files of one street merged."""
    path = tmp_path_factory.mktemp("冲突") / "区.envdesk"
    shutil.copyfile(made.db, path)
    district_sample.merged(district_sample.District(path, made.files), "云溪街道", "云溪街道B")
    return path


@pytest.fixture
def office_file(request, made, data_dir):
    """The district, with conflicts for tests marked so by their name."""
    source = request.getfixturevalue("clashing") if "clash" in request.function.__name__ else made.db
    return Path(shutil.copyfile(source, data_dir / "区.envdesk"))


@pytest.fixture
def hands(running, qtbot):
    app = running({"merge": merge.PAGE, **beside("today", "register", "settings")})
    app.window.go("merge", period="2026-09")
    made = Hands(app, qtbot)
    app.window.go("merge", period="2026-09")
    made.settle()
    return made


def states(page):
    return {s.name: s.chip.word for s in page.desk.streets}


def go_to(hands, street):
    page = hands.page
    page.table.setFocus()
    hands.press(Key.Key_Home)
    hands.press(Key.Key_Down, times=[s.name for s in page.desk.streets].index(street))
    assert page.street.name == street
    return hands


def received(hands):
    return hands.app.wait(lambda w: w.desk.store.con.value("SELECT count(*) FROM received"))


def test_a_street_keeps_its_own_page_and_the_district_has_this_one(hands):
    names, catalogue = known(), hands.window.ctx.catalogue
    for of_district, page in ((False, "send"), (True, "merge")):
        pages = [e.page for e in entries(catalogue, names, district=of_district)]
        assert page in pages
        assert {"send", "merge"} & set(pages) == {page}


def test_looked_at_opened_merged_and_taken_back(hands, made, ask, typed):
    page = hands.page
    assert page.table.main.hasFocus()
    assert page.buttons["收街道文件"].key == "Ctrl+O"
    ask.paths = [made.files[n] for n in ("云溪街道", "石桥街道", "江湾街道")]
    hands.press(Key.Key_O, Ctrl)
    assert states(page)["云溪街道"] == "试合并通过"
    assert states(page)["石桥街道"] == "要口令"
    assert states(page)["江湾街道"] == "整包拒绝"
    assert page.note.words.text() == "试合并：1 个通过，1 个要口令，1 个不能收。还没有合并进来。"
    assert (received(hands), page.total.accessibleName()) == (
        0,
        "街镇 已收 0 个，收到 0，新增 0，更新 0，被取代 0，冲突 0，拒绝 0",
    )

    go_to(hands, "石桥街道").press(Key.Key_Return)
    assert page.files.secret.hasFocus()
    hands.press(Key.Key_Return)
    assert page.files.secret.accessibleDescription() == "先填口令。"
    typed(page.files.secret, "不是这个口令")
    hands.press(Key.Key_Return)
    assert page.files.secret.accessibleDescription() == "口令不对，或文件开头已损坏。"
    assert page.files.secret.hasFocus()
    page.files.secret.clear()
    typed(page.files.secret, district_sample.PHRASE)
    hands.press(Key.Key_Return)
    assert states(page)["石桥街道"] == "试合并通过"

    hands.press(Key.Key_Return, Ctrl)
    assert [t.refused for t in page.trials] == [True]
    assert (received(hands), states(page)["石桥街道"], states(page)["云溪街道"]) == (2, "已合并", "已合并")
    assert hands.window.toast.isVisible()
    hands.press(Key.Key_Z, Ctrl)
    assert (states(page)["石桥街道"], states(page)["云溪街道"]) == ("未收到", "未收到")

    hands.press(Key.Key_O, Ctrl)
    go_to(hands, "云溪街道").press(Key.Key_Return)
    assert (states(page)["云溪街道"], states(page)["石桥街道"]) == ("已合并", "要口令")
    hands.press(Key.Key_O, Ctrl)  # once more: that file has nothing new
    assert states(page)["云溪街道"] == "已合并"


def test_why_a_file_is_refused_and_it_is_put_aside(hands, made, ask):
    page = hands.page
    ask.paths = [made.files["江湾街道"]]
    hands.press(Key.Key_O, Ctrl)
    assert page.street.name == "江湾街道"  # where the file belongs
    said = " ".join(label.text() for label in page.files.findChildren(QLabel))
    assert "校验不通过" in said
    assert "重新写入U盘" in said
    hands.press(Key.Key_Return)
    assert page.files.drop.hasFocus()
    hands.press(Key.Key_Space)
    assert (page.trials, states(page)["江湾街道"], page.noted.isVisible()) == ((), "未收到", False)
    assert page.table.main.hasFocus()


def test_esc_goes_back_to_the_streets(hands, made, ask):
    ask.paths = [made.files["江湾街道"]]
    hands.press(Key.Key_O, Ctrl).press(Key.Key_Return)
    assert hands.page.files.drop.hasFocus()
    hands.press(Key.Key_Escape)
    assert hands.page.table.main.hasFocus()


def test_a_clash_is_settled_with_one_key_and_reopened_by_undo(hands):
    page = hands.page
    go_to(hands, "云溪街道")
    assert page.side.currentWidget() is page.clash
    assert page.clash.title.text() == "冲突 1 / 2"
    assert page.clash.what.text() == "云溪街道 · 监管对象台账 鸿达皮具厂"
    assert page.clash.affects.text().startswith("这 1 条影响 2 个数：")
    hands.press(Key.Key_2)  # in the list it means nothing
    assert states(page)["云溪街道"] == "2 处冲突待定"
    hands.press(Key.Key_Return)
    assert page.clash.keep.hasFocus()
    hands.press(Key.Key_2)
    assert states(page)["云溪街道"] == "1 处冲突待定"
    assert page.clash.title.text() == "冲突 1 / 1"
    assert page.clash.affects.text() == "定哪一份，这一期的数都一样。"
    firm = "SELECT address FROM t_subject WHERE name = '鸿达皮具厂'"
    assert hands.app.wait(lambda w: w.desk.store.con.value(firm)) == "云溪大道181号"
    hands.press(Key.Key_1)
    assert states(page)["云溪街道"] == "已合并"
    assert page.side.currentWidget() is page.files
    assert page.files.paper.hasFocus()
    said = " ".join(label.text() for label in page.files.findChildren(QLabel))
    assert "留下本文件的一份" in said
    hands.press(Key.Key_Z, Ctrl).press(Key.Key_Z, Ctrl)
    assert states(page)["云溪街道"] == "2 处冲突待定"
    assert hands.app.wait(lambda w: w.desk.store.con.value(firm)) == "云溪大道118号"


def test_a_clash_stands_under_the_heads_of_its_sides_and_its_state_is_whole(hands):
    go_to(hands, "云溪街道")
    page, theme = hands.page, hands.window.ctx.theme

    def lefts(begins):
        shown = [w for w in page.clash.findChildren(QLabel) if w.isVisible() and begins(w)]
        return [w.mapTo(page.clash, QPoint(0, 0)).x() for w in shown]

    def aligned():
        heads = lefts(lambda w: w.text()[:3] in ("甲  ", "乙  "))
        return len(heads) == 2 and heads == lefts(lambda w: w.accessibleName().startswith("地址"))

    at = [c.key for c in page.model.columns].index("state")
    for size, scale in (((1920, 1080), 1.5), ((1366, 768), 1.0)):
        theme.set_scale(scale)
        hands.window.resize(*size)
        hands.settle()
        hands.bot.waitUntil(aligned)
        wanted = measure(theme, ChipState("12 处冲突待定", "amber", "triangle")).width()
        assert inside(theme, QRect(0, 0, page.table.main.columnWidth(at), 30), at, page.model).width() >= wanted
        assert page.table.main.horizontalScrollBar().maximum() == 0  # the button of a row is in sight


def test_a_clash_is_read_in_full_when_the_window_has_become_narrow(hands):
    go_to(hands, "云溪街道")
    page, theme = hands.page, hands.window.ctx.theme
    theme.set_scale(1.5)
    hands.window.resize(1920, 1080)
    hands.settle()
    theme.set_mode("dark")  # drawn again in other colours
    hands.window.resize(1366, 768)
    hands.settle()
    go_to(hands, "云溪街道")
    hands.press(Key.Key_Return)
    fields = [page.clash.fields.itemAt(n).widget() for n in range(page.clash.fields.count())]
    assert len(fields) > 3
    hands.bot.waitUntil(lambda: all(f.height() >= f.minimumSizeHint().height() > theme.px(40) for f in fields))


def test_a_clash_board_shows_whole_rows(hands):
    page = hands.page
    for size, scale in (((1366, 768), 1.0), ((1366, 768), 1.5), ((1920, 1080), 1.5)):
        hands.window.ctx.theme.set_scale(scale)
        hands.window.resize(*size)
        hands.settle()
        room, rows = page.cells.viewport().height(), range(len(page.heat.rows))
        high = [page.cells.rowHeight(n) for n in rows]
        assert sum(high) > room, "there is more than is seen"
        assert min(high) >= hands.window.ctx.theme.px(30), "the words have their room"
        bar = page.cells.verticalScrollBar()
        for at in range(bar.maximum() + 1):  # nothing of the next row, wherever the board is
            bar.setValue(at)
            first, last = page.cells.in_sight()
            assert first == at + 1
            assert sum(high[first - 1 : last]) == room
    hands.window.ctx.theme.set_scale(1.0)  # where all are seen, all are alike
    for high in (760, 790, 1080):
        hands.window.resize(1920, high)
        hands.settle()
    assert {page.cells.rowHeight(n) for n in rows} == {36}


def test_a_clash_board_keeps_its_street_in_sight_when_there_is_less_room(hands):
    page, theme = hands.page, hands.window.ctx.theme
    hands.window.resize(1366, 768)
    hands.settle()
    last = page.cells.in_sight()[1]
    go_to(hands, page.desk.streets[last - 1].name)
    hands.settle()
    theme.set_scale(1.5)
    hands.settle()
    first, end = page.cells.in_sight()
    assert end - first + 1 < last, "there is less room"
    assert first <= last <= end


def test_in_little_room_the_head_keeps_what_came_and_leaves_out_how_many_there_are(hands):
    page = hands.page
    hands.window.resize(1366, 768)
    hands.settle()
    assert page._subtitle.shown().endswith("共 9 个街镇")
    hands.window.ctx.theme.set_scale(1.5)
    hands.settle()
    assert page._subtitle.shown().startswith("收到 0，未收 9，截止")
    assert page._subtitle.shown().endswith("（已过）")


def test_a_clash_is_sent_back(hands):
    page = hands.page
    go_to(hands, "云溪街道").press(Key.Key_Return)
    page.clash.after.setFocus()
    hands.press(Key.Key_Space)
    assert page.clash.title.text() == "冲突 2 / 2"
    page.clash.back.setFocus()
    hands.press(Key.Key_Space)
    assert states(page)["云溪街道"] == "1 处冲突待定"
    way = hands.app.wait(lambda w: w.desk.store.con.value("SELECT way FROM decision"))
    assert way == "back"


def test_a_clash_counts_on_the_rail_as_what_was_looked_at_does(hands, made, ask):
    counters = hands.window.rail.model.counters
    assert counters["merge"] == 1
    ask.paths = [made.files["江湾街道"]]
    hands.press(Key.Key_O, Ctrl)
    assert hands.window.rail.model.counters["merge"] == 2


def test_a_clash_in_a_sealed_month_asks_for_the_reason(hands, ask):
    page = hands.page
    month = "2026-09"
    hands.app.wait(lambda w: seals.seal(w.desk, month))
    page.refresh()
    hands.settle()
    go_to(hands, "云溪街道").press(Key.Key_Return)
    page.clash.after.setFocus()
    hands.press(Key.Key_Space)
    hands.press(Key.Key_2)
    assert (ask.asked[-1].act, states(page)["云溪街道"]) == ("留乙", "2 处冲突待定")
    ask.reason = "街道来电，以B机为准"
    hands.press(Key.Key_2)
    assert states(page)["云溪街道"] == "1 处冲突待定"


def test_a_sealed_month_asks_before_it_merges(hands, made, ask):
    page = hands.page
    with_reason = made.files["云溪街道"]
    hands.app.wait(lambda w: seals.seal(w.desk, "2026-09"))
    ask.paths = [with_reason]
    hands.press(Key.Key_O, Ctrl).press(Key.Key_Return)
    assert (ask.asked[-1].act, states(page)["云溪街道"]) == ("合并", "试合并通过")
    ask.reason = "云溪街道补报"
    hands.press(Key.Key_Return)
    assert states(page)["云溪街道"] == "已合并"


def test_a_clash_of_cells_opens_the_records_of_the_street(hands):
    page = hands.page
    page.cells.setFocus()
    names = [s.name for s in page.desk.streets]
    hands.press(Key.Key_Home, Ctrl).press(Key.Key_Down, times=names.index("云溪街道"))
    forms = [title for _form, title in page.heat.forms]
    hands.press(Key.Key_Right, times=forms.index("工地扬尘巡查"))
    assert page.cells.currentIndex().data() == "2 偏少"
    assert "平均 5.3 条" in page.cells.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    hands.press(Key.Key_Return)
    asked = hands.asked("register")
    street = page.desk.streets[names.index("云溪街道")]
    assert asked == {"form": "site_dust_patrol", "period": "2026-09", "filters": {"@office": (street.office,)}}
    hands.back("merge")
    page.cells.setFocus()
    hands.press(Key.Key_Down).press(Key.Key_Return)  # a street that sent nothing has no records to look at
    assert hands.window.current == "merge"


def test_a_clash_board_and_a_receipt_on_paper(hands, ask, data_dir):
    page, ask.path = hands.page, data_dir / "汇总.pdf"
    hands.press(Key.Key_P, Ctrl)
    words = words_of(ask.path.read_bytes())
    assert "各街镇上报情况表" in words
    assert "2 处冲突待定" in words
    go_to(hands, "云溪街道").press(Key.Key_Return).press(Key.Key_1).press(Key.Key_1)
    assert states(page)["云溪街道"] == "已合并"
    go_to(hands, "云溪街道").press(Key.Key_Return)
    assert page.files.paper.hasFocus()
    ask.path = data_dir / "回执.pdf"
    hands.press(Key.Key_Space)
    words = words_of(ask.path.read_bytes())
    assert "上报文件回执" in words
    assert "留下另一份" in words
    ask.path = data_dir / "回执.json"
    hands.press(Key.Key_Space)
    held = json.loads(ask.path.read_text("utf-8"))
    assert [r["office_name"] for r in held] == ["云溪街道", "云溪街道"]


def test_months_and_a_message_to_a_street(hands):
    page = hands.page
    go_to(hands, "永安街道").press(Key.Key_Return)
    assert QGuiApplication.clipboard().text().startswith("永安街道：2026年9月的上报文件还没有收到")
    hands.press(Key.Key_Left, Alt)
    assert (page.period, page.picker.month.text()) == ("2026-08", "2026年8月")
    for _n in range(4):
        hands.press(Key.Key_Right, Alt)
    assert page.period == "2026-10"  # not beyond this month


def test_files_dropped_on_the_page_are_looked_at(hands, made):
    page, data = hands.page, QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(made.files["云溪街道"]))])
    actions, buttons, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(9, 9), actions, data, buttons, held)
    page.dragEnterEvent(entered)
    assert entered.isAccepted()
    page.dropEvent(QDropEvent(QPointF(9, 9), actions, data, buttons, held))
    hands.settle()
    assert states(page)["云溪街道"] == "试合并通过"


def test_in_a_narrow_window_the_right_takes_the_place_of_the_left(hands, made, ask):
    page = hands.page
    hands.window.resize(960, 768)
    hands.app.theme.set_scale(1.25)
    hands.settle()
    assert (page.left.isVisible(), page.side.isVisible()) == (True, False)
    ask.paths = [made.files["江湾街道"]]
    hands.press(Key.Key_O, Ctrl).press(Key.Key_Return)
    assert (page.left.isVisible(), page.side.isVisible()) == (False, True)
    hands.press(Key.Key_O, Ctrl)  # other files: back to the streets
    assert (page.left.isVisible(), page.table.main.hasFocus()) == (True, True)
    hands.press(Key.Key_Return)
    page.back.setFocus()
    hands.press(Key.Key_Space)
    assert (page.left.isVisible(), page.side.isVisible()) == (True, False)
    hands.press(Key.Key_Return).press(Key.Key_Escape)
    assert (page.left.isVisible(), page.table.main.hasFocus()) == (True, True)


def test_a_click_on_the_button_of_a_row_starts_it(hands):
    page = hands.page
    view, at = page.table.main, [s.name for s in page.desk.streets].index("永安街道")
    QGuiApplication.clipboard().clear()
    hands.click(view.viewport(), view.visualRect(page.model.index(at, len(page.model.columns) - 1)).center())
    assert QGuiApplication.clipboard().text().startswith("永安街道")


def test_what_differs_is_text_and_never_markup(theme):
    said = rich(theme, [Piece("<b>一</b>&"), Piece("<i>\n", differs=True)])
    assert said.startswith("&lt;b&gt;一&lt;/b&gt;&amp;<span")
    assert "&lt;i&gt;<br></span>" in said
