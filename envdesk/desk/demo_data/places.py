"""Where the demo office is: its communities, economic associations, grids, rivers, streets and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

OFFICE = "清禾街道综合执法办"
CODE = "440199007"
DISTRICT = "岭州市云溪区"

#: Weight of the demo's firms and complaints per economic association (联社).
UNIONS = {"石陂联社": 0.34, "罗塘联社": 0.28, "长坜联社": 0.22, "新渡联社": 0.16}
COMMUNITIES = ["禾丰社区", "清和社区", "云湖社区", "康乐社区"]
GRIDS = {
    "石陂联社": ["石陂第一网格", "石陂第二网格", "石陂第三网格"],
    "罗塘联社": ["罗塘第一网格", "罗塘第二网格"],
    "长坜联社": ["长坜第一网格", "长坜第二网格"],
    "新渡联社": ["新渡网格"],
}
RIVERS = ["清禾涌", "罗塘河", "长坜排渠"]

ROADS = {
    "石陂联社": ["石陂大街", "石陂东路", "石陂工业大道", "石陂新村十巷", "石陂横岗路", "石陂南街"],
    "罗塘联社": ["罗塘大道", "罗塘第三工业区", "罗塘西路", "罗塘旧村三巷", "罗塘环村路"],
    "长坜联社": ["长坜工业一路", "长坜工业三路", "长坜大街", "长坜北约坊", "长坜水边街"],
    "新渡联社": ["新渡路", "新渡创意园", "新渡沿江街", "新渡口东巷"],
    "禾丰社区": ["禾丰路", "禾丰三街", "禾丰花园"],
    "清和社区": ["清和大道", "清和商业街", "清和北街"],
    "云湖社区": ["云湖路", "云湖半岛花园", "云湖东街"],
    "康乐社区": ["康乐路", "康乐市场", "康乐二横街"],
}
ESTATES = {
    "禾丰社区": ["禾丰花园", "丰泽雅居"],
    "清和社区": ["清和雅苑", "清和家园"],
    "云湖社区": ["云湖半岛花园", "湖景新城"],
    "康乐社区": ["康乐小区", "康乐新村"],
    "石陂联社": ["石陂新村"],
    "罗塘联社": ["罗塘旧村", "罗塘公寓"],
    "长坜联社": ["长坜北约坊", "长坜青年公寓"],
    "新渡联社": ["新渡江畔花园"],
}
RIVER_AREA = {"清禾涌": "石陂联社", "罗塘河": "罗塘联社", "长坜排渠": "长坜联社"}
OUTFALL_MARKS = [
    "石陂桥下游50米",
    "罗塘水闸旁",
    "长坜泵站出口",
    "清和桥上游",
    "新渡口",
    "工业一路箱涵",
    "石陂新村排渠口",
    "云湖排洪口",
]
#: A map that is nowhere near an address: the centre of the demo office.
CENTRE = (23.25, 113.27)


@dataclass(frozen=True, slots=True)
class Place:
    """An address: the grid it lies in, the association or community above, the text."""

    area: str
    grid: str
    address: str


def union(rng: Random) -> str:
    """One of the four associations, by weight."""
    return rng.choices(list(UNIONS), list(UNIONS.values()))[0]


def factory(rng: Random, area: str = "") -> Place:
    """Address of a workshop; a third of them are registered down to the grid."""
    area = area or union(rng)
    road = rng.choice(ROADS[area])
    part = rng.choice(["", "", "首层", "二楼", "A栋3楼", "B栋首层", "后座", "自编101铺", "C栋401房"])
    grid = rng.choice(GRIDS[area]) if rng.random() < 0.35 else area
    return Place(area, grid, f"云溪区清禾街道{road}{rng.randrange(1, 220)}号{part}")


def street(rng: Random, area: str = "") -> Place:
    """Address of a shop in a community."""
    area = area or rng.choice(COMMUNITIES)
    return Place(area, area, f"云溪区清禾街道{rng.choice(ROADS[area])}{rng.randrange(1, 160)}号铺")


def site(rng: Random, title: str) -> Place:
    """Address of a building site: in the part its name speaks of."""
    areas = [a for a in (*UNIONS, *COMMUNITIES) if a[:2] in title] or [*UNIONS, *COMMUNITIES]
    area = rng.choice(areas)
    return Place(area, area, f"云溪区清禾街道{rng.choice(ROADS[area])}")


def home(rng: Random, area: str) -> str:
    """Where a complainant lives, as the hotline writes it."""
    return rng.choice(ESTATES.get(area) or ["清和家园"])


def grid_rows(start: str, last: str, changed: str) -> list[dict[str, Any]]:
    """The grid list; one grid was split off on *changed*, the old one keeps its records.

    Args:
        start: day from which the grids hold.
        last: last day of the grid that was split.
        changed: first day of its successor.
    """
    rows: list[dict[str, Any]] = []
    for n, name in enumerate(UNIONS, 1):
        rows.append({"code": f"L{n:02d}", "name": name, "kind": "联社", "from": start})
    for n, name in enumerate(COMMUNITIES, 1):
        rows.append({"code": f"S{n:02d}", "name": name, "kind": "社区", "from": start})
    n = 0
    for names in GRIDS.values():
        for name in names:
            n += 1
            rows.append({"code": f"W{n:02d}", "name": name, "kind": "网格", "from": start})
    rows[-2]["from"] = changed
    old = {
        "code": "W90",
        "name": "长坜综合网格",
        "kind": "网格",
        "from": start,
        "to": last,
        "successor_id": rows[-2]["name"],
    }
    rows.append(old)
    return rows
