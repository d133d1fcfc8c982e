"""The shipped definitions keep the office's contract: keys, words, figure ids, event dates, and the README's truth."""

import re
import tomllib
from pathlib import Path

import pytest

from envdesk import paths
from envdesk.formdef import spec
from envdesk.formdef.lint import lint
from envdesk.formdef.loader import load

FORMS = paths.forms_dir()
README = (FORMS / "README.md").read_text("utf-8")

CONTRACT = tomllib.loads((Path(__file__).parent / "contract.toml").read_text("utf-8"))
KEYS: dict[str, str] = CONTRACT["keys"]
ROWS: dict[str, str] = CONTRACT["rows"]
EVENTS: dict[str, str] = CONTRACT["events"]


@pytest.fixture(scope="module")
def catalogue():
    return load([FORMS])


def test_nothing_to_complain_about(catalogue):
    assert [p.message for p in lint(catalogue)] == []


@pytest.mark.parametrize("form", KEYS)
def test_keys_of_the_contract(catalogue, form):
    words = KEYS[form].replace("@visit", CONTRACT["visit"]).replace("@outing", CONTRACT["outing"])
    there = {f.key for f in catalogue.form(form).fields} | set(catalogue.form(form).terms)

    assert set(words.split()) <= there


@pytest.mark.parametrize("rows", ROWS)
def test_columns_of_the_contract(catalogue, rows):
    form, _, key = rows.partition(".")

    assert set(ROWS[rows].split()) <= {f.key for f in catalogue.form(form).field(key).fields}


def test_every_setting_does_something(catalogue):
    """A key that neither a module nor a form reads would be a switch without a wire."""
    root = Path(paths.__file__).parent
    code = "".join(p.read_text("utf-8") for p in root.rglob("*.py"))
    rules = "".join(p.read_text("utf-8") for p in FORMS.glob("*.toml") if p.name != "_settings.toml")
    unread = [
        key
        for key in catalogue.settings
        if f'"{key}"' not in code
        and f":set_{key}" not in rules
        and not re.search(rf'(setting|decimals_by) = "{key}"', rules)
    ]

    assert unread == []


def test_figures_of_the_contract(catalogue):
    assert set(CONTRACT["figures"].split()) <= set(catalogue.figures)
    assert set(CONTRACT["dimensions"].split()) <= set(catalogue.dimensions)


def test_one_word_on_the_screen_for_each_choice(catalogue):
    fields = [f for form in catalogue.forms.values() for g in form.fields for f in (g, *g.fields)]
    for f in fields:
        words = [(c.parent, c.label) for c in f.choices]

        assert len(set(words)) == len(words), f.key
        assert not [c.code for c in f.choices if re.search(r"[()（）\s]", c.code)], f.key


@pytest.mark.parametrize("value", EVENTS)
def test_event_dates(catalogue, value):
    form, _, key = value.partition(".")

    assert catalogue.form(form).field(key).dated_by == EVENTS[value]


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ("work_order.extensions", "approved_at"),
        ("work_order.reopen", "date"),
        ("work_order.revisit", "date"),
        ("rectification.extensions", "approved_at"),
        ("supervision_case.rechecks", "date"),
        ("subject.status_log", "from"),
        ("vocs_check.findings", ""),  # the day of the visit
    ],
)
def test_rows_are_dated_by_their_own_day(catalogue, rows, day):
    form, _, key = rows.partition(".")

    assert catalogue.form(form).field(key).date_key == day


def test_every_visit_form_has_findings_and_a_grid(catalogue):
    members = catalogue.members("visit")

    assert len(members) >= 11
    assert all({"findings", "base"} <= set(f.blocks) for f in members)


def test_no_two_forms_number_alike(catalogue):
    prefixes = [f.prefix for f in catalogue.forms.values() if f.prefix]

    assert len(set(prefixes)) == len(prefixes)


# ------------------------------------------------------------------------------------------------------------ README
TABLES = {
    "Form file": spec.FORM, "Section": spec.SECTION, "Field": spec.FIELD, "Rule": spec.RULE, "State": spec.STATE,
    "Due": spec.DUE, "Spawn": spec.SPAWN, "Backlink": spec.BACKLINK, "Trip": spec.TRIP, "Figure": spec.FIGURE, "Block": spec.BLOCK,
    "Paper": spec.PAPER, "Paper column": spec.PAPER_COLUMN, "View": spec.VIEW, "Part": spec.PART, "Dimension": spec.DIMENSION, "Check": spec.CHECK, "Setting": spec.SETTING,
}  # fmt: skip


def section(title: str) -> str:
    """Text of a README section."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


@pytest.mark.parametrize("title", TABLES)
def test_readme_lists_the_keys_the_loader_knows(title):
    rows = re.findall(r"^\|([^|]*)\|", section(title), re.MULTILINE)[2:]
    keys = {k for row in rows for k in re.findall(r"`(\w+)`", row)}

    assert keys == set(TABLES[title])


def test_readme_lists_the_field_types():
    rows = re.findall(r"^\|([^|]*)\|", section("Field types"), re.MULTILINE)[2:]

    assert {k for row in rows for k in re.findall(r"`(\w+)`", row)} == set(spec.FIELD_TYPES)


def test_readme_example_is_a_form(tmp_path: Path):
    [example] = re.findall(r"^```toml\n(id = .*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "fume_check.toml").write_text(example, encoding="utf-8")

    catalogue = load([FORMS, tmp_path])

    form = catalogue.form("fume_check")
    assert lint(catalogue) == []
    assert form.rules
    assert form.terms
    assert form.states
    assert form.dues
    assert form in catalogue.members("visit")
    assert {"fume_visits", "fume_cleaner_rate", "fume_over"} <= set(catalogue.figures)
