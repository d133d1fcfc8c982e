"""A template is filled and read back; a list that goes out masks people and runs nothing."""

from __future__ import annotations

import csv
from datetime import datetime

import openpyxl
import pytest

from envdesk import paths
from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.exchange.importer import import_file
from envdesk.exchange.table_out import write_table
from envdesk.exchange.workbook import template
from envdesk.formdef import loader
from envdesk.store import file
from envdesk.store.query import Filter, listing
from envdesk.store.save import add

CATALOGUE = loader.load([paths.forms_dir()])
FORMS = [f.id for f in CATALOGUE.forms.values() if f.kind != "shared"]
NOW = datetime(2026, 11, 20, 9, 0)


@pytest.fixture
def store(data_dir):
    with file.create(data_dir / "a.envdesk", CATALOGUE, office="均禾街", clock=Clock(NOW), who="李敏") as opened:
        yield opened


def put(store, form, **raw):
    done = add(store, form, [raw | {"warnings": "accept"}])
    assert not done.refused, done.problems
    return done.ids[0]


@pytest.mark.parametrize("form", FORMS)
def test_template_of_every_form_opens_and_is_empty(form, tmp_path, store):
    path = template(CATALOGUE, form, tmp_path / "t.xlsx", store=store)

    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    assert page.freeze_panes == "A3"
    assert [s.title for s in book.worksheets][1:] == ["说明", "选项"]
    assert book["选项"].sheet_state == "hidden"
    with pytest.raises(Refused) as e:
        import_file(store, form, path)
    assert e.value.code == "import_empty"


def test_filled_template_comes_in(store, tmp_path):
    put(store, "grid", code="1", name="均禾社区", kind="社区")
    path = template(CATALOGUE, "subject", tmp_path / "t.xlsx", store=store)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    heads = {c.value: c.column for c in page[1]}
    values = {"*类别": "工业企业、涉VOCs企业", "*名称": "均禾鞋厂", "*地址": "均禾路1号", "主行业": "制鞋", "联系电话": "13812345678",
              "网格/社区/联社": "均禾社区", "重点监管": "是", "纳入日期": "2026-01-01", "曾用名": "甲厂、乙厂", "纬度": 23.123456}  # fmt: skip
    for head, value in values.items():
        page.cell(3, heads[head]).value = value
    book.save(path)

    done = import_file(store, "subject", path)

    assert [p.code for p in done.problems if p.severity != "hint"] == []
    assert done.unknown == []
    row = listing(store, CATALOGUE.forms["subject"], Filter())[0]
    assert (row["types"], row["aliases"], row["key_unit"], row["lat"]) == (
        ["工业企业", "涉VOCs企业"], ["甲厂", "乙厂"], 1, 23.123456,
    )  # fmt: skip


def test_template_marks_lists_texts_and_required(tmp_path, store):
    path = template(CATALOGUE, "work_order", tmp_path / "t.xlsx", store=store)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    heads = [c.value for c in page[1]]

    assert "*来源" in heads
    assert "照片" not in heads
    assert "延期" not in "".join(heads)
    column = page.cell(1, heads.index("诉求人电话") + 1).column_letter
    assert page.column_dimensions[column].width > 5
    rules = {str(v.sqref).split(":")[0]: v for v in page.data_validations.dataValidation}
    source = page.cell(3, heads.index("*来源") + 1).coordinate
    pollution = page.cell(3, heads.index("污染类型") + 1).coordinate
    assert rules[source].showErrorMessage is True
    assert not rules[pollution].showErrorMessage
    words = [c.value for c in book["选项"][page.cell(1, heads.index("*来源") + 1).column_letter] if c.value]
    assert "12345" in words


def test_template_refuses_other_kinds(tmp_path):
    with pytest.raises(Refused) as e:
        template(CATALOGUE, "subject", tmp_path / "t.csv")
    assert e.value.code == "bad_out"
    with pytest.raises(Refused) as e:
        template(CATALOGUE, "visit", tmp_path / "t.xlsx")
    assert e.value.code == "shared_form"


# ---------------------------------------------------------------------------------------------------------------- lists
@pytest.fixture
def orders(store):
    put(store, "work_order", source="12345", order_no="=1+1", received_at="2026-11-02 09:30", content="@SUM(A1)\n第二行",
        complainant="张三丰", phone="13812345678", pollution=["水", "噪声"],
        extensions=[{"applied_at": "2026-11-03", "reason": "+复杂", "new_due": "2027-01-01"}])  # fmt: skip
    put(
        store,
        "work_order",
        source="来信",
        received_at="2026-11-03",
        content="长" * 4000,
        complainant="李四",
        confidential=True,
    )
    form = CATALOGUE.forms["work_order"]
    return form, listing(store, form, Filter())


def test_csv_is_masked_neutral_and_marked(store, orders, tmp_path):
    form, rows = orders
    path = write_table(store, form, rows, tmp_path / "a.csv")

    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\xe5\xbc\xa0\xe4\xb8\x89\xe4\xb8\xb0" not in raw
    with path.open(encoding="utf-8-sig", newline="") as f:
        first = next(csv.DictReader(f))
    assert (first["工单编号"], first["内容"], first["诉求人"], first["诉求人电话"]) == (
        "'=1+1", "'@SUM(A1)\n第二行", "张**", "138****5678",
    )  # fmt: skip
    assert (first["派单时间"], first["污染类型"]) == ("2026-11-02 09:30", "水、噪声")
    assert first["延期"].startswith("申请日期：2026-11-03；延期理由：+复杂")


def test_workbook_has_real_days_and_no_formulas(store, orders, tmp_path):
    form, rows = orders
    path = write_table(store, form, rows, tmp_path / "a.xlsx", keys=["record_no", "order_no", "received_at", "content"])

    page = openpyxl.load_workbook(path).active
    assert [c.value for c in page[1]] == ["编号", "工单编号", "派单时间", "内容"]
    assert page["C2"].value == datetime(2026, 11, 2, 9, 30)
    assert (page["B2"].value, page["B2"].data_type, page["B2"].quotePrefix) == ("=1+1", "s", True)
    assert len(page["D3"].value) == 4000


def test_revealing_never_reveals_a_confidential_order(store, orders, tmp_path):
    form, rows = orders
    page = openpyxl.load_workbook(
        write_table(store, form, rows, tmp_path / "a.xlsx", keys=["complainant"], reveal=True)
    ).active

    assert [c.value for c in page["A"]] == ["诉求人", "张三丰", "李**"]


def test_exported_list_comes_in_again(store, tmp_path):
    put(
        store,
        "subject",
        types=["工业企业"],
        name="=均禾鞋厂",
        address="均禾路1号",
        industry="制鞋",
        register_from="2026-01-01",
    )
    form = CATALOGUE.forms["subject"]
    for name in ("a.csv", "a.xlsx"):
        before = listing(store, form, Filter())
        path = write_table(
            store, form, before[:1], tmp_path / name, keys=["types", "name", "address", "industry", "register_from"]
        )

        done = import_file(store, "subject", path, accept_warnings=True)

        assert [p.code for p in done.problems if p.severity == "error"] == []
        after = {r["id"]: r for r in listing(store, form, Filter())}[done.ids[0]]
        for key in ("types", "name", "address", "industry", "register_from"):
            assert after[key] == before[0][key]


def test_list_refuses_unknown_columns_and_kinds(store, orders, tmp_path):
    form, rows = orders
    for out, keys, code in (("a.pdf", [], "bad_out"), ("a.csv", ["x"], "unknown_key")):
        with pytest.raises(Refused) as e:
            write_table(store, form, rows, tmp_path / out, keys=keys)
        assert e.value.code == code
