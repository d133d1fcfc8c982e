"""The next step of what is due: the words on its button and the section of the form where it is entered."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.formdef.model import Form
from envdesk.i18n import N_, _

#: Due rule → (words, section).
_STEPS = {
    "work_order": (N_("填办理结果"), "close"),
    "work_order_sign": (N_("签收"), "sign"),
    "rectification": (N_("登记复查"), "verify"),
    "supervision_recheck": (N_("登记复查"), ""),
    "supervision_case": (N_("填整改结果"), ""),
    "decision": (N_("登记决定"), "decide"),
    "serve": (N_("登记送达"), "carry"),
    "pay": (N_("登记缴款"), "carry"),
    "trace": (N_("登记溯源"), ""),
    "ac_change": (N_("登记检查"), ""),
    "gas_test": (N_("登记检查"), ""),
    "sanluanwu": (N_("登记整治"), ""),
    "sanluanwu_rebound": (N_("登记处理"), ""),
    "declaration": (N_("登记申报"), ""),
}
#: Field that a step is about when its section has no id of its own.
_FIELDS = {
    "supervision_recheck": "rechecks", "supervision_case": "closed_at", "trace": "outfalls", "sanluanwu": "done_date",
    "sanluanwu_rebound": "rebounds", "declaration": "declared_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: button words, section to open ("" = the form's first).

    Attributes:
        new: a new sheet about the same subject instead of the record itself.
    """

    words: str
    section: str = ""
    new: bool = False


def step_of(form: Form, due: str) -> Step:
    """Return the step that answers a due rule; any other form is simply opened."""
    words, section = _STEPS.get(due, (N_("打开"), ""))
    key = _FIELDS.get(due, "")
    if not section and key and form.has(key):
        section = form.field(key).section
    return Step(_(words), section if any(s.id == section for s in form.sections) else "", "visit" in form.parents)
