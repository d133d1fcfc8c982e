"""The guided first record: which step is next, from what was typed and what is said; where a saved record is."""

from __future__ import annotations

import pytest
import small_office as o

from envdesk.desk import office, records
from envdesk.desk.registers import group_of
from envdesk.errors import Problem, problem
from envdesk.present import form_desk, guide, today
from envdesk.present.form_session import FormSession
from envdesk.present.guide import ABOUT, LOOK, MUST, SAVE, Seen

FORMS = sorted(f.id for f in o.catalogue().forms.values() if group_of(f))


@pytest.fixture
def new(desk):
    """Opens sessions as their key opens them, and closes them."""
    opened = []

    def make(form, **prefill):
        given = dict(form_desk.QUICK.get(form, ({}, ""))[0]) | prefill
        opened.append(FormSession.new(desk, form, given))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def step(session, **seen):
    return guide.guide(session, Seen(**seen))


def said(session):
    """What stands beside the fields of somebody who has been everywhere."""
    return [p for p in session.problems() if p.code != "required"]


def test_the_forms_offered_are_those_of_every_day():
    assert [f.id for f in guide.offered(o.catalogue())] == ["inspection", "site_dust_patrol", "work_order"]


@pytest.mark.parametrize("form", FORMS)
def test_any_form_is_guided_from_its_first_step(new, form):
    session = new(form)
    found = step(session)
    assert guide.guides(session)
    assert found.steps[-1].id == SAVE
    assert LOOK not in [s.id for s in found.steps]
    assert found.words.endswith("。")
    assert not found.field or session.form.has(found.field)
    assert found.count.startswith("第 ")


def test_the_record_it_is_about_comes_first_and_can_be_made(new):
    session = new("site_dust_patrol")
    found = step(session)
    assert (found.step.id, found.field, found.step.title) == (ABOUT, "subject_id", "选监管对象")
    assert "当场新建" in found.words
    before = step(session, at="people")
    assert before.words.startswith("“人员”填好，按 Enter 往下走，到“监管对象”")  # somebody must have been there
    free = step(session, at="vehicles")
    assert free.words.startswith("“车次”填好或空着，按 Enter 往下走，到“监管对象”")
    assert step(session, at="time_from").words == found.words
    session.set("subject_id", "没见过的工地")
    typed = step(session)
    assert (typed.step.id, "选“新建”那一行" in typed.words) == (ABOUT, True)
    assert "补齐新建" in step(session, making=True).words
    session.set("subject_id", "rec-1")
    assert step(session, names={"rec-1": "某工地"}).step.id == MUST


def test_a_reference_that_is_only_wished_for_is_no_step(new):
    assert [s.id for s in step(new("work_order")).steps] == [MUST, SAVE]


def test_what_is_missing_is_counted_and_named(new):
    session = new("work_order")
    found = step(session)
    assert found.words == "还差 2 项必填。有 * 的：工单编号、内容。填好一项按 Enter 到下一项。"
    assert found.field == "order_no"
    session.set("order_no", "A1")
    assert step(session).words.startswith("还差 1 项必填。有 * 的：内容。")
    session.set("content", "夜间噪声")
    last = step(session)
    assert (last.step.id, last.field, last.count) == (SAVE, "", "第 2 步，共 2 步")
    assert "Ctrl+S" in last.words
    assert [s.done for s in last.steps] == [True, False]


def test_a_checklist_is_answered_by_digits(new):
    session = new("site_dust_patrol", subject_id="rec-1")
    names = {"rec-1": "某工地"}
    found = step(session, names=names)
    assert (found.step.id, found.field) == (MUST, "six_1")
    assert "Ctrl+0 把没选的都选成" in found.words
    for n in range(1, 7):
        session.set(f"six_{n}", session.form.field(f"six_{n}").choices[0].code)
    ruled = step(session, names=names)
    assert (ruled.step.id, ruled.field) == (MUST, "people")
    assert ruled.words == "请填写人员，或填写其他人员的人数，至少 1 人。"
    session.set("people", ["李敏"])
    assert step(session, names=names).step.id == SAVE


def test_what_is_wrong_comes_before_everything_and_stays_as_a_tick(new):
    session = new("work_order")
    session.set("received_at", "昨天下午吧")
    found = step(session, said=said(session))
    assert (found.step.id, found.field) == (LOOK, "received_at")
    assert found.words.startswith("有红字的要改好才能保存：")
    assert [s.id for s in found.steps] == [MUST, LOOK, SAVE]
    session.set("received_at", "2026-10-08 09:00")
    after = step(session, said=said(session), met=True)
    assert [(s.id, s.done) for s in after.steps] == [(MUST, False), (LOOK, True), (SAVE, False)]
    assert after.step.id == MUST


def test_a_warning_waits_until_all_is_filled_in_and_saving_twice_takes_it(new):
    session = new("work_order", order_no="A1", content="夜间噪声")
    warned = [Problem("rule:soft", "办理人还没有分派。", field="handler", severity="warning")]
    found = step(session, said=warned)
    assert (found.step.id, found.field) == (LOOK, "handler")
    assert "再按一次就是确认" in found.words
    asking = step(session, said=warned, asking=True)
    assert (asking.step.id, asking.words) == (SAVE, "再按一次 Ctrl+S，确认提醒并保存。")
    session.set("content", "")
    assert step(session, said=warned).step.id == MUST


def test_a_name_not_found_yet_is_not_told_twice(new):
    session = new("inspection")
    session.set("subject_id", "没见过")
    unknown = problem("unknown_ref", field="subject_id", label="监管对象", value="没见过")
    assert step(session, said=[unknown]).step.id == ABOUT


# ---- saved ---------------------------------------------------------------------------------------------------------
def test_a_saved_record_says_its_register_and_the_figure_that_counts_it(desk):
    order = {"source": "12345", "order_no": "引导1", "received_at": "2026-10-08T09:00", "content": "噪声"}
    [rec] = records.add(desk, "work_order", [order | {"warnings": "accept"}]).value.ids
    found = guide.saved(desk, "work_order", rec)
    assert (found.group, found.period, found.figure) == ("complaints", "2026-10", "wo_received")
    assert found.number in found.words
    assert "“投诉信访”的台账" in found.words
    assert "报表里已经数进：10月收到工单 " in found.words


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_record_can_say_where_it_is(desk, form):
    for row in records.listing(desk, form)[:1]:
        found = guide.saved(desk, form, row["id"])
        assert found.words.startswith(found.number)
        assert not found.figure or found.counted


def test_a_stored_record_is_not_guided(desk):
    row = records.listing(desk, "work_order")[0]
    session = FormSession.stored(desk, "work_order", row["id"])
    assert not guide.guides(session)
    session.close()


def test_a_small_list_is_not_guided(new):
    assert not guide.guides(new("person"))
    assert not guide.guides(new("subject"))


def test_an_office_is_bare_until_something_is_registered(tmp_path):
    path = tmp_path / "空.envdesk"
    office.init(path, office="均禾街道")
    with office.opened(path, operator="李敏") as desk:
        assert today.due_list(desk).bare
        records.add(desk, "person", [{"name": "李敏"}])
        assert today.due_list(desk).bare
        order = {"source": "12345", "order_no": "A1", "received_at": "2026-01-08T09:00", "content": "噪声"}
        assert records.add(desk, "work_order", [order | {"warnings": "accept"}]).value.ids
        assert not today.due_list(desk).bare
