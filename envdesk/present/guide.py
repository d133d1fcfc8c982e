"""The guided first record: which step is next, told from what was typed and what is said about it; then where it is.

Nothing here knows a form: the steps come from the definition (a record it refers to, what must be filled in), so a form
of the office's own is guided as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from envdesk.desk.office import Desk
from envdesk.desk.registers import TITLES, group_of
from envdesk.errors import Problem
from envdesk.formdef.model import Catalogue, Field, Figure, Form
from envdesk.i18n import N_, _, plural
from envdesk.present.form_session import FormSession, key_of
from envdesk.present.picker import asks_on_the_spot
from envdesk.store import query

ABOUT, MUST, LOOK, SAVE = "about", "must", "look", "save"
TITLES_OF = {ABOUT: N_("选{label}"), MUST: N_("填必填项"), LOOK: N_("看提示"), SAVE: N_("保存")}
NAMED = 3
"""Labels of missing fields in a sentence."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the session does not know.

    Attributes:
        said: problems that stand beside fields now.
        names: names of the records referred to, by id; a name that is no key of it was typed and not found yet.
        at: key of the field with the cursor.
        making: the panel that makes a record on the spot is open.
        asking: saving again acknowledges the warnings.
        met: something was wrong or worth a look before: the step stays, ticked.
    """

    said: Sequence[Problem] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    making: bool = False
    asking: bool = False
    met: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``done`` while what it asks for is there."""

    id: str
    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """The steps, the one to take now, what to do in a sentence, and the field it is about ("" = none)."""

    steps: tuple[Step, ...]
    at: int
    words: str
    field: str = ""

    @property
    def step(self) -> Step:
        """The step to take now."""
        return self.steps[self.at]

    @property
    def count(self) -> str:
        """第 2 步，共 4 步."""
        return count_words(self.at + 1, len(self.steps))


def count_words(at: int, of: int) -> str:
    """第 2 步，共 4 步."""
    return _("第 {at} 步，共 {of} 步").format(at=at, of=of)


def offered(catalogue: Catalogue) -> tuple[Form, ...]:
    """The forms offered for the first record; inspections first, as in the rail."""
    order = list(TITLES)
    found = [f for f in catalogue.forms.values() if f.often and group_of(f)]
    return tuple(sorted(found, key=lambda f: order.index(group_of(f))))


def guides(session: FormSession) -> bool:
    """Tell whether this is a record the guide goes along with: a new one that is registered."""
    return not session.rec and bool(group_of(session.form))


# ---- steps ---------------------------------------------------------------------------------------------------------
def guide(session: FormSession, seen: Seen) -> Guide:
    """Say which step is next."""
    about, missing = _about(session), _missing(session)
    chosen = about is None or str(session.values.get(about.key) or "") in seen.names
    left = [k for k in missing if about is None or k != about.key]
    ruled = _ruled(session)
    wrong = [p for p in seen.said if p.severity == "error" and not _awaited(p, about)]
    warned = [p for p in seen.said if p.severity == "warning"]
    done = {ABOUT: chosen, MUST: not left and not ruled, LOOK: not wrong and (seen.asking or not warned), SAVE: False}
    ids = [i for i in done if (i != ABOUT or about) and (i != LOOK or wrong or warned or seen.met)]
    steps = tuple(Step(i, _(TITLES_OF[i]).format(label=about.label if about else ""), done[i]) for i in ids)
    now = LOOK if wrong else next(s.id for s in steps if not s.done)
    if now == ABOUT and about is not None:
        words, key = _about_words(session, about, seen), about.key
    elif now == MUST:
        words, key = (_must_words(session, left), left[0]) if left else (ruled[0].message, key_of(ruled[0]))
    elif now == LOOK:
        words, key = _look_words(wrong, warned), key_of((wrong or warned)[0])
    else:
        words, key = _save_words(asking=seen.asking and bool(warned)), ""
    return Guide(steps, ids.index(now), words, key)


def _awaited(p: Problem, about: Field | None) -> bool:
    """Empty is not wrong yet; a name that is not there is what the step about it speaks of."""
    return p.code == "required" or (about is not None and key_of(p) == about.key)


def _keys(form: Form) -> Iterable[str]:
    return (k for section in form.sections for k in section.keys)


def _about(session: FormSession) -> Field | None:
    """The record it is about: the first that must be named."""
    fields = (session.form.field(k) for k in _keys(session.form) if k not in session.hidden)
    must = (f for f in fields if f.type == "ref" and f.required == "always" and f.required_severity == "error")
    return next(must, None)


def _missing(session: FormSession) -> list[str]:
    """Keys of what must be filled in and is not, in the order of the form."""
    empty = {key_of(p) for p in session.problems() if p.code == "required" and p.severity == "error"}
    known = [k for k in dict.fromkeys(_keys(session.form)) if k in empty]
    return [*known, *sorted(empty - set(known))]


def _ruled(session: FormSession) -> list[Problem]:
    """What a rule asks for in a field that is empty: said beside it when saving is tried, here before."""
    rules = (p for p in session.problems() if p.severity == "error" and p.code.startswith("rule:"))
    return [p for p in rules if not session.raw.get(key_of(p))]


def _about_words(session: FormSession, about: Field, seen: Seen) -> str:
    if seen.making:
        return _("补齐新建的这几项：按 Enter 一项项走，最后一项按 Enter 就建好，接着往下填。")
    makes = asks_on_the_spot(session.desk.catalogue, about.ref)
    if not session.raw.get(about.key):
        words = _("在“{label}”里打名称的几个字。").format(label=about.label)
        keys = list(_keys(session.form))
        if seen.at in keys and keys.index(seen.at) < keys.index(about.key):
            here = session.form.field(seen.at).label
            words = _("“{here}”填好或空着，按 Enter 往下走，到“{label}”打名称的几个字。")
            if any(p.severity == "error" for p in session.problems_at(seen.at)):
                words = _("“{here}”填好，按 Enter 往下走，到“{label}”打名称的几个字。")
            words = words.format(here=here, label=about.label)
        return words + (_("名单里还没有，打全名当场新建。") if makes else "")
    if makes:
        return _("名单里有就用 ↓ 选它按 Enter；没有就选“新建”那一行按 Enter，当场建好。")
    return _("用 ↓ 在名单里选一个，按 Enter。")


def _must_words(session: FormSession, left: Sequence[str]) -> str:
    form = session.form
    fields = [form.field(k) for k in left if form.has(k)]
    count = plural("还差 {count} 项必填。", len(left))
    if fields and fields[0].checklist and fields[0].choices:
        word = fields[0].choices[0].label
        return count + _("逐条按 1、2、3 选，Ctrl+0 把没选的都选成“{word}”。").format(word=word)
    labels = "、".join(f.label for f in fields[:NAMED] if not f.checklist)
    more = _("等") if len(left) > NAMED else ""
    names = _("有 * 的：{labels}。").format(labels=labels + more) if labels else ""
    return count + names + _("填好一项按 Enter 到下一项。")


def _look_words(wrong: Sequence[Problem], warned: Sequence[Problem]) -> str:
    if wrong:
        return _("有红字的要改好才能保存：{message}").format(message=wrong[0].message)
    count = plural("有 {count} 处提醒（黄字），看过没错可以不改：", len(warned))
    return count + _("按 Ctrl+S，再按一次就是确认。")


def _save_words(*, asking: bool) -> str:
    if asking:
        return _("再按一次 Ctrl+S，确认提醒并保存。")
    return _("必填的都有了，其余的有就填，没有可空。按 Ctrl+S 保存。")


# ---- where it is now -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Saved:
    """Where a saved record is: its number, register, and the figure of the month that counts it ("" = none does)."""

    form: str
    rec: str
    number: str
    group: str
    period: str = ""
    figure: str = ""
    counted: str = ""

    @property
    def words(self) -> str:
        """What is said of it in two sentences."""
        said = _("{number} 登记好了，在“{group}”的台账里。").format(number=self.number, group=_(TITLES[self.group]))
        return said + (_("报表里已经数进：{counted}。").format(counted=self.counted) if self.figure else "")


def saved(desk: Desk, form_id: str, rec: str) -> Saved:
    """Say where a record is that was just saved."""
    from envdesk.desk.figures import computer  # a first record only: nobody else waits for it
    from envdesk.figures.engine import FigureId
    from envdesk.figures.period import month_of
    from envdesk.present.today.month import FIGURES

    named = {name: title for name, title, _note in FIGURES}  # 收到工单: 收到 alone says too little outside its table
    form = desk.catalogue.forms[form_id]
    row = query.fetch(desk.store, form, rec)
    made = Saved(form_id, rec, str(row.get("record_no") or form.title), group_of(form))
    day = str(row.get(form.date) or "")[:10] if form.date else ""
    if not day:
        return made
    month = month_of(date.fromisoformat(day))
    calc = computer(desk, month.text)
    for figure in _candidates(desk.catalogue, form):
        fid = FigureId(figure.id)
        if not calc.engine.reads(figure.id, form_id):
            continue
        if any(e.id == rec for e in calc.engine.evidence(fid, calc.windows.current)):
            value = calc.value(fid, calc.windows.current).text
            counted = _("{month}月{title} {value} {measure}").format(
                month=month.start.month,
                title=_(named.get(figure.id, figure.title)),
                value=value,
                measure=figure.measure,
            )
            return Saved(form_id, rec, made.number, made.group, month.text, figure.id, counted.strip())
    return made


def _candidates(catalogue: Catalogue, form: Form) -> Iterable[Figure]:
    """Counts a record may be in: the form's own, what 今日 shows, all others that count records; rates say too little."""
    from envdesk.present.today.month import FIGURES

    shown = [catalogue.figures[name] for name, _title, _note in FIGURES if name in catalogue.figures]
    known = (*shown, *catalogue.figures.values())
    plain = [f for f in known if not (f.share or f.ratio or f.value) and f.kind not in ("rate", "measured")]
    return sorted(plain, key=lambda f: (f.form != form.id, f not in shown))
