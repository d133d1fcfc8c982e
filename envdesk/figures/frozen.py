"""What a seal keeps: every result that its papers asked for, whole, and the records behind each figure.

While figures are computed :class:`Answers` remembers what was asked; packed, that is what a seal stands for. Unpacked,
:class:`Frozen` answers the same questions in the same words for ever, whatever happens to records, settings or program.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from envdesk.figures.compute import Computer, Result, Value
from envdesk.figures.engine import Evidence, parse_id
from envdesk.figures.numbers import Number
from envdesk.formdef.live import table

VERSION = 1


class Source(Protocol):
    """Where the results of a paper come from: computed now, or kept by a seal."""

    def result(self, text: str) -> Result | None:
        """A figure id; None = a seal does not know it (it is newer than the seal)."""
        ...

    def split(self, text: str, by: str) -> list[Result]:
        """A figure per value of a dimension."""
        ...


class Answers:
    """Results of a period, computed when asked and remembered."""

    def __init__(self, calc: Computer) -> None:
        """Ask *calc*."""
        self.calc = calc
        self.results: dict[str, Result] = {}
        self.splits: dict[tuple[str, str], list[Result]] = {}

    def result(self, text: str) -> Result | None:
        """See :class:`Source`."""
        if text not in self.results:
            self.results[text] = self.calc.result(text)
        return self.results[text]

    def split(self, text: str, by: str) -> list[Result]:
        """See :class:`Source`."""
        if (text, by) not in self.splits:
            self.splits[text, by] = self.calc.split(text, by)
        return self.splits[text, by]


@dataclass(frozen=True)
class Frozen:
    """The content of a seal.

    Attributes:
        paper: what papers say besides figures (office, 口径, notes, templates, codes), by name.
    """

    results: Mapping[str, Result]
    splits: Mapping[tuple[str, str], list[Result]]
    paper: Mapping[str, Any]
    records: tuple[tuple[str, str, str | None, str], ...]
    behind: Mapping[str, list[list[Any]]]

    def result(self, text: str) -> Result | None:
        """See :class:`Source`."""
        return self.results.get(text)

    def split(self, text: str, by: str) -> list[Result]:
        """See :class:`Source`."""
        return self.splits.get((text, by), [])

    def evidence(self, text: str) -> list[tuple[Evidence, str]]:
        """The records behind a figure as they were, each with the hash of its content."""
        out = []
        for at, date, unit, value, hit in self.behind.get(text, ()):
            form, rec, number, content = self.records[at]
            out.append((Evidence(form, rec, number, date, unit, value, None if hit is None else bool(hit)), content))
        return out


# ---- packing -------------------------------------------------------------------------------------------------------
def pack(answers: Answers, paper: Mapping[str, Any]) -> bytes:
    """Pack what was asked, the records behind it, and what the papers say besides."""
    records: dict[tuple[str, str], tuple[int, str | None]] = {}
    behind: dict[str, list[list[Any]]] = {}
    for text in answers.results:
        rows = behind[text] = []
        for e in answers.calc.engine.evidence(parse_id(text), answers.calc.windows.current):
            at, _number = records.setdefault((e.form, e.id), (len(records), e.record_no))
            rows.append([at, e.date, e.unit, e.value, None if e.hit is None else int(e.hit)])
    hashes = _hashes(answers.calc, records)
    content = {
        "version": VERSION,
        "results": {text: _result(r) for text, r in answers.results.items() if r is not None},
        "splits": [[text, by, [_result(r) for r in found]] for (text, by), found in answers.splits.items()],
        "paper": dict(paper),
        "records": [[form, rec, number, hashes.get((form, rec), "")] for (form, rec), (_at, number) in records.items()],
        "behind": behind,
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, sort_keys=True).encode(), 6)


def unpack(data: bytes) -> Frozen:
    """Read what :func:`pack` made."""
    content = json.loads(zlib.decompress(data))
    return Frozen(
        {text: _read(r) for text, r in content["results"].items()},
        {(text, by): [_read(r) for r in found] for text, by, found in content["splits"]},
        content["paper"],
        tuple(tuple(r) for r in content["records"]),
        content["behind"],
    )


def _hashes(calc: Computer, records: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], str]:
    """Content hashes of records."""
    by: dict[str, list[str]] = {}
    for form, rec in records:
        by.setdefault(form, []).append(rec)
    out: dict[tuple[str, str], str] = {}
    for form, ids in by.items():
        if form not in calc.store.catalogue.forms:
            continue
        sql = f"SELECT id, hash FROM {table(form)} WHERE id IN (SELECT value FROM json_each(?))"
        out |= {(form, rec): kept for rec, kept in calc.store.con.query(sql, (json.dumps(ids),))}
    return out


_NUMBERS: Mapping[str, type] = {"d": Decimal, "f": Fraction, "r": float, "i": int, "s": str}


def _number(value: Number | None) -> Any:
    """A number with its kind, so that it comes back as exact as it was."""
    if value is None:
        return None
    kind = next(k for k, t in _NUMBERS.items() if type(value) is t)
    return [kind, repr(value) if kind == "r" else str(value)]


def _value(value: Value | None) -> dict[str, Any] | None:
    if value is None:
        return None
    out: dict[str, Any] = {f.name: getattr(value, f.name) for f in fields(Value)}
    return out | {name: _number(out[name]) for name in ("number", "compare", "raw")}


def _result(result: Result) -> dict[str, Any]:
    out: dict[str, Any] = {f.name: getattr(result, f.name) for f in fields(Result)}
    return {k: _value(v) if isinstance(v, Value) else v for k, v in out.items()}


def _read_value(kept: Mapping[str, Any]) -> Value:
    out = {f.name: kept[f.name] for f in fields(Value) if f.name in kept}
    for name in ("number", "compare", "raw"):
        if out.get(name) is not None:
            kind, text = out[name]
            out[name] = _NUMBERS[kind](text)
    return Value(**out)


def _read(kept: Mapping[str, Any]) -> Result:
    out = {f.name: kept[f.name] for f in fields(Result) if f.name in kept}
    for name in ("current", "previous", "last_year", "year_to_date"):
        if out.get(name) is not None:
            out[name] = _read_value(out[name])
    return Result(**{**out, "marks": tuple(out.get("marks") or ())})
