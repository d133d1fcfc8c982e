"""Adding a register is adding one file: everything the program does with a form it does with a file it has never seen."""

import shutil

import pypdfium2
import pytest
from office import Office, call, firm, visit

from envdesk.sql import connect

VISIT_FORM = """
id = "noise_check"
title = "夜间施工噪声检查"
prefix = "ZS"
group = "噪声"
blocks = ["visit", "findings", "base"]
name = "subject_name"
columns = ["record_no", "visit_date", "subject_id", "level", "decibel", "over", "result", "state"]
search = ["subject_name", "device", "remark"]

[[section]]
title = "监测"

[[section.field]]
key = "level"
label = "声环境功能区"
type = "choice"
choices = ["1类", "2类", "3类", "4类"]
required = true

[[section.field]]
key = "decibel"
label = "夜间噪声值"
type = "decimal"
decimals = 1
min = 20
max = 140
unit = "dB(A)"
required = true

[[section.field]]
key = "device"
label = "主要设备"
type = "text"
max_len = 30

[[section.field]]
key = "permit"
label = "夜间施工许可"
type = "choice"
choices = "present"
required_when = "decibel > 55"
required_severity = "warning"

[[section.field]]
key = "over"
label = "超标"
type = "bool"
computed = "coalesce(decibel > limit_db, 0)"

[[section.field]]
key = "readings"
label = "读数"
type = "rows"

[[section.field.field]]
key = "at"
label = "时刻"
type = "time"
required = true

[[section.field.field]]
key = "value"
label = "读数值"
type = "decimal"
decimals = 1
required = true

[[rule]]
id = "readings_max"
expr = "decibel >= coalesce((select max(x.value) from readings x where x.rec = me.id), 0)"
message = "噪声值应不小于各次读数。"
field = "decibel"

[[rule]]
id = "reading_time"
severity = "warning"
list = "readings"
expr = "me.at >= '22:00' or me.at <= '06:00'"
message = "读数时刻不在夜间，请核对。"
field = "readings.at"

[terms]
limit_db = "iif(level = '1类', 45, iif(level = '2类', 50, 55))"
handled = "exists (select 1 from findings f where f.rec = me.id)"

[[state]]
word = "超标未处理"
when = "over = 1 and handled = 0"
tone = "red"

[[state]]
word = "已提交"
when = "1"
tone = "grey"

[[due]]
id = "noise_over"
date = "visit_date"
when = "over = 1 and handled = 0"
what = "噪声超标处理"

[[figure]]
id = "nz_visits"
title = "夜间噪声检查"
measure = "家次"
date = "visit_date"
unit = "visit_id"
by = ["grid", "source", "industry"]

[[figure]]
id = "nz_over"
title = "夜间噪声超标"
measure = "家次"
date = "visit_date"
where = "over = 1"
unit = "visit_id"
by = ["grid", "source"]

[[figure]]
id = "nz_ok_rate"
title = "夜间噪声达标率"
measure = "%"
share = "nz_visits"
hit = "over = 0"
better = "up"

[[figure]]
id = "nz_readings"
title = "夜间噪声读数"
measure = "次"
of = "noise_check.readings"
date = "visit_date"
by = ["grid"]
"""

NEW_FIELD = """
[[section.field]]
key = "distance_m"
label = "距敏感点"
type = "int"
min = 0
unit = "米"
required = true

[[section.field]]
key = "over"
"""
CHANGED = (
    VISIT_FORM.replace('\n[[section.field]]\nkey = "over"\n', NEW_FIELD, 1)
    .replace('label = "主要设备"', 'label = "主要施工设备"')
    .replace('["1类", "2类", "3类", "4类"]', '[{ code = "1类", off = true }, "2类", "3类", "4a类"]')
)


def dropped(office, place, text=VISIT_FORM):
    """The form file in one of the two places a form may lie; returns the office that knows it."""
    folder = office.db.parent / ("forms" if place == "beside" else "更多 表")
    folder.mkdir(exist_ok=True)
    (folder / "noise_check.toml").write_text(text, encoding="utf-8")
    return Office(office.db, today=office.today, forms=() if place == "beside" else (folder,))


@pytest.fixture(params=["beside", "--forms"])
def noisy(office, request):
    office.add("subject", [firm("鞋厂"), firm("印刷厂", industry="印刷")])
    return dropped(office, request.param)


def check(subject="鞋厂", day="2024-06-06", decibel=50, **more):
    return visit(subject, day, session="夜间", level="3类", decibel=decibel) | more


def test_the_form_shows_itself(noisy):
    assert "noise_check" in [f["id"] for f in noisy.run("forms")]
    shown = noisy.run("forms", "noise_check")
    fields = {f["key"]: f for f in shown["fields"]}
    assert {"visit_date", "people", "subject_id", "result", "findings", "grid_id", "photos", "decibel"} <= set(fields)
    assert [c["code"] for c in fields["level"]["choices"]] == ["1类", "2类", "3类", "4类"]
    assert [f["key"] for f in fields["readings"]["fields"]] == ["at", "value"]
    assert {"readings_max", "reading_time", "finding_missing"} <= {r["id"] for r in shown["rules"]}
    assert [f["id"] for f in shown["figures"]] == ["nz_visits", "nz_over", "nz_ok_rate", "nz_readings"]
    plain = call([w for w in noisy.words("forms", "noise_check") if w != "--json"])
    assert "夜间噪声值" in plain.out
    assert "夜间噪声达标率" in plain.out


def test_table_and_chinese_view_hold_the_row(noisy):
    rec = noisy.add1("noise_check", **check(decibel="61.5", permit="无", readings=[{"at": "22:30", "value": 60}]))
    con = connect(noisy.db)
    try:
        assert con.query("SELECT id, decibel, level, permit FROM t_noise_check") == [(rec, 61.5, "3类", "无")]
        assert con.query("SELECT rec, at, value FROM t_noise_check__readings") == [(rec, "22:30", 60.0)]
        view = 'SELECT "编号", "夜间噪声值", "声环境功能区", "检查日期" FROM "夜间施工噪声检查"'
        columns = [c for (c,) in con.query("SELECT name FROM pragma_table_info('夜间施工噪声检查')")]
        if "检查日期" not in columns:
            view = view.replace("检查日期", "日期")
        assert con.query(view) == [("ZS-2024-0001", 61.5, "3类", "2024-06-06")]
        assert con.query("SELECT count(*) FROM form_version WHERE form = 'noise_check'") == [(1,)]
    finally:
        con.close()


def test_its_checks_refuse(noisy):
    bad = [
        check(decibel=None),
        check(decibel=12),
        check(decibel="50.55"),
        check(level="5类"),
        check(device="长" * 31),
        check(readings=[{"at": "25:00"}, {"at": "23:00", "value": 55}]),
        check(decibel=70) | {"warnings": None},
        check(readings=[{"at": "23:00", "value": 40}, {"at": "12:00", "value": 40}]) | {"warnings": None},
        check(over=True),
    ]
    answer = noisy.try_add("noise_check", bad)
    assert answer.code == 1
    assert {k for k in answer.places() if k[2] != "new_person"} >= {
        (0, "decibel", "required"), (1, "decibel", "too_small"), (2, "decibel", "too_many_decimals"),
        (3, "level", "bad_choice"), (4, "device", "too_long"), (5, "readings[0].at", "bad_time"),
        (5, "readings[0].value", "required"), (5, "decibel", "rule:readings_max"), (6, "permit", "required"),
        (7, "readings[1].at", "rule:reading_time"), (8, "over", "unknown_key"),
    }  # fmt: skip
    assert {p["severity"] for p in answer.problems if p["index"] in (6, 7)} <= {"warning", "hint"}
    assert noisy.rows("noise_check") == []


def test_list_search_where_due_history_undo(noisy):
    noisy.add("noise_check", [check(device="破碎机"), check("印刷厂", "2024-07-02", 60, permit="无", remark="印刷机")])
    found = lambda *w: [r["refs"]["subject_id"] for r in noisy.rows("noise_check", *w)]  # noqa: E731

    assert found() == ["鞋厂", "印刷厂"]
    assert found("--search", "破碎") == ["鞋厂"]
    assert found("--search", "ysc") == ["印刷厂"]
    assert found("--period", "2024-07") == ["印刷厂"]
    assert found("--where", "decibel > 55 and subject.industry = '印刷'") == ["印刷厂"]
    assert found("--where", "over = 1") == ["印刷厂"]
    assert [r["state"] for r in noisy.rows("noise_check")] == ["已提交", "超标未处理"]
    assert [(d["form"], d["what"], d["due"]) for d in noisy.run("due") if d["form"] == "noise_check"] == [
        ("noise_check", "噪声超标处理", "2024-07-02")
    ]
    noisy.edit("noise_check", "ZS-2024-0002", decibel=52)
    assert noisy.get("noise_check", "ZS-2024-0002")["over"] is False
    assert [(h["field"], h["label"], h["old"], h["new"]) for h in noisy.run("history", "noise_check", "ZS-2024-0002")][-1] == (
        "decibel", "夜间噪声值", 60.0, 52.0,
    )  # fmt: skip
    noisy.run("undo")
    assert noisy.get("noise_check", "ZS-2024-0002")["decibel"] == 60


def test_figures_with_evidence_and_split(noisy):
    noisy.add(
        "noise_check",
        [
            check(readings=[{"at": "22:30", "value": 48}, {"at": "23:30", "value": 49}]),
            check("印刷厂", decibel=60, permit="无", source="投诉举报"),
            check("印刷厂", "2024-06-20", decibel=52),
        ],
    )
    got = noisy.figures("2024-06", "nz_visits", "nz_over", "nz_ok_rate", "nz_readings")
    assert {k: r["text"] for k, r in got.items()} == {
        "nz_visits": "3", "nz_over": "1", "nz_ok_rate": "66.67%", "nz_readings": "2",
    }  # fmt: skip
    assert noisy.values("2024-06", "nz_visits", by="industry") == {
        "nz_visits:industry=制鞋": 1, "nz_visits:industry=印刷": 2,
    }  # fmt: skip
    assert noisy.values("2024-06", "nz_ok_rate", by="source") == {
        "nz_ok_rate:source=投诉举报": 0, "nz_ok_rate:source=日常检查": 100,
    }  # fmt: skip
    assert [(e["record_no"], e["hit"]) for e in noisy.evidence("nz_ok_rate", "2024-06")] == [
        ("ZS-2024-0001", True), ("ZS-2024-0002", False), ("ZS-2024-0003", True),
    ]  # fmt: skip
    # it joins the figures over all visits without anyone naming it
    assert noisy.values("2024-06", "insp_visits", "person_times") == {"insp_visits": 3, "person_times": 4}
    assert noisy.values("2024-06", "insp_visits", by="form") == {"insp_visits:form=noise_check": 3}
    assert "nz_visits" in noisy.figures("2024-06")
    assert noisy.failed_rules("2024-06") == []


def test_a_finding_on_it_makes_a_rectification(noisy):
    answer = noisy.try_add("noise_check", check(findings=[{"desc": "夜间超时施工", "action": "限期整改"}]))
    (rect,) = answer.created("rectification")
    assert noisy.get("rectification", rect)["origin_id"] == answer.ids[0]
    assert noisy.get("noise_check", answer.ids[0])["findings"][0]["rect_id"] == rect


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    try:
        pages = []
        for page in document:
            words = page.get_textpage()
            pages.append(words.get_text_range())
            words.close()
            page.close()
        return "".join("".join(pages).split())
    finally:
        document.close()


def test_its_sheet_prints(noisy, tmp_path):
    rec = noisy.add1("noise_check", **check(decibel="61.5", permit="无", readings=[{"at": "22:30", "value": 60}]))
    noisy.run("sheet", "noise_check", rec, "--out", str(tmp_path / "表.pdf"))
    noisy.run("sheet", "noise_check", "--blank", "--out", str(tmp_path / "空.pdf"))
    filled, blank = text_of(tmp_path / "表.pdf"), text_of(tmp_path / "空.pdf")
    for word in ("夜间施工噪声检查", "ZS-2024-0001", "61.5", "鞋厂", "夜间噪声值", "22时30分", "均禾街道"):
        assert word in filled, word
    assert "夜间噪声值" in blank
    assert "61.5" not in blank


def test_excel_template_and_import(noisy, tmp_path):
    pytest.importorskip("envdesk.desk.exchange")
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "模板.xlsx"
    noisy.run("template", "noise_check", str(path))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    head = {str(c.value).strip("*"): c.column for row in sheet.iter_rows(max_row=4) for c in row if c.value}
    assert {"夜间噪声值", "声环境功能区", "监管对象", "人员"} <= {k.split("(")[0].split("（")[0] for k in head}
    rows = [["检查日期", "时段", "人员", "监管对象", "声环境功能区", "夜间噪声值"],
            ["2024-06-06", "夜间", "张三、李四", "鞋厂", "3类", 50.5], ["2024-06-07", "夜间", "张三、李四", "印刷厂", "2类", 49]]  # fmt: skip
    own = openpyxl.Workbook()
    for row in rows:
        own.active.append(row)
    own.save(tmp_path / "数据.xlsx")
    own.close()
    book.close()
    answer = noisy.call("import", "noise_check", str(tmp_path / "数据.xlsx"), "--accept-warnings")
    assert answer.code == 0, answer
    assert [r["decibel"] for r in noisy.rows("noise_check")] == [50.5, 49]
    rows[1][5] = "很吵"
    own = openpyxl.Workbook()
    for row in rows:
        own.active.append(row)
    own.save(tmp_path / "坏.xlsx")
    own.close()
    bad = noisy.call("import", "noise_check", str(tmp_path / "坏.xlsx"), "--accept-warnings")
    assert bad.code == 1
    assert "bad_number" in bad.codes()
    assert len(noisy.rows("noise_check")) == 2


def test_lint_is_clean_and_finds_a_slip(noisy):
    answer = noisy.call("lint-forms", *[str(f) for f in noisy.forms])
    assert (answer.code, [p for p in answer.out if "noise_check" in str(p)]) == (0, [])


def test_every_slip_is_named_at_once(office):
    slips = VISIT_FORM.replace('type = "decimal"', 'type = "decimel"', 1).replace(
        'choices = "present"', 'choices = "presnt"'
    )
    noisy = dropped(office, "--forms", slips + '\n[[rule]]\nid = "x"\nexpr = "decibal > 1"\nmesage = "x"\n')
    for words in (["list", "work_order"], ["lint-forms"]):
        answer = noisy.call(*words)
        assert answer.code == 1
        text = " ".join(p["message"] for p in answer.problems)
        assert "noise_check.toml:" in text
        for word in ("decimel", "mesage"):
            assert word in text
    # the office's own records are not harmed
    assert office.rows("work_order") == []


def test_a_changed_version_adds_a_column_and_old_records_stay_readable(noisy, tmp_path):
    old = noisy.add1("noise_check", **check(decibel=50))
    newer = dropped(noisy, "beside" if not noisy.forms else "--forms", CHANGED)

    row = newer.get("noise_check", old)
    assert (row["decibel"], row["distance_m"], row["level"]) == (50, None, "3类")
    assert newer.values("2024-06", "nz_visits") == {"nz_visits": 1}
    assert (0, "distance_m", "required") in newer.try_add("noise_check", check("印刷厂")).places()
    off = newer.try_add("noise_check", check("印刷厂", level="1类", distance_m=5))
    assert (0, "level", "choice_off") in off.places()
    new = newer.add1("noise_check", **check("印刷厂", level="4a类", distance_m=5))
    con = connect(newer.db)
    try:
        assert con.query("SELECT id, distance_m FROM t_noise_check ORDER BY record_no") == [(old, None), (new, 5)]
        versions = con.query(
            "SELECT r.id, v.text FROM t_noise_check r JOIN form_version v ON v.version = r.form_version"
        )
        texts = dict(versions)
        assert "distance_m" not in texts[old]
        assert "distance_m" in texts[new]
        assert con.query('SELECT "距敏感点" FROM "夜间施工噪声检查" ORDER BY "编号"') == [(None,), (5,)]
    finally:
        con.close()
    newer.run("sheet", "noise_check", old, "--out", str(tmp_path / "旧.pdf"))
    newer.run("sheet", "noise_check", new, "--out", str(tmp_path / "新.pdf"))
    assert "距敏感点" in text_of(tmp_path / "新.pdf")


def test_an_old_record_is_judged_by_its_own_version(noisy):
    old = noisy.add1("noise_check", **check())
    newer = dropped(noisy, "beside" if not noisy.forms else "--forms", CHANGED)
    answer = newer.try_edit("noise_check", old, remark="复核")
    assert (answer.code, answer.codes("error")) == (0, [])


def test_the_file_opens_without_the_form_and_keeps_its_rows(noisy):
    rec = noisy.add1("noise_check", **check())
    for folder in (noisy.db.parent / "forms", *noisy.forms):
        shutil.rmtree(folder, ignore_errors=True)
    without = Office(noisy.db)
    assert without.call("list", "noise_check").codes() == ["unknown_form"]
    assert without.values("2024-06", "insp_visits") == {"insp_visits": 0}
    again = dropped(without, "beside")
    assert again.get("noise_check", rec)["decibel"] == 50
    assert again.values("2024-06", "insp_visits") == {"insp_visits": 1}
