"""报表."""

import dataclasses

import pytest
import small_office as o

from envdesk.clock import Clock
from envdesk.desk import reports
from envdesk.desk.figures import evidence as stored_evidence
from envdesk.errors import Refused
from envdesk.figures.finding import Finding
from envdesk.figures.reconcile import reconcile
from envdesk.present import report_preview as r


@pytest.fixture(scope="module")
def read(made, tmp_path_factory):
    import shutil

    path = tmp_path_factory.mktemp("报") / "台账.envdesk"
    shutil.copyfile(made[0], path)
    opened = o.reopen(path)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def september(read):
    return r.compute(read, "2026-09")


def test_periods_go_back_to_the_first_record(read):
    months = r.periods(read)
    assert [(p.title, p.chip.word if p.chip else "") for p in months[:3]] == [
        ("2026年10月", "至今"), ("2026年9月", "待月结"), ("2026年8月", ""),
    ]  # fmt: skip
    assert months[-1].period == "2025-10"
    assert [p.period for p in r.periods(read, "quarter")] == ["2026Q4", "2026Q3", "2026Q2", "2026Q1", "2025Q4"]
    assert [p.period for p in r.periods(read, "half")] == ["2026H2", "2026H1", "2025H2"]
    assert [p.period for p in r.periods(read, "year")] == ["2026", "2025"]
    assert r.periods(read, "range") == ()
    assert r.suggested(read) == "2026-09"


def test_an_empty_office_offers_the_running_period(empty):
    assert [p.period for p in r.periods(empty)] == ["2026-10"]
    assert r.suggested(empty) == "2026-10"


def test_figures_are_those_of_the_template_in_its_order(september):
    assert september.title == "月报表 · 2026年9月"
    assert september.cut_words.startswith("数据截至")
    found = {f.id: f for f in september.figures}
    assert list(found) == [f for f in september.computed.layout.figures if f in found]
    assert found["wo_rate"].text == "66.67%"
    assert (found["wo_rate"].numerator, found["wo_rate"].denominator) == (2, 3)


def test_every_figure_opens_to_its_records(read, september):
    for line in september.figures:
        shown = r.evidence(read, september, line.id)
        assert shown.total == len(stored_evidence(read, line.id, "2026-09"))
        assert shown.counted + shown.missed == shown.total
        if line.denominator is not None and line.measure == "%" and "site_six" not in line.id and "sv_" not in line.id:
            units = {(row.rec, row.form) for row in shown.rows}
            assert len(units) <= shown.total


def test_the_misses_of_a_rate_come_first(read, september, ids):
    shown = r.evidence(read, september, "wo_rate")
    assert (shown.title, shown.text, shown.sum_words) == ("办结率", "66.67%", "＝ 2 ÷ 收到 3")
    assert (shown.total, shown.counted, shown.missed) == (3, 2, 1)
    assert (shown.rows[0].rec, shown.rows[0].words, shown.rows[0].counted) == (ids["超期"], "未计入", False)
    assert shown.rows[0].title == "佳达鞋业"
    assert shown.note


def test_a_report_is_a_pdf(read, september):
    made = r.paper(read, september)
    assert made.data.startswith(b"%PDF")
    assert made.pages >= 1


def test_a_running_period_prints_only_a_draft(read):
    now = r.compute(read, "2026-10")
    assert r.is_draft(read, now)
    assert r.paper(read, now).data.startswith(b"%PDF")


def test_saving_writes_the_file(desk, tmp_path):
    report = r.compute(desk, "2026-09")
    done = r.save(desk, report, tmp_path / "月报.pdf")
    assert (tmp_path / "月报.pdf").read_bytes().startswith(b"%PDF")
    assert done.value["pages"] >= 1
    with pytest.raises(Refused):
        r.save(desk, report, tmp_path / "月报.pdf" / "另.pdf")


def test_rules_in_groups(september):
    rules = september.rules
    assert rules.block == ()
    assert all(f.status == "pass" for f in rules.passed)
    assert len(rules.passed) > 10
    assert rules.chip.tone in ("amber", "green")
    assert (rules.words == "全部通过") == (not rules.warn)


def test_a_blocked_report_shows_why_and_prints_as_a_draft(desk, tmp_path, monkeypatch):
    broken = Finding("R1", "block", "fail", "结转加收到不等于在办。")
    monkeypatch.setattr(reports, "reconcile", lambda calc: [broken, *reconcile(calc)])
    report = r.compute(desk, "2026-09")
    assert report.blocked
    assert r.is_draft(desk, report)
    assert (report.rules.words, report.rules.chip.tone, report.rules.chip.shape) == ("1 项不通过", "red", "cross")
    assert report.rules.block == (broken,)
    assert r.paper(desk, report).data.startswith(b"%PDF")
    with pytest.raises(Refused) as refused:
        r.save(desk, report, tmp_path / "月报.pdf")
    assert refused.value.code == "report_blocked"
    assert not (tmp_path / "月报.pdf").exists()
    r.save(desk, report, tmp_path / "月报.pdf", draft=True)
    assert (tmp_path / "月报.pdf").exists()


def test_what_changed_since_the_period_before(september, read):
    found = r.changes(read, september)
    assert found.last_title == "2026年8月"
    assert (found.since_seal, found.sealed_at, found.late) == ((), "", 0)
    assert all(c.then != c.now for c in found.since_last)


def test_a_running_period_is_compared_with_as_many_days_of_the_one_before(read):
    assert r.changes(read, r.compute(read, "2026-10")).last_title == "2026年9月1日—9日"
    assert r.changes(read, r.compute(read, "2026Q4")).last_title == "2026年7月1日—9日"
    assert r.changes(read, r.compute(read, "2026")).last_title == "", "a year only grows"


def test_what_changed_since_the_seal(desk):
    assert r.seal(desk, r.compute(desk, "2026-09")).changed
    sealed = r.compute(desk, "2026-09")
    assert sealed.sealed
    assert [p.sealed for p in r.periods(desk)][1]
    assert r.changes(desk, sealed).since_seal == ()
    o.put(desk, "work_order", o.order("20260930-0500", "2026-09-30T10:00"), why="漏登")
    found = r.changes(desk, r.compute(desk, "2026-09"))
    changed = {c.id: (c.then, c.now) for c in found.since_seal}
    assert changed["wo_received"] == ("3", "4")
    assert (found.late, found.sealed_by) == (1, o.WHO)
    r.unseal(desk, sealed, "区局要求补录")
    assert not r.compute(desk, "2026-09").sealed


def test_templates(read):
    assert "monthly" in [t.id for t in r.templates(read)]


def test_the_cut_of_a_real_clock_is_the_end_of_a_past_period(read):
    live = dataclasses.replace(read, clock=Clock())
    assert r.compute(live, "2026-09").cut.isoformat() == "2026-09-30"
