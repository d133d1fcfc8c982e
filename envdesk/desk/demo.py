"""The demo: two invented years of a street office, saved the way a clerk or a script would.

Everything goes through :func:`envdesk.store.save.add`. The same seed and last day give the same file content, ids and
times of entry included: the clock stands still at each sitting and the ids are drawn from the seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from envdesk.clock import Clock
from envdesk.desk.demo_data import places
from envdesk.desk.demo_data.office import Batch, batches, make_world
from envdesk.desk.demo_data.world import World
from envdesk.desk.office import Desk, furnish, set_setting
from envdesk.errors import Refused
from envdesk.formdef.model import Catalogue
from envdesk.store import file
from envdesk.store.file import Store
from envdesk.store.save import add

MONTHS = 24
#: Smallest share of the default register that still looks like a street.
LEAST = 0.15


@dataclass(slots=True)
class Summary:
    """What a demo file holds: typed records per form."""

    path: Path
    start: date
    until: date
    counts: dict[str, int] = field(default_factory=dict)
    operations: int = 0

    @property
    def records(self) -> int:
        """All typed records."""
        return sum(self.counts.values())


def default_until(today: date) -> date:
    """The end of last month."""
    return today.replace(day=1) - timedelta(days=1)


def generate(
    *, seed: int, until: date, months: int = MONTHS, records: int | None = None
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Make up an office: batches of objects as ``add`` takes them, in the order they must be added.

    Args:
        seed: same seed, same objects.
        until: last day.
        months: calendar months, the one of *until* included.
        records: about how many records; None = the default office (about four thousand in 24 months).
    """
    for batch in batches(plan(seed, until, months, records)):
        yield batch.form, batch.objects


def plan(seed: int, until: date, months: int = MONTHS, records: int | None = None) -> World:
    """Make up an office of about *records* records: events are scaled, the register grows more slowly."""
    if records is None:
        return make_world(seed, until, months, 1.0, 1.0)
    normal = len(make_world(seed, until, months, 1.0, 1.0).entries)
    share = records / normal
    size = max(LEAST, share) if share < 1 else share**0.6
    fixed = len(make_world(seed, until, months, 0.0, size).entries)
    load = max(0.02, (records - fixed) / max(1, normal - fixed))
    for _ in range(2):
        world = make_world(seed, until, months, load, size)
        got = len(world.entries)
        if abs(got - records) <= records * 0.03 or got <= fixed:
            break
        load = max(0.02, load * (records - fixed) / (got - fixed))
    return world


def build_demo(
    path: Path,
    catalogue: Catalogue,
    *,
    seed: int,
    until: date,
    records: int | None = None,
    months: int = MONTHS,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Create the file of an invented office.

    Args:
        path: must not exist.
        catalogue: compiled forms; a form that is not there is left out.
        seed: same seed and last day, same content.
        until: last day.
        records: about how many records (None = the default office).
        months: calendar months.
        progress: called with the records saved so far and all of them.

    Raises:
        Refused: the place is not fit, or a record is refused (a fault of the demo or of a form).
    """
    world = plan(seed, until, months, records)
    dawn = datetime.combine(world.start, time(8, 30))
    summary = Summary(path, world.start, until)
    total = sum(1 for e in world.entries if e.form in catalogue.forms)
    store = file.create(
        path,
        catalogue,
        office=places.OFFICE,
        code=places.CODE,
        district=places.DISTRICT,
        clock=Clock(dawn),
        who="管理员",
    )
    with store:
        seed_ids(store, seed)
        store.set_meta("file_id", store.new_id())
        furnish(store)
        settings(store, world)
        for batch in batches(world):
            if batch.form in catalogue.forms:
                save(store, batch)
                summary.counts[batch.form] = summary.counts.get(batch.form, 0) + len(batch.objects)
                summary.operations += 1
                if progress:
                    progress(summary.records, total)
    return summary


def save(store: Store, batch: Batch) -> None:
    """Add one sitting at its own time."""
    store.clock, store.who = Clock(batch.at), batch.who
    outcome = add(store, batch.form, batch.objects)
    if outcome.refused:
        bad = [p for p in outcome.problems if p.severity != "hint"]
        first = bad[0].index or 0
        raise Refused("form_error", {"detail": f"{batch.form}: {bad[0].message} {batch.objects[first]}"}, bad)


def seed_ids(store: Store, seed: int) -> None:
    """Draw ids (UUIDv7) from the seed and the store's clock."""
    rng = Random(f"{seed}:ids")  # noqa: S311 - reproducible on purpose

    def new_id() -> str:
        ms = int((store.clock.now() - datetime(1970, 1, 1)).total_seconds() * 1000)
        return str(UUID(int=ms << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62)))

    store.new_id = new_id


def settings(store: Store, world: World) -> None:
    """Settings an office makes on its first day."""
    desk = Desk(store, store.catalogue, store.clock, store.who)
    for key, value in (
        ("baseline_date", world.start.isoformat()),
        ("staff_count", "8"),
        ("contact_phone", "000-66001234"),
    ):
        set_setting(desk, key, value)
