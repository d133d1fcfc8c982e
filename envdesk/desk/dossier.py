"""一企一档: what happened at a subject, for its paper: figures and months of the last year, everything since the beginning.

Of a complaint only number, date and type are told, never what was written or where (domain.md §10.14).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from envdesk.desk.office import Desk
from envdesk.desk.words import cell, state_chip
from envdesk.figures.numbers import rate_text
from envdesk.formdef.model import Form
from envdesk.formdef.types import money_text
from envdesk.i18n import _
from envdesk.store import lists, query, related

if TYPE_CHECKING:
    from envdesk.reports.document import Band, MonthBars, Step, Timeline

MONTHS = 12
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """What a dossier tells: the words over the figures, figures, months, and everything that happened."""

    span: str
    band: Band
    months: MonthBars
    timeline: Timeline


def story(desk: Desk, rec: str) -> Story:
    """Read the story of a subject as of today."""
    from envdesk.reports.document import Band, MonthBars, Timeline

    store, today = desk.store, desk.clock.today()
    keys = [*related.about(store, rec), *related.in_rows(store, rec)]
    rows = lists.rows(store, keys, ["state"])
    done = {r["id"]: r for r in rows if r["form"] == "rectification"}
    teller = _Teller(desk, rec, done)
    subject = query.fetch(store, desk.catalogue.form("subject"), rec)
    steps = [step for row in rows for step in teller.tell(row)] + teller.changes(subject)
    told = sorted((s for s in steps if s.day and s.day <= today.isoformat()), key=lambda s: s.day, reverse=True)
    months = _months(today)
    start = f"{months[0][0]}-{months[0][1]:02}-01"
    visits = [day for _visit, day in related.visits(store, rec, start, today.isoformat())]
    visits += [s.day for s in told if s.kind == _("巡查") and s.day >= start]  # an outfall is patrolled, not visited
    found = [(str(r["visit_date"]), f) for r in rows for f in r.get("findings") or () if r.get("visit_date")]
    found = [(day, f) for day, f in found if start <= day <= today.isoformat()]
    orders = [r for r in rows if r["form"] == "work_order" and start <= str(r["received_at"]) <= f"{today}T99"]
    fixed = sum(teller.fixed(day, f) for day, f in found)
    closed = sum(1 for r in orders if r.get("state") in ("已办结", "已合并"))
    band = Band((
        (str(len(visits)), _("次"), _("检查")), (str(len(found)), _("个"), _("发现问题")), (str(fixed), _("个"), _("已整改")),
        (rate_text(fixed, len(found)), "", _("整改完成率")), (str(len(orders)), _("件"), _("收到工单")),
        (rate_text(closed, len(orders)), "", _("工单办结率")),
    ))  # fmt: skip
    first, last = months[0], months[-1]
    return Story(
        _("近12个月情况（{y1}年{m1}月至{y2}年{m2}月）").format(y1=first[0], m1=first[1], y2=last[0], m2=last[1]),
        band,
        MonthBars(
            months,
            ((_("检查（次）"), _counted(months, visits)), (_("问题（个）"), _counted(months, (d for d, _f in found)))),
            (_("收到工单"), _counted(months, (str(r["received_at"]) for r in orders))),
        ),
        Timeline(tuple(told)),
    )


def _months(today: date) -> tuple[tuple[int, int], ...]:
    last = today.year * 12 + today.month - 1
    return tuple((n // 12, n % 12 + 1) for n in range(last - MONTHS + 1, last + 1))


def _counted(months: Sequence[tuple[int, int]], days: Iterable[str]) -> tuple[int, ...]:
    names = [day[:7] for day in days]
    return tuple(names.count(f"{year}-{month:02}") for year, month in months)


class _Teller:
    """Words the lines of the timeline."""

    def __init__(self, desk: Desk, subject: str, rectifications: Mapping[str, Row]) -> None:
        self.desk, self.subject = desk, subject
        self.rectifications = rectifications
        self.makers: dict[str, Callable[[Form, Row], list[Step]]] = {
            "rectification": self._rectification, "work_order": self._order, "enforcement_case": self._case,
            "solid_waste_declaration": self._declaration, "sanluanwu": self._clearing,
            "outfall_patrol": self._patrol,
        }  # fmt: skip

    def tell(self, row: Row) -> list[Step]:
        """Return the lines of one record."""
        form = self.desk.catalogue.forms[row["form"]]
        maker = self.makers.get(form.id) or (self._visit if "visit" in form.parents else self._other)
        return maker(form, row)

    def _step(self, day: Any, mark: Any, kind: str, what: str, result: str = "") -> Step:
        from envdesk.reports.document import Step

        return Step(str(day or "")[:10], mark, kind, what, result)

    def _words(self, form: Form, key: str, value: Any) -> str:
        return cell(form.field(key), value, {}) if form.has(key) else ""

    # ---- inspections
    def _visit(self, form: Form, row: Row) -> list[Step]:
        found = row.get("findings") or ()
        kind = _("复查") if row.get("visit_kind") == "复查" else _("帮扶") if form.id == "assistance" else _("检查")
        source = self._words(form, "source", row.get("source"))
        what = f"{form.title}{row['record_no']}" + (f"（{source}）" if source and source != "日常检查" else "")
        result = self._words(form, "result", row.get("result"))
        if found:
            actions = "、".join(dict.fromkeys(str(f["action"]) for f in found if f.get("action")))
            result = _("发现{count}个问题").format(count=len(found)) + (f"，{actions}" if actions else "")
        return [self._step(row["visit_date"], "found" if found else "done", kind, what, result)]

    def fixed(self, day: str, finding: Row) -> bool:
        """True when a finding of *day* has been fixed by today."""
        today = self.desk.clock.today().isoformat()
        linked = self.rectifications.get(str(finding.get("rect_id")), {})
        at = finding.get("fixed_at") or (day if finding.get("action") == "现场督促立行立改" else None)
        at = at or (linked.get("verify_date") if linked.get("verify_result") == "已整改" else None)
        return bool(at) and str(at) <= today

    def _rectification(self, form: Form, row: Row) -> list[Step]:
        number = row["record_no"]
        doc = self._words(form, "doc", row.get("doc"))
        due = _("限{day}前完成").format(day=row["due"]) if row.get("due") else ""
        what = _("整改交办{number}").format(number=number) + (f"（{doc}）" if doc else "")
        out = [self._step(row["issued_at"], "found", _("整改"), what, due)]
        if row.get("verify_date"):
            words = [self._words(form, k, row.get(k)) for k in ("verify_result", "next")]
            fixed = row.get("verify_result") == "已整改"
            result = "，".join(w for w in words if w)
            what = _("整改交办{number}复查").format(number=number)
            out.append(self._step(row["verify_date"], "done" if fixed else "found", _("复查"), what, result))
        return out

    def _patrol(self, form: Form, row: Row) -> list[Step]:
        out = []
        for line in row.get("outfalls") or ():
            if line.get("outfall_id") == self.subject:
                flow = str(line.get("flow") or "")
                back = bool(line.get("rebound"))
                result = flow + (_("，返弹") if back else "")
                bad = back or flow in ("疑似污水", "黑臭")
                out.append(
                    self._step(
                        row["date"], "found" if bad else "done", _("巡查"), f"{form.title}{row['record_no']}", result
                    )
                )
        return out

    # ---- complaints: number, day and type
    def _order(self, form: Form, row: Row) -> list[Step]:
        number = (
            "-".join(str(row[k]) for k in ("source", "order_no") if row.get(k))
            if row.get("order_no")
            else row["record_no"]
        )
        pollution = self._words(form, "pollution", row.get("pollution"))
        name = f"{number}（{pollution}）" if pollution else str(number)
        signed = str(row.get("signed_at") or "")[:10]
        day = str(row["received_at"])[:10]
        result = "" if not signed else _("当日签收") if signed == day else _("{day}签收").format(day=signed)
        out = [self._step(day, "order", _("工单"), _("收到{name}").format(name=name), result)]
        if row.get("closed_at"):
            words = [self._words(form, k, row.get(k)) for k in ("close_type", "verdict")]
            out.append(self._step(row["closed_at"], "order", _("工单"), name, "，".join(w for w in words if w)))
        return out

    # ---- cases and ledgers
    def _case(self, form: Form, row: Row) -> list[Step]:
        number = row.get("case_no") or row["record_no"]
        out = []
        if row.get("clue_at"):
            out.append(
                self._step(
                    row["clue_at"],
                    "found",
                    _("执法"),
                    _("线索移交{number}").format(number=row["record_no"]),
                    str(row.get("clue_to") or ""),
                )
            )
        if row.get("filed_at"):
            out.append(
                self._step(
                    row["filed_at"],
                    "found",
                    _("执法"),
                    _("立案{number}").format(number=number),
                    str(row.get("cause") or ""),
                )
            )
        if row.get("decided_at"):
            fine = row.get("fine_fen")
            result = self._words(form, "decision", row.get("decision")) + (
                _("，罚款{sum}元").format(sum=money_text(fine)) if fine else ""
            )
            out.append(
                self._step(
                    row["decided_at"],
                    "found",
                    _("执法"),
                    _("决定{number}").format(number=row.get("decision_no") or number),
                    result,
                )
            )
        return out

    def _declaration(self, form: Form, row: Row) -> list[Step]:
        what = _("{year}年度固体废物申报（{kind}）").format(
            year=row.get("year"), kind=self._words(form, "kind", row.get("kind"))
        )
        return [self._step(row.get("declared_at"), "done", _("申报"), what, str(row.get("state") or ""))]

    def _clearing(self, form: Form, row: Row) -> list[Step]:
        action = self._words(form, "action", row.get("action"))
        out = [self._step(row["found_date"], "found", _("整治"), f"{form.title}{row['record_no']}", action)]
        if row.get("verify_date"):
            what = _("{form}{number}验收").format(form=form.title, number=row["record_no"])
            out.append(self._step(row["verify_date"], "done", _("整治"), what, _("销号")))
        return out

    def _other(self, form: Form, row: Row) -> list[Step]:
        state = state_chip(form, row) if form.states else None
        return [
            self._step(
                row.get(form.date), "done", _("其他"), f"{form.title}{row['record_no']}", state.word if state else ""
            )
        ]

    def changes(self, subject: Row) -> list[Step]:
        """Return the changes of the subject itself: taken up, stopped, closed, moved."""
        form = self.desk.catalogue.form("subject")
        out = [self._step(subject.get("register_from"), "done", _("建档"), _("纳入监管对象台账"), "")]
        log = list(subject.get("status_log") or ())[1:]
        out += [
            self._step(n.get("from"), "done", _("状态"), _("状态变更"), self._words(form, "status", n.get("status")))
            for n in log
        ]
        return out
