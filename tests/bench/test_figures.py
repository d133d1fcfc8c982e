"""What all figures of a month cost: against the same figures written by hand, the first time and the second."""

from __future__ import annotations

import big_office
import by_hand
import pytest
from big_office import MONTH, desk_of, say, seconds

from envdesk.desk import figures, reports
from envdesk.figures.compute import Computer, Value
from envdesk.figures.engine import FigureId
from envdesk.figures.period import Window, parse_period
from envdesk.figures.reconcile import reconcile
from envdesk.store.kept import Kept

pytestmark = pytest.mark.bench


def forget(desk) -> None:
    """As if the file had just been opened; texts stay compiled."""
    desk.store.kept = Kept(desk.store.con)


def printed(desk, name: str, window: Window) -> tuple:
    """What a hand-written query gives, in the shape of a figure."""
    row = desk.store.con.one(by_hand.QUERIES[name], window.params())
    return tuple(row) if len(row) == 2 else (row[0] or 0,)


def ours(value: Value, name: str) -> tuple:
    if value.denominator is not None:
        return (value.numerator, value.denominator)
    return (float(value.number) if name == "fine" else int(value.number),)


@pytest.mark.parametrize("size", ["street", "large"])
def test_figures_cost_at_most_twice_the_hand_written_queries(size, street_file, large_file, tmp_path):
    with desk_of({"street": street_file, "large": large_file}[size], tmp_path) as desk:
        count = big_office.records(desk.store.con)
        assert count >= {"street": 19_000, "large": 190_000}[size]
        calc = Computer(desk.store, parse_period(MONTH))
        w = calc.windows
        windows = [w.current, w.previous, w.last_year, w.year_to_date]

        def by_hand_all() -> None:
            for name in by_hand.QUERIES:
                for window in windows:
                    printed(desk, name, window)

        def ours_all() -> None:
            forget(desk)
            calc.results(by_hand.QUERIES)

        for name in by_hand.QUERIES:
            for window in windows:
                assert printed(desk, name, window) == ours(calc.value(FigureId(name), window), name), (name, window)
        other = seconds(by_hand_all, 3)
        ratio = say(f"{len(by_hand.QUERIES)} figures, {count:,} records", seconds(ours_all, 3), other, "by hand")
        slow = []
        for name in by_hand.QUERIES:
            forget(desk)
            mine = seconds(lambda n=name: (forget(desk), calc.result(n)), 2)
            hand = seconds(lambda n=name: [printed(desk, n, x) for x in windows], 2)
            slow.append((mine - hand, name, mine, hand))
        for _gap, name, mine, hand in sorted(slow, reverse=True)[:8]:
            print(f"    {name:24}{mine * 1000:8.1f} ms, by hand {hand * 1000:8.1f} ms")
        assert ratio <= 2


def test_a_street_has_its_month_in_two_seconds_and_again_at_once(street_file, tmp_path):
    with desk_of(street_file, tmp_path) as desk:
        first = seconds(lambda: figures.figures(desk, MONTH))
        again = seconds(lambda: figures.figures(desk, MONTH), 3)
        print(f"\nall figures of {MONTH}: {first:.2f} s, again {again * 1000:.0f} ms")
        findings = seconds(lambda: reconcile(figures.computer(desk, MONTH)))
        report = seconds(lambda: reports.compute(desk, MONTH))
        print(f"reconciliation {findings * 1000:.0f} ms, the monthly report from kept figures {report * 1000:.0f} ms")
        assert first <= 2
        assert again <= 0.1
