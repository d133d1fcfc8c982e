"""Figures: periods, evidence queries, comparison and rounding, reconciliation, seal.

May import: envdesk.store and below.
"""
