"""Offline help in a window of its own: F1 opens the page of what is on the screen.

Holds: the window, and where F1 leads.
May import: envdesk.present and below, envdesk.gui.
"""
