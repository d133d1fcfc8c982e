"""An invented office: word lists and generators, one module per noun.

Names, firms, addresses, codes and telephone numbers are invented; the shape of the work is that of a real year report.
"""
