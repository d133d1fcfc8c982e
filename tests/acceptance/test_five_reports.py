"""Every number of the five source reports, from records to figures: forms/report_lines.csv walked line by line."""

from __future__ import annotations

import csv
import importlib
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from envdesk import paths
from envdesk.desk import office as desk_office
from envdesk.desk.figures import computer
from envdesk.desk.office import opened
from envdesk.figures.engine import parse_id
from tests.acceptance.conftest import _load_once
from tests.acceptance.office import Office
from tests.reports_data.entry import Report

NAMES = ["000", "001", "002", "003", "004"]
FIELD = re.compile(r"\.(change_last_year|last_year)$")
ABOUT = re.compile(r"(约|)(\d+)(余|)")


def lines(report: str) -> list[dict[str, str]]:
    with (paths.forms_dir() / "report_lines.csv").open(encoding="utf-8", newline="") as f:
        return [row for row in csv.DictReader(f) if row["report"] == report]


def holds(expected: str, text: str, value: float | None) -> bool:
    """True when a figure says what the report says: as printed, as a number, or as 约 and 余."""
    if text == expected:
        return True
    if re.fullmatch(r"-?[\d.]+", expected) and value is not None:
        return Decimal(str(value)) == Decimal(expected)
    if re.fullmatch(r"[+-][\d.]+%", expected):  # -2% in words is -2.0% in tables
        return Decimal(expected[:-1]) == Decimal(text.rstrip("%"))
    about = ABOUT.fullmatch(expected)
    if not about or value is None:
        return False
    number = int(about[2])
    step = 100 if number % 100 == 0 else 10
    return number < value < number + step if about[3] else value == number


@pytest.fixture(scope="module", params=NAMES)
def entered(request, new_file: Path, tmp_path_factory: pytest.TempPathFactory):
    """The office of one report with everything entered on the report's day."""
    report: Report = importlib.import_module(f"tests.reports_data.report_{request.param}").build()
    db = tmp_path_factory.mktemp("五份报告") / f"{report.name}.envdesk"
    shutil.copy(new_file, db)
    office = Office(db, today=report.day)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk_office, "load", _load_once)
        for key, value in report.settings.items():
            office.run("set", key, value)
        warned = set()
        for form, objects in report.records:
            answer = office.try_add(form, objects)
            assert answer.code == 0, answer
            warned |= {(form, code) for code in answer.codes("warning")}
        yield report, office, warned


def test_every_line_has_its_number(entered):
    report, office, _warned = entered
    rows = lines(report.name)
    wanted = {FIELD.sub("", row["figure"]) for row in rows}
    got = office.figures(report.period, *sorted(wanted))
    wrong, unused = [], set(report.chosen)
    for row in rows:
        field = FIELD.search(row["figure"])
        result = got[FIELD.sub("", row["figure"])]
        text = result[field[1]] if field else result["text"]
        value = None if field else result["value"]
        unused.discard(row["figure"])
        expected = row["given"] if row["given"] not in ("", "*", "T") else report.chosen.get(row["figure"])
        if expected is None or not holds(expected, str(text), value):
            wrong.append(f"{row['line']} · {row['figure']}: {text}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert not unused, f"chosen, but of no line: {sorted(unused)}"


def test_every_number_opens_to_its_records(entered):
    report, office, _warned = entered
    with opened(office.db, as_of=report.day) as desk:
        calc = computer(desk, report.period)
        for text in sorted({FIELD.sub("", row["figure"]) for row in lines(report.name)}):
            fid = parse_id(text)
            figure, shown = calc.engine.figure(fid.figure), calc.result(text).current
            rows = calc.engine.evidence(fid, calc.windows.current)
            units = {r.unit for r in rows}
            if figure.share:
                assert (shown.numerator, shown.denominator) == (len({r.unit for r in rows if r.hit}), len(units)), text
            elif figure.ratio:
                whole = sum(Decimal(str(r.value)) for r in rows)
                assert (shown.numerator, shown.denominator) == (sum(r.value for r in rows if r.hit), whole), text
            elif figure.value and rows:
                total = sum(Decimal(str(r.value or 0)) for r in rows)
                assert total / (len(rows) if figure.kind == "measured" else 1) == Decimal(str(float(shown.raw))), text
            else:
                assert len(units) == (shown.raw or 0), text


def test_it_reconciles(entered):
    report, office, _warned = entered
    assert [r["message"] for r in office.failed_rules(report.period)] == []


def test_nothing_else_was_waved_through(entered):
    """Two teams may see the same firm on one day; any other warning would be a slip in the data."""
    _report, _office, warned = entered
    assert warned <= {("inspection", "rule:same_day")}
