"""上级表格: a superior's workbook on the screen, cell by cell."""
