"""EnvDesk: an offline desktop ledger for the environmental work of a street office.

Holds: the version, nothing else.
May import: nothing.
"""

__version__ = "0.1.0.dev0"
