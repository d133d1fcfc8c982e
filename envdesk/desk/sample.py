"""Sample offices: for trying the program, for tests and for whoever has just cloned it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from envdesk.clock import Clock
from envdesk.desk import demo as demos
from envdesk.desk.office import load_forms, opened
from envdesk.desk.reports import report
from envdesk.errors import refuse
from envdesk.figures.period import month_of
from envdesk.formdef.types import read_date

SAMPLE_SEED = 1


def demo(
    out: Path, forms: Iterable[Path] = (), *, seed: int = SAMPLE_SEED, until: str = "", records: int | None = None
) -> dict[str, Any]:
    """Make a sample office file.

    Args:
        out: file to make; must not exist.
        forms: further form folders.
        seed: same seed and last day, same content.
        until: last day, default the end of last month.
        records: about how many records.
    """
    today = Clock().today()
    last = read_date(until, today) if until else demos.default_until(today)
    if last is None:
        raise refuse("bad_date", label="--until", value=until)
    made = demos.build_demo(out, load_forms(out, forms), seed=seed, until=last, records=records)
    return {"out": str(out), "until": last.isoformat(), "records": made.records, "counts": made.counts}


def sample_office(folder: Path, forms: Iterable[Path] = ()) -> dict[str, Any]:
    """Make the sample office up to last month (once) and print that month; returns where both lie."""
    last: date = demos.default_until(Clock().today())
    db = folder / f"样例台账-{last:%Y-%m}.envdesk"
    if not db.is_file():
        demo(db, forms, until=last.isoformat())
    month = month_of(last)
    pdf = folder / f"{month.title}月报表.pdf"
    with opened(db, operator="样例", as_of=last.isoformat(), forms=forms) as desk:
        done = report(desk, month.text, pdf).value
    return {"db": str(db), "pdf": str(pdf), "pages": done["pages"]}
