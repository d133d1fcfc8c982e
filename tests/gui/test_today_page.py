"""今日: what is due, where a line leads, the month's figures, coverage, drafts, facts of the status bar."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from small_desk import Ctrl, Hands, Key, beside

from envdesk.desk import keeping, records
from envdesk.gui import tokens
from envdesk.gui.pages.today import PAGE
from envdesk.gui.prefs import GUIDE, UNGUIDED
from envdesk.gui.today.due import WHO_MOST, DueList
from envdesk.store import drafts

PAGES = {"today": PAGE} | beside("form", "register", "reports", "settings")


@pytest.fixture
def office_file(request):
    """The small office; an empty one for tests marked so."""
    if "empty" in request.fixturenames:
        return request.getfixturevalue("empty")
    return request.getfixturevalue("small_file")


@pytest.fixture
def empty(data_dir, blank_file):
    return shutil.copyfile(blank_file, data_dir / "空.envdesk")


@pytest.fixture
def ids(small):
    return small[1]


@pytest.fixture
def hands(running, qtbot):
    return Hands(running(PAGES), qtbot)


def do(hands, fn):
    """Do something on the database thread as the program does it."""
    hands.app.operations.do(lambda w: fn(w.desk))
    hands.settle()


def read(hands, fn):
    found = []
    hands.app.tasks.run(lambda w: fn(w.desk), done=found.append)
    hands.settle()
    return found[0]


def test_the_list_is_grouped_by_urgency_and_has_the_focus(hands):
    page = hands.page
    groups = [r for r in page.list.due.rows if not hasattr(r, "what")]
    assert [g.title for g in groups] == ["已超期", "今天到期", "3个工作日内", "本月要办"]
    assert all(g.count == sum(len(x.records) or 1 for x in g.lines) for g in groups)
    assert isinstance(hands.focus, DueList)
    assert page.list.line() == groups[0].lines[0]
    assert "2026年10月9日 星期五" in page._subtitle.text()


def test_arrows_step_over_group_rows(hands):
    page = hands.page
    lines = page.list.due.lines
    seen = [page.list.line()]
    for _n in lines[1:]:
        hands.press(Key.Key_Down)
        seen.append(page.list.line())
    assert seen == lines
    hands.press(Key.Key_Home)
    assert page.list.line() == lines[0]
    hands.press(Key.Key_End)
    assert page.list.line() == lines[-1]


def go_to(hands, rec):
    model = hands.page.list.due
    number = next(n for n, row in enumerate(model.rows) if getattr(row, "rec", "") == rec)
    hands.page.list.setCurrentIndex(model.index(number))
    return number


def test_enter_starts_the_right_step(hands, ids):
    go_to(hands, ids["待签"])
    hands.press(Key.Key_Return)
    assert hands.asked("form") == {
        "form": "work_order", "id": ids["待签"], "section": "sign", "back": ("today", {}),
    }  # fmt: skip
    hands.back("today")
    go_to(hands, ids["近期"])
    hands.press(Key.Key_Return)
    assert hands.asked("form")["section"] == "verify"


def test_f2_opens_the_record_itself(hands, ids):
    go_to(hands, ids["待签"])
    hands.press(Key.Key_F2)
    assert hands.asked("form") == {"form": "work_order", "id": ids["待签"], "back": ("today", {})}


def test_the_painted_button_is_pressed_by_mouse_the_line_is_only_chosen(hands, ids):
    page = hands.page
    number = go_to(hands, ids["超期"])
    row = page.list.visualRect(page.list.due.index(number))
    hands.click(page.list.viewport(), row.topLeft() + QPoint(60, 19))
    assert hands.window.current == "today"
    hands.click(page.list.viewport(), page.list.button_box(number).center())
    assert hands.asked("form")["id"] == ids["超期"]


def test_the_report_that_waits_leads_to_its_period(hands):
    page = hands.page
    line = next(x for x in page.list.due.lines if x.form == "report")
    page.start(line)
    assert hands.asked("reports") == {"period": line.rec}


def test_sheets_that_wait_for_the_same_are_listed(hands):
    line = replace(hands.page.list.line(), form="vocs_check", icon="inspections", records=("a", "b"))
    hands.page.start(line)
    assert hands.asked("register") == {"group": "检查巡查", "form": "vocs_check", "ids": ("a", "b")}


def test_figures_by_keyboard_lead_to_their_records(hands):
    cells = hands.page.month.cells
    hands.press(Key.Key_Tab)
    assert hands.focus is cells[0]
    hands.press(Key.Key_Down).press(Key.Key_Right)
    assert hands.focus is cells[3]
    hands.press(Key.Key_Return)
    assert hands.asked("reports") == {"period": "2026-10", "figure": cells[3].figure.id}
    assert all(len(c.figure.series) == 12 for c in cells)
    assert cells[0].accessibleName().startswith("出动人次")


def test_coverage_is_one_stop_and_shows_who_is_missing(hands):
    bars = hands.page.coverage.cells
    assert bars
    hands.press(Key.Key_Tab, times=2)
    assert hands.focus is bars[0]
    hands.press(Key.Key_Return)
    assert hands.asked("reports") == {"period": "2026", "figure": bars[0].bar.figure}


def test_ctrl_g_and_ctrl_n(hands):
    hands.press(Key.Key_G, Ctrl)
    assert hands.asked("form")["form"] == "work_order"
    hands.back("today").press(Key.Key_N, Ctrl)
    menu = hands.page.sheets
    assert menu.isVisible()
    assert menu.activeAction() is menu.actions()[0]
    QTest.keyClick(menu, Key.Key_2)
    hands.settle()
    chosen = hands.asked("form")["form"]
    assert chosen in hands.app.window.ctx.catalogue.forms
    hands.back("today").press(Key.Key_N, Ctrl)
    QTest.keyClick(menu, Key.Key_Return)
    hands.settle()
    assert hands.asked("form")["form"] == chosen  # the one used last comes first


def test_drafts_are_gone_on_with_or_thrown_away_and_put_back(hands):
    read(hands, lambda d: drafts.keep(d.store, "work_order", {"location": "石马"}))
    hands.back("today")
    rows = hands.page.drafts.cells
    assert len(rows) == 1
    assert hands.page.drafts.height() > 2 * tokens.PANEL_HEAD
    rows[0].setFocus()
    hands.press(Key.Key_Return)
    assert hands.asked("form") == {"draft": rows[0].line.id, "back": ("today", {})}
    hands.back("today")
    hands.page.drafts.cells[0].setFocus()
    hands.press(Key.Key_Delete)
    assert hands.page.drafts.cells == []
    hands.settle()
    assert hands.page.drafts.height() < 2 * tokens.PANEL_HEAD  # no white sheet with nothing on it
    assert "已丢弃草稿" in hands.window.toast.text
    hands.window.toast._act.click()
    hands.settle()
    assert len(hands.page.drafts.cells) == 1
    assert read(hands, lambda d: drafts.drafts(d.store))[0].content == {"location": "石马"}


def test_a_save_elsewhere_is_seen_and_the_place_is_kept(hands, ids):
    go_to(hands, ids["今天"])
    before = len(hands.page.list.due.lines)
    change = {
        "closed_at": "2026-10-09",
        "verdict": "属实",
        "measures": "已责令改正",
        "close_type": "办结",
        "warnings": "accept",
    }
    do(hands, lambda d: records.edit(d, "work_order", ids["超期"], change))
    assert len(hands.page.list.due.lines) == before - 1
    assert hands.page.list.line().rec == ids["今天"]


@pytest.mark.usefixtures("empty")
def test_a_bare_office_offers_a_first_record_under_the_cursor(hands):
    page = hands.page
    titles = [hands.app.window.ctx.catalogue.forms[f].title for f in ("inspection", "site_dust_patrol", "work_order")]
    assert [c.text() for c in page.welcome.cells] == titles
    assert hands.focus is page.welcome.cells[0]
    assert not page.list.isVisible()
    assert not page.coverage.isVisible()
    hands.press(Key.Key_Down).press(Key.Key_Return)
    assert hands.asked("form") == {"form": "site_dust_patrol", "back": ("today", {}), "guide": True}


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("again", [False, True])
def test_a_window_that_is_active_late_has_the_focus_on_the_offer_too(running, qtbot, again):
    """The list it has first is hidden by then: what comes after it in the window would take the focus."""
    app, other = running(PAGES), QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    app.window.start()
    if again:
        app.theme.set_scale(1.5)
        app.window.go("today")
    qtbot.waitUntil(lambda: app.window.page.welcome is not None and not app.tasks.active)
    assert app.window.focusWidget() is app.window.page.welcome.cells[0]


def test_reading_again_does_not_take_the_focus_from_elsewhere(hands):
    search = hands.window.top.search
    search.setFocus()
    hands.page.activate({})
    hands.settle()
    assert hands.focus is search


@pytest.mark.usefixtures("empty")
def test_who_comes_back_to_a_bare_office_finds_the_offer_under_the_cursor(hands):
    hands.page.day.setFocus()
    hands.window.go("reports")
    hands.settle()
    hands.window.rail.list.setFocus()
    hands.back("today")
    assert hands.focus is hands.page.welcome.cells[0]


@pytest.mark.usefixtures("empty")
def test_the_keys_of_the_page_begin_a_guided_record_too(hands):
    hands.press(Key.Key_G, Ctrl)
    assert hands.asked("form")["guide"] is True
    hands.back("today").press(Key.Key_N, Ctrl)
    assert hands.page.sheets.isVisible()
    hands.page.sheets.close()


@pytest.mark.usefixtures("empty")
def test_without_the_guide_a_bare_office_offers_the_same(hands):
    hands.app.prefs.put(GUIDE, UNGUIDED)
    hands.back("today").press(Key.Key_Return)
    assert hands.asked("form") == {"form": "inspection", "back": ("today", {})}


@pytest.mark.usefixtures("empty")
def test_what_was_begun_in_a_bare_office_comes_first(hands):
    read(hands, lambda d: drafts.keep(d.store, "site_dust_patrol", {"visit_date": "2026-10-09"}))
    hands.back("today")
    first = hands.page.welcome.cells[0]
    assert first.text() == "接着填：工地扬尘巡查"
    assert "差" in first.accessibleDescription()
    hands.press(Key.Key_Return)
    asked = hands.asked("form")
    assert (bool(asked["draft"]), asked["guide"]) == (True, True)


@pytest.mark.usefixtures("empty")
def test_an_office_with_records_and_nothing_due_says_so(hands):
    person = {"name": "李敏", "warnings": "accept"}
    do(hands, lambda d: records.add(d, "person", [person]))
    assert hands.page.welcome.isVisible()  # a list is no record
    event = {"date": "2026-10-08", "type": "进企业", "title": "进社区", "warnings": "accept"}
    do(hands, lambda d: records.add(d, "publicity_event", [event]))
    page = hands.page
    assert page.empty.isVisible()
    assert "没有要办的事" in page.empty.sentence.text()
    assert hands.focus is page.empty.button


def test_the_guide_is_asked_for_from_the_menu_and_left_by_esc(hands):
    hands.window.user.guide()
    hands.settle()
    page = hands.page
    assert page.welcome.isVisible()
    assert hands.focus is page.welcome.cells[0]
    hands.press(Key.Key_Escape)
    assert page.list.isVisible()
    assert page.list.hasFocus()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.usefixtures("empty")
def test_the_offer_is_reached_at_any_scale(hands, scale):
    hands.app.theme.set_scale(scale)
    hands.settle()
    cells = hands.page.welcome.cells
    hands.press(Key.Key_Down, times=2)
    assert hands.focus is cells[2]
    page = hands.page
    shown = QRect(cells[2].mapTo(page, QPoint(0, 0)), cells[2].size())
    assert page.rect().contains(shown)


def test_facts_of_the_status_bar(hands):
    facts = hands.window.status._facts
    assert facts["backup"].text() == "还没有备份"
    read(hands, keeping.backup)
    hands.window.facts.read()
    hands.settle()
    assert facts["backup"].text() == "备份：今天 09:41 已验证"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_nothing_of_a_line_overlaps_at_any_scale(hands, scale):
    hands.app.theme.set_scale(scale)
    hands.settle()
    page = hands.page
    at = page.list._painter.places(page.list.visualRect(page.list.due.index(1)))
    parts = [p for p in (at.icon, at.what, at.who, at.day, at.chip, at.button) if not p.isEmpty()]
    assert all(one.right() < other.left() for one, other in pairwise(parts))
    assert at.button.right() < page.list.viewport().width()
    assert at.what.width() > page.ctx.theme.px(80)
    assert page._side.width() <= page._scroll.viewport().width()


def test_the_list_opens_with_whole_lines(hands):
    shown = hands.window.page.list
    theme = hands.window.ctx.theme
    shown.setFixedHeight(theme.px(tokens.GROUP_ROW + tokens.LINE_TODAY + 20))
    hands.settle()
    assert shown.viewport().height() == theme.px(tokens.GROUP_ROW + tokens.LINE_TODAY)
    shown.setFixedHeight(2000)
    hands.settle()
    assert shown.viewport().height() == 2000


def test_the_rail_counts_what_the_heads_of_the_list_count(hands):
    heads = [r for r in hands.page.list.due.rows if not hasattr(r, "what") and r.id != "month"]
    assert any(x.form == "report" for g in heads for x in g.lines)
    assert hands.window.rail.list.rail_model.counters["today"] == sum(g.count for g in heads)


def test_a_head_never_stands_alone_at_the_foot_of_the_list(hands):
    shown, px = hands.window.page.list, hands.window.ctx.theme.px
    heads = [n for n, row in enumerate(shown.due.rows) if shown.due.line(n) is None]
    second = heads[1]
    lines = px(tokens.GROUP_ROW) + (second - 1) * px(tokens.LINE_TODAY)
    shown.setFixedHeight(lines + px(tokens.GROUP_ROW) + px(tokens.LINE_TODAY) - 1)
    hands.settle()
    assert shown.viewport().height() == lines
    shown.setFixedHeight(lines + px(tokens.GROUP_ROW) + px(tokens.LINE_TODAY))
    hands.settle()
    assert shown.viewport().height() == lines + px(tokens.GROUP_ROW) + px(tokens.LINE_TODAY)


def test_who_works_on_it_is_shortened_only_where_room_is_scarce(hands):
    shown, px = hands.window.page.list, hands.window.ctx.theme.px
    shown._painter._wide = (px(120), px(40), px(122), px(92))
    assert shown._painter.places(QRect(0, 0, 1400, 38)).who.width() == px(120)
    assert shown._painter.places(QRect(0, 0, 760, 38)).who.width() == px(WHO_MOST)
