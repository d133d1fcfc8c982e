"""The search of the office, and the pickers."""

import pytest
import small_office as o

from envdesk.present import picker
from envdesk.present.search import MOST, search


def hits(desk, text):
    return [(f.form, f.title) for f in search(desk, text).all()]


# ---- search --------------------------------------------------------------------------------------------------------
def test_a_number_comes_first(desk, ids):
    for text in ("GD-2026-0001", "gd-2026-0001", "20260917-0317"):
        assert search(desk, text).all()[0].rec == ids["超期"]


@pytest.mark.parametrize("text", ["佳达", "jdxy", "JDXY", "桃红西街1号 佳达", "达鞋"])
def test_a_subject_by_fragments_and_initials(desk, ids, text):
    found = search(desk, text).all()
    assert found[0].rec == ids["佳达"]
    assert (found[0].group, found[0].chip.word) == ("subjects", "在用/在产")


def test_groups_and_limits(desk):
    o.put(desk, "subject", *(o.firm(f"石马第{n}鞋厂") for n in range(30)))
    found = search(desk, "石马")
    assert found.count <= MOST
    assert found.more
    assert next(title for title, _items in found.groups) == "监管对象"
    assert "工单" in [title for title, _items in found.groups]


def test_nothing_typed_and_nothing_found(desk):
    assert search(desk, "  ").all() == ()
    assert search(desk, "没有这样的东西").all() == ()
    assert search(desk, "%").all() == ()


def test_a_complainant_can_not_be_searched(desk):
    assert search(desk, "张小花").all() == ()
    assert search(desk, o.PHONE).count == 0 or all(f.form != "work_order" for f in search(desk, o.PHONE).all())


def test_voided_records_are_not_found(desk, ids):
    from envdesk.store.save import void

    void(desk.store, "work_order", ids["超期"], "重复登记")
    assert ids["超期"] not in [f.rec for f in search(desk, "20260917-0317").all()]


# ---- pickers -------------------------------------------------------------------------------------------------------
def field(desk, form, key):
    return desk.catalogue.form(form).field(key)


def test_an_empty_text_offers_the_last_visited(desk):
    found = picker.find(desk, field(desk, "vocs_check", "subject_id"), "")
    assert [(i.name, i.mark) for i in found][:2] == [("益美皮具", "最近"), ("佳达鞋业", "最近")]


@pytest.mark.parametrize(
    ("text", "name"), [("jd", "佳达鞋业"), ("鞋业", "佳达鞋业"), ("ympj", "益美皮具"), ("平沙", "")]
)
def test_a_subject_is_found_as_one_types(desk, text, name):
    found = [i.name for i in picker.find(desk, field(desk, "vocs_check", "subject_id"), text)]
    assert found[:1] == ([name] if name else [])


def test_two_letters_are_rather_initials_than_part_of_a_code(desk):
    o.put(desk, "subject", o.firm("云湖油站", permit_no="4401qz01"), o.firm("岭州卓邦企轴承零部件有限公司"))
    found = [i.name for i in picker.find(desk, field(desk, "vocs_check", "subject_id"), "qz")]
    assert found == ["岭州卓邦企轴承零部件有限公司", "云湖油站"]


def test_a_closed_subject_says_so(desk):
    [found] = picker.find(desk, field(desk, "vocs_check", "subject_id"), "旧鞋厂")
    assert (found.chip.word, found.chip.tone) == ("已关停取缔", "grey")


def test_an_order_is_found_by_its_number(desk, ids):
    found = picker.find(desk, field(desk, "vocs_check", "order_id"), "0317")
    assert [i.rec for i in found] == [ids["超期"]]


def test_small_lists_offer_what_holds_on_the_day(desk):
    f = field(desk, "vocs_check", "grid_id")
    assert [i.name for i in picker.find(desk, f, "")] == ["平沙", "石马"]
    assert [i.name for i in picker.find(desk, f, "", day="2019-05-01")] == ["旧石马", "平沙", "石马"]
    assert [i.name for i in picker.find(desk, f, "sm")] == ["石马"]


def test_people_in_post_the_last_team_first(desk, ids):
    f = field(desk, "vocs_check", "people")
    found = picker.find(desk, f, "")
    assert {i.name for i in found} == {"周启明", "陈立", "何静", "李敏"}
    assert {i.name for i in found[:2]} == set(team := [i.name for i in found if i.mark])
    assert len(team) == 2
    assert [i.name for i in picker.find(desk, f, "zqm")] == ["周启明"]
    assert "老张" in [i.name for i in picker.people(desk, day="2024-06-01")]
    assert ids["陈立"] not in [i.rec for i in picker.people(desk, chosen=[ids["陈立"]])]
    assert next(i for i in found if i.name == "何静").chip.word == "无执法证"


def test_names_of_a_stored_value(desk, ids):
    f = field(desk, "vocs_check", "people")
    assert [i.name for i in picker.names(desk, f, [ids["陈立"], ids["周启明"]])] == ["陈立", "周启明"]
    assert picker.names(desk, field(desk, "vocs_check", "subject_id"), None) == ()


def test_a_name_can_be_made_where_it_is_enough(desk):
    river = field(desk, "outfall_patrol", "river_id")
    assert picker.can_make(desk, river)
    done = picker.make(desk, river, " 均禾涌 ")
    assert [i.name for i in picker.find(desk, river, "jh")] == ["均禾涌"]
    assert done.changed == frozenset({"river"})
    assert picker.can_make(desk, field(desk, "vocs_check", "people"))
    subject = field(desk, "vocs_check", "subject_id")
    assert not picker.can_make(desk, subject)
    assert picker.prefill(desk, subject, "新厂") == ("subject", {"name": "新厂"})


def test_every_reference_of_every_form_can_be_picked(desk):
    for form in desk.catalogue.forms.values():
        for f in form.fields:
            for sub in (f, *f.fields):
                if sub.type in ("ref", "people"):
                    usual = picker.find(desk, sub, "")
                    assert all(item.rec and item.name for item in usual), (form.id, f.key)
                    assert picker.find(desk, sub, "没有这样的名称") == ()
                    for item in usual[:1]:
                        assert item.rec in {i.rec for i in picker.find(desk, sub, item.name)}, (form.id, f.key)
