"""勾稽关系: rules checked before a report is printed (domain.md §3F). Most are data; a few look at more than one period.

A rule passes, or fails with the records that break it. Level ``block`` stops the official print and the seal, ``warn``
must be acknowledged, ``note`` is only printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from envdesk.errors import word
from envdesk.figures.compute import Computer, Value
from envdesk.figures.engine import Engine, FigureId
from envdesk.figures.numbers import exact
from envdesk.figures.period import Window
from envdesk.formdef.live import table
from envdesk.formdef.model import Check, Figure
from envdesk.i18n import _
from envdesk.store import calendar
from envdesk.store.drafts import drafts

#: At most this many figures are named by R18 (domain.md §3F).
MOST_ZEROS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one period.

    Attributes:
        records: ``{form, id, record_no}`` of the records that break it.
    """

    rule: str
    level: str
    status: str
    message: str
    records: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "rule": self.rule, "level": self.level, "status": self.status, "message": self.message,
            "records": list(self.records),
        }  # fmt: skip


class Reconciler:
    """Runs every rule for the period and cut-off of a :class:`Computer`."""

    def __init__(self, computer: Computer) -> None:
        """Judge the figures of *computer*."""
        self.computer = computer
        self.engine: Engine = computer.engine
        self.store = computer.store

    def run(self) -> list[Finding]:
        """Judge all rules, in the order of the definitions, then the standing ones."""
        out = [f for check in self.store.catalogue.checks for f in self._one(check)]
        out += [self._zeros(), self._holidays(), self._typed(), self._drafts()]
        return out

    # ---- rules that are data -----------------------------------------------------------------------------------
    def _one(self, check: Check) -> Iterator[Finding]:
        known = self.store.catalogue.figures
        if check.expr and all(n in known for n in check.needs):
            yield self._expression(check)
        elif check.by and check.by[0].partition(":")[0] in known:
            yield self._parts(check)
        elif check.months:
            yield from (self._months(check, n) for n in check.months if n in known)
        elif check.of:
            yield self._records(check)

    def _window(self, check: Check) -> Window:
        window = self.computer.windows.current
        return replace(window, cut=window.end) if check.at_end else window

    def _number(self, name: str, window: Window) -> tuple[Any, str]:
        value: Value = self.computer.value(FigureId(name), window)
        if value.raw is not None:
            number = exact(value.raw)
            return (int(number) if number.denominator == 1 else float(number)), value.text
        return (None if value.number is None else float(value.number)), value.text

    def _expression(self, check: Check) -> Finding:
        window = self._window(check)
        numbers: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for name in check.needs:
            numbers[name], texts[name] = self._number(name, window)
        holds = self.store.con.value(f"select ({check.expr})", numbers)
        return self._say(check, holds is None or bool(holds), texts)

    def _parts(self, check: Check) -> Finding:
        figure, dim = check.by
        window = self._window(check)
        total, text = self._number(figure, window)
        f = self.engine.figure(figure)
        groups = self.engine.groups(FigureId(figure), window, dim)
        parts = sum((g.total or 0) if f.value else g.units for g in groups.values())
        holds = parts <= (total or 0) if check.level == "note" else parts == (total or 0)
        return self._say(check, holds, {figure: text})

    def _months(self, check: Check, name: str) -> Finding:
        period, window = self.computer.period, self.computer.windows.current
        months = [m for m in period.months() if m.start <= window.end]
        whole, text = self._number(name, window)
        parts = 0
        for month in months:
            number, _text = self._number(
                name, Window(max(month.start, window.start), min(month.end, window.end), window.cut)
            )
            parts += number or 0
        figure: Figure = self.engine.figure(name)
        found = self._say(check, len(months) < 2 or parts == whole, {name: text})
        return replace(found, rule=f"{check.id}:{name}", message=f"{figure.title}：{found.message}")

    def _records(self, check: Check) -> Finding:
        figure = Figure(
            id=f"check_{check.id}",
            title=check.title,
            measure="",
            form="",
            of=check.of,
            date=check.date,
            where=check.where,
        )
        engine = _With(self.engine, figure)
        records: dict[str, dict[str, Any]] = {}
        for row in engine.evidence(FigureId(figure.id), self.computer.windows.current):
            records[row.id] = {"form": row.form, "id": row.id, "record_no": row.record_no}
        return self._say(check, not records, {}, tuple(records.values()))

    def _say(
        self,
        check: Check,
        holds: bool,  # noqa: FBT001 - the verdict itself
        texts: Mapping[str, str],
        records: tuple[dict[str, Any], ...] = (),
    ) -> Finding:
        message = check.title if holds else check.message.format(**texts) if texts else check.message
        return Finding(check.id, check.level, "pass" if holds else "fail", message, records)

    # ---- standing rules ----------------------------------------------------------------------------------------
    def _zeros(self) -> Finding:
        """R18: a figure that is zero now and was not in the period before (the largest ones)."""
        fallen: list[tuple[Any, str]] = []
        before = self.computer.windows.previous
        if before is not None:
            for f in self.store.catalogue.figures.values():
                if f.kind not in ("flow", "cohort", "distinct") or f.share or f.ratio:
                    continue
                now = self.engine.count(FigureId(f.id), self.computer.windows.current)
                if not (now.total if f.value else now.units):
                    then = self.engine.count(FigureId(f.id), before)
                    amount = then.total if f.value else then.units
                    if amount:
                        text = self.computer.of_count(f, then).text
                        fallen.append((amount / (f.scale or 1), f"{f.title}（{text}{f.measure}）"))
        fallen.sort(key=lambda item: -item[0])
        names = "、".join(text for _amount, text in fallen[:MOST_ZEROS])
        message = _("本期为 0 而上期不为 0：{names}").format(names=names) if names else _("没有骤减为 0 的指标")
        return Finding("R18", "warn", "fail" if names else "pass", message)

    def _holidays(self) -> Finding:
        """R23: the holiday table lacks a year that a deadline of the period may fall into."""
        missing = calendar.missing_years(self.store.con, self.computer.period.start, self.computer.period.end)
        if not missing:
            return Finding("R23", "warn", "pass", _("节假日表齐全"))
        return Finding("R23", "warn", "fail", word("calendar_missing", year=missing[0], value=f"{missing[0]}-01-01"))

    def _typed(self) -> Finding:
        """R24: comparison with typed 往期数."""
        baseline = self.computer.baseline
        typed = baseline is not None and self.computer.windows.last_year.start < baseline and self._history_exists()
        message = _("上年同期部分取自手工录入的往期数") if typed else _("比较数全部来自记录")
        return Finding("R24", "warn", "fail" if typed else "pass", message)

    def _history_exists(self) -> bool:
        if "history_value" not in self.store.catalogue.forms:
            return False
        return self.store.con.one(f"SELECT 1 FROM {table('history_value')} WHERE void = 0 LIMIT 1") is not None

    def _drafts(self) -> Finding:
        """R19 (second half): drafts that were not saved."""
        count = len(drafts(self.store))
        message = _("有 {count} 份草稿未保存").format(count=count) if count else _("没有未保存的草稿")
        return Finding("R19-草稿", "warn", "fail" if count else "pass", message)


class _With(Engine):
    """An engine that knows one more figure, made from a check."""

    def __init__(self, engine: Engine, figure: Figure) -> None:
        super().__init__(engine.store)
        self._extra = figure

    def figure(self, name: str) -> Figure:
        return self._extra if name == self._extra.id else super().figure(name)


def reconcile(computer: Computer) -> list[Finding]:
    """Judge all rules for a computed period."""
    return Reconciler(computer).run()


def blocked(findings: list[Finding]) -> list[Finding]:
    """The findings that stop an official print."""
    return [f for f in findings if f.level == "block" and f.status == "fail"]
