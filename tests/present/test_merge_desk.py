"""The merge desk without a window: streets and their files, the heat table, trials, conflicts, papers."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from envdesk.clock import Clock
from envdesk.desk import office, records
from envdesk.errors import Refused
from envdesk.exchange.conflicts import BACK, KEEP, TAKE
from envdesk.present import merge_desk
from envdesk.present.list_query import Listing, ListState
from envdesk.present.merge_desk.clash import text_of
from envdesk.store import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "build_spec"))

import district_sample

MONTH = "2026-09"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The district of the pictures, closed."""
    return district_sample.sample(tmp_path_factory.mktemp("区"))


@pytest.fixture
def desk(made, data_dir):
    """Open on a fresh copy."""
    path = data_dir / "区.envdesk"
    shutil.copyfile(made.db, path)
    with office.opened(path, operator="何静") as opened:
        clock = Clock(district_sample.NOW)
        opened.store.clock = clock
        yield replace(opened, clock=clock)


def rows(desk, trials=()):
    return {s.name: s for s in merge_desk.read(desk, MONTH, trials).streets}


def test_streets_in_the_order_of_the_setting_with_what_came(desk):
    page = merge_desk.read(desk, MONTH)
    assert [s.name for s in page.streets] == [*district_sample.STREETS, *district_sample.SILENT]
    assert (page.sentence, page.counted) == (
        "收到 4，未收 5，截止 10月8日（已过）",
        "共 9 个街镇",
    )  # the 5th is a holiday
    found = {s.name: (s.chip.word, s.act, s.waits) for s in page.streets}
    assert found["均禾街道"] == ("已合并", "receipt", False)
    assert found["云溪街道"] == ("2 处冲突待定", "settle", True)
    assert found["金沙街道"] == ("拒绝 2 条", "cause", True)
    assert found["石桥街道"] == ("未收到", "urge", False)
    assert page.waits == merge_desk.waiting(desk) == 2
    assert rows(desk)["云溪街道"].numbers.as_tuple() == (238, 119, 0, 0, 2, 0)  # both files of the street
    assert page.total.conflict == 2
    assert page.total.rejected == 2


def test_the_deadline_is_the_report_day_and_the_streets_a_setting(desk):
    settings.write(desk.store, "report_day", "12")
    assert "截止 10月12日" in merge_desk.read(desk, MONTH).sentence
    assert "已过" not in merge_desk.read(desk, MONTH).sentence
    settings.write(desk.store, "streets", "")
    page = merge_desk.read(desk, MONTH)
    assert (page.sentence, page.expected) == ("收到 4 个街镇，截止 10月12日", False)
    assert len(page.streets) == 4


def test_the_words_of_the_heat_table(desk):
    table = merge_desk.heat(desk, MONTH, merge_desk.read(desk, MONTH).streets)
    place = {title: n for n, (_form, title) in enumerate(table.forms)}
    cells = {r.name: r.cells for r in table.rows}
    assert cells["均禾街道"][place["危险废物检查"]].text == "0 未报"  # 2 in each month before
    assert cells["云溪街道"][place["工地扬尘巡查"]].text == "2 偏少"  # 16 in three months
    assert cells["松柏街道"][place["危险废物检查"]].text == "无任务"  # never any
    assert cells["松柏街道"][place["工地扬尘巡查"]].text == "2 齐"  # 7 in three months
    assert {c.text for c in cells["永安街道"]} == {"待收"}
    assert "督察案件" not in place  # nobody has any


@pytest.mark.parametrize(
    ("count", "usual", "kind"),
    [(0, 0, "no_task"), (0, 0.3, "none"), (3, 6, "full"), (2, 6, "few"), (1, 0, "full"), (2, 4.1, "few")],
)
def test_fewer_than_half_of_the_mean_are_few(count, usual, kind):
    from envdesk.present.merge_desk.heat import judge

    assert judge(count, usual) == kind


def test_a_trial_tells_and_stores_nothing(desk, made):
    files = [made.files[n] for n in ("石桥街道", "江湾街道")]
    told = []
    found = merge_desk.trial(desk, [*files, files[0]], {}, lambda *said: told.append(said))
    assert [(t.locked, t.wrong, t.refused, t.passed) for t in found] == [
        (True, False, False, False),
        (False, False, True, False),
    ]
    assert told[0][2] == files[0].name
    here = rows(desk, found)
    assert (here["石桥街道"].chip.word, here["石桥街道"].act) == ("要口令", "unlock")  # its name says whose it is
    assert (here["江湾街道"].chip.word, here["江湾街道"].act) == ("整包拒绝", "cause")
    wrong, todo = merge_desk.advice(found[1])
    assert str(files[1].parent) not in wrong
    assert "重新写入U盘" in todo

    wrong = merge_desk.trial(desk, files[:1], {files[0]: "不是这个"})[0]
    assert (wrong.locked, wrong.wrong) == (True, True)
    right = merge_desk.trial(desk, files[:1], {files[0]: district_sample.PHRASE})
    assert right[0].passed
    assert district_sample.PHRASE not in repr(right[0])
    here = rows(desk, right)["石桥街道"]
    assert (here.chip.word, here.words, here.waits) == ("试合并通过", "合并", True)
    assert here.numbers.new == here.numbers.received > 30
    assert desk.store.con.value("SELECT count(*) FROM received") == 5
    lines = merge_desk.details(desk, here).files[0]
    assert {line.title: line.words for line in lines.forms}["12345/信访工单"] == "新增 20"

    merge_desk.take(desk, right)
    assert rows(desk)["石桥街道"].chip.word == "已合并"
    again = merge_desk.trial(desk, files[:1], {files[0]: district_sample.PHRASE})[0]
    assert again.nothing
    records.undo(desk)
    assert rows(desk)["石桥街道"].chip.word == "未收到"


def test_a_file_of_nobody_known_stands_by_itself(desk, data_dir):
    strange = data_dir / "说不清.envpack"
    strange.write_bytes(b"SQLite format 3\x00" + bytes(2000))
    found = merge_desk.trial(desk, [strange], {})
    row = merge_desk.read(desk, MONTH, found).streets[-1]
    assert (row.name, row.stray, row.chip.word) == ("说不清.envpack", True, "整包拒绝")
    assert merge_desk.read(desk, MONTH, found).sentence == merge_desk.read(desk, MONTH).sentence
    missing = merge_desk.trial(desk, [data_dir / "没有.envpack"], {})[0]
    assert "U盘" in merge_desk.advice(missing)[1]


def test_a_sealed_month_wants_a_reason(desk, made):
    from envdesk.desk import seals

    seals.seal(desk, MONTH)
    files, phrase = [made.files["石桥街道"]], {made.files["石桥街道"]: district_sample.PHRASE}
    found = merge_desk.trial(desk, files, phrase)
    assert found[0].sealed
    assert (
        "有记录在已月结的期间里，合并时要写原因。"
        in merge_desk.details(desk, rows(desk, found)["石桥街道"]).files[0].remarks
    )
    with pytest.raises(Refused) as told:
        merge_desk.take(desk, found)
    assert told.value.code == "sealed"
    merge_desk.take(desk, found, "石桥街道补报")
    assert rows(desk)["石桥街道"].chip.word == "已合并"


def test_a_conflict_side_by_side(desk):
    first, second = merge_desk.clashes(desk)
    assert (first.street, first.form_title, first.what) == ("云溪街道", "监管对象台账", "鸿达皮具厂")
    assert first.summary.startswith("同是第 2 版，5 项不同")
    assert [(s.word, s.who, s.when) for s in first.sides] == [
        ("甲", "周启明", "10-07 15:10"),
        ("乙", "陈立", "10-07 16:40"),
    ]
    fields = {f.label: f for f in first.fields}
    assert [(p.text, p.differs) for p in fields["地址"].right] == [("云溪大道1", False), ("81", True), ("号", False)]
    assert [(p.text, p.differs) for p in fields["状态"].left] == [("在用/在产", True)]
    assert [(p.text, p.differs) for p in fields["固废管理类别"].left] == [("—", False)]
    assert "应申报固废单位" in merge_desk.affected(desk, first, MONTH)
    assert "胶水" in [p.text for f in second.fields for p in f.left if p.differs]


def test_personal_data_is_masked_in_a_conflict(desk):
    form = desk.catalogue.forms["subject"]
    f = form.field("phone")
    assert text_of(f, f.column, "13800005678", {}) == "138****5678"
    secret = desk.catalogue.forms["work_order"].field("complainant")
    assert "大民" not in text_of(secret, secret.column, "张大民", {})


@pytest.mark.parametrize(
    ("left", "right", "marks"),
    [
        ("云溪大道118号", "云溪大道181号", (["18"], ["81"])),
        ("2025", "2025、2026", ([], ["、2026"])),
        ("<b>一</b>", "<b>二</b>", (["一"], ["二"])),
        ("同", "同", ([], [])),
        ("—", "有", ([], ["有"])),
    ],
)
def test_marks(left, right, marks):
    one, other = merge_desk.marked(left, right)
    assert ("".join(p.text for p in one), "".join(p.text for p in other)) == (left, right)
    assert ([p.text for p in one if p.differs], [p.text for p in other if p.differs]) == marks


@pytest.mark.parametrize(("way", "said"), [(KEEP, "留下另一份"), (TAKE, "留下本文件的一份"), (BACK, "已退回")])
def test_a_decision_stands_in_the_receipt(desk, way, said):
    first, _second = merge_desk.clashes(desk)
    merge_desk.decide(desk, first, way)
    street = rows(desk)["云溪街道"]
    assert (street.chip.word, street.numbers.conflict) == ("1 处冲突待定", 1)
    newest = merge_desk.details(desk, street).files[0]
    assert newest.name.endswith("B机.envpack")
    assert any(said in r for r in newest.remarks)
    records.undo(desk)
    assert rows(desk)["云溪街道"].chip.word == "2 处冲突待定"


def test_receipts_as_paper_and_as_the_command_line_gives_them(desk, data_dir):
    street = rows(desk)["金沙街道"]
    found = merge_desk.details(desk, street)
    out = data_dir / f"{merge_desk.receipt_name(found, '2026年9月')}.pdf"
    assert out.name == "金沙街道 2026年9月 回执.pdf"
    merge_desk.write_receipt(desk, found, "2026年9月", out)
    words = _words(out)
    for wanted in ("上报文件回执", "金沙街道", "2 条属于别的单位", "区生态环境分局", "12345/信访工单"):
        assert wanted in words, wanted
    plain = data_dir / "回执.json"
    merge_desk.write_receipt(desk, found, "2026年9月", plain)
    assert json.loads(plain.read_text("utf-8"))["office_name"] == "金沙街道"
    with pytest.raises(Refused):
        merge_desk.write_receipt(desk, found, "", data_dir / "回执.txt")


@pytest.mark.parametrize("kind", [".pdf", ".xlsx"])
def test_the_board_on_paper(desk, data_dir, kind):
    page = merge_desk.read(desk, MONTH)
    table = merge_desk.heat(desk, MONTH, page.streets)
    out = data_dir / f"{merge_desk.board_name(page)}{kind}"
    assert merge_desk.print_board(desk, page, table, out) == 9
    if kind == ".pdf":
        words = _words(out)
        for wanted in ("各街镇上报情况表", "云溪街道", "2 偏少", "0 未报", "无任务", "不到前三个月平均的一半"):
            assert wanted in words, wanted


def _words(path):
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def test_lists_show_and_filter_the_street(desk):
    page = merge_desk.read(desk, MONTH)
    jinsha = next(s.office for s in page.streets if s.name == "金沙街道")
    state = ListState("work_order", MONTH).filtered("@office", (jinsha,))
    listing = Listing(desk, state)
    assert listing.count() == 6
    at = [c.title for c in listing.columns()].index("街镇")
    assert {r.cells[at] for r in listing.rows()} == {"金沙街道"}
    shown = {c.key: c.words for c in listing.filters()}
    assert shown["@office"] == "金沙街道"
    options = {o.label: o.count for o in listing.options("@office")}
    assert (options["金沙街道"], options["均禾街道"], options["区生态环境分局"]) == (6, 8, 0)
    heads, cells = listing.export()
    assert next(iter(cells))[heads.index("街镇")] == "金沙街道"
    mixed = Listing(desk, ListState("visit", MONTH).filtered("@office", (jinsha,)))
    assert mixed.count() == 4


def test_a_message_to_a_street_that_is_late(desk):
    page = merge_desk.read(desk, MONTH)
    street = next(s for s in page.streets if s.name == "永安街道")
    assert merge_desk.urging(page, street).startswith("永安街道：2026年9月的上报文件还没有收到，截止 10月8日。")
