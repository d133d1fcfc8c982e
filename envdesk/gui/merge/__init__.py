"""Parts of the page 合并台: the rows of the streets, the heat table, the panels at its right."""
