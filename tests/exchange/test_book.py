"""A superior's workbook: only the cells that get a value change, whoever wrote the file."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import Decimal

import pytest
from book_samples import FIRST, GROUPS, district_form, parts, raw
from python_calamine import CalamineWorkbook

from envdesk.errors import Refused
from envdesk.exchange.book import open_book, read_book
from envdesk.exchange.book_formulas import depending, reads
from envdesk.exchange.book_grid import read_grid
from envdesk.exchange.book_write import edit, fill, recalculating

SHEET = "10月报表"
ROWS = sum(map(len, GROUPS.values()))
TOTAL = FIRST + ROWS


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    return district_form(tmp_path_factory.mktemp("上级") / "区 月报表.xlsx")


@pytest.fixture(scope="module")
def values():
    """Sixty cells: numbers, rates, words for nothing, and a text that must not run."""
    out = {}
    for n in range(ROWS):
        out |= {
            (FIRST + n, 4): n + 3, (FIRST + n, 5): Decimal("0.9881"), (FIRST + n, 6): "—",
            (FIRST + n, 7): "+17.95%" if n else "=HYPERLINK(1)",
        }  # fmt: skip
    assert len(out) == 60
    return out


@pytest.fixture(scope="module")
def filled(form, values):
    return fill(open_book(form), {SHEET: values})


# ---- nothing else moves ----------------------------------------------------------------------------------------------
def test_every_part_but_the_sheet_stays_byte_for_byte(form, filled):
    before, after = parts(form.read_bytes()), parts(filled)
    assert list(before) == list(after)
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}  # 2: the formula over the first
    assert any("drawing" in name for name in before)
    assert any("media/" in name for name in before)
    assert any("chart" in name for name in before)


def test_in_the_sheet_only_the_cells_differ(form, filled, values):
    cell = re.compile(rb"<c r=\"([A-Z]+\d+)\"[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
    before, after = (parts(d)["xl/worksheets/sheet1.xml"] for d in (form.read_bytes(), filled))
    assert cell.sub(b"", before) == cell.sub(b"", after)
    old, new = ({m[1].decode(): m[0] for m in cell.finditer(d)} for d in (before, after))
    assert old.keys() == new.keys()
    changed = {name for name in old if old[name] != new[name]}
    wanted = {f"{'ABCDEFG'[c - 1]}{r}" for r, c in values}
    formulas = {f"H{FIRST + n}" for n in range(ROWS)} | {f"D{TOTAL}", f"E{TOTAL}"}
    assert changed == wanted | formulas
    style = re.compile(rb' s="(\d+)"')
    assert all(style.findall(old[n]) == style.findall(new[n]) for n in changed)
    assert all(re.findall(rb"<f>.*?</f>", old[n]) == re.findall(rb"<f>.*?</f>", new[n]) for n in formulas)


def test_a_formula_over_new_values_forgets_what_it_came_to_and_others_do_not(filled):
    book = read_book(filled, "填好.xlsx")
    assert book.grid(SHEET).cells[TOTAL, 4].text == ""
    assert book.grid("汇总").cells[1, 2].text == ""
    assert book.grid("汇总").cells[2, 2].text == "3"
    assert b'fullCalcOnLoad="1"' in parts(filled)["xl/workbook.xml"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_it_with_formulas_worked_out(form, filled, values, tmp_path):
    source, out = tmp_path / "填好.xlsx", tmp_path / "out"
    source.write_bytes(filled)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    was, now = CalamineWorkbook.from_path(str(form)), CalamineWorkbook.from_path(str(out / "填好.xlsx"))
    page, old = (book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False) for book in (now, was))
    total = sum(n + 3 for n in range(ROWS))
    assert page[TOTAL - 1][3] == total
    assert now.get_sheet_by_name("汇总").to_python()[0][1] == 2 * total
    assert page[FIRST - 1][7] == "核对"
    assert page[FIRST - 1][6] == "=HYPERLINK(1)"
    formulas = {(TOTAL, 4), (TOTAL, 5), *((FIRST + n, 8) for n in range(ROWS))}
    for r, row in enumerate(page, 1):
        for c, value in enumerate(row, 1):
            if (r, c) not in formulas:
                wanted = values.get((r, c), old[r - 1][c - 1])
                assert value == (float(wanted) if isinstance(wanted, Decimal) else wanted), (r, c)
    merges = [sorted(book.get_sheet_by_name(SHEET).merged_cell_ranges) for book in (was, now)]
    assert merges[0] == merges[1]
    shown = open_book(out / "填好.xlsx")
    assert shown.look(shown.grid(SHEET).style_of((FIRST + 12, 5))).code == "0.00%"
    assert [p for p in shown.parts if "media/" in p]


# ---- files of other programs -----------------------------------------------------------------------------------------
def cells_of(data):
    grid = read_grid(data, ["甲", "乙"])
    return {place: (c.kind, c.text, c.style) for place, c in grid.cells.items()}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("<sheetData/>", '<sheetData><row r="2"><c r="B2"><v>7</v></c></row></sheetData>'),
        ("<sheetData></sheetData>", '<sheetData><row r="2"><c r="B2"><v>7</v></c></row></sheetData>'),
        ('<sheetData><row r="2"/></sheetData>', '<row r="2"><c r="B2"><v>7</v></c></row>'),
        ('<sheetData><row r="2" spans="1:1" ht="30"><c r="A2" t="s"><v>0</v></c></row></sheetData>',
         '<row r="2" ht="30"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>7</v></c></row>'),
        ('<sheetData><row r="2"><c r="A2"/><c r="C2"/></row></sheetData>',
         '<c r="A2"/><c r="B2"><v>7</v></c><c r="C2"/>'),
        ('<sheetData><row r="1"/><row r="3"/></sheetData>', '<row r="1"/><row r="2"><c r="B2"><v>7</v></c></row><row r="3"/>'),
        ('<sheetData><row><c/></row><row><c/><c s="4" t="s" cm="1"><v>1</v></c></row></sheetData>',
         '<row><c/><c r="B2" s="4"><v>7</v></c></row>'),
        ('<cols><col min="2" max="5" width="9" style="6"/></cols><sheetData/>', '<c r="B2" s="6"><v>7</v></c>'),
        ('<sheetData><row r="2" s="3" customFormat="1"/></sheetData>', '<c r="B2" s="3"><v>7</v></c>'),
    ],
)  # fmt: skip
def test_a_value_finds_its_place_in_any_shape_of_sheet(cells, expected):
    data = raw(cells)
    made = edit(read_grid(data, ["甲", "乙"]), {(2, 2): 7}).decode()
    assert expected in made
    assert cells_of(made.encode())[2, 2][:2] == ("number", "7")


def test_many_new_rows_stand_in_their_order_and_look_like_the_first():
    for cells in (
        "<sheetData/>",
        "<sheetData></sheetData>",
        '<sheetData><row r="4"><c r="A4" s="9"/></row></sheetData>',
    ):
        made = edit(
            read_grid(raw(cells), ()), {(r, c): r * 10 + c for r in (7, 5, 6) for c in (2, 1)}, (),
            {(r, 1): (4, 1) for r in (5, 6, 7)},
        )  # fmt: skip
        assert made.count(b"<sheetData") == 1
        found = [m.decode() for m in re.findall(rb'<c r="(\w+)"(?: s="9")?><v>', made)]
        assert found == ["A5", "B5", "A6", "B6", "A7", "B7"]
        assert made.count(b's="9"') == (4 if b'"A4"' in made else 0)


def test_elements_with_a_prefix_get_cells_with_it():
    data = raw('<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData>', prefix="x:")
    made = edit(read_grid(data, ()), {(1, 1): "字", (1, 3): Decimal("2.50")}).decode()
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">字</x:t></x:is></x:c>' in made
    assert '<x:c r="C1"><x:v>2.50</x:v></x:c></x:row>' in made


def test_bytes_are_counted_behind_a_mark_and_chinese_and_attributes_with_brackets():
    data = b"\xef\xbb\xbf" + raw(
        '<sheetData><!-- 说明 <c> --><row r="1" x:y="a&gt;b>c" xmlns:x="urn:汉"><c r="A1" t="inlineStr"><is><t>旧的字'
        '</t><rPh sb="0" eb="1"><t>读音</t></rPh></is></c><c r="B1"><v>5</v></c></row></sheetData>'
    )
    grid = read_grid(data, ())
    assert grid.cells[1, 1].text == "旧的字"
    made = edit(grid, {(1, 1): 9})
    assert made.startswith(b"\xef\xbb\xbf")
    assert '<c r="A1"><v>9</v></c><c r="B1"><v>5</v></c>' in made.decode()


def test_the_size_a_sheet_tells_grows_with_it():
    data = raw('<sheetData><row r="1"><c r="A1"/></row></sheetData>', head='<dimension ref="A1:B2"/>')
    assert b'<dimension ref="A1:D6"/>' in edit(read_grid(data, ()), {(6, 4): 1})
    assert b'<dimension ref="A1:B2"/>' in edit(read_grid(data, ()), {(1, 1): 1})


def test_texts_are_said_exactly_and_emptied_cells_keep_their_style():
    data = raw('<sheetData><row r="1"><c r="A1" s="2"><v>5</v></c><c r="B1" s="3" t="s"><v>0</v></c></row></sheetData>')
    made = edit(read_grid(data, ["甲"]), {(1, 1): None, (1, 2): ' <b>&"\x00\x0b\ud800甲\n乙 '})
    assert '<c r="A1" s="2"/>' in made.decode()
    assert cells_of(made)[1, 2] == ("text", ' <b>&"甲\n乙 ', 3)


def test_a_formula_is_never_overwritten(form):
    with pytest.raises(ValueError, match=f"D{TOTAL} holds a formula"):
        fill(open_book(form), {SHEET: {(TOTAL, 4): 1}})


def test_a_cell_inside_a_merged_range_stands_for_the_whole(form):
    made = read_book(fill(open_book(form), {SHEET: {(2, 3): "均禾街道"}}), "x.xlsx")
    assert made.grid(SHEET).text((2, 1)) == "均禾街道"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<w><sheets/><calcPr calcId="1"/></w>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        (
            '<w><sheets/><calcPr fullCalcOnLoad="0" calcMode="manual"/></w>',
            '<calcPr calcMode="manual" fullCalcOnLoad="1"/>',
        ),
        ("<w><sheets><sheet/></sheets></w>", '</sheets><calcPr fullCalcOnLoad="1"/></w>'),
        ("<x:w><x:sheets></x:sheets><x:definedNames/></x:w>", '<x:definedNames/><x:calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_a_workbook_is_told_to_work_out_its_formulas(before, after):
    assert after in recalculating(before.encode()).decode()


# ---- formulas --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("formula", "ranges", "anything"),
    [
        ("SUM(D3:D5)", [("月报", (3, 4, 5, 4))], False),
        ("IF($A$1>0,\"见 B2\",'2026 年'!C3)", [("月报", (1, 1, 1, 1)), ("2026 年", (3, 3, 3, 3))], False),
        ("SUM(汇总!B:C)+LOG10(4)*1E-3", [("汇总", (1, 2, 1_048_576, 3))], False),
        ("10月报表!D20*2", [("10月报表", (20, 4, 20, 4))], False),
        ("SUM(2:3)", [("月报", (2, 1, 3, 16_384))], False),
        ("1+2=TRUE", [], False),
        ("区名&A1", [("月报", (1, 1, 1, 1))], True),
        ("SUM(表1[数])", [], True),
        ("OFFSET(A1,1,1)", [], True),
        ("", [], True),
    ],
)
def test_what_a_formula_reads(formula, ranges, anything):
    found = reads(formula, "月报")
    assert list(found.ranges) == ranges or anything
    assert found.anything == anything


def test_formulas_follow_each_other():
    formulas = {
        ("甲", (1, 1)): "B1",
        ("甲", (2, 1)): "A1*2",
        ("乙", (1, 1)): "甲!A2",
        ("乙", (2, 1)): "B2",
        ("乙", (3, 1)): "NOW()",
    }
    assert depending(formulas, {("甲", (1, 2))}) == {("甲", (1, 1)), ("甲", (2, 1)), ("乙", (1, 1)), ("乙", (3, 1))}


# ---- files that are none ---------------------------------------------------------------------------------------------
def test_other_files_are_refused_with_a_sentence(tmp_path, form):
    def code(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(Refused) as refused:
            open_book(path)
        return refused.value.code

    assert code("a.xls", b"x") == "book_kind"
    assert code("b.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 with a password") == "book_locked"
    assert code("c.xlsx", b"no zip") == "book_unread"
    assert code("d.xlsx", form.read_bytes()[:3000]) == "book_unread"
    with pytest.raises(Refused) as refused:
        open_book(tmp_path / "nothing.xlsx")
    assert refused.value.code == "file_missing"


@pytest.mark.parametrize(
    "part",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>',
        b"<worksheet></worksheet>",
        b"<worksheet><sheetData>",
        '<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData/></worksheet>'.encode("utf-16"),
    ],
)
def test_a_broken_or_trapped_sheet_is_refused(part):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the parser's
        read_grid(part, ())
