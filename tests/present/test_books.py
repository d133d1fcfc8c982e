"""A superior's workbook: bound once, filled for any month, found again when next month's file comes."""

import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import small_office
import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))

from book_samples import FIRST, GROUPS, TITLE, district_form
from python_calamine import CalamineWorkbook

from envdesk.cli import run
from envdesk.desk import books, figures, issues, seals
from envdesk.errors import Refused
from envdesk.exchange.book import open_book
from envdesk.figures.finding import Finding

FIGURES = [
    "voc_visits", "gas_visits", "site_visits", "mobile_tested", "burn_points", "river_visits", "ws_visits", "slw_done",
    "outfall_rebound", "outing_cnt", "insp_visits", "prob_found", "rect_rate", "wo_received", "wo_rate",
]  # fmt: skip
MEASURES = {"D": "本期", "E": "本年累计", "F": "上年同期", "G": "同比"}
LIST_TOP = FIRST + len(FIGURES) + 4
COLUMNS = {"A": "#", "B": "visit_date", "C": "subject_id", "D": "result"}


def mapping(**more):
    cells = {f"{c}{FIRST + n}": f"{f} {m}" for n, f in enumerate(FIGURES) for c, m in MEASURES.items()}
    return {"cells": {**cells, "A2": "@office", **more}, "lists": [
        {"cell": f"A{LIST_TOP}", "form": "inspection", "columns": COLUMNS},
    ]}  # fmt: skip


@pytest.fixture
def form(tmp_path):
    return district_form(tmp_path / "上级 月报表.xlsx")


@pytest.fixture
def bound(desk, form):
    books.bind(desk, form, mapping(), "区月报")
    return desk


def page_of(path, sheet="10月报表"):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


# ---- filling ---------------------------------------------------------------------------------------------------------
def test_sixty_cells_get_the_figures_of_the_month(bound, tmp_path):
    out = tmp_path / "九月.xlsx"
    done = books.report(bound, "2026-09", "区月报", out).value
    assert done["cells"] >= 61
    page = page_of(out)
    assert page[1][0] == "均禾街道综合执法办"
    for n, result in enumerate(figures.figures(bound, "2026-09", FIGURES)):
        row = page[FIRST - 1 + n]
        for column, value in ((3, result.current), (4, result.year_to_date), (5, result.last_year)):
            wanted = "—" if value.number is None else float(value.number) / (100 if result.kind == "rate" else 1)
            assert row[column] == (pytest.approx(wanted) if not isinstance(wanted, str) else wanted), (
                result.id,
                column,
            )
    rate = next(r for r in figures.figures(bound, "2026-09", ["wo_rate"]))
    assert rate.text == "66.67%"
    assert page[FIRST - 1 + FIGURES.index("wo_rate")][3] == pytest.approx(0.6667)


def test_a_comparison_in_a_percent_column_is_a_number_and_words_stay_words(bound):
    book, bindings = books.known(bound, "区月报")
    made = books.book_values.values(bound, book, bindings, "2026-09")
    cells = made.values["10月报表"]
    for n, result in enumerate(figures.figures(bound, "2026-09", FIGURES)):
        text, value = result.change_last_year, cells[FIRST + n, 7]
        if text.endswith("%"):
            assert value == Decimal(text.rstrip("%").lstrip("+"))
        else:
            assert value == text


def test_records_stand_one_a_row_with_days_and_without_what_is_masked(bound, tmp_path):
    out = tmp_path / "十月.xlsx"
    books.report(bound, "2026-10", "区月报", out, draft=True)
    rows = [row[:4] for row in page_of(out)[LIST_TOP - 1 : LIST_TOP + 7]]
    listed = [r for r in rows if r[0] != ""]
    assert [r[0] for r in listed] == list(range(1, len(listed) + 1))
    assert len(listed) >= 1
    assert all(str(r[1]).startswith("2026-10") and r[2] for r in listed)
    assert page_of(out)[LIST_TOP + 7][0].startswith("填表人")


def test_a_list_that_does_not_fit_is_said_and_nothing_is_written(desk, form, tmp_path):
    raw = mapping()
    raw["lists"][0] |= {"form": "work_order", "columns": {"A": "#", "B": "order_no"}, "rows": 1}
    books.bind(desk, form, raw, "区月报")
    out = tmp_path / "x.xlsx"
    caught = refused(lambda: books.report(desk, "2025-01-01..2026-10-09", "区月报", out, draft=True))
    assert "请先在表里插入" in caught.all_problems()[0].message
    assert not out.exists()


def test_the_kept_file_and_the_received_one_stay_as_they_are(bound, form, tmp_path):
    before = form.read_bytes()
    books.report(bound, "2026-09", "区月报", tmp_path / "a.xlsx", workbook=form)
    assert form.read_bytes() == before
    assert books.known(bound, "区月报")[0].data == before


# ---- next month ------------------------------------------------------------------------------------------------------
def test_a_form_of_another_month_is_known_at_once(bound, tmp_path):
    new = district_form(tmp_path / "新.xlsx", title=TITLE.replace("10月", "11月"))
    found = books.recognise(bound, open_book(new))
    assert found is not None
    assert (found.name, found.same, found.moved, found.lost) == ("区月报", True, (), ())


def test_an_inserted_row_is_followed_by_its_labels_in_a_sheet_of_another_name(bound, tmp_path):
    new = district_form(
        tmp_path / "新.xlsx", inserted="餐饮油烟检查", sheet="11月报表", title=TITLE.replace("10月", "11月")
    )
    found = books.recognise(bound, open_book(new))
    assert found is not None
    assert not found.same
    assert found.lost == ()
    at = {b.figure: b for b in found.now.cells if b.measure == "current"}
    assert at["site_visits"].name == f"11月报表!D{FIRST + 2}"
    assert at["mobile_tested"].name == f"11月报表!D{FIRST + 4}"
    assert at["wo_rate"].name == f"11月报表!D{FIRST + len(FIGURES)}"
    assert found.now.lists[0].place == (LIST_TOP + 1, 1)
    assert found.now.lists[0].rows == 8
    moved = {b.name: now for b, now in found.moved}
    assert moved[f"10月报表!D{FIRST + 3}"] == f"D{FIRST + 4}"
    assert f"10月报表!D{FIRST}" not in moved
    out = tmp_path / "十一月.xlsx"
    books.report(bound, "2026-09", "", out, workbook=new)
    page = page_of(out, "11月报表")
    assert page[FIRST - 1 + 3][2:5] == ["餐饮油烟检查", "", ""]


def test_a_renamed_row_is_asked_for_and_the_rest_is_not(bound, tmp_path, monkeypatch):
    monkeypatch.setitem(GROUPS, "水污染防治", ["河涌水质巡查", "水源地巡查", "散乱污整治", "排污口返弹"])
    new = district_form(tmp_path / "新.xlsx")
    found = books.recognise(bound, open_book(new))
    assert found is not None
    assert {b.figure for b in found.lost} == {"river_visits"}
    assert len(found.now.cells) == 57
    caught = refused(lambda: books.report(bound, "2026-09", "", tmp_path / "x.xlsx", workbook=new))
    assert caught.code == "book_lost"
    assert "4 处" in str(caught)


def test_rows_that_read_alike_are_not_guessed_between(desk, tmp_path, monkeypatch):
    monkeypatch.setitem(GROUPS, "水污染防治", ["其中", "其中", "散乱污整治"])
    first = district_form(tmp_path / "旧.xlsx")
    row = FIRST + len(GROUPS["大气污染防治"])
    books.bind(desk, first, {"cells": {f"D{row}": "river_visits", f"D{row + 1}": "ws_visits"}}, "重名")
    assert books.recognise(desk, open_book(first)).lost == ()
    new = district_form(tmp_path / "新.xlsx", inserted="餐饮油烟检查")
    assert {b.figure for b in books.recognise(desk, open_book(new)).lost} == {"river_visits", "ws_visits"}


def test_last_months_values_are_no_labels(bound, tmp_path):
    out = tmp_path / "九月.xlsx"
    books.report(bound, "2026-09", "区月报", out)
    found = books.recognise(bound, open_book(out))
    assert found is not None
    assert found.same


def test_another_form_is_not_mistaken_for_a_known_one(bound, tmp_path, monkeypatch):
    monkeypatch.setattr("book_samples.COLUMNS", ("甲", "乙", "丙", "丁"))
    for key in list(GROUPS):
        monkeypatch.setitem(GROUPS, key, [f"别的{key}{n}" for n in range(9)])
    other = district_form(tmp_path / "别的.xlsx", title="物资领用表")
    assert books.recognise(bound, open_book(other)) is None
    assert (
        refused(lambda: books.report(bound, "2026-09", "", tmp_path / "x.xlsx", workbook=other)).code == "book_strange"
    )


# ---- binding ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"D5": "voc_visit"}, "unknown_figure", "voc_visits"),
        ({"D5": "wo_received 本月"}, "book_measure", "本期"),
        ({"D5": "voc_reg:industry=制鞋厂"}, "book_value", "制鞋"),
        ({"D5": "wo_received:industri=制鞋"}, "unknown_dimension", ""),
        ({"第5": "wo_received"}, "book_cell", "第5"),
        ({"别的!D5": "wo_received"}, "book_sheet", "别的"),
        ({f"D{FIRST + 15}": "wo_received"}, "book_formula", "公式"),
        ({"A2": "@office", "B2": "@phone"}, "book_filled", "A2"),
        ({"D5": "@nobody"}, "unknown_figure", ""),
    ],
)
def test_a_wrong_binding_is_refused_with_what_to_do(desk, form, cells, code, words):
    caught = refused(lambda: books.bind(desk, form, {"cells": cells}, "区月报"))
    assert [p.code for p in caught.all_problems()] == [code]
    assert words in caught.all_problems()[0].message
    assert books.books(desk) == ()


def test_all_mistakes_are_named_at_once_and_a_secret_is_no_condition(desk, form):
    raw = {
        "cells": {"D5": "nothing", "D6": "wo_received"},
        "lists": [{"cell": "A30", "form": "work_order", "columns": {"A": "order_no"}, "where": "complainant = '张三'"}],
    }
    codes = [p.code for p in refused(lambda: books.bind(desk, form, raw, "x")).all_problems()]
    assert codes == ["unknown_figure", "bad_expression"]


def test_a_mapping_that_makes_no_sense_is_refused(desk, form):
    for raw in ([], {"cels": {}}, {"cells": []}, {"lists": [{"cell": "A1"}]}, {"lists": [7]}, {"cells": {}}):
        assert refused(lambda raw=raw: books.bind(desk, form, raw, "x")).code in ("book_map", "book_empty")


def test_a_kept_workbook_is_renamed_and_forgotten(bound):
    books.rename(bound, "区月报", "区生态环境月报")
    assert [k.name for k in books.books(bound)] == ["区生态环境月报"]
    assert refused(lambda: books.rename(bound, "区生态环境月报", " ")).code == "required"
    assert refused(lambda: books.known(bound, "区月报")).code == "book_unknown"
    books.forget(bound, "区生态环境月报")
    assert books.books(bound) == ()


def test_no_workbook_takes_the_name_of_a_template(desk, form):
    assert refused(lambda: books.bind(desk, form, mapping(), "monthly")).code == "book_name"


# ---- the command line ------------------------------------------------------------------------------------------------
def test_bind_and_report_by_command(made, data_dir, form, tmp_path, capsys):
    path = data_dir / "台账.envdesk"
    shutil.copyfile(made[0], path)
    raw = tmp_path / "对应.json"
    raw.write_text(json.dumps(mapping()), encoding="utf-8")
    db = ["--db", str(path)]
    assert run([*db, "bind", str(form), str(raw), "--name", "区月报"]) == 0
    assert "已记住“区月报”：61 个单元格，1 个清单" in capsys.readouterr().out
    out = tmp_path / "九月.xlsx"
    assert (
        run([*db, "--as-of", "2026-10-09", "report", "--period", "2026-09", "--template", "区月报", "--out", str(out)])
        == 0
    )
    assert page_of(out)[1][0] == "均禾街道综合执法办"
    new = district_form(tmp_path / "新.xlsx", inserted="餐饮油烟检查")
    more = ["report", "--period", "2026-09", "--workbook", str(new), "--out", str(tmp_path / "新填.xlsx"), "--json"]
    assert run([*db, *more]) == 0
    capsys.readouterr()
    assert run([*db, "report", "--period", "2026-09", "--template", "区月报", "--out", str(tmp_path / "x.pdf")]) == 1
    assert "bad_out" in capsys.readouterr().err


def test_a_workbook_with_a_sheet_for_each_month_is_filled_on_the_right_one(desk, tmp_path):
    path = tmp_path / "全年.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for month in range(1, 13):
        page = book.add_worksheet(f"{month}月")
        page.write("A1", f"2026年{month}月情况表")
        for n, text in enumerate(("指标", "本月")):
            page.write(1, n, text)
        page.write("A3", "工单收到")
        page.write("A4", "检查企业")
    book.close()
    books.bind(desk, path, {"sheet": "9月", "cells": {"B3": "wo_received", "B4": "insp_visits"}}, "全年表")
    one, other = tmp_path / "九.xlsx", tmp_path / "八.xlsx"
    books.report(desk, "2026-09", "全年表", one)
    assert page_of(one, "9月")[2] == ["工单收到", 3]
    books.report(desk, "2026-08", "", other, workbook=one)
    assert page_of(other, "9月")[2] == ["工单收到", 3]
    assert page_of(other, "8月")[2][1] == float(figures.figures(desk, "2026-08", ["wo_received"])[0].current.number)
    assert page_of(other, "10月")[2] == ["工单收到", ""]
    books.report(desk, "2026Q3", "全年表", other)
    assert page_of(other, "9月")[2][1] >= 3


# ---- sealed months -----------------------------------------------------------------------------------------------------
def test_a_sealed_month_fills_what_was_sealed_and_says_what_was_bound_later(desk, form):
    books.bind(desk, form, {"cells": {"D18": "wo_received", "E18": "wo_received:kind=投诉"}}, "区月报")
    seals.seal(desk, "2026-09")
    small_office.put(desk, "work_order", small_office.order("补1", "2026-09-20 09:00"), why="漏登的工单")
    book, bindings = books.known(desk, "区月报")
    made = books.book_values.values(desk, book, bindings, "2026-09")
    assert made.values["10月报表"][18, 4] == 3
    assert made.newer == ()
    assert made.stopped == []
    late = books.read_map(desk, book, {"cells": {"F18": "wo_received:kind=咨询"}})
    assert books.book_values.values(desk, book, late, "2026-09").newer == ("wo_received:kind=咨询",)


def test_a_figure_the_program_no_longer_has_is_said_beside_its_cell(bound, monkeypatch):
    book, bindings = books.known(bound, "区月报")
    monkeypatch.delitem(bound.catalogue.figures, "ws_visits")
    made = books.book_values.values(bound, book, bindings, "2026-09")
    assert {p.code for p in made.problems} == {"unknown_figure"}
    assert len(made.problems) == 4


# ---- given out -------------------------------------------------------------------------------------------------------
def test_a_filled_workbook_is_a_paper_given_out_and_told_by_its_code(bound, tmp_path):
    out = tmp_path / "九月.xlsx"
    done = books.report(bound, "2026-09", "区月报", out).value
    (paper,) = issues.papers(bound, "2026-09")
    assert (paper.number, paper.code, paper.title, paper.format) == (done["number"], done["code"], "区月报", "xlsx")
    assert paper.figures["wo_rate"] == "66.67%"
    again = tmp_path / "再存.xlsx"
    issues.reissue(bound, done["number"], again)
    assert again.read_bytes() == out.read_bytes()
    told = issues.check(bound, done["code"])
    assert (told["name"], told["period"], told["equal"]) == ("区月报", "2026-09", None)
    assert "（区月报，" in told["message"]


def test_the_same_figures_are_the_same_paper_and_others_are_another(bound, tmp_path):
    first, same = (books.report(bound, "2026-09", "区月报", tmp_path / f"{n}.xlsx").value["number"] for n in "ab")
    other = books.report(bound, "2026-08", "区月报", tmp_path / "c.xlsx").value["number"]
    assert first == same != other
    assert len(issues.papers(bound)) == 2


def test_a_draft_and_a_file_that_can_not_be_written_use_up_no_number(bound, tmp_path):
    assert books.report(bound, "2026-09", "区月报", tmp_path / "a.xlsx", draft=True).value["number"] == ""
    (tmp_path / "占.xlsx").mkdir()
    refused(lambda: books.report(bound, "2026-09", "区月报", tmp_path / "占.xlsx"))
    assert issues.papers(bound) == []
    assert books.report(bound, "2026-09", "区月报", tmp_path / "b.xlsx").value["number"].endswith("0001")


def test_remarks_of_the_rules_are_acknowledged_once(bound, tmp_path, monkeypatch):
    found = Finding("R20", "warn", "fail", "有工单临期。", ())
    monkeypatch.setattr("envdesk.desk.reports.reconcile", lambda _calc: [found])
    for name in "ab":
        done = books.report(bound, "2026-09", "区月报", tmp_path / f"{name}.xlsx").value
    assert done["warnings"] == [found]
    rows = bound.store.con.query("SELECT why FROM operation WHERE verb = 'acknowledge'")
    assert [why for (why,) in rows] == [done["number"]]
