"""A figure split by what it can be split by."""

import openpyxl
import pytest
import small_office as o

from envdesk.errors import Refused
from envdesk.present import figure_split, report_preview


@pytest.fixture(scope="module")
def read(made, tmp_path_factory):
    import shutil

    path = tmp_path_factory.mktemp("分") / "台账.envdesk"
    shutil.copyfile(made[0], path)
    opened = o.reopen(path)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def year(read):
    return report_preview.compute(read, "2026")


def test_a_figure_tells_by_what_it_can_be_split(read):
    assert ("grid", "网格/社区/联社") in figure_split.ways(read, "wo_received")
    assert ("grid", "网格/社区/联社") in figure_split.ways(read, "wo_rate")
    narrowed = figure_split.ways(read, "wo_received:grid=石马")
    assert "grid" not in dict(narrowed)
    assert "source" in dict(narrowed)


def test_the_parts_are_those_of_the_command_line_and_add_up(read, year):
    from envdesk.desk.figures import figures

    view = figure_split.split(read, year, "wo_received", "source")
    stored = {r.id: r.text for r in figures(read, "2026", ["wo_received"], "source")}
    assert {line.figure: line.text for line in view.lines} == stored
    assert sum(int(line.text) for line in view.lines) == int(view.text)
    assert view.note == ""


def test_each_part_opens_to_its_records(read, year):
    view = figure_split.split(read, year, "insp_visits", "person")
    for line in view.lines:
        found = report_preview.evidence(read, year, line.figure)
        assert found.text == line.text


def test_parts_that_overlap_are_explained(read, year):
    view = figure_split.split(read, year, "insp_visits", "person")  # two people on a visit
    assert sum(int(line.text) for line in view.lines) > int(view.text)
    assert view.note == "一条记录可以算在几项里，各项相加多于合计。"


def test_the_table_as_text_and_as_a_workbook(read, year, tmp_path):
    view = figure_split.split(read, year, "wo_received", "source")
    lines = view.as_text().splitlines()
    assert lines[0].split("\t")[0] == "来源"
    assert lines[-1] == f"合计\t{view.text}"
    out = tmp_path / "分.xlsx"
    figure_split.save(read, year, view, out)
    cells = [c for row in openpyxl.load_workbook(out).active.iter_rows(values_only=True) for c in row]
    for line in view.lines:
        assert line.word in cells
        assert int(line.text) in cells
    with pytest.raises(Refused):
        figure_split.save(read, year, view, tmp_path / "分.txt")


def test_a_dimension_it_does_not_have_is_refused(read, year):
    with pytest.raises(Refused) as found:
        figure_split.split(read, year, "wo_received", "zone")
    assert found.value.code == "unknown_dimension"
