"""The district's verbs: merge what the streets report, the receipt of a package, the board."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from envdesk.desk.office import Desk, Done
from envdesk.exchange import board as boards, merge as merging
from envdesk.exchange.board import Board
from envdesk.figures.period import parse_period
from envdesk.store import crypt


def merge(
    desk: Desk, paths: Sequence[Path], *, passphrase_file: Path | None = None, why: str = "", dry_run: bool = False
) -> Done:
    """Take the streets' packages in, in one operation; the value is :class:`envdesk.exchange.merge.Merged`."""
    words = crypt.first_line(passphrase_file) if passphrase_file else None
    made = merging.merge(desk.store, paths, passphrase=words, why=why, dry_run=dry_run)
    return Done(made, frozenset({"*"}) if made.operation else frozenset())


def receipt(desk: Desk, path: Path) -> dict[str, Any]:
    """What became of a package (district), or what was sent with it (street)."""
    return merging.receipt_of(desk.store, path)


def board(desk: Desk, period: str) -> Board:
    """Street × form of a period."""
    return boards.board(desk.store, parse_period(period))
