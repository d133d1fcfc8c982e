"""The verbs of the office: one module per noun, short functions, no SQL and no formatting of their own.

May import: envdesk.exchange, envdesk.reports and below.
"""
