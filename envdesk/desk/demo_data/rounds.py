"""Rounds that are no visits: outfalls along the rivers by day and night, vehicle tests, patrols for open fires."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from envdesk.desk.demo_data import places
from envdesk.desk.demo_data.days import dry_season, flood_season, is_workday, iso, moment, next_workday, spring_festival
from envdesk.desk.demo_data.world import Obj, Subject, World

TRACES = [
    "溯源为上游排水单元错接，已封堵并交办整改",
    "溯源发现沿线小餐饮倾倒潲水，已责令停止并清洗",
    "溯源为管道破损渗漏，已抢修",
    "上溯至石陂工业大道支管，疑似洗桶水，继续蹲守",
]
FIRE_PLACES = ["石陂村旁菜地", "罗塘村后空地", "长坜水边街河堤", "新渡口荒地", "云湖东街绿化带", "石陂横岗路拆迁地块"]
ROADS = ["云溪大道石陂路口", "清和大道南行", "石陂工业大道", "罗塘大道卡口"]


def outfalls(world: World) -> None:
    """About six rounds a month, a third of them by night, more in the flood season."""
    rng = world.rng("outfalls")
    for day in world.days():
        if not is_workday(day):
            continue
        for _ in range(world.steady(rng, "rivers", 0.19 if flood_season(day) else 0.13, day)):
            session = "夜间" if rng.random() < 0.34 else rng.choice(["上午", "下午"])
            people = world.staff.team(rng, day, session)
            rivers = [places.RIVERS[0]] if rng.random() < 0.4 else sorted(rng.sample(places.RIVERS, 2))
            start = datetime.combine(day, datetime.min.time()) + timedelta(
                hours={"上午": 9, "下午": 15, "夜间": 21}[session]
            )
            for n, river in enumerate(rivers):
                if river_done(world, river, day, session):
                    continue
                head: Obj = {
                    "date": day.isoformat(),
                    "session": session,
                    "people": people,
                    "vehicles": 1,
                    "river_id": river,
                }
                world.add(
                    "outfall_patrol",
                    start + timedelta(minutes=40 * n),
                    head | river_round(rng, world, river, day, session),
                )


def river_done(world: World, river: str, day: date, session: str) -> bool:
    """True when this river already had a round then; remembers it otherwise."""
    key = f"river{river}{day}{session}"
    return world.next_number(key) > 1


def river_round(rng: Random, world: World, river: str, day: date, session: str) -> Obj:
    """What the outfalls of a river looked like."""
    weather = rng.choices(["旱天", "雨天", "雨后24h"], [5, 2, 3] if flood_season(day) else [9, 0.5, 0.5])[0]
    rows: list[Obj] = []
    for s in world.of_kind("入河排污口", day):
        if s.facts["river"] != river:
            continue
        row: Obj = {"outfall_id": s.ref}
        bad = rng.random() < (0.012 if weather != "旱天" else 0.004)
        if bad:
            row |= {
                "flow": rng.choice(["疑似污水", "黑臭"]),
                "odor": "有异味",
                "rebound": "是",
                "nh3n": round(rng.uniform(4, 12), 2),
            }
            if (world.until - day).days > 6:
                row["trace"] = rng.choice(TRACES)
        else:
            row["flow"] = rng.choices(["无排水", "清水"], [7, 3] if weather == "旱天" else [2, 8])[0]
            row["rebound"] = "否"
        if row["flow"] != "无排水":
            row["ph"] = round(rng.uniform(6.6, 8.1), 1)
            row.setdefault("nh3n", round(rng.uniform(0.2, 2.6), 2))
        rows.append(row)
    return {"day_night": "夜" if session == "夜间" else "昼", "weather": weather, "outfalls": rows}


def vehicle_tests(world: World) -> None:
    """Road checks of diesel trucks, machines on sites, samples of oil."""
    rng = world.rng("vehicles")
    for day in world.days():
        if not is_workday(day) or not world.steady(rng, "vehicles", 0.07, day):
            continue
        kind = rng.choices(
            ["柴油车路检", "入户抽测", "非道路移动机械", "非道路柴油样品", "车用油品样品"], [35, 12, 28, 13, 12]
        )[0]
        session = rng.choice(["上午", "下午"])
        values: Obj = {
            "date": day.isoformat(),
            "session": session,
            "people": world.staff.team(rng, day, session),
            "kind": kind,
        }
        values |= {"place": rng.choice(ROADS)} if kind == "柴油车路检" else {}
        pool: list[Subject] = []
        if kind == "柴油车路检":
            values |= {"joint_depts": ["公安", "第三方机构"], "extra_people": rng.randrange(2, 5)}
        else:
            pool = world.of_kind({"入户抽测": "用车大户", "车用油品样品": "加油站"}.get(kind, "建设工地"), day)
            if not pool:
                continue
            subject = rng.choice(pool)
            values |= {"subject_id": subject.ref, "place": subject.name}
        if "样品" in kind:
            values["samples"] = rng.randrange(1, 4)
            if (world.until - day).days > 10:
                values["sample_failed"] = 1 if rng.random() < 0.06 else 0
        else:
            tested = rng.randrange(12, 40) if kind == "柴油车路检" else rng.randrange(2, 9)
            values |= {"tested": tested, "failed": rng.choices([0, 1, 2], [70, 22, 8])[0]}
            if kind == "非道路移动机械":
                values["coded"] = tested
        values["agency"] = rng.choice(["岭州市机动车排气检测中心", "岭南检测技术有限公司"])
        world.add("mobile_source_test", moment(day, rng), values)


def fires(world: World) -> None:
    """Patrols without a fire most of the time; fires in the dry months; crackers at the Spring Festival."""
    rng = world.rng("fires")
    for day in world.days():
        dry = dry_season(day) or day.month == 10
        if is_workday(day) and world.steady(rng, "fire patrols", 0.1 if dry else 0.03, day):
            world.add(
                "open_burning", moment(day, rng, 16, 19),
                {
                    "fire": "否", "date": day.isoformat(), "people": world.staff.team(rng, day, "下午", badges=False),
                    "km": rng.randrange(60, 240) / 10, "grid_id": rng.choice(list(places.UNIONS)),
                },
            )  # fmt: skip
        if world.often(rng, 0.045 if dry else 0.008) or (
            spring_festival(day) and rng.random() < 0.08 * min(1.0, world.load)
        ):
            fire(world, rng, day)


def fire(world: World, rng: Random, day: date) -> None:
    """One open fire."""
    seen = moment(day, rng, 10, 21)
    kind = "烟花爆竹" if spring_festival(day) else rng.choices(["垃圾", "落叶", "秸秆", "露天烧烤"], [5, 3, 1, 2])[0]
    out = seen + timedelta(minutes=rng.randrange(12, 70))
    world.add(
        "open_burning",
        seen,
        {
            "fire": "是",
            "date": day.isoformat(),
            "time": seen.strftime("%H:%M"),
            "place": rng.choice(FIRE_PLACES),
            "type": kind,
            "found_by": rng.choices(["巡查", "举报", "高空瞭望", "卫星火点"], [5, 4, 2, 0.5])[0],
            "put_out_at": iso(out),
            "action": rng.choices(["劝阻", "责令改正"], [7, 3])[0],
            "area_m2": rng.randrange(1, 25),
            "grid_id": rng.choice(list(places.UNIONS)),
        },
    )


def messy_places(world: World) -> None:
    """散乱污 places: found, cleared, verified; two came back."""
    rng = world.rng("messy")
    back = 0
    features = ["散", "乱", "污"]
    for s in [s for s in world.subjects if "散乱污场所" in s.kinds]:
        found, done = s.facts["found"], s.facts["done"]
        values: Obj = {"subject_id": s.ref, "found_date": found.isoformat()}
        values["batch_id"] = None if rng.random() < 0.12 else batch(found.year)
        last = found
        values["features"] = sorted(rng.sample(features, rng.randrange(1, 4)), key=features.index)
        if done <= world.until:
            last = done
            values |= {"action": s.facts["action"], "done_date": done.isoformat()} | cleared(s)
            verified = next_workday(done + timedelta(days=rng.randrange(2, 10)))
            if verified <= world.until:
                values["verify_date"] = verified.isoformat()
                last = verified
                again = verified + timedelta(days=60)
                if back < 2 and again + timedelta(days=8) <= world.until and rng.random() < 0.08:
                    back += 1
                    handled = again + timedelta(days=6)
                    values["rebounds"] = [{"date": again.isoformat(), "handled": handled.isoformat()}]
                    last = handled
        elif rng.random() < 0.5:
            values["action"] = s.facts["action"]
        world.add("sanluanwu", moment(found, rng), values, last=last)


def cleared(s: Subject) -> Obj:
    """What its kind of ending asks for."""
    if s.facts["action"] == "关停取缔":
        return dict.fromkeys(("cut_water", "cut_power", "clear_material", "clear_product", "clear_equipment"), "是")
    if s.facts["action"] == "整合搬迁":
        return {"new_place": "云溪区环保产业园A区"}
    return {"permit_done": "是", "facility_done": "是"}


def batch(year: int) -> str:
    """Number of the year's 散乱污 task (the first task of each year)."""
    return f"RW-{year}-0001"
