"""The first start: three answers make the office's file, or a sample office is made to try the program with.

The file is made beside its place under another name and put there when it is whole: half an office is never left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from envdesk.clock import Clock
from envdesk.desk import demo, office, records
from envdesk.errors import Problem, Refused, problem
from envdesk.formdef.model import Catalogue
from envdesk.i18n import N_, _
from envdesk.present import unlock
from envdesk.store import account

OFFICE, DISTRICT, PEOPLE, GRIDS = "office", "district", "people", "grids"
PASS, AGAIN = "passphrase", "again"
STREET, ROLES = "street", {"street": N_("街道、镇"), "district": N_("区、县")}
"""Who works with the file: one that registers, or one that merges what those report."""
MOST_NAME = 50
SAMPLE_RECORDS = 2_000
SAMPLE = "样例"
_PARTS = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed; people and grids as lines of text; ``role`` is one of :data:`ROLES`."""

    office: str
    district: str = ""
    people: str = ""
    grids: str = ""
    passphrase: str = ""
    again: str = ""
    role: str = STREET


@dataclass(frozen=True, slots=True)
class Made:
    """The new file, who works with it (the first of the people), and its key (None = not encrypted)."""

    path: Path
    operator: str
    people: int = 0
    grids: int = 0
    office: str = ""
    key: bytes | None = None


def lines(text: str) -> list[tuple[int, list[str]]]:
    """Return the parts of each line that is not empty, with its number from 1."""
    split = [(n, [p for p in _PARTS.split(line) if p]) for n, line in enumerate(text.splitlines(), 1)]
    return [(n, parts) for n, parts in split if parts]


def check(answers: Answers, catalogue: Catalogue | None = None) -> list[Problem]:
    """Return what is wrong with the answers, by question; ``index`` is the line, from 0."""
    found: list[Problem] = []
    if not answers.office.strip():
        found.append(problem("required", field=OFFICE, label=_("单位名称")))
    elif len(answers.office.strip()) > MOST_NAME:
        found.append(
            problem("too_long", field=OFFICE, label=_("单位名称"), limit=MOST_NAME, length=len(answers.office.strip()))
        )
    if not lines(answers.people):
        found.append(Problem("required", _("至少写一个人，第一个是在这台电脑上登记的人。"), field=PEOPLE))
    found += _roles(answers, catalogue)
    if answers.passphrase and len(answers.passphrase.strip()) < unlock.LEAST:
        words = _("口令至少 {count} 个字。").format(count=unlock.LEAST)
        found.append(Problem("passphrase_short", words, field=PASS))
    elif answers.passphrase != answers.again:
        found.append(Problem("passphrase_differs", _("两次写的口令不一样。"), field=AGAIN))
    for key, text in ((PEOPLE, answers.people), (GRIDS, answers.grids)):
        found += _twice(key, text)
    return found


def _roles(answers: Answers, catalogue: Catalogue | None) -> Iterator[Problem]:
    known = [c.code for c in catalogue.forms["person"].field("role").choices] if catalogue is not None else []
    for n, parts in lines(answers.people):
        if len(parts) > 2:
            yield _at(PEOPLE, n, _("一行写一个人：姓名，空格，岗位。"))
        elif known and len(parts) == 2 and parts[1] not in known:
            yield _at(
                PEOPLE, n, _("没有“{role}”这个岗位，可以写 {known}。").format(role=parts[1], known="、".join(known))
            )


def _twice(key: str, text: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, parts in lines(text):
        if parts[0] in seen:
            yield _at(key, n, _("“{name}”写了两次，同名的写成 李敏(证号)。").format(name=parts[0]))
        if len(parts[0]) > MOST_NAME:
            yield _at(key, n, _("名称最多 {limit} 个字。").format(limit=MOST_NAME))
        seen.add(parts[0])


def _at(key: str, line: int, words: str) -> Problem:
    return Problem("bad_line", _("第 {line} 行：{words}").format(line=line, words=words), field=key, index=line - 1)


def make(path: Path, answers: Answers, forms: Iterable[Path] = (), *, clock: Clock | None = None) -> Made:
    """Make the office's file.

    Raises:
        Refused: an answer is wrong (its problems name the question), or the file cannot be made.
    """
    forms = tuple(forms)
    catalogue = office.load_forms(path, forms)
    wrong = check(answers, catalogue)
    if wrong:
        raise Refused("answers", {}, wrong)
    people, grids = lines(answers.people), lines(answers.grids)
    operator = people[0][1][0]
    key = unlock.new_key(answers.passphrase) if answers.passphrase else None
    with _under_another_name(path) as part:
        office.init(
            part, office=answers.office.strip(), district=answers.district.strip(), role=answers.role,
            operator=operator, forms=forms, clock=clock, key=key,
        )  # fmt: skip
        with office.opened(part, operator=operator, forms=forms, key=key) as desk:
            if clock is not None:
                desk.store.clock = clock
            staff = [{"name": parts[0]} | ({"role": parts[1]} if len(parts) > 1 else {}) for _n, parts in people]
            _put(desk, "person", staff, PEOPLE, [n for n, _parts in people])
            _put(desk, "grid", [{"name": " ".join(parts)} for _n, parts in grids], GRIDS, [n for n, _parts in grids])
    if key is not None:
        account.keep(path, key)
    return Made(path, operator, len(people), len(grids), answers.office.strip(), key)


def _put(desk: office.Desk, form: str, objects: list[dict[str, str]], key: str, numbers: list[int]) -> None:
    if not objects:
        return
    outcome = records.add(desk, form, [{"warnings": "accept", **o} for o in objects]).value
    if outcome.refused:
        wrong = [p for p in outcome.problems if p.severity != "hint"]
        placed = [_at(key, numbers[p.index or 0], p.message) for p in wrong]
        raise Refused("answers", {}, placed)


@contextmanager
def _under_another_name(path: Path) -> Iterator[Path]:
    """Give the name to make a file under; it gets its own when nothing went wrong, else it is gone."""
    if path.exists():
        raise Refused("db_exists", {"path": str(path)})
    part = path.with_name(f"{path.stem}.new{path.suffix}")
    _forget(part)
    try:
        yield part
        part.replace(path)
    finally:
        _forget(part)


def _forget(part: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal", ".lock"):
        part.with_name(part.name + tail).unlink(missing_ok=True)


def make_sample(
    folder: Path,
    forms: Iterable[Path] = (),
    *,
    report: Callable[[int, int], None] | None = None,
    clock: Clock | None = None,
) -> Made:
    """Make a sample office up to today, or take the one that was made this month."""
    today = (clock or Clock()).today()
    there = sorted(folder.glob(f"{SAMPLE}台账-{today:%Y-%m}-*.envdesk"))
    if there:
        return Made(there[-1], SAMPLE)
    path = folder / f"{SAMPLE}台账-{today:%Y-%m-%d}.envdesk"
    with _under_another_name(path) as part:
        demo.build_demo(
            part, office.load_forms(path, forms), seed=1, until=today, records=SAMPLE_RECORDS, progress=report
        )
    return Made(path, SAMPLE)


def place(problems: Iterable[Problem]) -> dict[str, Problem]:
    """Return the first problem of each question."""
    found: dict[str, Problem] = {}
    for p in problems:
        found.setdefault(p.field or OFFICE, replace(p))
    return found
