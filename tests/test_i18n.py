from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from envdesk import i18n
from envdesk.i18n import N_, TemplateError, _, in_context, mismatch, placeholders, plural

ROOT = Path(__file__).resolve().parent.parent

HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def entry(source: str, translation: str, *, before: str = "") -> str:
    return f'{before}msgid "{source}"\nmsgstr "{translation}"\n\n'


def counted(source: str, one: str, many: str) -> str:
    return f'msgid "{source}"\nmsgid_plural "{source}"\nmsgstr[0] "{one}"\nmsgstr[1] "{many}"\n\n'


@pytest.fixture
def english(tmp_path):
    """Write an English catalogue and speak it."""

    def speak(*entries: str) -> i18n.Catalogue:
        po = tmp_path / "locale" / "en" / "LC_MESSAGES" / "envdesk.po"
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_text(HEADER + "".join(entries), "utf-8")
        return i18n.use("en", tmp_path / "locale")

    return speak


# --------------------------------------------------------------------------------------------------- looking words up
def test_source_language_needs_no_catalogue():
    assert i18n.language() == "zh_CN"
    assert _("保存") == "保存"
    assert N_("保存") == "保存"
    assert plural("{count} 条记录", 2) == "2 条记录"
    assert in_context("动词", "打开") == "打开"


def test_translation_is_looked_up_when_shown(english):
    label = N_("保存")
    english(entry("保存", "Save"))

    assert _(label) == "Save"
    assert i18n.language() == "en"

    i18n.use("zh_CN")

    assert _(label) == "保存"


def test_missing_empty_and_fuzzy_entries_show_the_source(english):
    english(entry("空的", ""), entry("未定", "undecided", before="#, fuzzy\n"))

    assert _("没有") == "没有"
    assert _("空的") == "空的"
    assert _("未定") == "未定"


def test_placeholders_are_filled_after_the_look_up(english):
    english(entry("已保存 {count} 条", "Saved {count}"))

    assert _("已保存 {count} 条").format(count=3) == "Saved 3"


def test_plural_forms(english):
    english(counted("{count} 条记录", "one record", "{count} records"))

    assert plural("{count} 条记录", 1) == "one record"
    assert plural("{count} 条记录", 0) == "0 records"
    assert plural("{count} 条记录", 12) == "12 records"


def test_plural_takes_more_fields(english):
    english(counted("{form}：{count} 条", "{form}: one", "{count} in {form}"))

    assert plural("{form}：{count} 条", 2, form="x") == "2 in x"


def test_context_tells_two_meanings_apart(english):
    english(
        entry("打开", "Open…", before='msgctxt "动词"\n'),
        entry("打开", "On", before='msgctxt "状态"\n'),
    )

    assert in_context("动词", "打开") == "Open…"
    assert in_context("状态", "打开") == "On"
    assert _("打开") == "打开"


@pytest.mark.parametrize(
    "translation",
    ["Saved", "Saved {n}", "Saved {count} of {all}", "Saved {count", "Saved {}", "Saved {count:d}", "Saved {count!r}"],
)
def test_translation_that_does_not_fit_is_refused(english, translation):
    catalogue = english(entry("已保存 {count} 条", translation), entry("保存", "Save"))

    assert _("已保存 {count} 条").format(count=3) == "已保存 3 条"
    assert _("保存") == "Save"
    assert [(r.source, r.line) for r in catalogue.refused] == [("已保存 {count} 条", 6)]


def test_attribute_access_in_a_translation_is_refused(english):
    catalogue = english(entry("{name}好", "{name.__class__} hello"))

    assert len(catalogue.refused) == 1
    assert _("{name}好") == "{name}好"


def test_every_thread_speaks_the_same_language(english):
    english(entry("保存", "Save"))
    heard = []
    thread = threading.Thread(target=lambda: heard.append(_("保存")))
    thread.start()
    thread.join()

    assert heard == ["Save"]


def test_unknown_language_is_chinese(tmp_path):
    assert i18n.use("fr", tmp_path).language == "zh_CN"


def test_languages_lists_catalogues(english, tmp_path):
    english()

    assert i18n.languages(tmp_path / "locale") == ("zh_CN", "en")
    assert i18n.languages(tmp_path / "none") == ("zh_CN",)


def test_import_reads_nothing():
    code = (
        "import sys; import envdesk.i18n; sys.exit(any(m.split('.')[0] in {'babel', 'gettext'} for m in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# ------------------------------------------------------------------------------------------------------- placeholders
def test_placeholders_are_named():
    assert placeholders("a {x} {{b}} {y:>3} {z!r}") == {("x", "", ""), ("y", "", ">3"), ("z", "r", "")}


@pytest.mark.parametrize("text", ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a:{b}}", "{a b}"])
def test_other_braces_are_refused(text):
    with pytest.raises(TemplateError):
        placeholders(text)


def test_mismatch_names_the_difference():
    assert mismatch("{a}和{b}", "{b} and {a}") is None
    assert mismatch("{a}", "{b:x}") == "lacks {a}, adds {b:x}"
    assert mismatch("{", "x").startswith("source is no template")


def test_only_a_counted_form_may_leave_the_count_out():
    assert mismatch("{count} 条", "one", counted=True) is None
    assert mismatch("{count} 条", "one") == "lacks {count}"
    assert mismatch("{x} 条", "one", counted=True) == "lacks {x}"


@given(source=st.text("ab{}:!.", max_size=12), translation=st.text("ab{}:!.", max_size=12))
def test_what_passes_the_check_can_be_formatted(source, translation):
    if mismatch(source, translation) is not None:
        return
    values = {name: "1" for name, _conversion, _spec in placeholders(source)}
    try:
        source.format(**values)
    except ValueError:
        return  # the program's own fault, not the translator's

    assert {name for name, _conversion, _spec in placeholders(translation)} == values.keys()
    assert isinstance(translation.format(**values), str)


# ----------------------------------------------------------------------------------------------- the catalogue script
@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("check_catalogue", ROOT / "build_spec" / "check_catalogue.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path, script, capsys):
    """A small program with one catalogue; calling it runs the script and returns (exit code, stderr lines)."""

    class Project:
        po = tmp_path / "resources" / "locale" / "en" / "LC_MESSAGES" / "envdesk.po"

        def code(self, text: str) -> None:
            (tmp_path / "envdesk" / "a.py").write_text(text, "utf-8")

        def __call__(self, *options: str) -> tuple[int, list[str]]:
            code = script.main([*options, "--root", str(tmp_path)])
            return code, capsys.readouterr().err.splitlines()

        def translate(self, source: str, translation: str) -> None:
            text = self.po.read_text("utf-8")
            assert f'msgid "{source}"\nmsgstr ""' in text
            self.po.write_text(
                text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{translation}"'), "utf-8"
            )

    (tmp_path / "envdesk").mkdir()
    (tmp_path / "build_spec").mkdir()
    (tmp_path / "build_spec" / "babel.cfg").write_bytes((ROOT / "build_spec" / "babel.cfg").read_bytes())
    Project.po.parent.mkdir(parents=True)
    Project.po.write_text(HEADER, "utf-8")
    return Project()


def test_missing_entry_is_named_with_its_place(project):
    project.code('x = 1\ny = _("保存")\n')

    code, problems = project()

    assert code == 1
    assert problems == ["envdesk/a.py:2: not in resources/locale/en/LC_MESSAGES/envdesk.po: “保存” (run --update)"]


def test_update_adds_keeps_and_removes(project):
    project.code('_("保存")\nN_("旧的")\n')
    assert project("--update") == (0, [])
    project.translate("保存", "Save")
    project.code('_("保存")\nplural("{count} 条", n)\nin_context("动词", "打开")\n')

    code, problems = project()

    assert code == 1
    assert [p for p in problems if "no longer in the program: “旧的”" in p]
    assert project("--update") == (0, [])

    text = project.po.read_text("utf-8")

    assert 'msgstr "Save"' in text
    assert "旧的" not in text
    assert 'msgid_plural "{count} 条"' in text
    assert 'msgctxt "动词"' in text


def test_update_is_stable(project):
    project.code('_("保存")\n')
    project("--update")
    before = project.po.read_bytes()
    project.code('\n\n\n_("保存")\n')
    project("--update")

    assert project.po.read_bytes() == before


def test_wrong_placeholder_is_named_with_its_place(project):
    project.code('_("已保存 {count} 条")\n')
    project("--update")
    project.translate("已保存 {count} 条", "Saved {n}")

    code, problems = project()

    assert code == 1
    assert len(problems) == 1
    assert problems[0].startswith("resources/locale/en/LC_MESSAGES/envdesk.po:")
    assert "lacks {count}, adds {n}" in problems[0]


@pytest.mark.parametrize("text", ["已保存 {} 条", "已保存 %d 条", "已保存 %(n)s 条", "已保存 {"])
def test_source_that_no_translation_fits_is_named(project, text):
    project.code(f'_("{text}")\n')

    code, problems = project("--update")

    assert code == 1
    assert problems[0].startswith("envdesk/a.py:1: ")


def test_percent_sign_in_a_sentence_is_no_placeholder(project):
    project.code('_("办结率 95%，达标")\n')

    assert project("--update") == (0, [])


def test_untranslated_entries_fail_only_when_asked(project):
    project.code('_("保存")\n')
    project("--update")

    assert project()[0] == 0
    assert project("--complete")[0] == 1


def test_fuzzy_entry_is_refused(project):
    project.code('_("保存")\n')
    project.po.write_text(HEADER + entry("保存", "Safe", before="#, fuzzy\n"), "utf-8")

    code, problems = project()

    assert code == 1
    assert "marked fuzzy" in problems[0]


def test_translator_note_is_carried_over(project):
    project.code('# i18n: button of the form\n_("保存")\n')
    project("--update")

    assert "#. button of the form" in project.po.read_text("utf-8")


def test_bundled_catalogues_refuse_nothing():
    folder = ROOT / "resources" / "locale"
    for language in i18n.languages(folder)[1:]:
        assert i18n.use(language, folder).refused == ()
