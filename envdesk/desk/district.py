"""The district's verbs: merge what the streets report, settle conflicts, the receipt of a package, the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from envdesk.desk.office import Desk, Done, is_district, setting
from envdesk.exchange import board as boards, conflicts as waiting, merge as merging
from envdesk.exchange.board import Board, Row
from envdesk.exchange.conflicts import Open
from envdesk.exchange.merge import Told
from envdesk.figures.engine import Engine
from envdesk.figures.period import default_cut, month_of, parse_period, windows
from envdesk.store import crypt
from envdesk.store.lists import pinyin_key


def merge(
    desk: Desk,
    paths: Sequence[Path],
    *,
    passphrase_file: Path | None = None,
    phrases: Mapping[Path, str] | None = None,
    why: str = "",
    dry_run: bool = False,
    told: Told | None = None,
) -> Done:
    """Take the streets' packages in, in one operation; the value is :class:`envdesk.exchange.merge.Merged`."""
    words = crypt.first_line(passphrase_file) if passphrase_file else None
    made = merging.merge(desk.store, paths, passphrase=words, phrases=phrases, why=why, dry_run=dry_run, told=told)
    taken = any(r.problem is None and not r.again for r in made.receipts) and not dry_run
    return Done(made, frozenset({"*"}) if made.operation or taken else frozenset())


def streets(desk: Desk) -> dict[str, str]:
    """The offices whose records a district's file holds, by id, by name; nothing in a street's own file."""
    if not is_district(desk):
        return {}
    found = boards.offices(desk.store) | {desk.store.office: setting(desk, "office_name")}
    return dict(sorted(found.items(), key=lambda item: pinyin_key(item[1])))


def conflicts(desk: Desk, office: str = "") -> list[Open]:
    """Conflicts that wait for a decision, of one street or of all."""
    return waiting.open_conflicts(desk.store, office)


def decide(desk: Desk, found: Open, way: str, *, why: str = "") -> Done:
    """Settle a conflict: keep what stands, take the other version, or send both back; the value is the operation."""
    return Done(waiting.decide(desk.store, found.rec, found.source, way, why=why), frozenset({"*"}))


def receipt(desk: Desk, path: Path) -> dict[str, Any]:
    """What became of a package (district), or what was sent with it (street)."""
    return merging.receipt_of(desk.store, path)


def receipt_for(desk: Desk, sha256: str) -> dict[str, Any] | None:
    """What became of a package by its hash, None when it was not merged."""
    return merging.receipt_for(desk.store, sha256)


def board(desk: Desk, period: str) -> Board:
    """Street × form of a period."""
    return boards.board(desk.store, parse_period(period))


def reported(desk: Desk, period: str) -> list[Row]:
    """The streets and what came of them, without counting records."""
    return boards.streets(desk.store, parse_period(period), {})


def expected(desk: Desk) -> list[str]:
    """Names of the streets that should report."""
    return boards.expected(desk.store)


def forms(desk: Desk) -> list[tuple[str, str]]:
    """Id and title of the forms of the board."""
    return [(f.id, f.title) for f in boards.dated(desk.store)]


def counts(desk: Desk, start: date, end: date) -> dict[str, dict[str, int]]:
    """Records between two days: office → form → how many."""
    return boards.counted(desk.store, start, end)


def affected(desk: Desk, found: Open, period: str) -> list[str]:
    """Titles of the figures that another decision would change, of the month the record belongs to or of *period*."""
    form = desk.catalogue.forms[found.form]
    days = [str(v[form.date])[:10] for v in (found.ours, found.theirs) if form.date and v.get(form.date)]
    span = month_of(date.fromisoformat(days[0])) if days else parse_period(period)
    engine, window = Engine(desk.store), windows(span, default_cut(span, desk.clock.today())).current
    names = [f.id for f in desk.catalogue.figures.values() if not f.ratio and engine.reads(f.id, form.id)]
    before = engine.plain_counts(names, window)
    after = waiting.tried(desk.store, found, lambda: engine.plain_counts(names, window))
    return [desk.catalogue.figures[n].title for n in names if before[n] != after[n]]
