"""What stands beside a form, and the file of a subject."""

import pytest
import small_office as o

from envdesk.errors import Refused
from envdesk.present.context import MOST_OPEN, order_context, subject_context
from envdesk.present.subject_file import KINDS, photo, subject_file


def test_a_subject_beside_its_form(desk, ids):
    found = subject_context(
        desk, ids["佳达"], form="vocs_check", values={"source": "投诉举报", "visit_kind": "行政检查"}
    )
    assert (found.name, found.full_name, found.chip.word, found.grid) == ("佳达", "佳达鞋业", "在用/在产", "石马")
    assert found.tags == ("制鞋", "重点监管")
    assert [(x.title, x.detail, x.chip.word) for x in found.open] == [
        ("整改 ZG-0001", "活性炭：活性炭未按期更换", "已超期2天"), ("12345 GD-0001", "夜间有刺鼻胶水味", "已超期1天"),
    ]  # fmt: skip
    assert [(v.date, v.detail) for v in found.visits] == [("09-18", "发现问题 1 个"), ("05-20", "未发现问题")]
    assert found.visits[0].title == "涉VOCs企业、危险废物"
    assert {v.key for v in found.last_values} >= {"facility_kind", "ac_iodine"}


def test_used_of_the_cap(desk, ids):
    found = subject_context(desk, ids["佳达"], values={"source": "投诉举报", "visit_kind": "行政检查"}).cap
    assert (found.used, found.cap, found.counts, found.over) == (1, 4, False, False)
    assert found.words == "这次因投诉举报，不占次数。"
    for n in range(3):
        o.put(desk, "inspection", o.visit(ids["佳达"], f"2026-08-0{n + 1}", visit_kind="行政检查", source="日常检查"))
    full = subject_context(desk, ids["佳达"], values={"source": "日常检查", "visit_kind": "行政检查"}).cap
    assert (full.used, full.counts, full.over, full.words) == (4, True, True, "已到年度频次上限。")
    assert subject_context(desk, ids["工地"]).cap is None


def test_what_waits_is_counted_beyond_what_is_listed(desk, ids):
    before = subject_context(desk, ids["佳达"])
    assert before.waiting == len(before.open) == 2
    for n in range(MOST_OPEN):
        o.put(desk, "work_order", o.order(f"2026-M{n}", "2026-10-08T09:00", respondent_id=ids["佳达"], phone=o.PHONE))
    found = subject_context(desk, ids["佳达"])
    assert (len(found.open), found.waiting) == (MOST_OPEN, 2 + MOST_OPEN)
    alike = order_context(desk, {"phone": o.PHONE})
    assert len(alike.duplicates) == MOST_OPEN < alike.alike


def test_a_new_subject_has_an_empty_pane(desk):
    [rec] = o.put(desk, "subject", o.firm("新厂"))
    found = subject_context(desk, rec, form="vocs_check")
    assert (found.open, found.visits, found.last, found.last_values) == ((), (), "", ())
    assert subject_context(desk, "nobody") is None


def test_possible_duplicates_of_an_order(desk, ids):
    values = {
        "content": "每天夜间有刺鼻的胶水味从厂里飘出",
        "location": "石马新村东侧",
        "received_at": "2026-10-09T09:00",
    }
    why = {link.rec: reason for reason, link in order_context(desk, values).duplicates}
    assert why[ids["待签"]] == "同一地点"
    assert ids["今天"] not in {k for k, v in why.items() if v == "同一地点"}
    caller = {link.rec: reason for reason, link in order_context(desk, {"phone": o.PHONE}).duplicates}
    assert caller == {ids["超期"]: "同一来电"}
    assert all(
        link.rec != ids["超期"] for _r, link in order_context(desk, {"phone": o.PHONE}, rec=ids["超期"]).duplicates
    )


def test_alike_texts_are_found(desk):
    text = "反映平沙工业一路某鞋厂夜间偷排废气，气味刺鼻难闻"
    [rec] = o.put(desk, "work_order", o.order("5", "2026-09-20T10:00", content=text, location="平沙工业一路"))
    alike = {"content": "反映平沙工业一路某鞋厂夜间偷排废气，味道刺鼻", "received_at": "2026-10-09T09:00"}
    assert (("内容相近", rec)) in [(why, link.rec) for why, link in order_context(desk, alike).duplicates]
    other = {"content": "反映高增村河涌有大量垃圾漂浮无人清理，希望处理", "received_at": "2026-10-09T09:00"}
    assert order_context(desk, other).duplicates == ()


def test_the_deadline_of_an_order_in_words(desk):
    found = order_context(desk, {"received_at": "2026-09-30T10:00", "due_date": "2026-10-13"})
    assert (found.due_words, found.chip.word) == ("收件后5个工作日", "还有3个工作日")
    assert order_context(desk, {"due_date": "2026-10-13", "closed_at": "2026-10-08"}).chip is None
    assert order_context(desk, {}).due == ""


# ---- file ----------------------------------------------------------------------------------------------------------
def test_a_file_holds_everything_about_a_subject(desk, ids):
    found = subject_file(desk, "佳达鞋业")
    assert (found.rec, found.number) == (ids["佳达"], "DX-2023-0001")
    assert {e.rec for e in found.entries} == {ids[k] for k in ("检查1", "检查2", "检查3", "超期", "整改1")}
    assert [e.date for e in found.entries] == sorted((e.date for e in found.entries), reverse=True)
    assert {e.kind for e in found.entries} <= set(KINDS)
    visit = next(e for e in found.entries if e.rec == ids["检查1"])
    assert visit.details == ("活性炭：活性炭未按期更换（限期整改）",)
    assert next(e for e in found.entries if e.rec == ids["整改1"]).due.word == "已超期2天"
    assert {n.id: n.text for n in found.numbers} == {
        "visits": "2 次", "cap": "1/4 次", "findings": "1 个", "rectify": "1 宗", "orders": "1 件", "cases": "0 宗",
    }  # fmt: skip


def test_what_a_complainant_wrote_never_enters_a_file(desk, ids):
    text = str(subject_file(desk, ids["佳达"]))
    assert "胶水" not in text
    assert "石马新村" not in text
    assert "20260917-0317" in text


def test_personal_data_of_a_file_is_masked(desk, ids):
    head = {f.label: f for f in subject_file(desk, ids["佳达"]).head}
    assert (head["联系人"].text, head["联系电话"].text, head["联系人"].masked) == ("王**", "138****5678", True)


def test_merged_subjects_share_a_file(desk, ids):
    desk.store.con.execute("UPDATE t_subject SET canonical = ? WHERE id = ?", (ids["益美"], ids["佳达"]))
    found = subject_file(desk, ids["佳达"])
    assert found.rec == ids["益美"]
    assert {ids["检查1"], ids["检查4"], ids["近期"]} <= {e.rec for e in found.entries}


def test_photos_of_a_file_come_from_its_records_but_orders(desk, ids, tmp_path):
    from PIL import Image

    Image.new("RGB", (60, 40), "green").save(tmp_path / "现场.jpg")
    made = {"path": str(tmp_path / "现场.jpg"), "tag": "现场"}
    o.change(desk, "vocs_check", ids["检查3"], photos=[made])
    o.change(desk, "work_order", ids["超期"], photos=[made])
    [shown] = subject_file(desk, ids["佳达"]).photos
    assert (shown.rec, shown.tag) == (ids["检查3"], "现场")
    assert photo(desk, shown.sha256)[:2] == b"\xff\xd8"
    assert photo(desk, "0" * 64) is None


def test_no_such_subject(desk):
    with pytest.raises(Refused):
        subject_file(desk, "没有的厂")
