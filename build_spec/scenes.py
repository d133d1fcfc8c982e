"""What is photographed besides the plain pages: dialogs, menus, lists under fields, wrong values, little and too much data.

A scene goes to a page and does what a user would do; whatever windows are open then are in the picture. ``office`` says
on which data: ``sample``, ``empty`` (an office of this morning), ``first`` (one that has registered nothing yet),
``long`` (names and texts of the greatest length), or a ``district`` (``district-empty``, ``district-long``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from district_scenes import district_office, empty_district, long_district, on_street, tried, unlocked
from PySide6.QtCore import Qt  # noqa: TID251 - it photographs the window
from PySide6.QtTest import QTest  # noqa: TID251
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QMenu, QPushButton  # noqa: TID251

from envdesk.clock import Clock
from envdesk.desk import office, records
from envdesk.gui.act_dialog import ActDialog
from envdesk.gui.crash_dialog import CrashDialog
from envdesk.gui.dialogs import Question
from envdesk.gui.keys_dialog import KeysDialog
from envdesk.gui.operations import Said
from envdesk.gui.unlock_dialogs import RecoveryDialog, UnlockDialog
from envdesk.gui.window import MainWindow
from envdesk.present.facts import Fact, Facts
from envdesk.present.given import GivenOut
from envdesk.present.unlock import recovery_code
from envdesk.store import drafts

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Scene:
    """One picture: page and parameters, then what is done (``prepare(window)``)."""

    name: str
    page: str
    params: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[MainWindow], object] | None = None
    office: str = "sample"


# ---- doing ---------------------------------------------------------------------------------------------------------
def popup(menu: QMenu, under: QPushButton) -> None:
    """Open the menu of a button and go to its first line."""
    under.showMenu()
    actions = [a for a in menu.actions() if a.isEnabled() and not a.isSeparator()]
    if actions:
        menu.setActiveAction(actions[0])


def focused() -> Any:
    """What takes the keys now."""
    return QApplication.activePopupWidget() or QApplication.focusWidget()


def user_menu(window: MainWindow) -> None:
    """The menu under the operator's name."""
    popup(window.top.menu, window.top.operator)


def more_menu(window: MainWindow) -> None:
    """The menu 更多 of the reports."""
    more = window.page.more  # type: ignore[union-attr]
    popup(more.menu(), more)


def keys(*what: Any) -> Callable[[MainWindow], None]:
    """Press keys (``Key`` or ``(Key, modifier)``) and type words where the focus is."""

    def act(_window: MainWindow) -> None:
        for one in what:
            focus = focused()
            if isinstance(one, str):
                QTest.keyClicks(focus, one)
            elif isinstance(one, tuple):
                QTest.keyClick(focus, *one)
            else:
                QTest.keyClick(focus, one)

    return act


def in_field(key: str, *what: Any) -> Callable[[MainWindow], None]:
    """Go to a field of the form, then press keys."""

    def act(window: MainWindow) -> None:
        view = window.page.view  # type: ignore[union-attr]
        view.build_all()
        view.focus_key(key)
        keys(*what)(window)

    return act


def dialog(make: Callable[[MainWindow], QDialog]) -> Callable[[MainWindow], None]:
    """Show a dialog in the middle of the window."""

    def act(window: MainWindow) -> None:
        shown = make(window)
        shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown.setModal(False)
        shown.show()
        shown.move(window.mapToGlobal(window.rect().center() - shown.rect().center()))

    return act


def ask(question: Question) -> Callable[[MainWindow], None]:
    """Ask a question."""
    return dialog(lambda w: ActDialog(w.ctx.theme, question, w))


def asked(act: Callable[[Any], object]) -> Callable[[MainWindow], None]:
    """Show what a page asks when something is done on it; the answer is no."""

    def made(window: MainWindow) -> QDialog:
        questions: list[Question] = []
        ask: Any = window.ctx.ask
        ask.act = questions.append
        act(window.page)
        del ask.act
        return ActDialog(window.ctx.theme, questions[0], window)

    return dialog(made)


def official(page: Any) -> None:
    """Print the official report, past the question for a printer."""
    page.verbs._official(page.made, page.made.report, "")  # noqa: SLF001


def alone(make: Callable[[MainWindow], QDialog]) -> Callable[[MainWindow], None]:
    """Show a dialog that comes before there is a window: nothing of the window is seen behind it."""

    def made(window: MainWindow) -> QDialog:
        behind = QFrame(window)
        behind.setProperty("kind", "desk")
        behind.setGeometry(window.rect())
        behind.show()
        shown = make(window)
        shown.finished.connect(behind.hide)
        shown.finished.connect(behind.deleteLater)
        return shown

    return dialog(made)


UNSEAL = Question(
    "解除 2026年8月 的月结", "解除后这个月的数可以改动。已打印的报表作废，重新月结时生成新的校验码。这件事会记入操作记录。",
    act="解除月结", safe="保持月结", leave="不解除", reason=5,
)  # fmt: skip


def crash(window: MainWindow) -> QDialog:
    """The dialog after a failure, a real one: a field that is not there."""
    log = Path("C:/Users/李敏/环保台账/logs/envdesk.log")
    failed: Exception = ValueError()
    try:
        window.ctx.catalogue.forms["work_order"].field("没有这一栏")
    except KeyError as exc:
        failed = exc
    return CrashDialog(window.ctx.theme, failed, kept=True, log_file=log, parent=window)


REFUSED = Question(
    "打不开台账", "文件 C:/Users/李敏/Documents/环保台账/均禾街道综合行政执法办公室.envdesk 已经在另一台电脑上打开。",
    act="知道了", safe="", danger=False,
)  # fmt: skip
LEDGER = Path("C:/Users/李敏/Documents/环保台账/均禾街道综合行政执法办公室.envdesk")
PAPERS = tuple(
    GivenOut(f"2026-{n:04}", title, kind, f"10月{n % 9 + 1}日", who)
    for n, title, kind, who in (
        (31, "生态环境工作月报", "PDF", "李敏"), (30, "生态环境工作月报（含指标来源）", "DOCX", "陈志强"),
        (12, "超长标题的报表" * 12, "XLSX", "欧阳上官" * 5),
    )
)  # fmt: skip


def unlock(window: MainWindow) -> QDialog:
    """The passphrase of an encrypted ledger."""
    return UnlockDialog(window.ctx.theme, LEDGER, lambda _text: "口令或恢复码不对。")


def unlock_wrong(window: MainWindow) -> QDialog:
    """A wrong passphrase."""
    shown = UnlockDialog(window.ctx.theme, LEDGER, lambda _text: "口令或恢复码不对。")
    shown.line.setText("x" * 12)
    shown.attempt()
    return shown


def recovery(window: MainWindow) -> QDialog:
    """The recovery code of a ledger that was just made."""
    code = recovery_code(bytes(range(7, 256, 7))[:32])
    return RecoveryDialog(window.ctx.theme, window.ctx.ask, window.ctx.office, code, window)


def given_menu(*papers: GivenOut) -> Callable[[MainWindow], None]:
    """The list 已出具 of the menu 更多."""

    def act(window: MainWindow) -> None:
        page: Any = window.page
        page.given.show_papers(papers)
        more_menu(window)
        page.more.menu().setActiveAction(page.given.menuAction())
        QTest.keyClick(page.more.menu(), Key.Key_Right)

    return act


def encrypting(window: MainWindow) -> None:
    """Two passphrases at the first start that differ."""
    page: Any = window.page
    page.office.setText("均禾街道综合执法办")
    page.people.setPlainText("李敏 执法人员")
    page.passphrase.setText("x" * 12)
    page.again.setText("y" * 12)
    page.make()


def say(said: Said) -> Callable[[MainWindow], None]:
    """Let the toast say something."""
    return lambda window: window.ctx.operations.said.emit(said)


def warned(window: MainWindow) -> None:
    """Old backup, missing holiday table."""
    window.facts.show(Facts(Fact("备份：12天前 已验证", "amber"), Fact("节假日表：2027 未导入", "amber")))


def progress(window: MainWindow) -> None:
    """A long piece of work."""
    panel = window.progress
    panel._title.setText("导入 2025年工单台账.xlsx")  # noqa: SLF001 - what a task would do
    panel.show_progress(1240, 2400, "")
    panel.show()
    panel.raise_()
    panel.place()


WRONG = {
    "order_no": "20261009-" * 6, "received_at": "前天下午", "kind": "投拆", "pollution": "臭气", "repeat_no": "两次", "phone": "12",
    "due_date": "2026-13-40", "signed_at": "25:99", "closed_at": "2027-01-01", "respondent_id": "没有这家企业",
}  # fmt: skip


def wrong(window: MainWindow) -> None:
    """A wrong value in every kind of field, then Ctrl+S."""
    view = window.page.view  # type: ignore[union-attr]
    view.build_all()
    for key, text in WRONG.items():
        view.focus_key(key)
        focus = focused()
        if hasattr(focus, "selectAll"):
            focus.selectAll()
        QTest.keyClicks(focus, text) if text.isascii() else focus.insert(text)
        focus.textEdited.emit(text) if not text.isascii() else None
        QTest.keyClick(focus, Key.Key_Tab)
    window.page.save()  # type: ignore[union-attr]
    view.focus_key("order_no")


def failing(window: MainWindow) -> None:
    """A checklist with answers, one failing row open."""
    view = window.page.view  # type: ignore[union-attr]
    view.build_all()
    view.focus_key("A")
    keys(Key.Key_1, Key.Key_1, Key.Key_3, Key.Key_2)(window)


def rows(window: MainWindow) -> None:
    """Two rows in a list."""
    in_field("extensions", Key.Key_Plus, "2026-10-08", Key.Key_Return)(window)
    focused().insert("企业正在更换活性炭箱，供货要等到月底，申请延期十个工作日，期间停用喷漆线。")
    keys(Key.Key_Return)(window)
    window.page.view.editor("extensions").add()  # type: ignore[union-attr]


def search(words: str) -> Callable[[MainWindow], None]:
    """Ctrl+K and words."""

    def act(window: MainWindow) -> None:
        box = window.top.search
        box.start()
        box.setText(words)
        box.asked.emit(words)

    return act


def period_panel(window: MainWindow) -> None:
    """自定 period of a list."""
    window.page.list.bar.wanted.emit("period")  # type: ignore[union-attr]


MONTHLY = {"period": "2026-09", "template": "monthly"}

SCENES = (
    Scene("menu-user", "today", prepare=user_menu),
    Scene("menu-sheets", "today", prepare=lambda w: w.page.new_sheet()),  # type: ignore[union-attr]
    Scene("menu-visit-form", "register", {"group": "检查巡查", "form": "visit"}, lambda w: w.page.new()),  # type: ignore[union-attr]
    Scene("menu-another-sheet", "form", {"form": "vocs_check"}, lambda w: w.page.another_sheet()),  # type: ignore[union-attr]
    Scene("menu-report-more", "reports", MONTHLY, more_menu),
    Scene("dialog-keys", "today", prepare=dialog(lambda w: KeysDialog(w.ctx.theme, w))),
    Scene("dialog-unseal", "reports", {**MONTHLY, "period": "2026-08"}, ask(UNSEAL)),
    Scene("dialog-seal", "reports", MONTHLY, asked(lambda page: page.verbs.seal())),
    Scene("dialog-official", "reports", MONTHLY, asked(official)),
    Scene("dialog-refused", "today", prepare=alone(lambda w: ActDialog(w.ctx.theme, REFUSED, w))),
    Scene("dialog-unlock", "today", prepare=alone(unlock)),
    Scene("dialog-unlock-wrong", "today", prepare=alone(unlock_wrong)),
    Scene("dialog-recovery", "today", prepare=dialog(recovery)),
    Scene("menu-given", "reports", MONTHLY, given_menu(*PAPERS)),
    Scene("menu-given-none", "reports", MONTHLY, given_menu()),
    Scene("start-encrypt", "start", prepare=encrypting),
    Scene("dialog-crash", "today", prepare=dialog(crash)),
    Scene("toast-saved", "today", prepare=say(Said("已保存 GD-2026-0262。同时登记 ZG-2026-0053。", undo=True))),
    Scene(
        "toast-refused",
        "today",
        prepare=say(
            Said("这个操作之后还有别的改动：李敏 2026-10-09 09:30 编辑了 GD-2026-0262，请先撤销它。", "refused")
        ),
    ),
    Scene("status-warned", "today", prepare=warned),
    Scene("progress", "register", {"group": "投诉信访", "form": "work_order"}, progress),
    Scene("search-finds", "today", prepare=search("鞋")),
    Scene("search-nothing", "today", prepare=search("没有这样的东西")),
    Scene("list-people", "form", {"form": "vocs_check"}, in_field("people", Key.Key_F4)),
    Scene("list-subject", "form", {"form": "vocs_check"}, in_field("subject_id", "xy")),
    Scene("list-choice", "form", {"form": "work_order"}, in_field("source", Key.Key_F4)),
    Scene(
        "list-pollution",
        "form",
        {"form": "work_order"},
        in_field("pollution", Key.Key_F4, Key.Key_Down, Key.Key_Return),
    ),
    Scene("list-calendar", "form", {"form": "work_order"}, in_field("received_at", Key.Key_F4)),
    Scene("form-wrong", "form", {"form": "work_order"}, wrong),
    Scene("form-failing", "form", {"form": "vocs_check"}, failing),
    Scene("form-rows", "form", {"form": "work_order"}, rows),
    Scene("empty-today", "today", office="empty"),
    Scene("empty-register", "register", {"group": "投诉信访", "form": "work_order"}, office="empty"),
    Scene("empty-visits", "register", {"group": "检查巡查", "form": "visit"}, office="empty"),
    Scene("empty-subjects", "subjects", office="empty"),
    Scene("empty-reports", "reports", office="empty"),
    Scene("empty-send", "send", office="empty"),
    Scene("empty-people", "settings", {"group": "people"}, office="empty"),
    Scene("empty-backup", "settings", {"group": "backup"}, office="empty"),
    Scene("long-today", "today", office="long"),
    Scene("long-register", "register", {"group": "投诉信访", "form": "work_order"}, office="long"),
    Scene("long-visits", "register", {"group": "检查巡查", "form": "visit"}, office="long"),
    Scene("long-rectify", "register", {"group": "整改执法", "form": "rectification"}, office="long"),
    Scene("long-subjects", "subjects", office="long"),
    Scene("long-subject-file", "subjects", {"id": "@subject"}, office="long"),
    Scene("long-order", "form", {"form": "work_order", "id": "@work_order"}, office="long"),
    Scene("long-check", "form", {"form": "vocs_check", "id": "@vocs_check"}, office="long"),
    Scene("long-people", "settings", {"group": "people"}, office="long"),
    Scene("long-grids", "settings", {"group": "grids"}, office="long"),
    Scene("long-search", "today", prepare=search("超长"), office="long"),
    Scene("long-user", "today", prepare=user_menu, office="long"),
    Scene("long-reports", "reports", office="long"),
    Scene("long-send", "send", office="long"),
    Scene("merge", "merge", {"period": "2026-09"}, on_street("云溪街道"), office="district"),
    Scene("merge-conflict", "merge", {"period": "2026-09"}, on_street("云溪街道", enter=True), office="district"),
    Scene("merge-receipt", "merge", {"period": "2026-09"}, on_street("均禾街道", enter=True), office="district"),
    Scene("merge-register", "register", {"group": "投诉信访", "form": "work_order"}, office="district"),
    Scene("merge-trial", "merge", {"period": "2026-09"}, tried, office="district"),
    Scene("merge-locked", "merge", {"period": "2026-09"}, on_street("石桥街道", enter=True), office="district"),
    Scene("merge-refused", "merge", {"period": "2026-09"}, on_street("江湾街道"), office="district"),
    Scene("merge-unlocked", "merge", {"period": "2026-09"}, unlocked, office="district"),
    Scene("merge-missing", "merge", {"period": "2026-09"}, on_street("永安街道"), office="district"),
    Scene("merge-empty", "merge", {"period": "2026-09"}, office="district-empty"),
    Scene("merge-long", "merge", {"period": "2026-09"}, office="district-long"),
)


# ---- offices -------------------------------------------------------------------------------------------------------
def name(words: str, length: int) -> str:
    """A name of exactly so many characters."""
    return (words * length)[:length]


def empty_office(path: Path, now: datetime) -> None:
    """An office of this morning."""
    office.init(path, office="均禾街道综合执法办", district="白云区", operator="李敏", clock=Clock(now))


LONG_OPERATOR = name("欧阳", 50)
PASTED = "反映该处夜间有刺激性气味，\r\n持续到凌晨。\n\n\t1. 影响附近居民休息；\n\t2. 要求尽快查处并答复。\r\n"
"""What comes out of a spreadsheet or a chat: breaks of two kinds, an empty line, tabs."""


def long_office(path: Path, now: datetime) -> None:
    """Names and texts as long as they may be, pasted line breaks, more rows than any list shows at once."""
    long = name("超长名称的街道办事处综合行政执法办公室", 50)
    office.init(path, office=long, district=name("很长的区", 30), operator=LONG_OPERATOR, clock=Clock(now))
    with office.opened(path, operator=LONG_OPERATOR) as desk:
        desk.store.clock = Clock(now)

        def add(form: str, **values: Any) -> str:
            done = records.add(desk, form, [values | {"warnings": "accept"}]).value
            assert not done.refused, done.problems  # noqa: S101 - a script
            return str(done.ids[0])

        grids = [add("grid", name=f"{n}{name('超长社区居民委员会', 48)}") for n in range(10, 34)]
        people = [LONG_OPERATOR, *(f"{n}{name(w, 48)}" for n, w in enumerate(("欧阳上官", "司徒端木") * 12, 10))]
        for n, person in enumerate(people):
            add("person", name=person, role="执法人员", badge_no=f"4401{n:026}")
        firms = [_long_firm(add, n, grids[n % len(grids)]) for n in range(30)]
        for n in range(40):
            _long_order(add, n, firms[-1 - n % 3], people)
        for n in range(12):
            add(
                "vocs_check", subject_id=firms[-1 - n % 3], visit_date=f"2026-10-{8 - n % 7:02}", session="上午",
                people=people[1:3], site_person=name("欧阳", 50), remark=PASTED + name("备注", 400),
                findings=[{"desc": PASTED[:20] + name("废气收集罩破损，", 380), "nature": "一般问题", "action": "限期整改", "due": "2026-10-20"}] * 2,
                result="发现问题",
            )  # fmt: skip


def _long_firm(add: Callable[..., str], n: int, grid: str) -> str:
    return add(
        "subject", types=["工业企业", "涉VOCs企业", "餐饮单位", "产废单位"], name=f"{n + 10}{name('超长企业名称有限责任公司', 98)}",
        short_name=f"{n + 10}{name('超长简称', 48)}", address=name("超长地址工业园区第一栋", 200), industry="制鞋", grid_id=grid,
        register_from="2024-01-01", contact=name("欧阳", 50), phone="13800138000",
    )  # fmt: skip


def _long_order(add: Callable[..., str], n: int, firm: str, people: list[str]) -> None:
    text = PASTED + name("反映该处夜间有刺激性气味，持续到凌晨，影响附近居民休息，要求尽快查处并答复。", 3900)
    add(
        "work_order", source="12345", order_no=f"{n:050}", received_at=f"2026-10-0{8 - n // 6}T08:00", content=text, kind="投诉",
        pollution=["大气-恶臭异味", "大气-工业废气", "大气-扬尘", "噪声-工业", "噪声-施工", "水"], location=name("超长地点", 200),
        respondent_id=firm, handler=people[1], complainant=name("上官", 50), phone="13900139000",
        steps=[{"at": "2026-10-08T10:00", "what": name("到场核查，", 200), "who": people[2]}] * 3,
    )  # fmt: skip


DRAFTS = (
    ("site_dust_patrol", "建设工地", datetime(2026, 10, 9, 9, 36)), ("gas_station_check", "加油站", datetime(2026, 10, 8, 17, 5)),
    ("hazardous_waste_check", "产废单位", datetime(2026, 10, 7, 11, 20)),
)  # fmt: skip
"""Forms that no other picture fills in, so that none of them offers to go on with a draft."""


def begun(desk: office.Desk) -> None:
    """Leave three forms that were begun and not saved."""
    known = {d.form for d in drafts.drafts(desk.store)}
    firms = records.listing(desk, "subject")
    for form, kind, at in DRAFTS:
        firm = next((f for f in firms if kind in (f.get("types") or ())), firms[0])
        if form not in known:
            desk.store.clock = Clock(at)
            drafts.keep(desk.store, form, {"subject_id": firm["id"], "visit_date": at.date().isoformat()})


def workbook(path: Path) -> tuple[Path, dict[str, dict[str, str]]]:
    """Make a form as a superior sends it out, and say which figure stands in which cell."""
    import xlsxwriter

    rows = [("大气", "工地扬尘巡查", "site_visits"), ("大气", "移动源抽测", "mobile_tested"), ("水", "河涌巡查", "river_visits"),
            ("监管", "检查企业", "insp_visits"), ("监管", "工单收到", "wo_received"), ("监管", "工单办结率", "wo_rate")]  # fmt: skip
    columns = ("本期", "本年累计", "上年同期", "同比")
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("月报")
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DCE6F1"})
    rate = book.add_format({"num_format": "0.00%"})
    page.merge_range("A1:G1", "2026年9月生态环境工作情况表", head)
    for n, text in enumerate(("序号", "类别", "指标", *columns)):
        page.write(1, n, text, head)
    cells: dict[str, str] = {}
    for n, (group, title, figure) in enumerate(rows, 3):
        for m, value in enumerate((n - 2, group, title)):
            page.write(n - 1, m, value)
        for letter, column in zip("DEFG", columns, strict=True):
            page.write_blank(f"{letter}{n}", None, rate if figure == "wo_rate" else None)
            cells[f"{letter}{n}"] = f"{figure} {column}"
    page.write("C9", "合计", head)
    page.write_formula("D9", "=SUM(D3:D7)")
    for letters, wide in (("A:A", 5), ("B:B", 6), ("C:C", 19), ("D:F", 10), ("G:G", 14)):
        page.set_column(letters, wide)
    book.close()
    return path, {"cells": cells}


#: Office of a scene → what makes it.
MAKERS: Mapping[str, Callable[[Path, datetime], None]] = {
    "empty": empty_office, "long": long_office, "district": district_office, "district-empty": empty_district,
    "district-long": long_district,
}  # fmt: skip
