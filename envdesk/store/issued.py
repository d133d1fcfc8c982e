"""Papers that were given out: each official print with its number, its 校验码 and the very bytes of the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Protocol

from envdesk.store.file import Store
from envdesk.store.kept import ASIDE

SERIAL = "#issued"
"""Name of the count of issue numbers, which no form can have as its prefix."""
_COLUMNS = (
    'no, number, start, "end", cut, template, title, parts, format, code, coalesce(seal, 0), made_at, made_by, sha256,'
    " length(data), pages, figures"
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One paper that was given out.

    Attributes:
        number: 出具编号, year-number, never given twice.
        parts: what it holds besides the report ("" or "evidence").
        format: pdf, docx, xlsx. ``seal``: number of the seal it was drawn from, 0 = from the live figures.
        figures: figure id → what was printed.
    """

    no: int
    number: str
    start: str
    end: str
    cut: str
    template: str
    title: str
    parts: str
    format: str
    code: str
    seal: int
    made_at: str
    made_by: str
    sha256: str
    size: int
    pages: int
    figures: dict[str, str]


def next_number(store: Store, year: int) -> str:
    """The next 出具编号 of a year."""
    n = store.con.value(
        "INSERT INTO serial VALUES (?, ?, 1) ON CONFLICT (prefix, year) DO UPDATE SET n = n + 1 RETURNING n",
        (SERIAL, year),
    )
    return f"{year}-{store.desk}{n:04d}"


class File(Protocol):
    """A finished file."""

    @property
    def data(self) -> bytes:
        """Its bytes."""
        ...

    @property
    def pages(self) -> int:
        """Its pages, 0 = not known."""
        ...


def keep(store: Store, number: str, facts: Mapping[str, str], seal: int, figures: Mapping[str, str], made: File) -> int:
    """Keep a paper; *facts*: start, end, cut, template, title, parts, format, code."""
    names = ("start", "end", "cut", "template", "title", "parts", "format", "code")
    with store.con.atomic(), store.kept.booking(ASIDE):
        store.con.execute(
            f"INSERT INTO issued (number, {', '.join(_quoted(n) for n in names)}, seal, made_at, made_by, sha256, data,"
            f" pages, figures) VALUES ({', '.join('?' * 16)})",
            (
                number, *(facts[n] for n in names), seal or None, store.clock.now().isoformat(), store.who,
                sha256(made.data).hexdigest(), made.data, made.pages,
                json.dumps(figures, ensure_ascii=False, sort_keys=True),
            ),
        )  # fmt: skip
    return int(store.con.value("SELECT no FROM issued WHERE number = ?", (number,)))


def _quoted(name: str) -> str:
    return f'"{name}"'


def issues(store: Store, *, start: str = "", end: str = "", code: str = "", number: str = "") -> list[Issue]:
    """Papers newest first: all, those of exactly one period, with a 校验码, or with an issue number."""
    rows = store.con.query(
        f"SELECT {_COLUMNS} FROM issued WHERE (:start = '' OR start = :start) AND (:end = '' OR \"end\" = :end)"
        " AND (:code = '' OR code = :code) AND (:number = '' OR number = :number) ORDER BY no DESC",
        {"start": start, "end": end, "code": code, "number": number},
    )
    names = [f.name for f in fields(Issue)]
    return [Issue(**{**dict(zip(names, row, strict=True)), "figures": json.loads(row[-1])}) for row in rows]


def data(store: Store, no: int) -> bytes:
    """The file of a paper as it was given out."""
    found: bytes = store.con.value("SELECT data FROM issued WHERE no = ?", (no,))
    return found
