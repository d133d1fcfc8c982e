"""The office's database file: open and lock, schema from forms, records, history, undo, seals, calendar, backup.

May import: envdesk.formdef and below.
"""
