"""What goes in and out: Excel templates and imports, the package for the district and its proof."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from envdesk.desk.office import Desk
from envdesk.exchange import importer, package, package_check, workbook
from envdesk.exchange.headers import targets
from envdesk.exchange.importer import Imported
from envdesk.exchange.package_check import Package
from envdesk.figures.period import parse_period
from envdesk.formdef.model import Catalogue
from envdesk.store import crypt


def template(catalogue: Catalogue, form: str, out: Path) -> Path:
    """Write the Excel template of a form."""
    return workbook.template(catalogue, form, out)


def import_file(
    desk: Desk,
    form: str,
    path: Path,
    *,
    mapping: Path | Mapping[str, str | None] | None = None,
    dry_run: bool = False,
    errors_out: Path | None = None,
    accept_warnings: bool = False,
    why: str = "",
) -> Imported:
    """Import an Excel or CSV file into a form: one operation, all or nothing.

    *mapping* says which column is which field: header → key, or a file with that.
    """
    return importer.import_file(
        desk.store,
        form,
        path,
        mapping=importer.read_mapping(mapping) if isinstance(mapping, Path) else mapping,
        dry_run=dry_run,
        errors_out=errors_out,
        accept_warnings=accept_warnings,
        why=why,
    )


def fields(catalogue: Catalogue, form: str) -> dict[str, str]:
    """Return what a column of a file can fill: key → label."""
    return {target.key: target.label for target in targets(catalogue.form(form))}


def heads(path: Path) -> list[str]:
    """Return what is most likely the header row of a file of which no column was understood."""
    return importer.likely_heads(path)


def export(
    desk: Desk, out: Path, *, period: str = "", bare: bool = False, passphrase_file: Path | None = None
) -> Package:
    """Write the package for the district and read it back."""
    span = parse_period(period) if period else None
    return package.export(desk.store, out, period=span, bare=bare, passphrase=_passphrase(passphrase_file))


def verify(path: Path, *, passphrase_file: Path | None = None) -> Package:
    """Recompute everything a package says about itself."""
    return package_check.verify(path, passphrase=_passphrase(passphrase_file))


def _passphrase(path: Path | None) -> str | None:
    """First line of a passphrase file."""
    return crypt.first_line(path) if path else None
