"""Ledgers of the year: tasks, declarations, air, events, counters, and typed figures of the year before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from envdesk.desk.demo_data import places
from envdesk.desk.demo_data.days import (
    DAY,
    back_months,
    is_workday,
    moment,
    month_end,
    months,
    next_month,
    next_workday,
    previous_workday,
)
from envdesk.desk.demo_data.world import Obj, World

#: The first of each year is what 散乱污 places refer to.
TASKS: list[tuple[str, int, str, str]] = [
    ("slw_done", 28, "区下达", "云环委〔{year}〕6号"),
    ("insp_visits", 620, "街道自定", ""),
    ("voc_visits", 260, "区下达", "云环〔{year}〕11号"),
    ("gas_visits", 30, "区下达", "云环〔{year}〕11号"),
    ("site_visits", 110, "街道自定", ""),
    ("river_visits", 66, "街道自定", ""),
    ("event_cnt", 12, "街道自定", ""),
]
#: Events: month, type, title, host, people, villages, materials.
EVENTS: list[tuple[int, str, str, int, int, int]] = [
    (1, "部署会", "春节前环境安全暨烟花爆竹禁燃工作部署会", 46, 8, 0),
    (2, "业务培训", "环保员业务培训（第一期）", 24, 8, 40),
    (3, "警示教育", "生态环境保护督察典型案例警示教育会", 58, 8, 0),
    (3, "进校园", "绿色环保进校园活动", 320, 0, 300),
    (4, "部署会", "汛期环境安全隐患排查部署会", 42, 8, 60),
    (5, "进企业", "鞋业皮具企业VOCs治理宣讲会", 86, 4, 120),
    (6, "六五环境日", "六五环境日暨“无废城市”宣讲会", 156, 8, 500),
    (6, "志愿服务", "清禾涌净滩志愿服务活动", 35, 2, 0),
    (7, "业务培训", "工业固废申报与危废规范化管理培训", 92, 4, 180),
    (8, "应急演练", "突发环境事件应急演练（危化品泄漏）", 48, 3, 0),
    (9, "党建学习", "学习贯彻生态文明思想专题党课", 28, 0, 0),
    (9, "进企业", "秋季臭氧攻坚企业座谈会", 64, 4, 90),
    (10, "无废城市宣讲", "“无废城市”进社区宣讲", 110, 6, 260),
    (11, "考核", "环保员年度业务考核", 22, 0, 0),
    (11, "业务培训", "网格员环境巡查业务培训", 40, 8, 60),
    (12, "警示教育", "年度环境违法案例通报会", 60, 8, 0),
]
AIR = {
    1: (36, 52, 122, 26),
    2: (29, 44, 118, 25),
    3: (27, 45, 132, 27),
    4: (24, 41, 146, 26),
    5: (20, 36, 152, 26),
    6: (15, 28, 128, 28),
    7: (14, 27, 134, 28),
    8: (17, 31, 158, 26),
    9: (21, 38, 176, 22),
    10: (26, 47, 172, 23),
    11: (31, 54, 148, 26),
    12: (34, 55, 116, 28),
}


def years(world: World) -> list[int]:
    """Years of the demo."""
    return list(range(world.start.year, world.until.year + 1))


def tasks(world: World) -> None:
    """Tasks of each year; one was set anew in July."""
    for year in years(world):
        for figure, target, level, doc in TASKS:
            begin = date(year, 1, 1)
            values: Obj = {
                "year": year, "figure_id": figure, "target": target, "level": level, "from": begin.isoformat(),
                "due": f"{year}-12-20", "doc_no": doc.format(year=year),
            }  # fmt: skip
            world.add("task_target", datetime.combine(max(begin, world.start), datetime.min.time()), values)
        changed = date(year, 7, 5)
        if world.start < changed < world.until:
            more: Obj = {
                "year": year,
                "figure_id": "slw_done",
                "target": 32,
                "level": "区下达",
                "from": changed.isoformat(),
            }
            more |= {"due": f"{year}-12-20", "doc_no": f"云环委〔{year}〕15号"}
            world.add("task_target", datetime.combine(changed, datetime.min.time()), more)


def declarations(world: World) -> None:
    """Yearly waste declarations, due on 31 March: most in time, some late, a few not at all."""
    rng = world.rng("declarations")
    for year in years(world):
        last_day = date(year, 3, 31)
        if not world.start <= last_day <= world.until + timedelta(days=45):
            continue
        for s in world.subjects:
            waste = str(s.facts.get("waste", ""))
            if waste in ("", "无") or s.opened.year >= year or (s.closed and s.closed < last_day):
                continue
            chance = rng.random()
            if chance > 0.92:
                continue
            day = (
                last_day - timedelta(days=rng.randrange(0, 74))
                if chance < 0.84
                else last_day + timedelta(days=rng.randrange(1, 50))
            )
            day = previous_workday(day)
            if not world.start <= day <= world.until:
                continue
            hazard = waste.startswith("危废")
            made = round(rng.uniform(0.08, 3.5) if hazard else rng.uniform(1, 60), 3)
            values: Obj = {
                "subject_id": s.ref,
                "year": year - 1,
                "kind": "危险废物" if hazard else "一般工业固废",
                "declared_at": day.isoformat(),
                "produced_t": made,
                "disposed_t": round(made * rng.uniform(0.8, 1.0), 3),
            }
            last = day
            audited = next_workday(day + timedelta(days=rng.randrange(3, 15)))
            if audited <= world.until:
                values["audited_at"] = audited.isoformat()
                last = audited
                if hazard:
                    values["plan_filed"] = audited.isoformat()
            world.add("solid_waste_declaration", moment(day, rng), values, last=last)


def air(world: World) -> None:
    """Monthly means and the running total of the year, with last year's twins, as the city publishes them."""
    rng = world.rng("air")
    area = "清禾街"
    total: list[tuple[int, int, int, int, int]] = []
    for first in months(back_months(world.start, world.start.month - 1), world.until):
        last = month_end(first)
        if last > world.until:
            break
        now, then = air_values(rng, first.month), air_values(rng, first.month)
        if first.month == 1:
            total = []
        days = last.day - rng.choice([0, 0, 0, 1])
        good = min(days, round(now[3] * days / 30))
        total.append((*now[:3], good, days))
        if first < world.start:
            continue
        values: Obj = {
            "period": "月",
            "until": last.isoformat(),
            "area": area,
            "origin": "市环境监测月报",
            "status": "审核后",
        }
        values |= air_row(rng, now, good, days) | twins(air_row(rng, then, min(last.day, then[3]), last.day))
        world.add("air_quality", datetime.combine(last, datetime.min.time()), values)
        n = len(total)
        whole = tuple(round(sum(t[i] for t in total) / n) for i in range(3))
        good_all, days_all = sum(t[3] for t in total), sum(t[4] for t in total)
        values = {
            "period": "截至日累计",
            "until": last.isoformat(),
            "area": area,
            "origin": "市环境监测月报",
            "status": "审核后",
        }
        values |= air_row(rng, (*whole, good_all), good_all, days_all)
        worse = (
            whole[0] + rng.choice([-1, 1, 2]),
            whole[1] + rng.choice([-1, 2, 3]),
            whole[2] + rng.choice([-3, 4, 6]),
            good_all,
        )
        values |= twins(air_row(rng, worse, max(0, good_all - rng.randrange(-2, 7)), days_all))
        world.add("air_quality", datetime.combine(last, datetime.min.time()) + timedelta(hours=1), values)


def air_values(rng: Random, month: int) -> tuple[int, int, int, int]:
    """PM2.5, PM10, ozone and good days of a month."""
    pm25, pm10, ozone, good = AIR[month]
    return (
        pm25 + rng.randrange(-3, 4),
        pm10 + rng.randrange(-5, 6),
        ozone + rng.randrange(-9, 10),
        good + rng.randrange(-2, 3),
    )


def air_row(rng: Random, v: tuple[int, ...], good: int, days: int) -> Obj:
    """A row of published values."""
    no2, so2, co = round(v[0] * 1.05), 6 + rng.randrange(3), round(0.6 + v[0] / 90, 1)
    index = v[0] / 35 + v[1] / 70 + v[2] / 160 + no2 / 40 + so2 / 60 + co / 4
    return {
        "pm25": v[0],
        "pm10": v[1],
        "o3_90": v[2],
        "no2": no2,
        "so2": so2,
        "co95": co,
        "aqi_index": round(index, 2),
        "good_days": good,
        "valid_days": days,
        "rank": rng.randrange(60, 130),
    }


def twins(row: Obj) -> Obj:
    """The same values as those of last year."""
    return {f"{key}_ly": value for key, value in row.items()}


def events(world: World) -> None:
    """Meetings, trainings, campaigns for the public."""
    rng = world.rng("events")
    for first in months(world.start, world.until):
        for n, (month, kind, title, people, villages, materials) in enumerate(EVENTS):
            if month != first.month:
                continue
            day = next_workday(first.replace(day=5 if kind == "六五环境日" else 4 + (n * 7 + first.year) % 20))
            if not world.start <= day <= world.until:
                continue
            values: Obj = {
                "date": day.isoformat(),
                "type": kind,
                "title": f"{day.year}年{title}",
                "participants": people + rng.randrange(-6, 14),
                "host": "清禾街道综合执法办",
                "village_cnt": villages,
                "materials": materials,
                "place": rng.choice(["街道三楼会议室", "清禾文化站", "罗塘联社礼堂"]),
                "hours": rng.choice([1.5, 2, 2.5]),
            }
            if kind == "志愿服务":
                values |= {"approx": "是", "place": "清禾涌河堤"}
            if kind in ("进企业", "业务培训"):
                values["org_cnt"] = people // 2
            world.add("publicity_event", moment(day, rng, 9, 16), values)


#: Counted things without a form: how many per working day, their unit.
COUNTERS = {
    "排污登记": (0.08, "家"), "排污许可核发": (0.008, "个"), "许可变更延续": (0.015, "个"),
    "应急预案备案": (0.02, "家"), "执行报告审核": (0.015, "家"), "科技治污": (0.03, "次"),
    "在线监控异常": (0.015, "次"), "土壤评审": (0.004, "宗"), "清污分流改造": (0.006, "条"),
    "生态损害赔偿": (0.003, "起"), "以案释法": (0.008, "篇"), "绿色企业": (0.002, "家"),
}  # fmt: skip
COUNTER_NOTES = {
    "科技治污": ["VOCs走航监测一次", "无人机河道巡查一次"],
    "清污分流改造": ["禾丰路排水单元", "康乐二横街合流渠箱"],
    "以案释法": ["餐饮油烟扰民案", "夜间施工噪声案"],
    "土壤评审": ["长坜留用地地块初步调查报告"],
}


def counters(world: World) -> None:
    """Lines of the reports that have no form of their own."""
    rng = world.rng("counters")
    for day in filter(is_workday, world.days()):
        for item, (rate, unit) in COUNTERS.items():
            if world.often(rng, rate, day):
                counter(world, rng, item, unit, day)


def counter(world: World, rng: Random, item: str, unit: str, day: date) -> None:
    """One counted thing."""
    values: Obj = {"item_type": item, "date": day.isoformat(), "qty": 1, "unit": unit}
    pool = [s for s in world.of_kind("工业企业", day) if "无牌" not in s.name]
    if item in COUNTER_NOTES:
        values["text"] = rng.choice(COUNTER_NOTES[item])
    elif pool:
        values["subject_id"] = rng.choice(pool).ref
    if item == "生态损害赔偿":
        values["amount_fen"] = rng.randrange(200, 1200) * 1000
    last = day
    done = next_workday(day + timedelta(days=rng.randrange(1, 30)))
    if item in ("在线监控异常", "生态损害赔偿", "清污分流改造") and done <= world.until:
        values |= {"done_at": done.isoformat(), "status": "已办结"}
        last = done
    world.add("other_ledger", moment(day, rng), values, last=last)


def water_quality(world: World) -> None:
    """Ammonia of two rivers, once a month."""
    rng = world.rng("water")
    for day in map(month_end, months(world.start, world.until)):
        for river in places.RIVERS[:2] if day <= world.until else ():
            values: Obj = {"item_type": "水质断面", "date": day.isoformat(), "unit": "个", "text": f"{river}断面氨氮"}
            values |= {"value_unit": "mg/L", "value": round(rng.uniform(0.35, 1.9), 2), "status": "达标"}
            world.add("other_ledger", datetime.combine(day, datetime.min.time()) + timedelta(hours=10), values)


#: Typed figures of the year before: monthly mean and swing.
HISTORY: dict[str, tuple[float, float]] = {
    "insp_visits": (44, 9),
    "insp_subjects": (38, 7),
    "outing_cnt": (36, 6),
    "person_times": (95, 15),
    "wo_received": (43, 9),
    "wo_closed_of_received": (41, 8),
    "wo_throughput": (42, 8),
    "prob_found": (8, 3),
    "prob_fixed": (7, 3),
    "site_visits": (9, 3),
    "gas_visits": (4, 2),
    "river_visits": (7, 2),
    "voc_visits": (19, 5),
    "hw_visits": (4, 2),
    "div_visits": (6, 2),
    "filed": (1, 1),
    "penal": (1, 1),
    "event_cnt": (1, 1),
    "assist_visits": (4, 2),
}


def history(world: World) -> None:
    """Figures of the year before the first month, typed from the old Excel ledgers: monthly."""
    rng = world.rng("history")
    first = back_months(world.start, 12)
    typed = datetime.combine(world.start, datetime.min.time()) + timedelta(hours=10)
    n = 0
    while first < world.start:
        last = next_month(first) - DAY
        received = 0
        for figure, (mean, swing) in list(HISTORY.items())[: None if world.load >= 0.3 else 6]:
            value = max(0, round(mean + rng.uniform(-swing, swing)))
            if figure == "wo_received":
                received = value
            elif figure in ("wo_closed_of_received", "wo_throughput"):
                value = min(value, received)
            values: Obj = {
                "figure_id": figure, "start": first.isoformat(), "end": last.isoformat(), "value": value,
                "doc": f"{first.year}年{first.month}月工作月报",
            }  # fmt: skip
            world.add("history_value", typed + timedelta(seconds=n), values)
            n += 1
        first = next_month(first)
