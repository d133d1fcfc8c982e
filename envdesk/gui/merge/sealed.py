"""A sealed period stands in the way of a merge or a decision: ask for the reason and do it again with that."""

from __future__ import annotations

from collections.abc import Callable

from envdesk.errors import Refused
from envdesk.gui.dialogs import Question
from envdesk.gui.page import Context


def asked(ctx: Context, error: Refused, why: str, question: Question, again: Callable[[str], object]) -> bool:
    """True when the refusal was about a sealed period and nobody had given a reason yet: it has been asked for."""
    if error.code != "sealed" or why:
        return False
    reason = ctx.ask.act(question)
    if reason is not None:
        again(reason)
    return True
