"""已出具的报表: all official papers, saved again byte for byte, and whose a 校验码 is."""

from __future__ import annotations

import pytest
from small_desk import Ctrl, Hands, Key, beside

from envdesk.desk import records, reports
from envdesk.gui.pages.issued import PAGE
from envdesk.present.given import GivenPaper

PAGES = {"today": beside("today")["today"], "issued": PAGE} | beside("form", "register", "reports")


@pytest.fixture
def office_file(small_file):
    return small_file


@pytest.fixture
def hands(running, qtbot):
    return Hands(running(PAGES), qtbot)


def give(hands, out):
    return hands.app.wait(lambda w: reports.report(w.desk, "2026-09", out)).value


def test_nothing_was_given_out_yet(hands):
    hands.back("issued")
    page = hands.page
    assert page.nothing.isVisible()
    assert not page.buttons["另存一份"].isEnabled()
    assert page.code.hasFocus()
    hands.press(Key.Key_Escape)
    assert hands.window.current == "reports"


def test_papers_are_listed_and_saved_again(hands, ask, tmp_path):
    made = [give(hands, tmp_path / f"月报{n}.{kind}") for n, kind in enumerate(("pdf", "xlsx"))]
    hands.back("issued")
    page = hands.page
    assert [page.model.row_at(n).id for n in range(2)] == [made[1]["number"], made[0]["number"]]
    ask.path = tmp_path / "再存"
    page.table.setFocus()
    hands.press(Key.Key_Down).press(Key.Key_Return)
    assert (tmp_path / "再存.pdf").read_bytes() == (tmp_path / "月报0.pdf").read_bytes()
    assert "逐字节相同" in hands.window.toast.text


def test_a_paper_without_a_code_says_so(hands):
    hands.back("issued")
    hands.page.show_papers(
        (GivenPaper("2026-0001", "2026年9月", "街道工作情况报告", "pdf", "", "2026-10-02 09:30", "李敏"),)
    )
    codes = next(n for n, c in enumerate(hands.page.model.columns) if c.title == "校验码")
    assert hands.page.model.row_at(0).cells[codes] == "—"


def test_a_code_is_told_by_whom_it_was_printed_and_whether_it_still_holds(hands, tmp_path):
    made = give(hands, tmp_path / "月报.pdf")
    hands.back("issued")
    page = hands.page
    page.code.setText(made["code"].lower().replace("-", " "))
    hands.press(Key.Key_Return)
    assert made["number"] in page.answer.text()
    assert "与现在的台账一致" in page.answer.text()
    assert page.answer.property("tone") == "green"
    order = {
        "source": "12345",
        "order_no": "新1",
        "received_at": "2026-09-08T09:00",
        "content": "噪声",
        "warnings": "accept",
    }
    assert not hands.app.wait(lambda w: records.add(w.desk, "work_order", [order])).value.refused
    hands.press(Key.Key_F, Ctrl).press(Key.Key_Return)
    assert "与现在的台账不同" in page.answer.text()
    assert page.answer.property("tone") == "amber"
    page.code.setText("AAAA-BBBB-CCCC")
    hands.press(Key.Key_Return)
    assert page.answer.property("tone") == "red"
    assert page.code.hasFocus()
