"""A longer text to read ends with a whole line; what fits needs no bar."""

from __future__ import annotations

import pytest

from envdesk.gui.whole_lines import WholeLines


@pytest.mark.parametrize("high", range(60, 130, 7))
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_no_line_is_cut_and_what_fits_has_no_bar(qtbot, high, count):
    text = WholeLines()
    qtbot.addWidget(text)
    text.setPlainText("\n".join("字" for _line in range(count)))
    text.resize(300, high)
    text.show()
    line = round(text.document().begin().layout().lineAt(0).height())
    margin = round(text.document().documentMargin())
    fits = count * line + 2 * margin < text.contentsRect().height()
    assert (text.verticalScrollBar().maximum() == 0) == fits
    assert fits or (text.viewport().height() - margin) % line == 0
    text.setPlainText("字")
    assert text.verticalScrollBar().maximum() == 0, "it is asked again when the text changes"
