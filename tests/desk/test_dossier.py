"""一企一档 on paper: card, figures, months and what happened; a complaint only by number, day and type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import docx
import pypdfium2 as pdfium
import pytest

from envdesk.clock import Clock
from envdesk.desk import sheets
from envdesk.desk.dossier import story
from envdesk.desk.office import Desk, furnish, load_forms
from envdesk.reports.document import Caption, Document, MonthBars, Step, Timeline, Title
from envdesk.reports.drawn import scale
from envdesk.reports.pdf import render_pdf
from envdesk.reports.render import render
from envdesk.store import file
from envdesk.store.save import add

NAME, PHONE, SAID, PLACE = "王小样", "13800005678", "半夜臭得睡不着", "均禾大道18号三楼"


def texts(data: bytes) -> list[str]:
    document = pdfium.PdfDocument(data)
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    catalogue, clock = load_forms(), Clock(datetime(2026, 10, 9, 9, 41))
    path = tmp_path_factory.mktemp("一企 一档") / "台账.db"
    store = file.create(path, catalogue, office="均禾街道综合执法办", clock=clock, who="李敏")
    furnish(store)
    desk = Desk(store, catalogue, clock, "李敏")

    def put(form: str, **values: Any) -> str:
        outcome = add(store, form, [{"warnings": "accept", **values}])
        assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]
        return outcome.ids[0]

    subject = put(
        "subject", name="佳达鞋业有限公司", types=["工业企业", "涉VOCs企业"], address="桃红西街1号", industry="制鞋",
        register_from="2023-03-01", contact="林一", phone="13900001111", voc_facility="一次性活性炭吸附",
        status_log=[{"status": "在用/在产", "from": "2023-03-01"}, {"status": "停产/停工", "from": "2026-09-01"}],
    )  # fmt: skip
    visit = {"subject_id": subject, "session": "上午", "people": ["周启明", "陈立"]}
    order = put(
        "work_order", source="12345", order_no="A001", received_at="2026-03-02T09:00", signed_at="2026-03-02T10:00",
        content=f"{SAID}，{NAME}", location=PLACE, complainant=NAME, phone=PHONE, respondent_id=subject,
        pollution=["大气-恶臭异味"], kind="投诉", handler="陈立", closed_at="2026-03-12", verdict="部分属实", measures="已改",
    )  # fmt: skip
    put("vocs_check", **visit, visit_date="2026-03-05", source="投诉举报", order_id=order, facility_kind=["RTO/RCO"],
        findings=[{"desc": "集气罩过小", "action": "限期整改", "due": "2026-03-20"},
                  {"desc": "台账不全", "action": "现场督促立行立改"}])  # fmt: skip
    put("hazardous_waste_check", **visit, visit_date="2026-03-05")
    put("inspection", **visit, visit_date="2025-06-05")
    put("solid_waste_declaration", subject_id=subject, year=2025, kind="危险废物", declared_at="2026-03-18")
    outfall = put("subject", name="一号排口", types=["入河排污口"], address="河边", river_id=put("river", name="均禾涌"),
                  register_from="2023-03-01")  # fmt: skip
    put("outfall_patrol", date="2026-09-01", session="上午", people=["陈立"], river_id="均禾涌", day_night="昼",
        outfalls=[{"outfall_id": outfall, "flow": "疑似污水", "rebound": True, "trace": "上游"}])  # fmt: skip
    put("subject", name="新登记的店", types=["餐饮单位"], address="街口", industry="餐饮", register_from="2026-10-01")
    yield desk
    store.close()


def rec(desk: Desk, name: str) -> str:
    return str(desk.store.con.value("SELECT id FROM t_subject WHERE name = ?", (name,)))


def test_paper_tells_everything_but_what_the_complainant_said(desk, tmp_path):
    out = tmp_path / "档.pdf"
    sheets.sheet(desk, "subject", "佳达鞋业有限公司", out)
    page = "".join(texts(out.read_bytes()))
    for words in (
        "监管对象一企一档", "档案编号", "数据截至：2026年10月9日", "佳达鞋业有限公司", "林一", "一次性活性炭吸附",
        "近12个月情况（2025年11月至2026年10月）", "收到12345-A001（大气·恶臭异味）", "办结，部分属实", "当日签收",
        "发现2个问题，限期整改、现场督促立行立改", "2025年度固体废物申报（危险废物）", "停产/停工", "不含诉求人信息",
    ):  # fmt: skip
        assert words in page, words
    for words in (NAME, PHONE, SAID, PLACE):
        assert words not in page


def test_figures_are_those_of_twelve_months(desk):
    told = story(desk, rec(desk, "佳达鞋业有限公司"))
    numbers = {label: number for number, _unit, label in told.band.items}
    # two sheets of one stop are one visit; the visit of June 2025 is older
    assert numbers == {
        "检查": "1",
        "发现问题": "2",
        "已整改": "1",
        "整改完成率": "50.00%",
        "收到工单": "1",
        "工单办结率": "100%",
    }
    march = told.months.months.index((2026, 3))
    assert [values[march] for _title, values in told.months.bars] == [1, 2]
    assert told.months.marks[1][march] == 1
    days = [s.day for s in told.timeline.steps]
    assert days == sorted(days, reverse=True)
    assert days[0] == "2026-09-01"
    assert "2025-06-05" in days


def test_patrols_of_an_outfall_count(desk):
    told = story(desk, rec(desk, "一号排口"))
    assert next((s.mark, s.kind, s.result) for s in told.timeline.steps) == ("found", "巡查", "疑似污水，返弹")
    assert told.band.items[0][0] == "1"


def test_a_new_subject_has_a_paper_too(desk, tmp_path):
    out = tmp_path / "新.pdf"
    done = sheets.sheet(desk, "subject", "新登记的店", out).value
    assert done["pages"] == 1
    assert "纳入监管对象台账" in texts(out.read_bytes())[0]


def test_blank_form_asks_for_everything_and_tells_nothing(desk, tmp_path):
    out = tmp_path / "空.pdf"
    sheets.sheet(desk, "subject", "", out, blank=True)
    pages = "".join(texts(out.read_bytes()))
    assert "近12个月" not in pages
    assert "不含诉求人信息" not in pages
    assert "施工单位" in pages


def test_word_file_has_the_figures_and_the_timeline_as_tables(desk, tmp_path):
    out = tmp_path / "档.docx"
    sheets.sheet(desk, "subject", "佳达鞋业有限公司", out)
    cells = [c.text for t in docx.Document(str(out)).tables for r in t.rows for c in r.cells]
    assert "50.00%" in cells
    assert "●" in cells
    assert any("A001" in c for c in cells)


# ---- drawing --------------------------------------------------------------------------------------------------------
def test_axis_is_higher_than_the_highest_bar():
    assert scale(0) == (1, 1)
    assert scale(3) == (4, 1)
    assert scale(4) == (5, 1)
    assert scale(9) == (10, 2)
    assert scale(143) == (150, 50)
    assert all(scale(n)[0] > n and scale(n)[0] / scale(n)[1] <= 6 for n in range(2000))


def test_a_long_timeline_goes_over_pages_with_its_header():
    steps = tuple(
        Step(f"2026-01-{n % 28 + 1:02}", "found" if n % 3 else "order", "检查", f"第{n}件" * (1 + n % 9))
        for n in range(150)
    )
    bars = MonthBars(tuple((2026, m) for m in range(1, 13)), (("检", (0,) * 12), ("问", (99,) * 12)), ("单", (1,) * 12))
    document = Document("档", (Title("档"), Caption("情况"), bars, Caption("经过"), Timeline(steps)))
    pages = texts(render_pdf(document).data)
    assert len(pages) > 3
    assert all("日期类别事项结果" in page for page in pages)
    assert all(f"第{n}件" in "".join(pages) for n in range(150))
    assert len(render(document, ".xlsx").data) > 1000


def test_a_caption_does_not_end_a_page():
    blocks = [Title("档"), *(Caption(f"题{n}") for n in range(24))]
    steps = tuple(Step("2026-01-01", "done", "检查", "事") for _ in range(9))
    for more in range(6):
        document = Document(
            "档", (*blocks, *(Caption("空") for _ in range(more)), Caption("最后一题"), Timeline(steps))
        )
        for page in texts(render_pdf(document).data):
            assert "最后一题" not in page or "日期类别事项结果" in page
