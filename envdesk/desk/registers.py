"""The groups of the rail and their forms: derived from what a form includes, so that a new form finds its place."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.desk.office import Desk
from envdesk.formdef.model import Form
from envdesk.i18n import N_

#: Group id → title, in the order of the rail.
TITLES = {
    "inspections": N_("检查巡查"),
    "complaints": N_("投诉信访"),
    "rectify": N_("整改执法"),
    "ledgers": N_("台账报表"),
}
#: Form group (TOML ``group``) → rail group; the rest goes to the ledgers, small lists to none.
_GROUPS = {"投诉督察": "complaints", "整改执法": "rectify", "基础名单": ""}
#: The view over the sheets of all visits.
ALL_VISITS = "visit"
OUTINGS = "outing"


@dataclass(frozen=True, slots=True)
class Register:
    """One group of the rail: its title (source text, shown through ``_``) and the forms in it."""

    id: str
    title: str
    forms: tuple[Form, ...]


def group_of(form: Form) -> str:
    """Return the rail group of a form ("" = none: shared, small lists, the subjects)."""
    if form.kind != "record" or form.id == "subject":
        return ""
    if OUTINGS in form.blocks or OUTINGS in form.parents:
        return "inspections"
    return _GROUPS.get(form.group, "ledgers")


def registers(desk: Desk) -> tuple[Register, ...]:
    """Return the groups of the rail with their forms."""
    found: dict[str, list[Form]] = {name: [] for name in TITLES}
    for form in desk.catalogue.forms.values():
        if group := group_of(form):
            found[group].append(form)
    return tuple(Register(name, TITLES[name], tuple(forms)) for name, forms in found.items())


def small_lists(desk: Desk) -> tuple[Form, ...]:
    """Return the small lists (people, grids, terms …) and what the settings page keeps."""
    return tuple(f for f in desk.catalogue.forms.values() if f.kind != "shared" and f.group == "基础名单")
