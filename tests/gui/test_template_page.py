"""自己的报表: a table is copied, put together and thrown away from the keyboard; what is shown is what is kept."""

from __future__ import annotations

import pypdfium2
import pytest
from small_desk import Ctrl, Hands, Key, beside

from envdesk.desk import own_reports
from envdesk.gui.buttons import Link
from envdesk.gui.pages.reports import PAGE as REPORTS
from envdesk.gui.pages.template import PAGE

PAGES = {"today": beside("today")["today"], "reports": REPORTS, "template": PAGE} | beside("workbook")


@pytest.fixture
def office_file(small_file):
    return small_file


@pytest.fixture
def hands(running, qtbot):
    made = Hands(running(PAGES), qtbot)
    made.window.go("template", period="2026-09")
    made.settle()
    return made


@pytest.fixture
def blank(hands):
    """An empty table with two figures, put together by keys."""
    hands.page.new_button.click()
    hands.settle()
    for words in ("wo_received", "insp_visits"):
        if hands.focus is not hands.page.pick.line:
            hands.press(Key.Key_Insert)
        hands.page.pick.line.setText(words)
        hands.settle()
        hands.press(Key.Key_Return)
    rest(hands)
    return hands


def rest(hands):
    """Let the table be kept and printed."""
    hands.bot.waitUntil(lambda: not hands.page._rest.isActive(), timeout=5_000)
    hands.settle()


def kept(hands):
    out = []
    hands.app.tasks.run(lambda w: own_reports.own(w.desk), done=out.extend)
    hands.settle()
    return {t.id: t for t in out}


def titles(hands):
    return [line.title for line in hands.page.rows.lines]


def printed(hands):
    document = pypdfium2.PdfDocument(hands.page.paper.paper.data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text.replace("\r\n", "")


def test_without_a_table_only_a_beginning_is_offered(hands):
    assert not hands.page.buttons["加指标"].isEnabled()
    assert not hands.page.rows.isEnabled()
    assert "照月报表做一份" in hands.page._subtitle.text()


def test_figures_are_added_by_keys_and_stand_on_the_paper(blank):
    assert titles(blank)[1:] == [blank.page.ctx.catalogue.figures[f].title for f in ("wo_received", "insp_visits")]
    found = kept(blank)
    assert list(found) == ["专项报表"]
    assert found["专项报表"].figures == ("wo_received", "insp_visits")
    text = printed(blank)
    assert "2026年9月生态环境专项工作月报表" in text
    assert titles(blank)[2] in text


def test_a_copy_begins_with_all_rows(hands):
    action = next(a for a in hands.page.copies.actions() if a.text() == "生态环境工作")
    action.trigger()
    hands.settle()
    rest(hands)
    assert list(kept(hands)) == ["生态环境工作"]
    assert len(kept(hands)["生态环境工作"].figures) > 40


def test_rows_move_and_go_by_keys(blank):
    page = blank.page
    first, second = titles(blank)[1:]
    page.rows.setFocus()
    blank.press(Key.Key_Up, Ctrl)
    assert titles(blank)[1:] == [second, first]
    assert page.rows.line.title == second
    blank.press(Key.Key_Delete)
    rest(blank)
    assert titles(blank)[1:] == [first]
    assert kept(blank)["专项报表"].figures == ("wo_received",)


def test_a_row_gets_other_words_a_note_and_becomes_a_part(blank):
    page = blank.page
    page.rows.setFocus()
    blank.press(Key.Key_F2)
    assert blank.focus is page.words
    blank.bot.keyClicks(page.words, "Jcqy")
    page.note.setFocus()
    blank.bot.keyClicks(page.note, "A<b>&")
    blank.press(Key.Key_Return)
    assert blank.focus is page.rows
    page.part.click()
    rest(blank)
    row = kept(blank)["专项报表"].categories[0].rows[1]
    assert (row.title, row.note, row.part) == ("Jcqy", "A<b>&", True)
    assert "A<b>&" in printed(blank)


def test_a_category_divides_the_rows_and_gives_them_back(blank):
    page = blank.page
    page.rows.setCurrentIndex(page.rows.choices.index(1))
    page.buttons["加类别"].click()
    blank.settle()
    assert blank.focus is page.words
    rest(blank)
    assert [len(c.rows) for c in kept(blank)["专项报表"].categories] == [1, 1]
    page.rows.setFocus()
    blank.press(Key.Key_Delete)
    rest(blank)
    assert [len(c.rows) for c in kept(blank)["专项报表"].categories] == [2]


def test_columns_are_chosen(blank):
    actions = {a.text(): a for a in blank.page.columns.actions()}
    assert not actions["本期"].isEnabled()
    actions["任务数"].trigger()
    rest(blank)
    assert "同比 完成率 备注" in printed(blank)
    assert "target" not in kept(blank)["专项报表"].columns


def test_a_name_that_is_taken_is_said_beside_it_and_nothing_is_lost(blank):
    page = blank.page
    page.called.setText("monthly")
    page.called.editingFinished.emit()
    rest(blank)
    assert "已用过" in page.called_box._message.text()
    assert list(kept(blank)) == ["专项报表"]
    page.called.setText("工单专报")
    page.called.editingFinished.emit()
    rest(blank)
    assert list(kept(blank)) == ["工单专报"]
    assert page.called_box._message.text() == ""


def test_a_note_that_quotes_an_unknown_figure_is_said(blank):
    page = blank.page
    page.rows.setFocus()
    page.note.setFocus()
    blank.bot.keyClicks(page.note, "{wo_nothing}")
    rest(blank)
    assert "没有“wo_nothing”这个指标" in page.said.text()
    assert kept(blank)["专项报表"].categories[0].rows[1].note == ""


def test_a_deleted_table_comes_back_by_the_button_of_the_sentence(blank):
    said = []
    blank.app.operations.said.connect(said.append)
    blank.page.buttons["删除这份"].click()
    blank.settle()
    assert kept(blank) == {}
    words, back = next(s.act for s in said if s.act)
    assert words == "恢复"
    back()
    blank.settle()
    rest(blank)
    assert kept(blank)["专项报表"].figures == ("wo_received", "insp_visits")


def test_the_table_is_used_in_the_reports_and_they_lead_back(blank):
    blank.page.buttons["用它出报表"].click()
    blank.settle()
    page = blank.page
    assert blank.window.current == "reports"
    assert page.template == "专项报表"
    assert [line.id for line in page.made.report.figures] == ["wo_received", "insp_visits"]
    link = next(x for x in page.findChildren(Link) if x.text() == "编自己的报表")
    link.click()
    blank.settle()
    assert blank.window.current == "template"


def test_in_little_room_figures_are_chosen_in_the_place_of_the_rows(blank):
    page = blank.page
    page.ctx.theme.set_scale(2.0)
    blank.window.resize(1366, 768)
    blank.settle()
    assert (page.rows.isVisible(), page.centre.isVisible()) == (True, False)
    page.buttons["加指标"].click()
    blank.settle()
    assert blank.focus is page.pick.line
    assert (page.rows.isVisible(), page.pick.isVisible()) == (False, True)
    blank.press(Key.Key_Escape)
    assert blank.focus is page.rows
