"""Record sheets: every form prints, filled, blank and overflowing; complainant data stay inside the office."""

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from paper_samples import (
    SUBJECT,
    finding,
    order_record,
    photo,
    rectification_record,
    voc_record,
)

from envdesk import paths
from envdesk.errors import Refused
from envdesk.formdef.loader import load
from envdesk.reports.document import Blank, Paragraph, Title, all_text, plain
from envdesk.reports.pdf import render_pdf
from envdesk.reports.sheet import MARK, compose_sheet, render_sheet
from envdesk.reports.sheet_hints import sheet_faults
from envdesk.reports.sheet_values import SheetContext

HINTS = tomllib.loads((Path(__file__).parent / "sheets.toml").read_text(encoding="utf-8"))
OFFICE = "均禾街道综合执法办"
CTX = SheetContext(OFFICE)
REVEALED = SheetContext(OFFICE, reveal=True)
SECRETS = ("王小样", "13800005678")


@pytest.fixture(scope="module")
def forms():
    return load([paths.forms_dir()]).forms


@pytest.fixture(scope="module")
def voc(forms):
    return replace(forms["vocs_check"], sheet={})


@pytest.fixture(scope="module")
def order(forms):
    return replace(forms["work_order"], sheet=HINTS["work_order"])


@pytest.fixture(scope="module")
def rect(forms):
    return replace(forms["rectification"], sheet=HINTS["rectification"])


def page_texts(data):
    document = pdfium.PdfDocument(data)
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def text_of(rendered):
    return "".join(page_texts(rendered.data))


def form_files():
    return sorted(p.stem for p in paths.forms_dir().glob("[!_]*.toml"))


@pytest.mark.parametrize("form_id", form_files())
def test_every_form_prints_blank_and_empty(forms, form_id):
    form = forms[form_id]
    assert sheet_faults(form) == []
    blank = render_sheet(form, None, CTX)
    assert blank.notes == ()
    assert OFFICE in text_of(blank)
    assert "None" not in text_of(blank)
    empty = render_sheet(form, {}, CTX)
    assert empty.notes == ()
    assert "None" not in text_of(empty)


def test_a_usual_sheet_says_all_and_fits_two_pages(voc):
    sheet = render_sheet(voc, voc_record(), CTX)
    assert sheet.pages == 2
    assert sheet.notes == ()
    pages = page_texts(sheet.data)
    text = "".join(pages)
    for words in (
        "涉VOCs企业检查记录表", "编号：VC-2026-0418", "广州市禾样鞋业有限公司", "91440111MA00000018",
        "林𬭎", "2026年10月21日", "9时30分至10时45分", "☑投诉举报",
        "关联工单：12345-20261016-0128", "陈示明（执法证号44000000001）",
        "☑已出示执法证件", "☑发现问题", "上次更换为2026年7月9日，已超更换周期14日。", "☑一次性活性炭吸附",
        "820mg/g", "90日", "2号成型线刷胶工位集气罩缺侧围挡，废气收集不全",
        "以上检查情况属实，按期完成整改。", "活性炭吸附设施（10时18分）",
    ):  # fmt: skip
        assert words in text, words
    assert "第1页共2页" in pages[0]
    assert "续表涉VOCs企业检查记录表" in pages[1]
    assert text.count("☑符合") == 0  # printed as 未发现问题


def test_a_blank_sheet_has_no_ticks_and_room_to_write(voc):
    for sheet in (render_sheet(voc, None, CTX), render_sheet(voc, voc_record(), CTX, blank=True)):
        text = text_of(sheet)
        assert sheet.pages == 2
        assert "☑" not in text
        assert "年月日" in text
        assert "执法证号" in text
        assert "禾样" not in text
        assert "应更换" not in text


def test_nothing_is_cut_however_long_it_is(voc):
    long = "该公司从事皮鞋生产，在产成型线2条（含新增1条），废气经“集气罩”收集后处理；风量12000m³/h，"
    facts = (long * 80)[:2990] + "情况到此结束。"
    name = "广州市白云区" + "超长名称实业发展" * 24 + "有限公司"
    record = voc_record(
        facts=facts,
        subject_name=name,
        subject_id={**SUBJECT, "name": name},
        C_note=long * 14,
        findings=[finding(f"第{i}个问题：{long * (1 + i % 3)}") for i in range(1, 13)],
        photos=[{"data": photo((480, 640) if i % 3 == 0 else (640, 480)), "caption": f"第{i}张"} for i in range(9)],
    )
    sheet = render_sheet(voc, record, CTX)
    text = text_of(sheet)
    assert name in text
    assert all(f"第{i}个问题" in text for i in range(1, 13))
    assert all(f"第{i}张" in text for i in range(9))
    assert "情况到此结束。" in text
    assert text.count("该公司从事皮鞋生产") >= 80
    pages = page_texts(sheet.data)
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]
    assert "现场负责人（签名）" in pages[-1]
    assert "照片" in pages[-1] or "问题" in pages[-1]


def test_odd_data_prints_and_is_reported(voc):
    record = voc_record(
        site_person="林𬭎😀\x00\u202e",
        facts="第一行\n\n<b>第三行</b> & {x} %s",
        photos=[{"data": b"not a picture", "caption": "坏照片"}, {"data": None, "caption": "丢失"}],
    )
    sheet = render_sheet(voc, record, CTX)
    text = text_of(sheet)
    assert "林𬭎〓" in text
    assert "<b>第三行</b>&{x}%s" in text
    assert any("U+1F600" in note for note in sheet.notes)
    assert any("坏照片" in note for note in sheet.notes)
    assert "照片无法读取" in text


def test_money_is_written_in_yuan(forms):
    form = forms["enforcement_case"]
    assert "罚款元" in text_of(render_sheet(form, None, CTX))
    assert "罚款5500.50元" in text_of(render_sheet(form, {"fine_fen": 550050}, CTX))


def test_photos_are_loaded_by_the_caller_and_internal_ones_stay(voc):
    asked = []

    def load_photo(row):
        asked.append(row["sha256"])
        return photo()

    rows = [{"sha256": "a", "caption": "外"}, {"sha256": "b", "caption": "内", "internal": 1}]
    text = text_of(render_sheet(voc, voc_record(photos=rows), SheetContext(OFFICE, photo=load_photo)))
    assert asked == ["a"]
    assert "照片1外" in text
    assert "内部" not in text


# ---- privacy -------------------------------------------------------------------------------------
def test_an_order_is_masked_until_it_is_revealed(order):
    text = text_of(render_sheet(order, order_record(), CTX))
    assert all(secret not in text for secret in SECRETS)
    assert "王**" in text
    assert "138****5678" in text
    assert "明显胶水味" in text
    assert MARK not in text


def test_a_revealed_order_carries_the_mark(order):
    sheet = render_sheet(order, order_record(), REVEALED)
    text = text_of(sheet)
    assert all(secret in text for secret in SECRETS)
    assert MARK in text
    assert "本单含个人信息" in text
    assert sheet.pages == 1


def test_a_confidential_complainant_is_never_revealed(order):
    text = text_of(render_sheet(order, order_record(confidential=1), REVEALED))
    assert all(secret not in text for secret in SECRETS)
    assert MARK not in text
    assert "☑要求保密" in text


@pytest.mark.parametrize("ctx", [CTX, REVEALED])
def test_a_sheet_that_is_not_internal_never_shows_the_complainant(forms, ctx):
    form = replace(forms["work_order"], sheet={})
    text = text_of(render_sheet(form, order_record(), ctx))
    assert all(secret not in text for secret in SECRETS)
    assert "王**" not in text
    assert "诉求人电话" not in text


def test_a_sheet_may_not_quote_the_texts_of_an_order(voc):
    form = replace(voc, sheet={"block": [{"kind": "fields", "rows": [["order_id.content"], ["order_id.order_no"]]}]})
    with pytest.raises(Refused, match=r"order_id\.content"):
        compose_sheet(form, voc_record(), CTX)


def test_the_words_of_a_paper_can_be_searched_before_it_is_printed(rect):
    words = all_text(compose_sheet(rect, rectification_record(problem="王小样家楼下有异味"), CTX))
    assert "王小样" in words
    assert "均综执环告〔2026〕57号" in words


# ---- orders and rectifications -------------------------------------------------------------------
def test_an_order_shows_its_course_and_room_for_opinions(order):
    text = text_of(render_sheet(order, order_record(), CTX))
    for words in ("工单编号：12345-20261016-0128", "办理时限：2026年10月30日", "☑大气（恶臭异味）", "办理经过",
                  "办结日期：2026年10月28日", "基本满意", "审核意见", "签名："):  # fmt: skip
        assert words in text, words


def test_a_blank_order_keeps_the_words_of_its_dates(order):
    assert "办结日期：年月日" in text_of(render_sheet(order, None, CTX))


def test_a_rectification_shows_before_and_after(rect):
    sheet = render_sheet(rect, rectification_record(), CTX)
    text = text_of(sheet)
    assert sheet.pages == 1
    assert "整改前2026年10月21日10时06分" in text
    assert "整改后2026年11月4日15时12分" in text
    assert "内部" not in text
    assert "签收日期：" in text
    assert "一式两份" in text


# ---- hints ---------------------------------------------------------------------------------------
def test_hints_are_read_strictly(voc):
    sheet = {"titel": "x", "block": [{"kind": "feilds"}, {"kind": "rows", "key": "findings", "colums": []},
                                     {"kind": "fields", "rows": [["no_such_key"]]}]}  # fmt: skip
    faults = "；".join(sheet_faults(replace(voc, sheet=sheet)))
    assert all(word in faults for word in ("titel", "kind", "colums", "no_such_key"))


def test_an_active_wording_replaces_labels(forms):
    ctx = SheetContext(OFFICE, labels={"six_1": "工地周边100%围挡"})
    text = text_of(render_sheet(forms["site_dust_patrol"], None, ctx))
    assert "工地周边100%围挡" in text


def test_the_title_names_the_form_and_the_record(voc):
    document = compose_sheet(voc, voc_record(), CTX)
    assert document.title == "涉VOCs企业检查记录表 VC-2026-0418"
    assert document.author == OFFICE
    head = document.blocks[0]
    assert isinstance(head, Title)
    assert head.office == OFFICE
    assert "VC-2026-0418" in plain(document.blocks[1].right)


def test_the_same_record_gives_the_same_bytes(voc):
    first = render_sheet(voc, voc_record(), CTX, invariant=True)
    second = render_sheet(voc, voc_record(), CTX, invariant=True)
    assert first.data == second.data


def test_a_long_course_goes_on_under_its_side_label(order):
    steps = [
        {"at": f"2026-10-{i:02}", "what": f"第{i}步，" + "现场核查并联系诉求人" * 3, "who": "陈示明"}
        for i in range(1, 31)
    ]
    pages = page_texts(render_sheet(order, order_record(steps=steps), CTX).data)
    assert len(pages) in (2, 3)
    assert "办理经过" in pages[0]
    assert "办理经过（续）" in pages[1]
    assert all(f"第{i}步" in "".join(pages) for i in range(1, 31))


def test_a_long_letter_takes_text_along_to_the_page_of_the_seal(forms):
    record = rectification_record() | {
        "photos": [],
        "problem": "\n".join(f"第{n}处废气收集不完善。" for n in range(1, 28)),
    }
    made = render_pdf(compose_sheet(forms["rectification"], record, CTX, "notice"))
    last = page_texts(made.data)[-1]
    assert made.pages == 2
    assert "（盖章）" in last
    assert "联系电话" in last


def test_a_blank_letter_has_lines_for_a_long_text_and_its_date(forms):
    (text,) = [
        b
        for b in compose_sheet(forms["work_order"], None, CTX, "reply").blocks
        if isinstance(b, Paragraph) and "处理情况" in plain(b.content)
    ]
    assert sum(isinstance(part, Blank) for part in text.content) == 3
    letter = all_text(compose_sheet(forms["work_order"], None, CTX, "reply"))
    assert letter.count("年") == 2  # received and printed


def test_one_line_for_the_party_on_a_blank_case(forms):
    words = all_text(compose_sheet(forms["enforcement_case"], None, CTX))
    assert words.count("当事人") == 1
    by_hand = compose_sheet(forms["enforcement_case"], {"party": "张记烧烤档", "subject_id": None}, CTX)
    assert "张记烧烤档" in all_text(by_hand)


def test_a_figure_is_named_by_its_title(forms):
    ctx = replace(CTX, figures={"slw_done": "散乱污清理整治"})
    words = all_text(compose_sheet(forms["task_target"], {"figure_id": "slw_done", "target": 32}, ctx))
    assert "散乱污清理整治" in words
    assert "slw_done" not in words


def test_a_name_in_a_narrow_column_is_never_parted(forms):
    people = [{"name": "冯志强"}, {"name": "黎伟明"}]
    record = {"rechecks": [{"date": "2026-01-09", "people": people}]}
    made = render_sheet(forms["supervision_case"], record, CTX)
    document = pdfium.PdfDocument(made.data)
    lines = [line for page in document for line in page.get_textpage().get_text_bounded().splitlines()]
    document.close()
    assert any("黎伟明" in line for line in lines)


def test_a_list_says_the_unit_in_its_head_also_on_a_blank_sheet(forms):
    form = forms["outfall_patrol"]
    rows = next(f for f in form.fields if f.type == "rows")
    measured = next(f for f in rows.fields if f.unit)
    filled = all_text(compose_sheet(form, {rows.key: [{measured.key: 239}]}, CTX))
    head = f"{measured.label}({measured.unit})"
    assert head in filled
    assert head in all_text(compose_sheet(form, None, CTX))
    assert filled.count(measured.unit) == 1


def test_a_letter_words_the_kind_of_pollution_as_one_writes_it(forms):
    record = order_record() | {"pollution": ["大气-恶臭异味", "噪声-施工"]}
    words = all_text(compose_sheet(forms["work_order"], record, CTX, "reply"))
    assert "反映的大气（恶臭异味）、噪声（施工）问题" in words


def test_composing_does_not_load_the_drawing_library():
    code = "import sys, envdesk.reports.sheet, envdesk.reports.monthly as m; print('reportlab' in sys.modules)"
    root = paths.data_root()
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert out.stdout.strip() == "False"
