"""A month that stays closed: the sealed print, papers given out, 校验码, 补录 and 更正 and what the next print says of them."""

import openpyxl
import pypdfium2
import pytest
from office import call, firm, order, visit

JUNE, JULY = "2024-06", "2024-07"


@pytest.fixture(scope="module")
def june(new_file, tmp_path_factory):
    """An office whose June is printed and sealed, to be copied."""
    import shutil

    from office import Office

    folder = tmp_path_factory.mktemp("六月")
    office = Office(folder / "台账.envdesk", today="2024-07-02")
    shutil.copy(new_file, office.db)
    office.add("grid", {"code": "G1", "name": "石马", "kind": "联社"})
    office.add("subject", [firm("鞋厂"), firm("皮具厂", industry="皮具")])
    office.add("inspection", visit("鞋厂", "2024-06-06", findings=[{"desc": "地面积水"}]))
    office.add(
        "work_order",
        [
            order("1", "2024-06-03", closed_at="2024-06-05", grid_id="石马"),
            order("2", "2024-06-13", grid_id="石马", due_date="2024-07-20"),
        ],
    )
    office.run("report", "--period", JUNE, "--out", str(folder / "六月.pdf"))
    office.sealed = office.run("seal", "--period", JUNE)
    return office, (folder / "六月.pdf").read_bytes()


@pytest.fixture
def office(june, data_dir):
    import shutil

    from office import Office

    made = Office(data_dir / "台账.envdesk", today="2024-07-10")
    shutil.copy(june[0].db, made.db)
    return made


def words(data):
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def table(data):
    """The words of a paper without when and under which number it was made."""
    return [line for line in words(data).splitlines() if "生成时间" not in line and "出具编号" not in line]


def printed(office, out, *more, period=JUNE):
    office.run("report", "--period", period, "--out", str(out), *more)
    return out.read_bytes()


LATE = visit("皮具厂", "2024-06-20", session="下午", findings=[{"desc": "门窗未关"}])


def late_and_corrected(office):
    office.add("inspection", LATE, "--why", "漏录一张检查表")
    rec = next(r["id"] for r in office.rows("work_order") if r["order_no"] == "1")
    office.run("edit", "work_order", rec, "-", "--why", "来源登记有误", stdin={"source": "来访", "warnings": "accept"})


def test_a_reprint_of_a_sealed_month_is_the_sealed_one_whatever_happened_since(office, june, tmp_path):
    first = printed(office, tmp_path / "一.pdf")
    assert table(first) == table(june[1])
    late_and_corrected(office)
    office.add("subject", firm("新鞋厂", register_from="2024-01-01"))
    office.run("set", "person_times_by", "检查")
    office.run("set", "office_name", "改名后的办公室")
    office.add(
        "task_target", {"year": 2024, "level": "区下达", "target": 66, "from": "2024-01-01", "figure_id": "insp_visits"}
    )
    assert printed(office, tmp_path / "二.pdf") == first  # byte for byte
    assert printed(office.at("2025-03-01"), tmp_path / "三.pdf") == first
    with_db = office.run("report", "--issued", "--period", JUNE)
    assert [r["sealed"] for r in with_db] == [True, False]
    assert len({r["code"] for r in with_db}) == 1
    # a draft is of today and carries no code
    draft = words(printed(office, tmp_path / "草.pdf", "--draft"))
    assert "校验码" not in draft
    assert "改名后的办公室" in draft


def test_a_sealed_month_that_was_never_printed_prints_what_was_sealed(office, june, tmp_path):
    from envdesk.sql import connect

    late_and_corrected(office)
    con = connect(office.db)
    con.execute("DELETE FROM issued")
    con.close()
    again = printed(office, tmp_path / "后.pdf")
    assert table(again) == table(june[1])
    assert "出具编号：2024-0002" in words(again)


def test_every_official_paper_is_kept_and_saved_again(office, june, tmp_path):
    (first,) = office.run("report", "--issued")
    assert (first["number"], first["format"], first["made_by"]) == ("2024-0001", "pdf", "李敏")
    office.run("report", "--reissue", "2024-0001", "--out", str(tmp_path / "再.pdf"))
    assert (tmp_path / "再.pdf").read_bytes() == june[1]
    printed(office, tmp_path / "草.pdf", "--draft")
    assert len(office.run("report", "--issued")) == 1  # a draft is no paper
    answer = office.call("report", "--reissue", "2024-0009", "--out", str(tmp_path / "无.pdf"))
    assert (answer.code, answer.codes()) == (1, ["unknown_issue"])
    answer = office.call("report", "--reissue", "2024-0001", "--out", str(tmp_path / "无.docx"))
    assert (answer.code, answer.codes()) == (1, ["bad_out"])
    (tmp_path / "夹.pdf").mkdir()
    assert office.call("report", "--period", "2024Q2", "--out", str(tmp_path / "夹.pdf")).code == 1
    done = office.run("report", "--period", "2024Q2", "--out", str(tmp_path / "季.pdf"))
    assert done["number"] == "2024-0002"  # the print that failed took no number


def test_a_code_tells_its_paper(office, june):
    code = office.run("report", "--issued")[0]["code"]
    assert code == office.run("check-code", code)["code"] == june[0].sealed["codes"]["monthly"]
    told = office.run("check-code", f"ENVDESK;20240601-20240630;{code.lower()}")
    assert (told["match"], told["period"], told["equal"], told["changes"]) == (True, JUNE, True, [])
    assert told["sealed"]["by"] == "李敏"
    assert [p["number"] for p in told["issued"]] == ["2024-0001"]
    assert "与月结一致" in told["message"]
    assert "一致" in told["message"]
    late_and_corrected(office)
    told = office.run("check-code", code.replace("-", ""))
    assert told["equal"] is False
    changed = {c["id"]: (c["then"], c["now"]) for c in told["changes"]}
    assert changed["insp_visits"] == ("1", "2")
    assert "与现在的台账不同" in told["message"]
    for wrong in ("0000-0000-0000", code[:-1], "校验码", ""):
        answer = office.call("check-code", wrong)
        assert (answer.code, answer.codes()) == (1, ["unknown_code"])
        assert "没有出具过" in answer.problems[0]["message"]


def test_the_code_changes_with_every_figure_period_cut_and_template(office, tmp_path):
    codes = {
        printed_code(office, tmp_path / f"{n}.pdf", period) for n, period in enumerate(("2024Q2", "2024H1", "2024-05"))
    }
    codes.add(printed_code(office.at("2024-07-31"), tmp_path / "七.pdf", "2024Q2"))
    before = printed_code(office, tmp_path / "a.pdf", "2024-07")
    assert printed_code(office, tmp_path / "b.pdf", "2024-07") == before
    office.add("inspection", visit("鞋厂", "2024-07-04"))
    codes |= {before, printed_code(office, tmp_path / "c.pdf", "2024-07")}
    assert len(codes) == 6


def printed_code(office, out, period):
    return office.run("report", "--period", period, "--out", str(out))["code"]


def test_the_next_print_says_what_was_entered_late_and_corrected(office, tmp_path):
    quiet = words(printed(office.at("2024-07-31"), tmp_path / "静.pdf", period=JULY))
    assert "更正说明" not in quiet
    late_and_corrected(office)
    sealed = office.figures(JUNE, "insp_visits")["insp_visits"]
    assert (sealed["value"], sealed["year_to_date"]) == (2, 2)  # live figures include it
    july = "".join(words(printed(office.at("2024-07-31"), tmp_path / "七.pdf", period=JULY)).split())
    assert "更正说明：2024年6月含补录1件、更正1件" in july
    assert "检查企业由1家次更正为2家次" in july
    assert "已计入本年累计" in july
    office.at("2024-08-02").run("seal", "--period", JULY)
    august = words(printed(office.at("2024-08-31"), tmp_path / "八.pdf", period="2024-08"))
    assert "更正说明" not in august  # told already
    # opened and sealed again, June itself says so
    assert office.call("unseal", "--period", JUNE, "--why", " ").code == 1
    office.run("unseal", "--period", JUNE, "--why", "区局要求更正")
    june = "".join(words(printed(office.at("2024-08-10"), tmp_path / "六.pdf")).split())
    assert "更正说明：本期含补录1件、更正1件" in june
    assert "检查企业由1家次更正为2家次" in june
    office.at("2024-08-11").run("seal", "--period", JUNE)
    again = "".join(words(printed(office.at("2024-09-11"), tmp_path / "再.pdf")).split())
    assert "更正说明：本期含补录1件、更正1件" in again


def test_taken_back_it_is_not_told(office, tmp_path):
    office.add("inspection", LATE, "--why", "漏录一张检查表")
    assert office.call("undo").code == 1
    office.run("undo", "--why", "录错单位")
    assert "更正说明" not in words(printed(office.at("2024-07-31"), tmp_path / "七.pdf", period=JULY))
    # what was there before the seal and is taken back after it is a correction
    orders = [r for r in office.rows("work_order") if r["order_no"] == "2"]
    office.void("work_order", orders[0]["id"])
    assert "更正1件" in words(printed(office.at("2024-07-31"), tmp_path / "又.pdf", period=JULY))


def test_every_write_path_is_refused_without_a_reason(office, tmp_path):
    rec = next(r["id"] for r in office.rows("work_order") if r["order_no"] == "1")
    sheet = office.rows("inspection")[0]["id"]
    for words_of, stdin in (
        (("add", "inspection", "-"), LATE),
        (("edit", "work_order", rec, "-"), {"source": "来访", "warnings": "accept"}),
        (("edit", "inspection", sheet, "-"), {"people": ["王五", "赵六"], "warnings": "accept"}),
        (("edit", "inspection", sheet, "-"), {"vehicles": 3, "warnings": "accept"}),
        (("undo",), None),
    ):
        answer = office.call(*words_of, stdin=stdin)
        assert answer.code == 1, words_of
        assert answer.codes("error") == ["sealed"], words_of
    assert office.call("void", "work_order", rec, "--why", " ").codes() == ["why_needed"]
    book = tmp_path / "工单.csv"
    book.write_text(
        "工单编号,来源,派单时间,工单内容,诉求类型,污染类型\n9,12345,2024-06-20 09:00,噪声,投诉,噪声-工业\n", "utf-8-sig"
    )
    answer = office.call("import", "work_order", str(book), "--accept-warnings")
    assert answer.code == 1
    assert "sealed" in answer.codes("error")
    assert office.call("import", "work_order", str(book), "--accept-warnings", "--why", "漏录").code == 0
    # a later event of a June order needs none
    open_order = next(r["id"] for r in office.rows("work_order") if r["order_no"] == "2")
    office.edit(
        "work_order",
        open_order,
        closed_at="2024-07-09",
        verdict="属实",
        measures="已责令改正",
        close_type="办结",
        warnings="accept",
    )


def test_sealing_twice_and_unsealing_what_is_open(office):
    assert office.call("seal", "--period", JUNE).codes() == ["already_sealed"]
    assert office.call("unseal", "--period", "2024-05", "--why", "核对").codes() == ["not_sealed"]


def test_warnings_are_shown_and_stop_nothing(office, tmp_path):
    office.add("inspection", visit("皮具厂", "2024-07-04", ["张三"]))
    answer = office.call("report", "--period", JULY, "--out", str(tmp_path / "七.pdf"))
    assert answer.code == 0
    assert "warning R19-二人" in answer.err
    assert "warning R19-二人" in call(office.words("seal", "--period", JULY)).err


def rules(office, period=JUNE):
    return {r["rule"]: r for r in office.run("reconcile", "--period", period)}


def test_r17_names_the_figures_and_the_records(office):
    assert rules(office)["R17"]["status"] == "pass"
    late_and_corrected(office)
    found = rules(office)["R17"]
    assert (found["level"], found["status"]) == ("warn", "fail")
    assert "含补录1件、更正1件" in found["message"]
    assert "检查企业由1家次更正为2家次" in found["message"]
    assert {r["form"] for r in found["records"]} == {"inspection", "work_order"}


def test_r17_of_a_paper_that_was_given_out_and_never_sealed(office, tmp_path):
    printed(office, tmp_path / "五.pdf", period="2024-05")
    assert rules(office, "2024-05")["R17"]["status"] == "pass"
    office.add("work_order", order("9", "2024-05-20", closed_at="2024-05-22"))
    found = rules(office, "2024-05")["R17"]
    assert "与 2024-07-10 出具的 2024-0002 号报表的数不同" in found["message"]
    assert "办结率由—更正为100%" in found["message"]
    assert "收到由0件更正为1件" in found["message"]
    again = "".join(words(printed(office, tmp_path / "又.pdf", period="2024-05")).split())
    assert "更正说明：本期" in again
    assert "收到由0件更正为1件" in again


def test_r17_of_a_quarter_of_sealed_months(office):
    for month in ("2024-04", "2024-05"):
        office.run("seal", "--period", month)
    assert rules(office, "2024Q2")["R17-各月"]["status"] == "pass"
    late_and_corrected(office)
    found = rules(office, "2024Q2")["R17-各月"]
    assert (found["level"], found["status"]) == ("warn", "fail")
    assert "检查企业各月之和1，现为2" in found["message"]


def past_the_program(office, *statements):
    """Change the file with another tool, which knows no seal."""
    from envdesk.sql import connect

    con = connect(office.db)
    for (name,) in con.query("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        con.execute(f'DROP TRIGGER "{name}"')
    for sql in statements:
        con.execute(sql)
    con.close()


ADDED = (
    "INSERT INTO t_work_order (id, office, form_version, order_no, received_at, hash) SELECT 'neu', office,"
    " form_version, '77', '2024-06-20T10:00', hash FROM t_work_order WHERE order_no = '1'"
)


@pytest.mark.parametrize(
    ("sql", "form"),
    [
        ("UPDATE t_work_order SET content = '改过' WHERE order_no = '1'", "work_order"),
        ("UPDATE t_inspection__findings SET \"desc\" = '改过'", "inspection"),
        ("DELETE FROM t_work_order WHERE order_no = '1'", "work_order"),
        (ADDED, "work_order"),
    ],
    ids=["field", "row", "removed", "added"],
)
def test_r25_a_change_past_the_program_is_found(office, sql, form, tmp_path):
    late_and_corrected(office)  # what has a reason is no fault
    open_order = next(r["id"] for r in office.rows("work_order") if r["order_no"] == "2")
    office.edit("work_order", open_order, closed_at="2024-07-09", verdict="属实", measures="已改", close_type="办结", warnings="accept")  # fmt: skip
    assert rules(office)["R25"]["status"] == "pass"
    past_the_program(office, sql)
    found = rules(office)["R25"]
    assert (found["level"], found["status"]) == ("block", "fail")
    assert [r["form"] for r in found["records"]] == [form]
    assert office.call("report", "--period", "2024Q2", "--out", str(tmp_path / "季.pdf")).codes() == ["report_blocked"]
    printed(office, tmp_path / "六.pdf")  # what is sealed is printed as it was


def test_check_finds_a_changed_seal_and_a_changed_paper(office):
    assert office.run("check") == []
    past_the_program(office, "UPDATE seal SET figures = '{}'", "UPDATE issued SET data = x'00'")
    assert {p["code"] for p in office.call("check").out} == {"check_seal", "check_issued"}


def test_the_records_behind_the_figures_on_pages_after_the_table(office, tmp_path):
    plain = words(printed(office, tmp_path / "一.pdf"))
    assert "指标来源" not in plain
    with_them = printed(office, tmp_path / "二.pdf", "--evidence")
    text = "".join(words(with_them).split())
    assert "附：指标来源" in text
    assert "XC-2024-0001" in text
    assert "未计入：GD-2024-0002" in text  # the order that is not closed, of 办结率
    printed(office, tmp_path / "二.xlsx", "--evidence")
    sheets = openpyxl.load_workbook(tmp_path / "二.xlsx")  # columns of its own, so a sheet of its own
    behind = next(sheets["附：指标来源"].iter_rows(min_row=2, max_row=2, values_only=True))
    assert [x for x in behind if x] == ["工作类别", "指标名称", "单位", "本期", "记录数", "记录编号"]
    late_and_corrected(office)
    assert printed(office, tmp_path / "三.pdf", "--evidence") == with_them  # sealed is sealed
    draft = "".join(words(printed(office, tmp_path / "四.pdf", "--evidence", "--draft")).split())
    assert "XC-2024-0002（补录）" in draft
    assert "GD-2024-0001（更正）" in draft
    rows = office.evidence("insp_visits", JUNE)
    assert [r.get("late") for r in rows] == [None, "补录"]
    answer = office.call(
        "report", "--period", JUNE, "--template", "work-004", "--evidence", "--out", str(tmp_path / "a.pdf")
    )
    assert answer.codes() == ["no_appendix"]
