"""Words that pages share."""

from datetime import date, datetime

import pytest
import small_office as o
from hypothesis import given, strategies as st

from envdesk.desk import words as w
from envdesk.desk.registers import TITLES, registers
from envdesk.desk.steps import step_of
from envdesk.formdef.model import Field

TODAY = date(2026, 10, 9)


@pytest.mark.parametrize(
    ("left", "word", "tone"),
    [(-2, "已超期2天", "red"), (0, "今天到期", "amber"), (3, "还有3个工作日", "amber"), (4, "还有4个工作日", "grey")],
)
def test_due_days(left, word, tone):
    found = w.due_chip(left)
    assert (found.word, found.tone) == (word, tone)


def test_orders_count_working_days_rectifications_calendar_days():
    forms = o.catalogue().forms
    assert w.days_over(forms["work_order"], "2026-10-01", TODAY, -2) == 2
    assert w.days_over(forms["rectification"], "2026-10-01", TODAY, -2) == 8


def test_every_state_has_a_chip_with_a_known_shape_and_tone():
    shapes = {"dot", "ring", "half", "triangle", "cross", "check", "pause", "dash", "square", "lock", "pencil", "redo",
              "fork", "back"}  # fmt: skip
    for form in o.catalogue().forms.values():
        for state in form.states:
            found = w.state_chip(form, {"state": state.word})
            assert found.shape in shapes
            assert found.tone in {"grey", "green", "amber", "red", "blue"}


def test_moments_as_short_as_clear():
    now = datetime(2026, 10, 9, 9, 41)
    cases = {
        "2026-10-09T08:05": "08:05",
        "2026-10-08T23:00": "昨天",
        "2026-10-07T01:00": "10-07",
        "2025-10-08T01:00": "2025-10-08",
    }
    assert {k: w.moment_words(k, now) for k in cases} == cases


def test_numbers_without_this_year():
    assert w.short_number("ZG-2026-0118", TODAY) == "ZG-0118"
    assert w.short_number("ZG-2026-B0118", TODAY) == "ZG-B0118"
    assert w.short_number("ZG-2025-0118", TODAY) == "ZG-2025-0118"
    assert w.short_number(None, TODAY) == ""


def test_cells_of_every_type():
    def cell(kind, value, **more):
        return w.cell(Field("k", "项", kind, **more), value, {"a": "甲", "b": "乙"}, today=TODAY, most=1)

    assert cell("ref", "a") == "甲"
    assert cell("people", ["a", "b"]) == "甲等2人"
    assert cell("texts", ["x", "y"]) == "x等2项"
    assert cell("photos", [{}, {}]) == "2 张"
    assert cell("files", [{}]) == "1 份"
    assert cell("rows", [{}]) == "1 条"
    assert cell("money", 4300050) == "43000.50"
    assert cell("bool", 0) == "否"
    assert cell("date", "2026-10-01") == "10-01"
    assert cell("datetime", "2025-10-01T09:00") == "2025-10-01 09:00"
    assert cell("text", "13800005678", pii="phone") == "138****5678"
    assert w.cell(Field("k", "项", "text", pii="phone"), "13800005678", {}, reveal=True) == "13800005678"
    assert all(cell(kind, None) == "" for kind in ("ref", "people", "money", "bool", "date", "rows"))


@given(text=st.text(), most=st.integers(2, 40))
def test_a_clipped_text_fits_on_one_line(text, most):
    found = w.clip(text, most)
    assert len(found) <= most
    assert "\n" not in found


def test_personal_data_never_leaves_in_a_headline():
    for form in o.catalogue().forms.values():
        row = {f.key: "秘密人名" for f in form.fields if f.pii and f.type in ("text", "long_text")}
        assert "秘密人名" not in w.headline(form, row, {})


def test_every_register_is_in_one_group(desk):
    assert [r.id for r in registers(desk)] == list(TITLES)
    assert all(r.forms for r in registers(desk))


def test_every_due_rule_has_a_step_into_a_section_of_its_form():
    for form in o.catalogue().forms.values():
        for due in form.dues:
            step = step_of(form, due.id)
            assert step.words
            assert step.section == "" or step.section in [s.id for s in form.sections]
            assert step.words != "打开", f"{form.id}.{due.id}: name the step in envdesk.desk.steps"
