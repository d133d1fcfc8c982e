"""An office's own report tables: copied, changed, printed, sealed, renamed, thrown away."""

import shutil
import tomllib
from dataclasses import replace

import pypdfium2
import pytest

from envdesk.cli import run
from envdesk.desk import own_reports, reports, seals
from envdesk.errors import Refused
from envdesk.present import report_preview
from envdesk.reports.template import Category, Template, TemplateRow, dump_template, parse_template

AIR = Template(
    "大气专报", "大气污染防治",
    (
        Category("企业\n监管", (TemplateRow("voc_reg", "在册涉VOCs企业"), TemplateRow("voc_reg:industry=制鞋", part=True))),
        Category("工单", (TemplateRow("wo_received", note="含重复件{wo_dup}件"), TemplateRow("wo_rate"))),
    ),
    ("current", "previous", "change_previous", "year_to_date"),
)  # fmt: skip


@pytest.fixture
def office(desk):
    own_reports.save(desk, AIR)
    return desk


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [p.code for p in caught.value.all_problems()]


def words_of(path):
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def test_what_is_written_is_read_back():
    odd = replace(AIR, title='引号"和\\反斜\n杠', id="a\x7f\t", categories=(Category("", (TemplateRow("x", "{y}"),)),))
    for made in (AIR, odd):
        assert parse_template(dump_template(made), "t") == made
        tomllib.loads(dump_template(made))


def test_an_own_template_is_offered_and_printed(office, tmp_path):
    assert [t.id for t in reports.templates(office)][-1] == "大气专报"
    assert [line.id for line in report_preview.templates(office)][-1] == "大气专报"
    out = tmp_path / "大气.pdf"
    reports.report(office, "2026-09", out, template="大气专报")
    text = words_of(out)
    assert "2026年9月大气污染防治月报表" in text.replace("\r\n", "")
    for words in ("在册涉VOCs企业", "制鞋", "含重复件", "66.67%", "环比"):
        assert words in text, words
    assert "上年同期" not in text


def test_a_copy_of_the_monthly_report_says_the_same(office):
    own_reports.copy(office, "monthly", "街道月报")
    one, other = (reports.compute(office, "2026-09", template=name) for name in ("monthly", "街道月报"))
    assert {k: w.text for k, w in one.words.items()} == {k: w.text for k, w in other.words.items()}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"id": " "}, ["required"]),
        ({"id": "monthly"}, ["template_name"]),
        ({"id": "长" * 41}, ["too_long"]),
        ({"title": "长" * 41}, ["too_long"]),
        ({"categories": ()}, ["template_empty"]),
        ({"categories": (Category("", (TemplateRow("nothing"), TemplateRow("wo_rate", note="{nothing2}"))),)},
         ["unknown_figure", "unknown_figure"]),
        ({"categories": (Category("", (TemplateRow("voc_reg:industry=制鞋厂"),)),)}, ["book_value"]),
        ({"categories": (Category("", (TemplateRow("wo_rate:colour=红"),)),)}, ["unknown_dimension"]),
    ],
)  # fmt: skip
def test_a_template_that_can_not_be_printed_is_refused(desk, change, codes):
    assert refused(lambda: own_reports.save(desk, replace(AIR, **change))) == codes
    assert own_reports.own(desk) == []


def test_renaming_and_deleting(office):
    own_reports.copy(office, "大气专报", "第二份")
    assert refused(lambda: own_reports.rename(office, "大气专报", "第二份")) == ["template_name"]
    own_reports.rename(office, "大气专报", "大气月报")
    assert [t.id for t in own_reports.own(office)] == ["大气月报", "第二份"]
    own_reports.delete(office, "第二份")
    assert [t.id for t in own_reports.own(office)] == ["大气月报"]
    assert refused(lambda: own_reports.delete(office, "monthly")) == ["unknown_report"]
    assert refused(lambda: reports.compute(office, "2026-09", template="大气专报")) == ["unknown_report"]
    assert own_reports.free_name(office, "大气月报") == "大气月报 2"


def test_a_sealed_month_prints_the_template_it_was_sealed_with(office):
    before = reports.compute(office, "2026-09", template="大气专报")
    seals.seal(office, "2026-09")
    own_reports.save(office, replace(AIR, categories=AIR.categories[1:]), old=AIR.id)
    after = reports.compute(office, "2026-09", template="大气专报")
    assert after.layout == AIR
    assert {k: w.text for k, w in after.words.items()} == {k: w.text for k, w in before.words.items()}
    assert reports.compute(office, "2026-10", template="大气专报").layout.categories == AIR.categories[1:]


def test_by_command(made, data_dir, tmp_path, capsys):
    path = data_dir / "台账.envdesk"
    shutil.copyfile(made[0], path)
    text = tmp_path / "大气专报.toml"
    text.write_text(dump_template(AIR), encoding="utf-8")
    db = ["--db", str(path), "--as-of", "2026-10-09"]
    assert run([*db, "report-template", "add", str(text)]) == 0
    assert run([*db, "report-template", "list"]) == 0
    assert "大气专报" in capsys.readouterr().out
    out = tmp_path / "大气.pdf"
    assert run([*db, "report", "--period", "2026-09", "--template", "大气专报", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert run([*db, "report-template", "remove", "大气专报"]) == 0
    capsys.readouterr()
    assert run([*db, "report", "--period", "2026-09", "--template", "大气专报", "--out", str(out)]) == 1
    assert "unknown_report" in capsys.readouterr().err
