"""The sheet of one record on paper: filled, blank to fill by hand, 一企一档 for a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from envdesk.desk.dossier import story
from envdesk.desk.office import Desk, Done, setting
from envdesk.desk.records import reveal_log
from envdesk.desk.reports import expect
from envdesk.formdef.model import Form
from envdesk.store import attachments, query
from envdesk.store.attachments import write_durably
from envdesk.store.reader import resolve
from envdesk.store.versions import form_at


def sheet(
    desk: Desk, form_id: str, rec: str, out: Path, *, blank: bool = False, reveal: bool = False, why: str = ""
) -> Done:
    """Print the sheet of one record, or the empty one to fill by hand."""
    from envdesk.reports.render import render
    from envdesk.reports.sheet import compose_sheet
    from envdesk.reports.sheet_values import SheetContext

    expect(out)
    form = desk.catalogue.form(form_id)
    context = SheetContext(
        office=setting(desk, "office_name"), generated=desk.clock.now(), reveal=reveal, labels=wording(desk, form_id),
        photo=lambda row: attachments.read_or_none(desk.store, row["sha256"]),
    )  # fmt: skip
    if blank:
        paper_of = compose_sheet(form, None, context)
    else:
        found = resolve(desk.store, form_id, rec)
        if not tells_story(form):  # a dossier is of today, also where it is drawn
            form = form_at(desk.store, form_id, query.fetch(desk.store, form, found)["form_version"])
        row = query.fetch(desk.store, form, found)
        if reveal:
            reveal_log(desk, form, [row["id"]], why)
        if tells_story(form):
            context = replace(context, story=story(desk, row["id"]))
        paper_of = compose_sheet(form, query.display(desk.store, form, row), context)
    made = render(paper_of, out.suffix)
    write_durably(out, made.data)
    return Done({"out": str(out), "pages": made.pages, "notes": made.notes})


def tells_story(form: Form) -> bool:
    """True when the sheet of a form tells what happened to the record: 一企一档."""
    return any(block.get("kind") == "story" for block in form.sheet.get("block", ()))


def wording(desk: Desk, form_id: str) -> Mapping[str, str]:
    """Labels of the wording set the office has chosen for a form."""
    form = desk.catalogue.form(form_id)
    return form.label_sets.get(setting(desk, form.label_setting), {}) if form.label_setting else {}
