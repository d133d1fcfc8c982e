"""The foot of a list: its numbers add up in any room."""

from __future__ import annotations

from envdesk.desk.words import Chip
from envdesk.gui.register.foot import Totals
from envdesk.present.list_query import Total

COUNTS = {"待签收": 1, "办理中": 13, "已办结": 221, "已合并": 17, "已退回": 4}


def test_states_without_room_are_one_sum(theme, show):
    totals = Totals(theme)
    totals.show_totals([Total(Chip(word), count, word) for word, count in COUNTS.items()])
    show(totals)
    totals.resize(900, 32)
    assert totals.texts == [f"{word} {count}" for word, count in COUNTS.items()]
    assert totals.toolTip() == ""
    whole = totals._width(totals.texts)
    totals.resize(whole - 1, 32)
    assert totals.texts == ["待签收 1", "办理中 13", "已办结 221", "已合并 17", "其余 4"]
    for wide in range(whole, 120, -7):
        totals.resize(wide, 32)
        assert sum(int(text.split()[1]) for text in totals.texts) == 256
        assert totals._width(totals.texts) <= wide
    assert totals.texts == ["待签收 1", "其余 255"]
    assert totals.toolTip() == "办理中 13　已办结 221　已合并 17　已退回 4"
