"""What a reconciliation rule says about a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from envdesk.figures.engine import Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one period.

    Attributes:
        records: ``{form, id, record_no}`` of the records that break it.
        figures: ids of the figures it compares.
    """

    rule: str
    level: str
    status: str
    message: str
    records: tuple[dict[str, Any], ...] = ()
    figures: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "rule": self.rule, "level": self.level, "status": self.status, "message": self.message,
            "records": list(self.records),
        }  # fmt: skip


def named(rows: Iterable[Evidence]) -> tuple[dict[str, Any], ...]:
    """Records as findings name them, each once."""
    found = {row.id: {"form": row.form, "id": row.id, "record_no": row.record_no} for row in rows}
    return tuple(found.values())
