"""一企一档: the parts of the page that shows everything about one subject."""
