"""Forms in the version a record was written in: the file keeps the text of every version it ever used.

An old record is shown, checked and printed in its own version; it moves to the present one when an edit touches
something its version did not have.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from envdesk.formdef.live import Live
from envdesk.formdef.model import Form

if TYPE_CHECKING:
    from envdesk.formdef.loader import Source
    from envdesk.store.file import Store

#: Row of ``form_version`` that keeps blocks and choice lists.
SHARED = "_shared"


def form_at(store: Store, form_id: str, version: str) -> Form:
    """Return a form in one of its versions; the present one when that version is unknown to the file."""
    present = store.catalogue.forms[form_id]
    if version == present.version:
        return present
    key = ("form_at", form_id, version)
    if key not in store.cache:
        store.cache[key] = _compiled(store, form_id, version) or present
    found: Form = store.cache[key]
    return found


def _compiled(store: Store, form_id: str, version: str) -> Form | None:
    from envdesk.formdef.compile import Compiler  # here and below: a start compiles nothing
    from envdesk.formdef.loader import Issues

    own, _, shared = version.partition("-")
    text = store.con.value("SELECT text FROM form_version WHERE form = ? AND version = ?", (form_id, version))
    common = store.con.value("SELECT text FROM form_version WHERE form = ? AND version = ?", (SHARED, shared))
    if not own or text is None or common is None:
        return None
    sources = [_source(name, body) for name, body in json.loads(common)]
    issues = Issues()
    if form_id in {name for s in sources for name in s.data.get("block", {})}:
        return replace(Compiler(sources, issues).shared_form(form_id), version=version)
    source = _source(form_id, text)
    return replace(Compiler([*sources, source], issues).form(source), version=version)


def _source(name: str, text: str) -> Source:
    import tomllib

    from envdesk.formdef.loader import Source

    return Source(name, Path(f"{name}.toml"), text, tomllib.loads(text), {})


def live_for(store: Store, form: Form) -> Live:
    """The live layer in which *form* is judged: the store's own, or one that has this version of it."""
    if store.catalogue.forms.get(form.id) is form:
        return store.live
    key = ("live", form.id, form.version)
    if key not in store.cache:
        forms = {**store.catalogue.forms, form.id: form}
        store.cache[key] = Live(replace(store.catalogue, forms=forms))
    found: Live = store.cache[key]
    return found
