"""Parts of the page 今日: the list by urgency, the month's figures, coverage, drafts."""
