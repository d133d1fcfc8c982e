"""What a page knows, without Qt: form session, list query, today, report preview. Modules are independent of each other.

May import: envdesk.desk and below.
"""
