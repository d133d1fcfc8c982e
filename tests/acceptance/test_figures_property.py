"""Random offices: every figure against plain loops over the lists, its evidence, its parts, and the records left out.

The plain loops are in plain.py, the random records in random_office.py.
"""

import shutil
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st
from office import Office
from plain import Plain
from random_office import RandomOffice

from envdesk.desk.figures import computer
from envdesk.desk.office import opened
from envdesk.figures.engine import FigureId, parse_id
from envdesk.figures.numbers import rate_text, rate_value

quick = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32 - 1)
PERIODS = [
    "2024-03",
    "2024-06",
    "2024Q1",
    "2024Q2",
    "2024H1",
    "2024",
    "2023-12-15..2024-04-01",
    "2024-06-30",
    "2024W14",
]
CUTS = ["2024-03-31", "2024-04-10", "2024-06-30", "2024-07-31", "2024-12-31"]
FLOW_QUARTER = ("2024Q2", ["2024-04", "2024-05", "2024-06"])


@pytest.fixture(scope="session")
def made(new_file, tmp_path_factory):
    """Enter the office of a seed into a fresh file."""

    def make(seed, *, without=False):
        db = tmp_path_factory.mktemp("随机 办公室") / "台账.envdesk"
        shutil.copy(new_file, db)
        office = Office(db)
        office.add("grid", {"code": "G1", "name": "石马", "kind": "联社"})
        return RandomOffice(seed).enter(office, without=without)

    return make


def spans(period, cut):
    from envdesk.figures.period import parse_period

    found = parse_period(period)
    return found.start.isoformat(), found.end.isoformat(), cut or found.end.isoformat()


def shown(figure):
    """What the program says, in the shape of the plain loops."""
    return (figure["numerator"], figure["denominator"]) if figure["unit"] == "%" else figure["value"]


@pytest.mark.slow
def test_figures_equal_plain_loops(made, slow_size):
    @settings(quick, max_examples=slow_size(bounded=2, full=60))
    @given(SEEDS, st.lists(st.tuples(st.sampled_from(PERIODS), st.sampled_from(CUTS)), min_size=3, max_size=3))
    @example(7, [("2023-12-15..2024-04-01", "2024-12-31")])
    @example(
        1, [("2024-06", "2024-06-30"), ("2024-06", "2024-07-31"), ("2024H1", "2024-04-10"), ("2024", "2024-12-31")]
    )
    def run(seed, windows):
        office = made(seed)
        for period, cut in windows:
            start, end, at = spans(period, cut)
            if at < start:
                continue
            plain = Plain(office, start, end, at)
            expected = plain.figures()
            got = office.figures(period, *expected, cut=at)
            assert {k: shown(r) for k, r in got.items()} == expected, (seed, period, at)
            for key, value in expected.items():
                if isinstance(value, tuple):
                    assert got[key]["text"] == rate_text(*value)
                    number = rate_value(*value)
                    assert got[key]["value"] == (None if number is None else float(number))
            for (figure, dim), parts in plain.splits().items():
                split = {k: v for k, v in office.values(period, figure, by=dim, cut=at).items() if v}
                assert split == {f"{figure}:{dim}={name}": n for name, n in parts.items()}, (seed, figure, dim)
            # R1 to R10 and R16 hold whatever was entered
            assert office.failed_rules(period, at) == [], (seed, period, at)

    run()


@pytest.mark.slow
def test_void_records_are_as_if_they_had_never_been(made, slow_size):
    @settings(quick, max_examples=slow_size(bounded=1, full=40))
    @given(SEEDS, st.sampled_from(["2024Q2", "2024H1", "2024-04"]), st.sampled_from(CUTS))
    @example(3, "2024H1", "2024-06-30")
    def run(seed, period, cut):
        voided, without = made(seed), made(seed, without=True)
        ours, theirs = voided.figures(period, cut=cut), without.figures(period, cut=cut)
        assert {k: r for k, r in ours.items() if theirs[k] != r} == {}, (seed, period, cut)
        for dim in ("source", "grid", "campaign", "person", "form"):
            assert voided.figures(period, by=dim, cut=cut) == without.figures(period, by=dim, cut=cut), (seed, dim)

    run()


@pytest.mark.slow
def test_evidence_is_the_figure_for_every_figure_and_dimension(made, slow_size):
    @settings(quick, max_examples=slow_size(bounded=1, full=30))
    @given(SEEDS, st.sampled_from(["2024Q2", "2024H1", "2024-06"]), st.sampled_from(CUTS))
    @example(5, "2024H1", "2024-07-31")
    def run(seed, period, cut):
        office = made(seed)
        with opened(office.db, as_of=cut) as desk:
            calc = computer(desk, period)
            for name, figure in desk.catalogue.figures.items():
                parts = [calc.result(name)]
                for dim in calc.engine.dimensions(name):
                    parts += calc.split(name, dim)
                for result in parts:
                    rows = calc.engine.evidence(parse_id(result.id), calc.windows.current)
                    check(figure, result, rows, (seed, period, cut))

    def check(figure, result, rows, context):
        units = {r.unit for r in rows}
        if figure.share:
            hits = {r.unit for r in rows if r.hit}
            assert (result.current.numerator, result.current.denominator) == (len(hits), len(units)), (
                result.id,
                context,
            )
        elif figure.ratio or figure.kind in ("rate", "measured"):
            return
        elif figure.value:
            assert sum(r.value or 0 for r in rows) == (result.current.raw or 0), (result.id, context)
        else:
            assert len(units) == result.current.raw, (result.id, context)

    run()


@pytest.mark.slow
def test_months_of_flow_figures_sum_to_the_quarter(made, slow_size):
    @settings(quick, max_examples=slow_size(bounded=1, full=30))
    @given(SEEDS, st.sampled_from(["2024-06-30", "2024-12-31", "2024-05-15"]))
    def run(seed, cut):
        office = made(seed)
        with opened(office.db) as desk:
            flows = [f for f, d in desk.catalogue.figures.items() if d.kind == "flow" and not d.share and not d.ratio]
        quarter, months = FLOW_QUARTER
        whole = office.figures(quarter, *flows, cut=cut)
        parts = [office.figures(m, *flows, cut=cut) for m in months]

        def amount(r):
            return r.get("fen", r["value"]) or 0

        for f in flows:
            assert amount(whole[f]) == sum(amount(p[f]) for p in parts), (seed, f, cut)

    run()


def test_a_cut_is_the_office_of_that_day(made):
    """What was entered with later dates changes no figure as of an earlier day (domain.md §0.2)."""
    office = made(11)
    cut = date(2024, 6, 30)
    before = office.figures("2024Q2", cut=cut.isoformat())
    later = (cut + timedelta(days=20)).isoformat()
    for o in office.rows("work_order"):
        if not o["closed_at"] and not o["return_at"]:
            office.edit("work_order", o["id"], closed_at=later, verdict="属实", measures="已处理", close_type="办结")
    for r in office.rows("rectification"):
        if not r["verify_date"]:
            office.edit("rectification", r["id"], verify_date=later, verify_result="已整改")
    office.edit("subject", "鞋厂", status="已搬迁", status_from=later)
    assert office.figures("2024Q2", cut=cut.isoformat()) == before
    assert FigureId("wo_rate") == parse_id("wo_rate")
