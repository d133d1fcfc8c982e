"""Working days and deadlines: the vectors of domain.md §5, and what an office imports each November."""

import csv
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from envdesk.errors import Refused
from envdesk.paths import resource
from envdesk.sql import connect
from envdesk.store import calendar, holidays
from envdesk.store.calendar import Due, add_workdays, doubts, import_year, missing_years, seed, workdays_between, years
from envdesk.store.migrations import migrations

D = date.fromisoformat
SHIPPED = list(range(2020, 2027))

#: The notices as their pages print them.
NOTICES = {
    2023: """国务院办公厅关于2023年
部分节假日安排的通知
国办发明电〔2022〕16号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2023年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。

国务院办公厅
2022年12月8日""",
    2024: """国务院办公厅关于2024年部分节假日安排的通知 国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """国办发明电〔2024〕12号
按照上述原则，现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """国办发明电〔2025〕7号
经国务院批准,现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。
二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。2月14日(周六)、2月28日(周六)上班。
三、清明节:4月4日(周六)至6日(周一)放假,共3天。
四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。
五、端午节:6月19日(周五)至21日(周日)放假,共3天。
六、中秋节:9月25日(周五)至27日(周日)放假,共3天。
七、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。
鼓励单位和个人结合落实带薪年休假等制度,实际形成较长假期,推动错峰出行。
国务院办公厅
2025年11月4日""",
}


@pytest.fixture
def empty():
    con = connect(":memory:")
    migrations.apply(con)
    yield con
    con.close()


@pytest.fixture
def con(empty):
    seed(empty)
    return empty


@pytest.fixture(scope="module")
def table():
    """A seeded table that no test changes."""
    con = connect(":memory:")
    migrations.apply(con)
    seed(con)
    yield con
    con.close()


def refused(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.code, caught.value.context


def rows(con, year):
    return con.query("SELECT day, is_workday, name FROM calendar WHERE day LIKE ? ORDER BY day", (f"{year}-%",))


# --------------------------------------------------------------------------------------------------------- the table
@pytest.mark.parametrize(("year", "count"), [(2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_workdays_per_year(table, year, count):
    assert sum(workday for _, workday, _ in rows(table, year)) == count


def test_every_day_is_there_and_numbered(table):
    found = table.query("SELECT day, is_workday, n FROM calendar ORDER BY day")
    n = 0
    for (day, workday, number), expected in zip(found, holidays.stretch(D("2020-01-01"), D("2026-12-31")), strict=True):
        n += workday
        assert (day, number) == (expected.isoformat(), n)


def test_agrees_with_the_package_it_was_made_from(table):
    chinese_calendar = pytest.importorskip("chinese_calendar")

    assert all(
        bool(w) == chinese_calendar.is_workday(D(day)) for day, w in table.query("SELECT day, is_workday FROM calendar")
    )


def test_shipped_files_are_what_the_script_makes():
    pytest.importorskip("chinese_calendar")
    import runpy

    text_of = runpy.run_path(str(resource("calendar").parents[1] / "build_spec" / "make_calendar.py"))["text_of"]

    assert {p.name: p.read_text("utf-8") for p in resource("calendar").iterdir()} == {
        f"{y}.csv": text_of(y) for y in SHIPPED
    }


def test_seed_leaves_what_the_office_imported(empty):
    import_year(empty, "2026-01-01,休,元旦\n2026-03-03,休,自定")

    assert seed(empty) == SHIPPED[:-1]
    assert years(empty) == SHIPPED
    assert ("2026-03-03", 0, "自定") in rows(empty, 2026)
    assert seed(empty) == []


# --------------------------------------------------------------------------------------------------------- deadlines
@pytest.mark.parametrize(
    ("receipt", "n", "due"),
    [
        ("2023-01-19", 5, "2023-01-31"),
        ("2023-09-28", 5, "2023-10-11"),
        ("2024-02-08", 1, "2024-02-09"),
        ("2024-02-08", 5, "2024-02-21"),
        ("2025-09-30", 5, "2025-10-14"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-10-01", 1, "2026-10-08"),  # received on a holiday: day 1 is the first working day after
        ("2026-10-17", 1, "2026-10-19"),
        ("2026-10-09", 0, "2026-10-09"),
        ("2026-10-17", 0, "2026-10-19"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-12-30", 1, "2026-12-31"),
    ],
)
def test_due_day(table, receipt, n, due):
    assert add_workdays(table, D(receipt), n) == Due(D(due), provisional=False)


@pytest.mark.parametrize(
    ("receipt", "n", "due"),
    [
        ("2026-10-16T09:00", 1, "2026-10-19"),
        ("2026-10-16T18:00", 1, "2026-10-19"),  # after hours: day 1 stays the next working day
        ("2026-10-16T17:30", 0, "2026-10-16"),
        ("2026-10-16T17:31", 0, "2026-10-19"),
        ("2026-10-17T09:00", 1, "2026-10-19"),
    ],
)
def test_due_day_of_a_moment(table, receipt, n, due):
    assert add_workdays(table, datetime.fromisoformat(receipt), n).date == D(due)


def test_end_of_office_hours_is_a_setting(table):
    receipt = datetime.fromisoformat("2026-10-16T17:10")

    assert add_workdays(table, receipt, 0).date == D("2026-10-16")
    assert add_workdays(table, receipt, 0, work_end="17:00").date == D("2026-10-19")


def test_no_negative_terms(table):
    with pytest.raises(ValueError, match="-1"):
        add_workdays(table, D("2026-10-16"), -1)


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        ("2024-10-08", "2024-10-17", 8),  # 9 working days with both ends: 番禺 "历时9天"
        ("2026-10-09", "2026-10-09", 0),
        ("2026-10-08", "2026-10-09", 1),
        ("2026-10-12", "2026-10-09", -2),  # Saturday the 10th was worked
        ("2026-10-17", "2026-10-16", -1),  # the day after, though no working day has passed
        ("2026-10-19", "2026-10-16", -1),
        ("2026-10-18", "2026-10-19", 1),
        ("2026-09-30", "2026-10-08", 1),
    ],
)
def test_workdays_left(table, today, due, left):
    assert workdays_between(table, D(today), D(due)) == left


@given(st.dates(D("2019-01-01"), D("2028-12-31")), st.integers(1, 400))
def test_the_due_day_is_n_working_days_away(table, receipt, n):
    due = add_workdays(table, receipt, n)

    assert workdays_between(table, receipt, due.date) == n
    assert add_workdays(table, receipt, n + 1).date > due.date
    assert due.provisional == bool(missing_years(table, receipt, due.date))
    assert calendar._day_of(table, calendar._position(table, due.date)[0])[0] == due.date


@given(st.dates(D("2019-01-01"), D("2028-12-31")), st.dates(D("2019-01-01"), D("2028-12-31")))
def test_only_the_due_day_itself_leaves_zero_or_fewer_ahead(table, today, due):
    left = workdays_between(table, today, due)

    assert (left < 0) == (today > due)


@given(st.dates(D("2019-01-01"), D("2028-12-31")), st.lists(st.dates(D("2019-01-01"), D("2028-12-31"))))
def test_many_days_are_counted_like_one(table, today, days):
    found = calendar.workdays_left(table, today, days)

    assert {d: found[d] for d in days} == {d: workdays_between(table, today, d) for d in days}


# ------------------------------------------------------------------------------------------------------ missing years
def test_beyond_the_table_is_provisional(table):
    assert add_workdays(table, D("2026-12-31"), 1) == Due(D("2027-01-01"), provisional=True)
    assert add_workdays(table, D("2026-12-28"), 10) == Due(D("2027-01-11"), provisional=True)
    assert add_workdays(table, D("2027-03-06"), 1) == Due(D("2027-03-08"), provisional=True)
    assert add_workdays(table, D("2019-12-31"), 1) == Due(D("2020-01-02"), provisional=True)
    assert missing_years(table, D("2026-12-28"), D("2028-01-01")) == [2027, 2028]
    assert missing_years(table, D("2026-12-28"), D("2026-12-30")) == []


def test_without_a_table_everything_is_provisional(empty):
    assert add_workdays(empty, D("2026-10-16"), 5) == Due(D("2026-10-23"), provisional=True)
    assert add_workdays(empty, D("2026-10-17"), 0) == Due(D("2026-10-19"), provisional=True)
    assert workdays_between(empty, D("2026-10-16"), D("2026-10-23")) == 5
    assert calendar.workdays_left(empty, D("2026-10-16"), [D("2026-10-23")])[D("2026-10-23")] == 5
    assert years(empty) == []


def test_an_import_settles_provisional_deadlines(con):
    before = add_workdays(con, D("2026-12-31"), 1)
    import_year(con, "2027-01-01,休,元旦\n")

    assert (before.date, before.provisional) == (D("2027-01-01"), True)
    assert add_workdays(con, D("2026-12-31"), 1) == Due(D("2027-01-04"), provisional=False)


# ----------------------------------------------------------------------------------------------- what offices import
@pytest.mark.parametrize(
    "text",
    [
        "date,kind,name,notice\n2027-01-01,休,元旦,某号\n2027-01-09,班,元旦,某号\n",
        "2027-01-01,休,元旦\n2027-01-09,班,元旦",
        "\ufeff日期,节日,类型\r\n2027.1.1,元旦,放假\r\n\r\n2027/1/9,元旦,上班\r\n",
        "2027年1月1日，holiday，元旦\n2027年1月9日，workday，元旦",
        "20270101\t休\t元旦\n20270109\t班\t元旦",
        "# 2027\n2027-1-1 休 元旦\n2027-1-9 班 元旦",
        'date,kind,name\n"2027-01-01 00:00:00","休","元旦"\n"2027-01-09 00:00:00","补班","元旦"',
    ],
)
def test_import_what_offices_have(con, text):
    assert import_year(con, text) == [2027]

    found = {day: (workday, name) for day, workday, name in rows(con, 2027)}
    assert len(found) == 365
    assert found["2027-01-01"] == (0, "元旦")
    assert found["2027-01-09"] == (1, "元旦")
    assert found["2027-01-10"] == (0, "")
    assert found["2027-01-11"] == (1, "")
    assert years(con)[-1] == 2027


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("2027-01-01,休\n2027-13-01,休", 2, "2027-13-01,休"),
        ("date,kind\n\n2027-01-01,调休", 3, "2027-01-01,调休"),
        ("2027-01-01", 1, "2027-01-01"),
        ("hello", 1, "hello"),
        ("1-1,休", 1, "1-1,休"),
        ("", 1, ""),
        ("date,kind\n", 1, "date,kind"),
        ("2027-01-01,休\n2027-01-01,班", 2, "2027-01-01,班"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_taken(con, text, line, value):
    assert refused(import_year, con, text) == ("bad_calendar", {"line": line, "value": value})
    assert years(con) == SHIPPED


def test_years_have_no_gap(con):
    assert refused(import_year, con, "2028-01-01,休") == ("calendar_gap", {"year": 2027, "value": 2028})
    assert refused(import_year, con, "2018-01-01,休") == ("calendar_gap", {"year": 2019, "value": 2018})
    assert refused(import_year, con, "2027-01-01,休\n2029-01-01,休") == ("calendar_gap", {"year": 2028, "value": 2029})
    assert years(con) == SHIPPED
    assert import_year(con, "2028-01-01,休\n2027-01-01,休\n2019-01-01,休") == [2019, 2027, 2028]


def test_import_again_replaces_the_year_and_renumbers(con):
    import_year(con, "2027-01-01,休,元旦")
    last = con.value("SELECT n FROM calendar WHERE day = '2027-12-31'")
    text = resource("calendar", "2026.csv").read_text("utf-8") + "2026-11-02,休,临时,某号\n"

    assert import_year(con, text) == [2026]
    assert con.value("SELECT n FROM calendar WHERE day = '2027-12-31'") == last - 1
    assert add_workdays(con, D("2026-10-30"), 1).date == D("2026-11-03")

    import_year(con, resource("calendar", "2026.csv"))
    assert con.value("SELECT n FROM calendar WHERE day = '2027-12-31'") == last


def test_import_file_of_excel(con, tmp_path):
    path = tmp_path / "2027.csv"
    path.write_bytes("日期,类型,名称\n2027-01-01,休,元旦\n".encode("gb18030"))

    assert import_year(con, path) == [2027]
    assert rows(con, 2027)[0] == ("2027-01-01", 0, "元旦")
    assert refused(import_year, con, tmp_path / "no.csv")[0] == "file_missing"


def test_a_holiday_that_begins_in_december_amends_the_old_year(con):
    assert import_year(con, "2026-12-31,休,元旦\n2027-01-01,休,元旦\n") == [2027]

    assert ("2026-12-31", 0, "元旦") in rows(con, 2026)
    assert sum(workday for _, workday, _ in rows(con, 2026)) == 247
    assert add_workdays(con, D("2026-12-30"), 1).date == D("2027-01-04")


def test_a_thin_year_is_doubted_not_refused(con):
    import_year(con, "2027-01-01,休,元旦\n2027-01-02,休,元旦")

    (found,) = doubts(con, [2026, 2027])
    assert (found.code, found.severity) == ("calendar_few", "hint")
    assert "2027" in found.message
    assert doubts(con, SHIPPED) == []


# ----------------------------------------------------------------------------------------------------------- notices
@pytest.mark.parametrize(("year", "number"), [(2023, 16), (2024, 7), (2025, 12), (2026, 7)])
def test_a_pasted_notice_gives_the_shipped_table(empty, year, number):
    with resource("calendar", f"{year}.csv").open(encoding="utf-8", newline="") as file:
        shipped = {r["date"]: int(r["kind"] == "班") for r in csv.DictReader(file)}

    assert import_year(empty, NOTICES[year]) == [year]
    for day, workday, _ in rows(empty, year):
        assert workday == shipped.get(day, int(D(day).weekday() < 5)), day
    assert {s.notice for s in holidays.read(NOTICES[year])} == {f"国办发明电〔{year - 1}〕{number}号"}


def test_a_notice_names_its_holidays():
    named = {s.name for s in holidays.read(NOTICES[2025])}

    assert named == {"元旦", "春节", "清明节", "劳动节", "端午节", "国庆节、中秋节"}


def test_a_notice_that_does_not_add_up_is_refused(con):
    text = NOTICES[2026].replace("至7日(周三)放假", "至6日(周三)放假")

    code, context = refused(import_year, con, text)
    assert (code, context["line"]) == ("bad_calendar", 7)
    assert "共7天" in context["value"]


def test_a_notice_with_an_impossible_day_is_refused(con):
    assert refused(import_year, con, NOTICES[2026].replace("4月4日", "4月31日"))[0] == "bad_calendar"


def test_december_of_the_old_year_in_a_notice():
    days = {s.day for s in holidays.read(NOTICES[2023])}

    assert {D("2022-12-31"), D("2023-01-01"), D("2023-01-02")} <= days
    text = "关于2027年部分节假日安排的通知 一、元旦：12月31日至1月2日放假调休，共3天。1月9日、10日上班。"
    assert [(s.day - D("2026-12-31"), s.workday) for s in holidays.read(text)] == [
        (timedelta(days=n), n > 5) for n in (0, 1, 2, 9, 10)
    ]
