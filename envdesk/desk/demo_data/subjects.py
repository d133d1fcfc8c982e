"""The register: shoe and leather firms first, then everything else a street has to look after; firms close and open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from envdesk.desk.demo_data import names, places
from envdesk.desk.demo_data.trades import BUILDERS, CONTRACTORS, FACILITY, FIRMS, MATERIAL, OIL, SITES, WATCHERS
from envdesk.desk.demo_data.world import Obj, Subject, World


class Maker:
    """Makes the register."""

    def __init__(self, world: World, size: float) -> None:
        """Prepare.

        Args:
            world: the office.
            size: number of subjects, 1 = the default office.
        """
        self.world = world
        self.size = size
        self.rng = world.rng("subjects")
        self.names = names.FirmNames(self.rng)

    def count(self, n: int, least: int = 1) -> int:
        """A number of subjects of this office."""
        return max(least, round(n * self.size))

    # ---- life ---------------------------------------------------------------------------------------------------
    def life(self, *, opens: float = 0.12, closes: float = 0.14) -> tuple[date, date | None]:
        """When a subject opened, and when it closed; most are there the whole time."""
        rng, world = self.rng, self.world
        span = (world.until - world.start).days
        opened = world.start - timedelta(days=rng.randrange(30, 1500))
        if rng.random() < opens:
            opened = world.start + timedelta(days=rng.randrange(20, max(21, span - 20)))
        closed = None
        if rng.random() < closes:
            first = max(opened, world.start) + timedelta(days=45)
            left = (world.until - first).days
            closed = first + timedelta(days=rng.randrange(left)) if left > 5 else None
        return opened, closed

    def put(self, s: Subject, values: Obj, end: str = "") -> Subject:
        """Keep a subject and its register sheet."""
        rng = self.rng
        row: Obj = {
            "types": s.kinds, "name": s.name, "address": s.address, "grid_id": s.facts.get("grid", s.area),
            "register_from": s.opened.isoformat(), "contact": s.contact, "phone": s.phone,
        }  # fmt: skip
        if rng.random() < 0.5:
            lat, lng = places.CENTRE
            row |= {"lat": round(lat + rng.uniform(-0.02, 0.02), 6), "lng": round(lng + rng.uniform(-0.02, 0.02), 6)}
        if s.key:
            row["key_unit"] = "是"
        if s.closed:
            word = end or rng.choices(["已关停取缔", "已搬迁", "完工/注销"], [5, 3, 2])[0]
            row |= {
                "status": word,
                "status_from": s.closed.isoformat(),
                "status_log": [
                    {"status": "在用/在产", "from": s.opened.isoformat()},
                    {"status": word, "from": s.closed.isoformat()},
                ],
            }
        when = datetime.combine(max(s.opened, self.world.start), time(9, 30))
        self.world.add("subject", when, row | values)
        self.world.subjects.append(s)
        return s

    # ---- firms --------------------------------------------------------------------------------------------------
    def firms(self) -> None:
        """Firms of all industries."""
        for industry, (n, kinds, key) in FIRMS.items():
            for _ in range(self.count(n)):
                self.firm(industry, list(kinds), key)

    def firm(self, industry: str, kinds: list[str], key: float) -> Subject:
        """One firm."""
        rng = self.rng
        name, short, sole = self.names.firm(industry)
        place = places.street(rng) if industry == "餐饮" else places.factory(rng)
        opened, closed = self.life()
        s = Subject(
            name,
            name,
            kinds,
            industry,
            place.area,
            place.address,
            opened,
            names.person(rng),
            names.mobile(rng),
            closed,
            rng.random() < key,
            8.0 if rng.random() < 0.05 else rng.uniform(0.3, 1.5),
            {"grid": place.grid},
        )
        values: Obj = {"industry": industry, "usc_code": names.usc_code(rng, sole=sole)}
        if short and rng.random() < 0.5:
            values["short_name"] = short
        if rng.random() < 0.04:
            values["aliases"] = [self.names.firm(industry)[0]]
        values |= self.permits(s)
        if "涉VOCs企业" in kinds:
            values |= self.voc(s)
        return self.put(s, values)

    def permits(self, s: Subject) -> Obj:
        """Permit, grade, waste class and lists of a firm."""
        rng = self.rng
        if s.industry == "餐饮":
            return {"permit_class": "无需", "waste_class": "无"}
        kind = "重点" if s.key and rng.random() < 0.4 else rng.choices(["简化", "登记", "未办"], [0.12, 0.82, 0.06])[0]
        out: Obj = {"permit_class": kind, "env_grade": rng.choices(["A", "B", "C", "D", "未评"], [1, 4, 12, 3, 80])[0]}
        if kind in ("重点", "简化", "登记"):
            out["permit_no"] = f"440199{rng.randrange(10**12):012d}{'W' if kind == '登记' else 'P'}"
        if s.key:
            waste = rng.choices(["危废重点(≥100吨/年)", "危废简化(≥10)", "危废登记(<10)"], [1, 3, 6])[0]
        elif "产废单位" in s.kinds:
            waste = rng.choices(["危废登记(<10)", "一般工业固废", "无"], [40, 15, 45])[0]
        else:
            waste = rng.choices(["一般工业固废", "无"], [2, 8])[0]
        out["waste_class"] = waste
        s.facts["waste"] = waste
        if waste.startswith("危废") and "产废单位" not in s.kinds:
            s.kinds.append("产废单位")
        elif waste == "无" and "产废单位" in s.kinds:
            s.kinds.remove("产废单位")
        if (s.key and rng.random() < 0.5) or rng.random() < 0.05:
            out["emergency_list"] = "是"
        if not s.key and rng.random() < 0.03:
            out["green_list"] = "是"
        return out

    def voc(self, s: Subject) -> Obj:
        """Materials and treatment of a firm with solvents."""
        rng = self.rng
        kinds = FACILITY.get(s.industry, FACILITY[""])
        s.facts["facility"] = list(rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0])
        s.facts["material"] = rng.choice(MATERIAL[s.industry])
        if rng.random() < 0.03 and s.key:
            day = self.world.start + timedelta(days=rng.randrange(600))
            s.facts["online"] = day
            return {
                "voc_material": s.facts["material"], "voc_facility": "、".join(s.facts["facility"]),
                "online_date": day.isoformat(), "online_platform": "区县平台",
            }  # fmt: skip
        return {"voc_material": s.facts["material"], "voc_facility": "、".join(s.facts["facility"])}

    def unlicensed(self) -> None:
        """Several shoe shops without licence and name in one association; the short name tells them apart."""
        rng, area = self.rng, "石陂联社"
        for n in range(self.count(7, 2)):
            place = places.factory(rng, area)
            opened, closed = self.life(opens=0.5, closes=0.6)
            short = f"无牌鞋厂（{place.address[len('云溪区清禾街道') :]}）"
            if short in self.names.taken:
                short = f"{short}之{n}"
            self.names.taken.add(short)
            s = Subject(
                short,
                "无牌鞋厂",
                ["工业企业", "涉VOCs企业"],
                "制鞋",
                area,
                place.address,
                opened,
                "",
                names.mobile(rng),
                closed,
                hot=4.0,
                facts={"grid": area, "waste": "无", "facility": ["无"], "material": "溶剂型胶粘剂"},
            )
            self.put(
                s,
                {
                    "short_name": short, "industry": "制鞋", "permit_class": "未办", "voc_material": "溶剂型胶粘剂",
                    "waste_class": "无", "warnings": "accept",
                },
                "已关停取缔",
            )  # fmt: skip

    # ---- sites and stations -------------------------------------------------------------------------------------
    def sites(self) -> None:
        """Building sites: some there from the first day, others begin; most are finished one day."""
        rng, world = self.rng, self.world
        span = (world.until - world.start).days
        wanted = self.count(len(SITES), 3)
        for n in range(wanted):
            title = SITES[n % len(SITES)] + (f"（{n // len(SITES) + 1}标段）" if n >= len(SITES) else "")
            place = places.site(rng, title)
            first = world.start + timedelta(days=rng.randrange(-500, max(1, span - 30)))
            last = first + timedelta(days=rng.randrange(240, 900))
            closed = last if max(first, world.start) + timedelta(days=20) < last < world.until else None
            if last <= world.start + timedelta(days=20):
                last += timedelta(days=700)
                closed = last if last < world.until else None
            area_m2 = round(rng.choice([3200, 8600, 15400, 28000, 46000, 68000, 112000]) * rng.uniform(0.8, 1.2), 1)
            contractor = rng.choice(CONTRACTORS)
            s = Subject(
                title,
                title,
                ["建设工地"],
                "建筑",
                place.area,
                place.address,
                first,
                names.person(rng),
                names.mobile(rng),
                closed,
                area_m2 > 60000,
                1.0,
                {"area": area_m2, "contractor": contractor},
            )
            line = any(w in title for w in ("管线", "雨污", "快速化", "碧道", "排水"))
            self.put(
                s,
                {
                    "builder": rng.choice(BUILDERS),
                    "contractor": contractor,
                    "supervisor": rng.choice(WATCHERS),
                    "pm_name": s.contact,
                    "pm_phone": s.phone,
                    "area_m2": area_m2,
                    "start_date": first.isoformat(),
                    "stage": "市政线性"
                    if line
                    else "拆除"
                    if "拆除" in title
                    else rng.choice(["土方", "基础", "主体", "主体", "装修"]),
                    "plan_end": (last + timedelta(days=rng.randrange(0, 60))).isoformat(),
                    "industry": "建筑",
                },
                "完工/注销",
            )

    def fixed(
        self,
        name: str,
        kinds: list[str],
        industry: str,
        address: str,
        area: str,
        values: Obj,
        *,
        facts: Obj | None = None,
    ) -> Subject:
        """A subject that is there from before the first day."""
        rng = self.rng
        opened = self.world.start - timedelta(days=rng.randrange(200, 1800))
        s = Subject(
            name,
            name,
            kinds,
            industry,
            area,
            address,
            opened,
            names.person(rng),
            names.telephone(rng),
            None,
            hot=0.5,
            facts=facts or {},
        )
        return self.put(s, values)

    def stations(self) -> None:
        """Petrol stations and an oil depot."""
        rng = self.rng
        for n in range(self.count(9, 2)):
            area = rng.choice([*places.UNIONS, *places.COMMUNITIES])
            depot = n == 8
            title = f"{OIL[n % len(OIL)]}{'油库' if depot else '加油站'}" + (
                str(n // len(OIL) + 1) if n >= len(OIL) else ""
            )
            online = self.world.start + timedelta(days=rng.randrange(-400, 500)) if rng.random() < 0.7 else None
            values: Obj = {
                "industry": "其他", "nozzles": 0 if depot else rng.randrange(8, 26), "waste_class": "危废登记(<10)",
                "annual_sales_t": rng.randrange(2000, 9000), "usc_code": names.usc_code(rng), "permit_class": "登记",
            }  # fmt: skip
            if online and online <= self.world.until:
                values["online_date"] = online.isoformat()
            test = self.world.start - timedelta(days=rng.randrange(10, 300))
            self.fixed(
                f"岭油清禾{title}",
                ["储油库" if depot else "加油站"],
                "其他",
                f"云溪区清禾街道{title[:-3] or '清和'}路口",
                area,
                values,
                facts={"online": online, "test": test, "waste": "危废登记(<10)"},
            )

    def waters(self) -> None:
        """Outfalls of three rivers, the water source and illegal buildings inside its zone."""
        rng = self.rng
        for n in range(self.count(14, 4)):
            river = places.RIVERS[n % 3]
            fixed = self.world.start - timedelta(days=rng.randrange(100, 1400))
            if rng.random() < 0.15:
                fixed = self.world.start + timedelta(days=rng.randrange(30, 500))
            self.fixed(
                f"{river}{n // 3 + 1}号排口",
                ["入河排污口"],
                "",
                f"{river}{rng.choice(['左岸', '右岸'])}{rng.choice(places.OUTFALL_MARKS)}",
                places.RIVER_AREA[river],
                {
                    "outfall_code": f"YX-QH-{n + 1:03d}",
                    "river_id": river,
                    "owner": rng.choice(["街道河长办", "石陂经济联合社", "罗塘经济联合社"]),
                    "outfall_class": rng.choices(["其他排口", "工业排污口", "农业排口"], [7, 2, 1])[0],
                    "fixed_date": fixed.isoformat(),
                },
                facts={"river": river},
            )
        zone = {"zone": "二级"}
        self.fixed(
            "云湖饮用水水源保护区",
            ["饮用水源地"],
            "",
            "云溪区清禾街道云湖东街北侧",
            "云湖社区",
            {"zone": "一级"},
            facts={"zone": "一级"},
        )
        for n in range(self.count(8, 2)):
            title = f"云湖水源保护区{rng.choice(['铁皮棚', '砖瓦房', '仓库', '农庄', '停车场'])}（{n + 1}号点）"
            state = rng.choices(["已拆除", "停用", "在用"], [6, 3, 1])[0]
            self.fixed(
                title,
                ["水源地违建项目"],
                "",
                f"云溪区清禾街道云湖东街{n * 3 + 11}号旁",
                "云湖社区",
                zone,
                facts={"build": state},
            )

    def others(self) -> None:
        """Air stations, fleets, a radiation source, schools, pigs and recyclers."""
        rng = self.rng
        for title in ("清禾街空气质量自动监测站", "石陂微型空气监测站"):
            self.fixed(
                title,
                ["空气自动监测站"],
                "",
                f"云溪区清禾街道{rng.choice(['清和大道', '石陂大街'])}楼顶",
                "清和社区",
                {},
            )
        for word in (
            "岭州顺捷物流有限公司",
            "岭州清禾城市运输有限公司",
            "岭州联运仓储有限公司",
            "云溪环卫运输有限公司",
        )[: self.count(4)]:
            total = rng.randrange(24, 90)
            values = {
                "industry": "其他",
                "vehicles_total": total,
                "diesel_total": total * 2 // 3,
                "usc_code": names.usc_code(rng),
            }
            place = places.factory(rng)
            self.fixed(
                word,
                ["用车大户"],
                "其他",
                place.address,
                place.area,
                values,
                facts={"diesel": total * 2 // 3, "waste": "无"},
            )
        place = places.factory(rng)
        self.fixed(
            "岭州精测工业探伤有限公司",
            ["放射源单位", "工业企业"],
            "其他",
            place.address,
            place.area,
            {"industry": "其他", "usc_code": names.usc_code(rng), "permit_class": "无需", "waste_class": "无"},
            facts={"waste": "无"},
        )
        for word in ("清禾中学", "石陂小学", "罗塘村委会", "长坜村委会"):
            self.fixed(word, ["学校/村居"], "", f"云溪区清禾街道{word[:2]}大街", "清和社区", {})
        for word in ("岭州绿源再生资源有限公司", "清禾石陂废品回收站")[: self.count(2)]:
            place = places.factory(rng)
            values = {"industry": "其他", "usc_code": names.usc_code(rng), "waste_class": "一般工业固废"}
            self.fixed(
                word,
                ["工业企业", "产废单位"],
                "其他",
                place.address,
                place.area,
                values,
                facts={"waste": "一般工业固废"},
            )

    def messy(self) -> None:
        """散乱污 places found over the time."""
        rng, world = self.rng, self.world
        span = (world.until - world.start).days
        words = [
            "无证喷漆作坊",
            "小型塑料造粒点",
            "废旧鞋料分拣点",
            "五金打磨作坊",
            "木材加工点",
            "皮具散件加工点",
            "废油桶堆场",
        ]
        for n in range(self.count(56, 4)):
            place = places.factory(rng)
            found = world.start + timedelta(days=int(span * (n + rng.random()) / self.count(56, 4)))
            word = rng.choice(words)
            title = f"{place.area[:2]}{word}{n + 1:02d}"
            done = found + timedelta(days=rng.randrange(9, 52))
            action = rng.choices(["关停取缔", "升级改造", "整合搬迁"], [78, 16, 6])[0]
            closed = done if action != "升级改造" and done < world.until else None
            s = Subject(
                title,
                title,
                ["散乱污场所"],
                "其他",
                place.area,
                place.address,
                min(found, world.until),
                "",
                "",
                closed,
                hot=0.0,
                facts={
                    "grid": place.grid,
                    "found": min(found, world.until),
                    "done": done,
                    "action": action,
                    "waste": "无",
                },
            )
            industry = {
                "无证喷漆作坊": "喷涂/汽修",
                "小型塑料造粒点": "塑料",
                "五金打磨作坊": "金属表面",
                "皮具散件加工点": "皮具",
            }.get(word, "其他")
            end = "已关停取缔" if action == "关停取缔" else "已搬迁"
            self.put(s, {"industry": industry, "permit_class": "未办", "waste_class": "无"}, end)


def make(world: World, size: float) -> None:
    """Make the register of an office, *size* 1 = the default one."""
    maker = Maker(world, size)
    steps: list[Callable[[], Any]] = [
        maker.firms, maker.unlicensed, maker.sites, maker.stations, maker.waters, maker.others, maker.messy,
    ]  # fmt: skip
    for step in steps:
        step()


def choose(rng: Random, pool: list[Subject]) -> Subject:
    """One of a pool; the places people complain about most come most often."""
    return rng.choices(pool, [s.hot for s in pool])[0]
