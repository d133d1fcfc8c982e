"""Papers of one record, and the office's own Word files for them."""

from __future__ import annotations

from pathlib import Path

from envdesk.desk import sheets
from envdesk.desk.office import Desk
from envdesk.formdef.model import Catalogue
from envdesk.reports.sheet_hints import papers_of as further, read_hints


def papers_of(catalogue: Catalogue, form_id: str) -> tuple[tuple[str, str], ...]:
    """Return what a record can be printed as: (id, title), its own sheet ("") first."""
    form = catalogue.forms[form_id]
    return (("", read_hints(form).title), *further(form).items())


def stays_inside(catalogue: Catalogue, form_id: str) -> bool:
    """Tell whether the sheet of a form is for the office only, and may show the complainant to who gives a reason."""
    return read_hints(catalogue.forms[form_id]).internal


def print_one(desk: Desk, form_id: str, rec: str, out: Path, paper: str = "", why: str = "") -> tuple[str, ...]:
    """Print one paper; returns what a person should look at before handing it over.

    With a reason, which is logged, a paper that stays inside shows personal data in full.
    """
    return tuple(sheets.sheet(desk, form_id, rec, out, paper=paper, reveal=bool(why), why=why).value["notes"])


def print_blank(desk: Desk, form_id: str, out: Path, paper: str = "") -> tuple[str, ...]:
    """Print an empty paper to be filled by hand."""
    return tuple(sheets.sheet(desk, form_id, "", out, blank=True, paper=paper).value["notes"])


def own_word(desk: Desk, form_id: str) -> Path:
    """Return the office's own Word file for a form; when there is none, one is made to start from."""
    path = desk.path.parent / sheets.OWN_FOLDER / f"{form_id}.docx"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        sheets.starting_word(desk, form_id, path)
    return path
