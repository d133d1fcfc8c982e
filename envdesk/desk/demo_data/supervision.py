"""Cases of the inspections from above: closed ones looked at every month, newer ones in work, duplicates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from envdesk.desk.demo_data.days import month_end, months, next_month, next_workday
from envdesk.desk.demo_data.world import Obj, World, texts

CONTENTS = texts("""
    - 群众反映石陂工业大道沿线多家鞋厂排放刺鼻气味，夜间尤为严重，多次投诉未解决。
    - 信访人反映清禾涌石陂桥段河水黑臭，有污水直排。
    - 反映罗塘第三工业区皮具厂废气直排，周边居民深受其扰。
    - 反映长坜排渠旁堆放大量工业垃圾，雨天污水横流。
    - 反映新渡路某化妆品厂夜间偷排废水。
    - 反映石陂村内塑料造粒作坊无手续生产，焚烧边角料。
    - 反映罗塘村餐饮街油烟直排、噪声扰民。
    - 反映云湖水源保护区内存在违法建设和农家乐经营。
    - 反映某工地24小时施工，扬尘和噪声污染严重。
    - 反映长坜北约坊废品收购站焚烧电线，浓烟滚滚。
""")
MEASURES = texts("""
    - 已组织联合执法，关停无手续加工点3家，督促其余企业安装治理设施并使用水性胶，建立夜间巡查机制。
    - 已完成排水单元错接整改，清淤480米，河涌水质稳定达标。
    - 已清运固体废物约36吨并完成场地平整，安装视频监控。
    - 责令企业完善废水收集处理设施，第三方监测结果达标，纳入重点监管。
""")
POLLUTION = [
    ["大气-恶臭异味"],
    ["水"],
    ["大气-工业废气"],
    ["固废"],
    ["水"],
    ["大气-工业废气", "固废"],
    ["大气-油烟", "噪声-社会生活"],
    ["生态"],
    ["大气-扬尘", "噪声-施工"],
    ["大气-露天焚烧"],
]


def run(world: World) -> None:
    """All supervision cases."""
    rng = world.rng("supervision")
    number = 0
    old: list[tuple[str, int, int, date]] = [
        ("中央第二轮", 9, 2, date(2021, 9, 3)),
        ("省第二轮", 6, 1, date(2022, 11, 8)),
        ("中央回头看", 2, 0, date(2018, 6, 12)),
    ]
    for batch, count, dups, first in old:
        begun = min(first, world.start - timedelta(days=400))
        numbers: list[str] = []
        for n in range(count):
            day = begun + timedelta(days=2 * n)
            case_no = f"{'D' if '中央' in batch else 'S'}2GD{day:%Y%m%d}{n + 11:04d}"
            values = case(rng, batch, "交办信访件", case_no, day, number)
            number += 1
            closed = next_workday(day + timedelta(days=rng.randrange(40, 170)))
            if n >= count - dups:
                values |= {"dup_of": numbers[n - count + dups], "content": values["content"] + "（重复件）"}
            else:
                values |= {
                    "closed_at": closed.isoformat(),
                    "verdict": rng.choice(["属实", "部分属实"]),
                    "measures": rng.choice(MEASURES),
                }
                values["rechecks"] = rechecks(rng, world, max(closed, world.start), rebound=False)
                if rng.random() < 0.35:
                    values["cancel_at"] = next_workday(closed + timedelta(days=120)).isoformat()
                    values["keep_recheck"] = "是"
                numbers.append(case_no)
            put(world, values, day)
    newer: list[tuple[str, str, float]] = [
        ("省警示片", "反馈问题", 0.1),
        ("区督", "督办案件", 0.18),
        ("市督", "督办案件", 0.3),
        ("区督", "督办案件", 0.45),
        ("中央第三轮", "交办信访件", 0.55),
        ("中央第三轮", "交办信访件", 0.552),
        ("中央第三轮", "交办信访件", 0.556),
        ("市督", "督办案件", 0.7),
        ("区督", "督办案件", 0.85),
        ("区督", "督办案件", 0.96),
    ]
    for n, (batch, kind, part) in enumerate(newer):
        day = next_workday(world.start + timedelta(days=int((world.until - world.start).days * part)))
        if day > world.until:
            continue
        values = case(
            rng, batch, kind, f"{'X' if batch.startswith('中央') else 'DC'}{day:%Y%m%d}{n + 1:03d}", day, number
        )
        number += 1
        progress(rng, world, values, day, n)
        put(world, values, day)


def case(rng: Random, batch: str, kind: str, case_no: str, day: date, n: int) -> Obj:
    """What was handed down."""
    return {
        "batch": batch,
        "kind": kind,
        "case_no": case_no,
        "nature": "个性" if rng.random() < 0.7 else "共性",
        "rect_type": "限期整改",
        "assigned_at": day.isoformat(),
        "content": CONTENTS[n % len(CONTENTS)],
        "area": "清禾街",
        "pollution": POLLUTION[n % len(POLLUTION)],
        "lead_unit": "清禾街道综合执法办",
        "due": (day + timedelta(days=180)).isoformat(),
    }


def progress(rng: Random, world: World, values: Obj, day: date, n: int) -> None:
    """How far a newer case has come."""
    if n == 0:
        values["rect_type"] = "长期坚持"
        del values["due"]
        return
    stage = next_workday(day + timedelta(days=rng.randrange(12, 40)))
    closed = next_workday(stage + timedelta(days=rng.randrange(30, 130)))
    if stage <= world.until and n % 3 == 1:
        values["stage_closed_at"] = stage.isoformat()
    if closed <= world.until:
        values |= {"closed_at": closed.isoformat(), "verdict": "属实", "measures": rng.choice(MEASURES)}
        values["rechecks"] = rechecks(rng, world, closed, rebound=n == 3)
        cancel = next_workday(closed + timedelta(days=90))
        if cancel <= world.until and n % 2:
            values["cancel_at"] = cancel.isoformat()
            values["keep_recheck"] = "是"


def rechecks(rng: Random, world: World, closed: date, *, rebound: bool) -> list[Obj]:
    """One look a month, from the month after closing; the last month of the demo may still lack it."""
    out: list[Obj] = []
    first = closed if closed == world.start else next_month(closed)
    for n, month in enumerate(months(first, world.until)):
        day = next_workday(month + timedelta(days=rng.randrange(7, 24)))
        if day > min(world.until, month_end(month)) or (month == world.until.replace(day=1) and rng.random() < 0.25):
            continue
        row: Obj = {"date": day.isoformat(), "people": world.staff.officers(rng, day), "result": "未反弹"}
        if rebound and n == 2:
            row |= {"result": "反弹", "note": "夜间有轻微异味，已责令停工整改"}
        elif rng.random() < 0.2:
            row["note"] = "现场未生产，周边无异味"
        out.append(row)
    return out


def put(world: World, values: Obj, day: date) -> None:
    """Keep a case; old ones were entered when the office began."""
    dates = [values.get("closed_at"), values.get("cancel_at"), values.get("stage_closed_at")]
    dates += [row["date"] for row in values.get("rechecks", [])]
    last = max(date.fromisoformat(d) for d in [*dates, day.isoformat()] if d)
    when = max(datetime.combine(day, datetime.min.time()), datetime.combine(world.start, datetime.min.time()))
    world.add(
        "supervision_case",
        when + timedelta(hours=9, minutes=world.next_number("case_order")),
        values,
        last=max(last, when.date()),
    )
