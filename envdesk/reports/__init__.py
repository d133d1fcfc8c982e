"""Papers: a neutral document composed from figures or a record, and its renderers.

May import: envdesk.figures and everything below it. Nothing here is imported at start-up but this line: reportlab costs
0.2 s and is loaded by the modules that draw (``rl``, ``fonts``, ``canvas``, ``pdf``), never by those that compose
(``document``, ``monthly``, ``sheet``, ``template``).
"""
