"""The pages, one module each, with a ``PAGE`` at its end (see ``envdesk.gui``)."""

from __future__ import annotations

#: Name of each module here -> what the rail lights and whether the page is hidden: known without reading the module,
#: which is read when the page is opened first. A test compares with what the modules say.
PAGES: dict[str, tuple[str, bool]] = {
    "today": ("", False),
    "form": ("", False),
    "register": ("register:{group}", False),
    "subjects": ("subjects", False),
    "reports": ("", False),
    "workbook": ("reports", False),
    "template": ("reports", False),
    "issued": ("reports", False),
    "send": ("", False),
    "merge": ("", False),
    "settings": ("", False),
    "start": ("", True),
    "gallery": ("today", True),
}
