"""Periods and the windows they are compared with (domain.md §3E, §10.8)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from envdesk.errors import Refused
from envdesk.figures.period import Window, default_cut, month_of, parse_period, range_of, windows, year_before

D = date.fromisoformat
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
KINDS = ("day", "week", "month", "quarter", "half", "year")


def window(start, end, cut=None):
    return Window(D(start), D(end), D(cut or end))


def text_of(kind, day):
    """How the period of this kind that holds *day* is written."""
    iso = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{iso.year}W{iso.week:02}",
        "month": f"{day.year}-{day.month:02}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "half": f"{day.year}H{(day.month + 5) // 6}",
        "year": f"{day.year}",
    }[kind]


# ----------------------------------------------------------------------------------------------------------- reading
@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "title"),
    [
        ("2026-10-09", "day", "2026-10-09", "2026-10-09", "2026年10月9日"),
        ("2026W40", "week", "2026-09-28", "2026-10-04", "2026年第40周"),
        ("2026W01", "week", "2025-12-29", "2026-01-04", "2026年第1周"),
        ("2026W53", "week", "2026-12-28", "2027-01-03", "2026年第53周"),
        ("2026-10", "month", "2026-10-01", "2026-10-31", "2026年10月"),
        ("2024-02", "month", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2026Q1", "quarter", "2026-01-01", "2026-03-31", "2026年第一季度"),
        ("2026Q3", "quarter", "2026-07-01", "2026-09-30", "2026年第三季度"),
        ("2026Q4", "quarter", "2026-10-01", "2026-12-31", "2026年第四季度"),
        ("2026H1", "half", "2026-01-01", "2026-06-30", "2026年上半年"),
        ("2026H2", "half", "2026-07-01", "2026-12-31", "2026年下半年"),
        ("2026", "year", "2026-01-01", "2026-12-31", "2026年"),
        ("2024-08-01..2024-08-30", "range", "2024-08-01", "2024-08-30", "2024年8月1日—30日"),
        ("2024-08-01..2024-09-30", "range", "2024-08-01", "2024-09-30", "2024年8月1日—9月30日"),
        ("2025-12-15..2026-01-15", "range", "2025-12-15", "2026-01-15", "2025年12月15日—2026年1月15日"),
        ("2026-05-01..2026-05-01", "range", "2026-05-01", "2026-05-01", "2026年5月1日"),
    ],
)
def test_read(text, kind, start, end, title):
    period = parse_period(text)

    assert (period.kind, period.start, period.end, period.text) == (kind, D(start), D(end), text)
    assert period.title == title


@pytest.mark.parametrize(
    ("typed", "text"),
    [(" 2026q3 ", "2026Q3"), ("2026-W40", "2026W40"), ("2026-3", "2026-03"), ("2026-3-9", "2026-03-09")],
)
def test_read_what_people_type(typed, text):
    assert parse_period(typed).text == text


@pytest.mark.parametrize(
    "text",
    [
        "", "26", "2026-13", "2026-00", "2026Q5", "2026Q0", "2026H3", "2026W54", "2025W53", "2026W00", "2026-02-30",
        "2026-10-31..2026-10-01", "2026-10..2026-11", "0000", "9999", "1899", "二〇二六", "２０２６", "2026-10-09x",
        "2026 10", "..",
    ],
)  # fmt: skip
def test_refuse_what_is_no_period(text):
    with pytest.raises(Refused) as caught:
        parse_period(text)

    assert caught.value.code == "bad_period"
    assert caught.value.context == {"value": text}


def test_range_of_two_days():
    assert range_of(D("2026-01-02"), D("2026-02-03")) == parse_period("2026-01-02..2026-02-03")
    with pytest.raises(Refused):
        range_of(D("2026-02-03"), D("2026-01-02"))


@given(DAYS, st.sampled_from(KINDS))
def test_a_period_holds_its_days_and_reads_its_own_text(day, kind):
    period = parse_period(text_of(kind, day))

    assert period.contains(day)
    assert period.kind == kind
    assert parse_period(period.text) == period


@given(DAYS, st.sampled_from(KINDS[:-1]))
def test_the_previous_period_ends_the_day_before(day, kind):
    period = parse_period(text_of(kind, day))
    previous = period.previous()

    assert previous.end == period.start - timedelta(days=1)
    assert previous.kind == kind


def test_months():
    assert [m.text for m in parse_period("2026Q3").months()] == ["2026-07", "2026-08", "2026-09"]
    assert [m.text for m in parse_period("2025-12-15..2026-01-15").months()] == ["2025-12", "2026-01"]
    assert len(parse_period("2026").months()) == 12
    assert [m.text for m in parse_period("2026W40").months()] == ["2026-09", "2026-10"]
    assert month_of(D("2026-10-09")).text == "2026-10"


def test_words_of_paper():
    assert parse_period("2026-10").span == "2026年10月1日—31日"
    assert parse_period("2026Q3").span == "2026年7月1日—9月30日"
    assert str(parse_period("2026H1")) == "2026H1"


# -------------------------------------------------------------------------------------------------------- comparison
@pytest.mark.parametrize(
    ("text", "previous", "last_year"),
    [
        ("2026-10", ("2026-09-01", "2026-09-30"), ("2025-10-01", "2025-10-31")),
        ("2026-03", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        ("2026-01", ("2025-12-01", "2025-12-31"), ("2025-01-01", "2025-01-31")),
        ("2024-02", ("2024-01-01", "2024-01-31"), ("2023-02-01", "2023-02-28")),
        ("2025-02", ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),  # a whole month stays whole
        ("2026Q1", ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
        ("2026H1", ("2025-07-01", "2025-12-31"), ("2025-01-01", "2025-06-30")),
        ("2026", None, ("2025-01-01", "2025-12-31")),
        ("2024-08-01..2024-08-30", None, ("2023-08-01", "2023-08-30")),
        ("2024-01-01..2024-02-29", None, ("2023-01-01", "2023-02-28")),
        ("2026W40", ("2026-09-21", "2026-09-27"), ("2025-09-29", "2025-10-05")),
        ("2026W53", ("2026-12-21", "2026-12-27"), ("2025-12-22", "2025-12-28")),  # 2025 had 52
        ("2026-10-09", ("2026-10-08", "2026-10-08"), ("2025-10-09", "2025-10-09")),
        ("2024-02-29", ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_compared_periods_at_their_end(text, previous, last_year):
    period = parse_period(text)
    found = windows(period, period.end)

    assert found.current == Window(period.start, period.end, period.end)
    assert found.previous == (previous and window(*previous))
    assert found.last_year == window(*last_year)


@pytest.mark.parametrize(
    ("text", "cut", "previous", "last_year"),
    [
        # "截至6月18日"
        ("2023H1", "2023-06-18", ("2022-07-01", "2022-12-18"), ("2022-01-01", "2022-06-18")),
        ("2026-10", "2026-10-18", ("2026-09-01", "2026-09-18"), ("2025-10-01", "2025-10-18")),
        ("2026-03", "2026-03-30", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-30")),
        ("2026Q3", "2026-08-15", ("2026-04-01", "2026-05-15"), ("2025-07-01", "2025-08-15")),
        ("2026Q2", "2026-05-31", ("2026-01-01", "2026-02-28"), ("2025-04-01", "2025-05-31")),
        ("2024Q1", "2024-02-29", ("2023-10-01", "2023-11-29"), ("2023-01-01", "2023-02-28")),
        ("2025Q1", "2025-02-28", ("2024-10-01", "2024-11-28"), ("2024-01-01", "2024-02-28")),
        ("2026", "2026-06-18", None, ("2025-01-01", "2025-06-18")),
        ("2026-05-01..2026-10-31", "2026-07-01", None, ("2025-05-01", "2025-07-01")),
        ("2026W40", "2026-09-30", ("2026-09-21", "2026-09-23"), ("2025-09-29", "2025-10-01")),
    ],
)
def test_a_cut_before_the_end_shortens_everything(text, cut, previous, last_year):
    period = parse_period(text)
    found = windows(period, D(cut))

    assert found.current == window(period.start.isoformat(), cut)
    assert found.previous == (previous and window(*previous))
    assert found.last_year == window(*last_year)


def test_a_cut_after_the_end_lags_everything():
    found = windows(parse_period("2023-06"), D("2023-07-31"))

    assert found.current == window("2023-06-01", "2023-06-30", "2023-07-31")
    assert found.previous == window("2023-05-01", "2023-05-31", "2023-07-01")
    assert found.last_year == window("2022-06-01", "2022-06-30", "2022-07-31")
    assert found.year_to_date == window("2023-01-01", "2023-06-30", "2023-07-31")


@pytest.mark.parametrize(
    ("text", "cut", "ytd"),
    [
        ("2026-10", "2026-10-31", ("2026-01-01", "2026-10-31")),
        ("2026-10", "2026-10-18", ("2026-01-01", "2026-10-18")),
        ("2026W01", "2026-01-04", ("2026-01-01", "2026-01-04")),
        ("2025-12-15..2026-01-15", "2026-01-15", ("2026-01-01", "2026-01-15")),
        ("2025-12-15..2026-01-15", "2025-12-20", ("2025-01-01", "2025-12-20")),
    ],
)
def test_year_to_date(text, cut, ytd):
    assert windows(parse_period(text), D(cut)).year_to_date == window(*ytd)


def test_a_cut_before_the_period_leaves_it_empty():
    found = windows(parse_period("2027-01"), D("2026-10-09"))

    assert found.current.end < found.current.start
    assert found.last_year.end < found.last_year.start
    assert found.previous.end < found.previous.start
    assert found.year_to_date.end < found.year_to_date.start


def test_default_cut():
    period = parse_period("2026-10")

    assert default_cut(period, D("2026-10-09")) == D("2026-10-09")
    assert default_cut(period, D("2026-12-01")) == D("2026-10-31")


@given(DAYS, st.sampled_from(KINDS), st.integers(-400, 400))
def test_windows_for_any_cut(day, kind, days):
    period = parse_period(text_of(kind, day))
    cut = period.end + timedelta(days=days)
    found = windows(period, cut)
    compared = [w for w in (found.previous, found.last_year) if w]

    assert found.current.end == min(cut, period.end)
    assert (found.previous is None) == (kind == "year")
    if days >= 0:
        assert {w.cut - w.end for w in compared} == {timedelta(days=days)}
    elif cut >= period.start:
        assert all(w.start <= w.end == w.cut for w in compared)
        assert found.previous is None or found.previous.end < period.start
    assert abs((period.start - found.last_year.start).days - 365) <= 6


def test_year_before():
    assert year_before(D("2024-02-29")) == D("2023-02-28")
    assert year_before(D("2025-02-28")) == D("2024-02-28")


def test_names_for_expressions():
    assert window("2026-06-01", "2026-06-30", "2026-07-31").params() == {
        "start": "2026-06-01",
        "end": "2026-06-30",
        "after": "2026-07-01",
        "cut": "2026-07-31",
        "cut_after": "2026-08-01",
        "year_start": "2026-01-01",
    }
