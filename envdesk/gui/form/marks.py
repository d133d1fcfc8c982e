"""How far each section is, as a shape and a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envdesk.gui.form.section_list import Mark
from envdesk.present.form_session import FormSession, key_of

if TYPE_CHECKING:
    from envdesk.gui.form.view import FormView


def section_marks(session: FormSession, view: FormView) -> list[Mark]:
    """Return the lines of the section list.

    A cross with the number of errors, a triangle with that of warnings; else a ring (nothing filled), a half disc
    (something that must be there is missing, or a checklist is not through) or a tick.
    """
    missing = {key_of(p) for p in session.problems() if p.severity == "error"}
    missing |= {f.key for f in session.form.fields if f.type == "ref" and _not_found(session.raw.get(f.key), view)}
    parts = {v.section.id: v for v in view.sections}
    out = []
    for state in session.sections():
        keys = state.section.keys
        errors = sum(1 for k in keys for p in view.found.get(k, ()) if p.severity == "error")
        warned = sum(1 for k in keys for p in view.found.get(k, ()) if p.severity == "warning")
        part = parts.get(state.section.id)
        items = part.items if part is not None else []
        answered = sum(1 for f in items if session.raw.get(f.key))
        count = f"{answered}/{len(items)}" if items else ""
        if errors:
            mark = ("cross", "red", str(errors))
        elif warned:
            mark = ("triangle", "amber", str(warned))
        elif items and answered < len(items):
            mark = ("half" if answered else "ring", "blue" if answered else "soft", count)
        elif missing & set(keys):
            mark = ("half" if state.filled else "ring", "blue" if state.filled else "soft", "")
        else:
            mark = ("check", "green", count) if state.filled else ("ring", "soft", "")
        out.append(Mark(state.section.id, state.section.title, *mark))
    return out


def _not_found(value: object, view: FormView) -> bool:
    """True while a name is typed that is no record yet."""
    return bool(value) and str(value) not in view.env.names
