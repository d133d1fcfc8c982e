"""Parts of the page 报表: choosing, the paper, where figures come from, reconciliation, changes, printing."""
