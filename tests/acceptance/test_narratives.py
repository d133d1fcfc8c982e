"""Letters and briefs from the command line: text for the chat group, own words kept with the period, seals, refusals."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3  # noqa: TID251 - the plain tool of the district
from pathlib import Path

import docx
import pytest

from tests.acceptance.office import Office

DAY, WEEK = "2024-12-27", "2024W52"


def order(no: int, day: str, closed: str = "") -> dict:
    done = {"closed_at": closed, "verdict": "属实", "measures": "已整改", "close_type": "办结"} if closed else {}
    return {
        "order_no": f"A{no}", "source": "12345", "received_at": day, "content": "夜间噪声", "kind": "投诉",
        "pollution": ["噪声-工业"], "location": "样例路", "handler": "李敏", "warnings": "accept", **done,
    }  # fmt: skip


@pytest.fixture(scope="module")
def filled(new_file, tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("文字") / "台账.envdesk")
    shutil.copy(new_file, made.db)
    made.add("grid", {"code": "G1", "name": "石马", "kind": "联社"})
    made.add(
        "work_order",
        [order(1, DAY, DAY), order(2, DAY, "2024-12-28"), order(3, "2024-12-24"), order(4, "2024-11-05", "2024-11-06")],
    )
    made.add("person", [{"name": n, "role": "执法人员"} for n in ("陈立", "何静")])
    made.add(
        "subject",
        {"name": "甲厂", "types": ["工业企业"], "address": "一路", "industry": "其他", "register_from": "2024-01-01"},
    )
    made.add("inspection", {"visit_date": DAY, "session": "上午", "people": ["陈立", "何静"], "subject_id": "甲厂",
                            "source": "日常检查", "warnings": "accept"})  # fmt: skip
    return made


@pytest.fixture
def office(filled, tmp_path):
    made = Office(tmp_path / "台账.envdesk")
    shutil.copy(filled.db, made.db)
    return made


def brief(office: Office, period: str) -> list[str]:
    return office.run("report", "--period", period, "--template", "brief", "--out", "-").splitlines()


def letter(office: Office, out: Path, *more: str, period: str = "2024-12", template: str = "work-004") -> dict:
    return office.run("report", "--period", period, "--template", template, "--out", str(out), *more)


def words(path: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


# ----------------------------------------------------------------------------------------------------- the chat group
def test_the_text_of_a_day(office):
    assert brief(office.at(DAY), DAY) == [
        "均禾街道综合执法办2024年12月27日工作情况",
        "1.检查巡查：出动检查组1组次、2人次，检查企业1家次。",
        "2.发现问题：检查中未发现问题。",
        "3.群众诉求：收到12345等工单2件，已办结1件，办结率50%；目前在办2件。",
    ]


def test_the_text_of_a_week_and_of_a_quiet_day(office):
    week = brief(office, WEEK)
    assert week[0] == "均禾街道综合执法办2024年第52周工作情况"
    assert "收到12345等工单3件，已办结2件，办结率66.67%" in week[3]
    quiet = brief(office.at("2024-12-21"), "2024-12-21")
    assert quiet[1] == "1.检查巡查：当日没有检查巡查记录。"
    assert quiet[-1].startswith("3.群众诉求：没有收到工单")


def test_text_as_a_file(office, tmp_path):
    out = tmp_path / "日报.txt"
    answer = letter(office, out, period=DAY, template="brief")
    assert out.read_text("utf-8").splitlines() == brief(office, DAY)
    assert answer["number"] == ""  # a few lines for a chat group are no official paper


# ------------------------------------------------------------------------------------------------------------ own words
def test_own_words_stay_with_their_period_and_template(office, tmp_path):
    file = tmp_path / "话.json"
    file.write_text(json.dumps({"problems": "一是人手不足。\n二是点多面广。", "to": "区分局"}), encoding="utf-8")
    letter(office, tmp_path / "1.docx", "--text", str(file))
    letter(office, tmp_path / "2.docx")
    for name in ("1.docx", "2.docx"):
        assert "存在问题\n一是人手不足。\n二是点多面广。" in words(tmp_path / name)
        assert "区分局：" in words(tmp_path / name)
    letter(office, tmp_path / "3.docx", period="2024-11")
    letter(office, tmp_path / "4.docx", template="work-003")
    assert all("人手不足" not in words(tmp_path / name) for name in ("3.docx", "4.docx"))
    file.write_text('{"problems": ""}', encoding="utf-8")
    letter(office, tmp_path / "5.docx", "--text", str(file))
    assert "存在问题" not in words(tmp_path / "5.docx")


def test_own_words_go_with_a_backup(office, tmp_path):
    file = tmp_path / "话.json"
    file.write_text('{"next": "继续巡查。"}', encoding="utf-8")
    letter(office, tmp_path / "1.docx", "--text", str(file))
    copy = tmp_path / "副本.envdesk"
    office.run("backup", "--out", str(copy))
    other = Office(tmp_path / "还原" / "台账.envdesk", today=office.today)
    other.db.parent.mkdir()
    other.run("restore", str(copy))
    letter(other, tmp_path / "2.docx")
    assert "继续巡查。" in words(tmp_path / "2.docx")


def test_own_words_go_to_the_district_but_not_in_a_bare_package(office, tmp_path):
    file = tmp_path / "话.json"
    file.write_text('{"next": "继续巡查。"}', encoding="utf-8")
    letter(office, tmp_path / "1.docx", "--text", str(file))
    for more, rows in (((), 1), (("--bare",), None)):
        out = tmp_path / f"上报{rows}.envpkg"
        office.run("export", "--out", str(out), *more)
        assert office.call("verify", str(out)).code == 0
        with contextlib.closing(sqlite3.connect(out)) as con:
            tables = {name for (name,) in con.execute("SELECT name FROM sqlite_schema")}
            assert ("report_text" in tables) == (rows is not None)
            if rows:
                assert con.execute("SELECT text FROM report_text").fetchall() == [("继续巡查。",)]


@pytest.mark.parametrize(("text", "code"), [
    ('{"problms": "x"}', "unknown_slot"), ("[1]", "bad_words"), ("{", "bad_json"), (json.dumps({"next": "长" * 20_001}), "too_long"),
])  # fmt: skip
def test_bad_words_are_refused_and_nothing_is_kept(office, tmp_path, text, code):
    file = tmp_path / "话.json"
    file.write_text(text, encoding="utf-8")
    out = tmp_path / "1.docx"
    answer = office.call(
        "report", "--period", "2024-12", "--template", "work-004", "--text", str(file), "--out", str(out)
    )
    assert answer.code == 1
    assert code in answer.err
    assert not out.exists()


def test_markup_in_own_words_is_text(office, tmp_path):
    file = tmp_path / "话.json"
    odd = "<w:p/> & {{ office }} {% if %} =1+1"
    file.write_text(json.dumps({"next": odd}), encoding="utf-8")
    letter(office, tmp_path / "1.docx", "--text", str(file))
    assert odd in words(tmp_path / "1.docx")


# ------------------------------------------------------------------------------------------------ seals, numbers, files
def test_a_sealed_month_says_what_was_sealed_and_new_words_make_a_new_paper(office, tmp_path):
    assert office.call("seal", "--period", "2024-11").code == 0
    first, again, other = (tmp_path / f"{n}.pdf" for n in (1, 2, 3))
    one = letter(office, first, period="2024-11")
    assert one["number"]
    assert letter(office, again, period="2024-11")["number"] == one["number"]
    assert first.read_bytes() == again.read_bytes()
    file = tmp_path / "话.json"
    file.write_text('{"next": "继续巡查。"}', encoding="utf-8")
    new = letter(office, other, "--text", str(file), period="2024-11")
    assert new["number"] != one["number"]
    assert new["code"] == one["code"]  # the figures are the same


@pytest.mark.parametrize(("name", "template"), [("a.csv", "work-004"), ("a.pfd", "brief")])
def test_other_kinds_of_files_are_refused(office, tmp_path, name, template):
    answer = office.call("report", "--period", "2024-12", "--template", template, "--out", str(tmp_path / name))
    assert answer.code == 1
    assert "bad_out" in answer.err
    assert ".docx" in answer.err


def test_a_table_is_no_text(office):
    answer = office.call("report", "--period", "2024-12", "--out", "-")
    assert (answer.code, "bad_out" in answer.err) == (1, True)


def test_a_draft_says_so(office, tmp_path):
    letter(office, tmp_path / "1.docx", "--draft")
    head = docx.Document(str(tmp_path / "1.docx")).sections[0].header.paragraphs[0].text
    assert "草稿" in head
    out = tmp_path / "1.txt"
    letter(office, out, "--draft")
    assert out.read_text("utf-8").splitlines()[0].endswith("（草稿）")


def test_what_was_left_out_is_told(office, tmp_path):
    answer = office.call("report", "--period", "2024-12", "--template", "work-004", "--out", str(tmp_path / "1.pdf"))
    assert "下一步工作" in answer.err
    assert "公文字体" in answer.err
    assert {"part", "what", "why"} == set(answer.out["left_out"][0])
