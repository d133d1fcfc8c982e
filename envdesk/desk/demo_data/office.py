"""The whole office: all generators in their order, and their records sorted into what a clerk types week by week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from envdesk.desk.demo_data import ledgers, places, rectify, rounds, subjects, supervision
from envdesk.desk.demo_data.days import back_months
from envdesk.desk.demo_data.orders import Orders
from envdesk.desk.demo_data.staff import campaigns, staff
from envdesk.desk.demo_data.visits import Visits
from envdesk.desk.demo_data.world import Entry, Obj, World

#: What is typed first within a week: what others refer to.
ORDER = (
    "grid",
    "person",
    "river",
    "campaign",
    "power_item",
    "history_value",
    "task_target",
    "subject",
    "work_order",
    "supervision_case",
    "rectification",
    "enforcement_case",
    "sanluanwu",
    "solid_waste_declaration",
    "vocs_check",
    "inspection",
    "site_dust_patrol",
    "gas_station_check",
    "hazardous_waste_check",
    "waste_diversion_check",
    "flood_hazard_check",
    "air_station_patrol",
    "water_source_patrol",
    "diesel_fleet_check",
    "assistance",
    "outfall_patrol",
    "mobile_source_test",
    "open_burning",
    "publicity_event",
    "air_quality",
    "other_ledger",
)
LISTS = frozenset(ORDER[:5])


@dataclass(frozen=True, slots=True)
class Batch:
    """What is typed in at one sitting: the form, its objects, when and by whom."""

    form: str
    objects: list[Obj]
    at: datetime
    who: str


def make_world(seed: int, until: date, months: int, load: float, size: float) -> World:
    """Make up an office.

    Args:
        seed: same seed, same office.
        until: last day.
        months: calendar months up to *until*, the last one included.
        load: events, 1 = the default office.
        size: subjects, 1 = the default office.
    """
    start = back_months(until, months - 1)
    world = World(seed, start, until, load, staff(start, until), campaigns(start, until))
    lists(world)
    subjects.make(world, size)
    follow = rectify.Follow(world)
    ledgers.history(world)
    ledgers.tasks(world)
    calls = Orders(world).run()
    Visits(world, calls, follow).run()
    rectify.orders_from_above(world, follow)
    rectify.street_cases(world, follow)
    rounds.outfalls(world)
    rounds.vehicle_tests(world)
    rounds.fires(world)
    rounds.messy_places(world)
    supervision.run(world)
    ledgers.declarations(world)
    ledgers.air(world)
    ledgers.events(world)
    ledgers.counters(world)
    ledgers.water_quality(world)
    return world


def lists(world: World) -> None:
    """Grids, people, rivers, campaigns, powers."""
    at = datetime.combine(world.start, time(8, 40))
    changed = world.start + timedelta(days=(world.until - world.start).days // 2)
    since = date(world.start.year - 5, 1, 1)
    rows = places.grid_rows(since.isoformat(), (changed - timedelta(days=1)).isoformat(), changed.isoformat())
    for form, objects in (
        ("grid", rows),
        ("person", [p.row() for p in world.staff.people]),
        ("river", [{"name": name} for name in places.RIVERS]),
        ("campaign", [c.row() for c in world.campaigns]),
        ("power_item", [dict(p) for p in rectify.POWERS]),
    ):
        for n, values in enumerate(objects):
            world.add(form, at + timedelta(seconds=n), values, last=world.start)


def batches(world: World) -> Iterator[Batch]:
    """The records of an office in the order they must be added, as sittings of one form."""
    rank = {form: n for n, form in enumerate(ORDER)}

    def key(entry: Entry) -> tuple[int, int, datetime]:
        return (entry.when.date() - world.start).days // 7, rank[entry.form], entry.when

    rng = world.rng("clerks")
    group: list[Entry] = []
    last: tuple[int, str] | None = None
    for entry in sorted(world.entries, key=key):
        mark = (key(entry)[0], entry.form)
        far = (
            group
            and entry.form not in LISTS
            and abs((entry.at - group[0].at).days) > (400 if entry.form == "subject" else 2)
        )
        if group and (mark != last or far):
            yield sitting(group, world.staff.clerk(rng, min(group[0].when.date(), world.until)))
            group = []
        group.append(entry)
        last = mark
    if group:
        yield sitting(group, world.staff.clerk(rng, world.until))


def sitting(group: list[Entry], who: str) -> Batch:
    """One batch."""
    return Batch(group[0].form, [e.values for e in group], max(e.at for e in group), who)
