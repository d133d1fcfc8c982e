"""A general counter prints the unit its records give; an id filters by several dimensions at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from envdesk.clock import Clock
from envdesk.desk.office import furnish, load_forms
from envdesk.figures.compute import Computer
from envdesk.figures.engine import FigureId, parse_id
from envdesk.figures.period import parse_period
from envdesk.store import file
from envdesk.store.file import Store
from envdesk.store.save import add


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock = Clock(datetime(2026, 10, 9, 9, 41))
    made = file.create(
        tmp_path_factory.mktemp("计量 单位") / "台账.db", load_forms(), office="均禾街", clock=clock, who="李敏"
    )
    furnish(made)

    def put(form: str, *objects: dict[str, Any]) -> None:
        outcome = add(made, form, [{"warnings": "accept", **o} for o in objects])
        assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]

    put("other_ledger",
        {"item_type": "清污分流改造", "date": "2026-03-01", "qty": "2.5", "unit": "公顷"},
        {"item_type": "清污分流改造", "date": "2026-04-01", "qty": 3, "unit": "公顷"},
        {"item_type": "排污登记", "date": "2026-03-01", "qty": 3, "unit": "家"},
        {"item_type": "土壤评审", "date": "2025-03-01", "qty": 3, "unit": "宗"},
        {"item_type": "水质断面", "date": "2026-03-01", "qty": 1, "unit": "个", "value": "12.5", "value_unit": "mg/L"},
    )  # fmt: skip
    order = {"source": "12345", "kind": "投诉", "content": "异味", "location": "街口", "handler": "陈立"}
    put("work_order",
        {**order, "order_no": "1", "received_at": "2026-03-01T10:00", "pollution": ["大气-油烟"]},
        {**order, "order_no": "2", "received_at": "2026-03-01T10:00", "pollution": ["水"]},
        {**order, "source": "来访", "received_at": "2026-03-01T10:00", "pollution": ["大气-油烟"]},
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def calc(store: Store) -> Computer:
    return Computer(store, parse_period("2026"))


def test_unit_is_that_of_the_records_when_all_agree(calc):
    made = calc.result("ol_qty:item_type=清污分流改造")
    assert (made.text, made.measure) == ("5.5", "公顷")
    assert calc.result("ol_qty:item_type=排污登记").measure == "家"
    assert calc.result("ol_qty").measure == "个"  # several units: the figure's own
    assert calc.result("ol_qty:item_type=以案释法").measure == "个"  # no record at all


def test_unit_of_last_year_stands_beside_a_zero(calc):
    made = calc.result("ol_qty:item_type=土壤评审")
    assert (made.text, made.measure) == ("0", "宗")


def test_splits_have_units_of_their_own(calc):
    assert {r.id.partition("=")[2]: r.measure for r in calc.split("ol_qty", "item_type")} == {
        "清污分流改造": "公顷", "排污登记": "家", "土壤评审": "宗", "水质断面": "个",
    }  # fmt: skip


def test_value_has_no_trailing_zeros(calc):
    made = calc.result("ol_value:item_type=水质断面")
    assert (made.text, made.measure) == ("12.5", "mg/L")


def test_several_dimensions_in_one_id(calc):
    assert calc.result("wo_received:source=12345,pollution=大气").text == "1"
    assert calc.result("wo_received:source=12345").text == "2"
    assert calc.result("wo_received:pollution=大气").text == "2"
    assert str(parse_id("wo_received: source=12345 , pollution=大气")) == "wo_received:source=12345,pollution=大气"
    rows = calc.engine.evidence(parse_id("wo_received:source=12345,pollution=大气"), calc.windows.current)
    assert len(rows) == 1


def test_a_comma_in_a_value_is_no_next_filter():
    assert parse_id("wo_received:handler=张三,李四").filters == (("handler", "张三,李四"),)
    assert parse_id("wo_received:handler=张三,李四,source=12345").filters == (
        ("handler", "张三,李四"),
        ("source", "12345"),
    )


values = st.text(st.sampled_from("张三=,ab_1 "), min_size=1).map(str.strip)


@given(st.lists(st.tuples(st.sampled_from(["source", "handler", "x_1"]), values), max_size=3))
def test_an_id_reads_back_as_it_was_written(filters):
    made = FigureId("wo_received", tuple(filters))
    assert parse_id(str(made)) == made
