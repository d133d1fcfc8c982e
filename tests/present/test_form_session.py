"""What a form view knows: texts as typed, problems beside fields, drafts, saving."""

import pytest
import small_office as o
from hypothesis import given, strategies as st

from envdesk.errors import Refused
from envdesk.formdef.types import parse
from envdesk.present.form_session import TEXTUAL, FormSession, key_of
from envdesk.store.drafts import drafts
from envdesk.store.query import fetch

#: A text that no field of the type can mean, and what its problem is called.
WRONG = {
    "date": ("不是日期", "bad_date"), "datetime": ("昨天下午吧", "bad_date"), "time": ("25:99", "bad_time"),
    "int": ("十来个", "bad_number"), "decimal": ("约5", "bad_number"), "money": ("一万", "bad_number"),
    "ints": ("去年", "bad_number"),
}  # fmt: skip
FIELDS = [
    (form.id, f.key)
    for form in o.catalogue().forms.values()
    if form.kind != "shared"
    for f in form.typed()
    if f.type in WRONG
]


@pytest.fixture
def new(desk):
    """Opens sessions and closes them."""
    opened = []

    def make(form, prefill=None):
        opened.append(FormSession.new(desk, form, prefill))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


@pytest.fixture
def stored(desk):
    opened = []

    def make(form, rec):
        opened.append(FormSession.stored(desk, form, rec))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def codes(problems):
    return [p.code for p in problems]


# ---- typing --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("form", "key"), FIELDS)
def test_a_text_that_can_not_be_read_stays_with_its_sentence(new, form, key):
    session = new(form)
    text, code = WRONG[session.form.field(key).type]
    found = session.set(key, text)
    assert session.raw[key] == text
    assert session.values[key] in (None, [])
    assert codes(found)[0] == code
    assert session.form.field(key).label in found[0].message
    assert session.save().refused
    assert session.raw[key] == text


def test_too_long_a_text_stays(new):
    session = new("work_order")
    text = "长" * 60
    assert codes(session.set("order_no", text))[0] == "too_long"
    assert session.raw["order_no"] == text
    assert "too_long" not in codes(session.set("order_no", "好"))


def test_a_default_may_rest_on_another_one(new):
    session = new("work_order", {"source": "12345"})
    assert session.values["received_at"]
    assert session.values["due_date"] > session.values["received_at"][:10]


@pytest.mark.parametrize("form", sorted(f.id for f in o.catalogue().forms.values() if f.kind != "shared"))
def test_every_form_opens_with_its_defaults(new, form):
    session = new(form)
    for f in session.form.typed():
        assert f.key in session.raw
        if f.default is not None and not f.is_list and f.type != "ref":
            assert session.values[f.key] == parse(f, f.default, session.context)
    assert not session.dirty
    assert session.sections()
    empty = [p for p in session.problems() if session.raw.get(key_of(p)) in (None, "", [])]
    assert not any(session.worth_saying(p) for p in empty)


def test_short_dates_and_full_width_numbers_are_read(new):
    session = new("vocs_check")
    assert session.set("visit_date", "9-8") == []
    assert session.values["visit_date"] == "2026-09-08"
    session.set("ac_iodine", "８５０")
    assert session.values["ac_iodine"] == 850
    assert session.raw["visit_date"] == "9-8"


@given(text=st.text(max_size=30))
def test_whatever_is_typed_is_kept(shared_session, text):
    for key in ("visit_date", "time_from", "ac_fill_kg", "facts", "vehicles"):
        shared_session.set(key, text)
        assert shared_session.raw[key] == text


@pytest.fixture(scope="module")
def shared_session(made, tmp_path_factory):
    import shutil

    path = tmp_path_factory.mktemp("写") / "台账.envdesk"
    shutil.copyfile(made[0], path)
    desk = o.reopen(path)
    session = FormSession.new(desk, "vocs_check")
    yield session
    session.close()
    desk.store.close()


# ---- judging -------------------------------------------------------------------------------------------------------
def test_rules_of_the_record_are_judged_at_once(new):
    session = new("work_order")
    session.set("received_at", "2026-10-08 10:00")
    assert codes(session.set("closed_at", "2026-10-07")) == ["rule:closed_after_received"]
    assert session.set("closed_at", "2026-10-09") == []


def test_fields_come_and_go_with_what_is_chosen(new):
    session = new("vocs_check")
    assert "witness" in session.hidden
    session.set("party_sign", "拒签+见证人")
    assert "witness" not in session.hidden
    session.set("witness", "刘某")
    session.set("party_sign", "已签")
    assert "witness" not in session.hidden, "what is filled in stays visible"


def test_rules_that_look_up_come_later(new, ids):
    session = new("inspection", {"subject_id": ids["益美"], "visit_date": "2026-10-08"})
    assert "rule:same_day" not in codes(session.problems())
    assert "rule:same_day" in codes(session.look_up())
    assert "rule:same_day" in codes(session.problems_at("subject_id"))
    session.set("visit_date", "2026-10-07")
    session.look_up()
    assert "rule:same_day" not in codes(session.problems())


def test_an_unreadable_field_says_only_that(new):
    session = new("work_order")
    session.set("received_at", "什么时候")
    assert codes(session.problems_at("received_at")) == ["bad_date"]


def test_sections_tick_and_count(new):
    session = new("vocs_check")
    before = {s.section.id: s for s in session.sections()}
    session.set("visit_date", "乱写")
    session.set("G", "不符合")
    after = {s.section.id: s for s in session.sections()}
    assert (after["outing"].worst, after["outing"].problems) == ("error", 1)
    assert after["items"].filled == before["items"].filled + 1
    assert session.counts()["error"] >= 1


def test_required_is_said_after_a_try(new):
    session = new("work_order")
    assert session.save().refused
    assert {p.field for p in session.problems() if p.code == "required" and session.worth_saying(p)} >= {
        "source",
        "content",
    }


# ---- rows ----------------------------------------------------------------------------------------------------------
def test_cells_are_read_one_by_one(new, ids):
    session = new("vocs_check", {"subject_id": ids["佳达"], "visit_date": "2026-10-08"})
    pos = session.add_row("findings")
    assert session.values["findings"][pos]["nature"] == "一般问题"
    assert codes(session.set_cell("findings", pos, "due", "下个月")) == ["bad_date"]
    assert session.raw["findings"][pos]["due"] == "下个月"
    assert codes(session.problems_in("findings", pos)) == ["bad_date", "required"]
    assert codes(session.set_cell("findings", pos, "due", "10-07")) == ["rule:finding_due"]
    assert session.set_cell("findings", pos, "due", "2026.10.20") == []
    assert session.values["findings"][pos]["due"] == "2026-10-20"
    session.set_cell("findings", pos, "desc", "活性炭未更换")
    assert session.problems_in("findings", pos) == []


def test_rows_move_and_go_with_their_problems(new):
    session = new("work_order")
    for day in ("10-08", "乱"):
        session.set_cell("steps", session.add_row("steps", {"what": "到场"}), "at", day)
    assert session.problems_in("steps", 1, "at")
    session.move_row("steps", 1, 0)
    assert session.problems_in("steps", 0, "at")
    assert not session.problems_in("steps", 1, "at")
    session.remove_row("steps", 0)
    assert not [p for p in session.problems() if (p.field or "").startswith("steps") and p.code == "bad_date"]
    assert [r["at"] for r in session.values["steps"]] == ["2026-10-08T00:00"]


def test_stored_rows_keep_their_ids(stored, desk, ids):
    session = stored("vocs_check", ids["检查1"])
    [before] = session.values["findings"]
    session.set_cell("findings", 0, "desc", "活性炭未更换，已约谈")
    session.accepted = True
    assert not session.save().refused
    [after] = fetch(desk.store, session.form, ids["检查1"])["findings"]
    assert (after["id"], after["desc"]) == (before["id"], "活性炭未更换，已约谈")


# ---- drafts --------------------------------------------------------------------------------------------------------
def test_a_draft_keeps_the_texts_as_typed(new, desk):
    session = new("work_order")
    assert session.keep_draft() == ""
    session.set("content", "有异味")
    session.set("received_at", "昨儿")
    session.add_row("steps", {"what": "到场"})
    first = session.keep_draft()
    assert session.keep_draft() == first
    [kept] = drafts(desk.store)
    again = FormSession.from_draft(desk, kept)
    assert (again.raw["content"], again.raw["received_at"]) == ("有异味", "昨儿")
    assert codes(again.problems_at("received_at")) == ["bad_date"]
    assert again.raw["steps"] == [{"what": "到场"}]
    again.close()


def test_a_draft_of_an_edit_remembers_its_record(stored, desk, ids):
    session = stored("work_order", ids["今天"])
    session.set("measures", "已到场")
    session.keep_draft()
    [kept] = drafts(desk.store, "work_order")
    again = FormSession.from_draft(desk, kept)
    assert (again.rec, again.base_rev, again.touched >= {"measures"}) == (ids["今天"], session.base_rev, True)
    assert again.raw["content"] == "夜间有刺鼻胶水味"
    assert not again.save().refused
    again.close()
    assert drafts(desk.store) == []


# ---- saving --------------------------------------------------------------------------------------------------------
def test_saving_makes_the_record_and_ends_the_draft(new, desk):
    session = new("work_order")
    for key, value in {"source": "12345", "order_no": "1", "content": "异味"}.items():
        session.set(key, value)
    session.keep_draft()
    outcome = session.save()
    assert not outcome.refused
    assert (session.rec, session.dirty, session.draft) == (outcome.ids[0], False, "")
    assert drafts(desk.store) == []
    row = fetch(desk.store, session.form, session.rec)
    assert (row["received_at"], row["due_date"]) == ("2026-10-09T09:41", "2026-10-22")


def test_a_warning_is_acknowledged_once(new, ids):
    session = new("inspection", {"subject_id": ids["益美"], "visit_date": "2026-10-08", "people": [ids["李敏"]]})
    session.set("result", "未发现问题")
    refused = session.save()
    assert refused.refused
    assert {p.severity for p in refused.problems} <= {"warning", "hint"}
    session.accepted = True
    assert not session.save().refused


def test_only_what_was_touched_is_changed(stored, ids):
    mine, theirs = stored("work_order", ids["今天"]), stored("work_order", ids["今天"])
    mine.set("measures", "已到场")
    assert mine.to_object() == {"measures": "已到场"}
    assert not mine.save().refused
    theirs.set("handler", "周启明")
    with pytest.raises(Refused) as stale:
        theirs.save()
    assert stale.value.code == "stale"
    assert theirs.raw["handler"] == "周启明"


def test_a_cleared_field_is_cleared(stored, desk, ids):
    session = stored("work_order", ids["超期"])
    session.set("complainant", "")
    assert not session.save().refused
    assert fetch(desk.store, session.form, ids["超期"])["complainant"] is None


def test_a_sealed_event_needs_a_reason(stored, desk, ids):
    from envdesk.desk.seals import seal

    seal(desk, "2026-05")
    session = stored("vocs_check", ids["检查3"])
    session.set("visit_date", "2026-05-21")
    session.accepted = True
    assert codes(session.save().problems) == ["sealed"]
    assert not session.save(why="日期写错").refused


# ---- another sheet, the last sheet -----------------------------------------------------------------------------------
def test_another_sheet_on_the_same_visit_needs_nothing_typed_again(stored, desk, ids):
    first = stored("vocs_check", ids["检查1"])
    second = FormSession.for_same_visit(desk, "waste_diversion_check", first)
    shared = ("visit_date", "session", "people", "subject_id", "source", "order_id", "site_person")
    assert {k: second.values[k] for k in shared} == {k: first.values[k] for k in shared}
    assert second.values["findings"] == []
    assert second.rec == ""
    second.accepted = True
    assert not second.save().refused
    visits = "SELECT count(DISTINCT visit_id) FROM (SELECT visit_id FROM t_vocs_check WHERE id = ? UNION SELECT visit_id FROM t_waste_diversion_check WHERE id = ?)"
    assert desk.store.con.value(visits, (first.rec, second.rec)) == 1
    second.close()


def test_another_sheet_of_an_unsaved_one(new, desk, ids):
    first = new("vocs_check", {"subject_id": ids["益美"]})
    first.set("visit_date", "2026-10-09")
    first.set("people", [ids["陈立"], ids["周启明"]])
    second = FormSession.for_same_visit(desk, "hazardous_waste_check", first)
    assert second.values["people"] == [ids["陈立"], ids["周启明"]]
    assert second.subject == ids["益美"]
    second.close()


def test_the_last_sheet_is_taken_over(new, ids):
    session = new("vocs_check", {"subject_id": ids["佳达"]})
    session.set("ac_iodine", "900")
    taken = session.copy_last()
    assert {"facility_kind", "ac_type", "ac_fill_kg", "site_person"} <= set(taken)
    assert "ac_iodine" not in taken
    assert (session.raw["ac_iodine"], session.values["ac_fill_kg"]) == ("900", 860)
    assert session.raw["facility_kind"] == ["一次性活性炭吸附"]
    assert session.dirty
    assert session.values["findings"] == []
    assert new("vocs_check", {"subject_id": ids["工地"]}).copy_last() == ()
    assert new("vocs_check").copy_last() == ()


def test_textual_types_are_those_whose_editor_is_a_text():
    assert {"text", "date", "money", "texts"} <= TEXTUAL
    assert not TEXTUAL & {"ref", "people", "rows", "photos", "files", "choice", "bool"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-10-09 8点", "08:00"),
        ("10-9 8点半", "08:30"),
        ("2026年10月9日 8时5分", "08:05"),
        ("2026年10月9日8点整", "08:00"),
    ],
)
def test_an_hour_is_read_as_people_write_it(new, typed, kept):
    session = new("work_order")
    assert session.set("received_at", typed) == []
    assert session.values["received_at"] == f"2026-10-09T{kept}"


def test_a_day_to_come_is_refused_in_plain_words(new):
    session = new("work_order")
    session.set("received_at", "2030-01-01")
    assert "“派单时间”不能晚于今天，填的是 2030-01-01。" in [p.message for p in session.problems_at("received_at")]
