"""勾稽关系: rules checked before a report is printed (domain.md §3F). Most are data; a few look at more than one period.

A rule passes, or fails with the records that break it. Level ``block`` stops the official print and the seal, ``warn``
must be acknowledged, ``note`` is only printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from envdesk.figures import standing
from envdesk.figures.compute import Computer, Value
from envdesk.figures.culprits import culprits, torn
from envdesk.figures.engine import Engine, FigureId
from envdesk.figures.finding import Finding, named
from envdesk.figures.numbers import exact
from envdesk.figures.period import Window
from envdesk.formdef.model import Check, Figure
from envdesk.i18n import _

#: At most this many figures are named by R18 (domain.md §3F).
MOST_ZEROS = 5


class Reconciler:
    """Runs every rule for the period and cut-off of a :class:`Computer`."""

    def __init__(self, computer: Computer) -> None:
        """Judge the figures of *computer*."""
        self.computer = computer
        self.engine: Engine = computer.engine
        self.store = computer.store

    def run(self) -> list[Finding]:
        """Judge all rules, in the order of the definitions, then the standing ones."""
        role = self.store.meta("role")
        out = [f for check in self.store.catalogue.checks if check.role in ("", role) for f in self._one(check)]
        return [*out, self._zeros(), *standing.run(self.computer)]

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
        # Typed 往期数 have no parts and no records: a rule that read them would stop the first year's papers.
        value: Value = self.computer.value(FigureId(name), window, records_only=True)
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
        held = self.store.con.value(f"select ({check.expr})", numbers)
        holds = held is None or bool(held)
        records = () if holds else self._broken(check) if check.of else culprits(self.engine, check.expr, window)
        return self._say(check, holds, texts, records)

    def _parts(self, check: Check) -> Finding:
        figure, dim = check.by
        window = self._window(check)
        total, text = self._number(figure, window)
        f = self.engine.figure(figure)
        groups = self.engine.groups(FigureId(figure), window, dim)
        parts = sum((g.total or 0) if f.value else g.units for g in groups.values())
        holds = parts <= (total or 0) if check.level == "note" else parts == (total or 0)
        records = () if holds or check.level == "note" else torn(self.engine, FigureId(figure), window, dim)
        return self._say(check, holds, {figure: text}, records)

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
        records = self._broken(check)
        return self._say(check, not records, {}, records)

    def _broken(self, check: Check) -> tuple[dict[str, Any], ...]:
        """The records that a rule's own condition names."""
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
        return named(engine.evidence(FigureId(figure.id), self.computer.windows.current))

    def _say(
        self,
        check: Check,
        holds: bool,  # noqa: FBT001 - the verdict itself
        texts: Mapping[str, str],
        records: tuple[dict[str, Any], ...] = (),
    ) -> Finding:
        message = check.title if holds else check.message.format(**texts) if texts else check.message
        return Finding(check.id, check.level, "pass" if holds else "fail", message, records, tuple(texts))

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
        message = _("本期为 0 而上期不为 0：{names}。").format(names=names) if names else _("没有骤减为 0 的指标")
        return Finding("R18", "warn", "fail" if names else "pass", message)


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
