"""One record at a glance."""

import shutil

import pytest
import small_office as o

from envdesk import paths
from envdesk.desk.office import Desk
from envdesk.errors import Refused
from envdesk.formdef.loader import load
from envdesk.present.list_query import Listing, opening
from envdesk.present.preview import preview, reveal
from envdesk.store import file
from envdesk.store.query import history


def pairs(shown):
    return {p.label: p for b in shown.blocks for p in b.pairs}


def test_an_order_with_what_happened(desk, ids):
    shown = preview(desk, "work_order", ids["超期"])
    assert (shown.title, shown.number) == ("佳达鞋业：夜间有刺鼻胶水味", "GD-2026-0001")
    assert shown.subtitle == "12345/信访工单 · 20260917-0317"
    assert [c.word for c in shown.chips] == ["超期", "已超期1天", "要求保密"]
    assert [(e.day, e.words, e.detail, e.kind) for e in shown.events] == [
        ("09-17", "派单、签收", "53 分钟", "done"),
        ("09-18", "涉VOCs企业检查 VC-2026-0001", "发现问题 1 个", "done"),
        ("09-18", "危险废物检查 WF-2026-0001", "未发现问题", "done"),
        ("10-08", "到期未办", "", "late"),
        ("", "是否属实、处理情况、办结方式未填", "", "open"),
    ]
    assert (shown.step.words, shown.step.section) == ("填办理结果", "close")
    assert not shown.sealed


def test_an_order_not_signed_says_so_until_it_is_over_its_own_limit(desk):
    def late(received):
        rec = o.put(desk, "work_order", o.order(f"{received}-1", f"{received}T10:12", handler=None, signed_at=None))[0]
        shown = preview(desk, "work_order", rec)
        events = [(e.day, e.words) for e in shown.events if e.kind == "late"]
        row = next(r for r in Listing(desk, opening(desk, "work_order")).rows() if r.id == rec)
        return [c.word for c in shown.chips[:2]], events, shown.step.words, row.chip.word, row.left

    chips, events, step, word, left = late("2026-09-28")
    assert (chips, events, step) == (["待签收", "已超期3天"], [("09-29", "工单签收到期未办")], "签收")
    assert (word, left) == ("待签收", 6), "the day in the same row"
    chips, events, step, word, left = late("2026-09-08")
    assert (chips, events, step) == (["超期", "已超期8天"], [("09-21", "到期未办")], "填办理结果")
    assert (word, left) == ("已超期8天", -8)


def test_personal_data_is_masked_until_revealed_with_a_reason(desk, ids):
    shown = pairs(preview(desk, "work_order", ids["超期"]))
    assert (shown["诉求人"].text, shown["诉求人"].masked) == ("张**", True)
    assert shown["诉求人电话"].text == "138****5678"
    with pytest.raises(Refused):
        reveal(desk, "work_order", ids["超期"], "phone", " ")
    assert reveal(desk, "work_order", ids["超期"], "phone", "回访") == o.PHONE
    last = history(desk.store, "work_order", ids["超期"])[-1]
    assert (last["verb"], last["why"], last["who"]) == ("reveal", "回访", o.WHO)


def test_references_are_links(desk, ids):
    found = pairs(preview(desk, "work_order", ids["超期"]))["被诉对象"]
    assert (found.text, found.form, found.rec) == ("佳达鞋业", "subject", ids["佳达"])


def test_a_visit_shows_its_sheets_its_items_and_its_rectification(desk, ids):
    shown = preview(desk, "vocs_check", ids["检查1"])
    assert [c.word for c in shown.chips][:1] == ["发现问题"]
    assert pairs(shown)["检查项目"].text == "2/8 项，不符合：活性炭吸附设施"
    assert "同次检查" in [r.why for r in shown.related]
    assert any(e.form == "rectification" for e in shown.events)


def test_a_rectification_names_its_origin(desk, ids):
    shown = preview(desk, "rectification", ids["整改1"])
    origin = pairs(shown)["来源记录"]
    assert (origin.text, origin.form, origin.rec) == ("VC-2026-0001", "vocs_check", ids["检查1"])
    assert shown.title == "佳达鞋业：活性炭：活性炭未按期更换"
    assert "已超期2天" in [c.word for c in shown.chips]


def test_duplicates_are_related_both_ways(desk, ids):
    there = {r.rec: r.why for r in preview(desk, "work_order", ids["重复"]).related}
    back = {r.rec: r.why for r in preview(desk, "work_order", ids["已结"]).related}
    assert there[ids["已结"]] == back[ids["重复"]] == "重复件"
    assert "同一地点" in there.values()


def test_sealed_and_void_are_said(desk, ids):
    from envdesk.desk.seals import seal
    from envdesk.store.save import void

    void(desk.store, "rectification", ids["月内"], "登记错误")
    shown = preview(desk, "rectification", ids["月内"])
    assert (shown.chips[0].word, shown.void_reason, shown.step) == ("作废", "登记错误", None)
    seal(desk, "2026-05")
    assert preview(desk, "vocs_check", ids["检查3"]).sealed


@pytest.mark.parametrize("form", sorted(f.id for f in o.catalogue().forms.values() if f.kind != "shared"))
def test_every_stored_record_can_be_shown(desk, form):
    from envdesk.formdef.live import table

    for (rec,) in desk.store.con.query(f"SELECT id FROM {table(form)} LIMIT 5"):
        shown = preview(desk, form, rec)
        assert shown.title
        assert all(p.text for b in shown.blocks for p in b.pairs)


def test_an_unknown_record_is_refused(desk):
    with pytest.raises(Refused):
        preview(desk, "work_order", "GD-2026-9999")


def test_an_old_record_is_shown_in_the_words_of_its_time(made, ids, tmp_path):
    shutil.copytree(paths.forms_dir(), tmp_path / "forms")
    shutil.copyfile(made[0], tmp_path / "台账.envdesk")
    toml = tmp_path / "forms" / "work_order.toml"
    changed = toml.read_text(encoding="utf-8").replace('label = "地点"', 'label = "事发位置"')
    toml.write_text(changed, encoding="utf-8")
    newer = load([tmp_path / "forms"])
    with file.open_store(tmp_path / "台账.envdesk", newer, clock=o.CLOCK, who=o.WHO) as store:
        desk = Desk(store, newer, o.CLOCK, o.WHO)
        [new] = o.put(desk, "work_order", o.order("9", "2026-10-09T09:00"))
        assert "地点" in pairs(preview(desk, "work_order", ids["超期"]))
        assert "事发位置" in pairs(preview(desk, "work_order", new))


def test_the_colour_of_a_state_is_the_one_of_today_for_old_records_too(made, ids, tmp_path):
    shutil.copytree(paths.forms_dir(), tmp_path / "forms")
    shutil.copyfile(made[0], tmp_path / "台账.envdesk")
    toml = tmp_path / "forms" / "work_order.toml"
    text, late = toml.read_text(encoding="utf-8"), 'word = "超期"\nwhen = "overdue = 1"\ntone = '
    assert f'{late}"red"' in text
    toml.write_text(text.replace(f'{late}"red"', f'{late}"amber"'), encoding="utf-8")
    newer = load([tmp_path / "forms"])
    with file.open_store(tmp_path / "台账.envdesk", newer, clock=o.CLOCK, who=o.WHO) as store:
        shown = preview(Desk(store, newer, o.CLOCK, o.WHO), "work_order", ids["超期"])
        assert (shown.chips[0].word, shown.chips[0].tone) == ("超期", "amber")
