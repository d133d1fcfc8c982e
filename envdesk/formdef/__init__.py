"""Form definitions as data: field types, TOML loader, SQL expressions, lint, the compiled :class:`Form`.

May import: envdesk.sql, envdesk.errors, envdesk.i18n, envdesk.paths, envdesk.clock.
"""
