"""More scenes: what is done to records (print, void, import, history), and the questions that are asked for it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer  # noqa: TID251 - it photographs the window
from PySide6.QtGui import QColor, QImage  # noqa: TID251
from PySide6.QtWidgets import QApplication, QDialog  # noqa: TID251
from scenes import Scene, ask, dialog, empty_office, say

from envdesk.clock import Clock
from envdesk.desk import office, records
from envdesk.gui.dialogs import Question
from envdesk.gui.operations import Said
from envdesk.gui.register.acts import void_question
from envdesk.gui.subject.photos import PhotoDialog
from envdesk.gui.window import MainWindow
from envdesk.present import register_desk
from envdesk.present.subject_file import Photo

REST_MS = 150
"""Until what was asked of the list stands there."""


def history(window: MainWindow) -> None:
    """F2 in a field that was changed; once more for the whole record."""
    page: Any = window.page
    page.view.build_all()
    page.view.focus_key("location")
    now = str(page.session.values["location"])
    before = now.removesuffix("附近")
    steps = [
        {"at": "2026-10-09T09:31", "who": "李敏", "field": "location", "label": "地点", "old": before, "new": now},
        {"at": "2026-10-09T09:05", "who": "陈志强", "field": "location", "label": "地点", "old": None, "new": before, "why": "更正"},
    ]  # fmt: skip
    page.pane.show_history("地点", steps, of="location", whole=page.beside.show_whole_history)
    page.fold()


def registers_menu(window: MainWindow) -> None:
    """Ctrl+Shift+P: what a list can be printed as."""
    window.page.acts.print_list()  # type: ignore[union-attr]


def papers_menu(window: MainWindow) -> None:
    """Ctrl+P on several ticked rows: which paper."""
    page: Any = window.page
    for n in (0, 1, 3):
        page.list.model.check(n)
    page.acts.print_sheets()


def no_file(window: MainWindow) -> None:
    """Ctrl+I, and no file at hand."""
    page: Any = window.page
    page.importing.show_nothing("work_order")
    page._show_import()  # noqa: SLF001 - what a cancelled file dialog does


def columns_menu(window: MainWindow) -> None:
    """The context menu of a list."""
    table: Any = window.page.list.table  # type: ignore[union-attr]
    table.go_to(3)
    menu = table.menu()
    menu.popup(table.mapToGlobal(QPoint(400, 160)))
    menu.setActiveAction(menu.actions()[0])


def split_menu(window: MainWindow) -> None:
    """F4 on the records of a figure: by what it can be split."""
    window.page.sources.offer_ways()  # type: ignore[union-attr]


def split_table(window: MainWindow) -> None:
    """A figure split."""
    window.page.split_figure("insp_visits", "grid")  # type: ignore[union-attr]


UNKNOWN = register_desk.Looked(
    "work_order", Path("2025年工单台账.xlsx"), "工单", 2400, 2400,
    (("编号", "工单编号"), ("渠道", "来源"), ("派单日期", "派单时间"), ("诉求内容", "内容"), ("地址", "地点")), ("备注2", "片区"),
    tuple(
        register_desk.Trouble(0, "", "hint", f"列“{name}”不认识，不导入；可以指定它是哪一栏，或把列名改成模板里的。")
        for name in ("备注2", "片区")
    ),
    (("备注2", ""), ("片区", ""), ("序次", ""), ("编号", "order_no"), ("渠道", "source"), ("派单日期", "received_at"), ("诉求内容", "content"), ("地址", "location")),
    {"序次": "", "渠道": "source"},
)  # fmt: skip


def file_columns(window: MainWindow) -> None:
    """Which column of a file is which field, and the fields that are offered for one of them."""
    page: Any = window.page
    page.importing.show_looked(UNKNOWN)
    page._show_import()  # noqa: SLF001 - what a chosen file does
    page.importing.turn()
    QTimer.singleShot(REST_MS, window, lambda: _offer_fields(page.importing.heads))


def _offer_fields(heads: Any) -> None:
    heads.table.go_to(1)
    heads.table.started.emit(heads.table.row())
    menu: Any = QApplication.activePopupWidget()
    section = next(a for a in menu.actions() if a.menu())
    menu.setActiveAction(section)
    section.menu().setActiveAction(section.menu().actions()[1])


def day_menu(window: MainWindow) -> None:
    """Days to look ahead to."""
    window.page.day.open_menu()  # type: ignore[union-attr]


def ahead(window: MainWindow) -> None:
    """The list of a later day."""
    window.page.day.go_to(date(2026, 10, 20))  # type: ignore[union-attr]


def columns_to_choose(window: MainWindow) -> None:
    """Which columns a list has."""
    window.page.list.choose_columns()  # type: ignore[union-attr]


def column_of_a_section(window: MainWindow) -> None:
    """A field of the form as one more column: the longest section of all forms."""
    window.page.list.choose_columns()  # type: ignore[union-attr]
    QTimer.singleShot(REST_MS, window, lambda: _open_longest(QApplication.activePopupWidget()))


def _open_longest(menu: Any) -> None:
    more = next(a for a in menu.actions() if a.menu())
    menu.setActiveAction(more)
    longest = max(more.menu().actions(), key=lambda a: len(a.menu().actions()))
    more.menu().setActiveAction(longest)
    longest.menu().setActiveAction(longest.menu().actions()[0])


def help_window(window: MainWindow) -> None:
    """F1; the system would put it somewhere, here it lies over the window."""
    window.help.open_here()
    shown = window.help.shown
    if shown is not None:  # no part of it outside the picture
        room = window.size() - shown.size()
        shown.move(window.mapToGlobal(QPoint(min(223, room.width()), min(64, room.height()))))


def photo(window: MainWindow) -> QDialog:
    """A photo in full."""
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("#7d8f86"))
    shown = Photo("", "vocs_check", "", "2026-09-05", "整改前", "集气罩过小")
    return PhotoDialog(window.ctx.theme, shown, image, window)


def first_office(path: Path, now: datetime) -> None:
    """An office of this morning that knows its people and one site, and has registered nothing yet."""
    empty_office(path, now)
    with office.opened(path, operator="李敏") as desk:
        desk.store.clock = Clock(now)
        records.add(desk, "person", [{"name": "李敏", "role": "执法人员"}])
        grid = records.add(desk, "grid", [{"name": "石马社区"}]).value.ids[0]
        site = {
            "types": ["建设工地"],
            "name": "石马新村三期工地",
            "address": "石马路8号",
            "register_from": "2026-10-09",
        }
        records.add(desk, "subject", [site | {"grid_id": grid, "warnings": "accept"}])


def wrong_day(window: MainWindow) -> None:
    """A first record with a day that is still to come."""
    page: Any = window.page
    page.view.put({"visit_date": "2026-10-12"})
    page.stop_keeping()
    page.view.focus_key("subject_id")


def saved(window: MainWindow) -> None:
    """A first record, filled in and saved: where it is."""
    page: Any = window.page
    page.answer_rest()
    page.save()


FIRST: dict[str, Any] = {"form": "site_dust_patrol", "guide": True}
FILLED = FIRST | {"prefill": {"people": ["李敏"], "subject_id": "@subject"}}
VOID = void_question("GD-2026-0261")
REVEAL = Question("显示个人信息", "查看人、时间和原因会记入操作记录。", "显示", "不显示", reason=5, danger=False)
LATE = Question(
    "补录到已月结的期间", "派单时间属于已月结的2026年8月，确需补录或更正，请写明原因。已出的报表不变，下次打印注明补录或更正。",
    act="作为补录保存", safe="先不保存", leave="回到表中，草稿留着", reason=5,
)  # fmt: skip
RESTORE = Question(
    "恢复到 2026-10-08 17:31 的备份", "这份备份以后登记的内容会从台账里消失。现在的台账先留一份在备份文件夹里，还能再恢复回来。",
    "恢复备份", "不恢复", leave="不恢复", reason=5,
)  # fmt: skip
LEFT = Said(
    "已生成 整改通知书.pdf。", "note", act=("打开", lambda: None),
    details=("没有打印 ZG-2026-0052：“存在的问题”里有工单 GD-2026-0198 诉求人的姓名，请改写后再打印。",),
)  # fmt: skip

WRITTEN = {"first": first_office}
"""Offices that a scene writes into, and what makes them: made again for every picture."""

SCENES = (
    Scene("guide-today", "today", office="empty"),
    Scene("guide-form", "form", FIRST, office="empty"),
    Scene("guide-error", "form", FIRST, wrong_day, "empty"),
    Scene("guide-saved", "form", FILLED, saved, "first"),
    Scene("menu-registers", "register", {"group": "投诉信访", "form": "work_order"}, registers_menu),
    Scene("menu-papers", "register", {"group": "整改执法", "form": "rectification", "period": "2026"}, papers_menu),
    Scene("menu-context", "register", {"group": "投诉信访", "form": "work_order", "period": "2026"}, columns_menu),
    Scene("register-no-file", "register", {"group": "投诉信访", "form": "work_order"}, no_file),
    Scene("form-history", "form", {"form": "work_order", "id": "@work_order"}, history),
    Scene("form-stored", "form", {"form": "vocs_check", "id": "@vocs_check"}),
    Scene("menu-columns", "register", {"group": "投诉信访", "form": "work_order", "period": "2026"}, columns_to_choose),
    Scene("menu-columns-more", "register", {"group": "检查巡查", "form": "vocs_check"}, column_of_a_section),
    Scene("menu-day", "today", prepare=day_menu),
    Scene("today-ahead", "today", prepare=ahead),
    Scene("register-import-columns", "register", {"group": "投诉信访", "form": "work_order"}, file_columns),
    Scene("menu-split", "reports", {"period": "2026-09", "figure": "insp_visits"}, split_menu),
    Scene("reports-split", "reports", {"period": "2026-09", "figure": "insp_visits"}, split_table),
    Scene("help", "register", {"group": "投诉信访", "form": "work_order"}, help_window),
    Scene("dialog-photo", "today", prepare=dialog(photo)),
    Scene("dialog-void", "register", {"group": "投诉信访", "form": "work_order"}, ask(VOID)),
    Scene("dialog-reveal", "register", {"group": "投诉信访", "form": "work_order"}, ask(REVEAL)),
    Scene("dialog-late", "register", {"group": "投诉信访", "form": "work_order"}, ask(LATE)),
    Scene("dialog-restore", "settings", {"group": "backup"}, ask(RESTORE)),
    Scene("toast-left", "today", prepare=say(LEFT)),
)
