"""The form view: editors by field type, sections, checklist, panes. The page is :mod:`envdesk.gui.pages.form`.

A new field type = one editor family module with :func:`envdesk.gui.form.editor.editor_for` above its class; nothing
else knows types. Editors know their field and what is typed, never the session: the view carries values between them.
"""
