"""The paper of one record: filled, blank to fill by hand, in the office's own Word file; 一企一档 for a subject.

What leaves the office is searched for the complainant's own name and phone first (domain.md §10.14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.desk.dossier import story
from envdesk.desk.office import Desk, Done, setting
from envdesk.desk.outside import look_over
from envdesk.desk.records import reveal_log
from envdesk.desk.reports import expect
from envdesk.errors import Problem, word
from envdesk.formdef.model import Catalogue, Form
from envdesk.i18n import _
from envdesk.store import attachments, query
from envdesk.store.attachments import write_durably
from envdesk.store.reader import resolve
from envdesk.store.versions import form_at

if TYPE_CHECKING:
    from envdesk.reports.document import Document, Rendered
    from envdesk.reports.sheet_values import SheetContext

#: Folder beside the data file that holds the office's own papers: ``<form>.docx``, ``<form>-<paper>.docx``.
OWN_FOLDER = "sheets"


def sheet(  # noqa: PLR0913 - the options of the verb
    desk: Desk,
    form_id: str,
    rec: str,
    out: Path,
    *,
    blank: bool = False,
    reveal: bool = False,
    why: str = "",
    paper: str = "",
    template: Path | None = None,
) -> Done:
    """Print a paper of one record, or the empty one to fill by hand.

    Args:
        desk: the open desk.
        form_id: its form.
        rec: id, number or natural key.
        out: .pdf, .docx or .xlsx; a .docx fills the office's own file when there is one.
        blank: an empty one.
        reveal: personal data in full; only on a paper that stays inside.
        why: the reason, which is logged.
        paper: another paper of the form (``[sheet.more]``).
        template: an own .docx, instead of the one beside the data file.

    Raises:
        Refused: ``outside_names``, ``unknown_paper``, ``unknown_place``, ``bad_out`` and whatever the record brings.
    """
    expect(out)
    form = desk.catalogue.form(form_id)
    context = _context(desk, form, reveal=reveal)
    if blank:
        return _write(out, _rendered(_copies(form, None, context, paper), out.suffix), ())
    found = resolve(desk.store, form_id, rec)
    own = template or own_template(desk, form_id, paper)
    word_file = own is not None and out.suffix.lower() == ".docx"
    if not tells_story(form) and not word_file:  # a dossier and an own file are of today, also in how they are drawn
        form = form_at(desk.store, form_id, query.fetch(desk.store, form, found)["form_version"])
        if paper and paper not in form.sheet.get("more", {}):
            form = desk.catalogue.form(form_id)
    row = query.fetch(desk.store, form, found)
    if reveal:
        reveal_log(desk, form, [row["id"]], why)
    if tells_story(form):
        context = replace(context, story=story(desk, row["id"]))
    shown = query.display(desk.store, form, row)
    if word_file and own is not None:
        from envdesk.reports.own_word import fill

        made, text = fill(own, form, shown, context)
    else:
        from envdesk.reports.document import all_text

        documents = _copies(form, shown, context, paper)
        made, text = _rendered(documents, out.suffix), "\n".join(map(all_text, documents))
    notes = _barred(form, row, reveal=reveal) if _stays_inside(form) else look_over(desk, form, row, text)
    return _write(out, made, notes)


def _barred(form: Form, row: Mapping[str, Any], *, reveal: bool) -> tuple[str, ...]:
    """Say why an internal paper stays masked although it was to be shown: the complainant asked for it."""
    from envdesk.reports.sheet_hints import read_hints

    key = read_hints(form).never_reveal
    return (_("诉求人要求保密，单据上仍然遮住。"),) if reveal and key and row.get(key) else ()


def starting_word(desk: Desk, form_id: str, out: Path, *, paper: str = "") -> Done:
    """Write a Word file with every place of a form, for the office to make its own paper of."""
    from envdesk.reports.own_word import starting

    expect(out, ".docx")
    form = desk.catalogue.form(form_id)
    return _write(out, starting(form, _context(desk, form, reveal=False), paper), ())


def own_template(desk: Desk, form_id: str, paper: str = "") -> Path | None:
    """Return the office's own Word file for a paper, None when there is none."""
    path = desk.path.parent / OWN_FOLDER / (f"{form_id}-{paper}.docx" if paper else f"{form_id}.docx")
    return path if path.is_file() else None


def papers(desk: Desk, form_id: str) -> Mapping[str, str]:
    """Return the further papers of a form: id → title."""
    from envdesk.reports.sheet_hints import papers_of

    return papers_of(desk.catalogue.form(form_id))


def faults(catalogue: Catalogue) -> list[Problem]:
    """Say what is wrong with the ``[sheet]`` tables of all forms."""
    from envdesk.reports.sheet_hints import sheet_faults

    found = [(form.id, fault) for form in catalogue.forms.values() for fault in sheet_faults(form)]
    return [Problem("form_error", word("form_error", detail=fault), "error", form) for form, fault in found]


def _context(desk: Desk, form: Form, *, reveal: bool) -> SheetContext:
    from envdesk.reports.sheet_values import SheetContext

    return SheetContext(
        office=setting(desk, "office_name"), generated=desk.clock.now(), reveal=reveal, labels=wording(desk, form.id),
        photo=lambda row: attachments.read_or_none(desk.store, row["sha256"]), forms=desk.catalogue.forms,
        figures={f.id: f.title for f in desk.catalogue.figures.values()},
    )  # fmt: skip


def _copies(form: Form, record: Mapping[str, Any] | None, context: SheetContext, paper: str) -> list[Document]:
    from envdesk.reports.sheet import compose_copies

    return compose_copies(form, record, context, paper)


def _rendered(documents: list[Document], suffix: str) -> Rendered:
    from envdesk.reports.pdf import render_many
    from envdesk.reports.render import joined, render

    if suffix.lower() == ".pdf":
        return render_many(documents)
    return render(joined(documents), suffix)


def _write(out: Path, made: Rendered, notes: tuple[str, ...]) -> Done:
    write_durably(out, made.data)
    return Done({"out": str(out), "pages": made.pages, "notes": (*made.notes, *notes)})


def _stays_inside(form: Form) -> bool:
    """True for a paper that is for the office only: it may carry the complainant's data and says so."""
    return bool(form.sheet.get("internal")) or tells_story(form)


def tells_story(form: Form) -> bool:
    """True when the sheet of a form tells what happened to the record: 一企一档."""
    return any(block.get("kind") == "story" for block in form.sheet.get("block", ()))


def wording(desk: Desk, form_id: str) -> Mapping[str, str]:
    """Labels of the wording set the office has chosen for a form."""
    form = desk.catalogue.form(form_id)
    return form.label_sets.get(setting(desk, form.label_setting), {}) if form.label_setting else {}
