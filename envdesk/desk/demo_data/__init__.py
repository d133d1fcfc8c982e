"""An invented office: word lists and generators, one module per noun.

Names, firms, addresses, codes and telephone numbers are invented; the shape of the work follows domain.md §1 (report 004).
"""
