"""What is to be said about one street: its files, merged or looked at, form by form, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from envdesk.desk import district
from envdesk.desk.office import Desk
from envdesk.figures.period import range_of
from envdesk.i18n import N_, _, plural
from envdesk.present.merge_desk.streets import Street
from envdesk.present.merge_desk.trial import Trial, advice

#: What may become of records, in the order they are shown, and its word.
WORDS = {
    "new": N_("新增"), "updated": N_("更新"), "same": N_("无变化"), "superseded": N_("被取代"), "conflict": N_("冲突"),
    "decided": N_("冲突已定"), "gone": N_("已撤销"), "rejected": N_("拒绝"),
}  # fmt: skip
#: Which of two versions stands, seen from the file a receipt is of.
STANDS = {
    "this": N_("冲突已定，留下本文件的一份"), "other": N_("冲突已定，留下另一份，请照另一份改"),
    "back": N_("已退回，请街道核对后改正，重新上报"),
}  # fmt: skip
CODE = 12


@dataclass(frozen=True, slots=True)
class FormLine:
    """What became of the records of one form: (word, how many) for what there is."""

    form: str
    title: str
    numbers: Mapping[str, int]

    @property
    def total(self) -> int:
        """Records in the file."""
        return sum(n for state, n in self.numbers.items() if state != "gone")

    @property
    def words(self) -> str:
        """新增 268，更新 41."""
        return "，".join(f"{_(word)} {self.numbers[s]}" for s, word in WORDS.items() if self.numbers.get(s))


@dataclass(frozen=True, slots=True)
class FileDetails:
    """One file.

    Attributes:
        facts: (what, words): file, period, written, merged, code.
        remarks: sentences: what was left out, refused, decided.
        wrong, todo: why nothing can be taken from it and what to do, "" = it holds.
        trial: the file as looked at, None = it was merged.
        receipt: as ``receipt --json`` gives it.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    forms: tuple[FormLine, ...] = ()
    remarks: tuple[str, ...] = ()
    wrong: str = ""
    todo: str = ""
    trial: Trial | None = None
    receipt: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """A street and its files, those to be merged first."""

    street: Street
    files: tuple[FileDetails, ...]


def details(desk: Desk, street: Street) -> Details:
    """Return what there is to be said about a street."""
    files = [_tried(desk, t) for t in street.files]
    for package in street.packages:
        found = district.receipt_for(desk, package.sha256)
        if found is not None:
            files.append(_merged(desk, found))
    return Details(street, tuple(files))


def _tried(desk: Desk, found: Trial) -> FileDetails:
    r = found.receipt.as_dict()
    wrong, todo = advice(found)
    facts = [(_("文件"), found.path.name), *_facts(r)]
    remarks = list(_remarks(r, tried=True))
    if found.sealed:
        remarks.append(_("有记录在已月结的期间里，合并时要写原因。"))
    return FileDetails(found.path.name, tuple(facts), _forms(desk, r), tuple(remarks), wrong, todo, found)


def _merged(desk: Desk, r: Mapping[str, Any]) -> FileDetails:
    when = f"{_moment(r['at'])} {r['who']}"
    facts = [(_("文件"), str(r["file"])), *_facts(r), (_("合并"), when)]
    remarks = [*_remarks(r), *_decided(desk, r)]
    return FileDetails(str(r["file"]), tuple(facts), _forms(desk, r), tuple(remarks), receipt=r)


def _facts(r: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not r["created"]:
        return []
    span = _("全部")
    if r["start"]:
        span = range_of(date.fromisoformat(r["start"]), date.fromisoformat(r["end"])).title
    code = str(r["sha256"])[:CODE].upper()
    shown = "-".join(code[n : n + 4] for n in range(0, CODE, 4))
    return [(_("期间"), span), (_("写成"), _moment(r["created"])), (_("校验值"), shown)]


def _moment(text: str) -> str:
    """A moment in full: it stands on paper."""
    return text[:16].replace("T", " ")


def _forms(desk: Desk, r: Mapping[str, Any]) -> tuple[FormLine, ...]:
    forms = desk.catalogue.forms
    order = list(forms)
    held = [(f, n) for f, n in r["counts"].items() if f in forms and sum(n.values())]
    return tuple(FormLine(f, forms[f].title, n) for f, n in sorted(held, key=lambda item: order.index(item[0])))


def _remarks(r: Mapping[str, Any], *, tried: bool = False) -> list[str]:
    out = list(r["notes"])
    if r["rejected"]:
        out.append(plural("{count} 条属于别的单位，没有收。请街道核对单位代码。", r["rejected"]))
    if r["superseded"]:
        out.append(plural("{count} 条这里已有更新的一版，没有动。", r["superseded"]))
    if r["gone"]:
        out.append(plural("{count} 条街道已经撤销，这里作废。", r["gone"]))
    if tried and r["conflicts"]:
        out.append(plural("{count} 处与这里同版不同内容，合并后逐处定。", len(r["conflicts"])))
    return out


def _decided(desk: Desk, r: Mapping[str, Any]) -> list[str]:
    """What was decided, and what still waits."""
    out = []
    known = {d["id"]: d for d in r["decisions"]}
    numbers = {c["id"]: c["record_no"] for c in r["conflicts"]}
    for d in known.values():
        title = desk.catalogue.forms[d["form"]].title if d["form"] in desk.catalogue.forms else d["form"]
        name = f"{title} {numbers.get(d['id']) or ''}".strip()
        when = f"{_moment(d['at'])} {d['who']}"
        out.append(_("{name}：{what}。{when}").format(name=name, what=_(STANDS[d["stands"]]), when=when))
    for c in r["conflicts"]:
        if c["id"] not in known:
            fields = "、".join(c["fields"])
            title = desk.catalogue.forms[c["form"]].title if c["form"] in desk.catalogue.forms else c["form"]
            words = _("{name}：{fields}与另一份不同。")
            out.append(words.format(name=f"{title} {c['record_no']}".strip(), fields=fields))
    return out


def heads() -> Sequence[str]:
    """Words over the numbers of a receipt."""
    return [_("收到"), *(_(word) for word in WORDS.values())]


def numbers(line: FormLine) -> list[int]:
    """Numbers of a form under :func:`heads`."""
    return [line.total, *(line.numbers.get(state, 0) for state in WORDS)]
