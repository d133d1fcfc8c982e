"""The open desk: file, forms, settings, clock and operator, and how it is made, opened and closed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from envdesk import paths
from envdesk.clock import Clock
from envdesk.errors import guess, refuse
from envdesk.formdef.kept import load
from envdesk.formdef.model import Catalogue, SettingDef
from envdesk.formdef.types import read_date
from envdesk.store import file
from envdesk.store.file import Store, is_encrypted
from envdesk.store.settings import stored, write


@dataclass(frozen=True)
class Done:
    """What a verb did. ``changed`` names the kinds of records that pages may want to read again."""

    value: Any = None
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Desk:
    """An open office file with everything a verb needs."""

    store: Store
    catalogue: Catalogue
    clock: Clock
    operator: str

    @property
    def path(self) -> Path:
        """The data file."""
        return self.store.path


def load_forms(db: Path | None = None, more: Iterable[Path] = ()) -> Catalogue:
    """Load the program's forms, the office's own beside its file, and further folders."""
    own = db.parent / "forms" if db else None
    found = [paths.forms_dir(), *([own] if own is not None and own.is_dir() else []), *(Path(m) for m in more)]
    folders = list({folder.resolve(): folder for folder in found}.values())  # each once
    for folder in folders:
        if not folder.is_dir():
            raise refuse("bad_path", path=str(folder), detail="不是文件夹")
    return load(folders)


def clock_at(day: str = "") -> Clock:
    """A clock that stands still at a day (end of office hours), or the real one."""
    if not day:
        return Clock()
    found = read_date(day, date.today())  # noqa: DTZ011 - only to complete "10-9"
    if found is None:
        raise refuse("bad_date", label="--as-of", value=day)
    return Clock(datetime.combine(found, time(23, 59)))


def init(  # noqa: PLR0913
    path: Path,
    *,
    office: str,
    code: str = "",
    district: str = "",
    role: str = "street",
    desk: str = "",
    operator: str = "",
    forms: Iterable[Path] = (),
    key: bytes | None = None,
    clock: Clock | None = None,
) -> Done:
    """Make an office file: tables, holiday calendar, seed lists."""
    if desk and not re.fullmatch("[A-Z]", desk):
        raise refuse("bad_type", label="--desk", value=desk, expected="应为一个大写字母")
    catalogue = load_forms(path, forms)
    store = file.create(
        path, catalogue, office=office, code=code, district=district, role=role, desk=desk, who=operator, key=key,
        clock=clock,
    )  # fmt: skip
    with store:
        furnish(store)
    return Done(path, frozenset({"*"}))


def furnish(store: Store) -> None:
    """Fill a new file with what every office starts from, once."""
    if store.meta("furnished"):
        return
    from envdesk.store import calendar
    from envdesk.store.save import add

    with store.con.atomic():
        store.set_meta("furnished", "1")
        calendar.seed(store.con)
        for form in store.catalogue.forms.values():
            if form.seeds:
                outcome = add(store, form.id, [dict(s) | {"warnings": "accept"} for s in form.seeds], verb="init")
                if outcome.refused:
                    raise refuse("form_error", detail=f"{form.id}：{outcome.problems[0].message}")


@contextmanager
def opened(
    path: Path,
    *,
    operator: str = "",
    as_of: str = "",
    forms: Iterable[Path] = (),
    key_file: Path | None = None,
    key: bytes | None = None,
) -> Iterator[Desk]:
    """Open an office file for one piece of work; an encrypted one with its key, or with a file that holds it."""
    if not path.is_file():
        raise refuse("db_missing", path=str(path))
    catalogue = load_forms(path, forms)
    clock = clock_at(as_of)
    if key_file:
        from envdesk.store.crypt import load_key

        key = load_key(key_file, path)
    elif key is None and is_encrypted(path):
        from envdesk.store import account

        key = account.kept(path)
    store = file.open_store(path, catalogue, clock=clock, who=operator, key=key)
    with store:
        furnish(store)  # nothing to do but for a file whose making was cut short
        yield Desk(store, catalogue, clock, operator)


# ---- settings ----------------------------------------------------------------------------------------------------
def is_district(desk: Desk) -> bool:
    """True for the file of a district."""
    return desk.store.meta("role") == "district"


def setting(desk: Desk, key: str) -> str:
    """Return a setting's value (its default when unset)."""
    definition = _definition(desk, key)
    value = stored(desk.store, key)
    return str(definition.default if value is None else value)


def settings(desk: Desk) -> dict[str, str]:
    """Return all settings with their values."""
    return {key: setting(desk, key) for key in desk.catalogue.settings}


def set_setting(desk: Desk, key: str, value: str) -> Done:
    """Change a setting; the value is checked against its definition."""
    definition = _definition(desk, key)
    text = _checked(definition, value)
    write(desk.store, key, text)
    return Done(text, frozenset({"setting"}))


def _definition(desk: Desk, key: str) -> SettingDef:
    try:
        return desk.catalogue.settings[key]
    except KeyError:
        raise refuse("unknown_setting", key=key, guess=guess(key, list(desk.catalogue.settings))) from None


def _checked(definition: SettingDef, value: str) -> str:
    text = value.strip()
    if definition.choices and text not in definition.choices:
        raise refuse("bad_choice", label=definition.label, value=text, guess=guess(text, list(definition.choices)))
    if definition.type == "bool":
        if text.lower() not in ("1", "0", "true", "false", "是", "否"):
            raise refuse("bad_type", label=definition.label, value=text, expected="应为 是 或 否")
        return "1" if text.lower() in ("1", "true", "是") else "0"
    if definition.type == "int":
        if not re.fullmatch(r"-?\d+", text):
            raise refuse("bad_number", label=definition.label, value=text)
        if definition.min is not None and int(text) < definition.min:
            raise refuse("too_small", label=definition.label, limit=definition.min, value=text)
        if definition.max is not None and int(text) > definition.max:
            raise refuse("too_large", label=definition.label, limit=definition.max, value=text)
    if definition.type == "date" and text:
        found = read_date(text, desk_today())
        if found is None:
            raise refuse("bad_date", label=definition.label, value=text)
        return found.isoformat()
    return text


def desk_today() -> date:
    """Today, to complete a short date typed into a setting."""
    return Clock().today()


def import_calendar(desk: Desk, source: Path | str) -> Done:
    """Import a year of holidays (a file, or the text of a notice); provisional due dates are recomputed and listed."""
    from envdesk.store import calendar
    from envdesk.store.deadlines import recompute
    from envdesk.store.operations import operation
    from envdesk.store.save import Saver

    if isinstance(source, Path) and not source.is_file():
        raise refuse("file_missing", value=str(source))
    with operation(desk.store, "calendar") as op:
        years = calendar.import_year(desk.store.con, source)
        changed = recompute(Saver(op))
    doubts = calendar.doubts(desk.store.con, years)
    return Done({"years": years, "doubts": doubts, "changed": changed}, frozenset({"calendar"}))
