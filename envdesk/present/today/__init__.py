"""今日: what is due by urgency, this month in eight figures, coverage of the year, drafts, counters of the rail.

Separate readings, so that the list is there at once: :func:`due_list` and :func:`drafts` first, then the figures and
the coverage of :mod:`envdesk.present.today.month`, which the open file keeps until something they count is saved. That
module is not read here: what computes figures would keep the list waiting.
"""

from envdesk.present.today.due import GROUPS, DraftLine, DueList, Group, Line, counters, drafts, due_list

__all__ = ["GROUPS", "DraftLine", "DueList", "Group", "Line", "counters", "drafts", "due_list"]
