"""The main job on real input: what report 004 says, from Excel files and typed visits to paper and to the district.

Report 004 (a street, 2023): 84 complaints received, 83 closed = 98.81 %; shoe and leather firms covered; sites patrolled.
Masked numbers of the report are chosen here (domain.md §1, 004).
"""

from __future__ import annotations

import json
import shutil
import sqlite3  # noqa: TID251 - the plain tool of the district
import subprocess
from datetime import date, timedelta
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
import xlsxwriter

from tests.acceptance.office import Office, call

YEAR_END = "2023-12-31"
SHOES, LEATHER, COSMETICS, SITES = 70, 40, 10, 6
SHOES_COVERED, LEATHER_COVERED = 63, 30


def workbook(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    """A plain ledger as an office keeps it."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("台账")
    for r, row in enumerate([header, *rows]):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    book.close()
    return path


def subjects(path: Path) -> Path:
    kinds = [("鞋业", "制鞋", SHOES), ("皮具", "皮具", LEATHER), ("化妆品", "化妆品", COSMETICS)]
    rows: list[list[object]] = [
        [f"第{n:03}{word}厂", "工业企业、涉VOCs企业", industry, f"样例路{n}号", "2023-01-01"]
        for word, industry, count in kinds
        for n in range(count)
    ]
    rows += [[f"第{n}号工地", "建设工地", "建筑", f"工地路{n}号", "2023-01-01"] for n in range(SITES)]
    return workbook(path, ["单位名称", "类别", "主行业", "地址", "纳入日期"], rows)


def orders(path: Path) -> Path:
    """84 orders over the year; the last one of December is still open."""
    rows: list[list[object]] = []
    for n in range(84):
        day = date(2023, 1, 5) + timedelta(days=n * 4)
        closed = "" if n == 83 else (day + timedelta(days=5)).isoformat()
        done = ["属实", "已责令整改", "办结"] if closed else ["", "", ""]
        rows.append(
            [
                f"2023{n:05}",
                "12345",
                day.isoformat(),
                f"第{n}件：夜间有胶水味",
                "投诉",
                "大气-恶臭异味",
                "样例路",
                "李敏",
                closed,
                *done,
            ]
        )
    header = [
        "工单编号",
        "来源",
        "派单时间",
        "内容",
        "诉求类型",
        "污染类型",
        "地点",
        "承办人",
        "办结日期",
        "是否属实",
        "处理情况",
        "办结方式",
    ]
    return workbook(path, header, rows)


def visits() -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    firms = [f"第{n:03}鞋业厂" for n in range(SHOES_COVERED)] + [f"第{n:03}皮具厂" for n in range(LEATHER_COVERED)]
    for n, firm in enumerate(firms):
        day = date(2023, 2, 1) + timedelta(days=n * 3)
        out.append(
            {"visit_date": day.isoformat(), "session": "上午", "people": ["陈立", "何静"], "subject_id": firm,
             "facility_kind": ["喷淋"], "warnings": "accept"}
        )  # fmt: skip
    return out


def patrols() -> list[dict[str, object]]:
    return [
        {"visit_date": (date(2023, 1, 10) + timedelta(days=n * 14)).isoformat(), "session": "下午", "people": ["陈立", "何静"],
         "subject_id": f"第{n % SITES}号工地", "warnings": "accept",
         **{f"six_{i}": "不达标" if (n, i) == (3, 2) else "达标" for i in range(1, 7)}}
        for n in range(24)
    ]  # fmt: skip


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(str(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("均禾 街道")
    db = folder / "台账.envdesk"
    head = ["--db", str(db), "--json", "--as-of", YEAR_END, "--as", "李敏"]
    assert call([*head, "init", "--office", "均禾街道综合执法办"]).code == 0
    assert call([*head, "import", "subject", str(subjects(folder / "企业.xlsx"))]).code == 0
    assert call([*head, "import", "work_order", str(orders(folder / "工单.xlsx"))]).code == 0
    for form, objects in (("vocs_check", visits()), ("site_dust_patrol", patrols())):
        file = folder / f"{form}.json"
        file.write_text(json.dumps(objects, ensure_ascii=False), encoding="utf-8")
        assert call([*head, "add", form, str(file)]).code == 0
    return Office(db)


def figures(office: Office, period: str, *names: str, by: str = "") -> dict[str, str]:
    words = ["--db", str(office.db), "--json", "--as-of", YEAR_END, "figures", "--period", period]
    words += [w for name in names for w in ("--figure", name)] + (["--by", by] if by else [])
    return {row["id"]: row["text"] for row in call(words).out}


def test_the_figures_of_report_004(street: Office) -> None:
    assert figures(street, "2023", "wo_received", "wo_closed_of_received", "wo_rate", "site_visits") == {
        "wo_received": "84", "wo_closed_of_received": "83", "wo_rate": "98.81%", "site_visits": "24",
    }  # fmt: skip
    assert figures(street, "2023", "voc_reg", by="industry") == {
        "voc_reg:industry=制鞋": "70", "voc_reg:industry=皮具": "40", "voc_reg:industry=化妆品": "10",
    }  # fmt: skip
    covered = figures(street, "2023", "voc_covered", "voc_cov_rate", by="industry")
    assert covered["voc_covered:industry=制鞋"] == "63"
    assert covered["voc_cov_rate:industry=制鞋"] == "90.00%"
    assert covered["voc_cov_rate:industry=皮具"] == "75.00%"


@pytest.mark.parametrize(("period", "title", "printed"), [
    ("2023", "2023年度生态环境工作年报表", ["98.81%", "84", "120", "70", "40"]),
    ("2023-06", "2023年6月生态环境工作月报表", ["100%"]),
])  # fmt: skip
def test_the_paper_holds_them(street: Office, tmp_path: Path, period: str, title: str, printed: list[str]) -> None:
    out = tmp_path / "报表.pdf"
    answer = call(
        ["--db", str(street.db), "--json", "--as-of", YEAR_END, "report", "--period", period, "--out", str(out)]
    )
    assert answer.code == 0, answer.err
    text = text_of(out)
    assert title in text.replace("\r\n", "")
    for number in printed:
        assert number in text


def test_the_paper_as_word_and_as_excel(street: Office, tmp_path: Path) -> None:
    head = [
        "--db",
        str(street.db),
        "--json",
        "--as-of",
        YEAR_END,
        "report",
        "--period",
        "2023-06",
        "--previous",
        "--out",
    ]
    for kind in (".docx", ".xlsx"):
        answer = call([*head, str(tmp_path / f"六月{kind}")])
        assert answer.code == 0, answer.err
        assert answer.out["pages"] == 0
    word = max(docx.Document(tmp_path / "六月.docx").tables, key=lambda t: len(t.rows))
    in_word = [[c.text for c in row.cells] for row in word.rows]
    page = openpyxl.load_workbook(tmp_path / "六月.xlsx").worksheets[0]
    in_excel = {row[2].value: row for row in page.iter_rows() if row[2].value}
    assert in_word[0][4:7] == ["本期", "上期", "环比"]
    assert len(in_word) > 40
    for row in in_word[1:]:
        cells = in_excel[row[2]]
        for said, cell in zip(row[4:6], cells[4:6], strict=True):
            number = said.rstrip("%*")
            shown = cell.value if isinstance(cell.value, str) else cell.value * (100 if "%" in said else 1)
            assert shown == said if said == "—" else shown == pytest.approx(float(number)), row
    refused = call([*head, str(tmp_path / "六月.wps")])
    assert (refused.code, "bad_out" in refused.err) == (1, True)
    answer = call(["--db", str(street.db), "sheet", "work_order", "--blank", "--out", str(tmp_path / "空白.docx")])
    assert answer.code == 0, answer.err
    assert docx.Document(tmp_path / "空白.docx").tables


def test_the_file_for_the_district(street: Office, tmp_path: Path) -> None:
    out = tmp_path / "上报.envpkg"
    head = ["--db", str(street.db), "--json", "--as-of", YEAR_END]
    assert call([*head, "export", "--out", str(out)]).code == 0
    assert call(["--json", "verify", str(out)]).code == 0
    plain = sqlite3.connect(out)
    try:
        assert plain.execute('select count(*) from "12345/信访工单"').fetchone() == (84,)
        assert plain.execute("pragma quick_check").fetchone() == ("ok",)
    finally:
        plain.close()
    if shutil.which("sqlite3"):
        count = subprocess.run(
            ["sqlite3", str(out), 'select count(*) from "涉VOCs企业检查"'], capture_output=True, text=True, check=True
        ).stdout
        assert count.strip() == str(SHOES_COVERED + LEATHER_COVERED)


def test_one_changed_byte_is_found(street: Office, tmp_path: Path) -> None:
    out = tmp_path / "上报.envpkg"
    assert call(["--db", str(street.db), "--as-of", YEAR_END, "export", "--out", str(out)]).code == 0
    data = bytearray(out.read_bytes())
    place = data.find("第83件：夜间有胶水味".encode())
    assert place > 0
    data[place] ^= 1
    out.write_bytes(bytes(data))
    answer = call(["--json", "verify", str(out)])
    assert (answer.code, answer.codes()) == (1, ["package_broken"])
