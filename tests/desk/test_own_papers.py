"""Papers besides the sheet, the office's own Word files, and what must not leave the office."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2 as pdfium
import pytest
from PIL import Image

from envdesk import cli
from envdesk.clock import Clock
from envdesk.desk import sheets
from envdesk.desk.office import Desk, furnish, load_forms
from envdesk.errors import Refused
from envdesk.formdef.model import Catalogue
from envdesk.present import register_desk
from envdesk.store import file
from envdesk.store.reader import resolve
from envdesk.store.save import add, void

NAME, PHONE, SAID, PLACE = "王小样", "13800005678", "半夜臭得睡不着", "均禾大道18号三楼后门"


def texts(path: Path) -> list[str]:
    document = pdfium.PdfDocument(path.read_bytes())
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def words(path: Path) -> str:
    """All words of a Word file, headers and tables included."""
    made = docx.Document(str(path))
    parts = [
        made.element.body,
        *(s.header._element for s in made.sections),
        *(s.footer._element for s in made.sections),
    ]
    return "\n".join("".join(t.text or "" for t in p.iter(docx.oxml.ns.qn("w:t"))) for part in parts
                     for p in part.iter(docx.oxml.ns.qn("w:p")))  # fmt: skip


def put(desk: Desk, form: str, **values: Any) -> str:
    outcome = add(desk.store, form, [{"warnings": "accept", **values}])
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]
    return outcome.ids[0]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_forms()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("照片") / "前.jpg"
    Image.new("RGB", (640, 480), (120, 160, 90)).save(path, "JPEG")
    return path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, photo: Path) -> Iterator[Desk]:
    clock = Clock(datetime(2026, 10, 9, 9, 41))
    store = file.create(
        tmp_path_factory.mktemp("单据 纸") / "台账.db", catalogue, office="均禾街道综合执法办", clock=clock, who="李敏"
    )
    furnish(store)
    desk = Desk(store, catalogue, clock, "李敏")
    put(desk, "subject", name="佳达<b>鞋业", types=["工业企业"], address="桃红西街1号", industry="制鞋",
        register_from="2023-03-01", contact="林一", phone="13900001111")  # fmt: skip
    order = put(
        desk, "work_order", source="12345", order_no="A001", received_at="2026-09-02T09:00", content=f"{SAID}，{NAME}",
        location=PLACE, complainant=NAME, phone=PHONE, respondent_id="佳达<b>鞋业", pollution=["大气-恶臭异味"], kind="投诉",
        handler="陈立", closed_at="2026-09-12", verdict="属实", measures="已责令更换活性炭。",
    )  # fmt: skip
    visit = {"subject_id": "佳达<b>鞋业", "session": "上午", "people": ["周启明", "陈立"], "visit_date": "2026-09-05"}
    put(desk, "vocs_check", **visit, source="投诉举报", order_id=order, facility_kind=["RTO/RCO"],
        findings=[{"desc": "集气罩过小", "action": "现场督促立行立改"}, {"desc": "=台账&不全\n应补记", "action": "现场督促立行立改"}])  # fmt: skip
    rect = {
        "subject_id": "佳达<b>鞋业",
        "origin": "12345",
        "origin_id": order,
        "issued_at": "2026-09-05",
        "due": "2026-09-20",
    }
    put(desk, "rectification", **rect, problem="活性炭未更换", doc="整改通知书", doc_no="整字1号",
        photos=[{"path": str(photo), "tag": "整改前"}])  # fmt: skip
    put(desk, "rectification", **rect, problem=f"{NAME}反映的异味问题未解决")
    put(desk, "rectification", **rect, problem=f"{PLACE}有异味，联系020-86001234")
    yield desk
    store.close()


# ---- other papers of a record ---------------------------------------------------------------------------------------
def test_notice_has_two_copies_that_say_which_they_are(desk, tmp_path):
    out = tmp_path / "通知书.pdf"
    sheets.sheet(desk, "rectification", "ZG-2026-0001", out, paper="notice")
    pages = texts(out)
    assert ["存根联" in pages[0], "送达联" in pages[1]] == [True, True]
    for page in pages:
        assert "环境问题整改通知书" in page
        assert "佳达<b>鞋业：" in page
        assert "活性炭未更换" in page
        assert "于2026年9月20日前完成整改" in page
        assert "均禾街道综合执法办（盖章）" in page
        assert "第1页共1页" in page
        assert NAME not in page


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_word_and_excel_hold_both_copies_each_on_a_page_of_its_own(desk, tmp_path, suffix):
    out = tmp_path / f"通知书{suffix}"
    sheets.sheet(desk, "rectification", "ZG-2026-0001", out, paper="notice")
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(out)
        assert book.sheetnames == ["存根联", "送达联"]
        words = ["".join(str(c.value or "") for row in page for c in row) for page in book]
        assert ["存根联" in words[0], "送达联" in words[1], "送达联" in words[0]] == [True, True, False]
        assert all("活性炭未更换" in text for text in words)
        return
    body = docx.Document(str(out)).element.body
    tag = docx.oxml.ns.qn("w:t")
    paragraphs = [
        ("".join(t.text for t in p.iter(tag)), bool(p.xpath(".//w:pageBreakBefore"))) for p in body.xpath("./w:p")
    ]
    marks = [(text.strip(), turned) for text, turned in paragraphs if text.strip() in ("存根联", "送达联")]
    assert marks == [("存根联", False), ("送达联", True)]
    assert sum(turned for _text, turned in paragraphs) == 1


def test_photos_before_and_after_stand_side_by_side(desk, tmp_path, photo):
    rec = put(desk, "rectification", subject_id="佳达<b>鞋业", origin="检查", issued_at="2026-09-07", due="2026-09-20", problem="地面积水",
              photos=[{"path": str(photo), "tag": t, "caption": c} for t, c in (
                  ("整改前", "甲"), ("整改前", "乙"), ("整改后", "丙"))])  # fmt: skip
    out = tmp_path / "复查.pdf"
    sheets.sheet(desk, "rectification", rec, out, paper="recheck")
    page = "".join(texts(out))
    order = [page.index(w) for w in ("整改前甲", "整改后丙", "整改前乙")]
    assert order == sorted(order)


def test_blank_notice_leaves_room_to_write(desk, tmp_path):
    out = tmp_path / "空.pdf"
    sheets.sheet(desk, "rectification", "", out, blank=True, paper="notice")
    assert "《" not in "".join(texts(out))
    assert "年月日前完成整改" in texts(out)[0]


def test_every_paper_of_every_form_prints_blank(desk, tmp_path, catalogue):
    count = 0
    for form in catalogue.forms.values():
        for paper, title in sheets.papers(desk, form.id).items():
            out = tmp_path / f"{form.id}-{paper}.pdf"
            sheets.sheet(desk, form.id, "", out, blank=True, paper=paper)
            page = "".join(texts(out))
            assert title in page
            assert "《" not in page
            count += 1
    assert count >= 6


def test_reply_names_nobody(desk, tmp_path):
    out = tmp_path / "答复.pdf"
    sheets.sheet(desk, "work_order", "A001", out, paper="reply")
    page = texts(out)[0]
    assert "已责令更换活性炭" in page
    assert "工单编号：A001" in page
    assert NAME not in page
    assert SAID not in page


def test_unknown_paper_is_named(desk, tmp_path):
    with pytest.raises(Refused, match="notice"):
        sheets.sheet(desk, "rectification", "ZG-2026-0001", tmp_path / "x.pdf", paper="notise")


def test_sheet_tables_of_all_forms_are_right(catalogue):
    assert sheets.faults(catalogue) == []


# ---- what must not leave the office ---------------------------------------------------------------------------------
def test_a_paper_for_others_that_names_the_complainant_is_refused(desk, tmp_path):
    for paper, suffix in (("", ".pdf"), ("notice", ".pdf"), ("", ".docx")):
        with pytest.raises(Refused) as caught:
            sheets.sheet(desk, "rectification", "ZG-2026-0002", tmp_path / f"单{suffix}", paper=paper)
        assert caught.value.code == "outside_names"
        assert "A001" in str(caught.value)
        assert "“问题”" in str(caught.value)
        assert NAME not in str(caught.value)
        assert not (tmp_path / f"单{suffix}").exists()


def test_place_and_numbers_are_pointed_out(desk, tmp_path):
    notes = sheets.sheet(desk, "rectification", "ZG-2026-0003", tmp_path / "单.pdf").value["notes"]
    assert any(PLACE in n for n in notes)
    assert any("像电话" in n and "86001234" not in n for n in notes)
    # the subject's own number belongs on it
    notes = sheets.sheet(desk, "rectification", "ZG-2026-0001", tmp_path / "单.pdf").value["notes"]
    assert notes == ()


def test_the_sheet_of_a_visit_is_searched_too(desk, tmp_path):
    rec = put(desk, "hazardous_waste_check", subject_id="佳达<b>鞋业", session="上午", people=["周启明", "陈立"],
        visit_date="2026-09-06", source="投诉举报", order_id="A001", remark=f"据{NAME}所述")  # fmt: skip
    with pytest.raises(Refused, match="“备注”里有工单 A001 诉求人的姓名"):
        sheets.sheet(desk, "hazardous_waste_check", rec, tmp_path / "表.pdf")
    void(desk.store, "hazardous_waste_check", rec, "试印")


# ---- Word files of the office ---------------------------------------------------------------------------------------
def own(desk: Desk, name: str) -> Path:
    path = desk.path.parent / "sheets" / f"{name}.docx"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.fixture
def template(desk: Desk) -> Iterator[Path]:
    """A file as somebody in the office would make it: places parted over runs, a header, a table, a law."""
    path = own(desk, "vocs_check")
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "《单位》检查表 《编号》"
    line = made.add_paragraph()
    for n, part in enumerate(
        ("被检查单位：《对象", "名", "称》，地址《监管对象.地址》，依据《大气污染", "防治法》检查。")
    ):
        line.add_run(part).bold = n == 0
    made.add_paragraph("检查日期《日期》 结果《检查结果》 《visit_date》")
    table = made.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("序号", "问题", "处理"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("《序号》", "《问题.问题描述》", "《问题.处理》"), strict=True):
        cell.text = text
    made.save(str(path))
    yield path
    path.unlink()


@pytest.mark.usefixtures("template")
def test_own_word_file_is_filled(desk, tmp_path):
    out = tmp_path / "检查.docx"
    sheets.sheet(desk, "vocs_check", "VC-2026-0001", out)
    said = words(out)
    assert "《大气污染防治法》" in said
    assert said.count("《") == 1
    assert "被检查单位：佳达<b>鞋业，地址桃红西街1号" in said
    assert "检查日期2026年9月5日 结果发现问题 2026年9月5日" in said
    assert "均禾街道综合执法办检查表 VC-2026-0001" in said
    rows = [[c.text for c in r.cells] for r in docx.Document(str(out)).tables[0].rows]
    assert rows[1:] == [["1", "集气罩过小", "现场督促立行立改"], ["2", "=台账&不全\n应补记", "现场督促立行立改"]]
    first = docx.Document(str(out)).paragraphs[0].runs[0]
    assert first.bold
    assert first.text == "被检查单位：佳达<b>鞋业"


@pytest.mark.usefixtures("template")
def test_own_word_file_is_for_word_only(desk, tmp_path):
    sheets.sheet(desk, "vocs_check", "VC-2026-0001", tmp_path / "检查.pdf")
    assert "涉VOCs企业检查记录表" in texts(tmp_path / "检查.pdf")[0]


def test_unknown_places_are_named_with_a_guess(desk, tmp_path):
    path = tmp_path / "样.docx"
    made = docx.Document()
    made.add_paragraph("《监管对像》《问题.描述》《大气污染防治法》《乱写》")
    made.save(str(path))
    with pytest.raises(Refused) as caught:
        sheets.sheet(desk, "vocs_check", "VC-2026-0001", tmp_path / "出.docx", template=path)
    said = [p.message for p in caught.value.all_problems()]
    assert len(said) == 3
    assert "《监管对像》不认识，是不是“监管对象”" in said[0]
    assert "问题.问题描述" in said[1]
    assert not (tmp_path / "出.docx").exists()


def test_what_is_no_word_file_is_refused(desk, tmp_path):
    path = tmp_path / "样.docx"
    path.write_bytes(b"nothing")
    with pytest.raises(Refused, match="不是 Word 文件"):
        sheets.sheet(desk, "vocs_check", "VC-2026-0001", tmp_path / "出.docx", template=path)


def test_photos_stand_where_they_are_asked_for(desk, tmp_path):
    path = own(desk, "rectification-notice")
    made = docx.Document()
    made.add_paragraph("《问题》")
    made.add_paragraph("整改前：《照片.整改前》整改后：《照片.整改后》")
    made.save(str(path))
    out = tmp_path / "通知.docx"
    sheets.sheet(desk, "rectification", "ZG-2026-0001", out, paper="notice")
    path.unlink()
    made = docx.Document(str(out))
    assert len(made.inline_shapes) == 1
    assert Image.open(io.BytesIO(made.part.rels[made.inline_shapes[0]._inline.graphic.graphicData.pic.blipFill.blip.embed]
                                 .target_part.blob)).size[0] > 0  # fmt: skip
    assert "整改前：整改后：" in words(out)


@pytest.mark.usefixtures("template")
def test_no_rows_leave_one_empty_line(desk, tmp_path):
    put(desk, "vocs_check", subject_id="佳达<b>鞋业", session="下午", people=["周启明", "陈立"], visit_date="2026-09-08",
        facility_kind=["RTO/RCO"])  # fmt: skip
    out = tmp_path / "无.docx"
    sheets.sheet(desk, "vocs_check", "VC-2026-0002", out)
    rows = [[c.text for c in r.cells] for r in docx.Document(str(out)).tables[0].rows]
    assert rows[1:] == [["1", "", ""]]


def test_order_stays_masked_in_a_word_file_of_its_own(desk, tmp_path):
    path = own(desk, "work_order")
    made = docx.Document()
    made.add_paragraph("《诉求人》《诉求人电话》《内容》")
    made.save(str(path))
    out = tmp_path / "单.docx"
    sheets.sheet(desk, "work_order", "A001", out)
    assert NAME not in words(out)
    assert PHONE not in words(out)
    assert "138****5678" in words(out)
    sheets.sheet(desk, "work_order", "A001", out, reveal=True, why="当面核对")
    path.unlink()
    assert PHONE in words(out)


FORMS = [f.id for f in load_forms().forms.values() if f.kind == "record"]


@pytest.mark.parametrize("form", FORMS)
def test_the_starting_file_of_every_form_has_places_that_are_known(desk, tmp_path, form):
    out = tmp_path / "起.docx"
    sheets.starting_word(desk, form, out)
    said = words(out)
    assert said.count("《") >= 5
    row = desk.store.con.one(f"SELECT id FROM t_{form} WHERE void = 0 ORDER BY id LIMIT 1")
    if row is not None:  # it can be filled as it is
        sheets.sheet(desk, form, row[0], tmp_path / "填.docx", template=out)
        assert "《" not in words(tmp_path / "填.docx").replace("《挥发性有机物无组织排放控制标准》", "")


def test_command_line(tmp_path):
    db = tmp_path / "台账.db"
    assert cli.run(["--db", str(db), "init", "--office", "均禾街", "--as", "李敏"]) == 0
    out = tmp_path / "样.docx"
    assert cli.run(["--db", str(db), "sheet", "rectification", "--places", "--out", str(out)]) == 0
    assert "《监管对象》" in words(out)
    assert cli.run(["--db", str(db), "sheet", "rectification", "--places", "--blank", "--out", str(out)]) == 2
    assert cli.run(["--db", str(db), "sheet", "rectification", "--places", "--out", str(tmp_path / "样.pdf")]) == 1
    assert (
        cli.run(
            [
                "--db",
                str(db),
                "sheet",
                "rectification",
                "--blank",
                "--paper",
                "notice",
                "--out",
                str(tmp_path / "空.pdf"),
            ]
        )
        == 0
    )


def test_of_several_sheets_one_that_is_refused_is_named_and_the_others_are_printed(desk, tmp_path):
    keys = [("rectification", resolve(desk.store, "rectification", f"ZG-2026-000{n}")) for n in (1, 2, 3)]
    out = tmp_path / "三份.pdf"
    made = register_desk.print_sheets(desk, keys, out)
    assert made.count == 2
    assert [number for number, _why in made.left] == ["ZG-2026-0002"]
    assert "诉求人" in made.left[0][1]
    pages = "".join(texts(out))
    assert ("活性炭未更换" in pages, NAME in pages) == (True, False)
    notices = register_desk.print_sheets(desk, [keys[0], keys[2]], tmp_path / "通知.pdf", paper="notice")
    assert (notices.count, len(texts(tmp_path / "通知.pdf"))) == (2, 4)
    with pytest.raises(Refused) as caught:
        register_desk.print_sheets(desk, keys[1:2], tmp_path / "无.pdf")
    assert caught.value.code == "outside_names"
    assert not (tmp_path / "无.pdf").exists()
