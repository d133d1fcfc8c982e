"""What the page 报表 does: print, save, seal, open a seal again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter

from envdesk.figures.finding import Finding
from envdesk.gui.dialogs import Question
from envdesk.gui.reports import pdf, printing
from envdesk.gui.reports.pdf import Paper
from envdesk.gui.reports.printing import Printing
from envdesk.gui.tasks import Work
from envdesk.i18n import N_, _, plural
from envdesk.present import given, own_words, report_preview as preview

if TYPE_CHECKING:
    from envdesk.gui.pages.reports import Made, ReportsPage
    from envdesk.present.given import GivenOut
    from envdesk.present.report_preview import Report

#: Kinds of files a report can be saved as: in the list of the dialog, and over it.
WORDS = {".pdf": "PDF", ".docx": N_("Word 文档"), ".xlsx": N_("Excel 工作簿"), ".txt": N_("文字")}
SAVE_AS = {".pdf": N_("另存 PDF"), ".docx": N_("另存 Word"), ".xlsx": N_("另存 Excel")}
REMARKS = 4
"""Remarks of the rules that are said before a print; all of them stand in the tab."""
REASON = 5
"""Least number of characters of the reason for opening a sealed month."""


class Verbs:
    """Verbs of one page.

    Attributes:
        printing: dialog and printer.
    """

    def __init__(self, page: ReportsPage) -> None:
        self._page = page
        self._ctx = page.ctx
        self.printing = Printing()

    @property
    def _made(self) -> Made | None:
        return self._page.made

    def _title(self, *, draft: bool) -> str:
        made = self._made
        if made is None:
            return ""
        story = made.report.story
        if story is not None:  # a letter has a title of its own
            return story.document.title + (_("（草稿）") if draft else "")
        title = made.report.title.replace(" · ", "")
        return f"{self._ctx.office}{title}" + (_("（草稿）") if draft else "")

    # ---- printing ------------------------------------------------------------------------------------------------
    def print_it(self, *, draft: bool = False) -> None:
        """打印, 打印草稿."""
        made = self._made
        if made is None:
            return
        if not self.printing.available():
            self._ctx.operations.tell(
                _("这台电脑没有装打印机。可以另存 PDF，到能打印的电脑上打印。"), act=(_("另存 PDF"), self.save)
            )
            return
        name = self._title(draft=draft or made.draft)
        report = self._report(made)
        if not draft and not made.draft:
            self._official(made, report, name)
            return
        if made.draft and report is made.report:
            self._to_printer(made.paper, name)
            return
        self._ctx.operations.read(
            lambda w: pdf.opened(preview.paper(w.desk, report, draft=True).data),
            lambda paper: self._to_printer(paper, name),
            owner=self._page,
        )

    def _report(self, made: Made) -> Report:
        """The report, with the records behind its figures when that is ticked."""
        on = self._page.with_evidence.isChecked() and not made.story
        return given.with_evidence(made.report, on=True) if on else made.report

    def _official(self, made: Made, report: Report, name: str) -> None:
        """Give the paper out with a number, then print that very file; open remarks of the rules are acknowledged first."""
        if (
            report.computed.warned
            and self._ctx.ask.act(remarks(report.computed.warned, _("打印正式报表"), _("打印"))) is None
        ):
            return
        printer = self.printing.printer(made.paper, name, self._page)
        if printer is None:
            return

        def done(value: Any) -> None:
            self._draw(printer, pdf.opened(value["given"].data), name)

        self._ctx.operations.do(
            lambda w: given.give_out(w.desk, report), said=_numbered, done=done, undo=False, title=_("打印"),
            owner=self._page,
        )  # fmt: skip

    def save_again(self, paper: GivenOut) -> None:
        """Save a paper that was given out once more."""
        name = f"{paper.number}.{paper.format}"
        kinds = f"{paper.format.upper()} (*.{paper.format})"
        out = self._ctx.ask.save_file(_("另存已出具的报表"), name, kinds)
        if out is None:
            return
        out = out if out.suffix.lower() == f".{paper.format}" else out.with_name(f"{out.name}.{paper.format}")
        self._ctx.operations.do(
            lambda w: given.save_again(w.desk, paper.number, out),
            said=_("已另存为 {name}，与出具时逐字节相同。").format(name=out.name), undo=False, title=_("另存"),
            owner=self._page,
        )  # fmt: skip

    def _to_printer(self, paper: Paper, name: str) -> None:
        printer = self.printing.printer(paper, name, self._page)
        if printer is not None:
            self._draw(printer, paper, name)

    def _draw(self, printer: QPrinter, paper: Paper, name: str) -> None:
        def work(w: Work) -> int:
            words = _("打印 {name}").format(name=name)
            return printing.draw(printer, paper, lambda done, total: w.report(done, total, words))

        def done(count: int) -> None:
            tell = self._ctx.operations.tell
            if count:
                tell(plural("已交给打印机，共 {count} 页。", count), "done")
            else:
                tell(_("打印机没有接收。看看它是否开机、有没有纸，再打印一次。"))

        self._ctx.operations.read(work, done, on="pool", title=_("打印"), owner=self._page)

    # ---- saving --------------------------------------------------------------------------------------------------
    def save(self, *, draft: bool = False, kind: str = ".pdf") -> None:
        """另存 PDF, 另存 Word, 另存 Excel, 另存草稿; the name typed in the dialog has the last word on the kind."""
        made = self._made
        if made is None:
            return
        draft = draft or made.draft
        name = re.sub(r'[\\/:*?"<>|\s]', "", self._title(draft=draft))
        known = (".pdf", ".docx", ".xlsx", ".txt") if made.story else (".pdf", ".docx", ".xlsx")
        if kind not in known:
            return
        kinds = (f"{_(WORDS[k])} (*{k})" for k in sorted(known, key=lambda k: k != kind))
        title = _("另存为") if made.story else _(SAVE_AS[kind])
        out = self._ctx.ask.save_file(title, f"{name}{kind}", ";;".join(kinds))
        if out is None:
            return
        out = out if out.suffix.lower() in known else out.with_name(f"{out.name}{kind}")
        report = self._report(made)

        def said(value: Any) -> str:
            return _("已另存为 {name}。").format(name=out.name) + (_numbered(value) if value.get("number") else "")

        self._ctx.operations.do(
            lambda w: preview.save(w.desk, report, out, draft=draft), said=said, undo=False, title=title,
            owner=self._page,
        )  # fmt: skip

    # ---- text ----------------------------------------------------------------------------------------------------
    def copy_text(self) -> None:
        """复制文字: the whole report as plain text, to be pasted into a chat group."""
        made = self._made
        if made is None or not made.story:
            return
        report = made.report

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._ctx.operations.tell(plural("已复制文字，共 {count} 个字。", len("".join(text.split()))), "done")

        self._ctx.operations.read(lambda w: own_words.text(w.desk, report), done, owner=self._page)

    def keep_words(self, template: str, period: str, slot: str, text: str) -> None:
        """Keep the user's own words with the period; the report is made again with them."""
        self._ctx.operations.do(
            lambda w: own_words.save(w.desk, template, period, slot, text), said=_("已保存。"), undo=False,
            owner=self._page,
        )  # fmt: skip

    # ---- sealing -------------------------------------------------------------------------------------------------
    def seal(self) -> None:
        """月结."""
        made = self._made
        if made is None or made.draft or made.report.sealed:
            return
        report = made.report
        question = Question(
            _("月结 {period}").format(period=report.period.title), _consequence(report), act=_("月结"), safe=_("先不月结"),
            danger=False,
        )  # fmt: skip
        if self._ctx.ask.act(question) is None:
            return
        self._ctx.operations.do(
            lambda w: preview.seal(w.desk, report),
            said=_("{period}已月结。").format(period=report.period.title), undo=False, title=_("月结"),
            owner=self._page,
        )  # fmt: skip

    def unseal(self) -> None:
        """解除月结, with a reason."""
        made = self._made
        if made is None or not made.report.sealed:
            return
        report = made.report
        question = Question(
            _("解除 {period} 的月结").format(period=report.period.title),
            _(
                "解除后这个月的数可以改动。已打印的报表作废，重新月结时生成新的校验码。这件事会记入操作记录。"
            ),
            act=_("解除月结"), safe=_("保持月结"), leave=_("不解除"), reason=REASON,
        )  # fmt: skip
        why = self._ctx.ask.act(question)
        if why is None:
            return
        self._ctx.operations.do(
            lambda w: preview.unseal(w.desk, report, why),
            said=_("{period}的月结已解除。").format(period=report.period.title), undo=False, title=_("解除月结"),
            owner=self._page,
        )  # fmt: skip


def remarks(warned: Sequence[Finding], title: str, act: str) -> Question:
    """Asks whether the remarks of the rules were looked at before a paper is given out."""
    text = plural("还有 {count} 项勾稽提示，{act}表示已经核对过：", len(warned), act=title)
    said = "\n".join(f"{f.rule}：{f.message}" for f in warned[:REMARKS])
    return Question(title, f"{text}\n{said}", act=act, safe=_("先去核对"), danger=False)


def _numbered(value: Any) -> str:
    """The number of a paper that was given out, for the toast."""
    return _("出具编号 {number}，原件已存在台账里。").format(number=value["number"])


def _consequence(report: Report) -> str:
    text = _("月结后这个月的数固定下来，报表有校验码。以后补录、更正这个月的记录要写原因，并列入“变化”。")
    if report.rules.warn:
        text += plural("还有 {count} 项勾稽提示，月结表示已经核对过。", len(report.rules.warn))
    return text
