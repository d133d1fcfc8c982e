"""今日."""

import dataclasses
from contextlib import closing, contextmanager
from datetime import date, datetime

import pytest
import small_office as o

from envdesk import sql
from envdesk.clock import Clock
from envdesk.desk import records, todo
from envdesk.desk.office import set_setting
from envdesk.present import today as t
from envdesk.present.form_session import FormSession
from envdesk.present.today import ahead, month
from envdesk.store.kept import Kept


def lines(shown):
    return {g.id: [(x.what, x.chip.word, x.step.words) for x in g.lines] for g in shown.groups}


def test_groups_by_urgency(desk):
    shown = t.due_list(desk)
    assert shown.date_words == "2026年10月9日 星期五"
    assert [(g.id, g.title, g.tone, g.count) for g in shown.groups] == [
        ("late", "已超期", "red", 3), ("today", "今天到期", "amber", 1), ("near", "3个工作日内", "amber", 3),
        ("month", "本月要办", "", 2),
    ]  # fmt: skip
    found = lines(shown)
    assert found["late"][:1] + found["late"][2:] == [
        ("佳达鞋业：活性炭：活性炭未按期更换", "已超期2天", "登记复查"),
        ("佳达鞋业：夜间有刺鼻胶水味", "已超期1天", "填办理结果"),
    ]
    assert found["late"][1] == ("9月月报表待月结", "已超期1天", "去月结")
    assert found["today"] == [("新石路18号地块：夜间有刺鼻胶水味", "今天到期", "填办理结果")]
    assert ("石马新村东侧：夜间有刺鼻胶水味", "还有1个工作日", "签收") in found["near"]
    assert ("益美皮具：危废间无标识牌", "还有3个工作日", "登记复查") in found["near"]
    assert ("恒兴市政工地：出入口未冲洗车轮", "还有16个工作日", "登记复查") in found["month"]


def test_the_working_saturday_is_said(desk):
    notes = {g.id: g.note for g in t.due_list(desk).groups}
    assert notes["near"] == "到 10月13日，明天（周六）上班"
    assert notes["late"] == "超期天数：整改按自然日，工单按工作日"
    assert notes["month"] == "到 10月31日"


def test_a_line_says_who_when_and_where_to_go(desk, ids):
    late = next(g for g in t.due_list(desk).groups if g.id == "late").lines
    order = late[2]
    assert (order.who, order.day, order.sub) == ("陈立", "10-08", "工单办结 GD-0001")
    assert (order.form, order.rec, order.step.section, order.subject) == (
        "work_order",
        ids["超期"],
        "close",
        ids["佳达"],
    )
    assert order.icon == "complaints"


def test_last_month_waits_for_its_seal(desk):
    from envdesk.desk.seals import seal

    def waiting():
        return [x for g in t.due_list(desk).groups for x in g.lines if x.form == "report"]

    [line] = waiting()
    assert (line.what, line.rec, line.step.words, line.chip.tone) == ("9月月报表待月结", "2026-09", "去月结", "red")
    seal(desk, "2026-09")
    assert waiting() == []


def test_a_line_has_the_whole_matter_where_the_list_is_wide(desk):
    long = "夜间有刺鼻胶水味，门窗敞开，一直到凌晨，附近居民都受影响，已经反映过两次，请上门核查并告知处理结果。"
    o.put(desk, "work_order", o.order("YL9", "2026-10-08T09:00", content=long))
    assert any(line.what.endswith(long) for group in t.due_list(desk).groups for line in group.lines)


def test_an_order_over_its_limit_is_counted_once_though_it_was_never_signed(desk):
    before = t.counters(desk)
    rec = o.put(desk, "work_order", o.order("20260908-1", "2026-09-08T10:12", handler=None, signed_at=None))[0]
    shown = t.due_list(desk)
    [line] = [x for g in shown.groups for x in g.lines if x.rec == rec]
    assert (line.sub.split()[0], line.chip.word, line.step.words) == ("工单办结", "已超期8天", "填办理结果")
    after = t.counters(desk)
    assert [after[k] - before[k] for k in ("today", "complaints")] == [1, 1]


def test_counters_count_what_waits_until_three_working_days(desk):
    counters = t.counters(desk)
    assert counters["complaints"] == 3
    assert counters["rectify"] == 2
    assert counters["ledgers"] == 0


def test_the_counter_of_today_is_the_sum_of_the_heads_with_the_report_that_waits(desk):
    heads = [g for g in t.due_list(desk).groups if g.id != "month"]
    assert any(x.form == "report" for g in heads for x in g.lines)
    counters = t.counters(desk)
    assert counters["today"] == sum(g.count for g in heads) == sum(counters.values()) - counters["today"] + 1


@contextmanager
def asked(desk):
    """Statements SQLite is asked in the block, but for whether anything changed."""
    seen = []
    desk.store.con.raw.set_trace_callback(seen.append)
    try:
        yield seen
    finally:
        desk.store.con.raw.set_trace_callback(None)
        seen[:] = [sql for sql in seen if sql != "PRAGMA data_version"]


def test_the_list_is_read_once_until_something_changes(desk):
    with asked(desk) as first:
        shown = t.due_list(desk)
    with asked(desk) as second:
        assert t.due_list(desk) == shown
    assert len(first) > 10
    assert second == []


def lines_of(desk):
    return [line.rec for group in t.due_list(desk).groups for line in group.lines]


def anew(desk):
    memory, desk.store.kept = desk.store.kept, Kept(desk.store.con)
    try:
        return lines_of(desk)
    finally:
        desk.store.kept = memory


def change_by_save(desk):
    o.put(desk, "work_order", o.order("新单", "2026-10-09T08:00"))


def change_by_undo(desk):
    records.undo(desk)


def change_by_setting(desk):
    set_setting(desk, "report_day", "20")


def change_by_hand(desk):
    desk.store.con.execute("UPDATE t_work_order SET void = 1")


def change_by_another_program(desk):
    with closing(sql.connect(desk.path)) as other:
        other.execute("UPDATE t_work_order SET void = 1")


@pytest.mark.parametrize(
    "change", [change_by_save, change_by_undo, change_by_setting, change_by_hand, change_by_another_program]
)
def test_a_kept_list_is_never_a_stale_one(desk, change):
    before = t.due_list(desk)
    change(desk)
    assert lines_of(desk) == anew(desk)
    assert t.due_list(desk) != before


def test_a_list_inside_a_transaction_is_not_kept(desk):
    before = lines_of(desk)
    desk.store.con.execute("BEGIN")
    change_by_hand(desk)
    assert lines_of(desk) != before
    desk.store.con.execute("ROLLBACK")
    assert lines_of(desk) == before


def test_another_day_or_person_has_another_list(desk):
    t.due_list(desk)
    other = dataclasses.replace(desk, operator="王敏")
    assert t.due_list(other).done != t.due_list(desk).done
    later = dataclasses.replace(desk, clock=Clock(datetime(2026, 10, 12, 9, 0)))
    assert t.due_list(later).date_words == "2026年10月12日 星期一"


def test_what_was_done_today_is_matters_not_what_they_bring_along(desk, ids):
    before = t.due_list(desk).done
    o.put(desk, "inspection", o.visit(ids["佳达"], "2026-10-09", people=("新来的人",)))  # outing, visit, person, sheet
    assert t.due_list(desk).done == before + 1
    o.put(desk, "subject", o.firm("新厂"))
    assert t.due_list(desk).done == before + 1


def test_many_subjects_waiting_for_the_same_are_one_line(desk):
    subjects = o.put(desk, "subject", *(o.firm(f"第{n}鞋厂") for n in range(3)))
    for s in subjects:
        carbon = {"facility_kind": ["一次性活性炭吸附"], "ac_last_change": "2026-07-01", "ac_cycle_days": 90}
        o.put(desk, "vocs_check", o.visit(s, "2026-09-01", **carbon))
    late = next(g for g in t.due_list(desk).groups if g.id == "late")
    [line] = [x for x in late.lines if x.records]
    assert (line.what, line.chip.word, line.step.words, len(line.records)) == ("活性炭更换 3 家", "3 家", "看名单", 3)
    assert late.count == 6


def test_a_day_without_anything_has_no_groups(empty):
    shown = t.due_list(empty)
    assert shown.groups == ()
    assert set(t.counters(empty).values()) == {0}
    assert month.coverage(empty).bars == ()
    assert all(f.text in ("0", "—") for f in month.figures(empty).figures)
    assert {f.text: bool(f.unit) for f in month.figures(empty).figures} == {"0": True, "—": False}
    assert t.drafts(empty) == ()


# ---- figures -------------------------------------------------------------------------------------------------------
def test_eight_figures_with_twelve_months(desk):
    shown = month.figures(desk)
    assert (shown.title, shown.span, shown.period) == ("10月至今", "10-01 至 10-09", "2026-10")
    found = {f.id: f for f in shown.figures}
    assert list(found) == [name for name, _title, _note in month.FIGURES]
    visits = found["insp_visits"]
    assert (visits.text, visits.unit, visits.note) == ("1", "家次", "9月 1，去重 1 家")
    assert len(visits.series) == 12
    assert visits.series[-2:] == (1.0, 1.0)
    rate = found["wo_rate"]
    assert rate.rate
    assert (rate.text, rate.unit, rate.note) == ("0", "%", "0/2，9月 66.67%")
    assert rate.series[0] is None


def test_a_month_in_the_series_is_the_figure_of_its_report(desk):
    from envdesk.desk.figures import computer

    found = {f.id: f.series for f in month.figures(desk).figures}
    for n, period in enumerate(["2026-05", "2026-09"]):
        calc = computer(dataclasses.replace(desk, clock=Clock()), period)
        for name, series in found.items():
            number = calc.result(name).current.number
            assert series[[6, 10][n]] == (None if number is None else float(number)), (name, month)


def test_figures_are_kept_until_something_changes(desk):
    def again():
        seen = []
        desk.store.con.raw.set_trace_callback(
            lambda text: seen.append(text) if "count(distinct unit)" in text else None
        )
        found = {f.id: f.text for f in month.figures(desk).figures}, month.coverage(desk)
        desk.store.con.raw.set_trace_callback(None)
        return found, seen

    first, asked = again()
    assert asked
    assert again() == (first, [])
    o.put(desk, "work_order", o.order("20261009-0099", "2026-10-09T09:00"))
    (texts, _bars), asked = again()
    assert texts["wo_received"] == "3"
    assert asked
    set_setting(desk, "person_times_by", "检查")
    assert again()[1], "a setting that figures read"


def test_without_series_only_two_months_are_computed(desk):
    quick = {f.id: f for f in month.figures(desk, series=False).figures}
    whole = {f.id: f for f in month.figures(desk).figures}
    assert {k: (f.text, f.note) for k, f in quick.items()} == {k: (f.text, f.note) for k, f in whole.items()}
    assert all(f.series == () for f in quick.values())


def test_coverage_of_the_year(desk):
    shown = month.coverage(desk)
    assert shown.note == "竖线＝时间进度 77%"
    found = {b.title: b for b in shown.bars}
    assert (found["制鞋"].done, found["制鞋"].all, found["制鞋"].words) == (1, 1, "全覆盖")
    assert (found["皮具"].done, found["皮具"].all, found["皮具"].words, found["皮具"].tone) == (
        0,
        1,
        "差 1 家",
        "amber",
    )


# ---- drafts --------------------------------------------------------------------------------------------------------
def test_drafts_say_what_they_lack(desk):
    session = FormSession.new(desk, "work_order")
    session.set("content", "有异味")
    session.keep_draft()
    session.close()
    [line] = t.drafts(desk)
    assert (line.form, line.title, line.when) == ("work_order", "12345/信访工单", "09:41")
    assert line.lacking >= 1
    assert line.words == f"09:41，差 {line.lacking} 项"
    later = dataclasses.replace(desk, clock=Clock(datetime(2026, 10, 10, 8, 0)))
    assert t.drafts(later)[0].when == "昨天"


def test_a_draft_names_its_subject(desk, ids):
    session = FormSession.new(desk, "vocs_check")
    session.set("subject_id", ids["佳达"])
    session.keep_draft()
    session.close()
    assert t.drafts(desk)[0].about == "佳达鞋业"


# ---- looking ahead -------------------------------------------------------------------------------------------------
def test_the_list_of_a_later_day_is_what_due_says_of_it(desk):
    day = date(2026, 10, 13)
    found = t.due_list(desk, day)
    shown = {line.rec for group in found.groups for line in group.lines if line.rec and line.form != "report"}
    shown |= {rec for group in found.groups for line in group.lines for rec in line.records}
    stored = {d.id for d in todo.due(desk, day.isoformat()) if d.due <= "2026-10-31"}
    assert shown == stored
    assert found.date_words == "2026年10月13日 星期二"


def test_what_is_due_on_that_day_is_not_said_to_be_due_today(desk, ids):
    found = {g.id: g for g in t.due_list(desk, date(2026, 10, 13)).groups}
    assert found["today"].title == "当天到期"
    line = next(x for x in found["today"].lines if x.rec == ids["近期"])
    assert line.chip.word == "当天到期"
    assert any(x.rec == ids["今天"] for x in found["late"].lines)


def test_a_day_off_behind_the_last_working_day_is_within_what_its_head_says(desk, ids):
    saturday = {"subject_id": ids["益美"], "problem": "台账不全", "issued_at": "2026-10-01", "due": "2026-10-24"}
    [rec] = o.put(desk, "rectification", saturday)
    near = next(g for g in t.due_list(desk, date(2026, 10, 20)).groups if g.id == "near")
    assert rec in [line.rec for line in near.lines]
    assert near.note == "到 10月25日"


def test_today_and_the_past_are_today(desk):
    assert t.due_list(desk, date(2026, 10, 9)) == t.due_list(desk)
    assert t.due_list(desk, date(2026, 10, 1)) == t.due_list(desk)


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        (date(2026, 10, 9), ["明天", "下周一", "本月底"]),
        (date(2026, 10, 11), ["明天", "本月底"]),  # a Sunday: tomorrow is the Monday
        (date(2026, 10, 31), ["明天", "下周一"]),
    ],
)
def test_days_one_asks_for(day, offered):
    found = ahead.days(day)
    assert [title.partition("\t")[0] for title, _day in found] == offered
    assert all(other > day for _title, other in found)
    assert ahead.short(date(2026, 10, 12)) == "10月12日 周一"
