"""Drives the program as a script does: command lines in, exit codes and JSON out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from envdesk import cli

TODAY = "2024-12-31"


@dataclass(frozen=True)
class Answer:
    """What one command line gave back."""

    code: int
    out: Any
    err: str

    @property
    def problems(self) -> list[dict[str, Any]]:
        return self.out["problems"]

    @property
    def ids(self) -> list[str]:
        return self.out["ids"]

    def codes(self, severity: str = "") -> list[str]:
        """Problem codes, of one severity or all."""
        return [p["code"] for p in self.problems if severity in ("", p["severity"])]

    def places(self) -> set[tuple[int | None, str | None, str]]:
        """(index, field, code) of all problems."""
        return {(p["index"], p["field"], p["code"]) for p in self.problems}

    def created(self, form: str) -> list[str]:
        """Ids of the records of one form that the operation made."""
        return [c["id"] for c in self.out["created"] if c["form"] == form]


class Office:
    """One data file and the day it is."""

    def __init__(self, db: Path, *, today: str = TODAY, forms: tuple[Path, ...] = ()) -> None:
        self.db = db
        self.today = today
        self.forms = forms

    def at(self, day: str) -> Office:
        """The same file on another day (and with that cut-off)."""
        return Office(self.db, today=day, forms=self.forms)

    def words(self, *argv: str, as_name: str = "李敏") -> list[str]:
        """The command line for these words."""
        out = ["--db", str(self.db), "--json", "--as", as_name]
        if self.today:
            out += ["--as-of", self.today]
        for folder in self.forms:
            out += ["--forms", str(folder)]
        return [*out, *argv]

    def call(self, *argv: str, stdin: Any = None) -> Answer:
        """Run a command line, whatever it gives."""
        return call(self.words(*argv), stdin)

    def run(self, *argv: str, stdin: Any = None) -> Any:
        """Run a command line that has to succeed; returns its JSON."""
        answer = self.call(*argv, stdin=stdin)
        assert answer.code == 0, (argv, answer)
        return answer.out

    # ---- verbs -------------------------------------------------------------------------------------------------
    def try_add(self, form: str, objects: Any, *more: str) -> Answer:
        return self.call("add", form, "-", *more, stdin=objects)

    def add(self, form: str, objects: Any, *more: str) -> list[str]:
        """Add objects that have to be accepted; returns their ids."""
        answer = self.try_add(form, objects, *more)
        assert answer.code == 0, answer
        assert not answer.codes("error")
        return answer.ids

    def add1(self, form: str, **values: Any) -> str:
        return self.add(form, values)[0]

    def try_edit(self, form: str, rec: str, **change: Any) -> Answer:
        return self.call("edit", form, rec, "-", stdin=change)

    def edit(self, form: str, rec: str, **change: Any) -> Answer:
        answer = self.try_edit(form, rec, **change)
        assert answer.code == 0, answer
        return answer

    def get(self, form: str, rec: str) -> dict[str, Any]:
        return self.run("get", form, rec)

    def rows(self, form: str, *more: str) -> list[dict[str, Any]]:
        return self.run("list", form, *more)

    def void(self, form: str, rec: str) -> None:
        self.run("void", form, rec, "--why", "登记错误")

    def figures(self, period: str, *ids: str, by: str = "", cut: str = "") -> dict[str, dict[str, Any]]:
        """Figures by id, as of *cut* (default: today)."""
        words = [w for i in ids for w in ("--figure", i)] + (["--by", by] if by else [])
        here = self.at(cut) if cut else self
        return {r["id"]: r for r in here.run("figures", "--period", period, *words)}

    def values(self, period: str, *ids: str, by: str = "", cut: str = "") -> dict[str, Any]:
        return {k: r["value"] for k, r in self.figures(period, *ids, by=by, cut=cut).items()}

    def texts(self, period: str, *ids: str, cut: str = "") -> dict[str, str]:
        return {k: r["text"] for k, r in self.figures(period, *ids, cut=cut).items()}

    def evidence(self, figure: str, period: str, cut: str = "") -> list[dict[str, Any]]:
        return (self.at(cut) if cut else self).run("evidence", figure, "--period", period)

    def failed_rules(self, period: str, cut: str = "", level: str = "block") -> list[dict[str, Any]]:
        """Failed reconciliation rules of a level."""
        rules = (self.at(cut) if cut else self).call("reconcile", "--period", period).out
        return [r for r in rules if r["level"] == level and r["status"] == "fail"]


def call(argv: list[str], stdin: Any = None) -> Answer:
    """Run one command line in this process."""
    data = (
        b"" if stdin is None else stdin if isinstance(stdin, bytes) else json.dumps(stdin, ensure_ascii=False).encode()
    )
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")),
    ):
        code = cli.run(argv)
    text = out.getvalue()
    try:
        value = json.loads(text) if text else None
    except json.JSONDecodeError:
        value = text
    return Answer(code, value, err.getvalue())


# ---- aggregates -------------------------------------------------------------------------------------------------
def aggregate(figure: dict[str, Any], rows: list[dict[str, Any]], *, summed: bool) -> Any:
    """The value that evidence rows stand for: hits and units of a rate, a sum, or distinct units."""
    units = {r["unit"] for r in rows}
    if figure["unit"] == "%":
        return len({r["unit"] for r in rows if r["hit"]}), len(units)
    if summed:
        return sum(r["value"] or 0 for r in rows)
    return len(units)


# ---- objects ----------------------------------------------------------------------------------------------------
def firm(name: str, **more: Any) -> dict[str, Any]:
    """A shoe factory in the register since 2023-01-01."""
    return {
        "types": ["工业企业", "涉VOCs企业"], "name": name, "address": "石马桃红西街1号", "industry": "制鞋", "grid_id": "石马",
        "register_from": "2023-01-01",
    } | more  # fmt: skip


def visit(subject: str, day: str, people: Any = None, **more: Any) -> dict[str, Any]:
    """A visit in the morning by two people."""
    return {
        "subject_id": subject, "visit_date": day, "session": "上午", "people": people or ["张三", "李四"], "warnings": "accept"
    } | more  # fmt: skip


def order(no: str, received: str, **more: Any) -> dict[str, Any]:
    """A complete 12345 order; pass ``closed_at`` to close it."""
    full = {
        "order_no": no, "source": "12345", "received_at": received, "content": "夜间噪声扰民", "kind": "投诉",
        "pollution": ["噪声-工业"], "location": "石马桃红西街", "handler": "陈七",
    } | more  # fmt: skip
    if "closed_at" in full:
        full = {"verdict": "属实", "measures": "已责令改正", "close_type": "办结"} | full
    return full


SIX = {f"six_{n}": "达标" for n in range(1, 7)}
SITE = {
    "types": ["建设工地"],
    "name": "白云一号工地",
    "address": "均禾大道",
    "grid_id": "石马",
    "register_from": "2023-01-01",
}
