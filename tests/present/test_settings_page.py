"""设置."""

import small_office as o

from envdesk.present import about, settings_page as s


def lines(desk, search=""):
    return {line.key: line for g in s.groups(desk, search) for line in g.lines}


def test_every_setting_is_there_with_its_sentence(desk):
    found = lines(desk)
    assert set(found) == set(desk.catalogue.settings)
    assert all(line.help for line in found.values())
    assert next(g.title for g in s.groups(desk)) == "单位"


def test_search_takes_words_sentences_and_initials(desk):
    assert set(lines(desk, "重复件")) == {"wo_rate_dups"}
    assert "annual_cap" in lines(desk, "上限 检查")
    assert "work_end" in lines(desk, "xbsj")
    assert lines(desk, "没有") == {} or all("没有" in line.help for line in lines(desk, "没有").values())


def test_changing_and_setting_back(desk):
    done = s.change(desk, "wo_rate_dups", "否")
    assert (done.problem, done.line.text, done.line.value, done.line.changed) == (None, "否", "0", True)
    assert done.done.changed == frozenset({"setting"})
    assert lines(desk)["wo_rate_dups"].text == "否"
    assert s.reset(desk, "wo_rate_dups").line.changed is False


def test_what_does_not_fit_changes_nothing(desk):
    for key, value, code in (
        ("report_day", "40", "too_large"), ("report_day", "x", "bad_number"), ("person_times_by", "人头", "bad_choice"),
        ("baseline_date", "不是日期", "bad_date"), ("wo_rate_dups", "也许", "bad_type"),
    ):  # fmt: skip
        before = lines(desk)[key]
        found = s.change(desk, key, value)
        assert (found.problem.code, found.line) == (code, before)
        assert lines(desk)[key] == before


def test_every_default_can_be_set_again(desk):
    for key in desk.catalogue.settings:
        assert s.reset(desk, key).problem is None, key


def test_small_lists_and_the_calendar(desk):
    found = {x.id: x for x in s.summaries(desk)}
    assert {"person", "grid", "campaign", "calendar"} <= set(found)
    assert found["person"].words == "5 条，在岗 3，证件过期 1，离岗 1"
    assert found["person"].chip.word == "1 人证件过期"
    years = {y.year: y for y in s.calendar_years(desk)}
    assert years[2026].days_off > 10
    assert years[2026].weekend_work > 0
    assert years[2027].missing
    assert s.first_day(desk).isoformat() == "2025-10-03"


def test_an_empty_office(empty):
    assert s.first_day(empty) is None
    assert o.WHO
    assert s.summaries(empty)


def test_about_names_what_the_program_needs_and_no_tool_of_its_makers():
    names = {p.name.lower() for p in about.parts()}
    assert {"reportlab", "rl_accel", "pillow", "cffi", "markupsafe"} <= names, "what it needs, and what that needs"
    assert names.isdisjoint({"pytest", "ruff", "mypy", "coverage", "hypothesis", "envdesk"})
