"""``add`` and the reading verbs as scripts use them: all or nothing, every problem named, nothing shown that is secret."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from office import call, firm, order, visit
from PIL import Image

from envdesk.errors import MESSAGES

HANZI = re.compile("[一-鿿]")


@pytest.fixture
def two_firms(office):
    office.add("subject", [firm("鞋厂"), firm("皮具厂", short_name="皮具", industry="皮具")])
    return office


def well_worded(answer):
    """Every problem has a known code and a Chinese sentence, and stands on stderr as well."""
    for p in answer.problems:
        assert set(p) == {"index", "field", "code", "message", "severity"}
        assert p["code"] in MESSAGES or p["code"].startswith("rule:"), p
        assert HANZI.search(p["message"]), p
        assert not re.search(r"\{|\}|None|Traceback", p["message"]), p
        assert f"{p['severity']} {p['code']} " in answer.err
        assert p["message"] in answer.err
    return True


# ------------------------------------------------------------------------------------------------------ all or nothing
def test_three_bad_of_a_hundred_store_nothing_and_all_are_named(two_firms):
    good = [order(f"n{n}", "2024-06-01") for n in range(100)]
    good[7] |= {"source": "热线", "received_at": "2024-13-01"}
    good[42] |= {"repeat_no": 0, "dup_of": "没有这一件", "extensions": [{"reason": "补测", "new_due": "x"}]}
    del good[99]["content"]
    answer = two_firms.try_add("work_order", good)

    assert answer.code == 1
    assert (answer.out["ids"], answer.out["created"]) == ([], [])
    assert well_worded(answer)
    assert {(i, f, c) for i, f, c in answer.places() if i is not None and c != "calendar_missing"} >= {
        (7, "source", "bad_choice"), (7, "received_at", "bad_date"), (42, "repeat_no", "too_small"),
        (42, "dup_of", "unknown_ref"), (42, "extensions[0].new_due", "bad_date"),
        (42, "extensions[0].applied_at", "required"), (99, "content", "required"),
    }  # fmt: skip
    assert {p["index"] for p in answer.problems if p["severity"] == "error"} == {7, 42, 99}
    assert two_firms.rows("work_order") == []
    assert two_firms.rows("person") == []
    # the same list without the three goes in, and numbers start at one: the refused batch used none
    kept = [o for n, o in enumerate(good) if n not in (7, 42, 99)]
    numbers = two_firms.try_add("work_order", kept)
    assert [c["record_no"] for c in numbers.out["created"]] == [f"GD-2024-{n:04}" for n in range(1, 98)]
    assert len(numbers.ids) == 97


def test_a_required_field_that_was_given_wrong_is_named_once(two_firms):
    answer = two_firms.try_add("work_order", order("1", "2024-06-01", source="热线"))
    assert [p["code"] for p in answer.problems if p["field"] == "source"] == ["bad_choice"]


def test_not_an_object(two_firms):
    answer = two_firms.try_add("work_order", [order("1", "2024-06-01"), "二", 3])
    assert answer.code == 1
    assert {(p["index"], p["code"]) for p in answer.problems if p["severity"] == "error"} == {
        (1, "not_object"), (2, "not_object"),
    }  # fmt: skip
    assert two_firms.rows("work_order") == []
    assert two_firms.try_add("work_order", []).problems[0]["code"] == "no_records"


def test_a_new_person_of_a_refused_batch_is_not_added(two_firms):
    answer = two_firms.try_add(
        "inspection", [visit("鞋厂", "2024-06-01"), visit("没有的厂", "2024-06-01", ["赵六", "钱七"])]
    )
    assert answer.code == 1
    assert (1, "subject_id", "unknown_ref") in answer.places()
    for form in ("person", "outing", "visit", "inspection"):
        assert two_firms.rows(form) == []


# --------------------------------------------------------------------------------------------------------- soft orders
def test_an_order_goes_in_with_four_fields(office):
    four = {"source": "12345", "received_at": "2024-06-03 09:10", "content": "有异味", "order_no": "A1"}
    answer = office.try_add("work_order", four)

    assert answer.code == 0
    assert {p["severity"] for p in answer.problems} == {"hint"}
    assert {"kind", "pollution", "location", "handler", "verdict", "measures", "close_type"} <= {
        p["field"] for p in answer.problems
    }
    stored = office.get("work_order", "A1")
    assert {h["field"] for h in stored["hints"]} == {p["field"] for p in answer.problems}
    assert stored["due_date"] == "2024-06-18"
    assert stored["state"] == "超期"
    refused = office.try_edit("work_order", "A1", closed_at="2024-06-05")
    assert refused.code == 1
    assert {p["field"] for p in refused.problems if p["severity"] == "error"} == {
        "kind", "pollution", "location", "handler", "verdict", "measures",
    }  # fmt: skip
    office.edit(
        "work_order", "A1", closed_at="2024-06-05", kind="投诉", pollution=["大气-恶臭异味"], location="石马", handler="陈七",
        verdict="属实", measures="已整改", grid_id="石马",
    )  # fmt: skip
    assert "hints" not in office.get("work_order", "A1")


@pytest.mark.parametrize("source", ["12345", "12369", "网上信访/留言"])
def test_order_no_binds_for_numbered_sources_only(office, source):
    bare = {"received_at": "2024-06-03", "content": "有异味"}
    answer = office.try_add("work_order", bare | {"source": source})
    assert (0, "order_no", "required") in {(*k,) for k in answer.places()}
    assert answer.code == 1
    assert office.try_add("work_order", bare | {"source": "领导批示"}).code == 0


def test_received_at_defaults_to_now(office):
    rec = office.add1("work_order", source="领导批示", content="巡查")
    assert office.get("work_order", rec)["received_at"] == "2024-12-31T23:59"


# --------------------------------------------------------------------------------------------------- what is not known
def test_unknown_key_is_refused_with_a_guess(office):
    answer = office.try_add("work_order", order("1", "2024-06-01", recieved_at="2024-06-01", xyz=None))
    assert answer.code == 1
    found = {p["field"]: p for p in answer.problems if p["code"] == "unknown_key"}
    assert set(found) == {"recieved_at", "xyz"}
    assert "是不是“received_at”" in found["recieved_at"]["message"]
    assert "是不是" not in found["xyz"]["message"]
    nested = office.try_add("work_order", order("1", "2024-06-01", revisit=[{"date": "2024-06-02", "resul": "满意"}]))
    assert (0, "revisit[0].resul", "unknown_key") in nested.places()


def test_unknown_names_of_forms_figures_and_choices_get_a_guess(office):
    for words, code, near in (
        (["list", "work_ordr"], "unknown_form", "work_order"),
        (["figures", "--period", "2024-06", "--figure", "wo_rat"], "unknown_figure", "wo_rate"),
        (["figures", "--period", "2024-06", "--figure", "wo_rate", "--by", "sorce"], "unknown_dimension", "source"),
        (["set", "person_times", "检查"], "unknown_setting", "person_times_by"),
    ):
        answer = office.call(*words)
        assert (answer.code, answer.codes()) == (1, [code])
        assert f"是不是“{near}”" in answer.problems[0]["message"]
        assert well_worded(answer)
    answer = office.try_add("work_order", order("1", "2024-06-01", verdict="部份属实"))
    assert "是不是“部分属实”" in next(p["message"] for p in answer.problems if p["code"] == "bad_choice")


def test_references_by_id_number_key_name_short_name_and_alias(two_firms):
    two_firms.edit("subject", "鞋厂", aliases=["红星鞋厂"], short_name="鞋")
    row = two_firms.get("subject", "鞋厂")
    for n, text in enumerate((row["id"], row["record_no"], "鞋厂", "鞋", "红星鞋厂")):
        rec = two_firms.add1("inspection", **visit(text, f"2024-06-0{n + 1}"))
        assert two_firms.get("inspection", rec)["subject_id"] == row["id"]


def test_ambiguous_and_unknown_references(two_firms):
    two_firms.add("subject", firm("鞋厂", warnings="accept"))
    answer = two_firms.try_add("inspection", [visit("鞋厂", "2024-06-01"), visit("纸厂", "2024-06-01")])
    assert {(0, "subject_id", "ambiguous_ref"), (1, "subject_id", "unknown_ref")} <= answer.places()
    assert well_worded(answer)
    assert "2" in next(p["message"] for p in answer.problems if p["code"] == "ambiguous_ref")
    assert two_firms.call("get", "subject", "鞋厂").codes() == ["ambiguous_ref"]


def test_new_people_are_hinted_and_namesakes_told_apart(two_firms):
    answer = two_firms.try_add("inspection", visit("鞋厂", "2024-06-01", ["李敏(44010001)", "赵六"]))
    assert answer.codes().count("new_person") == 2
    assert [p["severity"] for p in answer.problems if p["code"] == "new_person"] == ["hint", "hint"]
    assert [(p["name"], p["badge_no"]) for p in two_firms.rows("person")] == [("李敏", "44010001"), ("赵六", None)]
    # known now: no hint, and full-width brackets are the same
    again = two_firms.try_add("inspection", visit("皮具", "2024-06-01", ["李敏（44010001）", "赵六"]))
    assert "new_person" not in again.codes()
    two_firms.add("person", {"name": "李敏", "badge_no": "44010002", "warnings": "accept"})
    twice = two_firms.try_add("inspection", visit("鞋厂", "2024-06-02", ["李敏", "赵六"]))
    assert (twice.code, (0, "people", "ambiguous_ref") in twice.places()) == (1, True)
    rec = two_firms.add1("inspection", **visit("鞋厂", "2024-06-02", ["李敏(44010002)", "赵六"]))
    assert two_firms.get("inspection", rec)["people"] == ["李敏", "赵六"]
    assert len(two_firms.rows("person")) == 3


def test_objects_may_refer_to_earlier_ones_of_the_list(office):
    ids = office.add("work_order", [order("1", "2024-06-01"), order("2", "2024-06-02", dup_of="1")])
    assert office.get("work_order", "2")["dup_of"] == ids[0]
    assert office.get("work_order", "2")["refs"]["dup_of"] == "1"
    later = office.try_add("work_order", [order("3", "2024-06-01", dup_of="4"), order("4", "2024-06-02")])
    assert (later.code, (0, "dup_of", "unknown_ref") in later.places()) == (1, True)


def test_the_same_order_twice_is_refused(office):
    office.add("work_order", order("1", "2024-06-01"))
    answer = office.try_add("work_order", order("1", "2024-06-05"))
    assert answer.code == 1
    assert (0, "order_no", "not_unique") in answer.places()
    assert well_worded(answer)
    assert office.try_add("work_order", order("1", "2024-06-05", source="12369")).code == 0
    assert office.try_edit("work_order", "GD-2024-0002", source="12345").codes("error") == ["not_unique"]
    office.edit("work_order", "GD-2024-0001", content="已核对")
    in_one_list = office.try_add("work_order", [order("2", "2024-06-05"), order("2", "2024-06-06")])
    assert (1, "order_no", "not_unique") in in_one_list.places()
    office.void("work_order", "GD-2024-0001")
    assert office.try_add("work_order", order("1", "2024-06-05")).code == 0


# ------------------------------------------------------------------------------------------------ warnings, hints, null
def test_a_warning_is_refused_until_it_is_accepted(two_firms):
    sheet = visit("鞋厂", "2024-06-01", visit_kind="行政检查")
    del sheet["warnings"]
    refused = two_firms.try_add("inspection", sheet)
    assert refused.code == 1
    assert refused.codes("warning") == ["rule:two_badges"]
    assert two_firms.rows("inspection") == []
    assert well_worded(refused)

    accepted = two_firms.try_add("inspection", sheet | {"warnings": "accept"})
    assert accepted.code == 0
    assert accepted.codes("warning") == ["rule:two_badges"]
    stored = two_firms.get("inspection", accepted.ids[0])["hints"]
    assert {"field": "people", "code": "rule:two_badges", "severity": "warning"} in stored
    # accepting covers warnings, never errors
    bad = two_firms.try_add("inspection", sheet | {"warnings": "accept", "result": "发现问题"})
    assert (bad.code, "rule:finding_missing" in bad.codes("error")) == (1, True)


def test_null_is_absent(two_firms):
    sheet = visit("鞋厂", "2024-06-01", source=None, result=None, extra_people=None, session=None, findings=None)
    rec = two_firms.add1("inspection", **sheet)
    row = two_firms.get("inspection", rec)
    assert (row["source"], row["result"], row["extra_people"], row["session"]) == ("日常检查", "未发现问题", 0, "夜间")
    assert row["findings"] == []
    missing = two_firms.try_add("inspection", visit(None, "2024-06-01"))
    assert (0, "subject_id", "required") in missing.places()


def test_bool_number_date_and_two_level_words(office):
    for n, (given, stored) in enumerate(((True, True), ("是", True), ("true", True), (False, False), ("否", False))):
        rec = office.add1("work_order", **order(f"b{n}", "2024-06-01", anonymous=given))
        assert office.get("work_order", rec)["anonymous"] is stored
    rec = office.add1(
        "subject", **firm("甲", lat="23.250001", lng=113.27, key_unit="是", must_declare_years=[2024, 2023])
    )
    row = office.get("subject", rec)
    assert (row["lat"], row["lng"], row["must_declare_years"]) == (23.250001, 113.27, [2023, 2024])
    two = office.add1("work_order", **order("p", "2024-06-01", pollution=["大气-油烟", "水"]))
    assert office.get("work_order", two)["pollution"] == ["大气-油烟", "水"]
    wrong = office.try_add(
        "subject", firm("乙", lat="23.1234567", lng="abc", usc_code="123", phone="12", waste_class="危废重点")
    )
    assert {("lat", "too_many_decimals"), ("lng", "bad_number"), ("usc_code", "bad_usc"), ("phone", "bad_phone")} <= {
        (p["field"], p["code"]) for p in wrong.problems
    }
    assert "waste_class" not in {p["field"] for p in wrong.problems}  # the text in () is a hint
    assert well_worded(wrong)


def test_a_date_after_today_is_refused(two_firms):
    answer = two_firms.try_add("inspection", visit("鞋厂", "2025-01-01"))
    assert (answer.code, [p["field"] for p in answer.problems if p["severity"] == "error"]) == (1, ["visit_date"])


# ----------------------------------------------------------------------------------------------------------- exit codes
@pytest.mark.parametrize(
    "words",
    [[], ["nonsense"], ["add"], ["figures"], ["figures", "--period"], ["list", "work_order", "--limit", "x"],
     ["void", "work_order", "1"], ["sheet", "work_order", "--out", "x.pdf"], ["seal"], ["undo", "x"], ["list", "a", "--q"]],
)  # fmt: skip
def test_usage_errors_exit_two(office, words):
    answer = office.call(*words)
    assert answer.code == 2
    assert HANZI.search(answer.err + str(answer.out))


def test_options_may_follow_the_verb(office):
    office.add("work_order", order("1", "2024-06-01"))
    answer = call(["list", "work_order", "--db", str(office.db), "--json", "--as-of", "2024-12-31"])
    assert [r["order_no"] for r in answer.out] == ["1"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["get", "work_order", "nix"], "not_found"),
        (["figures", "--period", "2024-13"], "bad_period"),
        (["list", "work_order", "--where", "no_such_key = 1"], "bad_expression"),
        (["list", "work_order", "--where", "1; drop table t_work_order"], "bad_expression"),
        (["void", "work_order", "nix", "--why", "错"], "not_found"),
        (["undo", "999"], "undo_unknown"),
        (["report", "--period", "2024-06", "--out", "x.txt"], "bad_out"),
        (["add", "visit", "-"], "shared_form"),
        (["add", "work_order", "no_such_file.json"], "file_missing"),
    ],
)
def test_refusals_exit_one_with_code_and_sentence(office, words, code):
    answer = office.call(*words, stdin=[{}])
    assert (answer.code, answer.codes()) == (1, [code])
    assert well_worded(answer)


def test_bad_json_and_bad_files(office, tmp_path):
    assert office.call("add", "work_order", "-", stdin=b"{not json").codes() == ["bad_json"]
    assert office.call("add", "work_order", "-", stdin=b"\xff\xfe").codes() == ["bad_json"]
    assert office.call("add", "work_order", "-", stdin=b"[" * 100_000).codes() == ["bad_json"]
    (tmp_path / "other.envdesk").write_text("no database", encoding="utf-8")
    for db, code in (("other.envdesk", "db_not_ours"), ("missing.envdesk", "db_missing")):
        answer = call(["--db", str(tmp_path / db), "--json", "list", "work_order"])
        assert (answer.code, answer.codes()) == (1, [code])


def test_in_a_process_of_its_own(office, tmp_path):
    """The same through ``python -m envdesk``: exit codes, UTF-8 both ways, files with a byte order mark."""
    source = tmp_path / "工单.json"
    source.write_bytes(b"\xef\xbb\xbf" + json.dumps([order("1", "2024-06-01")], ensure_ascii=False).encode())
    env = {**os.environ, "PYTHONIOENCODING": "gbk"}  # a console of another code page must not matter

    def run(*words, stdin=b""):
        command = [sys.executable, "-m", "envdesk", *office.words(*words)]
        root = Path(__file__).resolve().parents[2]
        return subprocess.run(command, input=stdin, capture_output=True, env=env, cwd=root, check=False, timeout=60)

    done = run("add", "work_order", str(source))
    assert (done.returncode, json.loads(done.stdout)["created"][0]["record_no"]) == (0, "GD-2024-0001")
    refused = run("add", "work_order", "-", stdin=json.dumps({"source": "热线"}).encode())
    assert refused.returncode == 1
    assert "bad_choice" in refused.stderr.decode()
    assert "来源" in refused.stderr.decode()
    assert run("figures").returncode == 2
    rows = json.loads(run("list", "work_order").stdout)
    assert [r["content"] for r in rows] == ["夜间噪声扰民"]


# --------------------------------------------------------------------------------------------------------------- photos
def test_photos_are_relative_to_the_json(two_firms, tmp_path):
    folder = tmp_path / "现场"
    folder.mkdir()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(folder / "一.jpg")
    (folder / "通知.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    listing = tmp_path / "检查.json"
    sheet = visit("鞋厂", "2024-06-01", photos=["现场/一.jpg"], files=[{"path": "现场/通知.pdf", "kind": "签字原件"}])
    listing.write_text(json.dumps(sheet, ensure_ascii=False), encoding="utf-8")
    rec = two_firms.run("add", "inspection", str(listing))["ids"][0]

    row = two_firms.get("inspection", rec)
    assert [p["name"] for p in row["photos"]] == ["一.jpg"]
    assert [(f["name"], f["kind"]) for f in row["files"]] == [("通知.pdf", "签字原件")]
    beside = two_firms.db.with_name(two_firms.db.name + ".files")
    assert {p.name for p in beside.rglob("*") if p.is_file()} >= {row["photos"][0]["sha256"], row["files"][0]["sha256"]}

    listing.write_text(
        json.dumps(sheet | {"photos": ["现场/二.jpg", "现场/通知.pdf"]}, ensure_ascii=False), encoding="utf-8"
    )
    refused = two_firms.call("add", "inspection", str(listing))
    assert refused.code == 1
    assert {(0, "photos[0]", "file_missing")} <= refused.places()
    assert any(p["field"] == "photos[1]" and p["severity"] == "error" for p in refused.problems)
    assert well_worded(refused)


# -------------------------------------------------------------------------------------------------------- personal data
SECRET = {"complainant": "欧阳静", "phone": "13812345678"}


def test_personal_data_is_masked_everywhere(two_firms):
    two_firms.add("work_order", order("1", "2024-06-01", **SECRET))
    two_firms.add("inspection", visit("鞋厂", "2024-06-01", site_person="欧阳静", site_phone="13812345678"))
    two_firms.edit("work_order", "1", phone="13900001111")
    for form, rec in (("work_order", "1"), ("inspection", "XC-2024-0001")):
        for words in (["get", form, rec], ["list", form], ["history", form, rec], ["list", form, "--search", "扰民"]):
            text = json.dumps(two_firms.run(*words), ensure_ascii=False)
            for value in ("欧阳静", "13812345678", "13900001111"):
                assert value not in text, words
    row = two_firms.get("work_order", "1")
    assert (row["complainant"], row["phone"]) == ("欧**", "139****1111")
    # not found by it either, and a filter does not sort it out
    assert two_firms.rows("work_order", "--search", "欧阳静") == []
    assert two_firms.rows("work_order", "--search", "13900001111") == []
    plain = call([*[w for w in two_firms.words() if w != "--json"], "list", "work_order"]).out
    assert "欧阳静" not in str(plain)


def test_reveal_needs_a_reason_and_is_logged(two_firms):
    rec = two_firms.add1("work_order", **order("1", "2024-06-01", **SECRET))
    for words in (["get", "work_order", "1", "--reveal"], ["list", "work_order", "--reveal"],
                  ["get", "work_order", "1", "--reveal", "--why", " "]):  # fmt: skip
        answer = two_firms.call(*words)
        assert (answer.code, answer.codes()) == (1, ["why_needed"])
        assert "欧阳静" not in answer.err
    shown = two_firms.run("get", "work_order", "1", "--reveal", "--why", "回访")
    assert (shown["complainant"], shown["phone"]) == ("欧阳静", "13812345678")
    two_firms.run("list", "work_order", "--reveal", "--why", "核对")
    log = [line for line in two_firms.run("history", "work_order", rec) if line["verb"] == "reveal"]
    assert [(line["why"], line["who"]) for line in log] == [("回访", "李敏"), ("核对", "李敏")]


def test_a_sentence_names_no_option_but_the_command_line_adds_it(two_firms):
    assert [text for text in MESSAGES.values() if " --" in text or "（--" in text] == []
    answer = two_firms.call("list", "work_order", "--reveal")
    assert answer.err.rstrip().endswith("请写明原因。（--why）")
    assert answer.problems[0]["message"] == "请写明原因。"


def test_problem_sentences_do_not_repeat_personal_data(two_firms):
    two_firms.add("inspection", visit("鞋厂", "2024-06-01", site_person="欧阳静"))
    answer = two_firms.try_add("vocs_check", visit("鞋厂", "2024-06-01", site_person="司马光") | {"warnings": "refuse"})
    text = answer.err + json.dumps(answer.out, ensure_ascii=False)
    assert "visit_header_differs" in text
    assert "欧阳静" not in text
    assert "司马光" not in text


# ---------------------------------------------------------------------------------------------------------------- lists
LISTED = ((1, "2024-05-31T23:59", "机器响"), (2, "2024-06-30T23:59", "臭气"), (3, "2024-07-01", "机器响"))


def test_list_filters(two_firms):
    two_firms.add("work_order", [order(f"{n}", day, content=text) for n, day, text in LISTED])

    def found(*words):
        return [r["order_no"] for r in two_firms.rows("work_order", *words)]

    assert found("--period", "2024-06") == ["2"]
    assert found("--period", "2024-06-30") == ["2"]
    assert found("--search", "臭") == ["2"]
    assert found("--search", "gd-2024-0003") == ["3"]
    assert found("--search", "机器 石马") == ["1", "3"]
    assert found("--where", "received_at >= '2024-06-15'") == ["2", "3"]
    assert found("--where", "state = '超期' and order_no > '2'") == ["3"]
    assert found("--limit", "2") == ["1", "2"]
    two_firms.void("work_order", "1")
    assert found() == ["2", "3"]
    assert [r["id"] for r in two_firms.rows("subject", "--search", "xc")] == [two_firms.get("subject", "鞋厂")["id"]]


def test_search_words_are_taken_literally(office):
    office.add(
        "work_order", [order("1", "2024-06-01", content="超标100%"), order("2", "2024-06-01", content="超标1000")]
    )
    assert [r["order_no"] for r in office.rows("work_order", "--search", "100%")] == ["1"]
    assert office.rows("work_order", "--search", "_") == []
    assert office.rows("work_order", "--search", "' or 1=1 --") == []


@pytest.mark.parametrize(
    "where",
    ["(1", "1)", "count(*) > 1", "order_no = ?", "order_no = ?1", "order_no = $a", "order_no = [id]", "1 -- x", "1; select 1",
     "1), 0) or coalesce((1", "id in (select id from sqlite_master)", "load_extension('x')", "order_no =", "sum(1)"],
)  # fmt: skip
def test_a_wrong_condition_is_refused_with_words(office, where):
    answer = office.call("list", "work_order", "--where", where)
    assert (answer.code, answer.codes()) == (1, ["bad_expression"])
    assert well_worded(answer)


@pytest.mark.parametrize(
    ("form", "where"),
    [("work_order", "complainant = '欧阳静'"), ("work_order", '"phone" like \'138%\''), ("inspection", "order.complainant = '欧阳静'"),
     ("inspection", "order_id in (select w.id from work_order w where w.complainant = '欧阳静')")],
)  # fmt: skip
def test_a_condition_does_not_find_out_secrets(two_firms, form, where):
    two_firms.add("work_order", order("1", "2024-06-01", **SECRET))
    two_firms.add("inspection", visit("鞋厂", "2024-06-01", order_id="1"))
    assert two_firms.call("list", form, "--where", where).codes() == ["bad_expression"]
    assert len(two_firms.rows(form, "--where", where, "--reveal", "--why", "核对")) == 1
    assert len(two_firms.rows("subject", "--where", "phone is null")) == 2


@pytest.mark.parametrize("people", [5, ["()"], {"name": "张三"}, [["张三"]], [{"name": "张三"}], True])
def test_people_are_names(two_firms, people):
    answer = two_firms.try_add("inspection", visit("鞋厂", "2024-06-01", people))
    assert (0, "people", "bad_type") in answer.places()
    assert two_firms.rows("person") == []


def test_text_that_is_no_text(office):
    raw = b'{"source":"12345","order_no":"s1","received_at":"2024-06-01","content":"a\\ud800\\u0000b"}'
    assert office.call("add", "work_order", "-", stdin=raw).code == 0
    assert office.get("work_order", "s1")["content"] == "ab"
    assert office.call("figures", "--period", "2024-06", "--by", "nonsense").codes() == ["unknown_dimension"]
