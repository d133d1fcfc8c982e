"""What goes in and out of the office: Excel and CSV templates, imports and lists, the package for the district.

May import: envdesk.figures and everything below it.
"""
