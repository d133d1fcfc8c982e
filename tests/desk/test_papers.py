"""Registers on paper: every form's list, the registers that forms name, who may see what in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from openpyxl import load_workbook

from envdesk import cli, paths
from envdesk.clock import Clock
from envdesk.desk import papers
from envdesk.desk.demo import build_demo
from envdesk.desk.office import Desk, furnish, load_forms
from envdesk.desk.privacy import scrub
from envdesk.errors import Refused
from envdesk.formdef.lint import lint
from envdesk.formdef.loader import load
from envdesk.formdef.model import Catalogue
from envdesk.reports.pdf import render_pdf
from envdesk.reports.register import Head, RegisterPaper, compose_register, width_of
from envdesk.store import file
from envdesk.store.save import add

NOW = datetime(2026, 10, 9, 9, 41)
NAME, PHONE = "王小样", "13800005678"
LONG = "反映夜间十一时以后仍有刺鼻气味，影响休息。" * 60


def texts(out: Path | bytes) -> list[str]:
    """The words of each page, without spaces."""
    document = pdfium.PdfDocument(out if isinstance(out, bytes) else out.read_bytes())
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def put(desk: Desk, form: str, *objects: dict[str, Any]) -> list[str]:
    outcome = add(desk.store, form, [{"warnings": "accept", **o} for o in objects])
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]
    return outcome.ids


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_forms()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Desk]:
    """An office of 2026-10-09: 10-10 is a working Saturday, 10-12 and 10-13 are the next working days."""
    clock = Clock(NOW)
    store = file.create(
        tmp_path_factory.mktemp("台账 纸") / "台账.db", catalogue, office="均禾街道综合执法办", clock=clock, who="李敏"
    )
    furnish(store)
    desk = Desk(store, catalogue, clock, "李敏")
    order = {
        "source": "12345",
        "content": "反映有异味",
        "location": "均禾大道",
        "pollution": ["大气-恶臭异味"],
        "kind": "投诉",
    }
    put(desk, "work_order",
        {**order, "order_no": "A1", "received_at": "2026-09-10T10:00", "due_date": "2026-09-30", "handler": "李敏",
         "complainant": NAME, "phone": PHONE, "content": f"{NAME}来电{PHONE}，另一电话020-86001234。{LONG}"},
        {**order, "order_no": "A2", "received_at": "2026-09-20T10:00", "due_date": "2026-10-12", "handler": "陈强"},
        {**order, "order_no": "A3", "received_at": "2026-09-21T10:00", "due_date": "2026-10-13", "handler": "陈强"},
        {**order, "order_no": "A4", "received_at": "2026-09-22T10:00", "due_date": "2026-09-25", "handler": "陈强",
         "closed_at": "2026-09-24", "verdict": "属实", "measures": "已处理"},
    )  # fmt: skip
    subject = {"types": ["工业企业"], "address": "均禾街1号", "industry": "制鞋", "register_from": "2024-01-01"}
    put(
        desk,
        "subject",
        {**subject, "name": "=HYPERLINK(1)鞋厂", "waste_class": "危废登记"},
        {**subject, "name": "乙厂"},
    )
    rect = {"subject_id": "乙厂", "origin": "检查", "issued_at": "2026-09-01"}
    put(desk, "rectification",
        {**rect, "problem": "台账不全", "due": "2026-09-29"},
        {**rect, "problem": "危废混放", "due": "2026-10-20"},
        {**rect, "problem": "已经改好", "due": "2026-09-20", "verify_date": "2026-09-18", "verify_result": "已整改"},
    )  # fmt: skip
    put(desk, "other_ledger", {"item_type": "排污登记", "date": "2026-09-01", "qty": 3, "unit": "家", "amount_fen": 1250},
        {"item_type": "排污登记", "date": "2026-09-02", "qty": "1.5", "unit": "家", "amount_fen": 50})  # fmt: skip
    yield desk
    store.close()


def printed(desk: Desk, form: str, out: Path, *, by: str | None = None, **asked: Any) -> dict[str, Any]:
    paper = papers.paper_of(desk, form, asked.pop("paper", ""), asked.pop("columns", ()))
    paper = paper if by is None else papers.handed_out(desk, paper, by)
    return dict(papers.write(desk, papers.listed(desk, paper, **asked), out).value)


# ---- every form -----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("样例") / "样例.db"
    build_demo(path, catalogue, seed=2, until=date(2026, 3, 31), records=300)
    clock = Clock(datetime(2026, 3, 31, 17, 0))
    store = file.open_store(path, catalogue, clock=clock, who="李敏")
    yield Desk(store, catalogue, clock, "李敏")
    store.close()


FORMS = [f.id for f in load_forms().forms.values()]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_prints_its_register(demo, tmp_path, form):
    out = tmp_path / "册.pdf"
    done = printed(demo, form, out)
    pages = texts(out)
    assert len(pages) == done["pages"]
    paper = papers.paper_of(demo, form)
    heads = [h.title for h in papers.listed(demo, paper, limit=1).heads]
    for n, page in enumerate(pages, 1):
        assert f"第{n}页共{len(pages)}页" in page
        assert "序号" in page
        assert all("".join(h.split()) in page for h in heads if len(h) <= 4)  # longer ones may stand in two lines
    assert f"共{done['count']}条" in pages[0]
    assert paper.title in pages[0]
    assert ("没有符合条件的记录" in pages[-1]) == (done["count"] == 0)
    if done["count"]:
        found = papers.listed(demo, paper)
        whole = "".join(pages)
        for cells in (found.texts[0], found.texts[-1]):
            for text in cells:
                assert "".join(text.split()) in whole or len(text) > 20


def test_every_register_that_a_form_names_prints(demo, tmp_path):
    for paper in demo.catalogue.papers.values():
        done = printed(demo, paper.form, tmp_path / f"{paper.id}.pdf", paper=paper.id)
        assert paper.title in texts(tmp_path / f"{paper.id}.pdf")[0]
        assert done["pages"] >= 1
        printed(demo, paper.form, tmp_path / f"{paper.id}.xlsx", paper=paper.id)
        sheet = load_workbook(tmp_path / f"{paper.id}.xlsx").worksheets[0]
        assert sheet["A1"].value == paper.title
        assert sheet.print_title_rows == "$1:$3"


# ---- what stands in it ----------------------------------------------------------------------------------------------
def test_long_text_is_wrapped_and_never_cut_and_names_in_it_are_masked(desk, tmp_path):
    out = tmp_path / "登记簿.pdf"
    printed(desk, "work_order", out)
    whole = "".join(texts(out))
    assert NAME not in whole
    assert PHONE not in whole
    assert "86001234" not in whole
    assert "王**来电138****5678" in whole
    # the cell goes on over pages, other columns between: all its sentences are there
    assert whole.count("影响休息") >= 60


def test_scrub_leaves_order_numbers_alone():
    assert scrub("电话13800005678") == "电话138****5678"
    assert scrub("工单20241380000567812号") == "工单20241380000567812号"
    assert scrub("编号D13800005678") == "编号D13800005678"
    assert "19900101" not in scrub("身份证440106199001011234")
    assert scrub("王小样说王小样", ["王小样"]) == "王**说王**"


def test_urging_list_is_for_each_handler_with_pages_of_its_own(desk, tmp_path):
    out = tmp_path / "催办.pdf"
    assert printed(desk, "work_order", out, paper="wo_urge")["count"] == 2
    pages = texts(out)
    assert len([p for p in pages if "第1页" in p]) == 2
    assert "承办人：陈强" in pages[0]
    assert "A2" in pages[0]
    assert "还有2个工作日" in pages[0]
    assert "A3" not in "".join(pages)  # the third working day
    assert "A4" not in "".join(pages)  # closed
    assert any("承办人：李敏" in p and "超期9天" in p for p in pages)


def test_open_rectifications_say_how_many_days_over(desk, tmp_path):
    out = tmp_path / "未销号.pdf"
    assert printed(desk, "rectification", out, paper="rect_open")["count"] == 2
    page = texts(out)[0]
    assert "台账不全" in page
    assert "已经改好" not in page
    assert "截至2026年10月9日" in page
    rows = papers.listed(desk, papers.paper_of(desk, "rectification", "rect_open"))
    days = [h.title for h in rows.heads].index("超期天数")
    assert [r[days] for r in rows.values] == [10, None]


def test_undeclared_subjects_are_listed(desk):
    rows = papers.listed(desk, papers.paper_of(desk, "solid_waste_declaration", "decl_urge"))
    assert [r[1] for r in rows.texts] == ["=HYPERLINK(1)鞋厂"]


def test_totals_add_what_a_figure_sums(desk, tmp_path):
    out = tmp_path / "台账.pdf"
    printed(desk, "other_ledger", out, period="2026", columns=["date", "qty", "amount_fen", "value"])
    page = texts(out)[0]
    assert "合计2条4.513.00" in page
    assert "2026年" in page


def test_a_list_of_targets_names_the_figure_and_adds_no_apples_to_pears(demo):
    found = papers.listed(demo, papers.plain_paper(demo.catalogue.form("task_target")))
    words = {text for row in found.texts for text in row}
    assert "散乱污清理整治" in words
    assert "slw_done" not in words
    assert not any(head.total for head in found.heads)


def test_a_table_of_figures_has_a_line_for_each_grid_and_the_whole_below(demo, tmp_path):
    paper = papers.paper_of(demo, "work_order", "wo_table")
    found = papers.listed(demo, paper, period="2025")
    whole = {h.title: h.total for h in found.heads}
    received = [h.title for h in found.heads].index("收到（件）")
    assert sum(row[received] for row in found.values) == int(whole["收到（件）"]) > 0
    rate = next(h for h in found.heads if h.title == "办结率（%）")
    assert rate.total.endswith("%")
    by_source = papers.listed(
        demo, papers.handed_out(demo, replace(paper, figures=("wo_received",)), "source"), period="2025"
    )
    assert "12345" in [row[0] for row in by_source.texts]
    with pytest.raises(Refused, match="handler"):
        papers.handed_out(demo, paper, "handler")
    out = tmp_path / "统计.pdf"
    papers.write(demo, found, out)
    page = texts(out)[0]
    assert "工单办理情况统计表" in page
    assert "2025年" in page
    assert "合计" in page


def test_filters_are_said(desk, tmp_path):
    out = tmp_path / "台账.pdf"
    printed(desk, "work_order", out, period="2026-09", search="均禾", where="source = '12345'")
    page = texts(out)[0]
    assert "2026年9月" in page
    assert "范围：检索“均禾”，条件source='12345'" in page


def test_workbook_is_typed_and_runs_nothing(desk, tmp_path):
    out = tmp_path / "对象.xlsx"
    printed(desk, "subject", out)
    sheet = load_workbook(out).active
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=3)]
    assert rows[0][:3] == ["序号", "编号", "名称"]
    assert rows[1][2] == "=HYPERLINK(1)鞋厂"
    assert sheet.cell(4, 3).data_type == "s"
    assert isinstance(rows[1][rows[0].index("纳入日期")], datetime)
    assert rows[3][:2] == ["合计", "2条"]
    assert sheet.page_setup.orientation == "landscape"


def test_workbook_has_a_sheet_for_each_part(desk, tmp_path):
    out = tmp_path / "催办.xlsx"
    printed(desk, "work_order", out, paper="wo_urge")
    assert load_workbook(out).sheetnames == ["陈强", "李敏"]


def test_another_key_to_hand_out_by(desk, tmp_path):
    out = tmp_path / "簿.pdf"
    printed(desk, "work_order", out, by="source")
    assert "来源：12345" in texts(out)[0]
    with pytest.raises(Refused, match="complainant"):
        printed(desk, "work_order", out, by="complainant")


def test_wrong_words_are_refused(desk, tmp_path):
    with pytest.raises(Refused, match="wo_urge"):
        papers.paper_of(desk, "work_order", "wo_urg")
    with pytest.raises(Refused, match="handler"):
        papers.paper_of(desk, "work_order", columns=["handlr"])
    with pytest.raises(Refused, match="pdf"):
        printed(desk, "work_order", tmp_path / "簿.txt")
    with pytest.raises(Refused, match="诉求人"):
        papers.listed(desk, papers.paper_of(desk, "work_order"), where="complainant = '王小样'")


def test_command_line(tmp_path, capsys):
    db = tmp_path / "台账.db"
    assert cli.run(["--db", str(db), "init", "--office", "均禾街", "--as", "李敏"]) == 0
    out = tmp_path / "簿.pdf"
    assert cli.run(["--db", str(db), "list", "work_order", "--out", str(out)]) == 0
    assert "收件登记簿" in texts(out)[0]
    assert cli.run(["--db", str(db), "list", "work_order", "--out", str(out), "--reveal", "--why", "看看"]) == 2
    assert cli.run(["--db", str(db), "list", "work_order", "--paper", "wo_urge"]) == 2
    assert cli.run(["--db", str(db), "list", "work_order", "--paper", "wo_urg", "--out", str(out)]) == 1
    assert "unknown_paper" in capsys.readouterr().err


# ---- the paper ------------------------------------------------------------------------------------------------------
def register(rows: list[tuple[str, ...]], **more: Any) -> RegisterPaper:
    heads = (Head("编号", "number"), Head("内容"), Head("状态", "state"))
    return RegisterPaper("台账", "均禾街", heads, rows, NOW, **more)


def test_hundreds_of_lines_keep_their_order_and_their_header():
    rows = [(f"NO{n:04}", "说明" * (1 + n % 40), "办结") for n in range(300)]
    pages = texts(render_pdf(compose_register(register(rows))).data)
    assert len(pages) > 8
    assert all("序号编号" in p for p in pages)
    assert re.findall(r"NO\d{4}", "".join(pages)) == [r[0] for r in rows]
    assert "合计300条" in pages[-1]


def test_a_text_of_many_pages_goes_on():
    rows = [("NO1", "长" * 9000, "办结"), ("NO2", "短", "办结"), *[(f"NO{n}", "短", "") for n in range(3, 90)]]
    pages = texts(render_pdf(compose_register(register(rows))).data)
    assert "".join(pages).count("长") == 9000
    assert "NO89" in pages[-1]


def test_no_lines():
    page = texts(render_pdf(compose_register(register([]))).data)[0]
    assert "没有符合条件的记录" in page
    assert "合计" not in page


def test_width_counts_hanzi_double():
    assert width_of("汉字\n汉") == 2
    assert width_of("ab") < width_of("AB") < width_of("汉字")


# ---- definitions ----------------------------------------------------------------------------------------------------
def test_a_wrong_register_is_named_with_its_line(tmp_path):
    text = (paths.forms_dir() / "river.toml").read_text(encoding="utf-8")
    more = '[[paper]]\nid = "p1"\ntitle = "名册"\nwhere = "nam = 1"\norder = ["name"]\nby = "xx"\ncolumns = ["name", "yy"]\n'
    folder = tmp_path / "表"
    folder.mkdir()
    (folder / "brook.toml").write_text(text.replace('"river"', '"brook"') + "\n" + more, encoding="utf-8")
    found = [p.message for p in lint(load([paths.forms_dir(), folder])) if "p1" in (p.field or "")]
    assert len([m for m in found if re.match(r"brook\.toml:\d+ ", m)]) == 3
    assert all(any(word in m for m in found) for word in ("nam", "xx", "yy"))
    (folder / "brook.toml").write_text(
        text.replace('"river"', '"brook"')
        + '\n[[paper]]\nid = "p1"\ntitle = "名册"\nwher = "1"\ncolumns = [{ keys = "a" }, 3]\n',
        encoding="utf-8",
    )
    with pytest.raises(Refused) as caught:
        load([paths.forms_dir(), folder])
    said = "".join(p.message for p in caught.value.all_problems())
    assert "wher" in said
    assert "keys" in said
    assert "columns 里应是键或表" in said


def test_main_register_comes_first(desk):
    assert [p.id for p in papers.offered(desk, "work_order")] == ["wo_book", "wo_urge", "wo_table"]
    assert papers.paper_of(desk, "river").title == "河涌一览表"
    assert replace(papers.paper_of(desk, "river"), by="") == papers.plain_paper(desk.catalogue.form("river"))
