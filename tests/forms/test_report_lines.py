"""forms/report_lines.csv: every countable line of the five source reports names the figure that gives it."""

import csv
import re

import pytest

from envdesk import paths
from envdesk.figures.engine import Engine, parse_id

LINES = {"000": 27, "001": 40, "002": 25, "003": 27, "004": 19}
FIELDS = re.compile(r"\.(change_last_year|last_year)$")
FREE = {"campaign", "status"}  # names and words of the office
RECORDS = re.compile(r"^(\w+)")

with (paths.forms_dir() / "report_lines.csv").open(encoding="utf-8", newline="") as _file:
    HEAD, *ROWS = csv.reader(_file)


def test_all_lines_of_the_five_reports_are_there():
    counted = {report: len({row[1] for row in ROWS if row[0] == report}) for report in LINES}

    assert HEAD == ["report", "line", "given", "figure", "note"]
    assert counted == LINES
    assert {row[0] for row in ROWS} == set(LINES)


def test_no_number_is_told_twice():
    told = [(row[0], row[1], row[3]) for row in ROWS]

    assert len(set(told)) == len(told)


def figures_of(rows):
    return [FIELDS.sub("", row[3]) for row in rows]


@pytest.mark.parametrize("text", sorted(set(figures_of(ROWS))))
def test_figure_exists_and_splits_that_way(saved, text):
    store, _problems = saved
    fid = parse_id(text)
    engine = Engine(store)

    assert str(fid) == text
    assert engine.figure(fid.figure)
    for dim, value in fid.filters:
        assert engine.dimension(fid.figure, dim)
        assert dim in FREE or value in words(store.catalogue, store.catalogue.dimensions[dim])


def words(catalogue, dimension):
    """The words of all choices under the keys of a dimension; 是 and 否 for a bool."""
    keys = {text.rpartition(".")[2] for text in dimension.keys.values()}
    fields = [f for form in catalogue.forms.values() for f in form.fields if f.key in keys]
    chosen = {word for f in fields for c in f.choices for word in (c.code, c.parent) if word}
    return chosen | ({"是", "否"} if any(f.type == "bool" for f in fields) else set())


def test_a_narrative_line_says_which_record_holds_it(catalogue):
    narrative = [row for row in ROWS if row[2] == "T"]

    assert narrative
    for row in narrative:
        found = RECORDS.match(row[4])
        assert (found and found[1] in catalogue.forms) or row[4].startswith("检查来源"), row
