"""监管对象: the list with its search, and the file of one subject."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

sys.path.insert(0, str(Path(__file__).parent))

import register_office as office
from test_register_page import ids, made, office_file  # noqa: F401 - fixtures

from envdesk.gui.pages import subjects

Key, Mod = Qt.Key, Qt.KeyboardModifier
PHONE = "13800005678"


@pytest.fixture
def app(running, qtbot):
    started = running({"subjects": subjects.PAGE, "form": office.FORM, "register": office.FORM})
    started.window.activateWindow()
    qtbot.waitUntil(started.window.isActiveWindow)
    return started


def opened(app, **params):
    app.window.go("subjects", **params)
    office.settle(app)
    return app.window.page


def names(page) -> list[str]:
    model = page.list.model
    return [model.row_at(n).cells[0] for n in range(model.rowCount())]


def texts(widget) -> str:
    return "\n".join(w.text() for w in widget.findChildren(QLabel))


# ---- the list ------------------------------------------------------------------------------------------------------
def test_all_subjects_with_their_name_first(app, qtbot):
    page = opened(app)
    qtbot.waitUntil(lambda: bool(page._subtitle.text()))  # the sum comes after the first rows

    assert page.title == "监管对象"
    assert page._subtitle.text() == "4 条"
    assert set(names(page)) == {"佳达鞋业", "益美皮具", "恒兴市政工地", "旧鞋厂"}
    assert page.list.model.columns[1].key == "name"
    assert page.list.bar.segments.isHidden()
    assert {"state", "types", "industry", "grid_id"} <= set(page.list.bar.chips)
    assert app.window.rail.list.lit == "subjects"


def test_search_by_pinyin_initials(app, qtbot):
    page = opened(app)
    qtbot.keyClick(page, Key.Key_F, Mod.ControlModifier)
    qtbot.keyClicks(page.list.bar.search, "jdxy")
    qtbot.keyClick(page.list.bar.search, Key.Key_Return)
    office.settle(app)
    assert names(page) == ["佳达鞋业"]


@pytest.mark.parametrize(
    ("key", "label", "found"),
    [("state", "已关停取缔", ["旧鞋厂"]), ("types", "建设工地", ["恒兴市政工地"]), ("industry", "皮具", ["益美皮具"])],
)
def test_filters(app, qtbot, key, label, found):
    page = opened(app)
    chip = page.list.bar.chips[key]
    page.list.bar.ask(key)
    office.settle(app)
    at = next(n for n, i in enumerate(chip.popup.items) if i.text == label)
    for _n in range(at):
        qtbot.keyClick(chip, Key.Key_Down)
    qtbot.keyClick(chip, Key.Key_Space)
    office.settle(app)
    assert (names(page), chip.words) == (found, label)


def test_enter_opens_the_file_f2_the_form(app, qtbot, ids):
    page = opened(app, search="佳达")
    qtbot.keyClick(page.list.table.main, Key.Key_Return)
    office.settle(app)
    assert page.in_file
    assert page.title == "佳达鞋业"
    assert page.file.timeline.hasFocus()
    qtbot.keyClick(page, Key.Key_Escape)
    assert not page.in_file
    assert page.list.table.main.hasFocus()
    qtbot.keyClick(page.list.table.main, Key.Key_F2)
    assert app.window.page.params == {"form": "subject", "id": ids["佳达"], "back": ("subjects", {})}


def test_no_subject_yet(app):
    page = opened(app, search="没有这家")

    assert page.list._nothing.sentence.text() == "没有符合条件的监管对象。"
    page.list._nothing.button.click()
    office.settle(app)
    assert len(names(page)) == 4


def test_a_subject_in_use_is_not_voided_and_the_sentence_says_why(app, ask):
    page = opened(app, search="佳达")
    page.list.focus_list()
    ask.reason = "重复登记"
    page.acts.void()
    office.settle(app)
    assert names(page) == ["佳达鞋业"]
    assert app.window.toast.text


# ---- the file ------------------------------------------------------------------------------------------------------
def test_the_file_shows_figures_and_everything_newest_first(app, ids):
    page = opened(app, id=ids["佳达"])
    view = page.file

    assert view.band.texts[0] == "今年检查 2 次"
    assert len(view.band.texts) == 6
    days = [e.date for e in view.timeline.entries.shown]
    assert days == sorted(days, reverse=True)
    assert {"visit", "rectify", "order"} <= {e.kind for e in view.timeline.entries.shown}
    said = texts(view.card)
    assert "DX-2023-0001" in said
    assert "王**" in said
    assert "活性炭未按期更换" in said
    assert PHONE not in said


def test_the_card_has_a_button_only_where_it_does_not_stand_beside(app, qtbot, ids):
    app.window.resize(1366, 768)
    page = opened(app, id=ids["佳达"])
    assert page.file.card.isVisible()
    assert not page.buttons["档案"].isVisible()
    qtbot.keyClick(page, Key.Key_Right, Mod.AltModifier)
    assert page.file.timeline.isVisible()
    app.theme.set_scale(2.0)
    office.settle(app)
    assert page.file.is_narrow
    assert page.buttons["档案"].isVisible()
    qtbot.keyClick(page, Key.Key_Right, Mod.AltModifier)
    assert page.file.card.isVisible()
    assert not page.file.timeline.isVisible()


def test_the_lines_of_a_file_are_shown_whole(app, ids):
    app.window.resize(1366, 768)
    page = opened(app, id=ids["佳达"])
    line = page.file.timeline
    line.show_entries(line.entries.shown * 9)
    for scale in (1.0, 1.5):
        app.theme.set_scale(scale)
        office.settle(app)
        last = line.indexAt(line.viewport().rect().bottomLeft())
        assert 0 < last.row() < len(line.entries.shown) - 1
        assert line.visualRect(last).bottom() == line.viewport().rect().bottom()


def test_complaints_show_number_date_and_type_only(app, ids):
    page = opened(app, id=ids["佳达"])
    model = page.file.timeline.entries
    told = " ".join(model.data(model.index(n)) for n in range(model.rowCount())) + texts(page.file.card)

    assert "20260917-0317" in told
    assert "大气 · 油烟" in told
    assert "夜间有刺鼻胶水味" not in told
    assert "张**" not in told


def test_kinds_by_keyboard(app, qtbot, ids):
    page = opened(app, id=ids["佳达"])
    kinds = page.file.kinds
    kinds.setFocus()
    qtbot.keyClick(kinds, Key.Key_Right)
    assert {e.kind for e in page.file.timeline.entries.shown} == {"visit"}
    qtbot.keyClick(kinds, Key.Key_Home)
    assert len(page.file.timeline.entries.shown) > 2


def test_enter_on_a_line_opens_its_record_and_esc_leads_back(app, qtbot, ids):
    page = opened(app, id=ids["佳达"])
    line = page.file.timeline
    first = line.entries.shown[0]
    qtbot.keyClick(line, Key.Key_Return)
    asked = app.window.page.params
    assert (asked["form"], asked["id"]) == (first.form, first.rec)
    assert asked["back"] == ("subjects", {"id": ids["佳达"]})


def test_from_another_page_esc_leads_back_there(app, qtbot, ids):
    page = opened(app, id=ids["佳达"], back=("register", {"group": "complaints"}))
    qtbot.keyClick(page, Key.Key_Escape)
    assert app.window.current == "register"


def test_a_visit_here_starts_with_the_subject(app, qtbot, ids):
    page = opened(app, id=ids["佳达"])
    qtbot.keyClick(page, Key.Key_N, Mod.ControlModifier)
    menu = QApplication.activePopupWidget()
    next(a for a in menu.actions() if a.text().endswith("涉VOCs企业检查")).trigger()
    menu.close()
    assert app.window.page.params["form"] == "vocs_check"
    assert app.window.page.params["prefill"] == {"subject_id": ids["佳达"]}


def test_a_masked_contact_is_shown_with_a_reason(app, ask, ids):
    page = opened(app, id=ids["佳达"])
    ask.reason = "通知复查"
    page.file.card._facts._eyes["phone"].click()
    office.settle(app)
    assert page.file.card._facts._values["phone"].text() == PHONE


def test_the_sheet_is_printed(app, ask, qtbot, ids, tmp_path):
    page = opened(app, id=ids["佳达"])
    ask.path = tmp_path / "佳达.pdf"
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    office.settle(app)
    assert ask.path.read_bytes().startswith(b"%PDF")


def test_photos_of_visits_are_shown_and_enlarged(app, qtbot, ids, tmp_path):
    from envdesk.desk import records

    path = tmp_path / "现场.jpg"
    Image.new("RGB", (640, 480), "#335577").save(path)

    def add(work):
        form = work.desk.catalogue.form("inspection")
        key = next(f.key for f in form.fields if f.type == "photos")
        sheet = {
            "subject_id": ids["佳达"], "visit_date": "2026-10-08", "session": "上午", "people": ["周启明", "陈立"],
            key: [{"path": str(path)}], "warnings": "accept",
        }  # fmt: skip
        done = records.add(work.desk, "inspection", [sheet], base_dir=tmp_path)
        assert not done.value.refused, [p.message for p in done.value.problems]
        return done

    page = opened(app, id=ids["佳达"])
    assert not page.file.card.photos.isVisible()
    app.operations.do(add)
    office.settle(app)
    grid = page.file.card.photos
    assert len(grid.photos) == 1
    assert grid._images[grid.photos[0].sha256].width() == 640
    app.window.resize(1366, 768)
    app.theme.set_scale(2.0)
    office.settle(app)
    grid.setFocus()
    qtbot.keyClick(grid, Key.Key_Return)
    office.settle(app)
    dialog = QApplication.activeModalWidget()
    assert "2026-10-08" in dialog.windowTitle()
    assert dialog.width() < app.window.width()
    assert dialog.height() < app.window.height() - 50, "the window is seen behind it"
    qtbot.keyClick(dialog, Key.Key_Escape)


def test_the_file_follows_changes_and_keeps_its_place(app, ids):
    from envdesk.desk import records

    page = opened(app, id=ids["佳达"])
    line = page.file.timeline
    line.setCurrentIndex(line.entries.index(2))
    here = line.entries.shown[2].rec
    before = len(line.entries.shown)

    def add(work):
        sheet = {"subject_id": ids["佳达"], "visit_date": "2026-10-09", "session": "上午", "people": ["周启明", "陈立"]}
        return records.add(work.desk, "inspection", [sheet | {"warnings": "accept"}])

    app.operations.do(add)
    office.settle(app)
    assert len(line.entries.shown) == before + 1
    assert line.entries.shown[line.currentIndex().row()].rec == here
