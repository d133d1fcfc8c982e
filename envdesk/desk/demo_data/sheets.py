"""Answers on a sheet: what each form of a visit asks, filled in as the day's findings make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from envdesk.desk.demo_data.days import flood_season, summer
from envdesk.desk.demo_data.findings import ADVICE, EXPERTS, Fault
from envdesk.desk.demo_data.world import Obj, Subject

ITEMS: dict[str, tuple[str, ...]] = {
    "inspection": ("eia", "permit", "facility", "water", "air", "noise", "solid", "ledger", "emergency"),
    "vocs_check": ("A", "B", "C", "D", "E", "F", "G", "ledger"),
    "gas_station_check": ("unload", "nozzle", "pump", "pv", "well", "ledger"),
    "flood_hazard_check": ("plan", "materials", "valve", "pool", "storage", "lowland"),
    "waste_diversion_check": ("store", "contract", "destination", "ledger"),
    "hazardous_waste_check": ("label", "plan", "ledger", "manifest", "room", "emergency", "contract"),
}
#: Items that often do not apply.
RARE = {"D": 0.97, "E": 0.85, "pool": 0.7, "water": 0.35, "emergency": 0.25, "plan": 0.15, "noise": 0.1, "eia": 0.05}
CARBON = frozenset({"一次性活性炭吸附", "吸附脱附+催化燃烧"})


@dataclass(frozen=True, slots=True)
class Look:
    """A stop as a sheet sees it: where, when, and what was found there."""

    rng: Random
    subject: Subject
    day: date
    faults: list[Fault]

    @property
    def bad(self) -> set[str]:
        """Items with a problem."""
        return {f.key for f in self.faults}


def answer(form: str, look: Look) -> Obj:
    """The form's own part of a sheet."""
    rng, keys = look.rng, look.bad
    out: Obj = {}
    for key in ITEMS.get(form, ()):
        if key in keys:
            out[key] = "不符合"
        elif rng.random() < RARE.get(key, 0.02) and not (form == "hazardous_waste_check" and key == "plan"):
            out[key] = "不涉及"
        else:
            out[key] = "符合"
    for f in look.faults:
        if f.key in out and rng.random() < 0.4:
            out[f"{f.key}_note"] = "见问题记录"
    more = MORE.get(form)
    out |= more(look) if more else {}
    if form == "vocs_check" and "ac_type" not in out and "G" not in keys:
        out["G"] = "不涉及"
    return out


def carbon(look: Look) -> Obj:
    """Treatment, material and activated carbon; carbon is changed about every quarter."""
    rng, subject, day = look.rng, look.subject, look.day
    facts = subject.facts
    if facts.get("facility") in (["喷淋"], ["UV光解"]) and rng.random() < 0.12:  # simple facility replaced
        facts["facility"] = ["喷淋", "一次性活性炭吸附"]
        facts["simple_done"] = day - timedelta(days=rng.randrange(3, 40))
    kinds = facts.get("facility") or ["无"]
    if kinds == ["无"] and rng.random() < 0.2:
        facts["facility"] = kinds = ["一次性活性炭吸附"]
        facts["unorg"] = day - timedelta(days=rng.randrange(2, 30))
    out: Obj = {"facility_kind": list(kinds)}
    for key, mark in (("simple_done", "simple_done"), ("unorg_to_org", "unorg")):
        done = facts.pop(mark, None)
        if done and done >= subject.opened:
            out[key] = done.isoformat()
    water = "水性" in str(facts.get("material"))
    if subject.industry in ("制鞋", "皮具", "家具", "印刷"):
        out["low_voc"] = rng.choices(["已全部", "部分", "未"], [6, 3, 1] if water else [1, 4, 5])[0]
        out["material"] = {"已全部": "水性胶", "部分": rng.choice(["水性胶", "本体型"])}.get(out["low_voc"], "溶剂型")
        if out["low_voc"] == "部分":
            out["low_voc_pct"] = rng.randrange(20, 95, 5)
    if facts.get("online") and facts["online"] <= day:
        out["online"] = "已联网"
    elif rng.random() < 0.5:
        out["online"] = "未装"
    if CARBON & set(kinds) and "无" not in kinds:
        late = "G" in look.bad
        kind = facts.setdefault("ac_type", rng.choices(["颗粒", "蜂窝"], [4, 6])[0])
        out |= {
            "ac_type": kind,
            "ac_iodine": facts.setdefault(
                "ac_iodine", rng.randrange(800, 960, 10) if kind == "颗粒" else rng.randrange(650, 820, 10)
            ),
            "ac_fill_kg": facts.setdefault("ac_fill", rng.randrange(60, 800, 20)),
            "ac_thick_mm": rng.choice([300, 300, 350, 400]),
        }
        cycle = facts.setdefault("ac_cycle", 90 if subject.key else rng.choice([270, 365, 365]))
        if late or subject.key or facts.setdefault("ac_told", rng.random() < 0.22):
            out["ac_cycle_days"] = cycle
            since = rng.randrange(cycle + 5, cycle + 100) if late else rng.randrange(4, 80)
            out["ac_last_change"] = (day - timedelta(days=since)).isoformat()
        if rng.random() < 0.7:
            out["ac_waste_manifest"] = "否" if late else "是"
    return out


def dust(look: Look) -> Obj:
    """The six 100% and the equipment of a building site."""
    rng, subject = look.rng, look.subject
    bad = look.bad
    out: Obj = {}
    for n in range(1, 7):
        key = f"six_{n}"
        out[key] = "不达标" if key in bad else "不涉及" if n == 6 and rng.random() < 0.45 else "达标"
    large = subject.facts.get("area", 0) >= 50000
    out |= {
        "spray": "未开" if "six_4" in bad else "开启", "board": "是" if rng.random() < 0.95 else "否",
        "tsp": ("在线" if rng.random() < 0.94 else "离线") if large else rng.choice(["未装", "未装", "在线"]),
        "video": rng.choices(["在线", "离线", "未装"], [85, 8, 7])[0],
    }  # fmt: skip
    if out["tsp"] == "在线":
        out["tsp_value"] = rng.randrange(60, 240) if bad else rng.randrange(28, 140)
    if "six_6" in bad:
        out["bare_3m"] = "是"
    if rng.random() < 0.25:
        out |= {"machine_code": f"YL{rng.randrange(10**5, 10**6)}", "oil_ticket": rng.choice(["有", "有", "无"])}
    if bad and rng.random() < 0.2:
        out["deduct"] = 1
    return out


def gas(look: Look) -> Obj:
    """Vapour recovery: yearly test, net connection, unloading by night in summer."""
    rng, subject, day = look.rng, look.subject, look.day
    facts = subject.facts
    online = facts.get("online")
    while facts["test"] + timedelta(days=350 + len(subject.name)) < day:
        facts["test"] += timedelta(days=350 + rng.randrange(10))
    facts.setdefault("al", round(rng.uniform(1.02, 1.18), 2))
    out: Obj = {
        "online": "已联网" if online and online <= day else "未装", "test_date": facts["test"].isoformat(),
        "tightness": 480 + len(subject.name), "resistance": rng.randrange(28, 60), "al_ratio": facts["al"],
        "night_unload": "是" if summer(day) and rng.random() < 0.8 else "否",
    }  # fmt: skip
    if online and online <= day:
        out["online_date"] = online.isoformat()
    return out


def fleet(look: Look) -> Obj:
    """Diesel vehicles and the ledgers of a fleet."""
    rng = look.rng
    bad = look.bad
    diesel = look.subject.facts["diesel"]
    tested = min(diesel, rng.randrange(3, 9))
    out: Obj = {k: "不全" if k in bad else "有" for k in ("fuel_ledger", "urea_ledger", "repair_ledger")}
    failed = 1 if rng.random() < 0.15 else 0
    return out | {
        "diesel_cnt": diesel,
        "gb3_cnt": diesel // 9,
        "tested": tested,
        "failed": failed,
        "black_smoke": failed,
    }


def air_station(look: Look) -> Obj:
    """Surroundings of an air station."""
    rng = look.rng
    bad = look.bad
    out: Obj = {k: "异常" if k in bad else "正常" for k in ("dust_src", "blocked", "lock_video", "power")}
    out["interference"] = "否"
    if rng.random() < 0.12:
        out["high_value"] = rng.choice(
            ["PM10小时值偏高，排查为北侧道路施工，已安排洒水车", "臭氧高值时段，通知周边企业错峰生产"]
        )
    return out


def source_zone(look: Look) -> Obj:
    """Illegal buildings inside the zone of a water source."""
    out: Obj = {"sign_fence": "破损" if any("围网" in t for f in look.faults for t in f.texts) else "完好"}
    if "水源地违建项目" in look.subject.kinds:
        out["build_state"] = look.subject.facts["build"]
    for f in look.faults:
        out |= {"rebound": "是"} if f.label == "反弹" else {"new_problem": 1}
    return out


def diversion(look: Look) -> Obj:
    """Industrial waste mixed into household waste: seldom."""
    mixed = "store" in look.bad and look.rng.random() < 0.3
    return {"mixed": "是", "fixed_on_spot": "是"} if mixed else {"mixed": "否"}


def hazardous(look: Look) -> Obj:
    """Stock of hazardous waste."""
    late = "over_1y" in look.bad
    return {"over_1y": "是" if late else "否", "stock_t": round(look.rng.uniform(0.02, 1.6), 3)}


def help_(look: Look) -> Obj:
    """Advice."""
    rng = look.rng
    way = rng.choices(["现场指导", "专家会诊", "政策宣讲", "监测服务"], [6, 1, 2, 1])[0]
    return {"way": way, "advice": rng.choice(ADVICE), "experts": rng.choice(EXPERTS[:3]) if way == "专家会诊" else None}


MORE: dict[str, Callable[[Look], Obj]] = {
    "vocs_check": carbon, "site_dust_patrol": dust, "gas_station_check": gas, "diesel_fleet_check": fleet,
    "air_station_patrol": air_station, "water_source_patrol": source_zone, "waste_diversion_check": diversion,
    "hazardous_waste_check": hazardous, "assistance": help_,
}  # fmt: skip


def possible(form: str, subject: Subject, fault: Fault) -> bool:
    """False for a fault of a facility that the firm does not have."""
    kinds = set(subject.facts.get("facility") or ["无"])
    return form != "vocs_check" or not (
        (fault.key == "G" and not CARBON & kinds) or (fault.key == "F" and kinds == {"无"})
    )


def more_sheets(rng: Random, subject: Subject, day: date, form: str) -> list[str]:
    """Other forms filled in on the same stop."""
    out: list[str] = []
    waste = str(subject.facts.get("waste", ""))
    if form in ("vocs_check", "inspection"):
        if form == "vocs_check" and rng.random() < 0.09:
            out.append("inspection")
        if waste.startswith("危废") and rng.random() < 0.22:
            out.append("hazardous_waste_check")
        if waste not in ("", "无") and rng.random() < 0.15:
            out.append("waste_diversion_check")
        if flood_season(day) and day.month < 9 and rng.random() < 0.1:
            out.append("flood_hazard_check")
    return out
