"""Printing: the dialog of the system, pages drawn at the printer's own resolution."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from envdesk.gui.reports import pdf
from envdesk.gui.reports.pdf import Paper

MOST_DPI = 300


class Printing:
    """Asks for a printer and draws pages on it; a test puts another function in the place of ``choose``."""

    def __init__(self) -> None:
        self.choose: Callable[[QPrinter, QWidget], bool] = _choose
        self.available: Callable[[], bool] = lambda: bool(QPrinterInfo.availablePrinterNames())

    def printer(self, paper: Paper, name: str, parent: QWidget) -> QPrinter | None:
        """Return the printer the user chose, set up for *paper*; None when he did not."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        width, height = paper.sizes[0]
        landscape = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(landscape)
        printer.setFullPage(True)
        printer.setDocName(name)
        printer.setCreator("EnvDesk")
        printer.setFromTo(1, paper.pages)
        return printer if self.choose(printer, parent) else None


def _choose(printer: QPrinter, parent: QWidget) -> bool:
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, max(printer.toPage(), 1))
    try:
        return dialog.exec() == QDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()


def draw(printer: QPrinter, paper: Paper, report: Callable[[int, int], object]) -> int:
    """Draw the chosen pages; on any thread. Returns how many.

    Args:
        printer: as chosen.
        paper: what to print.
        report: called with done, total between pages; may raise to stop.
    """
    first = printer.fromPage() or 1
    last = min(printer.toPage() or paper.pages, paper.pages)
    pages = range(first - 1, last)
    if not pages:
        return 0
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    try:
        for done, number in enumerate(pages):
            report(done, len(pages))
            if done:
                printer.newPage()
            box = QRectF(painter.viewport())
            dots = min(box.width(), paper.sizes[number][0] / 72 * MOST_DPI)
            picture = pdf.image(paper, number, round(dots))
            share = min(box.width() / picture.width(), box.height() / picture.height())
            wide, high = picture.width() * share, picture.height() * share
            painter.drawImage(QRectF((box.width() - wide) / 2, (box.height() - high) / 2, wide, high), picture)
    finally:
        painter.end()
    return len(pages)
