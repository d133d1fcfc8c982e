"""报表: papers given out: numbered, kept, saved again, with their records; a sealed month; figures a rule doubts."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from reports_desk import hands, office_file  # noqa: F401 - fixtures
from small_desk import Ctrl, Key, words_of

from envdesk.desk import seals
from envdesk.figures.finding import Finding
from envdesk.gui import tokens
from envdesk.gui.reports.given import NAME, TITLE, GivenMenu
from envdesk.present.given import GivenOut


def to_file(page, out):
    """Print into a PDF file instead of a printer."""

    def choose(printer, _parent):
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(out))
        return True

    page.verbs.printing.choose, page.verbs.printing.available = choose, lambda: True


def test_a_long_title_and_a_long_name_leave_number_kind_and_day_to_be_read(theme, qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    menu = GivenMenu(theme, lambda _paper: None, host)
    menu.show_papers(
        [
            GivenOut("2026-0012", "超长标题" * 40, "pdf", "10月3日", "欧阳" * 25),
            GivenOut("2026-0011", "月报 & 附", "docx", "10月2日", "李敏"),
        ]
    )
    long, short = (line.text() for line in menu.actions())
    number, title, kind, day, name = long.split(" · ")
    assert (number, kind, day) == ("2026-0012", "PDF", "10月3日")
    assert title.startswith("超长")
    assert name.startswith("欧阳")
    for words, room in ((title, TITLE), (name, NAME)):
        assert "…" in words
        assert theme.metrics().horizontalAdvance(words) <= theme.px(room)
    assert short == "2026-0011 · 月报 && 附 · DOCX · 10月2日 · 李敏"


def test_an_official_print_is_numbered_kept_and_saved_again(hands, tmp_path, ask):
    page = hands.page
    assert [a.isEnabled() for a in page.given.actions()] == [False]
    to_file(page, tmp_path / "纸.pdf")
    assert page.made.report.computed.warned
    hands.press(Key.Key_P, Ctrl)  # there are remarks, and the user wants to look at them first
    hands.settle()
    assert "勾稽提示" in ask.asked[-1].text
    assert not (tmp_path / "纸.pdf").exists()
    assert [a.isEnabled() for a in page.given.actions()] == [False]
    ask.reason = ""
    hands.press(Key.Key_P, Ctrl)
    hands.settle()
    assert (tmp_path / "纸.pdf").is_file()
    (given,) = page.given.actions()
    number = given.text().split(" · ")[0]
    assert number.startswith("2026-")
    ask.path = tmp_path / "再.pdf"
    given.trigger()
    hands.settle()
    assert f"出具编号：{number}" in words_of(ask.path.read_bytes())
    page.verbs.print_it(draft=True)
    hands.settle()
    assert len(page.given.actions()) == 1  # a draft is no paper


def test_the_records_behind_the_figures_go_along_when_ticked(hands, tmp_path, ask):
    page = hands.page
    ask.path = tmp_path / "月报.pdf"
    page.with_evidence.trigger()
    hands.press(Key.Key_S, Ctrl)
    hands.settle()
    assert "指标来源" in words_of(ask.path.read_bytes())
    assert "出具编号" in hands.window.toast.text


def test_a_sealed_month_prints_although_a_rule_fails_now(hands, monkeypatch):
    hands.app.operations.do(lambda w: seals.seal(w.desk, "2026-09"))
    hands.settle()
    found = Finding("R1", "block", "fail", "有工单没有编号，请补上。")
    monkeypatch.setattr("envdesk.desk.reports.reconcile", lambda _calc: [found])
    page = hands.page
    page.again()
    hands.settle()
    assert not page.made.draft
    assert page.buttons["打印"].text() == "打印"
    assert "校验码" in words_of(page.made.paper.data)
    assert page.rules.findChildren(type(page.reasons.title))


def test_the_column_that_says_what_counts_is_shown_where_it_says_something(hands):
    page, view = hands.page, hands.page.sources.records.main
    page.show_figure("wo_rate")
    hands.settle()
    assert not view.isColumnHidden(3)
    page.show_figure("wo_received")
    hands.settle()
    assert page.sources.evidence.rows
    assert not any(r.words for r in page.sources.evidence.rows)
    assert view.isColumnHidden(3)


# ---- doubts --------------------------------------------------------------------------------------------------------
def dashed(page, figure):
    """How many points of the upper edge of a figure's cell have the colour of doubt."""
    page.paper.pick(figure)
    page.paper.pick("")  # in sight, and not marked
    image = page.paper.grab().toImage()
    box = page.paper.figure_box(figure).toRect().adjusted(1, 1, -1, -1)
    amber = QColor(tokens.LIGHT.amber)
    return sum(image.pixelColor(x, box.top()) == amber for x in range(box.left(), box.right()))


def test_a_figure_that_a_rule_doubts_has_a_dashed_frame_on_the_paper(hands, monkeypatch):
    page = hands.page
    assert dashed(page, "wo_received") == 0
    found = Finding("R4", "warn", "fail", "收到比办结少。", (), ("wo_received", "gone"))
    monkeypatch.setattr("envdesk.desk.reports.reconcile", lambda _calc: [found])
    hands.press(Key.Key_F5)
    assert page.paper.warned == {"wo_received", "gone"}
    assert 4 < dashed(page, "wo_received") < page.paper.figure_box("wo_received").width()
