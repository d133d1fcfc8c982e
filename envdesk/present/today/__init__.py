"""今日: what is due by urgency, this month in eight figures, coverage of the year, drafts, counters of the rail.

Separate readings, so that the list is there at once: :func:`due_list` and :func:`drafts` first, then :func:`figures`
and :func:`coverage`, whose figures the open file keeps until something they count is saved.
"""

from envdesk.present.today.due import GROUPS, DraftLine, DueList, Group, Line, counters, drafts, due_list
from envdesk.present.today.month import FIGURES, Bar, Coverage, MonthFigure, MonthFigures, coverage, figures

__all__ = [
    "FIGURES", "GROUPS", "Bar", "Coverage", "DraftLine", "DueList", "Group", "Line", "MonthFigure",
    "MonthFigures", "counters", "coverage", "drafts", "due_list", "figures",
]  # fmt: skip
