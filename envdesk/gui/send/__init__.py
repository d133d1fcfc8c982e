"""Parts of the page 上报: a step as a card, what the rules say, the check of a received file."""
