"""The office that the tests of present look at: a few subjects, visits, orders and rectifications around 2026-10-09.

10-10 is a working Saturday, 10-01 … 07 are holidays, so 10-08, 09, 10, 12, 13 are the working days that follow.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from envdesk import paths
from envdesk.clock import Clock
from envdesk.desk.office import Desk, furnish
from envdesk.formdef.loader import load as load_forms
from envdesk.formdef.model import Catalogue
from envdesk.store import file
from envdesk.store.save import add, edit
from envdesk.store.settings import write

NOW = datetime(2026, 10, 9, 9, 41)
CLOCK = Clock(NOW)
WHO = "李敏"
PHONE = "13800005678"


@cache
def catalogue() -> Catalogue:
    """The program's own forms."""
    return load_forms([paths.forms_dir()])


def init(path: Path, *, clock: Clock = CLOCK, who: str = WHO) -> Desk:
    """A new file."""
    store = file.create(path, catalogue(), office="均禾街道综合执法办", district="白云区", clock=clock, who=who)
    furnish(store)
    return Desk(store, catalogue(), clock, who)


def reopen(path: Path, *, clock: Clock = CLOCK, who: str = WHO) -> Desk:
    """Open a file again."""
    store = file.open_store(path, catalogue(), clock=clock, who=who)
    return Desk(store, catalogue(), clock, who)


def put(desk: Desk, form: str, *objects: dict[str, Any], why: str = "") -> list[str]:
    """Add records that must be accepted; returns their ids."""
    outcome = add(desk.store, form, [{"warnings": "accept", **o} for o in objects], why=why)
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]
    return outcome.ids


def change(desk: Desk, form: str, rec: str, **values: Any) -> None:
    """Change a record; it must be accepted."""
    outcome = edit(desk.store, form, rec, {"warnings": "accept", **values})
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]


def firm(name: str, **more: Any) -> dict[str, Any]:
    return {
        "types": ["工业企业", "涉VOCs企业"], "name": name, "address": "石马桃红西街1号", "industry": "制鞋",
        "grid_id": "石马", "register_from": "2023-01-01",
    } | more  # fmt: skip


def visit(subject: str, day: str, people: tuple[str, ...] = ("周启明", "陈立"), **more: Any) -> dict[str, Any]:
    return {"subject_id": subject, "visit_date": day, "session": "上午", "people": list(people)} | more


def order(no: str, received: str, **more: Any) -> dict[str, Any]:
    return {
        "order_no": no, "source": "12345", "received_at": received, "content": "夜间有刺鼻胶水味", "kind": "投诉",
        "pollution": ["大气-油烟"], "location": "石马新村东侧", "handler": "陈立", "signed_at": received, "grid_id": "石马",
    } | more  # fmt: skip


CLOSED = {"verdict": "属实", "measures": "已责令改正", "close_type": "办结"}
LIMIT = {"item": "活性炭", "desc": "活性炭未按期更换", "action": "限期整改"}


def build(path: Path) -> dict[str, str]:
    """Fill a new file and close it; returns ids by nickname."""
    desk = init(path)
    ids: dict[str, str] = {}

    def keep(name: str, form: str, values: dict[str, Any]) -> str:
        ids[name] = put(desk, form, values)[0]
        return ids[name]

    put(desk, "grid", {"code": "G1", "name": "石马", "kind": "联社"}, {"code": "G2", "name": "平沙", "kind": "联社"})
    put(desk, "grid", {"code": "G0", "name": "旧石马", "kind": "联社", "from": "2010-01-01", "to": "2020-12-31"})
    for name, more in {
        "周启明": {"badge_no": "A001"}, "陈立": {"badge_no": "A002"}, "何静": {"badge_no": "A003", "badge_until": "2025-01-01"},
        "李敏": {}, "老张": {"to": "2024-12-31"},
    }.items():  # fmt: skip
        ids[name] = put(desk, "person", {"name": name, "role": "执法人员", **more})[0]
    keep("佳达", "subject", firm("佳达鞋业", short_name="佳达", key_unit=True, contact="王大明", phone=PHONE))
    keep("益美", "subject", firm("益美皮具", industry="皮具", grid_id="平沙"))
    keep("工地", "subject", firm("恒兴市政工地", types=["建设工地"], industry=None))
    keep("关停", "subject", firm("旧鞋厂", status="已关停取缔", status_from="2025-05-01"))
    keep("检查1", "vocs_check", visit(
        ids["佳达"], "2026-09-18", findings=[LIMIT | {"due": "2026-10-07"}], G="不符合", A="符合",
        facility_kind=["一次性活性炭吸附"], ac_type="颗粒", ac_iodine=850, ac_fill_kg=860, ac_last_change="2026-07-13",
        ac_cycle_days=90, site_person="王大明", site_phone=PHONE, source="投诉举报", visit_kind="行政检查"))  # fmt: skip
    keep("检查2", "hazardous_waste_check", visit(ids["佳达"], "2026-09-18"))
    keep("检查3", "vocs_check", visit(ids["佳达"], "2026-05-20", visit_kind="行政检查", facility_kind=["RTO/RCO"]))
    keep("检查4", "inspection", visit(ids["益美"], "2026-10-08", ("何静", "李敏"), source="日常检查"))
    keep("检查5", "vocs_check", visit(ids["益美"], "2025-11-03"))
    keep("超期", "work_order", order(
        "20260917-0317", "2026-09-17T10:12", signed_at="2026-09-17T11:05", respondent_id=ids["佳达"], due_date="2026-10-08",
        complainant="张小花", phone=PHONE, confidential=True))  # fmt: skip
    keep(
        "今天",
        "work_order",
        order("20261008-0021", "2026-10-08T15:40", due_date="2026-10-09", location="新石路18号地块"),
    )
    keep("待签", "work_order", order("20261009-0034", "2026-10-09T08:52", handler=None, signed_at=None))
    keep("已结", "work_order", order("20261004-0012", "2026-09-04T08:44", closed_at="2026-09-10", **CLOSED))
    keep(
        "重复",
        "work_order",
        order("20261003-0008", "2026-09-03T16:02", dup_of=ids["已结"], closed_at="2026-09-10", **CLOSED),
    )
    keep(
        "去年",
        "work_order",
        order("20251003-0001", "2025-10-03T16:02", closed_at="2025-10-10", source="来访", **CLOSED),
    )
    change(desk, "vocs_check", ids["检查1"], order_id=ids["超期"])
    keep("近期", "rectification", {
        "subject_id": ids["益美"], "problem": "危废间无标识牌", "issued_at": "2026-09-28", "due": "2026-10-13"})  # fmt: skip
    keep("月内", "rectification", {
        "subject_id": ids["工地"], "problem": "出入口未冲洗车轮", "issued_at": "2026-10-01", "due": "2026-10-30"})  # fmt: skip
    ids["整改1"] = desk.store.con.value("SELECT id FROM t_rectification WHERE subject_id = ?", (ids["佳达"],))
    write(desk.store, "annual_cap_key", "4")
    desk.store.close()
    return ids
