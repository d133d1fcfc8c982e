"""What may be voided, and what a void or an edit must not break (one office, through the command line)."""

from __future__ import annotations

import pytest


@pytest.fixture
def stop(office):
    """One sheet with a finding that made a rectification."""
    office.add1(
        "subject", name="甲鞋厂", types=["工业企业"], industry="制鞋", address="路1号", register_from="2024-01-01"
    )
    sheet = office.add1(
        "inspection", visit_date="2024-06-05", session="上午", people=["张三", "李四"], subject_id="甲鞋厂",
        findings=[{"desc": "集气罩破损", "action": "限期整改"}], warnings="accept",
    )  # fmt: skip
    return office, sheet


def test_shared_records_and_used_ones_are_not_voided(stop):
    office, sheet = stop
    row = office.get("inspection", sheet)
    for form, rec, code in (
        ("outing", row["outing_id"], "shared_void"),
        ("visit", row["visit_id"], "shared_void"),
        ("subject", row["subject_id"], "in_use"),
        ("person", "张三", "in_use"),
    ):
        answer = office.call("void", form, rec, "--why", "试")
        assert (answer.code, answer.codes()) == (1, [code])
    assert office.call("void", "rectification", "ZG-2024-0001", "--why", "重复").code == 0
    assert office.call("void", "inspection", sheet, "--why", "录错").code == 0
    assert office.call("void", "subject", row["subject_id"], "--why", "录错").code == 0


def test_an_outing_keeps_what_identifies_it(stop):
    office, sheet = stop
    outing = office.get("inspection", sheet)["outing_id"]
    assert office.try_edit("outing", outing, date="2024-06-06").codes() == ["shared_key"]
    assert office.try_edit("outing", outing, vehicles=2).code == 0


def test_findings_sent_back_without_ids_make_no_second_rectification(stop):
    office, sheet = stop
    again = [{"desc": "集气罩破损", "action": "限期整改"}, {"desc": "台账不全"}]
    assert office.try_edit("inspection", sheet, findings=again).code == 0
    assert len(office.call("list", "rectification").out) == 1
    assert [bool(row["rect_id"]) for row in office.get("inspection", sheet)["findings"]] == [True, False]
