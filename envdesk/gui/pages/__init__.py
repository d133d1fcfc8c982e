"""The pages, one module each, with a ``PAGE`` at its end (see ``envdesk.gui``)."""
