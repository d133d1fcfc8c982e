"""The merge desk of a district: its streets and what came of their files, the heat table, trials, conflicts, papers.

Everything here runs on the database thread and knows no widget. A :class:`Trial` is a file that was looked at and not
merged; the page keeps them, the file does not.
"""

from envdesk.present.merge_desk.clash import Clash, FieldDiff, Piece, Side, affected, clashes, decide, marked
from envdesk.present.merge_desk.details import Details, FileDetails, FormLine, details
from envdesk.present.merge_desk.heat import Heat, HeatCell, HeatRow, heat
from envdesk.present.merge_desk.papers import board_name, heat_notes, print_board, receipt_name, write_receipt
from envdesk.present.merge_desk.streets import (
    MergeDesk,
    Numbers,
    Street,
    last_month,
    read,
    urging,
    waiting,
)
from envdesk.present.merge_desk.trial import Trial, advice, take, trial

__all__ = [
    "Clash", "Details", "FieldDiff", "FileDetails", "FormLine", "Heat", "HeatCell", "HeatRow", "MergeDesk", "Numbers",
    "Piece", "Side", "Street", "Trial", "advice", "affected", "board_name", "clashes", "decide", "details", "heat",
    "heat_notes", "last_month", "marked", "print_board", "read", "receipt_name", "take", "trial", "urging", "waiting",
    "write_receipt",
]  # fmt: skip
