"""Before a paper leaves the office it is searched for the person who complained (domain.md §6, §10.14).

The orders that lie behind a record are followed (visit, rectification, case); their complainant's name and phone stop the
print, the place they told is pointed out, and so is whatever looks like a phone or an identity number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envdesk.desk.office import Desk
from envdesk.desk.privacy import IDENTITY, PHONE
from envdesk.errors import refuse
from envdesk.formdef.model import Form
from envdesk.formdef.types import mask
from envdesk.i18n import _
from envdesk.store import query, related

ORDER = "work_order"
#: So many records are followed from one to the next.
DEEP = 4
SHORTEST, SHORTEST_PLACE = 2, 6
_KINDS = {"name": "姓名", "phone": "电话", "address": "住址"}


def look_over(desk: Desk, form: Form, row: Mapping[str, Any], text: str) -> tuple[str, ...]:
    """Search the words of a paper that goes to others.

    Args:
        desk: the open desk.
        form: form of the record printed.
        row: the record.
        text: everything the paper says.

    Returns:
        What a person should look at before handing it over.

    Raises:
        Refused: ``outside_names``: it names the person who complained.
    """
    plain = "".join(text.split())
    notes: list[str] = []
    order_form = desk.catalogue.forms.get(ORDER)
    for order in linked_orders(desk, form, row) if order_form is not None else ():
        for f in order_form.fields if order_form is not None else ():
            secret = "".join(str(order.get(f.key) or "").split())
            if f.secret and f.pii and len(secret) >= SHORTEST and secret in plain:
                number = str(order.get("order_no") or order["record_no"])
                raise refuse(
                    "outside_names", number=number, what=_KINDS.get(f.pii, f.label), label=_where(form, row, secret)
                )
        place = str(order.get("location") or "").strip()
        if len(place) >= SHORTEST_PLACE and place in plain and place not in _own_places(desk, row):
            notes.append(_("单据里有工单反映的地点“{place}”，交给外单位前请核对是否会暴露诉求人。").format(place=place))
    known = "".join(_phones(desk, form, row))
    for pattern, kind in ((PHONE, "phone"), (IDENTITY, "text")):
        for found in dict.fromkeys(m[0] for m in pattern.finditer(text)):
            if "".join(c for c in found if c.isalnum()) not in known:
                shown = mask(kind, found)
                notes.append(_("单据里有像电话或证件号的号码（{number}），请核对后再交出。").format(number=shown))
    return tuple(notes)


def linked_orders(desk: Desk, form: Form, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the orders behind a record: its own, those of the records it came from, and of the visit."""
    store, out = desk.store, {}
    queue, seen = [(form, dict(row))], set[str]()
    for _step in range(DEEP * 4):
        if not queue:
            break
        at, values = queue.pop(0)
        if values["id"] in seen:
            continue
        seen.add(values["id"])
        if at.id == ORDER:
            out[values["id"]] = values
        for f in at.fields:
            value = values.get(f.key)
            if not isinstance(value, str) or not value:
                continue
            target = f.ref if f.type == "ref" and f.ref in (ORDER, "rectification", "enforcement_case") else ""
            if f.check == "record":
                target = related.form_of(store, value)
            if target:
                other = desk.catalogue.forms[target]
                queue.append((other, query.fetch(store, other, value)))
    return list(out.values())


def _where(form: Form, row: Mapping[str, Any], secret: str) -> str:
    """Label of the field whose text holds it."""
    for f in form.fields:
        value = row.get(f.key)
        if isinstance(value, str) and secret in "".join(value.split()):
            return f.label
        if f.type == "rows" and any(secret in "".join(str(v).split()) for r in value or () for v in r.values()):
            return f.label
    return form.title


def _subject(desk: Desk, row: Mapping[str, Any]) -> Mapping[str, Any]:
    rec = row.get("subject_id")
    return query.fetch_own(desk.store, desk.catalogue.form("subject"), str(rec)) if rec else {}


def _own_places(desk: Desk, row: Mapping[str, Any]) -> str:
    subject = _subject(desk, row)
    return f"{subject.get('address') or ''}{subject.get('name') or ''}"


def _phones(desk: Desk, form: Form, row: Mapping[str, Any]) -> list[str]:
    """Numbers that belong on the paper: those of the subject, codes and numbers of the record itself."""
    subject = _subject(desk, row)
    shown = [row.get(f.key) for f in form.fields if f.type == "text" and not f.secret]
    shown += [v for k, v in subject.items() if k in ("phone", "pm_phone", "usc_code", "permit_no")]
    return ["".join(c for c in str(v) if c.isalnum()) + " " for v in shown if v]
